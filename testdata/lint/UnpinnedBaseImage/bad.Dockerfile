ARG NAME=example.com:5000/base
FROM alpine
FROM alpine:latest AS two
FROM $NAME AS three
FROM two
