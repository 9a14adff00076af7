#!/usr/bin/env bash
# Writes the root file system of a small busybox image as a tar, from Debian's busybox-static.
# usage: make-busybox.sh OUTPUT.tar
set -euo pipefail

output=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/{bin,dev,etc,home,root,tmp,usr/bin,usr/sbin,var}
chmod 1777 "$root/tmp"
chmod 0700 "$root/root"
install -m 0755 "$(command -v busybox)" "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list); do
    [[ $applet == busybox ]] || ln "$root/bin/busybox" "$root/bin/$applet"
done
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
# One fixed time and one fixed order, so that the image is the same wherever the package is.
tar --create --file "$output" --directory "$root" --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime=@1700000000 --format=posix --pax-option=delete=atime,delete=ctime .
