FROM alpine:3.20 AS base
COPY --from=other /a /b
FROM scratch AS other
COPY --from=base /a /b
COPY --from=0 /a /b
RUN --mount=from=base,target=/x true
