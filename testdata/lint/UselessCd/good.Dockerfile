FROM alpine:3.20
RUN cd /srv && make
RUN cd /srv;make
RUN (cd /srv)
RUN cd
RUN cdrom /x
RUN ["cd", "/srv"]
WORKDIR /srv
