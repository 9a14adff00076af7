FROM alpine:3.20 AS one
from alpine:3.20 as two
From alpine:3.20 aS three
FROM as
