FROM alpine:3.20 AS one
SHELL ["/bin/bash", "-c"]
CMD echo hello
FROM one AS two
ENTRYPOINT start
FROM two
CMD more
FROM alpine:3.20 AS triggers
ONBUILD SHELL ["/bin/bash", "-c"]
CMD ["a"]
FROM triggers
CMD more
FROM example.com/shell:1
CMD more
FROM alpine:3.20
RUN echo hello
HEALTHCHECK CMD echo hello
CMD []
