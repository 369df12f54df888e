"""A second, independent maker of people lists, kept aside: to see that nothing was tuned to the first.

    python3 aside.py OUT.csv RECORDS [--seed S]

It shares neither names, places, household model nor error model with `crates/simulation`:

- names are put together from syllables by language group with a long tail (a Zipf-Mandelbrot law), so
  that no list of known names, nicknames or spellings helps a linker;
- people live in buildings: a building has flats, a flat has between one and seven people, of whom some
  are kin; congregate buildings (dormitories, hotels) have one phone and up to hundreds of people;
- each person goes through a life of events (moves, new phones, a marriage, a street name), and each
  agency sees her at a time, so that rows differ because lives change, not only because of slips;
- slips come from a channel: every field has a quality by agency and clerk; bad clerks make many.

All rates are assumed. Uses only the standard library; the same arguments write the same bytes.
"""

import argparse
import csv
import datetime
import random

COLUMNS = ["rec_id", "agency", "given_name", "middle_name", "surname", "alias", "sex", "birth_date",
           "phone", "street", "city", "zip", "origin", "truth_id"]
AGENCIES = [  # name, share of contacts, how good its clerks are (0 bad to 1 good), kept fields
    ("county-jail", 20, .75, .9), ("city-police", 16, .6, .7), ("outreach", 13, .35, .5),
    ("night-shelter", 14, .45, .55), ("clinic", 11, .7, .8), ("court", 8, .9, .85),
    ("hotline-follow-up", 6, .4, .4), ("labor-board", 6, .65, .7), ("benefits", 6, .92, .97)]
ONSETS = {
    "latin": ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "tr", "br", "cr", "ll", "ch", ""],
    "anglo": ["b", "br", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "st", "t", "th", "w", "sh"],
    "east": ["b", "ch", "d", "g", "h", "j", "k", "l", "m", "n", "ng", "ph", "q", "s", "t", "x", "y", "z", "zh", "th"],
    "south": ["b", "bh", "ch", "d", "dh", "g", "h", "j", "k", "kh", "m", "n", "p", "r", "s", "sh", "t", "v", "y", "pr"]}
VOWELS = {"latin": ["a", "e", "i", "o", "u", "ia", "ue", "io"], "anglo": ["a", "e", "i", "o", "u", "ee", "ay", "ea", "y"],
          "east": ["a", "e", "i", "o", "u", "ao", "ie", "uo", "ai", "eo"], "south": ["a", "aa", "e", "i", "ee", "o", "u", "oo"]}
CODAS = {"latin": ["", "", "", "n", "r", "s", "l", "z"], "anglo": ["", "n", "r", "s", "l", "tt", "ck", "m", "ll", "th"],
         "east": ["", "n", "ng", "", "m", "nh", "p"], "south": ["", "", "n", "r", "m", "sh", "l", "d"]}
HEARD = [("ee", "i"), ("oo", "u"), ("aa", "a"), ("ph", "f"), ("ck", "k"), ("zh", "j"), ("x", "s"), ("z", "s"),
         ("v", "b"), ("ll", "y"), ("c", "k"), ("q", "ch"), ("ay", "ei"), ("y", "i"), ("th", "t"), ("kh", "k")]
GROUPS = [("latin", 46), ("anglo", 32), ("east", 13), ("south", 9)]
ORIGINS = {"latin": ["US", "MX", "MX", "GT", "SV", "HN"], "anglo": ["US", "US", "US", "CA"],
           "east": ["US", "CN", "VN", "TH", "PH", "KR"], "south": ["US", "IN", "PH", "NP", "BD"]}


def syllable(rng, group):
    return rng.choice(ONSETS[group]) + rng.choice(VOWELS[group]) + rng.choice(CODAS[group])


def made_names(rng, group, count, shortest, longest, endings):
    names = set()
    while len(names) < count:
        name = "".join(syllable(rng, group) for _ in range(rng.randint(shortest, longest))) + rng.choice(endings)
        if 3 <= len(name) <= 13:
            names.add(name.capitalize())
    names = sorted(names)
    rng.shuffle(names)
    return names


class Names:
    """Names by group with a Zipf-Mandelbrot law: few are frequent, many are rare."""

    def __init__(self, rng):
        self.lists = {}
        for group, _ in GROUPS:
            short = (1, 2) if group == "east" else (2, 3)
            for kind, count, endings in (("F", 900, ["a", "ia", "y", "ine", ""]), ("M", 700, ["o", "", "n", "er"]),
                                         ("S", 6000, ["", "ez", "son", "an", "a"])):
                names = made_names(rng, group, count, *short, endings)
                weights, total = [], 0.0
                for rank in range(count):
                    total += (rank + 3.0) ** -0.95
                    weights.append(total)
                self.lists[group, kind] = (names, weights)

    def draw(self, rng, group, kind):
        names, weights = self.lists[group, kind]
        return rng.choices(names, cum_weights=weights)[0]


class Town:
    def __init__(self, rng, scale):
        self.cities = []
        for number, name in enumerate(made_names(rng, "latin", 24, 2, 3, ["", "ville", " Beach"])):
            streets = [name + rng.choice([" St", " Ave", " Rd", " Blvd", " Dr"])
                       for name in made_names(rng, "anglo", 90, 1, 3, ["", "wood", "field"])]
            zips = [f"{90000 + number * 37 + step:05d}" for step in range(rng.randint(2, 9))]
            self.cities.append({"name": name, "streets": streets, "zips": zips, "code": 200 + number * 3})
        self.weights = [1 / (at + 1.5) for at in range(len(self.cities))]
        self.congregate = [self.building(rng) for _ in range(max(6, scale // 900))]
        for building in self.congregate:
            building["phone"] = self.phone(rng, building["city"])

    def city(self, rng):
        return rng.choices(self.cities, weights=self.weights)[0]

    def building(self, rng, city=None):
        city = city or self.city(rng)
        return {"number": rng.randint(1, 5999), "street": rng.choice(city["streets"]), "city": city,
                "zip": rng.choice(city["zips"]), "flat": None, "phone": None}

    @staticmethod
    def phone(rng, city):
        return f"{city['code']}{rng.choice('01')}{rng.randint(0, 999999):06d}"


class Life:
    """A person and how what can be written about her changes over ten thousand days."""

    def __init__(self, rng, names, town, group, home, surname, born):
        self.group, self.born = group, born
        self.sex = "F" if rng.random() < .68 else "M"
        self.given = names.draw(rng, group, self.sex)
        self.middle = names.draw(rng, group, self.sex) if rng.random() < .5 else ""
        self.surnames = [(0, surname)]
        self.origin = rng.choice(ORIGINS[group])
        self.aliases = []
        self.homes, self.phones = [(0, home)], [(0, town.phone(rng, home["city"]))]
        day = rng.expovariate(1 / 420)
        while day < 1000:
            kind = rng.random()
            if kind < .22:
                self.homes.append((day, rng.choice(town.congregate[:max(2, int(len(town.congregate) * rng.random() ** 2) + 1)])))
            elif kind < .5:
                self.homes.append((day, town.building(rng, home["city"] if rng.random() < .6 else None)))
            elif kind < .9:
                self.phones.append((day, town.phone(rng, home["city"])))
            elif kind < .95 and self.sex == "F":
                self.surnames.append((day, names.draw(rng, group, "S")))
            else:
                self.aliases.append((day, names.draw(rng, rng.choice(["anglo", "latin"]), self.sex)))
            day += rng.expovariate(1 / 420)
        if rng.random() < .2:
            self.aliases.append((0, names.draw(rng, "anglo", self.sex)))

    @staticmethod
    def at(events, day):
        past = [event for event in events if event[0] <= day]
        return max(past, key=lambda event: event[0])[1] if past else None


def slip(rng, text):
    """One slip of a noisy hand or ear."""
    if not text:
        return text
    kind, at = rng.random(), rng.randrange(len(text))
    if kind < .35:
        fits = [(heard, written) for heard, written in HEARD if heard in text.lower()]
        if fits:
            heard, written = rng.choice(fits)
            return text.lower().replace(heard, written, 1).capitalize()
    if kind < .55:
        return text[:at] + text[at + 1:]
    if kind < .75:
        return text[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + text[at + 1:]
    if kind < .88 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    return text[:at] + text[at] + text[at:]


def digits_slip(rng, text):
    if len(text) < 2:
        return text
    at = rng.randrange(len(text) - 1)
    if rng.random() < .5:
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    return text[:at] + str(rng.randint(0, 9)) + text[at + 1:]


def household(rng, names, town):
    """The people of one flat, kin or not."""
    group = rng.choices([g for g, _ in GROUPS], weights=[w for _, w in GROUPS])[0]
    home = town.building(rng)
    if rng.random() < .18:
        home = rng.choice(town.congregate)
    elif rng.random() < .4:
        home["flat"] = rng.randint(1, 60)
    size = rng.choices([1, 2, 3, 4, 5, 7], weights=[56, 19, 12, 7, 4, 2])[0]
    two = group == "latin" and rng.random() < .6
    father, mother = names.draw(rng, group, "S"), names.draw(rng, group, "S")
    shared = f"{father} {mother}" if two else father
    shared_phone = town.phone(rng, home["city"])
    lives, last_birth = [], None
    for place in range(size):
        kin = place and rng.random() < .75
        surname = shared if kin or not place else names.draw(rng, group, "S")
        if kin and two and rng.random() < .25:
            surname = f"{father} {names.draw(rng, group, 'S')}"
        age_days = int(rng.triangular(11, 58, 19) * 365.25)
        if kin and rng.random() < .05 and last_birth is not None:
            age_days = last_birth
        life = Life(rng, names, town, group, home, surname, age_days)
        if kin and rng.random() < .12 and lives[0].sex == life.sex:
            life.given = lives[0].given if rng.random() < .4 else lives[0].given[:3] + life.given[3:]
        if rng.random() < .45:
            life.phones[0] = (0, shared_phone)
        last_birth = age_days
        lives.append(life)
    return lives


def date_of(age_days):
    return datetime.date(2025, 6, 1) - datetime.timedelta(days=age_days)


def written(rng, names, life, agency, clerk):
    """A row as one clerk of an agency writes it."""
    _, _, quality, keeps = agency
    bad = (1.25 - quality) * clerk
    day = rng.uniform(0, 1000)
    given, middle, surname = life.given, life.middle, Life.at(life.surnames, day)
    alias = Life.at(life.aliases, day) or ""
    if alias and rng.random() < .12 * bad:
        given, alias = alias, life.given if rng.random() < .3 else ""
    elif rng.random() < .5:
        alias = ""
    if rng.random() < .12 * bad and len(given) > 4:
        given = given[:rng.choice([3, 4])] + rng.choice(["", "y", "i"])
    parts = surname.split(" ")
    if len(parts) == 2:
        order = rng.random()
        if order < .22 * bad + .1:
            parts = parts[:1]
        elif order < .3 * bad + .12:
            parts = parts[1:]
        elif order < .38 * bad + .14:
            parts.reverse()
        elif order < .46 * bad + .15:
            parts = ["-".join(parts)]
    surname = " ".join(parts)
    for _ in range(2):
        if rng.random() < .12 * bad:
            given = slip(rng, given)
        if rng.random() < .12 * bad:
            surname = slip(rng, surname)
    if middle and rng.random() < .4:
        middle = middle[0] if rng.random() < .5 else ""
    if rng.random() < .02 * bad:
        given, surname = surname, given
    if rng.random() < .06 * bad:
        surname = ""
    born = date_of(life.born)
    year, month, dom = born.year, born.month, born.day
    if rng.random() < .05 * bad:
        year += rng.choice([-2, -1, 1, 2, 10, -10])
    if rng.random() < .05 * bad:
        dom = max(1, min(28, dom + rng.choice([-1, 1, 2, 10, -10])))
    if rng.random() < .04 * bad and dom <= 12:
        month, dom = dom, month
    try:
            birth = datetime.date(year, month, dom).isoformat()
    except ValueError:
        birth = f"{year:04d}-{month:02d}-{min(dom, 28):02d}"
    unknown = rng.random()
    if unknown < .1 * bad:
        birth = ""
    elif unknown < .24 * bad:
        birth = str(year)
    air = rng.random()
    if air < .002 * bad:  # What is written when nothing is known.
        given, surname, birth = "Unknown", "Doe", f"{year + rng.randint(-4, 4)}-01-01"
    elif air < .03 * bad:  # A name and date out of the air.
        given, surname = (names.draw(rng, life.group, kind) for kind in (life.sex, "S"))
        birth = date_of(life.born + rng.randint(-900, 900)).isoformat()
    home = Life.at(life.homes, day)
    phone = home["phone"] if home["phone"] and rng.random() < .55 else Life.at(life.phones, day)
    if rng.random() < .05 * bad:
        phone = digits_slip(rng, phone)
    street = f"{home['number']} {home['street']}" + (f" Unit {home['flat']}" if home["flat"] and rng.random() < .6 else "")
    if rng.random() < .1 * bad:
        street = slip(rng, street)
    keep = lambda value, base: value if rng.random() < base * (.35 + .65 * keeps) else ""
    street = keep(street, .8)
    row = [given, middle, surname, alias, keep(life.sex if rng.random() > .01 * bad else "FM"[life.sex == "F"], .99),
           birth, keep(phone, .72), street, keep(home["city"]["name"], .95), keep(home["zip"], .8), keep(life.origin, .85)]
    if rng.random() < .2:
        row[0], row[2] = row[0].upper(), row[2].upper()
    return row


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("out")
    arguments.add_argument("records", type=int)
    arguments.add_argument("--seed", type=int, default=1)
    arguments = arguments.parse_args()
    rng = random.Random(arguments.seed)
    names, town = Names(rng), Town(rng, arguments.records)
    rows, person = [], 0
    while len(rows) < arguments.records:
        first = None
        for life in household(rng, names, town):
            person += 1
            # One contact for most; a geometric tail for the rest.
            contacts = 1
            while contacts < 9 and rng.random() < .36:
                contacts += 1
            seen = {first} if first is not None and rng.random() < .5 else set()
            while len(seen) < contacts:
                seen.add(rng.choices(range(len(AGENCIES)), weights=[a[1] for a in AGENCIES])[0])
            first = min(seen) if first is None else first
            for at in sorted(seen):
                for _ in range(2 if rng.random() < .03 else 1):
                    clerk = rng.choice([.4, .7, .7, 1, 1, 1.6, 2.6])
                    rows.append([AGENCIES[at][0], *written(rng, names, life, AGENCIES[at], clerk), person])
    del rows[arguments.records:]
    rng.shuffle(rows)
    with open(arguments.out, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for at, row in enumerate(rows):
            writer.writerow([f"A{at:07d}", *row[:-1], f"T{row[-1]}"])


if __name__ == "__main__":
    main()
