FROM alpine:3.20
ENV ROOT=/srv DATA=$ROOT/data LOG=${ROOT:-/x}/log
