#!/usr/bin/env bash
# Builds and runs every test, then the conformance cases with the program the tests used.
# The last line is "N passed, N failed"; the exit status says the same.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

swift build --build-tests || { echo "0 passed, 1 failed"; exit 1; }
status=0
swift test --skip-build 2>&1 | tee "$log" || status=1

# "Test run with 512 tests in 60 suites passed after …" or "… failed after … with 3 issues."
tests=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$log" | tail -n 1)
failed=$(grep -cE '^(✘|\xe2\x9c\x98)? ?.*Test .* failed after .* with [0-9]+ issue' "$log" || true)
skipped=$(grep -cE 'Test .* skipped' "$log" || true)
((status == 0)) && failed=0
((status != 0 && failed == 0)) && failed=1

if "$here/conformance.sh" .build/debug/slipway --jobs 2; then :; else failed=$((failed + 1)); status=1; fi

passed=$((${tests:-0} - failed - skipped))
((passed < 0)) && passed=0
((passed == 0 && failed == 0)) && { failed=1; status=1; }
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
