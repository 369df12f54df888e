//! A release read back from the disk, if every file of it is what the ledger says.

use std::path::{Path, PathBuf};

use super::ReleaseError;
use super::describe::{Description, VERSION};
use super::publish::folder_of;
use crate::gate::Candidate;
use crate::ledger::{Ledger, ReleasedFile};
use crate::published::{PublishedTable, PublishedValue, WhyHidden};
use crate::published_estimate::{EstimateFaults, EstimateParts, PublishedEstimate};
use crate::released::Released;

/// Reads a release: its folder, its file, or the description of either.
///
/// # Errors
/// No release there, one that the ledger does not know as completed, files that were changed.
pub fn read(ledger: &Ledger, path: &Path) -> Result<Released<Candidate>, ReleaseError> {
    let file = description_of(path);
    let failed = |source| ReleaseError::Disk { what: "read", path: file.clone(), source };
    let bytes = std::fs::read(&file).map_err(failed)?;
    let name = parse(&file, &bytes)?.name;
    let folder = folder_of(&file);
    read_named(ledger, &name, folder)
}

/// Reads what lies at a place without asking a ledger: to attack it, never to publish it.
///
/// # Errors
/// No release there, or files that are missing or are not what is described.
pub fn read_unverified(path: &Path) -> Result<(Description, Candidate), ReleaseError> {
    let file = description_of(path);
    let read = |path: PathBuf| {
        std::fs::read(&path).map_err(|source| ReleaseError::Disk { what: "read", path, source })
    };
    let description = parse(&file, &read(file.clone())?)?;
    let mut files = Vec::new();
    for name in description.contents.file_names() {
        files.push(ReleasedFile { name: name.to_owned(), bytes: read(file.with_file_name(name))? });
    }
    let candidate = description.contents.candidate(&files)?;
    Ok((description, candidate))
}

/// Every release that the ledger knows as completed, in order.
///
/// # Errors
/// The first with files that are missing or changed: nothing can be said of releases together then.
pub fn earlier(ledger: &Ledger) -> Result<Vec<Candidate>, ReleaseError> {
    verify(ledger)
        .into_iter()
        .map(|checked| match checked.found {
            Ok(release) => Ok(release.into_value()),
            Err(why) => Err(ReleaseError::Earlier { name: checked.name, why: Box::new(why) }),
        })
        .collect()
}

/// A release that the ledger knows as completed, and its files as they are now.
#[derive(Debug)]
pub struct Checked {
    /// Its name.
    pub name: String,
    /// Where its files should be.
    pub folder: PathBuf,
    /// The release, if its files are as the ledger says.
    pub found: Result<Released<Candidate>, ReleaseError>,
}

/// Reads every release that the ledger knows as completed, in order.
pub fn verify(ledger: &Ledger) -> Vec<Checked> {
    let base = folder_of(ledger.path());
    let completed = ledger.entries().iter().filter(|entry| entry.completed.is_some());
    completed
        .map(|entry| {
            let folder = base.join(&entry.proposal.directory);
            let name = entry.proposal.name.clone();
            Checked { found: read_named(ledger, &name, &folder), name, folder }
        })
        .collect()
}

/// The tables of a release of tables, each released as the whole is; none of other releases.
pub fn released_tables(release: &Released<Candidate>) -> Vec<Released<PublishedTable>> {
    let tables: &[PublishedTable] = match release.value() {
        Candidate::Tables(tables) | Candidate::Noisy { tables, .. } => tables,
        Candidate::Microdata { .. } | Candidate::Aggregates(_) => &[],
    };
    let released = |table: &PublishedTable| Released::new(table.clone(), release.receipt().clone());
    tables.iter().map(released).collect()
}

/// An estimate that was made of a released table and of nothing else: it costs nothing more, and
/// goes with the receipt of that table.
///
/// # Errors
/// Every fault of the estimate. The people seen are the table's total, whatever the parts say.
pub fn released_estimate(
    parts: EstimateParts,
    of: &Released<PublishedTable>,
) -> Result<Released<PublishedEstimate>, EstimateFaults> {
    let table = of.value();
    let total = table.at(&vec![None; table.dimensions.len()]);
    let parts = EstimateParts {
        observed: total.unwrap_or(PublishedValue::Hidden(WhyHidden::NotReported)),
        ..parts
    };
    Ok(Released::new(PublishedEstimate::new(parts)?, of.receipt().clone()))
}

fn read_named(
    ledger: &Ledger,
    name: &str,
    folder: &Path,
) -> Result<Released<Candidate>, ReleaseError> {
    let files = ledger.read_back(name, folder)?;
    let is_description = |file: &&ReleasedFile| file.name.ends_with("release.json");
    let described = files.value().iter().find(is_description);
    let described = described.ok_or_else(|| ReleaseError::NotARelease {
        path: folder.to_owned(),
        what: "it has no release.json".to_owned(),
    })?;
    let description = parse(Path::new(&described.name), &described.bytes)?;
    let candidate = description.contents.candidate(files.value())?;
    Ok(Released::new(candidate, files.receipt().clone()))
}

fn description_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join("release.json")
    } else if path.extension().is_some_and(|extension| extension == "json") {
        path.to_owned()
    } else {
        let mut name = path.as_os_str().to_owned();
        name.push(".release.json");
        PathBuf::from(name)
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Description, ReleaseError> {
    let wrong = |what: String| ReleaseError::NotARelease { path: path.to_owned(), what };
    let description: Description =
        serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
    if description.clearway_release != VERSION {
        return Err(wrong(format!(
            "it is of version {}, and this program reads {VERSION}",
            description.clearway_release
        )));
    }
    Ok(description)
}
