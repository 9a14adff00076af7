FROM golang:1.23
RUN go build -o /app .
FROM alpine:3.20
FROM scratch
COPY --from=1 /app /app
