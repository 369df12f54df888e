//! XLSX and ODS workbooks: every sheet, hidden ones too.
//!
//! A cell is read as its sheet shows it: whole numbers without a point, dates in ISO form, a
//! formula as the value it last had. The container is unpacked under a limit first, and what its
//! parts say of their own size is looked at, so that no workbook takes more memory than a return
//! needs.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, ExcelDateTime, Ods, OdsError, Reader, SheetType, SheetVisible, Style, Xlsx,
    XlsxError,
};
use records::person::looks_personal;

use super::refusal::{DAMAGED, EMPTY, ENCRYPTED, Refusal, TOO_MANY_CELLS};
use super::sheet::{File, MOST_CELLS, Reading};
use super::table::{self, RawRow, Source};
use super::{archive, limits};

/// The most that a workbook may unpack to, in bytes.
const MOST_UNPACKED: u64 = 512 << 20;

/// Reads a workbook.
pub(super) fn read(file: &File<'_>, bytes: &[u8]) -> Reading {
    let opened = grids_of(bytes, true);
    let mut reading = Reading::default();
    match opened {
        Ok(grids) if grids.iter().all(|grid| grid.rows.is_empty()) => {
            reading.problems.push(file.refused(EMPTY));
        }
        Ok(grids) => {
            for grid in grids {
                let source =
                    Source { sheet: &grid.name, hidden: grid.hidden, short_rows_are_wrong: false };
                table::shape(file, source, grid.rows, Vec::new(), &mut reading);
            }
        }
        Err(refusal) => reading.problems.push(file.refused(refusal)),
    }
    reading
}

/// The raw rows of a workbook's sheets: for an agency's own records, whose comments may well be
/// about people.
pub(crate) fn raw(bytes: &[u8]) -> Result<Vec<Vec<RawRow>>, Refusal> {
    let grids = grids_of(bytes, false)?;
    Ok(grids.into_iter().map(|grid| grid.rows).filter(|rows| !rows.is_empty()).collect())
}

fn grids_of(bytes: &[u8], totals: bool) -> Result<Vec<Grid>, Refusal> {
    // The libraries that unpack a workbook are not ours: a panic in them refuses this file and
    // takes nothing else with it.
    catch_unwind(AssertUnwindSafe(|| grids(bytes, totals))).unwrap_or(Err(DAMAGED))
}

enum Kind {
    Xlsx,
    Ods,
}

struct Grid {
    name: String,
    hidden: bool,
    rows: Vec<RawRow>,
}

/// Every sheet of the workbook; `totals` says that nothing in it may be about a person.
fn grids(bytes: &[u8], totals: bool) -> Result<Vec<Grid>, Refusal> {
    let mut kind = None;
    let bytes = archive::stored(bytes, MOST_UNPACKED, |name, content| {
        let name = name.replace('\\', "/").to_ascii_lowercase();
        if name.starts_with("xl/") {
            limits::of_any_part(content)?;
        }
        match name.as_str() {
            "content.xml" => {
                kind = Some(Kind::Ods);
                limits::of_open_document(content)?;
            }
            "xl/workbook.xml" | "[content_types].xml" => {
                kind = kind.take().or(Some(Kind::Xlsx));
            }
            name if totals
                && (name.starts_with("xl/comments") || name.starts_with("xl/threadedcomments")) =>
            {
                impersonal(content)?;
            }
            name if name.ends_with("strings.xml") => limits::of_shared_strings(content)?,
            _ => {}
        }
        Ok(())
    })?;
    match kind {
        Some(Kind::Xlsx) => xlsx(&bytes),
        Some(Kind::Ods) => ods(&bytes),
        None => Err(Refusal {
            found: "a ZIP container that holds no XLSX or ODS workbook",
            expected: "a workbook as XLSX or ODS",
            fix: "save the workbook as XLSX and send that file alone",
        }),
    }
}

/// Looks at the comments on cells, which no sheet shows: people write there what has no column.
fn impersonal(comments: &[u8]) -> Result<(), Refusal> {
    let xml = String::from_utf8_lossy(comments);
    let mut texts = xml.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    if texts.any(|text| looks_personal(text).is_some()) {
        return Err(Refusal {
            found: "a comment on a cell with a telephone number, an address or the like in it",
            expected: "totals only, with nothing about a person, also in comments",
            fix: "remove the comments; records about people never go by this route",
        });
    }
    Ok(())
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Grid>, Refusal> {
    let refuse =
        |error: XlsxError| if matches!(error, XlsxError::Password) { ENCRYPTED } else { DAMAGED };
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(refuse)?;
    let mut grids = Vec::new();
    for sheet in workbook.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let mut reader = match workbook.worksheet_cells_reader(&sheet.name) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(refuse(error)),
        };
        let percent: Vec<bool> = reader.styles().iter().map(is_percent).collect();
        let mut rows = Rows::default();
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(refuse)? {
            let percent = percent.get(style).copied().unwrap_or(false);
            let text = text_of(cell.get_value(), percent);
            rows.put(cell.get_position(), text)?;
        }
        grids.push(Grid {
            name: sheet.name,
            hidden: sheet.visible != SheetVisible::Visible,
            rows: rows.finish(),
        });
    }
    Ok(grids)
}

fn ods(bytes: &[u8]) -> Result<Vec<Grid>, Refusal> {
    let mut workbook = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        OdsError::Password => ENCRYPTED,
        OdsError::CellLimitExceeded { .. } => TOO_MANY_CELLS,
        _ => DAMAGED,
    })?;
    let mut grids = Vec::new();
    for sheet in workbook.sheets_metadata().to_vec() {
        let range = workbook.worksheet_range(&sheet.name).map_err(|_| DAMAGED)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        let mut rows = Rows::default();
        for (row, column, value) in range.used_cells() {
            let position = (first_row + row as u32, first_column + column as u32);
            rows.put(position, text_of(&as_ref(value), false))?;
        }
        grids.push(Grid {
            name: sheet.name,
            hidden: sheet.visible != SheetVisible::Visible,
            rows: rows.finish(),
        });
    }
    Ok(grids)
}

/// Rows made of single cells, in whatever order these come.
#[derive(Default)]
struct Rows {
    rows: std::collections::BTreeMap<u32, Vec<String>>,
    cells: usize,
}

impl Rows {
    fn put(&mut self, (row, column): (u32, u32), text: String) -> Result<(), Refusal> {
        if text.is_empty() {
            return Ok(());
        }
        let cells = self.rows.entry(row).or_default();
        let column = column as usize;
        if column >= cells.len() {
            self.cells += column + 1 - cells.len();
            if self.cells > MOST_CELLS {
                return Err(TOO_MANY_CELLS);
            }
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
        Ok(())
    }

    fn finish(self) -> Vec<RawRow> {
        self.rows
            .into_iter()
            .map(|(row, cells)| RawRow { number: u64::from(row) + 1, cells })
            .collect()
    }
}

fn as_ref(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(day) => DataRef::DateTime(*day),
        Data::DateTimeIso(day) => DataRef::DateTimeIso(day.clone()),
        Data::DurationIso(time) => DataRef::DurationIso(time.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

fn text_of(value: &DataRef<'_>, percent: bool) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if percent => format!("{}%", decimal(number * 100.0)),
        DataRef::Float(number) => decimal(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(day) => date(day),
        DataRef::DateTimeIso(day) => match day.split_once('T') {
            Some((day, "00:00:00")) => day.to_owned(),
            _ => day.clone(),
        },
        DataRef::DurationIso(time) => time.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A number as a sheet shows it, with the fifteen digits a sheet keeps: `12`, not `12.0`, and
/// `0.3`, not `0.30000000000000004`.
fn decimal(number: f64) -> String {
    let kept: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let text = kept.to_string();
    if text == "-0" { "0".to_owned() } else { text }
}

fn is_percent(style: &Style) -> bool {
    style.number_format.as_ref().is_some_and(|format| format.format_code.contains('%'))
}

/// A date, a date and time, or a time of day or length of time.
fn date(value: &ExcelDateTime) -> String {
    if value.is_duration() {
        let seconds = (value.as_f64() * 86_400.0).round() as i64;
        return format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds.abs() % 60);
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    if (0.0..1.0).contains(&value.as_f64()) {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_a_sheet_shows_them() {
        for (number, text) in [
            (12.0, "12"),
            (0.1 + 0.2, "0.3"),
            (2_552.0, "2552"),
            (-0.0, "0"),
            (1e12, "1000000000000"),
            (0.255 * 100.0, "25.5"),
        ] {
            assert_eq!(decimal(number), text);
        }
    }
}
