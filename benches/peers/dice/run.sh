#!/usr/bin/env bash
# Times our comparison of filters and anonlink's on the same filters, in one run.
#
#   benches/peers/dice/run.sh [ROWS] [NUMERATOR/DENOMINATOR]    100,000 rows a side, 4/5 unless told
#
# BENCH_DIR keeps the data and the virtual environment (a temporary directory unless set); PEOPLE is
# a CSV of people to encode in place of made-up ones; REPEAT is how many runs the best is taken of.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
rows=${1:-100000}
threshold=${2:-4/5}
work=${BENCH_DIR:-$(mktemp -d)}
repeat=${REPEAT:-3}
data=$work/filters-$rows
results=$work/results-$rows.tsv
mkdir -p "$work"
: > "$results"

[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
[ -s "$data/right.bin" ] ||
    "$work/venv/bin/python" "$here/make_data.py" "$data" --rows "$rows" ${PEOPLE:+--people "$PEOPLE"}

cd "$root"
cargo build --release --quiet -p linkage --example dice_speed
ours=${CARGO_TARGET_DIR:-$root/target}/release/examples/dice_speed
measure() { # NAME THREADS [OPTION...]
    local name=$1 threads=$2
    shift 2
    local line
    line=$(RAYON_NUM_THREADS=$threads "$ours" "$data/left.bin" "$data/right.bin" "$threshold" \
        --repeat "$repeat" "$@")
    printf '%s\t%s\n' "$name" "$line" >> "$results"
}

printf 'anonlink\t%s\n' "$("$work/venv/bin/python" "$here/peer.py" "$data" \
    "$(python3 -c "print($threshold)")" --repeat "$repeat")" >> "$results"
if grep -q avx512_vpopcntdq /proc/cpuinfo; then
    measure "exact, AVX-512, 1 thread" 1 --path avx512
    measure "exact, AVX-512, 2 threads" 2 --path avx512
fi
measure "exact, AVX2, 1 thread" 1 --path avx2
measure "exact, AVX2, 2 threads" 2 --path avx2
measure "search, 1 thread" 1 --search
measure "search, 2 threads" 2 --search
python3 "$here/compare.py" "$results"
