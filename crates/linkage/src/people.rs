//! People from a CSV file to numbers that compare fast.
//!
//! In: a CSV file with a header with any of [`COLUMNS`], or of what a [`PeopleSchema`] says they are
//! called. Out: [`PeopleFile`]: a [`PersonTable`] of
//! one row a record, in which names, streets and towns are numbers of distinct normalised values;
//! beside it, and never seen by what links, the column of the truth when one was named; and the
//! columns that were not known. Or every fault of the file at once ([`PeopleError`]), with row,
//! column, what was expected and how to mend it, never with what stood there.
//!
//! Every distinct value is normalised once. A record without `rec_id` is called by its row. Cost:
//! the file is read in eight pieces by all threads of rayon's pool; memory is 64 bytes a record,
//! its ids, and the distinct values.

mod cell;
mod error;
mod header;
mod intern;
mod names;
mod nickname;
mod read;
mod schema;
mod shared;
mod sound;
mod street;
mod table;

pub use error::{FAULTS_LISTED, Fault, FaultKind, PeopleError};
pub use header::{HeaderError, HeaderFault};
pub use read::{DatesLeftOut, PeopleFile, ReadSettings, read_people, read_people_of};
pub use schema::{PeopleSchema, PeopleSchemaError, PeopleSchemaProblem};
pub use table::{PersonTable, Truth};

pub(crate) use cell::BirthDate;
pub(crate) use header::Places;
pub(crate) use intern::{Interner, hash_bytes, mix};
pub(crate) use names::{LETTERS, NONE, Name, Names, Word};
pub(crate) use read::{Joined, Piece, ROWS_LIMIT, columns, street_lines, towns};
pub(crate) use schema::BIRTH_DATE;
pub(crate) use shared::{WidelyShared, below, name_and_year, same_name, years_apart, years_of};
pub(crate) use table::Row;

/// The columns that are known.
pub const COLUMNS: [&str; 13] = [
    "rec_id",
    "agency",
    "given_name",
    "middle_name",
    "surname",
    "alias",
    "sex",
    "birth_date",
    "phone",
    "street",
    "city",
    "zip",
    "origin",
];
