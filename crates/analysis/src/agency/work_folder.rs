//! Where files are made before they go out: `submitting/` in the data folder, private.
//!
//! In: the data folder. Out: a [`WorkFolder`], held by one run at a time, after what a killed run
//! left in it has been put right. In it lie:
//!
//! - `making-…/`: the files of a submission that is being made. Nobody else has seen them; what is
//!   left of one is removed.
//! - `ready/`: sealed files, each until it is handed over. A sealed file is handed over only after
//!   the store says that it was written, so that what the store does not know nobody has seen.
//! - `.lock`: empty, and locked while a run is at work.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use store::StoredSent;
use tempfile::{Builder, NamedTempFile, TempDir};

use super::AgencyError;
use crate::disk::{private_folder, sync_folder};

const FOLDER: &str = "submitting";
const LOCK: &str = ".lock";
const MAKING: &str = "making-";
const READY: &str = "ready";

/// The folder in which one run works.
#[derive(Debug)]
pub(super) struct WorkFolder {
    folder: PathBuf,
    // Unlocked when it is closed, also by a kill.
    _lock: File,
}

impl WorkFolder {
    /// Takes the folder, and removes what a killed run was making.
    pub(super) fn take(data: &Path) -> Result<WorkFolder, AgencyError> {
        let folder = data.join(FOLDER);
        let failed = |source| AgencyError::File { path: folder.clone(), source };
        private_folder(&folder.join(READY)).map_err(failed)?;
        let lock = File::create(folder.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(AgencyError::Busy),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        for (path, name) in inside(&folder).map_err(failed)? {
            if name.starts_with(MAKING) {
                fs::remove_dir_all(path).map_err(failed)?;
            }
        }
        Ok(WorkFolder { folder, _lock: lock })
    }

    /// A private folder for the files of one submission, removed when dropped.
    pub(super) fn making(&self) -> Result<TempDir, AgencyError> {
        let mut builder = Builder::new();
        builder.prefix(MAKING);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        builder
            .tempdir_in(&self.folder)
            .map_err(|source| AgencyError::File { path: self.folder.clone(), source })
    }

    /// Where a sealed file lies until it is handed over.
    pub(super) fn ready(&self, file_name: &str) -> PathBuf {
        self.folder.join(READY).join(file_name)
    }

    /// Hands over what a killed run had sealed and marked as written, and removes what it had not:
    /// nobody has seen that. The numbers handed over.
    pub(super) fn settle(&self, sent: &[StoredSent], out: &Path) -> Result<Vec<u64>, AgencyError> {
        let ready = self.folder.join(READY);
        let failed = |source| AgencyError::File { path: ready.clone(), source };
        let mut handed_over = Vec::new();
        for (path, name) in inside(&ready).map_err(failed)? {
            let written =
                sent.iter().find(|one| one.sent.file_name == name && one.written_at.is_some());
            match written {
                Some(one) => {
                    self.hand_over(one.sent.sequence, &name, out)?;
                    handed_over.push(one.sent.sequence);
                }
                None => fs::remove_file(path).map_err(failed)?,
            }
        }
        Ok(handed_over)
    }

    /// Puts a sealed file where it was wanted, in one step.
    pub(super) fn hand_over(
        &self,
        sequence: u64,
        file_name: &str,
        out: &Path,
    ) -> Result<PathBuf, AgencyError> {
        let to = out.join(file_name);
        let failed = |source| AgencyError::HandOver { sequence, path: to.clone(), source };
        fs::create_dir_all(out).map_err(failed)?;
        let from = self.ready(file_name);
        match fs::rename(&from, &to) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                copy_whole(&from, &to, out).map_err(failed)?;
                fs::remove_file(&from).map_err(failed)?;
            }
            Err(error) => return Err(failed(error)),
        }
        sync_folder(out).map_err(failed)?;
        Ok(to)
    }
}

/// Copies to another disk: there as a whole or not at all.
fn copy_whole(from: &Path, to: &Path, out: &Path) -> io::Result<()> {
    let mut part = NamedTempFile::new_in(out)?;
    io::copy(&mut File::open(from)?, part.as_file_mut())?;
    part.as_file().sync_all()?;
    part.persist(to).map_err(|error| error.error)?;
    Ok(())
}

/// What lies in a folder, with its names, sorted.
fn inside(folder: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        found.push((entry.path(), entry.file_name().to_string_lossy().into_owned()));
    }
    found.sort();
    Ok(found)
}
