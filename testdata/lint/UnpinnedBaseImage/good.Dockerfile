FROM alpine:3.20 AS base
FROM base
FROM scratch
FROM alpine:latest@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
FROM alpine:$UNDECLARED
