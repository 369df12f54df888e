//! Counts of combinations that at least `k` people share: the table that users of CTDC's data know.
//!
//! In: rows about people ([`Rows`]) and a plan ([`AggregatePlan`]). Out: [`Aggregates`], for every
//! set of 1 to `length` columns and every combination of categories in them that at least `k`
//! people share, how many do, rounded down to a multiple of `precision`. A blank is no category
//! here: a combination is of things that are said. Combinations that are rounded down to nothing
//! are left out. The number of rows is rounded in the same way.
//!
//! With `k = precision` this is what `sds-cli aggregate` of Microsoft's Synthetic Data Showcase
//! (pac-synth) writes at that reporting resolution, except that pac-synth also leaves out the
//! word `0`; a schema that wants the same gives a blank for it.
//!
//! **No epsilon.** The counts are a function of the data: whoever knows everybody else, or sees a
//! second release after one person was added, reads from them whether she is there
//! (`notes/k_anonymity.md`). So there is one such release of a data set and never a second: the
//! ledger refuses it, this module only counts.
//!
//! Work: for `d` columns at most `d choose length` passes over the rows, each over the rows alone
//! that are still in a combination of `k`; parallel over the first column, the same on any number
//! of threads.

mod count;
mod file;

pub use file::{AggregateFileError, AggregateFileFault, read_aggregates, write_aggregates};

use crate::rows::Rows;
use crate::schema::Schema;

/// What to count, and how coarsely to say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AggregatePlan {
    /// The fewest people that a combination may be of.
    pub k: u64,
    /// Counts are rounded down to a multiple of this.
    pub precision: u64,
    /// The most columns that a combination may be of.
    pub length: usize,
}

/// Why a plan is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AggregateError {
    /// A group of one is a person.
    #[error("k is {0}, but a group of fewer than 2 is a person; give at least 2 (CTDC uses 10)")]
    TooFew(u64),
    /// Multiples of nothing.
    #[error("a precision of 0 has no multiples; give 1 or more (CTDC uses 10)")]
    NoPrecision,
    /// No column, or more than there are.
    #[error("combinations of up to {length} columns cannot be made of {columns} columns")]
    Length {
        /// What the plan says.
        length: usize,
        /// How many columns there are.
        columns: usize,
    },
}

/// One combination of categories and how many people share it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Combination {
    /// Column and code, in the order of the columns; no blank.
    pub selections: Vec<(u16, u16)>,
    /// How many people share it, rounded down.
    pub protected_count: u64,
}

/// The counts of all combinations that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregates {
    /// The public schema that the codes are of.
    pub schema: Schema,
    /// What was counted.
    pub plan: AggregatePlan,
    /// The number of rows, rounded down.
    pub protected_rows: u64,
    /// The combinations, the shorter ones first, then by columns and codes.
    pub combinations: Vec<Combination>,
}

impl AggregatePlan {
    /// Everything that is wrong with it for a number of columns.
    pub fn faults(&self, columns: usize) -> Vec<AggregateError> {
        let mut faults = Vec::new();
        if self.k < 2 {
            faults.push(AggregateError::TooFew(self.k));
        }
        if self.precision == 0 {
            faults.push(AggregateError::NoPrecision);
        }
        if self.length == 0 || self.length > columns {
            faults.push(AggregateError::Length { length: self.length, columns });
        }
        faults
    }

    /// A count as it may be shown, or nothing.
    pub(crate) fn protected(&self, count: u64) -> Option<u64> {
        let rounded = count - count % self.precision.max(1);
        (count >= self.k && rounded > 0).then_some(rounded)
    }
}

/// Counts every combination that may be shown.
///
/// # Errors
/// Everything that is wrong with the plan.
///
/// # Examples
///
/// ```
/// use disclosure::aggregates::{AggregatePlan, aggregates};
///
/// let schema = disclosure::Schema::read(r#"{"columns":[{"name":"sex","categories":["f","m"]}]}"#).unwrap();
/// let rows = disclosure::read_rows("sex\nf\nf\nf\nf\nf\nm\n".as_bytes(), schema)?;
/// let shown = aggregates(&rows, AggregatePlan { k: 3, precision: 2, length: 1 }).unwrap();
/// assert_eq!(shown.protected_rows, 6);
/// assert_eq!(shown.combinations.len(), 1);
/// assert_eq!(shown.combinations[0].protected_count, 4);
/// # Ok::<(), disclosure::ReadError>(())
/// ```
pub fn aggregates(rows: &Rows, plan: AggregatePlan) -> Result<Aggregates, Vec<AggregateError>> {
    let faults = plan.faults(rows.schema().columns.len());
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Aggregates {
        schema: rows.schema().clone(),
        plan,
        protected_rows: plan.protected(rows.count() as u64).unwrap_or(0),
        combinations: count::combinations(rows, plan),
    })
}
