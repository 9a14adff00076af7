FROM alpine:3.20 AS one
CMD echo hello
ENTRYPOINT ['/bin/server']
FROM alpine:3.20 AS two
CMD before
SHELL ["/bin/bash", "-c"]
CMD after
FROM one
CMD again
