//! The store → encodings by linkage key, each person of an agency once.
//!
//! In: the files of encodings that stand, and the linkage that was accepted before. Out:
//! [`Gathered`]. Of a person whom an agency sent several times under one key, the encoding of its
//! last submission counts. Memory: all encodings, some 700 bytes for each person.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use linkage::encode::hardened::{EncodedTable, GROUPS};
use records::record::OpaqueId;
use store::{StoredEncodings, StoredLink};

use super::LinkError;
use super::members::{self, MemberRow};
use crate::encodings::{day_of, rows_of};

/// Everything that a linkage is made from.
pub(super) struct Gathered {
    /// The codes of the agencies, sorted.
    pub(super) agencies: Vec<String>,
    /// The encodings, by linkage key.
    pub(super) keys: Vec<OfKey>,
    /// Who is whom by what was accepted before, with today's places of agencies.
    pub(super) accepted: Vec<MemberRow>,
    /// People, at least and at most, of what was accepted.
    pub(super) accepted_range: Option<(u64, u64, u64)>,
}

/// The encodings of one linkage key. Rows are numbered through all tables.
pub(super) struct OfKey {
    /// Its fingerprint.
    pub(super) fingerprint: String,
    /// A table for each agency, in the order of the agencies, its rows in the order of their ids.
    pub(super) tables: Vec<EncodedTable>,
    /// The agency of each row.
    agency: Vec<u16>,
    /// The table of each row, and its place there.
    places: Vec<(u16, u32)>,
}

impl OfKey {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.agency.len()
    }

    fn place(&self, row: usize) -> (&EncodedTable, usize) {
        let (table, row) = self.places[row];
        (&self.tables[usize::from(table)], row as usize)
    }

    /// The agency and id of a row.
    pub(super) fn node(&self, row: usize) -> (u16, OpaqueId) {
        let (table, place) = self.place(row);
        (self.agency[row], OpaqueId(table.rec_ids[place]))
    }

    /// The last day of the release of a row's person.
    pub(super) fn until(&self, row: usize) -> Option<Date> {
        let (table, place) = self.place(row);
        day_of(table.expires_on[place])
    }

    /// For each group of mixed fields its name, and in what share of its bits two rows differ;
    /// nothing where one lacks it.
    pub(super) fn distances(&self, one: usize, two: usize) -> Vec<(String, Option<f32>)> {
        let ((table, one), (there, two)) = (self.place(one), self.place(two));
        let distances = (0..GROUPS).map(|group| table.distance(one, there, two, group));
        table.header.groups.iter().cloned().zip(distances).collect()
    }
}

pub(super) fn run(
    data: &Path,
    standing: &[StoredEncodings],
    accepted: Option<&StoredLink>,
) -> Result<Gathered, LinkError> {
    let of_accepted = accepted.iter().flat_map(|link| link.link.agencies.iter().cloned());
    let codes: BTreeSet<String> =
        standing.iter().map(|one| one.agency.clone()).chain(of_accepted).collect();
    let agencies: Vec<String> = codes.into_iter().collect();
    if u16::try_from(agencies.len()).is_err() {
        return Err(LinkError::TooMany(agencies.len()));
    }
    let place = |code: &str| agencies.binary_search_by(|known| known.as_str().cmp(code)).ok();
    let place = |code: &str| place(code).and_then(|at| u16::try_from(at).ok()).unwrap_or(u16::MAX);
    let mut keys: BTreeMap<&str, Vec<(u16, EncodedTable)>> = BTreeMap::new();
    // By agency and place among its files, so that a later one comes after an earlier one.
    for one in standing {
        let path = data.join(&one.folder).join(&one.encodings.file);
        let table =
            EncodedTable::read(&path).map_err(|source| LinkError::Encodings { path, source })?;
        let of_key = keys.entry(one.encodings.key_fingerprint.as_str()).or_default();
        of_key.push((place(&one.agency), table));
    }
    let keys = keys.into_iter().map(|(fingerprint, tables)| of_key(fingerprint, &tables));
    let keys = keys.collect::<Result<Vec<OfKey>, LinkError>>()?;
    let accepted_range = accepted.map(|link| (link.link.people, link.link.low, link.link.high));
    let accepted = match accepted {
        Some(link) => accepted_members(data, link, &place)?,
        None => Vec::new(),
    };
    Ok(Gathered { agencies, keys, accepted, accepted_range })
}

fn of_key(fingerprint: &str, tables: &[(u16, EncodedTable)]) -> Result<OfKey, LinkError> {
    let mut last: BTreeMap<u16, BTreeMap<[u8; 16], (usize, usize)>> = BTreeMap::new();
    for (at, (agency, table)) in tables.iter().enumerate() {
        let ids = last.entry(*agency).or_default();
        ids.extend(table.rec_ids.iter().enumerate().map(|(row, id)| (*id, (at, row))));
    }
    let rows = last.values().map(BTreeMap::len).sum();
    if u32::try_from(rows).is_err() {
        return Err(LinkError::TooMany(rows));
    }
    let mut of_key = OfKey {
        fingerprint: fingerprint.to_owned(),
        tables: Vec::with_capacity(last.len()),
        agency: Vec::with_capacity(rows),
        places: Vec::with_capacity(rows),
    };
    let all: Vec<&EncodedTable> = tables.iter().map(|(_, table)| table).collect();
    for (number, (agency, ids)) in (0..).zip(last) {
        let rows: Vec<(usize, usize)> = ids.into_values().collect();
        // What was received has one layout.
        let mut table = rows_of(&all, &rows).ok_or(LinkError::TooMany(rows.len()))?;
        table.header.agency = agency.to_string();
        of_key.tables.push(table);
        of_key.agency.extend(rows.iter().map(|_| agency));
        of_key.places.extend((0..).take(rows.len()).map(|row| (number, row)));
    }
    Ok(of_key)
}

fn accepted_members(
    data: &Path,
    link: &StoredLink,
    place: &impl Fn(&str) -> u16,
) -> Result<Vec<MemberRow>, LinkError> {
    let path = data.join(&link.link.members_file);
    let failed = |source| LinkError::Disk { path: path.clone(), source };
    let mut rows = Vec::new();
    for row in members::read(&path).map_err(failed)? {
        let row = row.map_err(failed)?;
        if let Some(code) = link.link.agencies.get(usize::from(row.agency)) {
            rows.push(MemberRow { agency: place(code), ..row });
        }
    }
    Ok(rows)
}
