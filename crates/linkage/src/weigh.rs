//! How likely it is that two records are of one person.
//!
//! In: a table. Out: [`ScoredPairs`]: the pairs that may be one person with their log odds, the
//! threshold with the highest expected F1, and the model behind them ([`Model`]), which answers for
//! any pair.
//!
//! The model is a Fellegi-Sunter mixture (Fellegi and Sunter 1969, "A theory for record linkage",
//! section 2) over fields with a cell for every combination of what depends on one another
//! ([`crate::compare`]), fitted by expectation maximisation on counts of patterns (Winkler 1988;
//! Herzog, Scheuren and Winkler 2007, chapter 9), but with more classes than "same" and
//! "different", because people on these lists share more than chance makes them share:
//!
//! | class | name | birth | phone and address |
//! |---|---|---|---|
//! | same person, two of them | learnt, the sex apart | learnt | learnt |
//! | relatives at one place | surname learnt, given name as between strangers of one surname | as between strangers | learnt, the same place |
//! | twins | likewise | the same day | learnt |
//! | one named after the other | surname likewise, given name as one person's | as between strangers | as of relatives |
//! | strangers at one place | as between strangers | as between strangers | learnt, the same place |
//! | strangers | from random pairs | from random pairs | from random pairs |
//!
//! So where surname, phone and address agree, the given name and the birth date decide, and how
//! much they say is not learnt from the relatives. Chances between strangers come from random
//! pairs and from counts of values, never from the candidates; those of the same person from those
//! candidates that tell of a field (`compared`). Missing values say nothing: chances add up to one within each pattern of missing
//! values. Agreement on a rare value says more ([`crate::compare::Frequencies`]). The share of each
//! class among all pairs is estimated too; there is no prior to be set.
//!
//! No truth is used anywhere: not for weights, not for thresholds.

mod compared;
mod learn;
mod mixture;
mod random_pairs;
mod score;

pub(crate) use learn::learn;
pub(crate) use mixture::{Chances, Mixture, Weights};
pub(crate) use random_pairs::{DRAWN, Drawn, ends, of_one_name, random, rarities, strangers};
pub(crate) use score::{code, every, weighed};

pub use score::{Model, Phase, ScoredPairs, Settings, score_pairs};

#[cfg(test)]
mod tests;
