//! A folder with a hundred returns, ten of them broken: every error is listed, the good ones are
//! in, and of the broken ones nothing is.

mod broken;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::clearway::Desk;
use crate::formats::{Table, windows_1252};
use broken::Broken;

const REPORTERS: [&str; 9] = [
    "east-bay",
    "fresno",
    "los-angeles",
    "north-bay",
    "orange",
    "riverside",
    "sacramento",
    "san-diego",
    "san-jose",
];
const QUARTERS: [&str; 10] = [
    "2013-Q1", "2013-Q2", "2013-Q3", "2013-Q4", "2014-Q1", "2014-Q2", "2014-Q3", "2014-Q4",
    "2015-Q1", "2015-Q2",
];
const NOTE: &str = "año – señal";

/// Ninety good returns: name, bytes, figures.
fn good() -> Vec<(String, Vec<u8>, usize)> {
    let all = QUARTERS.iter().flat_map(|quarter| REPORTERS.map(|reporter| (reporter, *quarter)));
    all.enumerate().map(|(number, (reporter, quarter))| file(number, reporter, quarter)).collect()
}

fn file(number: usize, reporter: &str, quarter: &str) -> (String, Vec<u8>, usize) {
    let values: Vec<String> = (1..=5).map(|step| (1000 * step + number).to_string()).collect();
    let row = |measure, kind, value| [measure, reporter, quarter, kind, value, "2016-01-31", NOTE];
    let table = Table::new(
        ["measure", "reporter", "period", "trafficking_type", "value", "as_of", "note"],
        &[
            row("investigation_initiated", "sex", &values[0]),
            row("investigation_initiated", "labor", &values[1]),
            row("victim_identified", "sex", &values[2]),
            row("victim_identified", "labor", &values[3]),
            row("individual_arrested", "", &values[4]),
        ],
    );
    let (ending, bytes) = match number % 9 {
        0 => ("comma.csv", table.csv().into_bytes()),
        1 => ("semicolon.csv", table.delimited(b';').into_bytes()),
        2 => ("tab.tsv", table.delimited(b'\t').into_bytes()),
        3 => ("bom.csv", format!("\u{feff}{}", table.csv()).into_bytes()),
        4 => ("windows-1252.csv", windows_1252(&table.delimited(b';'))),
        5 => ("xlsx", table.xlsx()),
        6 => ("ods", table.ods()),
        7 => ("json", table.json().into_bytes()),
        _ => ("jsonl", table.json_lines().into_bytes()),
    };
    (format!("good-{number:02}.{ending}"), bytes, table.rows.len())
}

/// The folder `returns` with all hundred, and two files that are no returns.
fn folder() -> (Desk, Vec<Broken>) {
    let desk = Desk::new();
    for (name, bytes, _) in good() {
        desk.write(&format!("returns/{name}"), bytes);
    }
    let broken = broken::all();
    for one in &broken {
        desk.write(&format!("returns/{}", one.name), &one.bytes);
    }
    desk.write("returns/minutes.txt", "Minutes of the meeting\nThe returns are due on Friday.\n");
    desk.write("returns/logo.png", [0x89, b'P', b'N', b'G', 0, 1, 2, 3]);
    (desk, broken)
}

/// Errors as (file, row, column).
fn places(errors: &Value) -> BTreeSet<(String, u64, String)> {
    let place = |error: &Value| {
        let text = |key: &str| error[key].as_str().expect("text").to_owned();
        for key in ["value", "expected", "fix"] {
            assert!(error[key].is_string(), "{error}");
        }
        assert!(!text("expected").is_empty() && !text("fix").is_empty(), "{error}");
        let file = text("file").trim_start_matches("returns/").to_owned();
        (file, error["row"].as_u64().expect("a row"), text("column"))
    };
    errors.as_array().expect("errors").iter().map(place).collect()
}

fn expected(broken: &[Broken], with_conflicts: bool) -> BTreeSet<(String, u64, String)> {
    broken
        .iter()
        .filter(|one| with_conflicts || one.name != broken::CONFLICT)
        .flat_map(|one| {
            one.faults.iter().map(|(row, column)| (one.name.into(), *row, (*column).to_owned()))
        })
        .collect()
}

#[track_caller]
fn same(found: &BTreeSet<(String, u64, String)>, wanted: &BTreeSet<(String, u64, String)>) {
    let missing = wanted.difference(found).map(|place| format!("not listed: {place:?}\n"));
    let spurious = found.difference(wanted).map(|place| format!("listed, no fault: {place:?}\n"));
    let wrong: String = missing.chain(spurious).collect();
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// How often each outcome stands in an answer of import.
fn outcomes(answer: &Value) -> BTreeMap<String, usize> {
    let mut outcomes = BTreeMap::new();
    for file in answer["files"].as_array().expect("files") {
        *outcomes.entry(file["outcome"].as_str().expect("an outcome").to_owned()).or_default() += 1;
    }
    outcomes
}

fn counts<const N: usize>(counts: [(&str, usize); N]) -> BTreeMap<String, usize> {
    counts.into_iter().map(|(outcome, count)| (outcome.to_owned(), count)).collect()
}

fn import(desk: &Desk) -> Value {
    let answer = desk.run(&["import", "returns", "--as", "returns", "--format", "json"]).exits(1);
    broken::assert_no_person(&answer.out);
    broken::assert_no_person(&answer.err);
    let answer = answer.json();
    assert_eq!(answer["ok"], false);
    answer
}

#[test]
fn every_error_of_all_ten_is_listed_in_one_run() {
    let (desk, broken) = folder();
    let answer = import(&desk);
    same(&places(&answer["errors"]), &expected(&broken, true));
}

#[test]
fn check_lists_the_same_errors_and_changes_nothing() {
    let (desk, broken) = folder();
    let ran = desk.run(&["check", "returns", "--format", "json"]).exits(1);
    broken::assert_no_person(&ran.out);
    broken::assert_no_person(&ran.err);
    let answer = ran.json();
    let keys: Vec<&String> = answer.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["errors", "ok", "rows"], "the shape of the document");
    assert_eq!(answer["ok"], false);
    assert!(!desk.path("clearway-data").exists(), "check makes no database");
    let text = desk.run(&["check", "returns"]).exits(1);
    broken::assert_no_person(&text.out);
    broken::assert_no_person(&text.err);
    for one in &broken {
        let good = text.out.contains(&format!("returns/{}: refused", one.name));
        assert_eq!(good, one.name != broken::CONFLICT, "{}", one.name);
    }
    // What another return has answered is only known where the returns are.
    same(&places(&answer["errors"]), &expected(&broken, false));
}

#[test]
fn the_ninety_good_ones_are_in_and_nothing_of_the_others() {
    let (desk, broken) = folder();
    let answer = import(&desk);
    assert_eq!(outcomes(&answer), counts([("imported", 90), ("refused", 10), ("skipped", 2)]));
    let returns = desk.run(&["returns", "--format", "json"]).exits(0).json();
    let returns = returns.as_array().expect("returns");
    let stored: BTreeMap<&str, u64> = returns
        .iter()
        .map(|one| {
            assert_eq!(one["state"], "accepted");
            (one["file_name"].as_str().expect("a name"), one["figures"].as_u64().expect("figures"))
        })
        .collect();
    let sent: BTreeMap<String, usize> =
        good().into_iter().map(|(name, _, figures)| (name, figures)).collect();
    assert_eq!(stored.len(), 90);
    for (name, figures) in &sent {
        assert_eq!(stored.get(name.as_str()), Some(&(*figures as u64)), "{name}");
    }
    // Every number of every good file is there, whatever the form it was sent in.
    let rows = desk.report();
    for (number, (name, ..)) in good().iter().enumerate() {
        let own: BTreeSet<usize> = rows
            .iter()
            .filter(|row| row.cells().iter().any(|cell| &cell.file == name && cell.row > 0))
            .filter_map(|row| row.value.parse().ok())
            .collect();
        let wanted: BTreeSet<usize> = (1..=5).map(|step| 1000 * step + number).collect();
        assert_eq!(own, wanted, "{name}");
    }
    let notes = desk.read("report/figures.json").matches(&format!("\"note\": \"{NOTE}\"")).count();
    assert_eq!(notes, 450, "letters beyond ASCII arrive in every form");
    // And nothing of a broken one, not even in the database's bytes.
    let figures = desk.read("report/figures.csv");
    let database = fs::read(desk.path("clearway-data/clearway.sqlite")).expect("the database");
    for one in &broken {
        assert!(!figures.contains(one.name), "{}", one.name);
        assert!(!database.windows(one.name.len()).any(|bytes| bytes == one.name.as_bytes()));
    }
    for year in broken::YEARS {
        assert!(!rows.iter().any(|row| row.period.starts_with(year)), "a broken return's year");
    }
    for sentinel in broken::PERSONAL {
        assert!(!database.windows(sentinel.len()).any(|bytes| bytes == sentinel.as_bytes()));
    }
}

#[test]
fn the_second_run_changes_nothing() {
    let (desk, _) = folder();
    let first = import(&desk);
    desk.report();
    let (figures, returns) =
        (desk.read("report/figures.csv"), desk.run(&["returns", "--format", "json"]).out);
    let second = import(&desk);
    assert_eq!(outcomes(&second), counts([("already", 90), ("refused", 10), ("skipped", 2)]));
    assert_eq!(first["errors"], second["errors"], "the same ten are refused for the same reasons");
    desk.report();
    assert_eq!(desk.read("report/figures.csv"), figures);
    assert_eq!(desk.run(&["returns", "--format", "json"]).out, returns);
}
