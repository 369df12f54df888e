//! What synthetic microdata are made with, and what can be wrong with it.

use crate::budget::{BudgetError, Delta, Epsilon, Rho, largest_rho};
use crate::noise::NoiseError;
use crate::rows::Rows;
use crate::schema::{Schema, SchemaError};

use super::zeros::{StructuralZero, ZeroFault, Zeros};

/// The most cells that the marginal of two columns may have.
pub const MOST_PAIR_CELLS: usize = 1 << 22;

/// What synthetic microdata are made with.
#[derive(Debug, Clone, PartialEq)]
pub struct MicrodataSettings {
    /// What is spent.
    pub spend: Spend,
    /// Combinations that public rules exclude, never learnt from the data.
    pub zeros: Vec<StructuralZero>,
}

/// What is spent, selection and the number of rows included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spend {
    /// The largest rho whose epsilon at delta is this one.
    Epsilon {
        /// Epsilon.
        epsilon: Epsilon,
        /// Delta; without one `1 / (n ln n)` for the noised number of rows `n`.
        delta: Option<Delta>,
        /// Whatever that is, no more than this: what a ledger has set aside before it is known how
        /// many rows there are.
        at_most: Option<Rho>,
    },
    /// Rho itself; delta is `1 / (n ln n)`, and epsilon follows.
    Rho(Rho),
}

/// Delta by which the budget is reckoned before the number of rows is known: below that of thirty
/// thousand million people.
const PEOPLE_AT_MOST: u64 = 30_000_000_000;

impl Spend {
    /// Rho that can be spent whatever the number of rows will be.
    pub(crate) fn at_least(self) -> Rho {
        match self {
            Spend::Rho(rho) => rho,
            Spend::Epsilon { epsilon, delta, .. } => {
                largest_rho(epsilon, delta.unwrap_or(Delta::for_people(PEOPLE_AT_MOST)))
            }
        }
    }
}

/// Why there are no synthetic microdata.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MicrodataError {
    /// No row to learn from.
    #[error("the table has no rows: there is nothing to release, and nothing was spent")]
    Empty,
    /// The schema is at fault.
    #[error("{}", join(.0))]
    Schema(Vec<SchemaError>),
    /// Two columns have too many combinations of categories.
    #[error(
        "columns \"{first}\" and \"{second}\" have {cells} combinations of categories, the most is {MOST_PAIR_CELLS}; make their categories broader"
    )]
    TooManyCells {
        /// A column.
        first: String,
        /// Another.
        second: String,
        /// How many combinations they have.
        cells: usize,
    },
    /// Structural zeros that are no combinations of the schema, or that leave no possible row.
    #[error("{}", join(.0))]
    Zeros(Vec<ZeroFault>),
    /// The budget cannot be spent so.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// No randomness.
    #[error(transparent)]
    Noise(#[from] NoiseError),
}

fn join<T: ToString>(faults: &[T]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// How many codes each column has.
pub(crate) fn sizes(schema: &Schema) -> Vec<usize> {
    schema.columns.iter().map(crate::schema::SchemaColumn::codes).collect()
}

/// Everything that can be wrong with rows and structural zeros, before anything is spent.
///
/// # Errors
/// As [`super::synthesize`].
pub fn check_rows(rows: &Rows, zeros: &[StructuralZero]) -> Result<(), MicrodataError> {
    check(rows, zeros).map(|_| ())
}

/// The same, for whoever goes on.
pub(crate) fn check(rows: &Rows, zeros: &[StructuralZero]) -> Result<Zeros, MicrodataError> {
    let schema = rows.schema();
    let faults = schema.faults();
    if !faults.is_empty() {
        return Err(MicrodataError::Schema(faults));
    }
    if rows.count() == 0 {
        return Err(MicrodataError::Empty);
    }
    let sizes = sizes(schema);
    let mut widest: Vec<usize> = (0..sizes.len()).collect();
    widest.sort_by_key(|&column| (std::cmp::Reverse(sizes[column]), column));
    if let [first, second, ..] = widest[..] {
        let cells = sizes[first] * sizes[second];
        if cells > MOST_PAIR_CELLS {
            let name = |column: usize| schema.columns[column].name.clone();
            return Err(MicrodataError::TooManyCells {
                first: name(first),
                second: name(second),
                cells,
            });
        }
    }
    Zeros::check(zeros, schema).map_err(MicrodataError::Zeros)
}
