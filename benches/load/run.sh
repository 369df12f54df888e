#!/usr/bin/env bash
# How fast pages are, and how many durable, audited views a second: `benches/load/run.sh [SECONDS]`.
#
# Makes the demo in a temporary folder, serves it, signs an auditor's colleague in, and lets 50 connections of
# `wrk` ask for one page at a time: a public page, which writes nothing, and the page of an account, of which
# every view is a row of the audit that is on the disk before the page goes out (synchronous = FULL).
# Prints the percentiles that wrk measured, the memory of the server, and whether the audit holds after it.
#
# With CLEARWAY_DATABASE_URL in the environment the same on PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-20}
clearway=${CLEARWAY_BIN:-$PWD/${CARGO_TARGET_DIR:-target}/release/clearway}
if ! command -v wrk >/dev/null; then
    echo "benches/load/run.sh: install wrk first (apt-get install wrk)" >&2
    exit 1
fi

folder=$(mktemp -d)
server=
cleanup() {
    [ -n "$server" ] && kill "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"

"$clearway" demo --no-serve >/dev/null 2>&1
"$clearway" server --practice --data clearway-demo/data --listen 127.0.0.1:0 >said 2>&1 &
server=$!
until grep -q serving said; do sleep 0.1; done
address=$(grep -o '127.0.0.1:[0-9]*' said | head -1)

secret=$(grep '^commander,' clearway-demo/examples/sign-in.csv | cut -d, -f5)
code=$("$clearway" user code "$secret")
curl --silent --output /dev/null --cookie-jar cookies --header 'Sec-Fetch-Site: same-origin' \
    --data-urlencode 'name=commander' --data-urlencode "passphrase=$(cat clearway-demo/examples/passphrase.txt)" \
    --data-urlencode "code=$code" --data-urlencode 'purpose=returns' "http://$address/sign-in"
cookie=$(awk '$6 == "clearway" { print $7 }' cookies)
[ -n "$cookie" ] || { echo "the sign-in failed" >&2; exit 1; }

for page in /help /account; do
    printf '\n== %s, 50 connections, %s s\n' "$page" "$seconds"
    wrk --threads 1 --connections 50 --duration "${seconds}s" --latency \
        --header "Cookie: clearway=$cookie" "http://$address$page"
done
printf '\nmemory of the server: %s MiB\n' "$(($(ps -o rss= -p "$server") / 1024))"
"$clearway" audit verify --data clearway-demo/data | head -2
