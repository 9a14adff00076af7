# what to fetch
ARG VERSION=1

# base is the base
# of everything
FROM alpine:3.20 AS base
# one of two
ARG A=1 B=2
#
ARG C
