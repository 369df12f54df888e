//! Encoded tables in files: `.clk`.
//!
//! In: an [`EncodedTable`]. Out: a file that is whole or not there; and back, or what is wrong with
//! it. All numbers are little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `CLEARCLK` |
//! | 4 | version, 1 |
//! | 4 | bytes of the header |
//! | 8 | rows |
//! | | the header, JSON ([`TableHeader`]) |
//! | each row | 16: its name; 4: its last day, or 0; 1: its groups; its filters; its exact keys |
//! | 32 | SHA-256 of all before |
//!
//! The checksum finds damage; it is no signature. A submission signs what it holds.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::layout::{COARSE, GROUPS, KEYS, LAYOUT};
use super::table::{EncodedTable, TableHeader};
use crate::dice::BitMatrix;
use crate::whole_file::write_whole;

const MARK: &[u8; 8] = b"CLEARCLK";
const VERSION: u32 = 1;
const FIXED: usize = 24;
const CHECKSUM: usize = 32;
/// No header is as long.
const MOST_HEADER: usize = 1 << 16;

/// Why a file is no encoded table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClkFileError {
    /// It is some other file.
    #[error("this is no file of encodings; expected one that \"clearway encode\" wrote")]
    NotOne,
    /// It is of a version that is not known.
    #[error("this file of encodings is of version {0}, expected {VERSION}; update Clearway")]
    Version(u32),
    /// It ends too early, or there is more than should be.
    #[error(
        "{found} bytes, expected {expected}; the file was cut off or added to: ask for it again"
    )]
    Length {
        /// Bytes there should be.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// It was changed.
    #[error("the checksum does not fit; the file is damaged: ask for it again")]
    Damaged,
    /// What it says of itself cannot be read.
    #[error("the header cannot be read ({0}); it was written by something else than Clearway")]
    Header(String),
    /// Its layout is not the one that is known.
    #[error(
        "its filters are laid out in another way; encode it again with this version of Clearway"
    )]
    Layout,
    /// Two rows have the same name.
    #[error("rows {first} and {second} have the same rec_id; the agency must encode again")]
    SameRecId {
        /// The first row, counted from 1.
        first: usize,
        /// The second.
        second: usize,
    },
    /// It could not be read or written.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl EncodedTable {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = serde_json::to_vec(&self.header).unwrap_or_default();
        let mut bytes = Vec::with_capacity(
            FIXED + header.len() + self.len() * row_bytes(self.header.filter_bits) + CHECKSUM,
        );
        bytes.extend(MARK);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((header.len() as u32).to_le_bytes());
        bytes.extend((self.len() as u64).to_le_bytes());
        bytes.extend(&header);
        for row in 0..self.len() {
            bytes.extend(self.rec_ids[row]);
            bytes.extend(self.expires_on[row].to_le_bytes());
            bytes.push(self.present[row]);
            for group in &self.groups {
                bytes.extend(group.row(row).iter().flat_map(|word| word.to_le_bytes()));
            }
            bytes.extend(self.keys[row].iter().flat_map(|key| key.to_le_bytes()));
        }
        let checksum = Sha256::digest(&bytes);
        bytes.extend(checksum);
        bytes
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    ///
    /// When it is another file, was cut off or changed, or two rows have one name.
    pub fn from_bytes(bytes: &[u8]) -> Result<EncodedTable, ClkFileError> {
        let header = whole_header(bytes)?;
        let (before, checksum) = bytes.split_at(bytes.len() - CHECKSUM);
        if Sha256::digest(before).as_slice() != checksum {
            return Err(ClkFileError::Damaged);
        }
        let rows = &before[FIXED + number(before, 12, 4) as usize..];
        let each = row_bytes(header.filter_bits);
        let words = header.filter_bits / 64;
        let count = rows.len() / each;
        let mut groups: [Vec<u64>; GROUPS] =
            std::array::from_fn(|_| Vec::with_capacity(count * words));
        let mut table = EncodedTable {
            header,
            rec_ids: Vec::with_capacity(count),
            expires_on: Vec::with_capacity(count),
            present: Vec::with_capacity(count),
            groups: Vec::new(),
            keys: Vec::with_capacity(count),
        };
        for row in rows.chunks_exact(each) {
            let mut rec_id = [0; 16];
            rec_id.copy_from_slice(&row[..16]);
            table.rec_ids.push(rec_id);
            table.expires_on.push(number(row, 16, 4) as u32);
            table.present.push(row[20]);
            let mut rest = row[21..].chunks_exact(8).map(|word| number(word, 0, 8));
            for group in &mut groups {
                group.extend(rest.by_ref().take(words));
            }
            let mut keys = [0; KEYS];
            keys.iter_mut().zip(rest).for_each(|(key, word)| *key = word);
            table.keys.push(keys);
        }
        table.groups = groups
            .into_iter()
            .map(|words| BitMatrix::new(table.header.filter_bits, words))
            .collect::<Result<_, _>>()
            .map_err(|_| ClkFileError::Layout)?;
        table.check_rec_ids()?;
        Ok(table)
    }

    fn check_rec_ids(&self) -> Result<(), ClkFileError> {
        let mut seen = HashMap::with_capacity(self.len());
        for (row, rec_id) in (1..).zip(&self.rec_ids) {
            if let Some(first) = seen.insert(rec_id, row) {
                return Err(ClkFileError::SameRecId { first, second: row });
            }
        }
        Ok(())
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// As [`EncodedTable::from_bytes`], or when it cannot be opened.
    pub fn read(path: &Path) -> Result<EncodedTable, ClkFileError> {
        let bytes =
            fs::read(path).map_err(|error| ClkFileError::Io { path: path.to_owned(), error })?;
        EncodedTable::from_bytes(&bytes)
    }

    /// Writes the file: whole, or not at all. It can be read by its owner alone.
    ///
    /// # Errors
    ///
    /// When it cannot be written; what stood there before still does.
    pub fn write(&self, path: &Path) -> Result<(), ClkFileError> {
        write_whole(path, &self.to_bytes())
            .map_err(|error| ClkFileError::Io { path: path.to_owned(), error })
    }
}

/// The header of a file that has the length it says.
fn whole_header(bytes: &[u8]) -> Result<TableHeader, ClkFileError> {
    if !bytes.starts_with(MARK) {
        return Err(ClkFileError::NotOne);
    }
    let found = bytes.len() as u64;
    let least = (FIXED + CHECKSUM) as u64;
    if found < least {
        return Err(ClkFileError::Length { expected: least, found });
    }
    let version = number(bytes, 8, 4) as u32;
    if version != VERSION {
        return Err(ClkFileError::Version(version));
    }
    let (header_bytes, rows) = (number(bytes, 12, 4), number(bytes, 16, 8));
    let too_short = ClkFileError::Length { expected: least + header_bytes, found };
    if header_bytes > MOST_HEADER as u64 {
        return Err(ClkFileError::Damaged);
    }
    let text = bytes.get(FIXED..FIXED + header_bytes as usize).ok_or(too_short)?;
    let header: TableHeader =
        serde_json::from_slice(text).map_err(|error| ClkFileError::Header(error.to_string()))?;
    let known = header.groups.iter().eq(LAYOUT.iter().map(|group| group.name))
        && header
            .kinds
            .iter()
            .map(|(name, slots)| (name.as_str(), *slots))
            .eq(COARSE.iter().map(|kind| (kind.name, kind.slots)))
        && header.filter_bits.is_multiple_of(64)
        && (64..=1 << 16).contains(&header.filter_bits);
    if !known {
        return Err(ClkFileError::Layout);
    }
    let expected = rows
        .checked_mul(row_bytes(header.filter_bits) as u64)
        .and_then(|all| all.checked_add(least + header_bytes))
        .ok_or(ClkFileError::Damaged)?;
    if expected != found {
        return Err(ClkFileError::Length { expected, found });
    }
    Ok(header)
}

fn row_bytes(filter_bits: usize) -> usize {
    16 + 4 + 1 + GROUPS * filter_bits / 8 + KEYS * 8
}

/// A number of at most eight bytes; bytes that are not there are zeros.
fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    let read = bytes.get(at..at + length).unwrap_or_default();
    read.iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte))
}
