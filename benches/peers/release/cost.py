"""Runs a program and prints what it took, as JSON: processor seconds of all its threads, seconds on
the clock, and the most memory.

    python3 cost.py NAME PROGRAM [WORD…]
"""

import json
import resource
import subprocess
import sys
import time


def main():
    name, *command = sys.argv[1:]
    start = time.monotonic()
    told = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"peer": name, "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
                      "clock_seconds": round(time.monotonic() - start, 2),
                      "peak_rss_mib": used.ru_maxrss // 1024}))
    sys.exit(told.returncode)


if __name__ == "__main__":
    main()
