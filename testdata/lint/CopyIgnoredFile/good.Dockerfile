FROM scratch AS base
# check=skip=CopyIgnoredFile
COPY secret /first
FROM scratch
COPY --from=base /secret /
ADD https://example.com/secret /
COPY . /
COPY */secret /
COPY s* /
COPY <<secret /
hidden nowhere
secret
FROM example.com/nobody-knows:1
COPY $UNKNOWN/secret /
