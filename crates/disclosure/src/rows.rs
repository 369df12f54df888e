//! Rows about people, coded by a public schema, and amounts that go with them.

use std::collections::BTreeSet;
use std::fmt;

use crate::schema::Schema;

/// Rows about people, one for each person, column by column.
///
/// What it holds is confidential: it shows its shape and nothing else, and cannot be serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Rows {
    schema: Schema,
    columns: Vec<Vec<u16>>,
    count: usize,
}

impl Rows {
    /// From codes, one vector for each column of the schema.
    ///
    /// # Panics
    /// Columns of different lengths, or a code that a column does not have.
    pub fn new(schema: Schema, columns: Vec<Vec<u16>>) -> Rows {
        assert_eq!(schema.columns.len(), columns.len(), "one vector for each column");
        let count = columns.first().map_or(0, Vec::len);
        for (column, codes) in schema.columns.iter().zip(&columns) {
            assert_eq!(codes.len(), count, "columns of one length");
            let codes_of_column = column.codes();
            assert!(
                codes.iter().all(|&code| usize::from(code) < codes_of_column),
                "codes of the column"
            );
        }
        Rows { schema, columns, count }
    }

    /// The public schema.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The codes of a column, one for each row.
    pub fn column(&self, index: usize) -> &[u16] {
        &self.columns[index]
    }

    /// Writes the rows as CSV, the words of the schema in its order of columns.
    ///
    /// # Errors
    /// Whatever the writer says.
    pub(crate) fn write_csv(&self, into: impl std::io::Write) -> std::io::Result<()> {
        let mut writer = csv::Writer::from_writer(into);
        writer.write_record(self.schema.columns.iter().map(|column| column.name.as_str()))?;
        for row in 0..self.count {
            writer.write_record(
                self.schema
                    .columns
                    .iter()
                    .zip(&self.columns)
                    .map(|(column, codes)| column.word(codes[row]).unwrap_or("")),
            )?;
        }
        writer.flush()
    }
}

/// An amount for each row, such as dollars or nights in a shelter, and who contributes it.
///
/// What it holds is confidential: it shows its shape and nothing else, and cannot be serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Amounts {
    column: String,
    values: Vec<u64>,
    contributors: Vec<u32>,
}

impl Amounts {
    /// The amounts of a column. Rows with the same number in `contributors` are of one contributor,
    /// who is one wherever they are added up.
    ///
    /// # Panics
    /// Not as many contributors as amounts, or an amount of zero: who contributes nothing has no row, as
    /// a sum of zeros would tell everybody's amount.
    pub fn new(column: String, values: Vec<u64>, contributors: Vec<u32>) -> Amounts {
        assert_eq!(values.len(), contributors.len(), "one contributor for each amount");
        assert!(!values.contains(&0), "amounts of one or more");
        Amounts { column, values, contributors }
    }

    /// The column.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.values.len()
    }

    /// How many contributors have rows of each code of a column.
    ///
    /// # Panics
    /// A column of another length, or with a code that is not below `codes`.
    pub fn contributors_by(&self, column: &[u16], codes: usize) -> Vec<u64> {
        assert_eq!(column.len(), self.count(), "one code for each amount");
        let pairs: BTreeSet<(u16, u32)> =
            column.iter().copied().zip(self.contributors.iter().copied()).collect();
        let mut by_code = vec![0; codes];
        pairs.into_iter().for_each(|(code, _)| by_code[usize::from(code)] += 1);
        by_code
    }

    /// Who contributes how much by a row.
    pub(crate) fn at(&self, row: usize) -> (u32, u64) {
        (self.contributors[row], self.values[row])
    }
}

impl fmt::Debug for Amounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Amounts({} of column {})", self.count(), self.column)
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Rows({} rows, {} columns)", self.count, self.columns.len())
    }
}
