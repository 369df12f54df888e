//! The manifest: what a sealed file says it holds, by whom, for when, on what basis.
//!
//! In: counts and digests of the files that go along. Out: [`Manifest`], whose canonical bytes are
//! what is signed and whose digest names the submission from then on. Every text in it is a code, a
//! digest or a fingerprint, and is checked to be one.

mod check;

use std::fs::File;
use std::io;
use std::path::Path;

use jiff::civil::Date;
use records::Quarter;
use records::disclosure::Mode;
use records::record::RecordKind;
use serde::{Deserialize, Serialize};

pub use check::ManifestProblem;

/// The format of manifests that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 2;
/// The name of the encodings of people inside a sealed file.
pub const ENCODINGS_FILE: &str = "encodings.clk";
/// The name of the totals inside a sealed file.
pub const TOTALS_FILE: &str = "totals.csv";
/// The name of the list of withdrawn records inside a sealed file.
pub const WITHDRAWN_FILE: &str = "withdrawn.csv";
/// Totals and withdrawn records are read into memory.
pub(crate) const MOST_LIST_BYTES: u64 = 64 << 20;

/// The name of a kind's coded table inside a sealed file.
pub fn table_file(record: RecordKind) -> String {
    format!("{}.parquet", record.plural())
}

/// What a sealed file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ManifestKind {
    /// Coded tables and totals of a period.
    Submission,
    /// Records sent earlier that are to be in no later count.
    Withdrawal,
}

/// A file that goes along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Its rows, without the header.
    pub rows: u64,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its BLAKE3 digest.
    pub blake3: String,
}

impl Listed {
    /// Reads a file once, for its length and digest.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn of(path: &Path, rows: u64) -> io::Result<Listed> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(path)?)?;
        let blake3 = hasher.finalize().to_hex().to_string();
        Ok(Listed { rows, bytes: hasher.count(), blake3 })
    }
}

/// What leaves of one kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestTable {
    /// The kind of record.
    pub record: RecordKind,
    /// Records of the period that stay with the agency and are only in the totals.
    pub left_behind: u64,
    /// The coded table; absent when no row of this kind leaves.
    pub coded: Option<Listed>,
}

/// The disclosure mode under which records of a kind leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestMode {
    /// The kind of record.
    pub record: RecordKind,
    /// The mode on the day [`Manifest::as_of`].
    pub mode: Mode,
    /// The basis cited: a code of `legal_bases.csv`; `default` when nobody has signed a mode.
    pub basis: String,
    /// The mode's last day; absent when nobody has signed one.
    pub expires_on: Option<Date>,
}

/// What one sealed file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// Submission or withdrawal.
    pub kind: ManifestKind,
    /// The agency's code, as on its card.
    pub agency: String,
    /// Whether everything in it is made up.
    pub practice: bool,
    /// The first state quarter.
    pub first_quarter: Quarter,
    /// The last state quarter.
    pub last_quarter: Quarter,
    /// How many days after the state's the agency's quarters start.
    pub calendar_offset_days: i32,
    /// The version of the definitions by which it is coded.
    pub definition_version: String,
    /// The day as of which it speaks.
    pub as_of: Date,
    /// The fingerprint of the clearinghouse's card.
    pub recipient: String,
    /// 1 for the agency's first file, and one more for each that follows.
    pub sequence: u64,
    /// The digest of the manifest with the sequence number before; absent for the first.
    pub previous: Option<String>,
    /// The digest of the manifest of the submission that this one replaces.
    pub corrects: Option<String>,
    /// The fingerprint of the linkage key under which people are encoded.
    pub linkage_key_fingerprint: Option<String>,
    /// The modes, sorted by record.
    pub modes: Vec<ManifestMode>,
    /// The tables, sorted by record.
    pub tables: Vec<ManifestTable>,
    /// The encodings of people in the coded victims ([`ENCODINGS_FILE`]), one row for each; there
    /// exactly when a linkage key is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encodings: Option<Listed>,
    /// The totals ([`TOTALS_FILE`]); a submission always has them.
    pub totals: Option<Listed>,
    /// The withdrawn records ([`WITHDRAWN_FILE`]); a withdrawal always has them.
    pub withdrawn: Option<Listed>,
}

impl Manifest {
    /// The bytes that are signed: JSON, fields in the order of this type, no blanks.
    ///
    /// # Panics
    ///
    /// Never: words, numbers and lists have a JSON form.
    pub fn canonical(&self) -> Vec<u8> {
        match serde_json::to_vec(self) {
            Ok(bytes) => bytes,
            Err(error) => panic!("a manifest has no JSON form: {error}"),
        }
    }

    /// The BLAKE3 digest of the canonical bytes: the name of this submission.
    pub fn digest(&self) -> String {
        blake3::hash(&self.canonical()).to_hex().to_string()
    }

    /// The name that its file should have.
    pub fn file_name(&self) -> String {
        let Manifest { agency, first_quarter, last_quarter, sequence, .. } = self;
        format!("{agency}-{first_quarter}-{last_quarter}-{sequence}.clearway")
    }

    /// The files that go along, in the order in which they are packed.
    pub(crate) fn files(&self) -> Vec<(String, &Listed)> {
        let tables = self.tables.iter().filter_map(|table| {
            table.coded.as_ref().map(|coded| (table_file(table.record), coded))
        });
        let encodings = self.encodings.iter().map(|list| (ENCODINGS_FILE.to_owned(), list));
        let totals = self.totals.iter().map(|totals| (TOTALS_FILE.to_owned(), totals));
        let withdrawn = self.withdrawn.iter().map(|list| (WITHDRAWN_FILE.to_owned(), list));
        tables.chain(encodings).chain(totals).chain(withdrawn).collect()
    }
}

#[cfg(test)]
mod tests;
