//! One key in one text file: a comment that says what it is, then the key.

use std::fs;
use std::path::Path;

use zeroize::Zeroizing;

use super::KeysError;

pub(super) const SIGNING: &str = "Clearway signing key (Ed25519): signs what this installation sends. SECRET: never share it, never mail it.";
pub(super) const RECEIVING: &str = "Clearway receiving key (age X25519): opens what is sent to this installation. SECRET: never share it, never mail it.";
pub(super) const RECORD_IDS: &str = "Clearway secret of record ids: whoever has it can tell which record is behind an id. SECRET: never share it, never mail it.";
pub(super) const LINKAGE: &str = "Clearway linkage key: shared among agencies by \"clearway keys share\" alone, never held by the clearinghouse. SECRET: never share it otherwise.";

/// The text of a key file.
pub(super) fn text(says: &str, secret: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("# {says}\n{secret}\n"))
}

/// Reads 32 bytes.
pub(super) fn read_bytes(path: &Path) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    read(path, |text| crate::hex::decode(text).map(Zeroizing::new))
}

/// Reads the one line that is neither empty nor a comment.
pub(super) fn read<K>(path: &Path, key: impl Fn(&str) -> Option<K>) -> Result<K, KeysError> {
    let bytes = fs::read(path).map(Zeroizing::new);
    let bytes = bytes.map_err(|source| KeysError::Unreadable { file: path.to_owned(), source })?;
    let key = std::str::from_utf8(&bytes).ok().and_then(|text| {
        let lines = text.lines().map(str::trim);
        let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let only = lines.next().and_then(key);
        only.filter(|_| lines.next().is_none())
    });
    key.ok_or_else(|| KeysError::NotAKey { file: path.to_owned() })
}
