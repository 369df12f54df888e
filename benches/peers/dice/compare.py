"""Prints the times of a run beside the peer's, and fails unless the exact ways found the same.

    python3 compare.py RESULTS        a line of `name<TAB>json` for each way
"""

import json
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as lines:
        results = {name: json.loads(text) for name, text in (line.split("\t") for line in lines)}
    peer = results["anonlink"]
    print(f"{'':28}{'seconds':>10}{'x anonlink':>12}{'CPU s':>10}{'x anonlink':>12}{'found':>10}")
    for name, of in results.items():
        print(f"{name:28}{of['seconds']:10.3f}{peer['seconds'] / of['seconds']:12.1f}"
              f"{of['cpu_seconds']:10.3f}{peer['cpu_seconds'] / of['cpu_seconds']:12.1f}"
              f"{of['found']:10}")
    agree = all(of["found"] == peer["found"] for of in results.values() if not of.get("search"))
    print(f"all exact ways found as many pairs as anonlink: {agree}")
    best = [name for name in results if name.startswith("exact") and name.endswith("1 thread")][0]
    two = best.replace("1 thread", "2 threads")
    print(f"two threads against one: {results[best]['seconds'] / results[two]['seconds']:.2f} x")
    search = results["search, 1 thread"]
    print(f"search against exact, both on 1 thread: "
          f"{results[best]['cpu_seconds'] / search['cpu_seconds']:.1f} x, found "
          f"{search['recall']:.4f} of the pairs (estimated {search['recall_estimated']:.4f})")
    sys.exit(not agree)


if __name__ == "__main__":
    main()
