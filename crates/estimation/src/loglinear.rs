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
//! | `fit`, `fitter` | a model fitted to a table; maximum likelihood by Newton's method |
//! | `poisson` | tails of the Poisson distribution |
//! | `profile` | profile likelihood of the population, for one model |
//! | `stepwise` | pairs added one by one |
//! | `model_space` | every hierarchical model up to an order |
//! | `all_models` | each of them fitted; choice and averaging |
//! | `lowest_bic` | the choice made again and again |

mod all_models;
mod existence;
mod fit;
mod fitter;
mod lowest_bic;
mod model;
mod model_space;
mod poisson;
mod profile;
mod reduce;
mod stepwise;
mod table;

pub use all_models::{AllModels, MOST_LISTS_OF_ALL_MODELS, Scored, Weighted};
pub use existence::{Existence, existence};
pub use fit::{Fit, FitError, fit};
pub use model::Model;
pub use profile::{Profile, profile};
pub use stepwise::{STEPWISE_THRESHOLD, Stepwise, stepwise};

pub(crate) use fitter::Fitter;
pub(crate) use lowest_bic::{LowestBic, Room as LowestBicRoom};
pub(crate) use model_space::ModelSpace;
pub(crate) use stepwise::{StepwiseSearch, Trail};
pub(crate) use table::Table;
