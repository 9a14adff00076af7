#!/usr/bin/env bash
# Installs the Debian packages that building ("build"), testing ("test") and comparing ("bench") need; does nothing when
# all are there.
set -euo pipefail

build=(libarchive-dev libseccomp-dev libsqlite3-dev libdeflate-dev zlib1g-dev libbz2-dev liblzma-dev libzstd-dev
    binutils busybox-static make python3)
test=(skopeo umoci podman runc docker.io mmdebstrap ca-certificates git zstd xz-utils bzip2 gcc libc6-dev uidmap
    slirp4netns openssl iproute2)

bench=(isal openssl gcc libc6-dev busybox-static buildah runc hyperfine)

wanted=()
for group in "$@"; do
    case $group in
    build) wanted+=("${build[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    bench) wanted+=("${bench[@]}") ;;
    *) echo "install-dependencies: unknown group $group" >&2; exit 64 ;;
    esac
done

missing=()
for package in "${wanted[@]}"; do
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done

if ((${#missing[@]})); then
    echo "installing: ${missing[*]}"
    sudo=()
    ((EUID == 0)) || sudo=(sudo)
    "${sudo[@]}" apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
fi

command -v swift >/dev/null || {
    echo "slipway needs Swift 6.3 or newer on the PATH: see https://www.swift.org/install" >&2
    exit 1
}
