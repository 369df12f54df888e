//! How many people no list has seen.
//!
//! In: how many people have each capture history ([`CaptureHistories`]): who is on exactly which
//! lists. Out: how many people there are, those on no list included, by several methods side by
//! side, with intervals, and a refusal where the lists cannot answer.
//!
//! | module | what |
//! |---|---|
//! | `histories`, `read` | who is on which lists; a CSV file of it |
//! | `loglinear` | Poisson log-linear models: whether there is an estimate, the estimate, the choice |
//! | `bootstrap` | intervals from resampled people, the model chosen anew for each resample |
//! | `decomposable` | averaging over decomposable graphs |
//! | `latent_class` | classes of people who are alike, how many of them being learnt |
//! | `two_lists` | two lists, whose independence cannot be checked |
//! | `sample_coverage` | how much of the population the lists cover, a check without a model |
//! | `pooled` | the headline's range: pairs that lean on one another, and what no list can tell |
//! | `refusal` | lists that cannot answer |
//! | `checks` | a list left out, two as one, lists whose size is known |
//! | `estimate`, `methods` | one method's answer; each method asked, with its interval |
//! | `headline`, `panel` | the range to be printed first; every method side by side |
//! | `file` | the answer for a file: strata, and what not knowing who is whom does |
//! | `lattice`, `cholesky`, `normal` | sums over subsets and supersets of lists; small systems of equations; the normal distribution |

pub mod bootstrap;
mod checks;
mod cholesky;
pub mod decomposable;
mod estimate;
mod file;
mod headline;
mod histories;
mod latent_class;
mod lattice;
pub mod loglinear;
mod methods;
mod normal;
mod panel;
mod pooled;
mod read;
mod refusal;
pub mod sample_coverage;
pub mod two_lists;

pub use checks::{Changed, Checks, KnownList, checks};
pub use estimate::{Diagnostic, Estimate, Interval, IntervalKind, Method};
pub use file::{FileAnswer, LinkageUncertainty, OverDraws, StratumRange, estimate_file};
pub use headline::Headline;
pub use histories::{CaptureHistories, HistoriesError, ListSet, MOST_LISTS, MOST_PEOPLE, Named};
pub use latent_class::{LatentClassError, latent_class};
pub use panel::{Answer, Refused, Settings, default_order, estimate};
pub use pooled::{
    BEING_ON_A_LIST, BEYOND_SPREAD, COMMON_STRENGTH, COMMON_STRENGTH_SPREAD, PAIRS_SPREAD, Pooled,
    PooledStrata, TRIPLES_SPREAD, pooled, pooled_strata,
};
pub use read::{
    FAULTS_LISTED, HistoryFault, HistoryFaultKind, HistoryFile, HistoryFileError, HistoryTable,
    read_histories,
};
pub use refusal::{Refusal, refusal};
