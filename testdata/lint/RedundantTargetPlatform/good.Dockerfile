FROM alpine:3.20
FROM --platform=$BUILDPLATFORM alpine:3.20
FROM --platform=$TARGETOS/$TARGETARCH alpine:3.20
FROM --platform=linux/amd64 alpine:3.20
