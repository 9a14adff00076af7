FROM golang:1.23
FROM alpine:3.20 AS named
FROM alpine:3.21
FROM scratch
COPY --from=0 /app /app
RUN --mount=from=2,target=/x true
