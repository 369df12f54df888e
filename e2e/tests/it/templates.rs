//! A department with only a spreadsheet: the forms are written, filled in, and read back.

use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::Workbook;

use crate::clearway::Desk;

type Sheet = (String, Vec<Vec<Data>>);

fn forms() -> Desk {
    let desk = Desk::new();
    let answer = desk.run(&["templates", "--out", "forms", "--format", "json"]).exits(0).json();
    for file in answer["files"].as_array().expect("files") {
        assert!(desk.path(file.as_str().expect("a name")).is_file(), "{file}");
    }
    desk
}

/// Every sheet of a workbook, cell by cell.
fn sheets(desk: &Desk, name: &str) -> Vec<Sheet> {
    let mut workbook: Xlsx<_> = open_workbook(desk.path(name)).expect("a workbook");
    let sheets = workbook.worksheets().into_iter();
    sheets.map(|(name, range)| (name, range.rows().map(<[Data]>::to_vec).collect())).collect()
}

/// Writes the sheets as a spreadsheet program saves them.
fn save(desk: &Desk, name: &str, sheets: &[Sheet]) {
    let mut workbook = Workbook::new();
    for (title, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(title).expect("a sheet's name");
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let (row, column) = (row as u32, column as u16);
                match cell {
                    Data::Empty => continue,
                    Data::Int(number) => sheet.write_number(row, column, *number as f64),
                    Data::Float(number) => sheet.write_number(row, column, *number),
                    other => sheet.write_string(row, column, other.to_string()),
                }
                .expect("a cell");
            }
        }
    }
    workbook.save(desk.path(name)).expect("the workbook is saved");
}

/// The sheet to fill in, and where its columns stand.
fn form(sheets: &mut [Sheet]) -> (&mut Vec<Vec<Data>>, impl Fn(&str) -> usize + use<>) {
    let sheet = sheets.iter_mut().find(|(name, _)| name == "Return").expect("the sheet Return");
    let header: Vec<String> = sheet.1[0].iter().map(ToString::to_string).collect();
    let at = move |name: &str| header.iter().position(|column| column == name).expect("a column");
    (&mut sheet.1, at)
}

#[test]
fn an_empty_form_is_no_return() {
    let desk = forms();
    for name in
        ["clearway-return.xlsx", "clearway-return.csv", "clearway-quarterly-task-force.xlsx"]
    {
        desk.run(&["check", &format!("forms/{name}")]).exits(1);
    }
    let answer = desk.run(&["import", "forms", "--format", "json"]).exits(1).json();
    let imported = answer["files"].as_array().expect("files").iter();
    assert_eq!(imported.filter(|file| file["outcome"] == "imported").count(), 0);
    desk.run(&["report", "--out", "report"]).exits(1);
}

#[test]
fn the_form_is_filled_in_and_imported() {
    let desk = forms();
    let mut all = sheets(&desk, "forms/clearway-return.xlsx");
    let (rows, at) = form(&mut all);
    let width = rows[0].len();
    rows.truncate(2);
    for (reporter, kind, value) in [("fresno", "sex", 40.0), ("orange", "labor", 50.0)] {
        let mut row = vec![Data::Empty; width];
        row[at("measure")] = Data::String("investigation_initiated".to_owned());
        row[at("reporter")] = Data::String(reporter.to_owned());
        row[at("period")] = Data::String("2026-Q1".to_owned());
        row[at("trafficking_type")] = Data::String(kind.to_owned());
        row[at("value")] = Data::Float(value);
        rows.push(row);
    }
    save(&desk, "filled.xlsx", &all);
    let answer = desk.run(&["import", "filled.xlsx", "--format", "json"]).exits(0).json();
    assert_eq!(answer["files"][0]["figures"], 2, "the example row is not counted: {answer}");
    let figures = desk.report();
    let value = |id: &str| figures.iter().find(|row| row.id == id).map(|row| row.value.as_str());
    assert_eq!(value("investigation_initiated:2026-Q1:fresno:trafficking_type=sex"), Some("40"));
    assert_eq!(value("investigation_initiated:2026-Q1:state"), Some("90"));
    assert!(!figures.iter().any(|row| row.id.contains("practice")), "the example is no figure");
}

#[test]
fn its_twin_in_csv_is_filled_in_and_imported() {
    let desk = forms();
    let mut text = desk.read("forms/clearway-return.csv");
    assert!(text.starts_with("measure,reporter,period,") || text.starts_with('\u{feff}'));
    let columns = text.lines().next().map_or(0, |header| header.split(',').count());
    text.push_str(&format!("victim_served,fresno,2026-Q1{}\n", ",".repeat(columns - 3)));
    desk.write("filled.csv", &text);
    // Without a value it is no answer: nothing is guessed.
    desk.run(&["import", "filled.csv"]).exits(1);
    let mut cells: Vec<&str> = vec![""; columns];
    let header: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
    let at = |name: &str| header.iter().position(|column| *column == name).expect("a column");
    cells[at("value")] = "not collected";
    (cells[0], cells[1], cells[2]) = ("victim_served", "fresno", "2026-Q1");
    let form = desk.read("forms/clearway-return.csv");
    desk.write("filled.csv", format!("{form}{}\n", cells.join(",")));
    desk.run(&["import", "filled.csv"]).exits(0);
    let figures = desk.report();
    let row =
        figures.iter().find(|row| row.id == "victim_served:2026-Q1:fresno").expect("a figure");
    assert_eq!(row.value, "not collected", "which is neither zero nor unknown");
}

#[test]
fn the_quarterly_form_is_filled_in_and_imported() {
    let desk = forms();
    let mut all = sheets(&desk, "forms/clearway-quarterly-task-force.xlsx");
    let (rows, at) = form(&mut all);
    let prepared = rows.iter().skip(2).filter(|row| !matches!(row[0], Data::Empty)).count();
    assert!(prepared > 20, "one row for each figure of the quarter");
    for (number, row) in rows.iter_mut().skip(2).take(prepared).enumerate() {
        row[at("reporter")] = Data::String("sacramento".to_owned());
        row[at("period")] = Data::String("2026-Q1".to_owned());
        row[at("value")] = match number % 10 {
            3 => Data::String("unknown".to_owned()),
            7 => Data::String("not collected".to_owned()),
            _ => Data::Float(100.0 + number as f64),
        };
    }
    save(&desk, "quarter.xlsx", &all);
    let answer = desk.run(&["import", "quarter.xlsx", "--format", "json"]).exits(0).json();
    assert_eq!(answer["files"][0]["figures"], prepared, "{answer}");
    let figures = desk.report();
    // Sums that Clearway makes of them stand in no row of the form.
    let sent = figures.iter().filter(|row| row.cells().iter().any(|cell| cell.row > 0));
    let own: Vec<_> = sent.filter(|row| row.id.contains(":2026-Q1:sacramento")).collect();
    assert_eq!(own.len(), prepared);
    let said = |value: &str| own.iter().any(|row| row.value == value);
    assert!(said("100") && said("unknown") && said("not collected"));
}
