//! The simulation from outside: what it promises about bytes, codes, references, totals and errors.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod agency_files;
mod case_data;
mod determinism;
mod made;
mod people_set;
mod totals;
mod validity;
