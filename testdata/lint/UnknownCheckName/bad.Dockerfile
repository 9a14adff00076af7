# check=skip=JsonArgsRecommended,StageNameCasing;experimental=InvalidDefinitionDescripton
FROM alpine:3.20
# check=skip=UndefinedVars
COPY $A /
