//! The cells of a CSV file of people, for the encoders.
//!
//! In: the bytes of a file with a header. Out: its cells in the columns that are asked for, wiped
//! at the end; the columns that were not asked for, by name; or every row that cannot be read, by
//! number, never with what stands in it.

use std::ops::Range;

use csv::ByteRecord;
use zeroize::Zeroizing;

use super::hardened::{CELL_LIMIT, PersonCells};
use crate::COLUMNS;
use crate::people::{BIRTH_DATE, DatesLeftOut, HeaderError, Places, ReadSettings};

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
    dates_left_out: DatesLeftOut,
}

/// Why a file of people cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleCsvError {
    /// The header of a file of people has faults.
    #[error(transparent)]
    Header(#[from] HeaderError),
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
        /// How many of all are dates of birth that are none.
        dates: usize,
    },
}

fn more(count: usize) -> String {
    if count == 0 { String::new() } else { format!("\nand {count} more") }
}

impl PeopleCells {
    /// Reads the cells of some columns, by their names alone.
    ///
    /// # Errors
    ///
    /// When none of the columns is there, one is there twice, or rows cannot be read: another
    /// number of cells than the header, no UTF-8, a cell longer than [`CELL_LIMIT`] bytes.
    pub fn read(file: &[u8], columns: &[&str]) -> Result<PeopleCells, PeopleCsvError> {
        let (mut reader, header) = open(file);
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
        let missing = absent.map(|(column, _)| (*column).to_owned()).collect();
        let ignored = header.iter().filter(|name| !known(name)).cloned().collect();
        let places: Vec<Vec<usize>> =
            places.into_iter().map(|place| place.into_iter().collect()).collect();
        let mut people = PeopleCells::empty(file.len(), columns.len(), missing, ignored);
        people.fill(&mut reader, &header, &places, None)?;
        Ok(people)
    }

    /// Reads people: the cells of [`COLUMNS`], as a schema says what they are called and how dates
    /// are written; a date comes out as `YYYY-MM-DD` or `YYYY`. A truth column is not read.
    ///
    /// # Errors
    ///
    /// When the header has faults; when rows cannot be read, as with [`PeopleCells::read`], or a date of
    /// birth is none and is not to be taken as not given.
    pub fn people(file: &[u8], settings: &ReadSettings) -> Result<PeopleCells, PeopleCsvError> {
        let (mut reader, header) = open(file);
        let Places { columns: places, ignored, .. } = settings.schema.places(&header, None)?;
        let absent = COLUMNS.iter().zip(&places).filter(|(_, places)| places.is_empty());
        let missing = absent.map(|(column, _)| (*column).to_owned()).collect();
        // A date may be written in fewer letters than it comes out.
        let lines = file.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
        let bytes = file.len() + 10 * lines;
        let mut people = PeopleCells::empty(bytes, COLUMNS.len(), missing, ignored);
        people.fill(&mut reader, &header, &places, Some(settings))?;
        Ok(people)
    }

    fn empty(
        bytes: usize,
        columns: usize,
        missing: Vec<String>,
        ignored: Vec<String>,
    ) -> PeopleCells {
        PeopleCells {
            // Never moved, so that no copy is left behind: quotation marks and commas make the cells
            // shorter than the file.
            text: Zeroizing::new(String::with_capacity(bytes)),
            cells: Vec::new(),
            columns,
            missing,
            ignored,
            dates_left_out: DatesLeftOut::default(),
        }
    }

    /// Takes in all rows, or says what is wrong with them; the dates of people are checked.
    fn fill(
        &mut self,
        reader: &mut csv::Reader<&[u8]>,
        header: &[String],
        places: &[Vec<usize>],
        people: Option<&ReadSettings>,
    ) -> Result<(), PeopleCsvError> {
        let (mut faults, mut count, mut dates) = (Vec::new(), 0, 0);
        let mut record = ByteRecord::new();
        let mut row = 1;
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            row += 1;
            let mut fault = self.push(&record, header, places).err();
            if let (None, Some(settings)) = (&fault, people)
                && !self.take_birth(settings)
            {
                if settings.bad_dates_as_missing {
                    self.dates_left_out.add(row);
                } else {
                    dates += 1;
                    let column = places[BIRTH_DATE].first().map_or("", |at| header[*at].as_str());
                    let expected = settings.schema.dates_expected();
                    fault = Some(format!(
                        ", column {column}: expected {expected}; correct it or leave it empty"
                    ));
                }
            }
            if let Some(fault) = fault {
                count += 1;
                if faults.len() < FAULTS_LISTED {
                    faults.push(format!("row {row}{fault}"));
                }
            }
        }
        if count > 0 { Err(PeopleCsvError::Rows { faults, count, dates }) } else { Ok(()) }
    }

    fn push(
        &mut self,
        record: &ByteRecord,
        header: &[String],
        places: &[Vec<usize>],
    ) -> Result<(), String> {
        if record.len() != header.len() {
            let (found, expected) = (record.len(), header.len());
            return Err(format!(": {found} cells, expected {expected} as in the header"));
        }
        for columns in places {
            let start = self.text.len();
            for column in columns {
                let cell = record.get(*column).unwrap_or_default();
                let name = &header[*column];
                if cell.len() > CELL_LIMIT {
                    return Err(format!(
                        ", column {name}: {} bytes, expected at most {CELL_LIMIT}; a quotation mark may be missing",
                        cell.len()
                    ));
                }
                let cell = std::str::from_utf8(cell)
                    .map_err(|_| format!(", column {name}: no UTF-8; save the file as CSV UTF-8"))?
                    .trim();
                if self.text.len() > start && !cell.is_empty() {
                    self.text.push(' ');
                }
                self.text.push_str(cell);
            }
            self.cells.push(start..self.text.len());
        }
        Ok(())
    }

    /// Brings the date of birth of the last row into its form; whether it is one, or not given.
    fn take_birth(&mut self, settings: &ReadSettings) -> bool {
        let at = self.cells.len() - COLUMNS.len() + BIRTH_DATE;
        let birth = settings.schema.birth(self.text[self.cells[at].clone()].as_bytes());
        let written = Zeroizing::new(birth.unwrap_or_default().written());
        let start = self.text.len();
        self.text.push_str(&written);
        self.cells[at] = start..self.text.len();
        birth.is_some()
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

    /// Dates of birth that are none and were taken as not given.
    pub fn dates_left_out(&self) -> &DatesLeftOut {
        &self.dates_left_out
    }

    /// A row of a file that was read by [`PeopleCells::people`]: its `rec_id` and what is encoded.
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

/// A reader of the rows of a file, and its header.
fn open(file: &[u8]) -> (csv::Reader<&[u8]>, Vec<String>) {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut header = ByteRecord::new();
    // Reading from memory with any number of cells cannot fail.
    reader.read_byte_record(&mut header).unwrap_or(false);
    let name = |name: &[u8]| String::from_utf8_lossy(name).trim().to_owned();
    let header = header.iter().map(name).collect();
    (reader, header)
}

impl std::fmt::Debug for PeopleCells {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} rows [withheld]", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PeopleSchema;

    fn people(file: &str) -> Result<PeopleCells, PeopleCsvError> {
        PeopleCells::people(file.as_bytes(), &ReadSettings::default())
    }

    #[test]
    fn other_names_and_dates_by_a_schema() {
        let schema = PeopleSchema::from_toml(
            "street = [\"no\", \"road\"]\nbirth_date = { column = \"born\", format = \"%d.%m.%Y\" }",
        );
        let mut settings = ReadSettings { schema: schema.unwrap(), ..ReadSettings::default() };
        let file = "surname,no,road,born\nLi,12,Elm St,1.2.1999\nNg,,Oak,31.2.1999\nOh,7,,\n";
        let error = PeopleCells::people(file.as_bytes(), &settings).unwrap_err();
        assert_eq!(
            error.to_string(),
            "row 3, column born: expected a date as %d.%m.%Y; correct it or leave it empty"
        );
        assert!(matches!(error, PeopleCsvError::Rows { count: 1, dates: 1, .. }));
        settings.bad_dates_as_missing = true;
        let people = PeopleCells::people(file.as_bytes(), &settings).unwrap();
        let shown = |row: usize| (people.person(row).1.street, people.person(row).1.birth_date);
        assert_eq!([0, 1, 2].map(shown), [("12 Elm St", "1999-02-01"), ("Oak", ""), ("7", "")]);
        assert_eq!(
            (&people.dates_left_out().rows[..], people.dates_left_out().count),
            (&[3][..], 1)
        );
    }

    /// What is moved leaves a copy behind that is not wiped.
    #[test]
    fn the_cells_are_never_moved() {
        let schema = PeopleSchema::from_toml("birth_date = { format = \"%Y%m%d\" }").unwrap();
        let settings = ReadSettings { schema, ..ReadSettings::default() };
        let file = format!("birth_date\n{}", "19990101\n".repeat(1000));
        let people = PeopleCells::people(file.as_bytes(), &settings).unwrap();
        assert_eq!((people.len(), people.person(999).1.birth_date), (1000, "1999-01-01"));
        assert_eq!(people.text.capacity(), file.len() + 10 * 1002);
    }

    #[test]
    fn cells_by_name_of_the_column() {
        let file = "\u{feff}Surname,colour,given_name\n\"O\"\"Mara, Ruiz\",red, Mila \nLi,,\n";
        let people = people(file).unwrap();
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
        let error = PeopleCells::people(&file, &ReadSettings::default()).unwrap_err().to_string();
        assert_eq!(
            error,
            "row 2: 1 cells, expected 2 as in the header\n\
             row 3, column given_name: 10000000 bytes, expected at most 1000; a quotation mark may be missing\n\
             row 4, column given_name: no UTF-8; save the file as CSV UTF-8"
        );
        for (file, expected) in [
            ("colour\nred\n", "row 1: expected a header with any of rec_id, "),
            ("", "row 1: expected a header with any of rec_id, "),
            ("surname,Surname\n", "row 1: the column surname is there twice"),
        ] {
            let error = people(file).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
