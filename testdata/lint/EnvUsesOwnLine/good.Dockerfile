FROM alpine:3.20
ENV ROOT=/srv PATH=$PATH:/srv
ENV A=$ROOT ROOT=/other
ENV B='$A' A=1 C='$A'
