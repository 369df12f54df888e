//! Sealing: manifest, signature and files in one file that only the clearinghouse can open.
//!
//! In: a manifest, the folder with exactly the files that it names, the agency's keys and the
//! clearinghouse's card. Out: a file that is there as a whole or not at all, also after the program
//! was killed. A container of stored parts (ZIP) is streamed through the encryption, so memory
//! stays flat and nothing is ever on disk in the clear that was not before.
//!
//! There is no way to put in another file: names come from the kinds of records.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::manifest::ManifestProblem;
use crate::signature::Signed;
use crate::{Card, Keys, Manifest, Role, encryption, files};

/// The manifest inside a sealed file.
pub(crate) const MANIFEST_FILE: &str = "manifest.json";
/// Its signature: 64 bytes.
pub(crate) const SIGNATURE_FILE: &str = "manifest.sig";
const PART: &str = ".part";

/// Why a submission is not sealed. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The card is not that of a clearinghouse.
    #[error("{code} is an agency; submissions are sealed to a clearinghouse, by its card")]
    NotAClearinghouse {
        /// Whose card it is.
        code: String,
    },
    /// The manifest names another recipient.
    #[error("the manifest is for another clearinghouse than this card; make the submission again")]
    OtherRecipient,
    /// Practice data to a real clearinghouse, or the reverse.
    #[error(
        "practice and real data are never mixed: the submission and the clearinghouse's card must \
         both be practice, or neither"
    )]
    PracticeMixed,
    /// The manifest contradicts itself.
    #[error("the manifest contradicts itself: {}", listed(.problems))]
    Contradicts {
        /// How.
        problems: Vec<ManifestProblem>,
    },
    /// A file that the manifest names cannot be read.
    #[error("{file} cannot be read ({source}); make the submission again")]
    Read {
        /// Its name.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// A file is not what the manifest says.
    #[error("{file} is not what the manifest says it is; make the submission again")]
    Changed {
        /// Its name.
        file: String,
    },
    /// The sealed file cannot be written.
    #[error("the sealed file cannot be written ({0}); make room, then run the same command again")]
    Write(#[from] io::Error),
}

pub(crate) fn listed(problems: &[ManifestProblem]) -> String {
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    problems.join("; ")
}

/// Seals a manifest and its files to a clearinghouse.
///
/// `folder` holds the files that the manifest names, under their names ([`crate::table_file`],
/// [`crate::ENCODINGS_FILE`], [`crate::TOTALS_FILE`], [`crate::WITHDRAWN_FILE`]); they are compared with their digests on the
/// way. An older file at `out` is replaced in one step.
///
/// # Errors
///
/// [`SealError`]; nothing is written then.
pub fn seal(
    manifest: &Manifest,
    folder: &Path,
    keys: &Keys,
    recipient: &Card,
    out: &Path,
) -> Result<(), SealError> {
    if recipient.about().role != Role::Clearinghouse {
        return Err(SealError::NotAClearinghouse { code: recipient.code().to_owned() });
    }
    if manifest.recipient != recipient.fingerprint() {
        return Err(SealError::OtherRecipient);
    }
    if manifest.practice != recipient.about().practice {
        return Err(SealError::PracticeMixed);
    }
    let problems = manifest.problems();
    if !problems.is_empty() {
        return Err(SealError::Contradicts { problems });
    }
    let to = recipient.recipient().ok_or(SealError::OtherRecipient)?;
    let part = part_of(out)?;
    let sealed = encryption::encrypting(&to, BufWriter::new(part.as_file()))?;
    let mut container = ZipWriter::new_stream(sealed);
    let bytes = manifest.canonical();
    let signature = keys.sign(Signed::Manifest, &bytes);
    for (name, content) in [(MANIFEST_FILE, &bytes[..]), (SIGNATURE_FILE, &signature)] {
        start(&mut container, name, content.len() as u64)?;
        container.write_all(content)?;
    }
    for (file, listed) in manifest.files() {
        let read = |source| SealError::Read { file: file.clone(), source };
        let mut content = File::open(folder.join(&file)).map_err(read)?;
        start(&mut container, &file, listed.bytes)?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let length = content.read(&mut buffer).map_err(read)?;
            let Some(piece) = buffer.get(..length).filter(|piece| !piece.is_empty()) else { break };
            hasher.update(piece);
            container.write_all(piece)?;
        }
        let same =
            hasher.count() == listed.bytes && hasher.finalize().to_hex().as_str() == listed.blake3;
        if !same {
            return Err(SealError::Changed { file });
        }
    }
    let sealed = container.finish().map_err(io_error)?.into_inner();
    sealed.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    part.persist(out).map_err(|error| error.error)?;
    files::sync_folder(files::folder_of(out))?;
    Ok(())
}

fn start<W: Write>(
    container: &mut ZipWriter<StreamWriter<W>>,
    name: &str,
    bytes: u64,
) -> io::Result<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .large_file(bytes >= u64::from(u32::MAX));
    container.start_file(name, options).map_err(io_error)
}

fn io_error(error: zip::result::ZipError) -> io::Error {
    match error {
        zip::result::ZipError::Io(error) => error,
        other => io::Error::other(other),
    }
}

/// A temporary file beside `out`, after what a killed run left there has been removed.
///
/// Each is locked while it is written, so that of two runs at once neither removes the other's;
/// where files cannot be locked, leftovers stay and do no harm.
fn part_of(out: &Path) -> io::Result<NamedTempFile> {
    let name = out.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_string_lossy();
    let prefix = format!(".{name}.");
    let folder = files::folder_of(out);
    for left in files::named(folder, &prefix, PART)? {
        if File::open(&left).is_ok_and(|file| file.try_lock().is_ok()) {
            std::fs::remove_file(&left).or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })?;
        }
    }
    let part = Builder::new().prefix(&prefix).suffix(PART).tempfile_in(folder)?;
    part.as_file().try_lock().ok();
    Ok(part)
}
