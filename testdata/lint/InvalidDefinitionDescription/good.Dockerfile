# VERSION what to fetch
ARG VERSION=1

# first line about nothing
# base is the base of everything
FROM alpine:3.20 AS base
# B is one of two
ARG A=1 B=2
# check=skip=UndefinedVar
ARG C
# about nothing in particular

ARG D
# a stage without a name
FROM scratch
# about the command
CMD ["a"]
