"""Checks the table with frictionless, as run.sh does with `clearway check`.

    python3 peer.py DIR [--rules builtin|python] [--out FILE]

Reads DIR/schema.json and DIR/data.csv; the rules across columns, which Table Schema lacks, become
either frictionless's own `row_constraint` checks (`builtin`) or one hand-written check that compares
the cells in plain Python, the fastest that frictionless allows (`python`). Prints seconds and the
number of errors; FILE gets the (row, column) pairs found wrong.
"""

import argparse
import json
import pathlib
import time

import frictionless
from frictionless import Check, Checklist, Dialect, Resource, Schema, checks, errors, formats

COMPARE = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}


def formula(rule):
    if "sum" in rule:
        return f"{' + '.join(rule['sum'])} == {rule['equals']}"
    right = rule["right"] if "right" in rule else repr(rule["value"])
    operator = "==" if rule["operator"] == "=" else rule["operator"]
    text = f"{rule['left']} {operator} {right}"
    when = rule.get("when")
    return f"{when['field']} != {when['equals']!r} or {text}" if when else text


def column(rule):
    return rule["equals"] if "sum" in rule else rule["left"]


class Rules(Check):
    """All rules in one pass over the cells."""

    type = "rules"
    Errors = [errors.RowConstraintError]

    def __init__(self, rules):
        super().__init__()
        self.rules = rules

    def validate_row(self, row):
        for rule in self.rules:
            when = rule.get("when")
            if when and row[when["field"]] != when["equals"]:
                continue
            try:
                if "sum" in rule:
                    holds = sum(row[part] for part in rule["sum"]) == row[rule["equals"]]
                else:
                    right = row[rule["right"]] if "right" in rule else rule["value"]
                    holds = COMPARE[rule["operator"]](row[rule["left"]], right)
            except TypeError:
                holds = False
            if not holds:
                yield errors.RowConstraintError.from_row(row, note=formula(rule))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--rules", choices=["builtin", "python"], default="builtin")
    parser.add_argument("--out", type=pathlib.Path)
    arguments = parser.parse_args()
    definition = json.loads((arguments.dir / "schema.json").read_text())
    rules = definition.pop("rules")
    frictionless.system.trusted = True
    resource = Resource(
        path=str(arguments.dir / "data.csv"),
        schema=Schema.from_descriptor(definition),
        encoding="utf-8",
        format="csv",
        # Told, so that nothing need be guessed from a sample.
        dialect=Dialect(controls=[formats.CsvControl(delimiter=",", line_terminator="\n")]),
    )
    if arguments.rules == "builtin":
        across = [checks.row_constraint(formula=formula(rule)) for rule in rules]
    else:
        across = [Rules(rules)]
    started, started_cpu = time.perf_counter(), time.process_time()
    report = resource.validate(Checklist(checks=across), limit_errors=10_000_000)
    seconds, cpu = time.perf_counter() - started, time.process_time() - started_cpu
    columns = {formula(rule): column(rule) for rule in rules}
    wrong = set()
    for error in report.task.errors:
        row = getattr(error, "row_number", 0)
        if error.type == "row-constraint":
            name = next(name for text, name in columns.items() if text in error.note)
        elif error.type == "primary-key":
            key = definition["primaryKey"]
            name = key if isinstance(key, str) else ", ".join(key)
        else:
            name = getattr(error, "field_name", "")
        wrong.add((row, name))
    print(json.dumps({
        "tool": f"frictionless {frictionless.__version__}, rules {arguments.rules}",
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu, 3),
        "errors": len(report.task.errors),
        "rows": report.task.stats.get("rows"),
        "warnings": report.task.warnings,
    }))
    if arguments.out:
        arguments.out.write_text(json.dumps(sorted(wrong)))


if __name__ == "__main__":
    main()
