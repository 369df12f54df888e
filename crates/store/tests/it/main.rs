//! The store's story: returns in, corrected, withdrawn, restored, summed; an agency's records in,
//! replaced, destroyed, sent; the clearinghouse's submissions in, replaced, taken back.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod agency;
mod import_model;
mod imports;
mod made;
mod made_records;
mod orders;
mod received;
mod refused_and_purged;
mod returns;
mod roll_up;
mod sent;
mod stores;

use store::{DatabaseUrl, Store};
