//! The analysis, from outside.

#![expect(clippy::unwrap_used, reason = "what fails in a test should stop it there")]

mod collect;
mod path;
mod read;
mod task_force_sums;
mod templates;
