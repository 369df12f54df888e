//! Persons to encodings that can be compared without names.
//!
//! In: people as an agency knows them. Out: bits that say of two records how alike they are to
//! whoever has them, and not who they are to whoever lacks the key. Made inside the agency.
//!
//! | module | what |
//! |---|---|
//! | [`hardened`] | our form: groups of fields, diffused; `.clk` files |
//! | [`clkhash`] | the published form of clkhash, bit for bit |
//! | `people_csv` | the cells of a CSV file of people |
//! | `memory` | filters that were computed before |

pub mod clkhash;
pub mod hardened;
mod memory;
mod people_csv;

pub use people_csv::{PeopleCells, PeopleCsvError};
