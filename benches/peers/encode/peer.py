"""Encodes the rows with clkhash, as run.sh does with ours.

    python3 peer.py DIR SECRET OUT.json [ROUNDS]

One process (max_workers=1), the checks of the schema on, reading the table not timed. Prints the
best of the rounds; the caches of clkhash are emptied before each, as ours are.
"""

import json
import pathlib
import sys
import time

from clkhash import bloomfilter
from clkhash.clk import generate_clks
from clkhash.schema import from_json_dict
from clkhash.serialization import serialize_bitarray

CACHES = [cached for cached in vars(bloomfilter).values() if hasattr(cached, "cache_clear")]


def main():
    directory, secret, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    schema = from_json_dict(json.loads((directory / "schema.json").read_text()))
    with open(directory / "rows.tsv", encoding="utf-8") as table:
        rows = [line.rstrip("\n").split("\t") for line in table]
    best = float("inf")
    for number in range(rounds):
        for cached in CACHES:
            cached.cache_clear()
        started = time.perf_counter()
        clks = generate_clks(rows, schema, secret, max_workers=1)
        best = min(best, time.perf_counter() - started)
        if number == 0:
            out.write_text(json.dumps({"clks": [serialize_bitarray(clk) for clk in clks]}))
    print(json.dumps({"rows": len(rows), "seconds": round(best, 4),
                      "rows_per_second": round(len(rows) / best)}))


if __name__ == "__main__":
    main()
