//! What may leave an agency: by legal entity, kind of record and recipient, on a cited basis,
//! signed, until a day.
//!
//! In: what the agency is in law, its signed [`DisclosureMode`]s and its clients' [`Release`]s.
//! Out: for each record either a [`Permit`], the only thing that makes a
//! [`crate::record::CodedRecord`] or gives out a person's [`crate::record::Identity`], or the
//! reason why the record stays behind and is only counted.
//!
//! Federal law counts encoded, encrypted and hashed identifiers of victim-service clients as
//! personal information (34 U.S.C. 12291(b)(2), 28 CFR 94.115); so the default is totals only, and
//! a covered provider can send a row only under a person's own release.
//!
//! ```compile_fail
//! // No permit, no coded record: there is no other constructor.
//! fn code(record: &records::record::AgencyRecord, ids: &records::record::OpaqueIds) {
//!     records::record::CodedRecord::of(record, ids, None);
//! }
//! ```
//!
//! ```compile_fail
//! // Nobody outside can make a permit.
//! fn permit(record: &records::record::AgencyRecord) {
//!     records::disclosure::Permit { record, expires_on: None };
//! }
//! ```

mod mode;
mod order;
mod permit;
mod release;

pub use mode::{CLEARINGHOUSE, DisclosureMode, Mode, ModeProblem};
pub use order::{Order, OrderKind};
pub use permit::{Disclosure, Permit, PersonPermit, StaysBehind};
pub use release::Release;
