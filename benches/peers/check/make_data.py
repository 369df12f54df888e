"""Writes the table and schema of the bench: made-up counts and codes, nothing about a person.

    python3 make_data.py DIR [--rows N] [--all-wrong]

DIR/data.csv has N rows (1,000,000 unless told) of 40 columns; DIR/schema.json is the Table Schema
with our `rules`; DIR/seeded.json lists the (row, column) pairs that are wrong on purpose. The same
arguments write the same bytes. With --all-wrong every row is wrong in six ways.
"""

import argparse
import json
import pathlib
import random
from datetime import date, timedelta

COUNTIES = [f"06{n:03}" for n in range(1, 116, 2)]
TASK_FORCES = ["FRESNO", "LA", "OAKLAND", "ORANGE", "RIVERSIDE", "SACRAMENTO", "SAN-DIEGO",
               "SAN-FRANCISCO", "SAN-JOSE"]
CODES = {
    "county_fips": COUNTIES,
    "task_force": TASK_FORCES,
    "trafficking_type": ["SEX", "LABOUR", "DOMESTIC-SERVITUDE", "BOTH", "UNKNOWN"],
    "sector": ["STREET", "ESCORT", "MASSAGE", "RESIDENTIAL", "HOTEL", "AGRICULTURE", "CONSTRUCTION",
               "RESTAURANT", "CARE", "GARMENT", "CLEANING", "OTHER", "UNKNOWN"],
    "statute": ["236.1", "266h", "266i", "267", "181", "1591", "1589", "NONE"],
    "means": ["FORCE", "FRAUD", "COERCION", "DEBT", "DOCUMENTS", "THREATS", "NONE-NEEDED", "UNKNOWN"],
    "age_group": ["ADULT", "MINOR", "MIXED", "UNKNOWN"],
    "status": ["open", "closed", "referred", "suspended"],
    "outcome": ["none", "charged", "declined", "convicted", "acquitted", "dismissed"],
    "language": ["en", "es", "zh", "vi", "tl", "ko", "ru", "th", "hy", "fa", "km", "other"],
    "service": [f"S{n:02}" for n in range(1, 21)],
    "channel": ["PATROL", "TIP", "HOTLINE", "NGO", "HOSPITAL", "SCHOOL", "INSPECTION", "ONLINE"],
    "source": ["LEA", "NGO", "COURT", "STATE", "FEDERAL"],
    "unit": ["VICTIM", "INVESTIGATION", "ARREST", "LETTER", "CALL"],
}
COUNTS = {  # name: the most it may be
    "victims": 60, "adults": 30, "minors": 20, "age_unknown": 10, "female": 60, "male": 60,
    "gender_unknown": 60, "arrests": 40, "charged": 40, "convicted": 40, "trained": 5000,
    "hours": 400, "calls": 3000, "situations": 3000, "letters": 200,
}
FIRST_DAY = date(2010, 1, 1)


def required(**constraints):
    return {"required": True, **constraints}


def schema():
    fields = [
        {"name": "report_id", "constraints": required(pattern="R[0-9]{8}")},
        {"name": "line_number", "type": "integer", "constraints": required(unique=True, minimum=1)},
        {"name": "agency_code", "constraints": required(pattern="[A-Z]{2}[0-9]{3}")},
        {"name": "quarter", "constraints": required(pattern="20[0-9]{2}-Q[1-4]")},
        {"name": "year", "type": "year", "constraints": required(minimum="2010", maximum="2019")},
        {"name": "month", "type": "yearmonth", "constraints": required()},
        {"name": "received_on", "type": "date", "constraints": required(minimum="2010-01-01")},
        {"name": "checked_on", "type": "date", "constraints": required()},
    ]
    fields += [{"name": name, "constraints": required(enum=codes)} for name, codes in CODES.items()]
    fields += [
        {"name": name, "type": "integer", "constraints": required(minimum=0, maximum=most)}
        for name, most in COUNTS.items()
    ]
    fields += [
        {"name": "share_pct", "type": "number", "constraints": required(minimum=0, maximum=100)},
        {"name": "closed", "type": "boolean"},
        {"name": "mark", "constraints": {"minLength": 3, "maxLength": 12}},
    ]
    assert len(fields) == 40
    return {
        "fields": fields,
        "primaryKey": ["report_id"],
        "rules": [
            {"name": "ages add up", "sum": ["adults", "minors", "age_unknown"], "equals": "victims"},
            {"name": "genders add up", "sum": ["female", "male", "gender_unknown"], "equals": "victims"},
            {"name": "charged were arrested", "left": "charged", "operator": "<=", "right": "arrests"},
            {"name": "convicted were charged", "left": "convicted", "operator": "<=", "right": "charged"},
            {"name": "situations had calls", "left": "situations", "operator": "<=", "right": "calls"},
            {"name": "checked after receipt", "left": "checked_on", "operator": ">=",
             "right": "received_on"},
            {"name": "closed has an outcome", "left": "outcome", "operator": "!=", "value": "none",
             "when": {"field": "status", "equals": "closed"}},
        ],
    }


def rows(count):
    """Rows as dictionaries, all of them right."""
    chance = random.Random(2012)
    pick = lambda items: items[int(chance.random() * len(items))]
    below = lambda n: int(chance.random() * (n + 1))
    for n in range(count):
        received = FIRST_DAY + timedelta(days=below(3600))
        adults, minors, age_unknown = below(30), below(20), below(10)
        victims = adults + minors + age_unknown
        female = below(victims)
        male = below(victims - female)
        arrests = below(40)
        charged = below(arrests)
        calls = below(3000)
        row = {
            # Not in order, so that the sort for uniqueness has work to do.
            "report_id": f"R{n * 7_654_321 % 99_999_989:08}",
            "line_number": n + 1,
            "agency_code": f"{pick('ABCDEFGH')}{pick('KLMNOP')}{below(999):03}",
            "quarter": f"{received.year}-Q{(received.month + 2) // 3}",
            "year": received.year,
            "month": f"{received.year}-{received.month:02}",
            "received_on": received.isoformat(),
            "checked_on": (received + timedelta(days=below(60))).isoformat(),
        }
        for name, codes in CODES.items():
            row[name] = pick(codes)
        if row["status"] == "closed" and row["outcome"] == "none":
            row["outcome"] = "charged"
        row |= {
            "victims": victims, "adults": adults, "minors": minors, "age_unknown": age_unknown,
            "female": female, "male": male, "gender_unknown": victims - female - male,
            "arrests": arrests, "charged": charged, "convicted": below(charged),
            "trained": below(5000), "hours": below(400), "calls": calls, "situations": below(calls),
            "letters": below(200), "share_pct": f"{chance.random() * 100:.2f}",
            "closed": "true" if row["status"] == "closed" else "false",
            "mark": pick(["", "abc", "seen twice", "San José", '"on file"', "north, east"]),
        }
        yield row


# One way to be wrong for each kind of check, never in a column that a rule reads unless the rule is
# what is broken: the two tools differ in whether a rule sees a wrong value (README.md).
WRONG = [
    ("letters", lambda row: row.update(letters="some")),
    ("letters", lambda row: row.update(letters=-1)),
    ("trained", lambda row: row.update(trained=5001)),
    ("hours", lambda row: row.update(hours="")),
    ("county_fips", lambda row: row.update(county_fips="06002")),
    ("language", lambda row: row.update(language="EN")),
    ("agency_code", lambda row: row.update(agency_code="A123")),
    ("quarter", lambda row: row.update(quarter="2012-Q5")),
    ("year", lambda row: row.update(year="2020")),
    ("month", lambda row: row.update(month="2012-13")),
    ("share_pct", lambda row: row.update(share_pct="100.01")),
    ("share_pct", lambda row: row.update(share_pct="12 %")),
    ("closed", lambda row: row.update(closed="maybe")),
    ("mark", lambda row: row.update(mark="ab")),
    ("mark", lambda row: row.update(mark="a mark too long")),
    ("report_id", lambda row: row.update(report_id="R00000000")),  # row 2 has it
    ("line_number", lambda row: row.update(line_number=1)),  # row 2 has it
    ("victims", lambda row: row.update(
        adults=(row["adults"] + 1) % 31, victims=row["victims"], female=row["female"])),
    ("convicted", lambda row: row.update(charged=1, convicted=2, arrests=3)),
    ("charged", lambda row: row.update(arrests=1, charged=2, convicted=2)),
    ("situations", lambda row: row.update(calls=5, situations=6)),
    ("checked_on", lambda row: row.update(checked_on="2009-12-31")),
    ("outcome", lambda row: row.update(status="closed", outcome="none")),
]
EVERY = 1997  # one row in so many is wrong


def cell(value):
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in '",') else text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--all-wrong", action="store_true")
    arguments = parser.parse_args()
    arguments.dir.mkdir(parents=True, exist_ok=True)
    definition = schema()
    (arguments.dir / "schema.json").write_text(json.dumps(definition, indent=1) + "\n")
    names = [field["name"] for field in definition["fields"]]
    seeded = []
    with open(arguments.dir / "data.csv", "w", encoding="utf-8", newline="") as out:
        out.write(",".join(names) + "\n")
        for n, row in enumerate(rows(arguments.rows)):
            if arguments.all_wrong:
                row.update(letters="some", county_fips="06002", quarter="2012-Q5", victims=61,
                           report_id="R00000000", closed="maybe")
            elif n % EVERY == EVERY - 1:
                column, spoil = WRONG[n // EVERY % len(WRONG)]
                spoil(row)
                seeded.append([n + 2, column])
            out.write(",".join(cell(row[name]) for name in names) + "\n")
    (arguments.dir / "seeded.json").write_text(json.dumps(seeded) + "\n")


if __name__ == "__main__":
    main()
