//! Whether a table holds anything about a person.

use records::person::{is_about_a_person, looks_personal};
use records::{CellProblem, Shown};

use super::sheet::Sheet;

/// Finds everything about a person in a file's tables, hidden sheets included: columns by their
/// header, other cells by how they look. No value is ever shown.
pub fn personal(sheets: &[Sheet]) -> Vec<CellProblem> {
    let mut problems = Vec::new();
    for sheet in sheets {
        let from = match (sheet.name.as_str(), sheet.hidden) {
            ("", _) => String::new(),
            (name, false) => format!(" of sheet \"{}\"", Shown::value(name)),
            (name, true) => format!(" of the hidden sheet \"{}\"", Shown::value(name)),
        };
        let mut found = |row: u64, column: &str, what: &str| {
            let named = looks_personal(column).is_none();
            problems.push(CellProblem {
                file: sheet.file.clone(),
                row,
                column: if named { Shown::value(column).to_string() } else { String::new() },
                value: Shown::Withheld,
                expected: format!("totals only, and this looks like {what}"),
                fix: format!(
                    "this route takes totals only: remove the column{from}, or the whole sheet; \
                     records about people never go by it"
                ),
            });
        };
        let by_header: Vec<Option<&str>> = sheet
            .header
            .iter()
            .map(|name| {
                looks_personal(name)
                    .or_else(|| is_about_a_person(name).then_some("a column about a person"))
            })
            .collect();
        for (name, about) in sheet.header.iter().zip(&by_header) {
            if let Some(what) = about {
                found(sheet.header_row, name, what);
            }
        }
        for row in &sheet.rows {
            for (column, cell) in row.cells.iter().enumerate() {
                let judged = by_header.get(column).is_some_and(Option::is_some);
                if let (false, Some(what)) = (judged, looks_personal(cell)) {
                    found(row.number, sheet.header.get(column).map_or("", String::as_str), what);
                }
            }
        }
    }
    problems
}
