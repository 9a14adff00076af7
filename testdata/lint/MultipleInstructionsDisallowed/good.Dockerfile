FROM alpine:3.20 AS one
CMD ["a"]
ENTRYPOINT ["a"]
HEALTHCHECK CMD ["a"]
ONBUILD CMD ["b"]
FROM one
CMD ["b"]
