//! Records in the words of other standards, in and out.

mod ctdc;
mod htcds;

use std::collections::BTreeSet;

use jiff::civil::date;
use records::record::{AgencyRecord, Cell, Code, Field};
use records::register::Kind;
use records::returns::Table;
use records::standards::{Defaults, TakenIn, Written};
use records::{CellProblem, Shown};

type Read = fn(Table<'_>, &Defaults) -> Result<TakenIn, Vec<CellProblem>>;

fn defaults() -> Defaults {
    let counted_as = Code::get(Kind::CountedUnit, "victim_identified").unwrap();
    Defaults { counted_as, date: Some(date(2026, 7, 15)) }
}

fn parsed(csv: &str) -> (Vec<String>, Vec<(u64, Vec<String>)>) {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
    let mut rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    let header = rows.next().unwrap();
    (header, rows.enumerate().map(|(at, row)| (at as u64 + 2, row)).collect())
}

fn taken_in(read: Read, csv: &str) -> Result<TakenIn, Vec<CellProblem>> {
    let (header, rows) = parsed(csv);
    read(Table { file: "cases.csv", header_row: 1, header: &header, rows: &rows }, &defaults())
}

fn problems(read: Read, csv: &str) -> String {
    let problems = taken_in(read, csv).unwrap_err();
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn as_csv(header: &[String], rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// The cell of a written row.
fn cell<'w>(written: &'w Written, row: usize, column: &str) -> &'w str {
    let at = written.header.iter().position(|name| name == column).unwrap();
    &written.rows[row][at]
}

/// `field code: why`, without repeats.
fn unsaid(list: &[records::standards::Unsaid]) -> String {
    let lines = list.iter().map(|one| format!("{} {}: {}", one.field, one.code, one.why));
    lines.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("\n")
}

/// The record with some of its fields changed, as an agency changes them in its own store.
fn changed(record: &AgencyRecord, changes: &[(&str, &str)]) -> AgencyRecord {
    let mut line: serde_json::Value = serde_json::from_str(&record.to_own_store()).unwrap();
    for (field, text) in changes {
        line[*field] = (*text).into();
    }
    AgencyRecord::from_own_store(record.kind(), &line.to_string()).unwrap()
}

/// Fails unless every difference between the two records is named as unsaid, code by code.
fn differences_are_named(there: &AgencyRecord, back: &AgencyRecord, written: &Written) {
    for (field, cell) in Field::of(there.kind()).iter().zip(there.cells()) {
        let again = back.cell(field.name);
        if cell == again {
            continue;
        }
        let named = |code: &str| {
            let mut of_field = written.unsaid.iter().filter(|one| one.field == field.name);
            of_field.any(|one| one.code == Shown::value(code) || one.code == Shown::Withheld)
        };
        let again = codes_in(again);
        let lost: Vec<&str> = codes_in(cell).into_iter().filter(|c| !again.contains(c)).collect();
        assert!(lost.iter().all(|code| named(code)), "{}: {lost:?}", field.name);
        assert!(!lost.is_empty() || named(""), "{}", field.name);
    }
}

fn codes_in(cell: &Cell) -> Vec<&'static str> {
    match cell {
        Cell::Code(code) if code.as_str() == "both" => vec!["sex", "labor"],
        Cell::Code(code) => vec![code.as_str()],
        Cell::Codes(codes) => codes.iter().map(|code| code.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Writes a record, reads it again, and looks at what has changed; `said` are fields that the
/// standard says wholly.
fn there_and_back(
    record: &AgencyRecord,
    read: Read,
    write: fn(&[AgencyRecord], &Defaults) -> Written,
    said: &[&str],
) {
    let written = write(std::slice::from_ref(record), &defaults());
    let rows = [(2, written.rows[0].clone())];
    let table = Table { file: "again.csv", header_row: 1, header: &written.header, rows: &rows };
    let again = read(table, &defaults()).unwrap_or_else(|problems| panic!("{problems:?}"));
    let back = again.records.first().or(again.not_victims.first()).unwrap();
    differences_are_named(record, back, &written);
    for field in said {
        assert_eq!(record.cell(field), back.cell(field), "{field}");
    }
    for one in &written.unsaid {
        let code = one.code.to_string();
        assert!(!codes_in(back.cell(one.field)).contains(&code.as_str()), "said: {one:?}");
        assert!(record.personal(one.field).is_none() || one.code == Shown::Withheld, "{one:?}");
    }
}
