# check=skip=A,B;error=false;experimental=C
FROM scratch
