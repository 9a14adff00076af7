FROM alpine:3.20 AS build
FROM alpine:3.20 AS Build
FROM scratch AS other
FROM scratch AS build
