//! Poisson log-linear models of capture histories.
//!
//! The number of people with history `h` is Poisson with mean `exp(sum of the parameters of all
//! terms that are subsets of h)`; a term is a set of lists, and the empty one, always there, gives
//! the mean number of people on no list (Fienberg 1972, "The multiple recapture census for closed
//! populations and incomplete 2^k contingency tables"; Bishop, Fienberg and Holland 1975, chapter
//! 6). Models are hierarchical: with a term, all its subsets.
//!
//! | file | what |
//! |---|---|
//! | `model` | which lists interact |
//! | `table` | counts, and sums of them, ready for fitting |
//! | `reduce` | overlaps that are empty, and what their parameters at minus infinity leave |
//! | `existence` | whether a model has an estimate for a table |
//! | `fit` | maximum likelihood by Newton's method |
//! | `stepwise` | pairs added one by one |
//! | `all_models` | every hierarchical model up to an order; choice and averaging |

mod all_models;
mod existence;
mod fit;
mod model;
mod reduce;
mod stepwise;
mod table;

pub use all_models::{AllModels, MOST_LISTS_OF_ALL_MODELS, Scored, Weighted};
pub use existence::{Existence, existence};
pub use fit::{Fit, FitError, fit};
pub use model::Model;
pub use stepwise::{STEPWISE_THRESHOLD, Stepwise, stepwise};

pub(crate) use fit::Fitter;
pub(crate) use table::Table;
