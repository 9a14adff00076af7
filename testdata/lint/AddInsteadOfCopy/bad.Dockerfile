FROM alpine:3.20
ADD settings.json /etc/
ADD --chown=app . /app/
ADD <<EOF /etc/motd
hello
EOF
