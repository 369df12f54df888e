//! The files that a person named, and those in the folders that they named.

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
/// files and folders are left out.
///
/// # Errors
///
/// The first folder that cannot be read, with what the system says.
pub fn files(paths: &[PathBuf]) -> Result<Vec<InputFile>, (PathBuf, std::io::Error)> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            below(path, &mut found)?;
        } else {
            found.push(InputFile { path: path.clone(), named: true });
        }
    }
    Ok(found)
}

fn below(folder: &Path, found: &mut Vec<InputFile>) -> Result<(), (PathBuf, std::io::Error)> {
    let at = |error| (folder.to_owned(), error);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden {
            entries.push(path);
        }
    }
    entries.sort();
    for path in entries {
        if path.is_dir() {
            below(&path, found)?;
        } else {
            found.push(InputFile { path, named: false });
        }
    }
    Ok(())
}
