FROM alpine:3.20 AS other
USER app
FROM alpine:3.20
ARG WHO=root
USER app
USER $WHO:wheel
