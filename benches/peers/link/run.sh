#!/usr/bin/env bash
# `clearway match` and Splink on people whose truth is known, in one run: accuracy, persons counted,
# calibration, time and memory.
#
#   benches/peers/link/run.sh [ROWS…]        100000 1000000 unless told
#
# BENCH_DIR keeps the data and the virtual environment (a temporary directory unless set); ROUNDS
# is how often each is timed (2 unless set; the fastest round counts). LINKAGE_DATA is the folder
# with febrl4a.csv and febrl4b.csv (the smoke test is left out without it).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=${BENCH_DIR:-$(mktemp -d)}
sizes=("${@:-100000}")
[ $# -gt 0 ] || sizes=(100000 1000000)
mkdir -p "$work"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
(cd "$root" && cargo build --release --quiet -p simulation --example people_set &&
    cargo build --release --quiet -p cli)
target=${CARGO_TARGET_DIR:-$root/target}

measure() { # CSV [OPTION…], of ours
    local csv=$1 people=${1%.csv}
    shift
    rm -f "$people"-{splink,clearway}-*.json
    for round in $(seq "${ROUNDS:-2}"); do
        "$target/release/clearway" match "$csv" --out "$people-clusters.csv" \
            --truth-column truth_id --format json "$@" > "$people-clearway-$round.json"
        "$work/venv/bin/python" "$here/splink_peer.py" "$csv" "$people-splink-$round.json" \
            > /dev/null 2>&1
    done
    python3 "$here/compare.py" "$people"
}
for rows in "${sizes[@]}"; do
    people=$work/people-$rows.csv
    [ -s "$people" ] || "$target/release/examples/people_set" "$people" "$rows" 1
    measure "$people"
done
aside=$work/aside-100000.csv
[ -s "$aside" ] || python3 "$here/aside.py" "$aside" 100000
measure "$aside"
if [ -s "${LINKAGE_DATA:-}/febrl4a.csv" ]; then
    python3 "$here/febrl.py" "$LINKAGE_DATA" "$work/febrl4.csv" febrl4a febrl4b
    # Some of Febrl's dates are none, such as 1945-09-32.
    ROUNDS=1 measure "$work/febrl4.csv" --bad-dates-as-missing
fi
