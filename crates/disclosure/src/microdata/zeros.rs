//! Combinations of categories that public rules exclude.

use crate::schema::Schema;

/// Codes of some columns that cannot all occur in one row: a law, a form or the meaning of the
/// words says so, never the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructuralZero {
    /// The place of each column and its code, the blank being code 0.
    pub cells: Vec<(usize, u16)>,
}

impl StructuralZero {
    /// From names of columns and words; an empty word is the blank. Nothing where the schema has no
    /// such column or word.
    pub fn named(schema: &Schema, cells: &[(&str, &str)]) -> Option<StructuralZero> {
        let cell = |&(name, word): &(&str, &str)| {
            let column = schema.column(name)?;
            let codes = 0..schema.columns[column].codes();
            let code = codes
                .filter_map(|code| u16::try_from(code).ok())
                .find(|&code| schema.columns[column].word(code) == Some(word))?;
            Some((column, code))
        };
        Some(StructuralZero { cells: cells.iter().map(cell).collect::<Option<_>>()? })
    }
}

/// What is wrong with structural zeros.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZeroFault {
    /// No cell at all, or a column or code that the schema does not have.
    #[error("structural zero {0} names no cell, or a column or category that the schema lacks")]
    NotInSchema(usize),
    /// The same column more than once.
    #[error("structural zero {0} names a column more than once")]
    ColumnTwice(usize),
    /// They contradict each other.
    #[error("the structural zeros leave no possible row")]
    NoRowLeft,
    /// They are too entangled to tell.
    #[error("whether the structural zeros leave a possible row cannot be told; give fewer")]
    TooEntangled,
}

/// How many codes are tried before the search for a possible row is given up.
const MOST_TRIES: usize = 1_000_000;

/// A code that a row cannot have where all other cells are as given.
type Excluded = (u16, Vec<(usize, u16)>);

/// Structural zeros that leave a possible row.
#[derive(Debug, Clone)]
pub(crate) struct Zeros {
    /// For each column: its code, and the other cells that it must not meet.
    by_column: Vec<Vec<Excluded>>,
    pub(crate) all: Vec<Vec<(usize, u16)>>,
    /// A row that they allow.
    pub(crate) possible: Vec<u16>,
}

impl Zeros {
    pub(crate) fn check(
        given: &[StructuralZero],
        schema: &Schema,
    ) -> Result<Zeros, Vec<ZeroFault>> {
        let columns = schema.columns.len();
        let mut faults = Vec::new();
        for (number, zero) in given.iter().enumerate() {
            let known = |&(column, code): &(usize, u16)| {
                column < columns && usize::from(code) < schema.columns[column].codes()
            };
            if zero.cells.is_empty() || !zero.cells.iter().all(known) {
                faults.push(ZeroFault::NotInSchema(number + 1));
                continue;
            }
            let mut named: Vec<usize> = zero.cells.iter().map(|&(column, _)| column).collect();
            named.sort_unstable();
            if named.windows(2).any(|pair| pair[0] == pair[1]) {
                faults.push(ZeroFault::ColumnTwice(number + 1));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut by_column = vec![Vec::new(); columns];
        for zero in given {
            for &(column, code) in &zero.cells {
                let others: Vec<(usize, u16)> =
                    zero.cells.iter().copied().filter(|&(other, _)| other != column).collect();
                by_column[column].push((code, others));
            }
        }
        let all = given.iter().map(|zero| zero.cells.clone()).collect();
        let mut zeros = Zeros { by_column, all, possible: vec![0; columns] };
        zeros.possible = zeros.search(schema)?;
        Ok(zeros)
    }

    /// Finds a row that is allowed, column by column, going back where no code is left.
    fn search(&self, schema: &Schema) -> Result<Vec<u16>, Vec<ZeroFault>> {
        let columns = self.by_column.len();
        let mut row = vec![0_u16; columns];
        let mut placed = vec![false; columns];
        let (mut column, mut code, mut tries) = (0, 0_usize, 0);
        while column < columns {
            tries += 1;
            if tries > MOST_TRIES {
                return Err(vec![ZeroFault::TooEntangled]);
            }
            match u16::try_from(code).ok().filter(|_| code < schema.columns[column].codes()) {
                Some(try_code) => {
                    if self.excludes(&row, &placed, column, try_code) {
                        code += 1;
                    } else {
                        (row[column], placed[column]) = (try_code, true);
                        (column, code) = (column + 1, 0);
                    }
                }
                None if column == 0 => return Err(vec![ZeroFault::NoRowLeft]),
                None => {
                    column -= 1;
                    placed[column] = false;
                    code = usize::from(row[column]) + 1;
                }
            }
        }
        Ok(row)
    }

    /// Whether a code is excluded by the columns that are placed.
    pub(crate) fn excludes(&self, row: &[u16], placed: &[bool], column: usize, code: u16) -> bool {
        self.by_column[column].iter().any(|(own, others)| {
            *own == code && others.iter().all(|&(other, with)| placed[other] && row[other] == with)
        })
    }

    /// Whether a row has a combination that is excluded.
    pub(crate) fn broken(&self, row: &[u16]) -> bool {
        self.all.iter().any(|zero| zero.iter().all(|&(column, code)| row[column] == code))
    }

    /// The codes of a column that the rest of a row excludes.
    pub(crate) fn excluded<'a>(
        &'a self,
        row: &'a [u16],
        column: usize,
    ) -> impl Iterator<Item = u16> + 'a {
        self.by_column[column]
            .iter()
            .filter(|(_, others)| others.iter().all(|&(other, with)| row[other] == with))
            .map(|(own, _)| *own)
    }

    /// Whether a combination of codes of some columns contains a structural zero.
    pub(crate) fn contains(&self, columns: &[usize], codes: &[usize]) -> bool {
        self.all.iter().any(|zero| {
            zero.iter().all(|&(column, code)| {
                columns
                    .iter()
                    .zip(codes)
                    .any(|(&at, &has)| at == column && has == usize::from(code))
            })
        })
    }
}
