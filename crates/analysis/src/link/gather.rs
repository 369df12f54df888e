//! The store → encodings by linkage key, each person of an agency once.
//!
//! In: the files of encodings that stand, and the linkage that was accepted before. Out:
//! [`Gathered`]. Of a person whom an agency sent several times under one key, the encoding of its
//! last submission counts. Memory: all encodings, some 700 bytes for each person.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use linkage::encode::hardened::EncodedTable;
use records::record::OpaqueId;
use store::{StoredEncodings, StoredLink};

use super::LinkError;
use super::members::{self, MemberRow};
use crate::encodings::rows_of;

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

/// The encodings of one linkage key.
pub(super) struct OfKey {
    /// Its fingerprint.
    pub(super) fingerprint: String,
    /// Their rows, in the order of agency and id.
    pub(super) table: EncodedTable,
    /// The agency of each row.
    pub(super) agency: Vec<u16>,
}

impl OfKey {
    /// The agency and id of a row.
    pub(super) fn node(&self, row: usize) -> (u16, OpaqueId) {
        (self.agency[row], OpaqueId(self.table.rec_ids[row]))
    }

    /// The last day of the release of a row's person.
    pub(super) fn until(&self, row: usize) -> Option<Date> {
        let number = self.table.expires_on[row];
        let part = |of: u32| i8::try_from(of % 100).ok();
        let year = i16::try_from(number / 10_000).ok()?;
        Date::new(year, part(number / 100)?, part(number)?).ok().filter(|_| number > 0)
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
    let mut last: BTreeMap<(u16, [u8; 16]), (usize, usize)> = BTreeMap::new();
    for (at, (agency, table)) in tables.iter().enumerate() {
        for (row, id) in table.rec_ids.iter().enumerate() {
            last.insert((*agency, *id), (at, row));
        }
    }
    if u32::try_from(last.len()).is_err() {
        return Err(LinkError::TooMany(last.len()));
    }
    let all: Vec<&EncodedTable> = tables.iter().map(|(_, table)| table).collect();
    let rows: Vec<(usize, usize)> = last.values().copied().collect();
    // What was received has one layout.
    let table = rows_of(&all, &rows).ok_or(LinkError::TooMany(rows.len()))?;
    let agency = last.keys().map(|(agency, _)| *agency).collect();
    Ok(OfKey { fingerprint: fingerprint.to_owned(), table, agency })
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
