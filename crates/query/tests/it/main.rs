//! Coded tables written, checked and counted, from outside the crate.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod check;
mod hostile;
mod made;
mod matching;
mod people;
mod purge;
mod tally;
