# check=skipped=A;error=perhaps
FROM scratch
