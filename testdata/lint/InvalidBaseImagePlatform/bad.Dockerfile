ARG NAME=tools
FROM example.com/tools:1
FROM example.com/$NAME:1 AS again
FROM --platform=linux/s390x example.com/base:1
