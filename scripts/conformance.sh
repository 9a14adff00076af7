#!/usr/bin/env bash
# Runs the conformance cases beside this repository and compares what fails with what is known to fail.
# A case that fails and is not listed is an error; so is a listed one that passes, until it is taken off the list.
# usage: conformance.sh SLIPWAY [run.py options]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
slipway=$(realpath "$1")
shift
shared=$here/../../shared
known=$here/../testdata/conformance/known-failures.txt
if [[ ! -d $shared/conformance ]]; then
    echo "conformance: skipped, no conformance cases beside this repository"
    exit 0
fi

report=$(mktemp)
trap 'rm -f "$report"' EXIT
python3 "$shared/conformance/run.py" --builder slipway --bin "$slipway" --bases "$shared/bases" \
    --report "$report" "$@" || true
python3 - "$report" "$known" <<'PY'
import json, sys
report = json.load(open(sys.argv[1]))
known = {line.split()[0] for line in open(sys.argv[2]) if line.strip() and not line.startswith("#")}
failed = {name for name, case in report["cases"].items() if case["status"] == "fail"}
passed = {name for name, case in report["cases"].items() if case["status"] == "pass"}
new, mended = sorted(failed - known), sorted(known & passed)
for name in new:
    print(f"conformance: {name} fails and is not known to: {report['cases'][name]['diffs'][:2]}")
for name in mended:
    print(f"conformance: {name} passes now: take it off testdata/conformance/known-failures.txt")
print(f"conformance: {len(passed)} of {len(passed) + len(failed)} cases as BuildKit, {len(failed & known)} known differences")
sys.exit(1 if new or mended else 0)
PY
