//! A release read back from its directory, if it is what the ledger says.

use std::fs::File;
use std::io;
use std::path::{Component, Path};

use super::Ledger;
use super::entry::FileDigest;
use super::error::LedgerError;
use crate::released::{Receipt, Released};

/// A file of a release, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasedFile {
    /// Its path below the directory of the release.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The BLAKE3 digest of some bytes, in hex.
pub fn digest_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The digests of files below a directory, each put on the disk for good.
///
/// # Errors
/// A name that leaves the directory, a file that cannot be read.
pub fn digests(directory: &Path, names: &[&str]) -> Result<Vec<FileDigest>, LedgerError> {
    names
        .iter()
        .map(|name| {
            let path = directory.join(name);
            let digest = (|| {
                let mut file = File::open(&path)?;
                file.sync_all()?;
                let mut hasher = blake3::Hasher::new();
                io::copy(&mut file, &mut hasher)?;
                Ok(hasher.finalize().to_hex().to_string())
            })()
            .map_err(|source| LedgerError::Disk {
                what: "read",
                path: path.clone(),
                source,
            })?;
            let file = FileDigest { name: (*name).to_owned(), digest };
            match fault_of_name(&file) {
                Some(fault) => Err(LedgerError::Invalid(vec![fault])),
                None => Ok(file),
            }
        })
        .collect()
}

/// What is wrong with the name of a file: it must stay below the directory.
pub(super) fn fault_of_name(file: &FileDigest) -> Option<String> {
    let name = Path::new(&file.name);
    let below = name.components().all(|part| matches!(part, Component::Normal(_)));
    (!below || file.name.is_empty() || file.name.contains('\\'))
        .then(|| format!("the file name \"{}\" leaves the directory of the release", file.name))
}

impl Ledger {
    /// The files of a completed release, if each is byte for byte what was released.
    ///
    /// Other files of the directory are not read and are not part of the release.
    ///
    /// # Errors
    /// A release that was not completed; every file that is missing or differs.
    pub fn read_back(
        &self,
        name: &str,
        directory: &Path,
    ) -> Result<Released<Vec<ReleasedFile>>, LedgerError> {
        let (entry, completed) = self
            .entries()
            .iter()
            .filter(|entry| entry.proposal.name == name)
            .find_map(|entry| entry.completed.as_ref().map(|completed| (entry, completed)))
            .ok_or_else(|| LedgerError::NotCompleted(name.to_owned()))?;
        let mut files = Vec::with_capacity(completed.files.len());
        let mut faults = Vec::new();
        for file in &completed.files {
            if let Some(fault) = fault_of_name(file) {
                faults.push(fault);
                continue;
            }
            match std::fs::read(directory.join(&file.name)) {
                Ok(bytes) if digest_of(&bytes) == file.digest => {
                    files.push(ReleasedFile { name: file.name.clone(), bytes });
                }
                Ok(_) => faults.push(format!("{} was changed", file.name)),
                Err(error) => faults.push(format!("{} cannot be read: {error}", file.name)),
            }
        }
        if !faults.is_empty() {
            return Err(LedgerError::Files(faults));
        }
        let receipt = Receipt {
            data_set: self.data_set().name.clone(),
            entry: entry.number,
            hash: completed.hash.clone(),
            regime: entry.proposal.regime,
            day: completed.day.clone(),
        };
        Ok(Released::new(files, receipt))
    }
}
