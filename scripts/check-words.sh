#!/usr/bin/env bash
# Refuses markers of unfinished work and shortcuts that the house rules forbid.
set -euo pipefail

status=0
refuse() {
    local what=$1 pattern=$2
    shift 2
    if found=$(git ls-files "$@" | xargs -r -d '\n' grep -nHE "$pattern" 2>/dev/null); then
        printf '%s:\n%s\n' "$what" "$found" >&2
        status=1
    fi
}

refuse "markers of unfinished work" '\b(TODO|FIXME|XXX|HACK)\b' 'Sources/*' 'Tests/*.swift'
refuse "force casts and traps in product code" '\btry!|\bas!|\bfatalError\(' 'Sources/*.swift'
exit $status
