//! Cryptographic long-term keys as clkhash makes them, bit for bit.
//!
//! In: rows of cells, a linkage schema (version 3 of clkhash) and the secret that the agencies
//! share. Out: one filter for each row ([`Clks`]), the same bits that clkhash 0.18.3 sets; read and
//! written in its JSON form and in the binary form of the Anonlink entity service.
//!
//! | module | what |
//! |---|---|
//! | `schema` | the JSON of a schema, read and checked |
//! | `format` | a cell checked and brought into one form |
//! | `tokens` | a value cut into tokens: n-grams, the whole, a number's neighbourhood |
//! | `hash` | a token to positions in the filter; keys from the secret |
//! | `encoder` | rows to filters, remembering what was computed before |
//! | `clks` | the filters, and their two forms in files |
//!
//! This form exists to work with people who use it. It shows more than it should: filters of one
//! person look alike across the whole file, which attacks by frequency and by graph matching use.
//! For our own work take the hardened form.
//!
//! Where we differ from clkhash: digits of other scripts are not digits; a date before the year
//! 1000 is refused (what clkhash makes of it depends on the platform); of the directives of
//! `strptime` only those of a date are read; a `pattern` is read by Rust's regular expressions,
//! which have no look-around; numbers beyond 128 bits are refused.
//!
//! Source: Schnell, Bachteler and Reiher (2011), A novel error-tolerant anonymous linking code;
//! the source of clkhash 0.18.3.

mod clks;
mod encoder;
mod format;
mod hash;
mod schema;
mod tokens;

pub use clks::{Clks, ClksError};
pub use encoder::ClkEncoder;
pub use format::{Expected, RowError};
pub use hash::ClkSecret;
pub use schema::{ClkSchema, SchemaError, SchemaWarning};
