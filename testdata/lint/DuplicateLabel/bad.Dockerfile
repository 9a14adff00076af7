FROM alpine:3.20
LABEL a=1 b=2 a=3
LABEL "b"=4 c=5
LABEL c 6
