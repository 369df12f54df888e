//! Tables with noise: every margin of some dimensions, consistent, in whole numbers of people.
//!
//! In: the dimensions, from the public schema ([`NoisyQuestion`]), what may be spent, and the rows.
//! Out: a [`NoisyTable`] whose every number is the sum of its parts, none below zero, each with an
//! interval that holds the true count with a chance of at least 95 % and follows from the scale of
//! the noise alone.
//!
//! | step | what | sees the data |
//! |---|---|---|
//! | [`NoisyDesign::new`] | how the budget is shared among the margins, and how accurate each will be | no |
//! | [`measure`] | counts every chosen margin and adds discrete Gaussian noise to it | yes |
//! | [`NoisyCounts::fit`] | least squares, nothing below zero, whole numbers | only the noised counts |
//!
//! What is assumed and proved is in `notes/noisy.md`. A table of N finest cells over d dimensions
//! takes O(2^d N) steps for each round of the fit, of which there are a few hundred at most.

mod allocation;
#[cfg(test)]
mod attack;
mod cube;
mod design;
mod faults;
mod fit;
mod groups;
mod measure;
mod table;
#[cfg(test)]
mod tests;
mod whole_numbers;

pub use design::{MarginAccuracy, NoisyDesign, NoisyError, NoisyQuestion};
pub use groups::Group;
pub use measure::{NoisyCounts, measure};
pub use table::NoisyTable;
