//! The files that a person named, and those in the folders that they named.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

/// A file to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Its path, as messages name it.
    pub path: PathBuf,
    /// Whether the person named it, instead of a folder that holds it.
    pub named: bool,
}

/// Lists the files to look at: those named, whether they are there or not, and every file below
/// the folders named, sorted, so that the same folder is always read in the same order. Hidden
/// files and folders are left out, links are followed, and no folder is read twice. A folder below
/// that cannot be read stands in the list as a file: whoever opens it hears why.
///
/// # Errors
///
/// The first of the folders named that cannot be read, with what the system says.
pub fn files(paths: &[PathBuf]) -> Result<Vec<InputFile>, (PathBuf, io::Error)> {
    let mut folders = Folders::default();
    for path in paths {
        if path.is_dir() {
            folders.read(path).map_err(|error| (path.clone(), error))?;
        } else {
            folders.found.push(InputFile { path: path.clone(), named: true });
        }
    }
    Ok(folders.found)
}

#[derive(Default)]
struct Folders {
    found: Vec<InputFile>,
    /// Where the folders read really are: a link may lead back to one of them.
    seen: HashSet<PathBuf>,
}

impl Folders {
    fn read(&mut self, folder: &Path) -> io::Result<()> {
        if !self.seen.insert(folder.canonicalize()?) {
            return Ok(());
        }
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')) {
                entries.push(path);
            }
        }
        entries.sort();
        for path in entries {
            if !path.is_dir() {
                self.found.push(InputFile { path, named: false });
            } else if self.read(&path).is_err() {
                self.found.push(InputFile { path, named: true });
            }
        }
        Ok(())
    }
}
