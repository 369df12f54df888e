//! A file that came by mail, made into what can be filed.

use records::register::Register;
use records::returns::{Mapping, same_header};
use records::{CellProblem, Quarter, Shown};
use store::NewReturn;

use super::check;
use crate::collect::read::{Sheet, read};

/// Checks a file that an agency has mailed, CSV or workbook, and returns it as CSV in Clearway's own
/// columns, with the return that is read of that. The file's own name is left behind.
///
/// # Errors
///
/// Every problem, by the cells of the file that came.
pub fn mailed(
    register: &Register,
    form: &Mapping,
    (agency, quarter): (&str, Quarter),
    (file_name, bytes): (&str, &[u8]),
) -> Result<(String, Box<NewReturn>), Vec<CellProblem>> {
    let came = check(register, form, (agency, quarter), (file_name, bytes))?;
    let sheets = read(file_name, bytes, &|name| form.column(name).is_some())?;
    let own_name = format!("{quarter}.csv");
    let csv = as_csv(form, &sheets).unwrap_or_default();
    let new = check(register, form, (agency, quarter), (&own_name, csv.as_bytes()))?;
    let answers = |new: &NewReturn| -> Vec<_> {
        new.checked.figures.iter().map(|figure| (figure.id(), figure.answer.clone())).collect()
    };
    if answers(&came) != answers(&new) {
        return Err(vec![CellProblem {
            file: file_name.to_owned(),
            row: 0,
            column: String::new(),
            value: Shown::Withheld,
            expected: "a file that says the same when it is kept as CSV".to_owned(),
            fix: "save it as CSV in the spreadsheet program, look it over, and send that"
                .to_owned(),
        }]);
    }
    Ok((csv, new))
}

/// The rows of the sheets that have columns of the form, in its columns; the others are there to be read.
fn as_csv(form: &Mapping, sheets: &[Sheet]) -> Option<String> {
    let sheets: Vec<&Sheet> = sheets
        .iter()
        .filter(|sheet| sheet.header.iter().any(|name| form.column(name).is_some()))
        .collect();
    let place = |sheet: &Sheet, column: &str| {
        sheet.header.iter().position(|name| same_header(name, column))
    };
    let columns: Vec<&str> = form
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .filter(|column| sheets.iter().any(|sheet| place(sheet, column).is_some()))
        .collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).ok()?;
    for sheet in sheets {
        let places: Vec<Option<usize>> =
            columns.iter().map(|column| place(sheet, column)).collect();
        for row in &sheet.rows {
            let cell = |at: &Option<usize>| at.and_then(|at| row.cells.get(at)).map_or("", |c| c);
            writer.write_record(places.iter().map(cell)).ok()?;
        }
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_xlsxwriter::Workbook;

    use super::*;
    use crate::filing::own_form;

    const HEADER: [&str; 4] = ["Reporter", "period", "measure", "value"];

    fn came(file_name: &str, bytes: &[u8]) -> Result<(String, Box<NewReturn>), Vec<CellProblem>> {
        let quarter = "2026-Q3".parse().unwrap();
        let form = own_form().unwrap();
        mailed(Register::embedded(), form, ("practice-1", quarter), (file_name, bytes))
    }

    fn workbook(rows: &[[&str; 4]]) -> Vec<u8> {
        let mut workbook = Workbook::new();
        let read_me = workbook.add_worksheet().set_name("Read me").unwrap();
        read_me.write(0, 0, "Fill in the sheet Return").unwrap();
        let sheet = workbook.add_worksheet().set_name("Return").unwrap();
        for (row, cells) in (0..).zip([HEADER].iter().chain(rows)) {
            for (column, cell) in (0..).zip(cells) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(row, column, number).unwrap(),
                    Err(_) => sheet.write(row, column, *cell).unwrap(),
                };
            }
        }
        workbook.save_to_buffer().unwrap()
    }

    #[test]
    fn a_workbook_and_a_csv_are_kept_alike() {
        let rows = [
            ["practice-1", "2026-Q3", "victim_identified", "12"],
            ["practice-1", "2026-Q3", "individual_trained", "140"],
        ];
        let (csv, new) = came("Jane Doe, return.xlsx", &workbook(&rows)).unwrap();
        assert_eq!(
            csv,
            "measure,reporter,period,value\nvictim_identified,practice-1,2026-Q3,12\n\
             individual_trained,practice-1,2026-Q3,140\n"
        );
        assert_eq!(new.digest, blake3::hash(csv.as_bytes()).to_hex().to_string());
        assert_eq!((&new.file_name[..], new.checked.figures.len()), ("2026-Q3.csv", 2));
        let lines: Vec<String> = [HEADER].iter().chain(&rows).map(|row| row.join(";")).collect();
        let (again, _) = came("return.csv", lines.join("\r\n").as_bytes()).unwrap();
        assert_eq!(again, csv);
    }

    #[test]
    fn every_problem_of_a_bad_workbook_is_said_by_its_cell() {
        let bad = workbook(&[
            ["practice-2", "2026-Q3", "victim_identified", "12"],
            ["practice-1", "2026-Q2", "victim_identified", "3"],
        ]);
        let problems = came("return.xlsx", &bad).unwrap_err();
        let said: Vec<(u64, &str)> =
            problems.iter().map(|one| (one.row, one.column.as_str())).collect();
        assert_eq!(said, [(2, "reporter"), (3, "period")]);
        let worse = workbook(&[
            ["practice-1", "2026-Q3", "no_such_measure", "12"],
            ["practice-1", "2026-Q3", "victim_identified", "twelve"],
        ]);
        assert!(came("return.xlsx", &worse).unwrap_err().len() >= 2);
        for nothing in [&b""[..], b"PK\x03\x04", b"\0\0", b"a,b\n1,2\n"] {
            assert!(!came("return.xlsx", nothing).unwrap_err().is_empty());
        }
    }

    proptest! {
        /// Whatever number stands in a cell, it is kept as it was checked.
        #[test]
        fn a_number_is_kept(value in 0..2_000_000u32) {
            let row = ["practice-1", "2026-Q3", "victim_identified", &value.to_string()];
            let (csv, new) = came("return.xlsx", &workbook(&[row])).unwrap();
            let ending = format!(",{}\n", value);
            prop_assert!(csv.ends_with(&ending), "{}", csv);
            prop_assert_eq!(new.checked.figures[0].answer.clone(), records::Answer::exactly(i64::from(value)));
        }

        /// Whatever bytes came, there is a return or a problem.
        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = came("return.xlsx", &bytes);
        }
    }
}
