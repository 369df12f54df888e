//! The table of people: a row of numbers for each record.

use std::fmt;

use crate::people::cell::BirthDate;
use crate::people::intern::Interner;
use crate::people::names::Names;
use crate::people::shared::{Namesakes, WidelyShared};

/// A record as numbers, in one line of the processor's cache; 0 is missing everywhere.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
pub(crate) struct Row {
    pub(crate) phone: u64,
    /// Names by their number in [`Names`].
    pub(crate) given: u32,
    pub(crate) middle: u32,
    pub(crate) surname: u32,
    pub(crate) alias: u32,
    pub(crate) birth: BirthDate,
    /// House number, name and sound of the street.
    pub(crate) house: u32,
    pub(crate) street: u32,
    pub(crate) street_sound: u32,
    pub(crate) zip: u32,
    pub(crate) city: u32,
    pub(crate) origin: u16,
    pub(crate) agency: u16,
    pub(crate) sex: u8,
    /// In how many years of birth the full name is seen.
    pub(crate) name_years: u8,
    /// How widely the phone and the address are shared.
    pub(crate) phone_shared: u8,
    pub(crate) address_shared: u8,
}

/// People, normalised for linkage. Shows nothing of them.
pub struct PersonTable {
    pub(crate) rows: Vec<Row>,
    pub(crate) names: Names,
    pub(crate) agencies: Interner,
    /// Who shares phones widely, and who addresses.
    pub(crate) shared: [WidelyShared; 2],
    /// People of one full name that differ in their years of birth.
    pub(crate) namesakes: Vec<Namesakes>,
    /// The ids of all records one after the other, and where each ends; empty without ids.
    pub(crate) ids: Vec<u8>,
    pub(crate) id_ends: Vec<u32>,
}

impl PersonTable {
    /// What a table shares, without its rows.
    pub(crate) fn without_rows(names: Names, agencies: Interner) -> PersonTable {
        PersonTable {
            rows: Vec::new(),
            names,
            agencies,
            shared: Default::default(),
            namesakes: Vec::new(),
            ids: Vec::new(),
            id_ends: Vec::new(),
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The number of a record's agency, below [`PersonTable::agencies`].
    pub fn agency(&self, record: u32) -> u32 {
        self.rows.get(record as usize).map_or(0, |row| u32::from(row.agency))
    }

    /// How many agencies there are.
    pub fn agencies(&self) -> usize {
        self.agencies.len()
    }

    /// The name of an agency as in the file; empty when the file names none.
    pub fn agency_name(&self, agency: u32) -> String {
        String::from_utf8_lossy(self.agencies.text(agency)).into_owned()
    }

    /// The id of a record as in the file, or the number of its row.
    pub fn rec_id(&self, record: u32) -> String {
        let record = record as usize;
        let Some(end) = self.id_ends.get(record) else { return (record + 2).to_string() };
        let start = record.checked_sub(1).map_or(0, |before| self.id_ends[before]);
        if start == *end {
            return (record + 2).to_string();
        }
        String::from_utf8_lossy(&self.ids[start as usize..*end as usize]).into_owned()
    }
}

impl fmt::Debug for PersonTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonTable {{ {} records [withheld] }}", self.len())
    }
}

/// Who is who, for scoring: a person's number for each record. Nothing that links takes this type.
#[derive(Clone, PartialEq, Eq)]
pub struct Truth {
    /// The number of each record's person; records without a truth have numbers of their own.
    pub person_of: Vec<u32>,
    /// How many people there are.
    pub people: u32,
}

impl fmt::Debug for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Truth {{ {} people }}", self.people)
    }
}
