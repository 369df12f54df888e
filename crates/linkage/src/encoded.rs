//! Encoded tables of several agencies to people.
//!
//! In: tables in the hardened form ([`EncodedTable`]), of one key, period and schema. Out: people
//! ([`LinkedTables`]), as [`crate::link_pairs`] makes them. No name, no key and no truth come in.
//!
//! | module | what |
//! |---|---|
//! | `rows` | the rows of all tables, numbered through |
//! | `candidates` | pairs that share an exact key or a whole filter |
//! | `chance` | what a distance of diffused filters says |
//! | `compare` | distances and keys to levels of names, birth date, phone, street |
//! | `mixture` | classes of pairs, and what may stand in the cells of each |
//! | `learn` | the mixture from counts of patterns |
//! | `score` | candidates to scored pairs |
//! | `unseen` | persons, counting matches that no codes can show |
//! | `clks` | plain filters, one for each person |
//! | `link` | the path through all of these |
//!
//! The idea is that of [`crate::score_pairs`]: people on these lists share surnames, phones and
//! addresses with relatives and with strangers in shelters, so "same" stands against several kinds
//! of "not the same", and which is which is learnt from how often patterns occur. What differs: the
//! parts of a person are not seen, only distances of groups that mix them.
//!
//! [`EncodedTable`]: crate::encode::hardened::EncodedTable

mod candidates;
mod chance;
mod clks;
mod compare;
mod learn;
mod link;
mod mixture;
mod rows;
mod score;
mod unseen;

pub use clks::{ClkTable, link_clks};
pub use link::{EncodedPhase, EncodedSettings, LinkEncodedError, LinkedTables, link_encoded};
