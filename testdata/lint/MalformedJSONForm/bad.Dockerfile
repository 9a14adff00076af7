FROM alpine:3.20
RUN ['apk', 'add']
CMD ["a", "b",]
ENTRYPOINT ["C:\app.exe"]
HEALTHCHECK CMD [ 'a', 'b' ]
VOLUME ['/data']
COPY ["a", "b"] /c
CMD [“a”]
