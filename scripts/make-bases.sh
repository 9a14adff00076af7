#!/usr/bin/env bash
# Makes the base images the examples are built from and puts them into the store:
#   docker.io/library/busybox:latest    from Debian's busybox-static
#   docker.io/library/debian:bookworm   from Debian's archive, with mmdebstrap (about a minute)
# usage: make-bases.sh SLIPWAY [--root STATE]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
slipway=$1
shift
"$here/install-dependencies.sh" build test
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$here/make-busybox.sh" "$work/busybox.tar"
"$slipway" import "$@" --change 'CMD ["sh"]' "$work/busybox.tar" docker.io/library/busybox:latest

# The archive that apt itself uses; without one, mmdebstrap's default.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1767225600} mmdebstrap --quiet --variant=minbase --include=ca-certificates \
    --aptopt='APT::Install-Recommends "false"' bookworm "$work/debian.tar" ${mirror:+"$mirror"}
"$slipway" import "$@" --change 'CMD ["bash"]' "$work/debian.tar" docker.io/library/debian:bookworm
