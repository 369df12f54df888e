#!/usr/bin/env bash
# Times `clearway check --schema` and frictionless on one made-up table, in one run.
#
#   benches/peers/check/run.sh [ROWS]        1,000,000 rows unless told
#
# BENCH_DIR keeps the data and the virtual environment (a temporary directory unless set);
# PEER_RULES names the ways frictionless checks the rules ("python builtin" unless set);
# MEMORY_ROWS is the size of the larger table on which only our memory is measured (0 skips it).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
rows=${1:-1000000}
work=${BENCH_DIR:-$(mktemp -d)}
rules=${PEER_RULES:-python builtin}
memory_rows=${MEMORY_ROWS:-4000000}
data=$work/data-$rows
results=$work/results-$rows.jsonl
mkdir -p "$work"
: > "$results"

[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
[ -s "$data/seeded.json" ] || python3 "$here/make_data.py" "$data" --rows "$rows"

target=${CARGO_TARGET_DIR:-$root/target}
cd "$root"
tool=$target/release/clearway
if cargo build --release --quiet -p cli --bin clearway && "$tool" check --help 2>&1 | grep -q -- --schema
then
    check='"$0" check --schema "$1/schema.json" --format json "$1/data.csv" > "$1/ours.json"'
else
    echo "clearway has no check --schema yet: the example stands in for it"
    cargo build --release --quiet -p records --example check_schema
    tool=$target/release/examples/check_schema
    check='"$0" "$1/schema.json" "$1/data.csv" "$1/ours.json"'
fi
measure() { # NAME RESULTS DIR
    python3 "$here/measure.py" run "$1" "$2" bash -c "$check" "$tool" "$3"
}

cat "$data/data.csv" > /dev/null # Both tools find the table in memory.
measure ours "$results" "$data"
peers=()
for kind in $rules; do
    python3 "$here/measure.py" run "frictionless ($kind)" "$results" \
        "$work/venv/bin/python" "$here/peer.py" "$data" --rules "$kind" --out "$data/peer-$kind.json"
    peers+=("$data/peer-$kind.json")
done

if [ "$memory_rows" -gt 0 ]; then
    memory=$work/memory.jsonl
    : > "$memory"
    big=$work/data-$memory_rows
    wrong=$work/data-wrong-$rows
    [ -s "$big/seeded.json" ] || python3 "$here/make_data.py" "$big" --rows "$memory_rows"
    [ -s "$wrong/seeded.json" ] || python3 "$here/make_data.py" "$wrong" --rows "$rows" --all-wrong
    measure "ours, $memory_rows rows" "$memory" "$big"
    measure "ours, every row wrong" "$memory" "$wrong"
fi
python3 "$here/measure.py" compare "$results" "$data/ours.json" "$data/seeded.json" "${peers[@]}"
