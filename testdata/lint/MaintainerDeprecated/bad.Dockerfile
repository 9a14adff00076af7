FROM alpine:3.20
maintainer "Jane <jane@example.com>"
