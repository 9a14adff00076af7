FROM alpine:3.20 AS build-1.x_y
FROM Alpine
