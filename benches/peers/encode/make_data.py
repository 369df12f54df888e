"""Writes made-up persons and a linkage schema, as clkhash's own benchmark makes them.

    python3 make_data.py DIR ROWS

DIR/rows.tsv: number, name, date of birth, gender; DIR/schema.json: the schema of that benchmark in
its version 3. Names repeat as they do in the lists that clkhash ships. The same rows every time.
"""

import json
import pathlib
import random
import sys

from clkhash.randomnames import NameList


def feature(identifier, form, comparison, strategy):
    return {"identifier": identifier, "format": form, "hashing": {
        "comparison": comparison, "strategy": strategy, "hash": {"type": "blakeHash"}}}


def main():
    directory, rows = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    random.seed(1)
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "rows.tsv", "w", encoding="utf-8") as out:
        for row in NameList(rows).names:
            cells = [str(cell).replace("/", "-") for cell in row]
            out.write("\t".join(cells) + "\n")
    ngram = {"type": "ngram", "n": 2}
    schema = {
        "version": 3,
        "clkConfig": {"l": 1024, "kdf": {"type": "HKDF"}},
        "features": [
            {"identifier": "INDEX", "ignored": True},
            feature("NAME", {"type": "string", "encoding": "utf-8"}, ngram,
                    {"bitsPerFeature": 300}),
            feature("DOB", {"type": "date", "format": "%Y-%m-%d"},
                    {"type": "ngram", "n": 1, "positional": True}, {"bitsPerFeature": 200}),
            feature("GENDER", {"type": "enum", "values": ["M", "F"]}, {"type": "exact"},
                    {"bitsPerToken": 30}),
        ],
    }
    (directory / "schema.json").write_text(json.dumps(schema, indent=1))


if __name__ == "__main__":
    main()
