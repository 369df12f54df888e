//! A whole installation copied, and brought back elsewhere.
//!
//! In: a data folder with its database. Out: a folder that holds both as they were at one moment, with the
//! digest of every file in `backup.json`. Brought back, every digest is compared before anything is used,
//! and what was ordered destroyed after the backup is destroyed again. Copying happens twice: first while
//! others work, then, while they wait, what has changed since.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{DestructionList, OwnKeys, Replayed, Scope, Store, StoreError};
use submission::Keys;

use crate::disk;

/// What a backup says of itself.
const MANIFEST: &str = "backup.json";
/// What stays out: the database's own files, which are copied otherwise, and what must outlive a backup.
const LEFT_OUT: [&str; 4] =
    [Store::FILE, "clearway.sqlite-wal", "clearway.sqlite-shm", DestructionList::FILE];

/// Why a backup could not be made or brought back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// A folder that must be empty, or not be there.
    #[error("{0} is not empty; name a folder that is not there yet")]
    NotEmpty(PathBuf),
    /// A backup inside what it is a copy of.
    #[error("{0} lies inside the data folder; a backup is kept elsewhere")]
    Inside(PathBuf),
    /// A file that cannot be read or written.
    #[error("{path} cannot be read or written: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No backup, or one of a later version.
    #[error("{0} is no backup that this Clearway can read")]
    NotABackup(PathBuf),
    /// Files that are not what they were.
    #[error("{} of the backup's files were changed or are missing, the first is {}: nothing was brought back", .0.len(), .0.first().map_or("", String::as_str))]
    Changed(Vec<String>),
    /// The keys in the backup, without which nothing can be found that was ordered destroyed.
    #[error(transparent)]
    Keys(#[from] submission::KeysError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// The form of this file.
    version: u32,
    /// When (UTC).
    pub made_at: String,
    /// How many rows the audit had.
    pub audit_rows: i64,
    /// The hash of the last.
    pub audit_hash: String,
    /// Every file, with its digest (BLAKE3, hexadecimal).
    pub files: BTreeMap<String, String>,
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path, source }
}

/// Copies the installation in `data` into the new folder `out`. `progress` is told each file.
///
/// # Errors
///
/// [`BackupError`]; nothing is left at `out` then.
pub async fn run(
    store: &Store,
    scope: &Scope,
    data: &Path,
    out: &Path,
    at: Timestamp,
    progress: &dyn Fn(&str),
) -> Result<Backup, BackupError> {
    expect_new(out)?;
    let whole = |path: &Path| fs::canonicalize(path).map_err(failed(path));
    let above = out.parent().filter(|above| !above.as_os_str().is_empty());
    let above = above.unwrap_or(Path::new("."));
    fs::create_dir_all(above).map_err(failed(above))?;
    if whole(above)?.starts_with(whole(data)?) {
        return Err(BackupError::Inside(out.to_owned()));
    }
    let part = partial(out);
    let made = fill(store, scope, data, &part, at, progress).await;
    match made {
        Ok(backup) => {
            fs::rename(&part, out).map_err(failed(out))?;
            disk::sync_folder(above).map_err(failed(above))?;
            Ok(backup)
        }
        Err(error) => {
            // Half a backup is worse than none; if it cannot be removed, its name says what it is.
            let _ = fs::remove_dir_all(&part);
            Err(error)
        }
    }
}

async fn fill(
    store: &Store,
    scope: &Scope,
    data: &Path,
    part: &Path,
    at: Timestamp,
    progress: &dyn Fn(&str),
) -> Result<Backup, BackupError> {
    new_folder(part)?;
    copy(data, part, progress)?;
    let head = store.back_up(scope, &part.join(Store::FILE), || copy(data, part, progress)).await?;
    let mut files = BTreeMap::new();
    for name in names(part)? {
        let path = part.join(&name);
        fs::File::open(&path).and_then(|file| file.sync_all()).map_err(failed(&path))?;
        files.insert(name, digest(&path)?);
    }
    let backup = Backup {
        version: 1,
        made_at: at.to_string(),
        audit_rows: head.rows,
        audit_hash: head.hash,
        files,
    };
    let path = part.join(MANIFEST);
    let text =
        serde_json::to_string_pretty(&backup).map_err(|error| failed(&path)(error.into()))?;
    fs::write(&path, text).map_err(failed(&path))?;
    fs::File::open(&path).and_then(|file| file.sync_all()).map_err(failed(&path))?;
    disk::sync_folder(part).map_err(failed(part))?;
    Ok(backup)
}

/// Brings a backup back into the new folder `data`, to what `list` says was destroyed since. Where orders
/// must be carried out again, `keys` opens the agency's own keys, which come with the backup and find the
/// records; it is asked for nothing else.
///
/// # Errors
///
/// [`BackupError`], and what `keys` gives; nothing is left at `data` then.
pub async fn bring_back<E: From<BackupError>>(
    from: &Path,
    data: &Path,
    list: Option<&DestructionList>,
    keys: impl Fn(&Path) -> Result<Keys, E>,
    scope: &Scope,
    at: Timestamp,
    progress: &dyn Fn(&str),
) -> Result<(Backup, Replayed), E> {
    expect_new(data)?;
    let path = from.join(MANIFEST);
    let text = fs::read_to_string(&path).map_err(|_| BackupError::NotABackup(from.to_owned()))?;
    let backup: Backup =
        serde_json::from_str(&text).map_err(|_| BackupError::NotABackup(from.to_owned()))?;
    let strange = |name: &String| Path::new(name).components().any(|one| !is_plain(one));
    if backup.version != 1 || backup.files.keys().any(strange) {
        return Err(BackupError::NotABackup(from.to_owned()).into());
    }
    let part = partial(data);
    let done = async {
        unpack(from, &part, &backup, progress)?;
        replay(&part, &backup, list, keys, scope, at).await
    };
    match done.await {
        Ok(replayed) => {
            fs::rename(&part, data).map_err(failed(data)).map_err(E::from)?;
            Ok((backup, replayed))
        }
        Err(error) => {
            let _ = fs::remove_dir_all(&part);
            Err(error)
        }
    }
}

fn unpack(
    from: &Path,
    part: &Path,
    backup: &Backup,
    progress: &dyn Fn(&str),
) -> Result<(), BackupError> {
    new_folder(part)?;
    let mut changed = Vec::new();
    for (name, expected) in &backup.files {
        progress(name);
        let (source, target) = (from.join(name), part.join(name));
        if !source.is_file() {
            changed.push(name.clone());
            continue;
        }
        copy_file(&source, &target)?;
        fs::File::open(&target).and_then(|file| file.sync_all()).map_err(failed(&target))?;
        // What was copied is compared, not what was there a moment before.
        if digest(&target)? != *expected {
            changed.push(name.clone());
        }
    }
    if !changed.is_empty() {
        return Err(BackupError::Changed(changed));
    }
    Ok(())
}

async fn replay<E: From<BackupError>>(
    part: &Path,
    backup: &Backup,
    list: Option<&DestructionList>,
    keys: impl Fn(&Path) -> Result<Keys, E>,
    scope: &Scope,
    at: Timestamp,
) -> Result<Replayed, E> {
    let store = Store::open(part).await.map_err(BackupError::Store)?;
    let nothing = DestructionList::default();
    let list = list.unwrap_or(&nothing);
    let misses = store.misses_orders_of(list).await.map_err(BackupError::Store)?;
    let opened = (misses && Keys::exist(part)).then(|| keys(part)).transpose()?;
    let replayed = carry_out(&store, backup, list, opened.as_ref(), scope, at).await?;
    store.close().await;
    Ok(replayed)
}

async fn carry_out(
    store: &Store,
    backup: &Backup,
    list: &DestructionList,
    keys: Option<&Keys>,
    scope: &Scope,
    at: Timestamp,
) -> Result<Replayed, BackupError> {
    let own = keys.map(|keys| (keys.opaque_ids(), keys.records_key()));
    if let Some((_, records)) = &own
        && store.holds_unsealed().await?
    {
        // A backup of an earlier version: nothing is found among what it keeps in clear.
        store.seal_records(scope, records, at).await?;
    }
    let own = own.as_ref().map(|(ids, records)| OwnKeys { ids, records });
    let replayed = store.replay(scope, list, own, at).await?;
    store.note_restored(scope, &backup.made_at, at).await?;
    Ok(replayed)
}

fn is_plain(component: std::path::Component<'_>) -> bool {
    matches!(component, std::path::Component::Normal(_))
}

fn expect_new(folder: &Path) -> Result<(), BackupError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            // An empty folder is made way for.
            None => fs::remove_dir(folder).map_err(failed(folder)),
            Some(_) => Err(BackupError::NotEmpty(folder.to_owned())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(folder)(error)),
    }
}

/// Makes the folder where it is put together. What an earlier call that was killed has left there is
/// removed: its log beside the database would be taken for this one's.
fn new_folder(part: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(part)(error)),
        _ => {}
    }
    if let Some(above) = part.parent().filter(|above| !above.as_os_str().is_empty()) {
        fs::create_dir_all(above).map_err(failed(above))?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    // Fails where somebody else has made one meanwhile.
    builder.create(part).map_err(failed(part))
}

/// Where it is put together, beside where it will be.
fn partial(folder: &Path) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    folder.with_file_name(name)
}

/// Makes a copy the same as its source: what is new or changed is copied, what is gone is removed.
fn copy(data: &Path, part: &Path, progress: &dyn Fn(&str)) -> Result<(), BackupError> {
    let here = names(data)?;
    for name in names(part)? {
        if !here.contains(&name) && name != Store::FILE {
            let path = part.join(&name);
            fs::remove_file(&path).map_err(failed(&path))?;
        }
    }
    for name in here.iter().filter(|name| !LEFT_OUT.contains(&name.as_str())) {
        let (source, target) = (data.join(name), part.join(name));
        let of = |path: &Path| {
            fs::metadata(path).and_then(|meta| Ok((meta.len(), meta.modified()?))).ok()
        };
        let (theirs, ours) = (of(&source), of(&target));
        // Files are written once; a copy that is as long and younger is one of these bytes.
        if let (Some((length, changed)), Some((copied, at))) = (theirs, ours)
            && length == copied
            && changed < at
        {
            continue;
        }
        progress(name);
        match copy_file(&source, &target) {
            // It was removed meanwhile; the second time nothing is.
            Err(BackupError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}

fn copy_file(source: &Path, target: &Path) -> Result<(), BackupError> {
    if let Some(above) = target.parent() {
        disk::private_folder(above).map_err(failed(above))?;
    }
    fs::copy(source, target).map(drop).map_err(failed(source))
}

fn digest(path: &Path) -> Result<String, BackupError> {
    let mut hasher = blake3::Hasher::new();
    let mut file = fs::File::open(path).map_err(failed(path))?;
    io::copy(&mut file, &mut hasher).map_err(failed(path))?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Every file below a folder, by its path with `/`; locks are nobody's content.
fn names(folder: &Path) -> Result<Vec<String>, BackupError> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((path, prefix)) = open.pop() {
        for entry in fs::read_dir(&path).map_err(failed(&path))? {
            let entry = entry.map_err(failed(&path))?;
            let Ok(own) = entry.file_name().into_string() else {
                return Err(failed(&entry.path())(io::Error::other("a name that is no text")));
            };
            let name = format!("{prefix}{own}");
            let kind = entry.file_type().map_err(failed(&entry.path()))?;
            if kind.is_dir() {
                open.push((entry.path(), format!("{name}/")));
            } else if kind.is_file() {
                if own != ".lock" {
                    found.push(name);
                }
            } else {
                let other = io::Error::other("neither a file nor a folder; copy it in its place");
                return Err(failed(&entry.path())(other));
            }
        }
    }
    found.sort();
    Ok(found)
}
