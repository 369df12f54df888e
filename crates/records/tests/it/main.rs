//! Tests of the public interface.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod disclosure;
mod made;
mod record;
mod returns;
mod standards;
