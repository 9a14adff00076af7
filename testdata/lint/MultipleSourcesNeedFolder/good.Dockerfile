FROM alpine:3.20
WORKDIR /w
COPY a b /c/
COPY a b .
COPY a b ./
COPY a b /c/.
COPY a b ..
COPY a* /c
COPY a b $UNKNOWN
COPY --from=x a /c
