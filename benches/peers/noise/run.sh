#!/usr/bin/env bash
# Holds our draws against those of OpenDP's samplers.
#
#   benches/peers/noise/run.sh
#
# Builds a crate of its own with OpenDP (dashu, statrs and what they need; no system library).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$here/target}
cd "$here"
cargo build --release --quiet
time "$CARGO_TARGET_DIR/release/noise-peer"
