#!/usr/bin/env bash
# Builds and runs every test, then the conformance cases with the program that was built for them, then half a minute of
# fuzzing for each target.
# The last line is "N passed, N failed, N skipped"; the exit status says the same.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 skipped=0

# Adds the outcome of one run of Swift Testing, read from its output and its exit status.
add() {
    local log=$1 status=$2 run bad left
    run=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$log" | tail -n 1)
    bad=$(grep -E '^. Test .* failed after' "$log" | grep -vcE '^. Test run with' || true)
    left=$(grep -cE '^. Test .* skipped' "$log" || true)
    # What was expected, with the lines that explain it, for those who see no more than the end of the output.
    awk '/^(◇|✔|✘|➜|↷)/ { shows = /recorded an issue/ } shows' "$log" >> "$logs/failures"
    # A run that died, or ran nothing, has failed whatever it printed.
    if ((status != 0 && bad == 0)) || [[ -z $run ]]; then
        bad=$((bad + 1))
        { echo "a run of tests ended with status $status:"; tail -n 20 "$log"; } >> "$logs/failures"
    fi
    run=${run:-0}
    failed=$((failed + bad))
    skipped=$((skipped + left))
    passed=$((passed + (run > bad + left ? run - bad - left : 0)))
}

finish() {
    if [[ -s $logs/failures ]]; then
        echo 'failed:'
        cut -c 1-2000 "$logs/failures" | tail -n 200
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0 && passed > 0))
    exit
}

if ! swift build --build-tests; then
    failed=1
    finish
fi

# A crash must end the run, not wait for a debugger.
export SWIFT_BACKTRACE=enable=no
swift test --skip-build --disable-xctest --skip '^DockerfilesTests\.' 2>&1 | tee "$logs/modules"
add "$logs/modules" "${PIPESTATUS[0]}"

# Whole builds count the host's mounts and processes, so nothing else may run beside them.
swift test --skip-build --disable-xctest --no-parallel --filter '^DockerfilesTests\.' 2>&1 | tee "$logs/builds"
add "$logs/builds" "${PIPESTATUS[0]}"

# Runs something that is one test as a whole.
whole() {
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "${1##*/}" >> "$logs/failures"
    fi
}

whole "$here/conformance.sh" .build/debug/slipway --jobs 2
whole "$here/fuzz.sh" 30
finish
