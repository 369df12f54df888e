//! What one side says and the other cannot, and what reading and writing a table give.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use crate::Shown;
use crate::record::{AgencyRecord, Code};

/// Something that one side says and the other has no place or word for. On the way in the field is
/// the standard's, on the way out it is ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unsaid {
    /// The row of the table, the header being row 1; 0 where there is no table.
    pub row: u64,
    /// The field or column that says it.
    pub field: &'static str,
    /// The code that it says; withheld where it is no code.
    pub code: Shown,
    /// Why the other side cannot say it.
    pub why: &'static str,
}

/// What a table of another standard does not say and a record of ours must.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defaults {
    /// What every person of the table is counted as.
    pub counted_as: Code,
    /// The day of the rows that state none; without it such a row is refused.
    pub date: Option<Date>,
}

/// A table of another standard as records of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenIn {
    /// The people it is about, in the order of its rows.
    pub records: Vec<AgencyRecord>,
    /// The people whom it calls no victims of trafficking: kept whole, and never to be counted.
    pub not_victims: Vec<AgencyRecord>,
    /// What our fields cannot say; it is carried with the records.
    pub unsaid: Vec<Unsaid>,
}

/// Records of ours as a table of another standard, names included: for the agency's own files.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    /// `reference` and then every column of the standard, in its order.
    pub header: Vec<String>,
    /// One row for each record.
    pub rows: Vec<Vec<String>>,
    /// What the standard cannot say.
    pub unsaid: Vec<Unsaid>,
}

/// A record in the codes of a standard that has no tables of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coded<C> {
    /// The codes that say what the record says.
    pub codes: Vec<C>,
    /// What no code says.
    pub unsaid: Vec<Unsaid>,
}

impl<C> Coded<C> {
    pub(super) fn none() -> Coded<C> {
        Coded { codes: Vec::new(), unsaid: Vec::new() }
    }

    pub(super) fn unsaid(&mut self, field: &'static str, code: Code, why: &'static str) {
        let code = Shown::value(code.as_str());
        self.unsaid.push(Unsaid { row: 0, field, code, why });
    }
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Written")
            .field("rows", &format_args!("{} [withheld]", self.rows.len()))
            .field("unsaid", &self.unsaid)
            .finish_non_exhaustive()
    }
}
