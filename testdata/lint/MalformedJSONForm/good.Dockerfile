FROM alpine:3.20
RUN ["apk", "add"]
RUN [ "$A" = "b" ]
RUN [ -f /x ] || exit 1
RUN [[ "$A" == b ]]
CMD ["a", "b"]
VOLUME ["/data"]
COPY [a-z]* /d/
COPY ["a b", "/c"]
