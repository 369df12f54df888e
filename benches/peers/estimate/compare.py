"""Our processor seconds beside the peers', and how many times as many theirs are.

    compare.py OURS.csv PEERS.csv...
"""

import csv
import sys


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def ends(row):
    return f"{float(row['low']):,.0f} to {float(row['high']):,.0f}" if row["low"] else "-"


ours = {(row["what"], row["table"], row["replicates"]): row for row in rows(sys.argv[1])}
print(f"{'what':22}{'table':10}{'replicates':>11}{'seconds':>9}{'estimate':>10}  {'95 %':22}{'peak MiB':>9}")
for row in ours.values():
    print(
        f"{row['what']:22}{row['table']:10}{row['replicates']:>11}{float(row['cpu_seconds']):9.3f}"
        f"{float(row['population']):10,.0f}  {ends(row):22}{float(row['peak_mib']):9.1f}"
    )
print(f"\n{'peer':34}{'what':10}{'table':10}{'seconds':>9}{'estimate':>10}  {'95 %':22}{'times ours':>11}")
for path in sys.argv[2:]:
    for row in rows(path):
        own = ours[row["what"], row["table"], row["replicates"]]
        times = float(row["cpu_seconds"]) / float(own["cpu_seconds"])
        print(
            f"{row['peer']:34}{row['what']:10}{row['table']:10}{float(row['cpu_seconds']):9.2f}"
            f"{float(row['population']):10,.0f}  {ends(row):22}{times:11,.0f}"
        )
        if abs(float(own["population"]) / float(row["population"]) - 1) > 1e-4:
            sys.exit(f"{row['peer']} and ours estimate differently: {row['population']}, {own['population']}")
