//! A CSV file of rows about people, every fault of it at once.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::Read;

use crate::rows::{Amounts, Rows};
use crate::schema::{BLANK, Schema, SchemaColumn, SchemaError};

/// The most faults that are listed; the rest are counted.
pub const FAULTS_LISTED: usize = 100;

/// The largest amount, of a row and of all together: linear programmes in floating point tell whole numbers
/// up to this apart, whatever they add up and divide on the way.
pub const LARGEST_AMOUNT: u64 = 10_000_000;

/// What is wrong at one place of a file. The value itself is never repeated: it may be a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The line of the file, the header being line 1.
    pub line: u64,
    /// The column's name, or nothing where the whole row is at fault.
    pub column: Option<String>,
    /// What is wrong.
    pub kind: RowFaultKind,
}

/// The kinds of faults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowFaultKind {
    /// The cell says something that the schema does not list.
    #[error(
        "is not one of the {categories} categories that the schema lists, nor blank (the value is not repeated: it could be about a person); correct the cell, or add the category to the schema if it is public"
    )]
    UnknownCategory {
        /// How many categories the column has.
        categories: usize,
    },
    /// A row with too many or too few cells.
    #[error(
        "the row has {found} cells, the header {expected}; give every row as many, and put a value with a comma in it into quotes"
    )]
    Cells {
        /// Cells in the header.
        expected: usize,
        /// Cells in the row.
        found: usize,
    },
    /// An amount that cannot be added up.
    #[error(
        "is no amount: expected a whole number from 1 to 10,000,000, in digits only, such as 1200; leave out rows without an amount"
    )]
    Amount,
    /// Nobody to whom an amount belongs.
    #[error("names no contributor; give every row one, or leave --contributor out")]
    NoContributor,
    /// Text that is not UTF-8.
    #[error("is not UTF-8 text; save the file as UTF-8")]
    NotText,
}

/// Why a file of rows cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The schema itself is at fault.
    #[error("{}", join(.0))]
    Schema(Vec<SchemaError>),
    /// The file cannot be read.
    #[error("cannot read the rows: {0}")]
    Unreadable(#[from] std::io::Error),
    /// No row at all.
    #[error("the table has no rows: there is nothing to release")]
    Empty,
    /// Columns that are wanted and the file lacks, or the file names twice.
    #[error("{}", header_fault(.missing, .twice, .heads))]
    Header {
        /// Wanted, not in the header.
        missing: Vec<String>,
        /// More than once in the header.
        twice: Vec<String>,
        /// What the header has.
        heads: Vec<String>,
    },
    /// A quote that is opened and never closed: everything behind it would be one value.
    #[error(
        "the row that begins at line {line} opens a quote and never closes it, so that the rest of the file would be lost in one value; close it, or remove it"
    )]
    OpenQuote {
        /// Where the row begins.
        line: u64,
    },
    /// A column with more different values than a code can say.
    #[error("column \"{0}\" has more than 65,534 different values: it is no category")]
    TooManyValues(String),
    /// Every fault of the rows, the first [`FAULTS_LISTED`] in full.
    #[error("{} of the rows' cells cannot be used", .total)]
    Rows {
        /// The first of them.
        listed: Vec<RowFault>,
        /// How many there are.
        total: u64,
    },
}

fn join(errors: &[SchemaError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// What is wrong with a header, and what it has instead.
fn header_fault(missing: &[String], twice: &[String], heads: &[String]) -> String {
    let list = |names: &[String]| {
        names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    };
    let mut said = Vec::new();
    if !missing.is_empty() {
        said.push(format!("the header (line 1) has no column {}", list(missing)));
    }
    if !twice.is_empty() {
        said.push(format!("the header (line 1) names {} more than once", list(twice)));
    }
    said.push(match heads {
        [] => "the file is empty; it needs a line with the names of its columns".to_owned(),
        [one] if one.contains([';', '\t']) => {
            "its columns are not separated by commas; save it as CSV with commas".to_owned()
        }
        heads => format!("it has {}; name columns as the file does", list(heads)),
    });
    said.join("; ")
}

/// Reads the columns of a schema from a CSV file with a header; other columns are left aside.
///
/// Values are compared as they stand, spaces around them aside.
///
/// # Errors
/// Everything that is wrong with the file; see [`ReadError`].
pub fn read_rows(reader: impl Read, schema: Schema) -> Result<Rows, ReadError> {
    let faults = schema.faults();
    if !faults.is_empty() {
        return Err(ReadError::Schema(faults));
    }
    let names: Vec<String> = schema.columns.iter().map(|column| column.name.clone()).collect();
    let codes: Vec<HashMap<&str, u16>> =
        schema.columns.iter().map(SchemaColumn::codes_by_word).collect();
    let mut columns = vec![Vec::new(); schema.columns.len()];
    read_cells(reader, &names, |column, word| match codes[column].get(word) {
        Some(&code) => {
            columns[column].push(code);
            Ok(())
        }
        None => {
            columns[column].push(BLANK);
            Err(RowFaultKind::UnknownCategory { categories: codes[column].len() - 1 })
        }
    })?;
    drop(codes);
    Ok(Rows::new(schema, columns))
}

/// Reads columns and takes the categories from the data, in the order of their words.
///
/// For tables that are published by suppression only: lists of categories that are learnt from the
/// data are not private.
///
/// # Errors
/// Everything that is wrong with the file; see [`ReadError`].
pub fn read_rows_learning(reader: impl Read, names: &[String]) -> Result<Rows, ReadError> {
    let mut words: Vec<HashMap<String, u32>> = vec![HashMap::new(); names.len()];
    let mut found: Vec<Vec<u32>> = vec![Vec::new(); names.len()];
    read_cells(reader, names, |column, word| {
        let next = u32::try_from(words[column].len()).unwrap_or(u32::MAX);
        let index = match words[column].get(word) {
            Some(&index) => index,
            None => *words[column].entry(word.to_owned()).or_insert(next),
        };
        found[column].push(index);
        Ok(())
    })?;
    let mut schema = Schema { columns: Vec::with_capacity(names.len()) };
    let mut columns = Vec::with_capacity(names.len());
    for ((name, words), found) in names.iter().zip(words).zip(found) {
        let mut sorted: Vec<(String, u32)> = words.into_iter().collect();
        sorted.sort();
        let mut codes = vec![BLANK; sorted.len()];
        let mut categories = Vec::with_capacity(sorted.len());
        for (word, index) in sorted.into_iter().filter(|(word, _)| !word.is_empty()) {
            categories.push(word);
            codes[index as usize] = u16::try_from(categories.len())
                .ok()
                .filter(|&code| code < u16::MAX)
                .ok_or_else(|| ReadError::TooManyValues(name.clone()))?;
        }
        schema.columns.push(SchemaColumn { name: name.clone(), categories });
        columns.push(found.into_iter().map(|index| codes[index as usize]).collect());
    }
    Ok(Rows::new(schema, columns))
}

/// Reads the amounts of a column. `contributor` is the column that says whose amount it is; without it every
/// row has a contributor of its own.
///
/// # Errors
/// Everything that is wrong with the file; see [`ReadError`].
pub fn read_amounts(
    reader: impl Read,
    amount: &str,
    contributor: Option<&str>,
) -> Result<Amounts, ReadError> {
    let names: Vec<String> = [amount].into_iter().chain(contributor).map(str::to_owned).collect();
    let mut values = Vec::new();
    let mut contributors: Vec<u32> = Vec::new();
    let mut known: HashMap<String, u32> = HashMap::new();
    read_cells(reader, &names, |column, word| {
        if column == 1 {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            contributors.push(*known.entry(word.to_owned()).or_insert(next));
            return if word.is_empty() { Err(RowFaultKind::NoContributor) } else { Ok(()) };
        }
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        let value =
            word.parse().ok().filter(|value| digits && (1..=LARGEST_AMOUNT).contains(value));
        values.push(value.unwrap_or(1));
        value.map(|_: u64| ()).ok_or(RowFaultKind::Amount)
    })?;
    if contributor.is_none() {
        contributors = (0..u32::try_from(values.len()).unwrap_or(u32::MAX)).collect();
    }
    Ok(Amounts::new(amount.to_owned(), values, contributors))
}

/// Gives every cell of the named columns to `take`, row by row, and gathers what it says is wrong.
fn read_cells(
    reader: impl Read,
    names: &[String],
    mut take: impl FnMut(usize, &str) -> Result<(), RowFaultKind>,
) -> Result<(), ReadError> {
    let quotes = Cell::new(0);
    let counted = CountedQuotes { reader, quotes: &quotes };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(counted);
    let header = reader.byte_headers().map_err(unreadable)?.clone();
    let heads: Vec<String> = header
        .iter()
        .map(|head| String::from_utf8_lossy(head).trim_start_matches('\u{feff}').trim().to_owned())
        .collect();
    let places = |name: &String| heads.iter().filter(|head| *head == name).count();
    let missing: Vec<String> = names.iter().filter(|name| places(name) == 0).cloned().collect();
    let twice: Vec<String> = names.iter().filter(|name| places(name) > 1).cloned().collect();
    if !missing.is_empty() || !twice.is_empty() {
        return Err(ReadError::Header { missing, twice, heads });
    }
    let places: Vec<usize> =
        names.iter().filter_map(|name| heads.iter().position(|head| head == name)).collect();

    let mut listed = Vec::new();
    let mut total = 0;
    let mut rows = 0_u64;
    let mut fault = |line: u64, column: Option<&String>, kind: RowFaultKind| {
        total += 1;
        if listed.len() < FAULTS_LISTED {
            listed.push(RowFault { line, column: column.cloned(), kind });
        }
    };
    let mut record = csv::ByteRecord::new();
    let mut last = 1;
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        rows += 1;
        let line = record.position().map_or(rows + 1, csv::Position::line);
        last = line;
        if record.len() != heads.len() {
            let kind = RowFaultKind::Cells { expected: heads.len(), found: record.len() };
            fault(line, None, kind);
            continue;
        }
        for (column, &place) in places.iter().enumerate() {
            match std::str::from_utf8(&record[place]) {
                Ok(word) => {
                    if let Err(kind) = take(column, word.trim()) {
                        fault(line, Some(&names[column]), kind);
                    }
                }
                Err(_) => fault(line, Some(&names[column]), RowFaultKind::NotText),
            }
        }
    }
    // Quotes come in pairs, those inside of quoted values too.
    if quotes.get() % 2 == 1 {
        return Err(ReadError::OpenQuote { line: last });
    }
    if total > 0 {
        return Err(ReadError::Rows { listed, total });
    }
    if rows == 0 {
        return Err(ReadError::Empty);
    }
    Ok(())
}

/// Counts the quotes that are read.
struct CountedQuotes<'a, R> {
    reader: R,
    quotes: &'a Cell<u64>,
}

impl<R: Read> Read for CountedQuotes<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(into)?;
        let quotes = into[..read].iter().filter(|byte| **byte == b'"').count();
        self.quotes.set(self.quotes.get() + quotes as u64);
        Ok(read)
    }
}

fn unreadable(error: csv::Error) -> ReadError {
    ReadError::Unreadable(error.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schema() -> Schema {
        Schema::read(
            r#"{"columns":[{"name":"sex","categories":["f","m"]},{"name":"age","categories":["0--8","9--17"]}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn every_fault_is_said_at_once_and_no_value_is_repeated() {
        let file = "age,sex,note\n0--8,f,x\nJane Roe,f,x\n9--17,Jane Roe\n,x,y\n";
        let error = read_rows(file.as_bytes(), schema()).unwrap_err();
        let ReadError::Rows { listed, total } = error else { panic!("{error}") };
        assert_eq!(total, 3);
        assert_eq!(listed.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3, 4, 5]);
        assert!(!format!("{listed:?}").contains("Jane"));
    }

    #[test]
    fn an_empty_table_and_a_missing_column_are_refused() {
        assert!(matches!(read_rows("age,sex\n".as_bytes(), schema()), Err(ReadError::Empty)));
        let error = read_rows("age\n0--8\n".as_bytes(), schema()).unwrap_err();
        assert!(matches!(error, ReadError::Header { missing, .. } if missing == ["sex"]));
    }

    #[test]
    fn a_quote_that_is_never_closed_swallows_no_rows() {
        let file = "age,sex,note\n0--8,f,x\n9--17,m,\"oops\n0--8,f,x\n0--8,m,y\n";
        let error = read_rows(file.as_bytes(), schema()).unwrap_err();
        assert!(matches!(error, ReadError::OpenQuote { line: 3 }), "{error}");
        let closed = "age,sex,note\n0--8,f,\"a \"\"b\"\"\nc\"\n";
        assert_eq!(read_rows(closed.as_bytes(), schema()).unwrap().count(), 1);
    }

    #[test]
    fn a_header_says_what_it_has() {
        let said = |file: &str| read_rows(file.as_bytes(), schema()).unwrap_err().to_string();
        assert!(said("age;sex\n").contains("not separated by commas"));
        assert!(said("").contains("the file is empty"));
        assert!(said("age,age,x\n").contains("it has \"age\", \"age\", \"x\""));
    }

    #[test]
    fn amounts_are_whole_and_their_faults_are_said_at_once() {
        let file = "who,usd\na,10\nb,-1\na,1.5\n,7\nc,20000000\nc,+3\nc,0\n";
        let error = read_amounts(file.as_bytes(), "usd", Some("who")).unwrap_err();
        let ReadError::Rows { listed, total: 6 } = error else { panic!("{error}") };
        let lines: Vec<u64> = listed.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [3, 4, 5, 6, 7, 8]);
        assert_eq!(listed[2].kind, RowFaultKind::NoContributor);
        let amounts = read_amounts("who,usd\na,10\nb,1\na,2\n".as_bytes(), "usd", Some("who"));
        let expected = Amounts::new("usd".into(), vec![10, 1, 2], vec![0, 1, 0]);
        assert_eq!(amounts.unwrap(), expected);
        let alone = read_amounts("usd\n4\n5\n".as_bytes(), "usd", None).unwrap();
        assert_eq!(alone, Amounts::new("usd".into(), vec![4, 5], vec![0, 1]));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(codes in proptest::collection::vec((0_u16..3, 0_u16..3), 1..40)) {
            let (sex, age): (Vec<u16>, Vec<u16>) = codes.into_iter().unzip();
            let rows = Rows::new(schema(), vec![sex, age]);
            let mut bytes = Vec::new();
            rows.write_csv(&mut bytes).unwrap();
            prop_assert_eq!(read_rows(bytes.as_slice(), schema()).unwrap(), rows);
        }
    }

    #[test]
    fn learnt_categories_are_in_the_order_of_their_words() {
        let rows = read_rows_learning("a\ny\nx\n\"\"\ny\n".as_bytes(), &["a".to_owned()]).unwrap();
        assert_eq!(rows.schema().columns[0].categories, ["x", "y"]);
        assert_eq!(rows.column(0), [2, 1, BLANK, 2]);
    }
}
