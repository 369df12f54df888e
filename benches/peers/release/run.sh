#!/usr/bin/env bash
# Differentially private microdata by pac-synth, smartnoise-synth's MST and `clearway release
# microdata` from the same cases: processor seconds, memory, and one program's measures of accuracy;
# and the cells that R's GaussSuppression hides in two tables.
#
#   benches/peers/release/run.sh [ROWS]        50000 unless told; the peers take some minutes
#
# BENCH_DIR keeps the data, the virtual environment and what was made (a temporary directory unless
# set; a peer is not run again for an output that is there). RUNS is how often ours is run (3). CASES
# is a CSV file of the same columns to use instead of generated ones. PEERS=none leaves the peers out.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=${BENCH_DIR:-$(mktemp -d)}
rows=${1:-50000}
epsilon=4
mkdir -p "$work"
python=$work/venv/bin/python
[ -x "$python" ] || python3 -m venv "$work/venv"
packages=(-r "$here/requirements.txt")
[ "${PEERS:-}" = none ] && packages=("$(grep '^numpy' "$here/requirements.txt")")
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
(cd "$root" && cargo build --release --quiet -p simulation --example case_data &&
    cargo build --release --quiet -p cli)
target=${CARGO_TARGET_DIR:-$root/target}/release

generate() { # FILE SEED
    [ -s "$1" ] || "$target/examples/case_data" "$1" "$rows" "$2"
}
generate "$work/cases.csv" 1
generate "$work/fresh.csv" 2
schema=$work/cases.schema.json
cases=${CASES:-$work/cases.csv}
rows=$(($(wc -l < "$cases") - 1))
# As ours sets it from the number of rows, which it first makes noisy.
delta=$("$python" -c "import math; print(1 / ($rows * math.log($rows)))")

made=()
[ -n "${CASES:-}" ] || made=("$work/fresh.csv") # another sample of the same population
if [ "${PEERS:-}" != none ]; then
    for peer in pac mst; do
        out=$work/$peer.csv
        [ -s "$out" ] || "$python" "$here/${peer}_peer.py" "$cases" "$schema" "$out" "$epsilon" "$delta" \
            2> "$work/$peer.err" | tee "$work/$peer.json" || tail -3 "$work/$peer.err"
        [ ! -s "$out" ] || made+=("$out")
    done
fi
for run in $(seq "${RUNS:-3}"); do
    out=$work/clearway-$run.csv
    rm -f "$out" "$work/ledger-$run"
    "$python" "$here/cost.py" "clearway $run" "$target/clearway" release microdata "$cases" \
        --schema "$schema" --epsilon "$epsilon" --out "$out" --new-ledger \
        --ledger "$work/ledger-$run" && made+=("$out")
done
[ ${#made[@]} = 0 ] || "$python" "$here/measure.py" "$cases" "$schema" "${made[@]}"

if command -v Rscript > /dev/null; then
    Rscript "$here/tables.R" "$cases" || echo "tables.R was not run"
else
    echo "no Rscript: tables.R was not run"
fi
