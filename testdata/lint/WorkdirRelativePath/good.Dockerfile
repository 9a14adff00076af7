FROM alpine:3.20 AS one
WORKDIR /srv
WORKDIR app
FROM one
WORKDIR more
FROM example.com/nobody-knows:1
WORKDIR $HOME
FROM scratch
WORKDIR "/srv"
