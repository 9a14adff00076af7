ARG GLOBAL=1
FROM scratch AS base
ENV FIRST=1 SECOND=$FIRST
COPY a$GLOBAL b${TARGETARCH} $THIRD /x/
ARG A=1 B=$A C=$D D=2
LABEL "name"="$nmae" other='$quoted' escaped=\$escaped
EXPOSE $PORT
USER ${USR#x}
VOLUME /$DATA
WORKDIR /${FIRTS}
STOPSIGNAL ${SIGNAL%%x}
RUN --mount=type=cache,target=/c/$CACHE,id=$CACHE_ID echo $ANYTHING
COPY --chown=$OWNER --chmod=${MODE} <<EOF <<"QUOTED" /y/
text '$IN_DOCUMENT' \$escaped
EOF
$not_here
QUOTED
ADD --checksum=$SUM file /y/
ENV LATER=${LATER:-${NESTED}}
FROM base
COPY $A $LATER $GLOBAL /
