#!/usr/bin/env bash
# Puts slipway-init into the slipway program, as an ELF section that it reads when a container starts.
# usage: embed-init.sh SLIPWAY_INIT SLIPWAY
set -euo pipefail

init=$1 program=$2
whole=$program.whole
objcopy --remove-section=.slipway_init --add-section=.slipway_init="$init" \
    --set-section-flags=.slipway_init=noload,readonly "$program" "$whole"
chmod 0755 "$whole"
mv "$whole" "$program"
