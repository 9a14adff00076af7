FROM alpine:3.20
# check=skip=NoEmptyContinuation
RUN a \

    b
RUN a \

    c
