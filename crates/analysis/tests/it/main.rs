//! The analysis, from outside.

#![expect(clippy::unwrap_used, reason = "what fails in a test should stop it there")]

mod path;
mod read;
mod templates;
