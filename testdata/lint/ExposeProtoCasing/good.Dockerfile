FROM scratch
EXPOSE 80 53/udp 54/sctp
