#!/usr/bin/env bash
# Shows slipway at work: a base image, a build, the same build from cache, and a tarball for other tools.
# usage: quickstart.sh SLIPWAY
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
slipway=$1
state=${SLIPWAY_ROOT:-$PWD/build/quickstart-state}
export SLIPWAY_ROOT=$state
mkdir -p build

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[[ -t 1 && -z ${NO_COLOR:-} ]] || say() { printf '\n%s\n' "$*"; }

say "1. A base image, made from Debian's busybox-static"
"$here/make-busybox.sh" build/busybox.tar
"$slipway" import --change 'CMD ["sh"]' build/busybox.tar docker.io/library/busybox:latest

say "2. Dockerfiles/hello becomes an image"
"$slipway" build -t hello Dockerfiles/hello

say "3. The same again: every step comes from the cache"
"$slipway" build -t hello Dockerfiles/hello

say "4. A tarball that docker, podman, skopeo and umoci read"
"$slipway" build -o type=docker,dest=build/hello.tar,name=hello Dockerfiles/hello

say "Done. The image in the store, and the tarball:"
"$slipway" images
ls -l build/hello.tar
if command -v skopeo >/dev/null; then skopeo inspect --format 'skopeo sees {{.Digest}}, {{len .Layers}} layers' docker-archive:build/hello.tar; fi
