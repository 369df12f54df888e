//! Who is whom, in a file: rows of 26 bytes in the order of agency and opaque id.
//!
//! In: members. Out: a private file that is there as a whole or not at all, named by its content,
//! and back, row by row, in flat memory. All numbers are big-endian, so that rows sort as bytes:
//!
//! | bytes | what |
//! |---|---|
//! | 2 | the agency: a place in the linkage's list of codes |
//! | 16 | the agency's opaque id of the person |
//! | 4 | the person: the same number for all who are her |
//! | 2 | the probability, in ten-thousandths; the highest bit: others are her too |
//! | 2 | the last day of her release, in days after 1 January 2000; 0: no end |
//!
//! No name and no encoding is in it. It is about people all the same, and goes when they are taken
//! back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use linkage::write_whole;
use records::record::OpaqueId;
use store::StoredLink;

use crate::disk::{private_folder, sync_folder};
use crate::receive::ReceiveError;

const FOLDER: &str = "links";
const ENDING: &str = "members";
const ROW: usize = 26;
const WITH_OTHERS: u16 = 1 << 15;
/// Before the first day that can stand in a row.
const DAY_ZERO: Date = date(2000, 1, 1);

/// A member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MemberRow {
    /// The agency: a place in the linkage's list of codes.
    pub(crate) agency: u16,
    /// The agency's id of her.
    pub(crate) id: OpaqueId,
    /// The person.
    pub(crate) person: u32,
    /// In ten-thousandths: how probable it is that she belongs to this person.
    pub(crate) probability: u16,
    /// Whether others are her too.
    pub(crate) with_others: bool,
    /// The last day of her release.
    pub(crate) until: Option<Date>,
}

impl MemberRow {
    fn bytes(&self) -> [u8; ROW] {
        let others = if self.with_others { WITH_OTHERS } else { 0 };
        let mut row = [0; ROW];
        row[..2].copy_from_slice(&self.agency.to_be_bytes());
        row[2..18].copy_from_slice(&self.id.0);
        row[18..22].copy_from_slice(&self.person.to_be_bytes());
        row[22..24].copy_from_slice(&(self.probability.min(10_000) | others).to_be_bytes());
        row[24..].copy_from_slice(&self.until.map_or(0, days).to_be_bytes());
        row
    }

    fn of(row: &[u8; ROW]) -> Option<MemberRow> {
        let (agency, rest) = row.split_first_chunk()?;
        let (id, rest) = rest.split_first_chunk()?;
        let (person, rest) = rest.split_first_chunk()?;
        let (probability, until) = rest.split_first_chunk()?;
        let probability = u16::from_be_bytes(*probability);
        let until = u16::from_be_bytes(until.try_into().ok()?);
        Some(MemberRow {
            agency: u16::from_be_bytes(*agency),
            id: OpaqueId(*id),
            person: u32::from_be_bytes(*person),
            probability: probability & !WITH_OTHERS,
            with_others: probability & WITH_OTHERS != 0,
            until: (until > 0).then(|| DAY_ZERO.saturating_add(jiff::Span::new().days(until))),
        })
    }
}

/// A day beyond the last that can stand in a row is that last one, in 2179.
fn days(day: Date) -> u16 {
    let days = day.duration_since(DAY_ZERO).as_hours() / 24;
    u16::try_from(days).unwrap_or(if days < 1 { 1 } else { u16::MAX }).max(1)
}

/// Writes members, which are sorted here; the name of the file below the data folder.
pub(super) fn write(data: &Path, mut rows: Vec<MemberRow>) -> io::Result<String> {
    rows.sort_unstable();
    let bytes: Vec<u8> = rows.iter().flat_map(MemberRow::bytes).collect();
    let digest = blake3::hash(&bytes).to_hex();
    let name = format!("{FOLDER}/{}.{ENDING}", &digest[..16]);
    let folder = data.join(FOLDER);
    private_folder(&folder)?;
    write_whole(&data.join(&name), &bytes)?;
    sync_folder(&folder)?;
    Ok(name)
}

/// The rows of a file, one by one, in order.
pub(crate) fn read(path: &Path) -> io::Result<impl Iterator<Item = io::Result<MemberRow>> + use<>> {
    let file = File::open(path)?;
    let cut = || io::Error::new(io::ErrorKind::InvalidData, "it was cut off");
    if file.metadata()?.len() % ROW as u64 != 0 {
        return Err(cut());
    }
    let mut file = BufReader::new(file);
    let mut row = [0; ROW];
    Ok(std::iter::from_fn(move || match file.read_exact(&mut row) {
        Ok(()) => Some(MemberRow::of(&row).ok_or_else(cut)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => None,
        Err(error) => Some(Err(error)),
    }))
}

/// Writes the members of a linkage anew without those who were taken back, by agency, or whose
/// release ended before a day; the new file and how many went, or nothing when nobody did.
pub(crate) fn without(
    data: &Path,
    link: &StoredLink,
    gone: &BTreeMap<String, BTreeSet<OpaqueId>>,
    today: Date,
) -> Result<Option<(String, u64)>, ReceiveError> {
    let path = data.join(&link.link.members_file);
    let failed = |source| ReceiveError::Disk { path: path.clone(), source };
    let (mut left, mut removed) = (Vec::new(), 0);
    for row in read(&path).map_err(failed)? {
        let row = row.map_err(failed)?;
        let agency = link.link.agencies.get(usize::from(row.agency));
        let is_gone =
            agency.and_then(|agency| gone.get(agency)).is_some_and(|ids| ids.contains(&row.id));
        if is_gone || row.until.is_some_and(|until| until < today) {
            removed += 1;
        } else {
            left.push(row);
        }
    }
    if removed == 0 {
        return Ok(None);
    }
    Ok(Some((write(data, left).map_err(failed)?, removed)))
}

/// Removes files of members that no linkage names any more. To be called while nobody reads.
pub(crate) fn sweep(data: &Path, links: &[StoredLink]) -> Result<(), ReceiveError> {
    let folder = data.join(FOLDER);
    let failed = |source| ReceiveError::Disk { path: folder.clone(), source };
    let named: BTreeSet<PathBuf> =
        links.iter().map(|link| data.join(&link.link.members_file)).collect();
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if !named.contains(&path) {
            fs::remove_file(&path).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_come_back_in_order(
            drawn in prop::collection::vec(
                (any::<u16>(), any::<[u8; 16]>(), any::<u32>(), 0u16..=10_000, any::<bool>(), 0i32..60_000),
                0..40,
            ),
        ) {
            let row = |&(agency, id, person, probability, with_others, day): &(u16, [u8; 16], u32, u16, bool, i32)| {
                let until = DAY_ZERO.saturating_add(jiff::Span::new().days(day));
                let until = (day > 0).then_some(until);
                MemberRow { agency, id: OpaqueId(id), person, probability, with_others, until }
            };
            let mut rows: Vec<MemberRow> = drawn.iter().map(row).collect();
            let folder = tempfile::tempdir().unwrap();
            let name = write(folder.path(), rows.clone()).unwrap();
            rows.sort();
            let path = folder.path().join(&name);
            let back: Vec<MemberRow> = read(&path).unwrap().map(Result::unwrap).collect();
            prop_assert_eq!(&back, &rows);
            prop_assert_eq!(fs::metadata(&path).unwrap().len(), 26 * rows.len() as u64);
            if !rows.is_empty() {
                let bytes = fs::read(&path).unwrap();
                fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
                prop_assert!(read(&path).is_err());
            }
        }
    }

    #[test]
    fn a_day_that_cannot_stand_there_is_the_nearest_that_can() {
        assert_eq!([days(date(1999, 1, 1)), days(date(2000, 1, 2))], [1, 1]);
        assert_eq!(days(date(2400, 1, 1)), u16::MAX);
    }
}
