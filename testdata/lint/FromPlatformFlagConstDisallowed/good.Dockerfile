FROM --platform=$BUILDPLATFORM alpine:3.20 AS build
FROM --platform=linux/arm64 alpine:3.20 AS build-arm64
FROM --platform=linux/${TARGETARCH} alpine:3.20 AS other
FROM --platform=linux/s390x alpine:3.20 AS Linux-tools
FROM alpine:3.20
