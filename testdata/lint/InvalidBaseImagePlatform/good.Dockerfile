FROM --platform=linux/arm64 example.com/tools:1 AS tools-arm64
FROM tools-arm64
FROM example.com/base:1
FROM scratch
FROM example.com/nobody-knows:1
