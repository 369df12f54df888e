//! Which sealed file first.
//!
//! In: files and folders that a person named. Out: the sealed files in them, each agency's in the
//! order of the numbers in their names. A name may mislead; what a file is says only its manifest,
//! so a file that came too early is tried again after all others.

use std::io;
use std::path::{Path, PathBuf};

const ENDING: &str = "clearway";

/// The sealed files among what a person named: files as they are, folders with every `.clearway`
/// file in them and in the folders below.
///
/// # Errors
///
/// The path that cannot be read, and why.
pub fn sealed_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let mut found = Vec::new();
    for path in paths {
        let on = |error| (path.clone(), error);
        let what = std::fs::metadata(path).map_err(on)?;
        if what.is_dir() {
            within(path, &mut found).map_err(on)?;
        } else if what.is_file() {
            found.push(path.clone());
        } else {
            // It would be waited for without end.
            return Err(on(io::Error::other("a pipe, socket or device, and no file")));
        }
    }
    Ok(found)
}

fn within(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if entry.is_dir() {
            within(&entry, found)?;
        } else if entry.is_file() && entry.extension().is_some_and(|ending| ending == ENDING) {
            found.push(entry);
        }
    }
    Ok(())
}

/// Files by agency and number, as their names have them; each once.
pub(super) fn by_name(files: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = files.to_vec();
    files.sort_by_cached_key(|path| (key(path), path.clone()));
    files.dedup();
    files
}

/// Agency and number, from a name such as `police-1-2026-Q3-2026-Q4-7.clearway`.
fn key(path: &Path) -> (String, u64) {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let parts: Vec<&str> = stem.split('-').collect();
    match parts.as_slice() {
        [agency @ .., _, _, _, _, number] if number.parse::<u64>().is_ok() => {
            (agency.join("-"), number.parse().unwrap_or_default())
        }
        _ => (stem, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers() {
        let files = [
            "in/police-1-2027-Q1-2027-Q1-10.clearway",
            "in/police-1-2026-Q3-2026-Q4-9.clearway",
            "other.clearway",
            "in/da-2026-Q3-2026-Q3-2.clearway",
            "in/police-1-2026-Q3-2026-Q4-9.clearway",
        ]
        .map(PathBuf::from);
        let sorted = by_name(&files);
        let sorted: Vec<&str> = sorted.iter().filter_map(|path| path.to_str()).collect();
        assert_eq!(
            sorted,
            [
                "in/da-2026-Q3-2026-Q3-2.clearway",
                "other.clearway",
                "in/police-1-2026-Q3-2026-Q4-9.clearway",
                "in/police-1-2027-Q1-2027-Q1-10.clearway",
            ]
        );
    }
}
