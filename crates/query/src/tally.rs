//! Tables of any kind to records by every field, and sums of numbers.
//!
//! In: coded tables of one kind, and which records were taken back. Out: for each quarter how many
//! records there are, of each code of each field how many, and the sums of its numbers. Cells of
//! nobody are not there. Assumes tables that `check` has passed.

use std::collections::BTreeMap;

use datafusion::arrow::array::{Array, Int64Array, RecordBatch, UInt64Array};
use datafusion::common::cast::{as_int64_array, as_uint64_array};
use datafusion::logical_expr::Expr;
use datafusion::prelude::col;
use jiff::civil::Date;
use records::Quarter;
use records::record::{Field, Leaves, OpaqueId, RecordKind};

use crate::engine::{self, Standing, next_batch};
use crate::marks::Marks;
use crate::{CellKey, CodedTable, QueryError};

/// What is to be tallied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyQuestion {
    /// The kind of record of every table.
    pub kind: RecordKind,
    /// The tables.
    pub tables: Vec<CodedTable>,
    /// Records (of victims: people) that do not count: agency, id, and only from submissions with
    /// a lower number.
    pub removed: Vec<(u16, OpaqueId, Option<u64>)>,
    /// The first quarter.
    pub first: Quarter,
    /// The last quarter.
    pub last: Quarter,
    /// Rows whose release ended before this day do not count.
    pub as_of: Date,
}

/// The sum of a number field in a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// The quarter.
    pub quarter: Quarter,
    /// The field, which leaves as a number.
    pub field: &'static str,
    /// The sum: a count, dollars, or tenths of hours; of more than an `i64` holds, its largest.
    pub sum: i64,
    /// How many records state a number.
    pub records: u64,
}

/// Records by every field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TallyAnswer {
    /// Records in each cell, for each quarter; there is no cell without a quarter.
    pub cells: BTreeMap<CellKey, u64>,
    /// The sums, by field and quarter.
    pub sums: Vec<Sum>,
}

/// Counts the records of coded tables, with as many threads as there are processors, up to
/// eight.
///
/// # Errors
///
/// [`QueryError`].
pub async fn tally(question: &TallyQuestion) -> Result<TallyAnswer, QueryError> {
    tally_on(question, engine::threads()).await
}

/// The same with so many threads; the answer does not depend on them.
///
/// # Errors
///
/// [`QueryError`].
pub async fn tally_on(question: &TallyQuestion, threads: usize) -> Result<TallyAnswer, QueryError> {
    let session = engine::session(None, threads)?;
    let marks = Marks::new(question.kind, question.first, question.last);
    let numbers: Vec<&'static str> = Field::leaving(question.kind)
        .filter(|field| field.leaves == Leaves::Number)
        .map(|field| field.name)
        .collect();
    let TallyQuestion { kind, first, last, as_of, .. } = *question;
    let standing = Standing { removed: &question.removed, first, last, as_of };
    let rows = engine::standing_rows(&session, kind, &question.tables, standing)?;
    let columns: Vec<Expr> =
        marks.of_row().into_iter().chain(numbers.iter().map(|name| col(*name))).collect();
    let mut rows = rows.select(columns)?.execute_stream().await?;
    let mut counting = Counting::new(kind, &marks, numbers);
    while let Some(batch) = next_batch(&mut rows).await {
        counting.take(&batch?)?;
    }
    Ok(counting.finish())
}

/// Records by mark, for each quarter and, of victims, for each count.
struct Counting<'m> {
    marks: &'m Marks,
    /// In which count a victim can be, with its bit; of other kinds one place for all.
    counts: Vec<(Option<usize>, Option<&'static str>)>,
    numbers: Vec<&'static str>,
    /// By count and quarter: all records, and those of each mark.
    records: Vec<u64>,
    of_mark: Vec<Vec<u64>>,
    /// By quarter and number field. Wider than a number, so that no table of any size overflows.
    sums: Vec<Vec<(i128, u64)>>,
}

impl Counting<'_> {
    fn new<'m>(kind: RecordKind, marks: &'m Marks, numbers: Vec<&'static str>) -> Counting<'m> {
        let counted_as = marks.fields.iter().find(|field| field.field == "counted_as");
        let counts = match counted_as {
            Some(field) if kind == RecordKind::Victim => {
                (field.first..).map(Some).zip(field.codes.iter().copied()).collect()
            }
            _ => vec![(None, None)],
        };
        let quarters = marks.quarters.len();
        Counting {
            marks,
            records: vec![0; counts.len() * quarters],
            of_mark: vec![vec![0; marks.bits()]; counts.len() * quarters],
            sums: vec![vec![(0, 0); numbers.len()]; quarters],
            counts,
            numbers,
        }
    }

    fn take(&mut self, batch: &RecordBatch) -> Result<(), QueryError> {
        let words = self.marks.words();
        let marks = batch.columns().iter().take(words).map(|c| as_uint64_array(c));
        let marks: Vec<&UInt64Array> = marks.collect::<Result<_, _>>()?;
        let numbers = batch.columns().iter().skip(words).map(|c| as_int64_array(c));
        let numbers: Vec<&Int64Array> = numbers.collect::<Result<_, _>>()?;
        let mut row = vec![0; words];
        for at in 0..batch.num_rows() {
            for (word, marks) in row.iter_mut().zip(&marks) {
                *word = marks.value(at);
            }
            let quarters = self.marks.quarters.len();
            let Some(quarter) = (0..quarters).find(|bit| Marks::is_set(&row, *bit)) else {
                continue;
            };
            let of_row = |(bit, _): &(Option<usize>, _)| bit.is_none_or(|b| Marks::is_set(&row, b));
            let Some(count) = self.counts.iter().position(of_row) else { continue };
            let place = count * quarters + quarter;
            self.records[place] += 1;
            let of_mark = &mut self.of_mark[place];
            Marks::each(&row, |bit| of_mark[bit] += 1);
            for (sum, numbers) in self.sums[quarter].iter_mut().zip(&numbers) {
                if !numbers.is_null(at) {
                    sum.0 += i128::from(numbers.value(at));
                    sum.1 += 1;
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> TallyAnswer {
        let mut answer = TallyAnswer::default();
        let quarters = &self.marks.quarters;
        for (count, (_, counted_as)) in self.counts.iter().enumerate() {
            for (at, quarter) in quarters.iter().enumerate() {
                let place = count * quarters.len() + at;
                let (counted_as, quarter) = (*counted_as, Some(*quarter));
                let mut put = |field, code, records| {
                    if records > 0 {
                        let key = CellKey { counted_as, quarter, field, code };
                        answer.cells.insert(key, records);
                    }
                };
                put(None, None, self.records[place]);
                for field in &self.marks.fields {
                    for (bit, code) in (field.first..).zip(&field.codes) {
                        put(Some(field.field), *code, self.of_mark[place][bit]);
                    }
                }
            }
        }
        for (at, field) in self.numbers.iter().enumerate() {
            for (quarter, sums) in quarters.iter().zip(&self.sums) {
                let (sum, records) = sums[at];
                if records > 0 {
                    let sum = i64::try_from(sum).unwrap_or(i64::MAX);
                    answer.sums.push(Sum { quarter: *quarter, field, sum, records });
                }
            }
        }
        answer
    }
}
