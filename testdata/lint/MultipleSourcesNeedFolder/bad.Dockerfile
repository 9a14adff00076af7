FROM alpine:3.20
COPY a b /c
ADD a.tar b.tar /d/e
COPY <<ONE <<TWO /f
one
ONE
two
TWO
COPY /c /d /c
