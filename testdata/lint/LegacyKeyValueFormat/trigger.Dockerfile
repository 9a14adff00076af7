FROM alpine:3.20 AS base
ONBUILD ENV A b
