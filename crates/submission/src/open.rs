//! Opening a sealed file: decrypted, verified, then unpacked; or one clear reason why not.
//!
//! In: a file from anybody. Out: [`Opened`], whose parts are exactly what a known agency signed for
//! this clearinghouse. The order matters: whoever has the clearinghouse's card can encrypt to it,
//! so nothing inside is trusted before the signature holds, and no part is unpacked before that.
//! Bytes in the clear are only in a nameless file and in a private folder that goes away when
//! nobody keeps it.

mod container;

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use records::CellProblem;
use records::register::Register;
use serde::Deserialize;
use tempfile::TempDir;

use self::container::Container;
use crate::encryption::{self, CannotDecrypt};
use crate::manifest::{FORMAT, TOTALS_FILE, WITHDRAWN_FILE};
use crate::seal::{MANIFEST_FILE, SIGNATURE_FILE};
use crate::signature::Signed;
use crate::{Card, Keys, Manifest, Refused, Role, Total, Withdrawn, files, rows};
use crate::{read_totals, read_withdrawn};

const MOST_MANIFEST_BYTES: u64 = 1 << 20;
const OPENING: &str = ".opening-";

/// A sealed file, verified and unpacked.
#[derive(Debug)]
pub struct Opened {
    /// What the agency signed.
    pub manifest: Manifest,
    /// The digest of the manifest: the name of this submission.
    pub manifest_digest: String,
    /// The card of the agency that signed.
    pub card: Card,
    /// The totals; empty for a withdrawal.
    pub totals: Vec<Total>,
    /// The withdrawn records; empty for a submission.
    pub withdrawn: Vec<Withdrawn>,
    folder: TempDir,
}

impl Opened {
    /// The folder with the files that the manifest names, under their names. It is removed when
    /// this value is dropped.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the folder its lasting place, in one step that survives a crash.
    ///
    /// # Errors
    ///
    /// When `to` exists, or lies on another file system than the spool.
    pub fn move_to(self, to: &Path) -> io::Result<()> {
        files::settle(self.folder, to)
    }
}

/// Opens a sealed file.
///
/// `known` gives the card that was accepted for an agency's code. `spool` is a private folder on
/// the disk where received files are kept; it is made when it does not exist. It takes twice the
/// length of the file.
///
/// # Errors
///
/// [`Refused`], whatever the bytes.
pub fn open_sealed(
    path: &Path,
    keys: &Keys,
    known: &dyn Fn(&str) -> Option<Card>,
    spool: &Path,
) -> Result<Opened, Refused> {
    let sealed = File::open(path).map_err(Refused::Unreadable)?;
    files::create_folder(spool).map_err(Refused::Spool)?;
    let mut container = Container::of(decrypted(sealed, keys, spool)?)?;
    let (manifest, card) = verified(&mut container, keys, known)?;
    let folder = files::temporary_folder(spool, OPENING).map_err(Refused::Spool)?;
    for (file, listed) in manifest.files() {
        container.unpack(&file, listed, folder.path())?;
    }
    files::sync_folder(folder.path()).map_err(Refused::Spool)?;
    let (mut totals, mut withdrawn) = (Vec::new(), Vec::new());
    if let Some(listed) = &manifest.totals {
        totals = read_totals(&folder.path().join(TOTALS_FILE)).map_err(Refused::Lists)?;
        as_many(TOTALS_FILE, totals.len(), listed.rows)?;
        within_period(&totals, &manifest)?;
    }
    if let Some(listed) = &manifest.withdrawn {
        withdrawn = read_withdrawn(&folder.path().join(WITHDRAWN_FILE)).map_err(Refused::Lists)?;
        as_many(WITHDRAWN_FILE, withdrawn.len(), listed.rows)?;
    }
    let manifest_digest = manifest.digest();
    Ok(Opened { manifest, manifest_digest, card, totals, withdrawn, folder })
}

/// Removes what a receiver that was killed left in the spool; says how many folders that were.
///
/// To be called while nobody else receives.
///
/// # Errors
///
/// When the spool cannot be read or a folder not be removed.
pub fn sweep_spool(spool: &Path) -> io::Result<usize> {
    if !spool.exists() {
        return Ok(0);
    }
    let left = files::named(spool, OPENING, "")?;
    for folder in &left {
        fs::remove_dir_all(folder)?;
    }
    Ok(left.len())
}

/// Decrypts into a file without a name: it is gone when the program ends, however it ends.
fn decrypted(sealed: File, keys: &Keys, spool: &Path) -> Result<File, Refused> {
    let why = |problem| match problem {
        CannotDecrypt::NotSealed => Refused::NotSealed,
        CannotDecrypt::NotForUs => Refused::NotForUs,
        CannotDecrypt::Damaged => Refused::Damaged,
        CannotDecrypt::Unreadable(error) => Refused::Unreadable(error),
    };
    let mut reader = encryption::decrypting(sealed, keys.identity()).map_err(why)?;
    let mut plain = tempfile::tempfile_in(spool).map_err(Refused::Spool)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = reader.read(&mut buffer);
        let length = read.map_err(|error| why(CannotDecrypt::while_reading(error)))?;
        match buffer.get(..length) {
            Some(piece) if length > 0 => plain.write_all(piece).map_err(Refused::Spool)?,
            _ => break,
        }
    }
    plain.rewind().map_err(Refused::Spool)?;
    Ok(plain)
}

/// What must be known before the signature can be looked at. The rest is not read yet.
#[derive(Deserialize)]
struct Head {
    format: u32,
    agency: String,
}

fn verified(
    container: &mut Container,
    keys: &Keys,
    known: &dyn Fn(&str) -> Option<Card>,
) -> Result<(Manifest, Card), Refused> {
    let bytes = container.read(MANIFEST_FILE, MOST_MANIFEST_BYTES)?;
    let signature = container.read(SIGNATURE_FILE, 64)?;
    let Head { format, agency } = serde_json::from_slice(&bytes).map_err(unreadable)?;
    if format > FORMAT {
        return Err(Refused::FormatTooNew { found: format });
    }
    // Nobody has vouched for this text yet.
    if !crate::keys::is_code(&agency) {
        return Err(Refused::ManifestUnreadable { what: "it names no agency".to_owned() });
    }
    let Some(card) = known(&agency) else { return Err(Refused::UnknownAgency { agency }) };
    let signed = <&[u8; 64]>::try_from(&signature[..])
        .is_ok_and(|signature| card.signed(Signed::Manifest, &bytes, signature));
    if !signed {
        return Err(Refused::SignatureWrong { agency });
    }
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(unreadable)?;
    if manifest.canonical() != bytes {
        let what = "it is not in the one form that a manifest has".to_owned();
        return Err(Refused::ManifestUnreadable { what });
    }
    let Some(entity) = card.about().legal_entity.filter(|_| card.about().role == Role::Agency)
    else {
        return Err(Refused::NotAnAgency { agency });
    };
    if manifest.recipient != keys.fingerprint() {
        let found = records::Shown::value(&manifest.recipient).to_string();
        return Err(Refused::OtherRecipient { agency, found });
    }
    if manifest.practice != card.about().practice {
        return Err(Refused::PracticeMixed { agency, card: card.about().practice });
    }
    if Register::embedded().version(&manifest.definition_version).is_none() {
        let found = records::Shown::value(&manifest.definition_version).to_string();
        return Err(Refused::DefinitionVersionUnknown { found });
    }
    let problems = manifest.problems();
    if !problems.is_empty() {
        return Err(Refused::Contradicts { problems });
    }
    if let Some((record, problem)) = manifest.modes_not_open_to(entity).into_iter().next() {
        return Err(Refused::ModeNotOpen { agency, record, problem });
    }
    container.holds_only(&manifest)?;
    Ok((manifest, card))
}

/// Where the manifest cannot be read. What stands there may be anything and is not shown.
fn unreadable(error: serde_json::Error) -> Refused {
    let what = match error.classify() {
        serde_json::error::Category::Data => "a field is missing, unknown or of the wrong kind",
        _ => "it is not JSON",
    };
    let what = format!("line {}, column {}: {what}", error.line(), error.column());
    Refused::ManifestUnreadable { what }
}

fn as_many(file: &str, found: usize, said: u64) -> Result<(), Refused> {
    if found as u64 == said {
        return Ok(());
    }
    let expected = format!("{said} rows, as the manifest says");
    Err(Refused::Lists(vec![rows::problem(file, 0, "", expected)]))
}

fn within_period(totals: &[Total], manifest: &Manifest) -> Result<(), Refused> {
    let (first, last) = (manifest.first_quarter, manifest.last_quarter);
    let outside = |quarter| quarter < first || last < quarter;
    let problems: Vec<CellProblem> = (2u64..)
        .zip(totals)
        .filter(|(_, total)| total.quarter.is_some_and(outside))
        .map(|(row, _)| {
            let expected = format!("a quarter from {first} to {last}, or nothing");
            rows::problem(TOTALS_FILE, row, "quarter", expected)
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Refused::Lists(problems)) }
}

#[cfg(test)]
mod tests;
