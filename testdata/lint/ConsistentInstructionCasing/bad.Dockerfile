FROM alpine:3.20
run true
Copy a /a
WORKDIR /srv
ONBUILD run true
onbuild RUN true
