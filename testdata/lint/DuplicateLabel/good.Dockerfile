FROM alpine:3.20 AS one
LABEL a=1 A=2 a.b=3
LABEL $X=1
LABEL $X=2
FROM one
LABEL a=4
