//! One key in one text file: a comment that says what it is, then the key, or the key sealed.
//!
//! In: a key, and the key of the lock where there is one. Out: a file that its owner alone can read; a
//! sealed one opens under its own name only.

use std::fs;
use std::path::Path;

use sealing::LockKey;
use zeroize::Zeroizing;

use super::KeysError;
use crate::{files, hex};

pub(super) const SIGNING: &str = "Clearway signing key (Ed25519): signs what this installation sends. SECRET: never share it, never mail it.";
pub(super) const RECEIVING: &str = "Clearway receiving key (age X25519): opens what is sent to this installation. SECRET: never share it, never mail it.";
pub(super) const RECORD_IDS: &str = "Clearway secret of record ids: whoever has it can tell which record is behind an id. SECRET: never share it, never mail it.";
pub(super) const LINKAGE: &str = "Clearway linkage key: shared among agencies by \"clearway keys share\" alone, never held by the clearinghouse. SECRET: never share it otherwise.";
pub(super) const RECORDS: &str = "Clearway key of the own records: opens what the records in this folder say. SECRET: never share it, never mail it.";

/// How the line of a sealed key begins.
const SEALED: &str = "sealed:";

/// A key as its file holds it.
struct Line {
    /// What the key is, without the sign of a comment.
    says: String,
    secret: Zeroizing<String>,
    is_sealed: bool,
}

/// The text of a key file.
pub(super) fn text(
    path: &Path,
    says: &str,
    secret: &str,
    lock: Option<&LockKey>,
) -> Result<Zeroizing<String>, KeysError> {
    let line = match lock {
        Some(lock) => {
            let sealed = lock.seal(name_of(path), secret.as_bytes())?;
            Zeroizing::new(format!("{SEALED}{}", hex::encode(&sealed)))
        }
        None => Zeroizing::new(secret.to_owned()),
    };
    Ok(Zeroizing::new(format!("# {says}\n{}\n", *line)))
}

/// Reads 32 bytes.
pub(super) fn read_bytes(
    path: &Path,
    lock: Option<&LockKey>,
) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    read(path, lock, |text| hex::decode(text).map(Zeroizing::new))
}

/// Reads the one line that is neither empty nor a comment.
pub(super) fn read<K>(
    path: &Path,
    lock: Option<&LockKey>,
    key: impl Fn(&str) -> Option<K>,
) -> Result<K, KeysError> {
    let not_a_key = || KeysError::NotAKey { file: path.to_owned() };
    let line = line(path)?;
    let open = match (line.is_sealed, lock) {
        (false, _) => line.secret,
        (true, Some(lock)) => opened(path, &line.secret, lock).ok_or_else(not_a_key)?,
        (true, None) => return Err(not_a_key()),
    };
    key(&open).ok_or_else(not_a_key)
}

/// Seals a file that holds its key open; one that is sealed stays as it is.
pub(super) fn seal(path: &Path, lock: &LockKey) -> Result<(), KeysError> {
    let line = line(path)?;
    if line.is_sealed {
        return Ok(());
    }
    let sealed = text(path, &line.says, &line.secret, Some(lock))?;
    files::write(path, sealed.as_bytes()).map_err(|source| KeysError::Write { source })
}

fn line(path: &Path) -> Result<Line, KeysError> {
    let bytes = fs::read(path).map(Zeroizing::new);
    let bytes = bytes.map_err(|source| KeysError::Unreadable { file: path.to_owned(), source })?;
    let read = || {
        let text = std::str::from_utf8(&bytes).ok()?;
        let says = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default();
        let lines = text.lines().map(str::trim);
        let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let only = lines.next().filter(|_| lines.next().is_none())?;
        let (secret, is_sealed) = match only.strip_prefix(SEALED) {
            Some(sealed) => (sealed, true),
            None => (only, false),
        };
        let secret = Zeroizing::new(secret.to_owned());
        Some(Line { says: says.to_owned(), secret, is_sealed })
    };
    read().ok_or_else(|| KeysError::NotAKey { file: path.to_owned() })
}

fn opened(path: &Path, sealed: &str, lock: &LockKey) -> Option<Zeroizing<String>> {
    let bytes = lock.open(name_of(path), &hex::decode_any(sealed)?).ok()?;
    std::str::from_utf8(&bytes).ok().map(|text| Zeroizing::new(text.to_owned()))
}

/// The file's own name, to which its key is sealed.
fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}
