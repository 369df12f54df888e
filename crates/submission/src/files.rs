//! Private files and folders: readable by their owner alone, whole or not there at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

/// Writes a new private file: after a crash it is there as a whole or not at all.
///
/// Fails with [`io::ErrorKind::AlreadyExists`] when there is one.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = temporary_with(path, bytes)?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    sync_folder(folder_of(path))
}

/// Writes a private file in place of whatever was there: old or new, never half.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = temporary_with(path, bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder_of(path))
}

fn temporary_with(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    // A temporary file of this crate is made readable by its owner alone.
    let mut file = NamedTempFile::new_in(folder_of(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A private file that did not exist before, open for writing.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder, and those above it, that its owner alone can look into.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A private folder inside another, removed when dropped.
pub(crate) fn temporary_folder(inside: &Path, prefix: &str) -> io::Result<TempDir> {
    let mut builder = Builder::new();
    builder.prefix(prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(inside)
}

/// Gives a temporary folder its lasting place, in one step.
pub(crate) fn settle(folder: TempDir, to: &Path) -> io::Result<()> {
    sync_folder(folder.path())?;
    // On Unix a rename would put it silently in place of an empty folder.
    if to.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(folder.path(), to)?;
    // What it was called is gone; there is nothing left to remove.
    drop(folder.keep());
    sync_folder(folder_of(to))
}

/// The folder in which a file lies.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// What lies in a folder under names that begin and end so.
pub(crate) fn named(folder: &Path, prefix: &str, suffix: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(prefix) && name.ends_with(suffix)) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Makes sure that the names in a folder survive a crash.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_them() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        write_new(&at("a"), b"a").unwrap();
        write(&at("b"), b"b").unwrap();
        create_new(&at("c")).unwrap();
        create_folder(&at("d/e")).unwrap();
        let inside = temporary_folder(folder.path(), ".x-").unwrap();
        assert_eq!(["a", "b", "c"].map(|name| mode(&at(name))), [0o600; 3]);
        assert_eq!([mode(&at("d/e")), mode(inside.path())], [0o700; 2]);
    }

    #[test]
    fn what_is_there_is_replaced_only_on_purpose() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write_new(&path, b"first").unwrap();
        let refused = write_new(&path, b"second").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        write(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left lying about");
    }

    #[test]
    fn a_folder_settles_once() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("to");
        let first = temporary_folder(folder.path(), ".x-").unwrap();
        write(&first.path().join("a"), b"a").unwrap();
        settle(first, &to).unwrap();
        let second = temporary_folder(folder.path(), ".x-").unwrap();
        assert!(settle(second, &to).is_err());
        assert_eq!(fs::read(to.join("a")).unwrap(), b"a");
        assert!(named(folder.path(), ".x-", "").unwrap().is_empty());
    }
}
