FROM scratch AS base
ARG FOLDER=secret
ARG OTHER
COPY secret/a.txt plain.txt /
COPY ./secret/../secret/a.txt ${FOLDER}/b.txt /c/
COPY secret/*.txt /d/
COPY ["secret list", "/"]
COPY secret* /e/
ADD /secret /f/
