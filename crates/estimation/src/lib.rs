//! How many people no list has seen.
//!
//! In: how many people have each capture history ([`CaptureHistories`]): who is on exactly which
//! lists. Out: how many people there are, those on no list included, by several methods side by
//! side, with intervals, and a refusal where the lists cannot answer.
//!
//! | module | what |
//! |---|---|
//! | `estimate` | one method's answer |
//! | `histories`, `read` | who is on which lists; a CSV file of it |
//! | `loglinear` | Poisson log-linear models: whether there is an estimate, the estimate, the choice |
//! | `pooled` | the headline's range: pairs that lean on one another, and what no list can tell |
//! | `lattice` | sums over subsets and supersets of lists |

mod cholesky;
mod estimate;
mod histories;
mod lattice;
pub mod loglinear;
mod pooled;
mod read;

pub use estimate::{Diagnostic, Estimate, Interval, IntervalKind, Method};
pub use histories::{CaptureHistories, HistoriesError, ListSet, MOST_LISTS, MOST_PEOPLE, Named};
pub use pooled::{
    BEYOND_SPREAD, COMMON_STRENGTH, COMMON_STRENGTH_SPREAD, PAIRS_SPREAD, Pooled, TRIPLES_SPREAD,
    pooled,
};
pub use read::{
    FAULTS_LISTED, HistoryFault, HistoryFaultKind, HistoryFile, HistoryFileError, HistoryTable,
    read_histories,
};
