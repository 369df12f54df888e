//! Where received files lie, and that one program at a time puts them there.
//!
//! In: the data folder. Out: `received/<agency>/<number>-<start of the digest>/` for each file that
//! is in, with its tables and lists; `spool/` while a file is opened; the lock; the agencies'
//! answers in a folder of their own. What a killed run left is removed before anything is received.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use submission::{Manifest, Opened};

use super::{Answer, ReceiveError, Receiver, in_words, on};
use crate::disk::{private_folder, sync_folder};

const RECEIVED: &str = "received";
const LOCK: &str = "receiving.lock";
const DIGITS: usize = 12;

/// Held while tables are received or removed, or while they are read.
#[derive(Debug)]
pub struct Lock(
    #[expect(dead_code, reason = "the lock is let go of when the file is closed")] File,
);

impl Lock {
    /// For one who receives: nobody else receives or reads.
    ///
    /// # Errors
    ///
    /// [`ReceiveError::Busy`], [`ReceiveError::Disk`].
    pub fn receive(data: &Path) -> Result<Lock, ReceiveError> {
        let file = Lock::file(data)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(ReceiveError::Busy(data.to_owned())),
            Err(TryLockError::Error(source)) => Err(on(&data.join(LOCK))(source)),
        }
    }

    /// For one who reads tables: nobody receives meanwhile. Waits for one who does.
    ///
    /// # Errors
    ///
    /// [`ReceiveError::Disk`].
    pub fn read(data: &Path) -> Result<Lock, ReceiveError> {
        let file = Lock::file(data)?;
        file.lock_shared().map_err(on(&data.join(LOCK)))?;
        Ok(Lock(file))
    }

    fn file(data: &Path) -> Result<File, ReceiveError> {
        let path = data.join(LOCK);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        options.open(&path).map_err(on(&path))
    }
}

/// The folder of a file, below the data folder.
pub(super) fn folder(manifest: &Manifest, digest: &str) -> String {
    let start = digest.get(..DIGITS).unwrap_or(digest);
    format!("{RECEIVED}/{}/{}-{start}", manifest.agency, manifest.sequence)
}

/// Gives an opened file its lasting folder.
pub(super) fn settle(data: &Path, folder: &str, opened: Opened) -> Result<(), ReceiveError> {
    let to = data.join(folder);
    let agency = to.parent().unwrap_or(data);
    let received = data.join(RECEIVED);
    private_folder(agency).map_err(on(agency))?;
    // The names of the folders above it must survive a crash as well.
    for above in [data, &received] {
        sync_folder(above).map_err(on(above))?;
    }
    opened.move_to(&to).map_err(on(&to))
}

/// Removes folders that no row names, and tables in the others that no row names any more: a
/// killed run left them. To be called while nobody else receives.
pub(super) async fn sweep(receiver: &Receiver<'_>) -> Result<(), ReceiveError> {
    let due = receiver.store.encodings_due(receiver.scope).await?;
    let encodings: BTreeSet<PathBuf> = due
        .iter()
        .map(|one| &one.stored)
        .map(|one| receiver.data.join(&one.folder).join(&one.encodings.file))
        .collect();
    let named = receiver.store.received(receiver.scope).await?;
    let received = receiver.data.join(RECEIVED);
    let folders: BTreeSet<PathBuf> =
        named.iter().map(|file| receiver.data.join(&file.folder)).collect();
    for agency in entries(&received)?.into_iter().filter(|path| path.is_dir()) {
        for folder in entries(&agency)? {
            if !folders.contains(&folder) {
                fs::remove_dir_all(&folder).map_err(on(&folder))?;
            }
        }
    }
    for file in &named {
        let folder = receiver.data.join(&file.folder);
        let tables: BTreeSet<PathBuf> =
            file.tables.iter().map(|table| folder.join(&table.file)).collect();
        for path in entries(&folder)? {
            let is_table = path
                .extension()
                .is_some_and(|ending| ending == "parquet" || ending == "part" || ending == "clk");
            if is_table && !tables.contains(&path) && !encodings.contains(&path) {
                fs::remove_file(&path).map_err(on(&path))?;
            }
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, ReceiveError> {
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(on(folder))?,
    };
    let paths: io::Result<Vec<PathBuf>> = listed.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(on(folder))?;
    paths.sort();
    Ok(paths)
}

/// The name under which an answer is written, without its ending. The answer to a file that is not
/// in its place is never in the way of the answer to the file whose number it bears, nor that of a file after a new
/// beginning in the way of an earlier one.
pub fn answer_name(answer: &Answer) -> String {
    let Answer { agency, sequence, digest, .. } = answer;
    match answer.in_its_place && !answer.begun_anew {
        true => format!("{agency}-{sequence}-answer"),
        false => {
            let start = digest.get(..DIGITS).unwrap_or(digest);
            format!("{agency}-{sequence}-{start}-answer")
        }
    }
}

/// Writes an answer for its agency into a folder: as JSON and as people read it. Each file is there
/// as a whole or not at all.
///
/// # Errors
///
/// When the folder cannot be made or written to.
pub fn write_answer(folder: &Path, answer: &Answer) -> Result<PathBuf, ReceiveError> {
    fs::create_dir_all(folder).map_err(on(folder))?;
    let name = answer_name(answer);
    let text = folder.join(format!("{name}.txt"));
    let json = folder.join(format!("{name}.json"));
    for (path, content) in [(&json, answer.to_json()), (&text, in_words(answer))] {
        let mut part = tempfile::NamedTempFile::new_in(folder).map_err(on(path))?;
        part.write_all(content.as_bytes()).map_err(on(path))?;
        part.as_file().sync_all().map_err(on(path))?;
        part.persist(path).map_err(|error| on(path)(error.error))?;
    }
    sync_folder(folder).map_err(on(folder))?;
    Ok(text)
}
