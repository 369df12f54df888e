//! Rows to entries by ranges: of names, full names, phones, addresses and blocking keys. And what the
//! others of a range say of a record, back to its partition.

use linkage::partitioned::{Mark, PASSES, Values, block_entries, entry_key, keys_of, range_of};

use super::numbers::{Numbers, Writer};
use super::{Part, Work, finish};
use crate::QueryError;

/// Entries of a record in a pass of blocking, about.
const IN_PASS: usize = 3;

/// Entries of all records.
pub(super) struct Spread {
    /// Given names, and surnames.
    names: [Vec<Numbers<1>>; 2],
    full_names: Vec<Numbers<3>>,
    contacts: [Vec<Numbers<3>>; 2],
    /// Entries of blocks, by pass and range.
    pub(super) entries: Vec<Vec<Numbers<1>>>,
}

/// Into how many ranges the keys of a pass are cut.
pub(super) fn key_ranges(work: &Work, values: &Values) -> usize {
    work.plan.ranges(values.records() as usize * IN_PASS, 8)
}

/// Writers for the ranges of each pass.
pub(super) fn by_pass(work: &Work, name: &str, ranges: usize) -> Vec<Vec<Writer<1>>> {
    (0..PASSES).map(|pass| work.writers(&format!("{name}-{pass}"), ranges)).collect()
}

/// Spreads the rows of all partitions.
pub(super) fn spread(work: &Work, values: &Values, parts: &[Part]) -> Result<Spread, QueryError> {
    let ranges = work.plan.ranges(values.records() as usize, 24);
    let mut given: Vec<Writer<1>> = work.writers("given", ranges);
    let mut surnames: Vec<Writer<1>> = work.writers("surnames", ranges);
    let mut full_names: Vec<Writer<3>> = work.writers("full-names", ranges);
    let mut phones: Vec<Writer<3>> = work.writers("phones", ranges);
    let mut addresses: Vec<Writer<3>> = work.writers("addresses", ranges);
    let keys = key_ranges(work, values);
    let mut entries = by_pass(work, "keys", keys);
    for part in parts {
        let mut record = part.first;
        part.rows.each(|row| {
            let names = values.name_entries(&row);
            for (entry, writers) in names.into_iter().zip([&mut given, &mut surnames]) {
                if let Some((hash, entry)) = entry {
                    writers[range_of(hash, ranges)].push([entry])?;
                }
            }
            if let Some(entry) = values.full_name_entry(record, &row) {
                full_names[range_of(entry[0], ranges)].push(entry)?;
            }
            let contacts = Values::contact_entries(record, &row);
            for (entry, writers) in contacts.into_iter().zip([&mut phones, &mut addresses]) {
                if let Some(entry) = entry {
                    writers[range_of(entry[0], ranges)].push(entry)?;
                }
            }
            for (pass, entry) in block_entries(&keys_of(values, &row), record) {
                entries[pass][range_of(entry_key(entry), keys)].push([entry])?;
            }
            record += 1;
            Ok(())
        })?;
    }
    Ok(Spread {
        names: [finish(given)?, finish(surnames)?],
        full_names: finish(full_names)?,
        contacts: [finish(phones)?, finish(addresses)?],
        entries: entries.into_iter().map(finish).collect::<Result<_, _>>()?,
    })
}

impl Spread {
    /// Takes names, full names, phones and addresses into the values; what they say of the records
    /// of each partition.
    pub(super) fn marks(
        &self,
        work: &Work,
        values: &mut Values,
        parts: usize,
    ) -> Result<Vec<Numbers<1>>, QueryError> {
        let mut writers: Vec<Writer<1>> = work.writers("marks", parts);
        let mut write = |marks: Vec<Mark>| {
            marks
                .into_iter()
                .try_for_each(|mark| writers[work.part_of(mark.record())].push([mark.0]))
        };
        for (which, ranges) in self.names.iter().enumerate() {
            for range in ranges {
                values.take_names(which, range.load()?.as_flattened_mut());
            }
        }
        values.names_taken();
        for range in &self.full_names {
            write(values.take_full_names(&mut range.load()?))?;
        }
        for (which, ranges) in self.contacts.iter().enumerate() {
            for range in ranges {
                write(values.take_contacts(which, &mut range.load()?))?;
            }
        }
        values.taken();
        finish(writers)
    }
}
