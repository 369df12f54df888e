#!/usr/bin/env bash
# Times our clkhash form and clkhash on the same made-up persons, in one run, one thread each.
#
#   benches/peers/encode/run.sh [ROWS]        100,000 rows unless told
#
# BENCH_DIR keeps the data and the virtual environment (a temporary directory unless set).
# Ends with an error unless both made the same filters, bit for bit.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
rows=${1:-100000}
work=${BENCH_DIR:-$(mktemp -d)}
data=$work/encode-$rows
python=$work/venv/bin/python

[ -x "$python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
[ -s "$data/schema.json" ] || "$python" "$here/make_data.py" "$data" "$rows"

target=${CARGO_TARGET_DIR:-$root/target}
(cd "$root" && cargo build --release --quiet -p linkage --example encode_speed)

ours=$(RAYON_NUM_THREADS=1 "$target/release/examples/encode_speed" \
    "$data/schema.json" "$data/rows.tsv" secret "$data/ours.json")
peer=$("$python" "$here/peer.py" "$data" secret "$data/peer.json")
echo "ours     $ours"
echo "clkhash  $peer"
"$python" - "$ours" "$peer" "$data" <<'PYTHON'
import json, pathlib, sys

ours, peer = (json.loads(line) for line in sys.argv[1:3])
data = pathlib.Path(sys.argv[3])
filters = [json.loads((data / f"{name}.json").read_text())["clks"] for name in ("ours", "peer")]
print(f"ours is {ours['rows_per_second'] / peer['rows_per_second']:.1f} times as fast; "
      f"the same filters: {filters[0] == filters[1]}")
sys.exit(filters[0] != filters[1])
PYTHON
