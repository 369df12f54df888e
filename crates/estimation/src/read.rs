//! A CSV file to tables of capture histories.
//!
//! In: a header, then one row for each history: a 0/1 column for each list, a column `count`, and
//! perhaps a column `stratum` (a table for each of its values) and a column `draw` (a table for
//! each of the ways in which people may be linked; 0 is the best one). Histories without people
//! may be left out. Out: [`HistoryFile`], or every fault of the file with row and column.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use csv::ByteRecord;

use crate::histories::{CaptureHistories, HistoriesError, ListSet, MOST_LISTS, MOST_PEOPLE};

/// How many faults are listed one by one; the rest is counted.
pub const FAULTS_LISTED: usize = 100;

/// What a file of capture histories holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryFile {
    /// The tables, by draw and stratum, each ascending. All have the same lists.
    pub tables: Vec<HistoryTable>,
}

impl HistoryFile {
    /// The numbers of the draws, ascending.
    pub fn draws(&self) -> Vec<u32> {
        let mut draws: Vec<u32> = self.tables.iter().map(|table| table.draw).collect();
        draws.dedup();
        draws
    }

    /// The strata of a draw, in order of their names.
    pub fn strata(&self, draw: u32) -> impl Iterator<Item = &HistoryTable> {
        self.tables.iter().filter(move |table| table.draw == draw)
    }

    /// All strata of a draw as one table; none when there is no such draw.
    pub fn whole(&self, draw: u32) -> Option<CaptureHistories> {
        CaptureHistories::joined(self.strata(draw).map(|table| &table.histories))
    }
}

/// One table of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryTable {
    /// Which draw of the linkage this is; zero when the file has no such column.
    pub draw: u32,
    /// Which stratum this is, when the file has that column.
    pub stratum: Option<String>,
    /// The histories.
    pub histories: CaptureHistories,
}

/// A file of capture histories that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryFileError {
    /// The file is empty.
    #[error("row 1: expected a header with a column for each list and a column count")]
    Empty,
    /// A column that must be there is not.
    #[error("row 1: there is no column {name}; add it, or name the column that holds it")]
    NoColumn {
        /// The column's name.
        name: String,
    },
    /// A column is named twice.
    #[error("row 1: the column {name} is there twice; rename or remove one")]
    ColumnTwice {
        /// The column's name.
        name: String,
    },
    /// What the table cannot be made of.
    #[error("row 1: {0}")]
    Table(#[from] HistoriesError),
    /// Rows have faults: the first of them, and how many there are.
    #[error("{}", listed(.faults, *.count))]
    Faults {
        /// The first [`FAULTS_LISTED`], in the order of the file.
        faults: Vec<HistoryFault>,
        /// How many there are in all.
        count: usize,
    },
}

fn listed(faults: &[HistoryFault], count: usize) -> String {
    let mut lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    if count > faults.len() {
        lines.push(format!("and {} more", count - faults.len()));
    }
    lines.join("\n")
}

/// One fault of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryFault {
    /// The row; the header is row 1.
    pub row: u64,
    /// The column's name; none when the whole row is meant.
    pub column: Option<String>,
    /// What is wrong.
    pub kind: HistoryFaultKind,
}

impl fmt::Display for HistoryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "row {}, column {column}: {}", self.row, self.kind),
            None => write!(f, "row {}: {}", self.row, self.kind),
        }
    }
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryFaultKind {
    /// A list's cell that is neither 0 nor 1. What stands there is not repeated: a file of people
    /// may have been given by mistake.
    #[error("expected 0 (not on the list) or 1 (on it); correct it, or name the column of strata")]
    NotZeroOrOne,
    /// A count that is none.
    #[error("expected how many people have this history, a whole number from 0; correct it")]
    NoCount,
    /// A draw that is no number.
    #[error("expected the number of a draw, a whole number from 0; correct it")]
    NoDraw,
    /// A history on no list.
    #[error(
        "nobody can be seen on no list: how many there are is what is estimated; remove the row"
    )]
    OnNoList,
    /// The same history again.
    #[error("row {first} has the same history; add the counts and remove one row")]
    SameHistory {
        /// The row that has it first.
        first: u64,
    },
    /// More or fewer cells than the header.
    #[error("expected {expected} cells as in the header, found {found}; add or remove some")]
    Cells {
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// Not UTF-8.
    #[error("expected text in UTF-8; save the file as \"CSV UTF-8\"")]
    NotUtf8,
    /// Too many people.
    #[error("expected at most {MOST_PEOPLE} people in all; is the count right?")]
    TooManyPeople,
    /// The row cannot be read.
    #[error("the row cannot be read: {0}")]
    Unreadable(String),
}

/// Which column of the file holds what.
struct Columns {
    names: Vec<String>,
    lists: Vec<usize>,
    count: usize,
    stratum: Option<usize>,
    draw: Option<usize>,
}

/// Reads a CSV file of capture histories. `stratum_column` names the column that parts the people
/// into strata; without it a column named `stratum` does, if there is one.
///
/// # Errors
///
/// [`HistoryFileError`]: what is wrong with the header, or every fault of the rows at once.
///
/// # Examples
///
/// ```
/// use estimation::read_histories;
///
/// let file = "police,shelter,hotline,count\n1,0,0,40\n0,1,0,30\n0,0,1,20\n1,1,0,6\n";
/// let read = read_histories(file.as_bytes(), None)?;
/// assert_eq!(read.tables[0].histories.people(), 96);
///
/// let wrong = "police,shelter,count\n1,2,3\n0,0,1\n1,1,-4\n";
/// let said = read_histories(wrong.as_bytes(), None).unwrap_err().to_string();
/// assert_eq!(said.lines().count(), 3);
/// assert!(said.starts_with("row 2, column shelter: expected 0"));
/// # Ok::<(), estimation::HistoryFileError>(())
/// ```
pub fn read_histories(
    file: &[u8],
    stratum_column: Option<&str>,
) -> Result<HistoryFile, HistoryFileError> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut rows = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(file);
    let mut record = ByteRecord::new();
    let header = match rows.read_byte_record(&mut record) {
        Ok(true) => record.clone(),
        _ => return Err(HistoryFileError::Empty),
    };
    let columns = columns(&header, stratum_column)?;
    let mut reader = Rows {
        columns: &columns,
        faults: Vec::new(),
        count: 0,
        tables: BTreeMap::new(),
        seen: BTreeMap::new(),
    };
    loop {
        match rows.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) => reader.take(row_of(file, &record), &record),
            Err(error) => {
                reader.fault(
                    rows.position().line(),
                    None,
                    HistoryFaultKind::Unreadable(error.to_string()),
                );
                break;
            }
        }
    }
    reader.finish()
}

/// The line on which a record begins: its position is that of the blank lines before it.
fn row_of(file: &[u8], record: &ByteRecord) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let before = file.get(position.byte() as usize..).unwrap_or_default();
    let blank = before.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
    position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
}

fn columns(header: &ByteRecord, stratum_column: Option<&str>) -> Result<Columns, HistoryFileError> {
    let names: Vec<String> =
        header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    let mut seen = BTreeSet::new();
    if let Some(name) = names.iter().find(|name| !seen.insert(name.as_str())) {
        return Err(HistoryFileError::ColumnTwice { name: name.clone() });
    }
    let place = |wanted: &str| names.iter().position(|name| name == wanted);
    let count =
        place("count").ok_or_else(|| HistoryFileError::NoColumn { name: "count".to_owned() })?;
    let draw = place("draw");
    let stratum = match stratum_column {
        None => place("stratum"),
        Some(name) => {
            Some(place(name).ok_or_else(|| HistoryFileError::NoColumn { name: name.to_owned() })?)
        }
    };
    let lists: Vec<usize> = (0..names.len())
        .filter(|at| *at != count && Some(*at) != stratum && Some(*at) != draw)
        .collect();
    if !(1..=MOST_LISTS).contains(&lists.len()) {
        return Err(HistoriesError::Lists { found: lists.len() }.into());
    }
    Ok(Columns { names, lists, count, stratum, draw })
}

/// Which table a row belongs to: draw, stratum.
type Table = (u32, Option<String>);

struct Rows<'a> {
    columns: &'a Columns,
    faults: Vec<HistoryFault>,
    count: usize,
    tables: BTreeMap<Table, BTreeMap<ListSet, u64>>,
    /// The row in which a history of a table stood first.
    seen: BTreeMap<(Table, ListSet), u64>,
}

impl Rows<'_> {
    fn fault(&mut self, row: u64, column: Option<usize>, kind: HistoryFaultKind) {
        self.count += 1;
        if self.faults.len() < FAULTS_LISTED {
            let column = column.map(|at| self.columns.names[at].clone());
            self.faults.push(HistoryFault { row, column, kind });
        }
    }

    fn take(&mut self, row: u64, record: &ByteRecord) {
        let columns = self.columns;
        if record.len() != columns.names.len() {
            let (expected, found) = (columns.names.len(), record.len());
            return self.fault(row, None, HistoryFaultKind::Cells { expected, found });
        }
        let before = self.count;
        let mut cells = Vec::with_capacity(record.len());
        for (at, cell) in record.iter().enumerate() {
            match std::str::from_utf8(cell) {
                Ok(cell) => cells.push(cell.trim()),
                Err(_) => self.fault(row, Some(at), HistoryFaultKind::NotUtf8),
            }
        }
        if self.count > before {
            return;
        }
        let mut history = ListSet::default();
        for (list, at) in columns.lists.iter().enumerate() {
            match cells[*at] {
                "1" => history.0 |= ListSet::one(list).0,
                "0" => {}
                _ => self.fault(row, Some(*at), HistoryFaultKind::NotZeroOrOne),
            }
        }
        let count = cells[columns.count].parse::<u64>();
        if count.is_err() {
            self.fault(row, Some(columns.count), HistoryFaultKind::NoCount);
        }
        let draw = columns.draw.map_or(Ok(0), |at| cells[at].parse::<u32>());
        if let (Err(_), Some(at)) = (&draw, columns.draw) {
            self.fault(row, Some(at), HistoryFaultKind::NoDraw);
        }
        let (Ok(count), Ok(draw), true) = (count, draw, self.count == before) else { return };
        if history.is_empty() {
            return self.fault(row, None, HistoryFaultKind::OnNoList);
        }
        let table: Table = (draw, columns.stratum.map(|at| cells[at].to_owned()));
        if let Some(first) = self.seen.get(&(table.clone(), history)) {
            let first = *first;
            return self.fault(row, None, HistoryFaultKind::SameHistory { first });
        }
        let sum: u64 = self.tables.get(&table).map_or(0, |counts| counts.values().sum());
        if sum.checked_add(count).is_none_or(|sum| sum > MOST_PEOPLE) {
            return self.fault(row, Some(columns.count), HistoryFaultKind::TooManyPeople);
        }
        self.seen.insert((table.clone(), history), row);
        self.tables.entry(table).or_default().insert(history, count);
    }

    fn finish(self) -> Result<HistoryFile, HistoryFileError> {
        if self.count > 0 {
            return Err(HistoryFileError::Faults { faults: self.faults, count: self.count });
        }
        let lists: Vec<String> =
            self.columns.lists.iter().map(|at| self.columns.names[*at].clone()).collect();
        let mut tables = Vec::with_capacity(self.tables.len().max(1));
        for ((draw, stratum), counts) in self.tables {
            let histories = CaptureHistories::new(lists.clone(), counts)?;
            tables.push(HistoryTable { draw, stratum, histories });
        }
        if tables.is_empty() {
            let histories = CaptureHistories::new(lists, [])?;
            tables.push(HistoryTable { draw: 0, stratum: None, histories });
        }
        Ok(HistoryFile { tables })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(file: &str) -> Vec<String> {
        let error = read_histories(file.as_bytes(), None).unwrap_err();
        error.to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn every_fault_at_once_with_row_and_column() {
        let lines =
            said("A,B,count\n1,0,-3\n1,1,2.5\n2,1,4\n0,0,9\n0,1,7\n0,1,8\n1,1\n\n1,yes,many\n");
        let starts = [
            "row 2, column count: expected how many people",
            "row 3, column count: expected how many people",
            "row 4, column A: expected 0 (not on the list) or 1",
            "row 5: nobody can be seen on no list",
            "row 7: row 6 has the same history",
            "row 8: expected 3 cells",
            "row 10, column B: expected 0",
            "row 10, column count: expected how many",
        ];
        assert_eq!(lines.len(), starts.len(), "{lines:?}");
        for (line, start) in lines.iter().zip(starts) {
            assert!(line.starts_with(start), "{line}");
        }
    }

    #[test]
    fn headers_that_do_not_do() {
        assert_eq!(read_histories(b"", None), Err(HistoryFileError::Empty));
        let name = || "count".to_owned();
        assert_eq!(
            read_histories(b"A,B\n1,1\n", None),
            Err(HistoryFileError::NoColumn { name: name() })
        );
        let twice = Err(HistoryFileError::ColumnTwice { name: "A".to_owned() });
        assert_eq!(read_histories(b"A,A,count\n", None), twice);
        let none = Err(HistoryFileError::Table(HistoriesError::Lists { found: 0 }));
        assert_eq!(read_histories(b"count\n", None), none);
        let missing = read_histories(b"A,B,count\n", Some("eth")).unwrap_err();
        assert_eq!(
            missing.to_string(),
            "row 1: there is no column eth; add it, or name the column that holds it"
        );
    }

    #[test]
    fn strata_and_draws_are_tables_of_their_own() {
        let file = "count,eth,A,draw,B\n5,x,1,0,0\n6,y,1,0,0\n7,x,1,1,1\n8,x,0,1,1\n";
        let read = read_histories(file.as_bytes(), Some("eth")).unwrap();
        assert_eq!(read.draws(), [0, 1]);
        assert_eq!(read.strata(0).count(), 2);
        assert_eq!(read.whole(0).unwrap().people(), 11);
        let drawn = read.whole(1).unwrap();
        assert_eq!(drawn.counts(), [(ListSet(0b10), 8), (ListSet(0b11), 7)]);
        assert_eq!(read.whole(2), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_histories(&bytes, None);
        }

        #[test]
        fn what_is_written_is_read(counts in proptest::collection::vec(0_u64..1000, 7), turn in 0..7_usize) {
            let mut rows: Vec<String> = counts
                .iter()
                .enumerate()
                .map(|(at, count)| {
                    let set = at + 1;
                    format!("{},{},{},{count}\n", set & 1, set >> 1 & 1, set >> 2 & 1)
                })
                .collect();
            rows.rotate_left(turn);
            let read = read_histories(format!("A,B,C,count\n{}", rows.concat()).as_bytes(), None).unwrap();
            let cells = read.tables[0].histories.cells();
            prop_assert_eq!(&cells[1..], counts.iter().map(|count| *count as f64).collect::<Vec<_>>());
        }
    }
}
