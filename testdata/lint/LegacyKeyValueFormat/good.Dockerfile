FROM alpine:3.20
ENV LANG=C.UTF-8 A="b c"
LABEL version=1.0
