FROM alpine:3.20 AS build
FROM alpine:3.20 AS build2
FROM scratch
FROM scratch
