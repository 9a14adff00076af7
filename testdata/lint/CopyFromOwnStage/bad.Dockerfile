FROM alpine:3.20 AS base
COPY --from=Base /a /b
RUN --mount=from=base,target=/x true
FROM scratch
COPY --from=1 /a /b
