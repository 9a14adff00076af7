#!/usr/bin/env bash
# Compares slipway with buildah and with the least the work can cost on this machine.
# usage: bench.sh SLIPWAY [bench.py options]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
slipway=$(realpath "$1")
shift
"$here/install-dependencies.sh" bench
echo "start of the program:"
hyperfine --shell=none --warmup 5 "$slipway --version"
if [[ -f $here/../../shared/bench/bench.py ]]; then
    SLIPWAY=$slipway python3 "$here/../../shared/bench/bench.py" "$@"
fi
