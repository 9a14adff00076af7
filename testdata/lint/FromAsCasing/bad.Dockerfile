FROM alpine:3.20 as one
from alpine:3.20 AS two
from alpine:3.20 As three
FROM --platform=linux/amd64 \
    alpine:3.20 \
    as amd64
