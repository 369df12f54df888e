//! The Human Trafficking Case Data Standard (HTCDS) 2.0 of the International Organization for
//! Migration: tables in and out.
//!
//! In: a table whose header has the standard's full names (`vic_MethodsOfControl`) or labels,
//! whatever their case, with the agency's own number in `reference`, `id`, `case_id` or
//! `prs_IdentityNumber`. Out: records of victims that carry every cell as it was written, or every
//! problem of every cell. And back: one row for each record.
//!
//! | ours | from |
//! |---|---|
//! | names, birth date, phone, postcode, country | the person's fields, as text |
//! | `date` | `cas_IncomingReferralDate`, or else [`Defaults::date`] |
//! | `trafficking_type` | `vic_TypeOfExploitation`: sex, labor or both; what is neither is not yet classified, and named |
//! | `age` | `vic_AgeWhenTrafficked`, or else the birth date on the day of `date` |
//! | `status` | `vic_TraffickingStatus`, where people are counted as identified |
//! | `gender`, `means`, `sector`, `identified_by` | the picklists, by the crosswalk |
//! | `counted_as` | [`Defaults::counted_as`] |
//!
//! The standard misspells `Unaquainted`; the right spelling is read too. CC BY 4.0; no endorsement
//! by the International Organization for Migration is meant.

mod fields;
mod shape;

pub use fields::{Field, Holds, PicklistValue, fields};

use shape::Htcds;

use super::{Defaults, TakenIn, Written, rows};
use crate::CellProblem;
use crate::record::AgencyRecord;
use crate::returns::Table;

/// Reads a table.
///
/// # Errors
///
/// Every column that is unknown, and every cell that cannot stand, its value withheld.
pub fn read(table: Table<'_>, defaults: &Defaults) -> Result<TakenIn, Vec<CellProblem>> {
    rows::read::<Htcds>(table, defaults)
}

/// Writes records of victims as a table with every column of the standard, for the agency's own
/// files: it holds names. `defaults` are those with which it would be read again.
pub fn write(records: &[AgencyRecord], defaults: &Defaults) -> Written {
    rows::write::<Htcds>(records, defaults)
}
