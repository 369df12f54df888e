//! Which rows say what, a bit for each row.
//!
//! In: rows. Out: for every category of every column the rows that have it ([`Bitmaps::having`]), from which
//! rows alike in several columns, and how many columns differ, follow 64 rows at a time. Takes a
//! bit for each row and category.

use crate::rows::Rows;

/// A bit for each row, by column and category.
pub(super) struct Bitmaps {
    rows: usize,
    words: usize,
    columns: Vec<Vec<u64>>,
}

impl Bitmaps {
    pub(super) fn of(rows: &Rows) -> Bitmaps {
        let words = rows.count().div_ceil(64);
        let columns = (0..rows.schema().columns.len()).map(|column| {
            let mut bits = vec![0_u64; rows.schema().columns[column].codes() * words];
            for (row, &code) in rows.column(column).iter().enumerate() {
                bits[usize::from(code) * words + row / 64] |= 1 << (row % 64);
            }
            bits
        });
        Bitmaps { rows: rows.count(), words, columns: columns.collect() }
    }

    /// The rows with a category in a column.
    pub(super) fn having(&self, column: usize, code: u16) -> &[u64] {
        &self.columns[column][usize::from(code) * self.words..][..self.words]
    }

    /// All rows.
    pub(super) fn all(&self) -> Vec<u64> {
        let mut all = vec![u64::MAX; self.words];
        if let (Some(last), rest @ 1..) = (all.last_mut(), self.rows % 64) {
            *last = (1 << rest) - 1;
        }
        all
    }
}

/// Keeps the rows that others are among as well.
pub(super) fn keep(rows: &mut [u64], others: &[u64]) {
    rows.iter_mut().zip(others).for_each(|(word, other)| *word &= other);
}

/// How many rows.
pub(super) fn count(rows: &[u64]) -> usize {
    rows.iter().map(|word| word.count_ones() as usize).sum()
}

/// The row that so many of these come before.
pub(super) fn nth(rows: &[u64], mut before: usize) -> Option<usize> {
    for (at, &word) in rows.iter().enumerate() {
        let here = word.count_ones() as usize;
        if before < here {
            let mut word = word;
            (0..before).for_each(|_| word &= word - 1);
            return Some(at * 64 + word.trailing_zeros() as usize);
        }
        before -= here;
    }
    None
}
