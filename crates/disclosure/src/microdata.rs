//! Synthetic rows about people, by differential privacy.
//!
//! In: rows ([`Rows`](crate::Rows)), one for each person; a budget; combinations that public rules
//! exclude ([`StructuralZero`]); a source of exact noise. Out: rows of the same schema and a data
//! sheet ([`Synthetic`]). Fails on a table without rows, a schema at fault, structural zeros that
//! leave no row, a budget too small, each before anything is spent.
//!
//! 1. The number of rows, all marginals of one and of two columns get discrete Gaussian noise.
//! 2. From their residuals every marginal is rebuilt by least squares in closed form (`residual`:
//!    residuals-to-marginals, Mullins, Fuentes, Xiao, Kifer, Musco, Sheldon 2024, arXiv 2410.01091).
//! 3. What each count most likely was follows by empirical Bayes (`denoise`, `model`).
//! 4. Rows are made from a Bayesian network of likely pairs (`start`) and fitted to all marginals by
//!    changing one cell at a time (`fit`, `sweep`).
//! 5. In rounds, the marginals of three columns on which the rows are furthest from the truth are
//!    selected by the exponential mechanism and noised; 2 to 4 are done again (`select`: AIM,
//!    McKenna, Mullins, Sheldon, Miklau 2022, arXiv 2201.12677; with residuals as in AIM+GReM,
//!    Fuentes et al. 2026, arXiv 2602.05674).
//! 6. Last, combinations that may not exist make room for likely ones (`plausible`); no value loses
//!    more than a fiftieth of its people by it, so that rare victims are not deleted.
//!
//! # What is promised
//!
//! One row is one person; neighbours differ by one added or removed row; the linkage is held fixed.
//! Steps 1 and 5 are all that see the rows. Their costs add up to what is reported as spent; the rest
//! is a deterministic function of what they gave, the same for any number of threads. The argument
//! is in `notes/microdata.md`.
//!
//! # Complexity
//!
//! Linear in the rows, but for sorting them; quadratic in the columns, and cubic in the values that a
//! row has (not blank). Memory: a few times the rows, and tables of at most some 100 MiB.

mod accuracy;
mod chance;
mod denoise;
mod fit;
mod marginal;
mod model;
mod plan;
mod plausible;
mod residual;
mod select;
mod settings;
mod sheet;
mod start;
mod sweep;
mod synthesize;
#[cfg(test)]
mod tests;
mod view;
mod zeros;

pub use accuracy::{Accuracy, MISSED_FROM, accuracy};
pub use plan::{MicrodataPlan, PlannedMarginal, plan};
pub use settings::{MOST_PAIR_CELLS, MicrodataError, MicrodataSettings, Spend, check_rows};
pub use sheet::{DataSheet, MarginalAccuracy};
pub use synthesize::{Progress, Synthetic, synthesize};
pub use zeros::{StructuralZero, ZeroFault};
