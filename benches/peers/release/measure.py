"""How near published microdata are to the real ones, by the same measures for every program.

    python3 measure.py REAL.csv SCHEMA.json SYN.csv...      a table, and JSON with --json

Columns and their order are the schema's; a blank is a category, and so is any value that the
schema does not list (one for all: `unlisted` counts its cells). Of all 1-, 2- and 3-way marginals
the mean total variation, each file's counts divided by its own rows. Of triples of values in three
columns, none of them blank:

- fabricated: found in SYN and not in REAL, as a share of the triples found in SYN;
- fabricated mass: the same in occurrences;
- missed: found in REAL 10 times or more and never in SYN, as a share of those;
- missed, scaled: the same with the threshold scaled when SYN has other rows than REAL.

Rare citizenships are those with 1 to 49 (and 1 to 199) people in REAL: the share of them found in
SYN, and how many people SYN has in them for each that REAL has.

Needs numpy only; 50,000 rows of 27 columns take some 20 seconds for each SYN.
"""

import csv
import itertools
import json
import sys

import numpy as np

MISSED_FROM = 10
RARE = (50, 200)
RARE_COLUMN = "citizenship"


def read(path, columns):
    """The codes of a file, one array for each column: 0 blank, the schema's k-th category k, the
    number of categories + 1 for what it does not list."""
    codes = []
    with open(path, encoding="utf-8-sig", newline="") as text:
        rows = csv.reader(text)
        header = [name.strip() for name in next(rows)]
        lacking = [c["name"] for c in columns if c["name"] not in header]
        if lacking:
            sys.exit(f"{path} lacks {', '.join(lacking)}")
        table = list(zip(*rows))
    if not table:
        sys.exit(f"{path} has no rows")
    unlisted = 0
    for column in columns:
        known = {"": 0}
        known.update((word, at) for at, word in enumerate(column["categories"], 1))
        other = len(column["categories"]) + 1
        cells = table[header.index(column["name"])]
        code = {word: known.get(word.strip(), other) for word in set(cells)}
        found = np.fromiter((code[word] for word in cells), dtype=np.int32, count=len(cells))
        unlisted += int((found == other).sum())
        codes.append(found)
    return codes, unlisted


def joint(codes, sizes, subset):
    """Counts of all combinations in a subset of columns."""
    cell = codes[subset[0]].astype(np.int64)
    cells = sizes[subset[0]]
    for column in subset[1:]:
        cell = cell * sizes[column] + codes[column]
        cells *= sizes[column]
    return cell, cells


def counts(real, synthetic, sizes, subset):
    """The counts of both files in the same order, with the cells where either has one."""
    (a, cells), (b, _) = joint(real, sizes, subset), joint(synthetic, sizes, subset)
    if cells <= 4 * (len(a) + len(b)):
        return np.bincount(a, minlength=cells), np.bincount(b, minlength=cells), None
    found, place = np.unique(np.concatenate((a, b)), return_inverse=True)
    place = place.reshape(-1)
    return (np.bincount(place[: len(a)], minlength=len(found)),
            np.bincount(place[len(a):], minlength=len(found)), found)


def no_blank(found, sizes, subset, cells):
    """Which cells have no blank and no unlisted value."""
    cell = np.arange(cells) if found is None else found
    keep = np.ones(len(cell), dtype=bool)
    for column in reversed(subset):
        cell, code = np.divmod(cell, sizes[column])
        keep &= (code > 0) & (code < sizes[column] - 1)
    return keep


def measure(real, synthetic, columns):
    """All figures of one synthetic file."""
    sizes = [len(column["categories"]) + 2 for column in columns]
    n, m = len(real[0]), len(synthetic[0])
    figures = {"rows": m}
    found_real = found_synthetic = fabricated = fabricated_mass = mass = 0
    often = missed = often_scaled = missed_scaled = 0
    for ways in (1, 2, 3):
        distances = []
        for subset in itertools.combinations(range(len(columns)), ways):
            a, b, found = counts(real, synthetic, sizes, subset)
            distances.append(0.5 * np.abs(a / n - b / m).sum())
            if ways < 3:
                continue
            keep = no_blank(found, sizes, subset, len(a))
            a, b = a[keep], b[keep]
            found_real += int((a > 0).sum())
            found_synthetic += int((b > 0).sum())
            fabricated += int(((b > 0) & (a == 0)).sum())
            fabricated_mass += int(b[a == 0].sum())
            mass += int(b.sum())
            often += int((a >= MISSED_FROM).sum())
            missed += int(((a >= MISSED_FROM) & (b == 0)).sum())
            scaled = a * m >= MISSED_FROM * n
            often_scaled += int(scaled.sum())
            missed_scaled += int((scaled & (b == 0)).sum())
        figures[f"tv{ways}"] = float(np.mean(distances))
        figures[f"tv{ways}_worst"] = float(np.max(distances))
    figures["triples_real"] = found_real
    figures["triples"] = found_synthetic
    figures["fabricated"] = fabricated / max(found_synthetic, 1)
    figures["fabricated_mass"] = fabricated_mass / max(mass, 1)
    figures["triples_often"] = often
    figures["missed"] = missed / max(often, 1)
    figures["missed_scaled"] = missed_scaled / max(often_scaled, 1)
    names = [column["name"] for column in columns]
    if RARE_COLUMN in names:
        at = names.index(RARE_COLUMN)
        a = np.bincount(real[at], minlength=sizes[at])[1:-1]
        b = np.bincount(synthetic[at], minlength=sizes[at])[1:-1]
        for below in RARE:
            rare = (a > 0) & (a < below)
            figures[f"rare_{below}"] = int(rare.sum())
            figures[f"rare_{below}_kept"] = float((b[rare] > 0).mean()) if rare.any() else None
            figures[f"rare_{below}_people"] = (
                float(b[rare].sum() / a[rare].sum() * n / m) if rare.any() else None)
    return figures


# What is printed, and how.
LINES = [
    ("rows", "rows", "{:,}"),
    ("unlisted", "cells of values not in the schema", "{:,}"),
    ("tv1", "1-way total variation, mean", "{:.4f}"),
    ("tv2", "2-way", "{:.4f}"),
    ("tv3", "3-way", "{:.4f}"),
    ("tv1_worst", "1-way, worst", "{:.4f}"),
    ("tv3_worst", "3-way, worst", "{:.4f}"),
    ("triples", "triples found", "{:,}"),
    ("fabricated", "fabricated triples", "{:.1%}"),
    ("fabricated_mass", "their mass", "{:.2%}"),
    ("missed", "missed of those of 10 or more", "{:.1%}"),
    ("missed_scaled", "missed, threshold scaled by rows", "{:.1%}"),
    ("rare_50_kept", "citizenships below 50 kept", "{:.1%}"),
    ("rare_50_people", "people in them, of one", "{:.2f}"),
    ("rare_200_kept", "citizenships below 200 kept", "{:.1%}"),
    ("rare_200_people", "people in them, of one", "{:.2f}"),
]


def main():
    words = [word for word in sys.argv[1:] if word != "--json"]
    if len(words) < 3:
        sys.exit(__doc__)
    real_path, schema_path, *paths = words
    with open(schema_path, encoding="utf-8") as text:
        columns = json.load(text)["columns"]
    real, unlisted = read(real_path, columns)
    if unlisted:
        sys.exit(f"{real_path} has {unlisted} cells that {schema_path} does not list")
    told = {}
    for path in paths:
        synthetic, unlisted = read(path, columns)
        told[path] = {"unlisted": unlisted, **measure(real, synthetic, columns)}
    if "--json" in sys.argv:
        json.dump(told, sys.stdout, indent=1)
        print()
        return
    names = [path.rsplit("/", 1)[-1].removesuffix(".csv") for path in paths]
    width = max(12, *(len(name) + 2 for name in names))
    print(f"{real_path}: {len(real[0]):,} rows, {told[paths[0]]['triples_real']:,} triples, "
          f"{told[paths[0]]['triples_often']:,} of them 10 times or more")
    print(f"{'':36}" + "".join(f"{name:>{width}}" for name in names))
    for key, label, form in LINES:
        values = [told[path].get(key) for path in paths]
        cells = ["-" if value is None else form.format(value) for value in values]
        print(f"{label:36}" + "".join(f"{cell:>{width}}" for cell in cells))


if __name__ == "__main__":
    main()
