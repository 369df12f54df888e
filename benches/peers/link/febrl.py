"""Febrl's data sets in the columns of a people set: a smoke test, far too kind to say more.

    python3 febrl.py DIR OUT.csv NAME...     such as: febrl.py ../shared/data/linkage f4.csv febrl4a febrl4b

Each file is an agency; the social security number stands in the phone column, the street number
before the street; what a people set has beyond is empty. Dates stand as they are, also those that
are none, such as 1945-09-32.
"""

import csv
import pathlib
import sys

COLUMNS = ["rec_id", "agency", "given_name", "middle_name", "surname", "alias", "sex", "birth_date",
           "phone", "street", "city", "zip", "origin", "truth_id"]


def main():
    directory, out, names = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    with open(out, "w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for name in names:
            with open(directory / f"{name}.csv", newline="", encoding="ascii") as source:
                for number, row in enumerate(csv.DictReader(source, skipinitialspace=True)):
                    row = {key: value.strip() for key, value in row.items()}
                    born = row["date_of_birth"]
                    whole = f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else ""
                    writer.writerow({
                        "rec_id": f"{name}-{number}", "agency": name, "given_name": row["given_name"],
                        "surname": row["surname"], "birth_date": whole, "phone": row["soc_sec_id"],
                        "street": f"{row['street_number']} {row['address_1']}".strip(),
                        "city": row["suburb"], "zip": row["postcode"],
                        "truth_id": row["rec_id"].split("-")[1]})


if __name__ == "__main__":
    main()
