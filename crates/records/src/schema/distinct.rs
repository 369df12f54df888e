//! Whole columns against themselves: `unique` and `primaryKey`, exactly, in bounded memory.
//!
//! In: the values of every row. Out: each row whose key stood in an earlier row, with that row.
//!
//! A key is kept as 128 bits of keyed BLAKE3. The secret key comes from the operating system's
//! generator (the `getrandom` crate: it is there on every platform, and it promises secrecy, which
//! `RandomState` does not) and never leaves memory, so that nobody can find out from a temporary
//! file left by a crash whether a value was in the table. It has no part in the answer, which is
//! sorted by row. Two different values among *n* are taken for one with probability below
//! *n*² / 2¹²⁹: for a thousand million rows, less than 2 in 10²¹.

use std::io;

use super::{
    SchemaError,
    field::Value,
    rule::RowValues,
    spill::{Entry, Sorted, Sorter},
};

/// Entries of memory shared by all keys: 24 MiB.
pub(super) const ENTRIES: usize = 1 << 20;

/// The keys of a table, being read.
pub(super) struct Keys {
    secret: [u8; 32],
    keys: Vec<Key>,
    scratch: Vec<u8>,
    entries: usize,
}

/// One column, or the columns of the primary key.
struct Key {
    fields: Vec<usize>,
    sorter: Sorter,
}

/// A row whose key stood before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Duplicate {
    pub(super) row: u64,
    /// Which of the keys.
    pub(super) key: usize,
    pub(super) first_row: u64,
}

impl Keys {
    /// Keys over these fields, which together keep about `entries` in memory.
    pub(super) fn new(keys: Vec<Vec<usize>>, entries: usize) -> Result<Keys, SchemaError> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|_| SchemaError::NoKey)?;
        let most = entries / keys.len().max(1);
        let keys =
            keys.into_iter().map(|fields| Key { fields, sorter: Sorter::new(most) }).collect();
        Ok(Keys { secret, keys, scratch: Vec::new(), entries })
    }

    /// Takes in one row. A key of which a value is absent is no key.
    pub(super) fn add(&mut self, number: u64, row: &RowValues<'_>) -> io::Result<()> {
        let scratch = &mut self.scratch;
        'keys: for (index, key) in (0_u32..).zip(&mut self.keys) {
            scratch.clear();
            // Equal values of two columns do not look alike on disk.
            scratch.extend(index.to_le_bytes());
            for &field in &key.fields {
                match row.values[field] {
                    Value::Absent => continue 'keys,
                    Value::Rank(rank) => scratch.extend(rank.to_le_bytes()),
                    Value::Text => {
                        let cell = (row.cell)(field);
                        scratch.extend((cell.len() as u64).to_le_bytes());
                        scratch.extend_from_slice(&cell);
                    }
                }
            }
            let digest = *blake3::keyed_hash(&self.secret, scratch).as_bytes();
            let (words, _) = digest.as_chunks::<8>();
            let entry = [u64::from_le_bytes(words[0]), u64::from_le_bytes(words[1]), number];
            key.sorter.push(entry)?;
        }
        Ok(())
    }

    /// The fields of each key.
    pub(super) fn fields(&self) -> Vec<Vec<usize>> {
        self.keys.iter().map(|key| key.fields.clone()).collect()
    }

    /// The duplicates, in the order of their rows.
    pub(super) fn finish(self) -> io::Result<Duplicates> {
        let mut found = Sorter::new(self.entries / 4);
        for (index, key) in (0_u64..).zip(self.keys) {
            let mut sorted = key.sorter.finish()?;
            let mut first: Option<Entry> = None;
            while let Some(entry) = sorted.next()? {
                match first {
                    Some(first) if first[..2] == entry[..2] => {
                        found.push([entry[2], index, first[2]])?;
                    }
                    _ => first = Some(entry),
                }
            }
        }
        Ok(Duplicates { sorted: found.finish()? })
    }
}

/// Duplicates in the order of their rows.
pub(super) struct Duplicates {
    sorted: Sorted,
}

impl Duplicates {
    pub(super) fn next(&mut self) -> io::Result<Option<Duplicate>> {
        let next = self.sorted.next()?;
        Ok(next.map(|[row, key, first_row]| Duplicate { row, key: key as usize, first_row }))
    }
}
