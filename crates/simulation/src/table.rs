//! The made-up world's data files, read cell by cell.
//!
//! In: a file of `data/`, compiled in: UTF-8, comma-separated, with a header and a `source` column.
//! Out: rows that answer by column name, or the first [`DataError`]. Assumes nothing.

use crate::error::DataError;

/// One file.
pub(crate) struct Table {
    file: &'static str,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// One row of a file.
#[derive(Clone, Copy)]
pub(crate) struct TableRow<'a> {
    table: &'a Table,
    number: usize,
    cells: &'a [String],
}

impl Table {
    /// Reads a file; every row must name its source.
    pub(crate) fn read(file: &'static str, text: &str) -> Result<Table, DataError> {
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let broken = |row: usize| DataError {
            file,
            row,
            column: "all".to_owned(),
            value: String::new(),
            expected: "a row with as many cells as the header",
        };
        let header = reader.headers().map_err(|_| broken(1))?;
        let header: Vec<String> = header.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|_| broken(rows.len() + 2))?;
            rows.push(record.iter().map(str::to_owned).collect());
        }
        let table = Table { file, header, rows };
        for row in table.rows() {
            row.word("source")?;
        }
        Ok(table)
    }

    /// Its rows in file order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        self.rows.iter().enumerate().map(|(at, cells)| TableRow {
            table: self,
            number: at + 2,
            cells,
        })
    }

    /// An error about the file as a whole.
    pub(crate) fn error(&self, expected: &'static str) -> DataError {
        let (column, value) = ("all".to_owned(), String::new());
        DataError { file: self.file, row: self.rows.len() + 1, column, value, expected }
    }
}

impl<'a> TableRow<'a> {
    /// A cell, which may be empty.
    pub(crate) fn text(&self, column: &str) -> Result<&'a str, DataError> {
        let at = self.table.header.iter().position(|known| known == column);
        match at.and_then(|at| self.cells.get(at)) {
            Some(cell) => Ok(cell),
            None => Err(self.refuse(column, "a column of this file")),
        }
    }

    /// A cell that must not be empty.
    pub(crate) fn word(&self, column: &str) -> Result<&'a str, DataError> {
        let text = self.text(column)?;
        if text.is_empty() { Err(self.refuse(column, "a word")) } else { Ok(text) }
    }

    /// The words of a cell, separated by `; `.
    pub(crate) fn list(&self, column: &str) -> Result<Vec<&'a str>, DataError> {
        let parts = self.text(column)?.split(';').map(str::trim);
        Ok(parts.filter(|part| !part.is_empty()).collect())
    }

    /// A number of 0 or more.
    pub(crate) fn number(&self, column: &str) -> Result<f64, DataError> {
        let number: Option<f64> = self.text(column)?.parse().ok();
        let number = number.filter(|number| number.is_finite() && *number >= 0.0);
        number.ok_or_else(|| self.refuse(column, "a number of 0 or more"))
    }

    /// A probability.
    pub(crate) fn share(&self, column: &str) -> Result<f64, DataError> {
        let number = self.number(column)?;
        if number <= 1.0 { Ok(number) } else { Err(self.refuse(column, "a share from 0 to 1")) }
    }

    /// A whole number of 0 or more.
    pub(crate) fn whole(&self, column: &str) -> Result<i64, DataError> {
        let number: Option<i64> = self.text(column)?.parse().ok();
        let number = number.filter(|number| *number >= 0);
        number.ok_or_else(|| self.refuse(column, "a whole number of 0 or more"))
    }

    /// Yes or no.
    pub(crate) fn yes(&self, column: &str) -> Result<bool, DataError> {
        match self.text(column)? {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(self.refuse(column, "yes or no")),
        }
    }

    /// An error about a cell of this row.
    pub(crate) fn refuse(&self, column: &str, expected: &'static str) -> DataError {
        let at = self.table.header.iter().position(|known| known == column);
        let value = at.and_then(|at| self.cells.get(at)).cloned().unwrap_or_default();
        DataError {
            file: self.table.file,
            row: self.number,
            column: column.to_owned(),
            value,
            expected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_cell_is_named() {
        let table = Table::read("x.csv", "a,b,source\n1,2,s\n-1,1.5,s\n").unwrap();
        let row = table.rows().nth(1).unwrap();
        let told = row.number("a").unwrap_err().to_string();
        assert_eq!(told, "x.csv, row 3, column a: \"-1\" is not a number of 0 or more");
        assert!(row.share("b").is_err() && row.text("c").is_err() && row.whole("b").is_err());
    }

    #[test]
    fn a_row_without_a_source_or_a_cell_is_refused() {
        assert!(Table::read("x.csv", "a,source\n1,\n").is_err());
        assert!(Table::read("x.csv", "a,source\n1,s,2\n").is_err());
    }
}
