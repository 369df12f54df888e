//! What passes the gate goes into the ledger and onto the disk, in an order that a crash cannot
//! turn into a leak: what was drawn is spent before, and is released only once it is written.

use std::path::{Component, Path, PathBuf};

use super::describe::{self, Contents, Description, VERSION};
use super::read::earlier;
use super::{Out, ReleaseError, Request};
use crate::gate::{self, Audit, Candidate, GateReport, Limits};
use crate::ledger::{Ledger, LedgerError, Pending, Proposal, ReleasedFile, digests};
use crate::noise::NoiseSource;
use crate::released::{Receipt, Regime};
use crate::rows::Rows;

/// What was drawn, and what a reader must know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// What is to be released.
    pub candidate: Candidate,
    /// Its data sheet.
    pub sheet: serde_json::Value,
}

/// Something that was written, and released unless it was made with a seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    /// Where it stands in the ledger; nothing for what was made with a seed.
    pub receipt: Option<Receipt>,
    /// What the attacks came to. For the state's own eyes: it is about real people.
    pub gate: GateReport,
    /// What it is.
    pub description: Description,
    /// Its files, the description last.
    pub files: Vec<PathBuf>,
}

/// Releases exact counts: attacked first, and if that is refused nothing is spent.
///
/// # Errors
/// [`ReleaseError`]; the ledger refuses another regime, and a second k-anonymous release.
pub fn publish_exact(
    ledger: &mut Ledger,
    rows: &Rows,
    made: &Drawn,
    request: &Request,
    limits: &Limits,
    audit: Audit<'_>,
) -> Result<Publication, ReleaseError> {
    let regime = match made.candidate {
        Candidate::Aggregates(_) => Regime::KAnonymous,
        _ => Regime::Suppressed,
    };
    let place = Place::of(&request.out)?;
    let before = earlier(ledger)?;
    // Asked first: a regime that is refused needs no attack.
    let proposal = proposal(request, regime, ledger, &place);
    ledger.allows(&proposal, None)?;
    let gate = gate::check(&made.candidate, &before, rows, limits, audit);
    if !gate.passed() {
        return Err(ReleaseError::Refused(Box::new(gate)));
    }
    let files = describe::files(&made.candidate, &place.single)?;
    let _folder = Folder::make(&place.folder)?;
    let pending = ledger.begin(&proposal, None)?;
    let made = write((made, files), request, regime, &place, gate, Some(pending))?;
    ledger.refresh()?;
    Ok(made)
}

/// Releases what is drawn with noise: it is spent first, whatever becomes of it.
///
/// Without a ledger the noise must be for tests, and what is written is never released.
///
/// # Errors
/// [`ReleaseError`]; the ledger refuses more than is left, and another regime.
pub fn publish_private(
    mut ledger: Option<&mut Ledger>,
    rows: &Rows,
    request: &Request,
    limits: &Limits,
    noise: &mut NoiseSource,
    draw: impl FnOnce(&mut NoiseSource) -> Result<Drawn, String>,
) -> Result<Publication, ReleaseError> {
    let place = Place::of(&request.out)?;
    let before = match &ledger {
        Some(ledger) => earlier(ledger)?,
        None => Vec::new(),
    };
    // A folder that cannot be made is said before anything is spent.
    let _folder = Folder::make(&place.folder)?;
    let pending = match &mut ledger {
        Some(ledger) => {
            let proposal = proposal(request, Regime::Private, ledger, &place);
            Some(ledger.begin(&proposal, Some(noise))?)
        }
        None if noise.releasable() => return Err(LedgerError::NoLedger.into()),
        None => None,
    };
    let made = draw(noise).map_err(ReleaseError::Drawing)?;
    // Noised counts are never audited: there is nothing exact in them to work out.
    let none = |_: &[&crate::PublishedTable], _: &crate::attacks::Stop| {
        Err("noised tables are not audited".to_owned())
    };
    let gate = gate::check(&made.candidate, &before, rows, limits, &none);
    if !gate.passed() {
        return Err(ReleaseError::Refused(Box::new(gate)));
    }
    let files = describe::files(&made.candidate, &place.single)?;
    let made = write((&made, files), request, Regime::Private, &place, gate, pending)?;
    if let Some(ledger) = ledger {
        ledger.refresh()?;
    }
    Ok(made)
}

fn proposal(request: &Request, regime: Regime, ledger: &Ledger, place: &Place) -> Proposal {
    Proposal {
        name: request.name.clone(),
        regime,
        day: request.day.clone(),
        directory: relative(&place.folder, ledger.path()),
        parts: request.parts.clone(),
    }
}

/// The folder that a file is in.
pub(super) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// The folder as seen from the ledger's, so that both can be moved together; both are there, and links
/// are followed. Otherwise as it is.
fn relative(folder: &Path, ledger: &Path) -> String {
    let (Ok(folder), Ok(base)) = (folder.canonicalize(), folder_of(ledger).canonicalize()) else {
        let full = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        return full.to_string_lossy().into_owned();
    };
    let shared = folder.components().zip(base.components()).take_while(|(a, b)| a == b).count();
    let up = base.components().skip(shared).map(|_| Component::ParentDir);
    let seen: PathBuf = up.chain(folder.components().skip(shared)).collect();
    seen.to_string_lossy().into_owned()
}

/// A folder that was made for a release, and goes again if nothing was written into it; one that was
/// there before stays.
struct Folder(Option<PathBuf>);

impl Folder {
    fn make(path: &Path) -> Result<Folder, ReleaseError> {
        let new = !path.exists();
        std::fs::create_dir_all(path).map_err(|source| ReleaseError::Disk {
            what: "write",
            path: path.to_owned(),
            source,
        })?;
        Ok(Folder(new.then(|| path.to_owned())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Not when there is something in it.
        let _ = self.0.as_ref().map(std::fs::remove_dir);
    }
}

/// A folder, and what the files in it are called.
struct Place {
    folder: PathBuf,
    single: String,
    description: String,
}

impl Place {
    fn of(out: &Out) -> Result<Place, ReleaseError> {
        match out {
            Out::Folder(folder) => {
                let occupied = std::fs::read_dir(folder)
                    .is_ok_and(|mut entries| entries.next().is_some())
                    || folder.is_file();
                if occupied {
                    return Err(ReleaseError::Occupied(folder.clone()));
                }
                Ok(Place {
                    folder: folder.clone(),
                    single: "release.csv".to_owned(),
                    description: "release.json".to_owned(),
                })
            }
            Out::File(file) => {
                let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
                let name = name.ok_or_else(|| ReleaseError::NotARelease {
                    path: file.clone(),
                    what: "it names no file".to_owned(),
                })?;
                let description = format!("{name}.release.json");
                let folder = folder_of(file).to_owned();
                for one in [file.clone(), folder.join(&description)] {
                    if one.exists() {
                        return Err(ReleaseError::Occupied(one));
                    }
                }
                Ok(Place { folder, single: name, description })
            }
        }
    }
}

fn write(
    (made, (contents, mut files)): (&Drawn, (Contents, Vec<ReleasedFile>)),
    request: &Request,
    regime: Regime,
    place: &Place,
    gate: GateReport,
    pending: Option<Pending>,
) -> Result<Publication, ReleaseError> {
    let description = Description {
        clearway_release: VERSION,
        name: request.name.clone(),
        regime,
        day: request.day.clone(),
        released: pending.is_some(),
        contents,
        sheet: made.sheet.clone(),
    };
    let disk = |path: &Path| {
        let path = path.to_owned();
        move |source| ReleaseError::Disk { what: "write", path, source }
    };
    let text = serde_json::to_string_pretty(&description)
        .map_err(|error| ReleaseError::Drawing(error.to_string()))?;
    files.push(ReleasedFile { name: place.description.clone(), bytes: text.into_bytes() });
    let mut paths = Vec::with_capacity(files.len());
    for file in &files {
        let path = place.folder.join(&file.name);
        std::fs::write(&path, &file.bytes).map_err(disk(&path))?;
        paths.push(path);
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let receipt = match pending {
        Some(pending) => Some(pending.complete(digests(&place.folder, &names)?, &request.day)?),
        None => None,
    };
    Ok(Publication { receipt, gate, description, files: paths })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_told_as_the_ledger_sees_it() {
        let made = tempfile::tempdir().unwrap();
        for folder in ["state/data/tables", "state/public/tables", "elsewhere"] {
            std::fs::create_dir_all(made.path().join(folder)).unwrap();
        }
        for ledger in ["state/data/ledger.jsonl", "elsewhere/../state/data/ledger.jsonl"] {
            let ledger = made.path().join(ledger);
            for folder in ["state/data/tables", "state/public/tables", "elsewhere", "state/data"] {
                let folder = made.path().join(folder);
                let told = relative(&folder, &ledger);
                assert!(Path::new(&told).is_relative(), "{told}");
                let found = ledger.parent().unwrap().join(told);
                assert_eq!(found.canonicalize().unwrap(), folder.canonicalize().unwrap());
            }
        }
    }
}
