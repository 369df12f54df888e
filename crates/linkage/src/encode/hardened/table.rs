//! Persons of one agency to a table that may travel, and who is who in it for the agency alone.
//!
//! In: an agency's persons, each with the reason why it may be encoded, the linkage key, the
//! period. Out: an [`EncodedTable`] in an order of its own, whose rows are called by random bytes;
//! and the [`Mapping`] from the agency's `rec_id`s to them, which stays at the agency.

use std::collections::HashMap;
use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::birth::Birth;
use super::diffusion::KeyStream;
use super::encoder::{DiffusionSettings, EncodedRows, RowEncoder};
use super::layout::{COARSE, GROUPS, KEYS, LAYOUT};
use super::person::PersonCells;
use crate::LinkageKey;
use crate::dice::BitMatrix;

/// The most bytes of a cell that make sense.
pub const CELL_LIMIT: usize = 1000;
/// A row is named by the bytes that its agency drew for it.
pub type OpaqueRowId = [u8; 16];

/// Why a person may be encoded. Federal law treats the encoding of a victim-service client as the
/// client's name (28 CFR 94.115), so no person is encoded without a reason.
///
/// This crate knows no law, store or clock: whoever has an agency's signed mode or a client's
/// active release in hand says so here. In Clearway that is one function, which takes a permit that
/// only `records::disclosure` can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// The agency's disclosure mode for this recipient is `encoded`.
    Encoded,
    /// The person signed a release that is active; it ends with that day, as `YYYYMMDD`.
    WithRelease {
        /// The last day.
        until: u32,
    },
    /// The file belongs to no agency's store: made-up or research data.
    Unattached,
}

/// A person to encode.
#[derive(Debug, Clone, Copy)]
pub struct PersonRecord<'r> {
    /// What the agency calls the record; unique in the agency; never leaves it.
    pub rec_id: &'r str,
    /// The cells.
    pub cells: PersonCells<'r>,
    /// Why it may be encoded.
    pub permission: Permission,
}

/// Whose table it is, and under which key.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The agency.
    pub agency: &'a str,
    /// The period.
    pub period: &'a str,
    /// The fingerprint of the key, as agencies read it out to each other; [`LinkageKey::fingerprint`]
    /// where they have no other.
    pub key_fingerprint: &'a str,
}

/// What a table says of itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableHeader {
    /// The agency.
    pub agency: String,
    /// The period, such as `2026-Q1`; encodings of two periods cannot be compared.
    pub period: String,
    /// The fingerprint of the linkage key.
    pub key_fingerprint: String,
    /// A digest of the layout and the diffusion.
    pub schema_digest: String,
    /// Bits of a filter.
    pub filter_bits: usize,
    /// The groups, in order.
    pub groups: Vec<String>,
    /// The kinds of exact keys, in order, with their slots.
    pub kinds: Vec<(String, usize)>,
    /// Whether it was encoded for research, outside of any agency's store.
    pub unattached: bool,
}

/// An agency's persons, encoded.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodedTable {
    /// What it says of itself.
    pub header: TableHeader,
    /// The rows' names.
    pub rec_ids: Vec<OpaqueRowId>,
    /// The last day on which a row may be kept, as `YYYYMMDD`; 0 for no end.
    pub expires_on: Vec<u32>,
    /// For each row a bit for each group that it has.
    pub present: Vec<u8>,
    /// For each group the filters of all rows; zeros where a row has none.
    pub groups: Vec<BitMatrix>,
    /// For each row its exact keys, kind after kind; 0 where a slot has none.
    pub keys: Vec<[u64; KEYS]>,
}

/// Which of the agency's records became which row. Stays at the agency.
pub struct Mapping(Vec<(Zeroizing<String>, OpaqueRowId)>);

/// Why persons are not encoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// Two records have the same name.
    #[error(
        "rows {first} and {second} have the same rec_id; give every record of the agency one of its own"
    )]
    SameRecId {
        /// The first row, counted from 1 without the header.
        first: usize,
        /// The second.
        second: usize,
    },
    /// A cell is longer than any name or address.
    #[error(
        "row {row}, column {column}: {bytes} bytes, expected at most {CELL_LIMIT}; a quotation mark may be missing"
    )]
    TooLong {
        /// The row, counted from 1 without the header.
        row: usize,
        /// The column.
        column: &'static str,
        /// Bytes of the cell.
        bytes: usize,
    },
    /// A date of birth is none.
    #[error(
        "row {row}, column birth_date: expected YYYY-MM-DD or YYYY; correct it or leave it empty"
    )]
    NoDate {
        /// The row, counted from 1 without the header.
        row: usize,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes ({0})")]
    Random(String),
}

/// Random bytes of the operating system, for [`encode`].
///
/// # Errors
///
/// When it has none.
pub fn os_random(bytes: &mut [u8]) -> Result<(), EncodeError> {
    getrandom::fill(bytes).map_err(|error| EncodeError::Random(error.to_string()))
}

/// Encodes an agency's persons for a period.
///
/// The order of the rows and their names come from `random`: [`os_random`] outside tests.
///
/// # Errors
///
/// When two records have one name, a cell is too long or a date is none; nothing is encoded then.
pub fn encode(
    key: &LinkageKey,
    about: About,
    records: &[PersonRecord],
    settings: DiffusionSettings,
    mut random: impl FnMut(&mut [u8]) -> Result<(), EncodeError>,
) -> Result<(EncodedTable, Mapping), EncodeError> {
    check(records)?;
    let mut order: Vec<usize> = (0..records.len()).collect();
    let mut seed = Zeroizing::new([0; 32]);
    random(seed.as_mut())?;
    KeyStream::new(&seed).shuffle(&mut order);
    let mut rec_ids = vec![[0; 16]; records.len()];
    for rec_id in &mut rec_ids {
        random(rec_id)?;
    }
    let shuffled: Vec<&PersonRecord> = order.iter().map(|&at| &records[at]).collect();
    let cells: Vec<PersonCells> = shuffled.iter().map(|record| record.cells).collect();
    let EncodedRows { present, groups, keys } =
        RowEncoder::new(key, about.period, settings).encode(&cells);
    let mapping = shuffled
        .iter()
        .zip(&rec_ids)
        .map(|(record, id)| (Zeroizing::new(record.rec_id.to_owned()), *id))
        .collect();
    let until = |record: &&PersonRecord| match record.permission {
        Permission::WithRelease { until } => until,
        Permission::Encoded | Permission::Unattached => 0,
    };
    let table = EncodedTable {
        header: TableHeader {
            agency: about.agency.to_owned(),
            period: about.period.to_owned(),
            key_fingerprint: about.key_fingerprint.to_owned(),
            schema_digest: schema_digest(settings),
            filter_bits: settings.outer_bits,
            groups: LAYOUT.iter().map(|group| group.name.to_owned()).collect(),
            kinds: COARSE.iter().map(|kind| (kind.name.to_owned(), kind.slots)).collect(),
            unattached: records.iter().any(|record| record.permission == Permission::Unattached),
        },
        rec_ids,
        expires_on: shuffled.iter().map(until).collect(),
        present,
        groups,
        keys,
    };
    Ok((table, Mapping(mapping)))
}

fn check(records: &[PersonRecord]) -> Result<(), EncodeError> {
    let mut seen: HashMap<&str, usize> = HashMap::with_capacity(records.len());
    for (row, record) in (1..).zip(records) {
        if let Some(first) = seen.insert(record.rec_id, row) {
            return Err(EncodeError::SameRecId { first, second: row });
        }
        for (column, cell) in record.cells.columns() {
            if cell.len() > CELL_LIMIT {
                return Err(EncodeError::TooLong { row, column, bytes: cell.len() });
            }
        }
        let birth = record.cells.birth_date;
        if !birth.trim().is_empty() && Birth::read(birth).is_none() {
            return Err(EncodeError::NoDate { row });
        }
    }
    Ok(())
}

/// A digest of what all who encode must have in common besides the key: which parts are in which
/// filter with how many bits, the exact keys, the diffusion, and the version of the normalisation.
fn schema_digest(settings: DiffusionSettings) -> String {
    let mut text = String::from("clearway hardened form, version 1\n");
    for group in &LAYOUT {
        text.push_str(&format!("{} {:?}\n", group.name, group.parts));
    }
    for kind in &COARSE {
        text.push_str(&format!("{} {}\n", kind.name, kind.slots));
    }
    text.push_str(&format!("{settings:?}"));
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl EncodedTable {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rec_ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rec_ids.is_empty()
    }

    /// Whether a row has a group.
    pub fn has(&self, row: usize, group: usize) -> bool {
        group < GROUPS && self.present[row] >> group & 1 == 1
    }

    /// Whether there is anything in a row by which it could be compared.
    pub fn says_something(&self, row: usize) -> bool {
        self.present[row] != 0 || self.keys[row].iter().any(|key| *key != 0)
    }

    /// The exact keys of a row of one kind; 0 where a slot has none.
    pub fn keys_of(&self, row: usize, kind: usize) -> &[u64] {
        let first: usize = COARSE[..kind].iter().map(|kind| kind.slots).sum();
        &self.keys[row][first..first + COARSE[kind].slots]
    }

    /// The share of bits in which the filters of two rows, also of two tables, differ; `None` when
    /// one of them has no such group.
    pub fn distance(
        &self,
        row: usize,
        other: &EncodedTable,
        there: usize,
        group: usize,
    ) -> Option<f32> {
        if !self.has(row, group) || !other.has(there, group) {
            return None;
        }
        let pairs = self.groups[group].row(row).iter().zip(other.groups[group].row(there));
        let differ: u32 = pairs.map(|(here, there)| (here ^ there).count_ones()).sum();
        Some(differ as f32 / self.groups[group].bits() as f32)
    }
}

/// Encodings stand for persons: how many there are is all that is shown.
impl fmt::Debug for EncodedTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows of {} [withheld]", self.len(), self.header.agency)
    }
}

impl Mapping {
    /// The agency's name of each record, and the row's.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &OpaqueRowId)> {
        self.0.iter().map(|(rec_id, row)| (rec_id.as_str(), row))
    }
}

impl fmt::Debug for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[withheld]")
    }
}
