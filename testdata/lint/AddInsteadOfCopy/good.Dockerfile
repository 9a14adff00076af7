FROM alpine:3.20
ADD rootfs.tar.gz /
ADD APP.TGZ notes.txt /
ADD https://example.com/a.txt /
ADD git@example.com:a/b.git /b/
ADD *.txt /
ADD --unpack=true archive /
ADD $UNKNOWN/file /
COPY settings.json /etc/
