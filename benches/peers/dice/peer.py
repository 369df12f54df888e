"""Compares DIR/left.bin with DIR/right.bin by anonlink, all pairs, on its one thread.

    python3 peer.py DIR THRESHOLD [--repeat N]

Prints a line of JSON with the best of N runs; the filters are in memory, as bit arrays, before it
starts.
"""

import argparse
import json
import pathlib
import time

from anonlink.similarities import dice_coefficient_accelerated
from bitarray import bitarray

BYTES = 128


def filters(path):
    data = path.read_bytes()
    rows = []
    for start in range(0, len(data), BYTES):
        row = bitarray(endian="big")
        row.frombytes(data[start:start + BYTES])
        rows.append(row)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("threshold", type=float)
    parser.add_argument("--repeat", type=int, default=1)
    arguments = parser.parse_args()
    sides = [filters(arguments.dir / f"{name}.bin") for name in ("left", "right")]
    seconds, cpu, found = float("inf"), float("inf"), 0
    for _ in range(arguments.repeat):
        started, started_cpu = time.perf_counter(), time.process_time()
        similarities, _ = dice_coefficient_accelerated(sides, arguments.threshold)
        seconds = min(seconds, time.perf_counter() - started)
        cpu = min(cpu, time.process_time() - started_cpu)
        found = len(similarities)
    print(json.dumps({"seconds": round(seconds, 4), "cpu_seconds": round(cpu, 4), "found": found}))


if __name__ == "__main__":
    main()
