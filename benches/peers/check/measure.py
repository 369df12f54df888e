"""Runs commands, or compares what two tools found.

    python3 measure.py run NAME RESULTS COMMAND...     adds seconds and peak memory to RESULTS
    python3 measure.py compare RESULTS OURS.json SEEDED.json PEER.json...
"""

import json
import pathlib
import resource
import subprocess
import sys
import time


def run(name, results, command):
    started = time.perf_counter()
    code = subprocess.run(command, check=False).returncode
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    line = {"name": name, "seconds": round(seconds, 2), "exit": code,
            "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
            "peak_mib": round(used.ru_maxrss / 1024, 1)}
    with open(results, "a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")
    print(line)
    if code not in (0, 1):
        sys.exit(f"{name} failed")


def compare(results, ours, seeded, peers):
    lines = [json.loads(line) for line in pathlib.Path(results).read_text().splitlines()]
    times = {line["name"]: line for line in lines}
    found = json.loads(pathlib.Path(ours).read_text())
    found = {(error["row"], error["column"]) for error in found["errors"]}
    truth = {tuple(pair) for pair in json.loads(pathlib.Path(seeded).read_text())}
    agree = found == truth
    print(f"\nseeded {len(truth)} wrong cells; ours found {len(found)}, the same: {agree}")
    for peer in peers:
        pairs = {tuple(pair) for pair in json.loads(pathlib.Path(peer).read_text())}
        same = pairs == found
        agree &= same
        print(f"{pathlib.Path(peer).stem} found {len(pairs)}, the same as ours: {same}")
        for row, column in sorted(pairs ^ found)[:10]:
            print(f"  row {row}, {column}: only {'ours' if (row, column) in found else 'peer'}")
    for name, line in times.items():
        ratio = f"{line['seconds'] / times['ours']['seconds']:8.1f} x"
        print(f"{name:28}{line['seconds']:10.2f} s{line['cpu_seconds']:10.2f} s CPU"
              f"{line['peak_mib']:9.1f} MiB{ratio}")
    sys.exit(not agree)


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    if verb == "run":
        run(rest[0], rest[1], rest[2:])
    else:
        compare(rest[0], rest[1], rest[2], rest[3:])
