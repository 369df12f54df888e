//! The store's story: returns in, corrected, withdrawn, restored, summed.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod made;
mod returns;
mod roll_up;
