//! What a department with only a spreadsheet gets, read back by our own reader.

use std::fs;

use analysis::collect::read::{Sheet, personal, read};
use analysis::templates::{TemplateError, column_names, write};
use records::register::{Kind, Register};

fn known(header: &str) -> bool {
    column_names().any(|name| name == header)
}

fn written() -> (tempfile::TempDir, Vec<(String, Vec<u8>)>) {
    let out = tempfile::tempdir().unwrap();
    let paths = write(Register::embedded(), out.path()).unwrap();
    let files = paths.iter().map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read(path).unwrap())
    });
    let files = files.collect();
    (out, files)
}

fn sheets(name: &str) -> Vec<Sheet> {
    let (_out, files) = written();
    let (_, bytes) = files.iter().find(|(file, _)| file == name).unwrap();
    let sheets = read(name, bytes, &known).unwrap();
    assert_eq!(personal(&sheets), []);
    sheets
}

fn column<'a>(sheet: &'a Sheet, name: &str) -> Vec<&'a str> {
    let at = sheet.header.iter().position(|header| header == name).unwrap();
    sheet.rows.iter().map(|row| row.cells[at].as_str()).collect()
}

#[test]
fn the_form_has_its_columns_and_one_example() {
    for name in ["clearway-return.xlsx", "clearway-return.csv"] {
        let sheets = sheets(name);
        let form = sheets.iter().find(|sheet| sheet.header.iter().any(|name| known(name))).unwrap();
        let names: Vec<&str> = column_names().collect();
        assert_eq!(form.header, names);
        assert_eq!(form.header_row, 1);
        assert_eq!(form.rows.len(), 1);
        assert_eq!(form.rows[0].number, 2);
        assert_eq!(column(form, "example"), ["yes"]);
        assert_eq!(column(form, "period"), ["2026-Q3"]);
        assert_eq!(column(form, "value"), ["12"]);
    }
}

#[test]
fn only_the_form_reads_as_a_return() {
    for name in ["clearway-return.xlsx", "clearway-quarterly-task-force.xlsx"] {
        let sheets = sheets(name);
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(names, ["Read me", "Return", "Definitions", "Lists"]);
        for sheet in &sheets {
            assert_eq!(sheet.header.iter().any(|name| known(name)), sheet.name == "Return");
            assert_eq!(sheet.hidden, sheet.name == "Lists");
        }
    }
}

#[test]
fn the_lists_hold_every_current_code() {
    let register = Register::embedded();
    let sheets = sheets("clearway-return.xlsx");
    let lists = &sheets[3];
    for (name, kinds) in [
        ("measure", &[Kind::CountedUnit][..]),
        ("reporter", &[Kind::TaskForce, Kind::PracticeTaskForce, Kind::Agency]),
        ("trafficking_type", &[Kind::TraffickingType]),
        ("statute", &[Kind::Statute]),
        ("conduct", &[Kind::Conduct]),
        ("county", &[Kind::County]),
        ("age", &[Kind::Age]),
        ("status", &[Kind::Status]),
        ("service", &[Kind::Service]),
        ("benefit", &[Kind::Benefit]),
    ] {
        let codes: Vec<&str> = kinds
            .iter()
            .flat_map(|kind| register.entries(*kind))
            .map(|entry| entry.code.as_str())
            .collect();
        let listed: Vec<&str> = column(lists, &format!("codes for {name}"))
            .into_iter()
            .filter(|code| !code.is_empty())
            .collect();
        assert!(!codes.is_empty());
        assert_eq!(listed, codes, "{name}");
    }
}

#[test]
fn a_quarter_has_a_row_for_every_figure() {
    let register = Register::embedded();
    let sheets = sheets("clearway-quarterly-task-force.xlsx");
    let form = &sheets[1];
    let types = register.entries(Kind::TraffickingType).count();
    let services = register.entries(Kind::Service).count();
    assert_eq!(services, 20);
    let example = 1;
    let (investigated, identified, arrested, served) = (types, 2 * types, types, 3 * types);
    let trained = 2;
    let figures = investigated + identified + arrested + served + services + trained;
    assert_eq!(form.rows.len(), example + figures);
    for name in ["reporter", "period", "value"] {
        assert!(column(form, name)[1..].iter().all(|value| value.is_empty()), "{name}");
    }
    for (name, kind) in [
        ("measure", Kind::CountedUnit),
        ("trafficking_type", Kind::TraffickingType),
        ("status", Kind::Status),
        ("service", Kind::Service),
    ] {
        for code in column(form, name) {
            let current = register.entries(kind).any(|entry| entry.code == code);
            assert!(code.is_empty() || current, "{name} {code}");
        }
    }
}

#[test]
fn the_same_register_makes_the_same_bytes() {
    let (_out, first) = written();
    let (_other, second) = written();
    assert!(first == second);
    for (name, bytes) in first.iter().filter(|(name, _)| name.ends_with(".xlsx")) {
        // Time and day of every part as the container states them: midnight, 1 January 1980.
        for at in 0..bytes.len() - 16 {
            if bytes[at..].starts_with(b"PK\x01\x02") {
                assert_eq!(bytes[at + 12..at + 16], [0, 0, 0x21, 0], "{name}");
            }
        }
    }
}

#[test]
fn a_filled_in_form_is_not_overwritten() {
    let (out, _) = written();
    assert!(write(Register::embedded(), out.path()).is_ok());
    let form = out.path().join("clearway-return.csv");
    fs::write(&form, "filled in").unwrap();
    fs::remove_file(out.path().join("clearway-return.xlsx")).unwrap();
    let refused = write(Register::embedded(), out.path());
    assert!(matches!(refused, Err(TemplateError::FilledIn { path }) if path == form));
    assert_eq!(fs::read_to_string(&form).unwrap(), "filled in");
    assert!(!out.path().join("clearway-return.xlsx").exists());
}

#[test]
fn the_dictionary_explains_every_column() {
    let sheets = sheets("data-dictionary.csv");
    let names: Vec<&str> = column_names().collect();
    assert_eq!(column(&sheets[0], "column"), names);
    assert!(column(&sheets[0], "definition").iter().all(|text| !text.is_empty()));
    insta::assert_snapshot!(column(&sheets[0], "definition").join("\n"));
}
