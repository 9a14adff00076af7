arg VERSION=1
From alpine:3.20
Run true
