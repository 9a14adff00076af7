FROM alpine:3.20 AS other
USER root
FROM other
USER 0
USER app
