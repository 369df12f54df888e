#!/usr/bin/env bash
# Bootstraps that choose a model anew, in processor seconds: ours, R's in the same run, and what was
# measured elsewhere of packages that cannot be had here.
#
#   benches/peers/estimate/run.sh [REPLICATES]        1000 unless told; R takes a quarter of a minute
#
# BENCH_DIR keeps the rows (a temporary directory unless set). R comes from Debian's packages when
# there is none.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=${BENCH_DIR:-$(mktemp -d)}
replicates=${1:-1000}
mkdir -p "$work"

if ! command -v Rscript > /dev/null; then
    apt-get update --quiet > /dev/null
    apt-get install --quiet --yes --no-install-recommends r-base-core > /dev/null
fi
cd "$root"
cargo build --release --quiet -p estimation --example bootstrap_speed
"${CARGO_TARGET_DIR:-$root/target}/release/examples/bootstrap_speed" "$replicates" > "$work/ours.csv"
head -1 "$here/measured.csv" > "$work/r.csv"
for table in Korea Kosovo UKdat_5; do
    Rscript "$here/peer.R" "$root/crates/estimation/data/published/$table.csv" "$replicates" >> "$work/r.csv"
done
peers=("$work/r.csv")
[ "$replicates" = 1000 ] && peers+=("$here/measured.csv")
python3 "$here/compare.py" "$work/ours.csv" "${peers[@]}"

echo "R's glm.fit, a hundred models of UKdat_5:"
Rscript "$here/top_models.R" "$root/crates/estimation/data/published/UKdat_5.csv"
