//! An agency's own side: who it is, what may leave it, what it sends and takes back.
//!
//! In: `agency.toml`, the records in the agency's store, its signed disclosure modes and its
//! clients' releases. Out: a card for others; a preview of every value that would leave; sealed
//! files for the clearinghouse, each of them whole, once, and in a chain without a gap.
//!
//! | module | what |
//! |---|---|
//! | `setup` | `agency.toml` → store, keys and card |
//! | `accept` | at a clearinghouse: an agency's card, once its fingerprint was read out |
//! | `plan` | which quarters, to whom, under which key; what stands on the day |
//! | `leaving` | one kind of record, each either a coded row or left behind for a reason |
//! | `leaving_people` | the people in these rows → encodings |
//! | `encode` | people of a file → encodings of those who may leave |
//! | `totals` | how many records and people, by kind, quarter and code |
//! | `submit` | all of it → files, a manifest, a sealed file |
//! | `preview`, `preview_text`, `preview_rows` | the same pass, shown and not sent |
//! | `ended` | rows that were sent under a mode that has ended since |
//! | `withdrawal` | what orders and revoked releases take back → a sealed file |
//! | `sending` | a manifest and its files → a number in the chain and a sealed file, once |
//! | `work_folder` | where files are made, and what a killed run leaves there |
//!
//! No name, number or date of a person is in anything that this module hands out.

mod accept;
mod encode;
mod ended;
mod error;
mod leaving;
mod leaving_people;
mod plan;
mod preview;
mod preview_rows;
mod preview_text;
mod sending;
mod setup;
mod submit;
mod totals;
mod withdrawal;
mod work_folder;

pub use accept::{accept, same_fingerprint};
pub use encode::{PeopleEncoded, encode_people};
pub use ended::{EndedRows, rows_of_ended_modes};
pub use error::AgencyError;
pub use leaving::KindLeaving;
pub(crate) use plan::EARLIEST;
pub use plan::{DEFAULT_LINKAGE_KEY, Plan, last_complete_quarter, unsent_quarters};
pub use preview::{ColumnPreview, EncodingPreview, KindPreview, Preview, ValueRows, preview};
pub use sending::{Outcome, Sent};
pub use setup::{SetUp, SetupProblem, open_keys, own_card, read_card, role, set_up};
pub use submit::{Submitted, submit};
pub use totals::Tally;
pub use withdrawal::{Withdrew, withdraw};
