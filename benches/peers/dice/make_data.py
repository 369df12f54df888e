"""Writes two files of filters of 1,024 bits, as clkhash makes them from made-up people.

    python3 make_data.py DIR [--rows N]        100,000 people a side unless told
    python3 make_data.py DIR --people CSV      people of a file instead, half on each side

DIR/left.bin and DIR/right.bin hold the filters one after the other. Of the made-up people a third on
the right are people of the left with something typed otherwise, and one in ten is of the family of
somebody on the left. Made of syllables; nobody's name, address or number. The same arguments write
the same bytes.
"""

import argparse
import base64
import csv
import io
import pathlib
import random

from clkhash import clk
from clkhash.schema import from_json_dict

# Bits set by each field, as far as they do not fall on one another.
FIELDS = {"given_name": 150, "surname": 150, "birth_date": 150, "phone": 80, "street": 60}
SYLLABLES = ["ka", "ri", "mo", "sel", "ta", "no", "lu", "ver", "a", "dan", "is", "be", "gor", "hu",
             "ja", "mir", "ol", "pe", "quin", "ro", "sa", "tin", "u", "wal", "xi", "yan", "ze"]


def schema():
    key = {"type": "HKDF", "hash": "SHA256", "keySize": 64, "info": "",
           "salt": base64.b64encode(b"a salt for a measurement of time").decode()}
    features = [
        {"identifier": name, "format": {"type": "string", "encoding": "utf-8"},
         "hashing": {"comparison": {"type": "ngram", "n": 2, "positional": False},
                     "strategy": {"bitsPerFeature": bits}, "hash": {"type": "doubleHash"}}}
        for name, bits in FIELDS.items()
    ]
    return from_json_dict({"version": 3, "clkConfig": {"l": 1024, "kdf": key}, "features": features})


class People:
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.given = self.names(3000)
        self.surnames = self.names(20000)
        self.streets = self.names(5000)

    def names(self, count):
        return ["".join(self.chance.choices(SYLLABLES, k=self.chance.randint(2, 4)))
                for _ in range(count)]

    def common(self, names):
        """A few names are many people's: the rank is one over the square of chance, nearly."""
        return names[min(int(len(names) * self.chance.random() ** 2.5), len(names) - 1)]

    def person(self):
        chance = self.chance
        return {
            "given_name": self.common(self.given),
            "surname": self.common(self.surnames),
            "birth_date": f"{chance.randint(1950, 2010)}{chance.randint(1, 12):02}"
                          f"{chance.randint(1, 28):02}",
            "phone": "" if chance.random() < 0.2 else f"{chance.randint(0, 9_999_999):07}",
            "street": "" if chance.random() < 0.3
                      else f"{chance.randint(1, 9999)} {self.common(self.streets)} st",
        }

    def again(self, person):
        """The same person as somebody else took her down."""
        person = dict(person)
        for _ in range(self.chance.choice([0, 1, 1, 2, 3])):
            field = self.chance.choice(list(FIELDS))
            value = person[field]
            if field in ("phone", "street") and self.chance.random() < 0.6:
                person[field] = self.person()[field]
            elif value:
                at = self.chance.randrange(len(value))
                letter = self.chance.choice("0123456789" if value.isdigit() else "aeiounrst")
                person[field] = value[:at] + letter + value[at + 1:]
        return person

    def relative(self, person):
        other = self.person()
        return person | {"given_name": other["given_name"], "birth_date": other["birth_date"]}


def made_up(rows):
    people = People(1876)
    left = [people.person() for _ in range(rows)]
    right = []
    for n in range(rows):
        drawn = people.chance.random()
        right.append(people.again(left[n]) if drawn < 0.33
                     else people.relative(left[n]) if drawn < 0.43 else people.person())
    people.chance.shuffle(right)
    return left, right


def of_file(path):
    with open(path, encoding="utf-8", newline="") as file:
        people = [{name: row[name].lower().replace("-", "") for name in FIELDS}
                  for row in csv.DictReader(file)]
    half = len(people) // 2
    return people[:half], people[half:2 * half]


def encode(people, out):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(FIELDS))
    writer.writeheader()
    writer.writerows(people)
    text.seek(0)
    filters = clk.generate_clk_from_csv(text, "a secret for a measurement", schema(),
                                        validate=False, progress_bar=False)
    out.write_bytes(b"".join(filter.tobytes() for filter in filters))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--people", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.dir.mkdir(parents=True, exist_ok=True)
    sides = of_file(arguments.people) if arguments.people else made_up(arguments.rows)
    for name, people in zip(("left", "right"), sides):
        encode(people, arguments.dir / f"{name}.bin")


if __name__ == "__main__":
    main()
