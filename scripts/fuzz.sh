#!/usr/bin/env bash
# Feeds made-up bytes to what reads text from outside, and fails when something traps, hangs, eats memory or contradicts
# itself.
#
#   scripts/fuzz.sh [seconds] [target…]
#
# Every target (FuzzDockerfile, FuzzExpansion, FuzzIgnore) runs for that time, 30 seconds unless told otherwise, and says
# one line. What made one fail is kept in $FUZZ_OUTPUT, Fuzz/.build/findings unless set; $FUZZ_BUILD is the folder of the
# build, Fuzz/.build unless set. A finding is repeated with: Fuzz/.build/release/TARGET FILE
set -euo pipefail

cd "$(dirname "$0")/../Fuzz"
seconds=${1:-30}
shift || true
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then targets=(FuzzDockerfile FuzzExpansion FuzzIgnore); fi
build=${FUZZ_BUILD:-$PWD/.build}
output=${FUZZ_OUTPUT:-$build/findings}
log=$build/fuzz-build.log

# A trap must end the process at once; the sanitizer tells where it was.
export SWIFT_BACKTRACE=enable=no
# Where memory came from is told when a finding is repeated; here it would cost a sixth of the time. Memory given back
# is held for a while to catch late uses, and counts as used.
export ASAN_OPTIONS=detect_leaks=0:malloc_context_size=0:quarantine_size_mb=64

mkdir -p "$build" "$output"
if ! swift build -c release --scratch-path "$build" >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi

# Whole seconds of processor time that one input takes, the least of three runs: beside other work a processor that
# shares a core takes longer for the same.
cost() {
    local TIMEFORMAT=%0U used
    for _ in 1 2 3; do
        used=$({ time "$1" -timeout=60 "$2" >/dev/null 2>&1 || true; } 2>&1)
        echo "$used"
    done | sort --numeric-sort | head --lines 1
}

fuzz() {
    local target=$1 program=$build/release/$1 work status=0 slow
    local name=${1#Fuzz}
    work=$(mktemp -d)
    mkdir "$work/corpus"
    "$program" "$work/corpus" "Corpus/$target" -max_total_time="$seconds" -timeout=10 -report_slow_units=1 \
        -rss_limit_mb=512 -max_len=65536 -len_control=20 -dict="${name,,}.dict" -artifact_prefix="$work/" \
        -print_final_stats=1 >"$work/log" 2>&1 || status=$?

    # Other work on the machine makes a fast input look slow; only its own processor time counts.
    for slow in "$work"/slow-unit-*; do
        [ -e "$slow" ] || continue
        if [ "$(cost "$program" "$slow")" -lt 1 ]; then rm "$slow"; else status=70; fi
    done

    local runs edges memory
    runs=$(awk '/stat::number_of_executed_units/ { print $2 }' "$work/log")
    memory=$(awk '/stat::peak_rss_mb/ { print $2 }' "$work/log")
    edges=$(grep -o ' cov: [0-9]*' "$work/log" | tail -n 1 | tr -dc 0-9)
    if [ "$status" -eq 0 ]; then
        echo "$target: ok, ${runs:-0} inputs, ${edges:-0} edges, ${memory:-?} MB at most"
    else
        find "$work" -maxdepth 1 -type f ! -name log -exec cp {} "$output/" \;
        cp "$work/log" "$output/$target.log"
        echo "$target: FAILED after ${runs:-?} inputs, see $output"
        grep -E -m 3 'ERROR|Fatal error|SUMMARY|Test unit written' "$work/log" || true
    fi
    rm -r "$work"
    return "$status"
}

failed=0
for target in "${targets[@]}"; do
    fuzz "$target" || failed=1
done
exit "$failed"
