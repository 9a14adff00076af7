# check=skip=JSONArgsRecommended,SomethingOfAnotherBuilder;experimental=all
FROM alpine:3.20
# check=skip=UndefinedVar
COPY $A /
# check=skip=all
COPY $A /
