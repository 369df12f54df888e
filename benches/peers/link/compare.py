"""Prints what `clearway match` and Splink made of the same people, side by side.

    python3 compare.py PEOPLE      the people file without `.csv`; reads PEOPLE-clearway-N.json
                                   and PEOPLE-splink-N.json, and takes the fastest round of each

Of ours all phases count, from the CSV to the clusters and back to the disk, without comparing with
the truth; of Splink training, prediction and clustering, without reading, cleaning or writing.
"""

import glob
import json
import sys


def rounds(people, of):
    """The figures of every round."""
    found = []
    for name in sorted(glob.glob(f"{people}-{of}-*.json")):
        with open(name, encoding="utf-8") as text:
            found.append(json.load(text))
    return found


def our_seconds(figures):
    """Seconds of all phases but the comparison with the truth."""
    return sum(s for phase, s in figures["seconds"].items() if phase != "compare with truth")


def their_seconds(figures):
    return figures["seconds"]["train_predict_cluster"]


def off(persons, true):
    return f"{100 * (persons / true - 1):+.1f} %"


def main():
    people = sys.argv[1]
    ours = min(rounds(people, "clearway"), key=our_seconds)
    theirs = min(rounds(people, "splink"), key=their_seconds)
    true = ours["persons_true"]
    best, half = theirs["best"], theirs["at_0.5"]
    bins = [abs(b["predicted"] - b["observed"]) for b in ours["calibration"] if b["pairs"] >= 100]
    print(f"{people}: {ours['records']} records, {true} persons")
    print(f"{'':24}{'clearway':>12}{'splink, best':>14}{'splink, .5':>12}")
    print(f"{'cross-agency F1':24}{ours['clusters_cross']['f1']:12.3f}"
          f"{best['cross_f1']:14.3f}{half['cross_f1']:12.3f}")
    print(f"{'persons':24}{off(ours['persons'], true):>12}"
          f"{off(best['persons'], true):>14}{off(half['persons'], true):>12}")
    print(f"{'largest cluster':24}{ours['largest_cluster']:12}"
          f"{best['largest_cluster']:14}{half['largest_cluster']:12}")
    print(f"{'calibration, top bin':24}{bins[-1]:12.3f}{theirs['calibration_top_bin_gap']:14.3f}")
    print(f"{'calibration, largest':24}{max(bins):12.3f}{theirs['calibration_largest_gap']:14.3f}")
    print(f"{'seconds':24}{our_seconds(ours):12.2f}{their_seconds(theirs):14.2f}")
    print(f"{'peak MiB':24}{ours['peak_rss_mib']:12}{theirs['peak_rss_mib']:14}")
    print(f"Splink takes {their_seconds(theirs) / our_seconds(ours):.1f} times our time and "
          f"{theirs['peak_rss_mib'] / ours['peak_rss_mib']:.1f} times our memory")


if __name__ == "__main__":
    main()
