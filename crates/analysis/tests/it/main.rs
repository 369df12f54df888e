//! The analysis, from outside.

#![expect(clippy::unwrap_used, reason = "what fails in a test should stop it there")]

mod agency_records;
mod agency_setup;
mod agency_submit;
mod agency_totals;
mod collect;
mod link;
#[expect(dead_code, reason = "made for the tests of the crate records too")]
#[path = "../../../records/tests/it/made.rs"]
mod made;
mod made_agency;
mod made_members;
mod made_submissions;
mod outside_input;
mod path;
mod people_seeds;
mod read;
mod receive;
mod receive_killed;
mod tables;
mod task_force_sums;
mod templates;
