//! A published table as CSV, and back.
//!
//! Columns: the table's dimensions, then `count`, `low`, `high`, `status`. A dimension says its
//! category, nothing for a blank, or [`TOTAL`] for the total over it. `status` is `exact`,
//! `rounded`, `noised`, `suppressed` or `not_reported`; only `noised` and `rounded` have `low` and `high`, and
//! the last two have no `count`.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Write};

use crate::published::{
    CellKey, PublishedCell, PublishedDimension, PublishedTable, PublishedValue, WhyHidden,
};

/// What a dimension says in the total over it.
pub const TOTAL: &str = "Total";

const VALUE_COLUMNS: [&str; 4] = ["count", "low", "high", "status"];

/// What is wrong at one line of a table's file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableFileFault {
    /// Too many or too few cells.
    #[error("line {line} has {found} cells, the header {expected}")]
    Cells {
        /// The line.
        line: u64,
        /// Its cells.
        found: usize,
        /// The header's.
        expected: usize,
    },
    /// Not a category of the dimension.
    #[error(
        "line {line}, column \"{column}\" is none of its categories, nor blank where that is one, nor \"{TOTAL}\""
    )]
    Category {
        /// The line.
        line: u64,
        /// The dimension.
        column: String,
    },
    /// Count, low, high and status that do not go together.
    #[error(
        "line {line}: count, low, high and status do not go together; exact has a count, rounded and noised a count, a low and a high that is no lower, suppressed and not_reported none"
    )]
    Value {
        /// The line.
        line: u64,
    },
    /// A cell twice.
    #[error("line {line} says a cell again")]
    Twice {
        /// The line.
        line: u64,
    },
}

/// Why a table cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum TableFileError {
    /// The file cannot be written.
    #[error("cannot write the table: {0}")]
    Unwritable(#[from] std::io::Error),
    /// Not readable as CSV text.
    #[error("cannot read the table: {0}")]
    Unreadable(#[from] csv::Error),
    /// A name or category that means something else in the file, or stands twice.
    #[error(
        "dimension \"{0}\" has the name of another column of the file, a category twice, or one named \"{TOTAL}\"; rename it"
    )]
    Name(String),
    /// A cell without a place in the table.
    #[error("cell {0} of the table has no place in its dimensions")]
    Place(usize),
    /// A header other than it must be.
    #[error("the header is not {0:?}")]
    Header(Vec<String>),
    /// Everything that is wrong with its lines.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Lines(Vec<TableFileFault>),
}

/// Writes a table as CSV, its cells in their order.
///
/// # Errors
/// Names that mean something else in the file, cells without a place, whatever the writer says.
pub fn write_table(table: &PublishedTable, into: impl Write) -> Result<(), TableFileError> {
    let header = header(&table.dimensions)?;
    let mut writer = csv::Writer::from_writer(into);
    writer.write_record(&header)?;
    for (number, cell) in table.cells.iter().enumerate() {
        if cell.at.len() != table.dimensions.len() {
            return Err(TableFileError::Place(number));
        }
        for (place, dimension) in cell.at.iter().zip(&table.dimensions) {
            let word = match place {
                None => TOTAL,
                Some(place) => {
                    dimension.categories.get(*place).ok_or(TableFileError::Place(number))?
                }
            };
            writer.write_field(word)?;
        }
        writer.write_record(value_words(cell.value))?;
    }
    Ok(writer.flush()?)
}

/// Reads a table of counts whose name, unit and dimensions are given, as its description keeps them.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn read_table(
    reader: impl Read,
    name: String,
    counted: String,
    dimensions: Vec<PublishedDimension>,
) -> Result<PublishedTable, TableFileError> {
    let header = header(&dimensions)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    if reader.headers()?.iter().ne(&header) {
        return Err(TableFileError::Header(header));
    }
    let places: Vec<HashMap<&str, usize>> = dimensions
        .iter()
        .map(|dimension| {
            dimension.categories.iter().enumerate().map(|(at, word)| (word.as_str(), at)).collect()
        })
        .collect();
    let mut faults = Vec::new();
    let mut cells = Vec::new();
    let mut seen = HashSet::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != header.len() {
            let (found, expected) = (record.len(), header.len());
            faults.push(TableFileFault::Cells { line, found, expected });
            continue;
        }
        let mut at = CellKey::new();
        for ((word, places), dimension) in record.iter().zip(&places).zip(&dimensions) {
            match places.get(word) {
                _ if word == TOTAL => at.push(None),
                Some(&place) => at.push(Some(place)),
                None => {
                    let column = dimension.name.clone();
                    faults.push(TableFileFault::Category { line, column });
                }
            }
        }
        let mut words = record.iter().skip(dimensions.len());
        let value = value([(); 4].map(|()| words.next().unwrap_or("")));
        match value {
            None => faults.push(TableFileFault::Value { line }),
            Some(_) if at.len() != dimensions.len() => {}
            Some(value) => {
                if !seen.insert(at.clone()) {
                    faults.push(TableFileFault::Twice { line });
                }
                cells.push(PublishedCell { at, value });
            }
        }
    }
    drop(places);
    if faults.is_empty() {
        Ok(PublishedTable { name, counted, amount: None, dimensions, cells })
    } else {
        Err(TableFileError::Lines(faults))
    }
}

/// Whether a table of these dimensions can be written: to be asked before anything is spent on it.
///
/// # Errors
/// [`TableFileError::Name`].
pub fn check_names(dimensions: &[PublishedDimension]) -> Result<(), TableFileError> {
    header(dimensions).map(|_| ())
}

fn header(dimensions: &[PublishedDimension]) -> Result<Vec<String>, TableFileError> {
    let mut names: HashSet<&str> = VALUE_COLUMNS.into();
    for dimension in dimensions {
        let mut words = HashSet::from([TOTAL]);
        if !names.insert(&dimension.name)
            || dimension.categories.iter().any(|word| !words.insert(word))
        {
            return Err(TableFileError::Name(dimension.name.clone()));
        }
    }
    let dimensions = dimensions.iter().map(|dimension| dimension.name.clone());
    Ok(dimensions.chain(VALUE_COLUMNS.map(str::to_owned)).collect())
}

fn value_words(value: PublishedValue) -> [String; 4] {
    let none = String::new;
    match value {
        PublishedValue::Exact(count) => [count.to_string(), none(), none(), "exact".into()],
        PublishedValue::Rounded { value, within } => {
            let [low, high] = [value.saturating_sub(within), value.saturating_add(within)];
            [value.to_string(), low.to_string(), high.to_string(), "rounded".into()]
        }
        PublishedValue::Noised { value, low, high } => {
            [value.to_string(), low.to_string(), high.to_string(), "noised".into()]
        }
        PublishedValue::Hidden(WhyHidden::Suppressed) => {
            [none(), none(), none(), "suppressed".into()]
        }
        PublishedValue::Hidden(WhyHidden::NotReported) => {
            [none(), none(), none(), "not_reported".into()]
        }
    }
}

fn value(words: [&str; 4]) -> Option<PublishedValue> {
    let number = |word: &str| word.parse::<u64>().ok();
    match words {
        [count, "", "", "exact"] => Some(PublishedValue::Exact(number(count)?)),
        [count, low, high, "rounded"] => {
            let (value, low, high) = (number(count)?, number(low)?, number(high)?);
            let within = high.checked_sub(value)?;
            (low == value.saturating_sub(within))
                .then_some(PublishedValue::Rounded { value, within })
        }
        [count, low, high, "noised"] => {
            let (value, low, high) = (number(count)?, number(low)?, number(high)?);
            (low <= high).then_some(PublishedValue::Noised { value, low, high })
        }
        ["", "", "", "suppressed"] => Some(PublishedValue::Hidden(WhyHidden::Suppressed)),
        ["", "", "", "not_reported"] => Some(PublishedValue::Hidden(WhyHidden::NotReported)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
