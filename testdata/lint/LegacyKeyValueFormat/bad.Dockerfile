FROM alpine:3.20
ENV LANG C.UTF-8
ENV A b=c d=e
LABEL version 1.0
