//! The cells of a CSV file of people, for the encoders.
//!
//! In: the bytes of a file with a header. Out: its cells in the columns that are asked for, wiped
//! at the end; the columns that were not asked for, by name; or every row that cannot be read, by
//! number, never with what stands in it.

use std::ops::Range;

use csv::ByteRecord;
use zeroize::Zeroizing;

use super::hardened::{CELL_LIMIT, PersonCells};

/// How many faulty rows are listed; the rest is counted.
const FAULTS_LISTED: usize = 20;

/// Cells of a file, row by row.
pub struct PeopleCells {
    text: Zeroizing<String>,
    /// For each row a range for each column that was asked for; empty when the file lacks it.
    cells: Vec<Range<usize>>,
    columns: usize,
    missing: Vec<String>,
    ignored: Vec<String>,
}

/// Why a file of people cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleCsvError {
    /// There is no header with a column that is known.
    #[error("row 1: expected a header with any of {0}; add a first row with these names")]
    NoHeader(String),
    /// A column is there twice.
    #[error("row 1: the column {0} is there twice; rename or remove one")]
    ColumnTwice(String),
    /// Rows cannot be read.
    #[error("{}{}", .faults.join("\n"), more(*.count - .faults.len()))]
    Rows {
        /// The first of them, one line each.
        faults: Vec<String>,
        /// How many there are.
        count: usize,
    },
}

fn more(count: usize) -> String {
    if count == 0 { String::new() } else { format!("\nand {count} more") }
}

impl PeopleCells {
    /// Reads the cells of some columns.
    ///
    /// # Errors
    ///
    /// When none of the columns is there, one is there twice, or rows cannot be read: another
    /// number of cells than the header, no UTF-8, a cell longer than [`CELL_LIMIT`] bytes.
    pub fn read(file: &[u8], columns: &[&str]) -> Result<PeopleCells, PeopleCsvError> {
        let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
        let mut record = ByteRecord::new();
        // Reading from memory with any number of cells cannot fail.
        reader.read_byte_record(&mut record).unwrap_or(false);
        let header: Vec<String> =
            record.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let place =
            |column: &&str| header.iter().position(|name| name.eq_ignore_ascii_case(column));
        let places: Vec<Option<usize>> = columns.iter().map(place).collect();
        if places.iter().all(Option::is_none) {
            return Err(PeopleCsvError::NoHeader(columns.join(", ")));
        }
        let known = |name: &str| columns.iter().any(|column| name.eq_ignore_ascii_case(column));
        for (at, name) in header.iter().enumerate() {
            let before = header[..at].iter().any(|before| before.eq_ignore_ascii_case(name));
            if before && known(name) {
                return Err(PeopleCsvError::ColumnTwice(name.clone()));
            }
        }
        let absent = columns.iter().zip(&places).filter(|(_, place)| place.is_none());
        let mut people = PeopleCells {
            // Never moved: quotation marks make the cells shorter than the file.
            text: Zeroizing::new(String::with_capacity(file.len())),
            cells: Vec::new(),
            columns: columns.len(),
            missing: absent.map(|(column, _)| (*column).to_owned()).collect(),
            ignored: header.iter().filter(|name| !known(name)).cloned().collect(),
        };
        let (mut faults, mut count) = (Vec::new(), 0);
        let mut row = 1;
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            row += 1;
            if let Err(fault) = people.push(&record, &places, header.len(), columns) {
                count += 1;
                if faults.len() < FAULTS_LISTED {
                    faults.push(format!("row {row}{fault}"));
                }
            }
        }
        if count > 0 { Err(PeopleCsvError::Rows { faults, count }) } else { Ok(people) }
    }

    fn push(
        &mut self,
        record: &ByteRecord,
        places: &[Option<usize>],
        cells: usize,
        columns: &[&str],
    ) -> Result<(), String> {
        if record.len() != cells {
            return Err(format!(": {} cells, expected {cells} as in the header", record.len()));
        }
        for (place, column) in places.iter().zip(columns) {
            let cell = place.and_then(|place| record.get(place)).unwrap_or_default();
            if cell.len() > CELL_LIMIT {
                return Err(format!(
                    ", column {column}: {} bytes, expected at most {CELL_LIMIT}; a quotation mark may be missing",
                    cell.len()
                ));
            }
            let cell = std::str::from_utf8(cell)
                .map_err(|_| format!(", column {column}: no UTF-8; save the file as CSV UTF-8"))?;
            let start = self.text.len();
            self.text.push_str(cell.trim());
            self.cells.push(start..self.text.len());
        }
        Ok(())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.cells.len() / self.columns
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cells of a row, in the order in which the columns were asked for.
    pub fn row(&self, row: usize) -> Vec<&str> {
        let cells = &self.cells[row * self.columns..(row + 1) * self.columns];
        cells.iter().map(|cell| &self.text[cell.clone()]).collect()
    }

    /// The columns that were asked for and are not there.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// The columns of the file that were not asked for.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// A row of a file that was read with [`crate::COLUMNS`]: its `rec_id` and what is encoded.
    pub fn person(&self, row: usize) -> (&str, PersonCells<'_>) {
        let cell = |column: usize| {
            self.cells.get(row * self.columns + column).map_or("", |cell| &self.text[cell.clone()])
        };
        let cells = PersonCells {
            given_name: cell(2),
            surname: cell(4),
            alias: cell(5),
            sex: cell(6),
            birth_date: cell(7),
            phone: cell(8),
            street: cell(9),
            zip: cell(11),
        };
        (cell(0), cells)
    }
}

impl std::fmt::Debug for PeopleCells {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} rows [withheld]", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::COLUMNS;

    #[test]
    fn cells_by_name_of_the_column() {
        let file = "\u{feff}Surname,colour,given_name\n\"O\"\"Mara, Ruiz\",red, Mila \nLi,,\n";
        let people = PeopleCells::read(file.as_bytes(), &COLUMNS).unwrap();
        let (rec_id, person) = people.person(0);
        assert_eq!((rec_id, person.given_name, person.surname), ("", "Mila", "O\"Mara, Ruiz"));
        assert_eq!((people.len(), people.ignored()), (2, &["colour".to_owned()][..]));
        assert_eq!(people.missing().len(), 11);
        assert_eq!(format!("{people:?} {person:?}"), "2 rows [withheld] [withheld]");
    }

    #[test]
    fn what_cannot_be_read_is_named_and_not_shown() {
        let long = "x".repeat(10_000_000);
        let mut file = format!("given_name,surname\nXochitl\n{long},Li\n").into_bytes();
        file.extend(b"\xff\xfe,Li\n");
        let error = PeopleCells::read(&file, &COLUMNS).unwrap_err().to_string();
        assert_eq!(
            error,
            "row 2: 1 cells, expected 2 as in the header\n\
             row 3, column given_name: 10000000 bytes, expected at most 1000; a quotation mark may be missing\n\
             row 4, column given_name: no UTF-8; save the file as CSV UTF-8"
        );
        for (file, expected) in [
            ("colour\nred\n", "row 1: expected a header with any of rec_id, "),
            ("", "row 1: expected a header with any of rec_id, "),
            ("surname,Surname\n", "row 1: the column Surname is there twice"),
        ] {
            let error = PeopleCells::read(file.as_bytes(), &COLUMNS).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
