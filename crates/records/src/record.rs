//! Coded records: one victim, incident, arrest, charge, disposition, service, training session,
//! contact or letter.
//!
//! In: a row of an agency's own table. Out: an [`AgencyRecord`], which holds names and never shows
//! them, or every problem of the row. What may leave the agency is a [`CodedRecord`], a type that
//! has no place for a name; only a [`crate::disclosure::Permit`] makes one.
//!
//! Which fields a kind of record has, what they hold and whether they may leave is data:
//! `definitions/record_fields.csv`. A new field is a new row there.
//!
//! | module | what |
//! |---|---|
//! | `kind` | the nine kinds of records |
//! | `field` | their fields, from `definitions/record_fields.csv` |
//! | `personal` | text that is never shown |
//! | `agency_record` | a record as the agency that holds it knows it |
//! | `read` | a table's header and rows to records, every problem at once |
//! | `coded_record` | a record as it may leave: codes, quarters, numbers, opaque ids |
//! | `follow_up` | what somebody must ask again |

mod agency_record;
mod coded_record;
mod field;
mod follow_up;
mod kind;
mod personal;
mod read;

pub use agency_record::{AgencyRecord, Cell, Identity};
pub use coded_record::{Code, CodedRecord, CodedValue, OpaqueId, OpaqueIds};
pub use field::{Field, Holds, Leaves};
pub use follow_up::FollowUp;
pub use kind::RecordKind;
pub use personal::Personal;
pub use read::{Columns, split_list};
pub(crate) use read::{day as read_day, record as read_record};
