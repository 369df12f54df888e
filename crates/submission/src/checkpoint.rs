//! The end of an installation's audit, signed, to be kept elsewhere.
//!
//! In: how many rows the audit has and the hash of the last. Out: a small JSON document. Whoever can
//! write the database can make its chain of hashes anew, and whoever holds the keys can sign it; a
//! checkpoint that somebody else has kept shows both.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::signature::Signed;
use crate::{Keys, hex};

/// The version of the form.
const VERSION: u32 = 1;

/// The end of an audit at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    clearway_checkpoint: u32,
    /// How many rows there were.
    rows: i64,
    /// The hash of the last, in hexadecimal.
    hash: String,
    /// The rows whose reasons were destroyed by order.
    destroyed: Vec<i64>,
    /// When (UTC).
    at: String,
    /// The public key that signed it, in hexadecimal.
    key: String,
    /// The signature, in hexadecimal.
    signature: String,
}

/// Why a checkpoint is none.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// Not the form.
    #[error("it is no checkpoint of an audit: {0}")]
    Form(#[from] serde_json::Error),
    /// Written by a later version.
    #[error("it is of version {0}, and this program reads {VERSION}: use the newer one")]
    Version(u32),
    /// The signature does not fit.
    #[error("its signature is not that of its content: it was changed")]
    Signature,
    /// Signed by another installation.
    #[error("it was signed by another installation, or before this one had its keys")]
    OtherKeys,
}

impl Checkpoint {
    /// Signs the end of an audit.
    pub fn sign(
        keys: &Keys,
        rows: i64,
        hash: &str,
        destroyed: Vec<i64>,
        at: Timestamp,
    ) -> Checkpoint {
        let unsigned = Checkpoint {
            clearway_checkpoint: VERSION,
            rows,
            hash: hash.to_owned(),
            destroyed,
            at: at.to_string(),
            key: hex::encode(&keys.public_signing_key()),
            signature: String::new(),
        };
        let signature = keys.sign(Signed::Checkpoint, &unsigned.message());
        Checkpoint { signature: hex::encode(&signature), ..unsigned }
    }

    /// Reads a checkpoint that the owner of these keys has signed.
    ///
    /// # Errors
    ///
    /// [`CheckpointError`].
    pub fn read(text: &str, keys: &Keys) -> Result<Checkpoint, CheckpointError> {
        let read: Checkpoint = serde_json::from_str(text)?;
        if read.clearway_checkpoint != VERSION {
            return Err(CheckpointError::Version(read.clearway_checkpoint));
        }
        let (key, signature) = (hex::decode(&read.key), hex::decode(&read.signature));
        let (Some(key), Some(signature)) = (key, signature) else {
            return Err(CheckpointError::Signature);
        };
        if !Signed::Checkpoint.verifies(&key, &read.message(), &signature) {
            return Err(CheckpointError::Signature);
        }
        if key != keys.public_signing_key() {
            return Err(CheckpointError::OtherKeys);
        }
        Ok(read)
    }

    /// How many rows the audit had.
    pub fn rows(&self) -> i64 {
        self.rows
    }

    /// The hash of the last of them.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The rows whose reasons were destroyed by order.
    pub fn destroyed(&self) -> &[i64] {
        &self.destroyed
    }

    /// When it was signed (UTC).
    pub fn at(&self) -> &str {
        &self.at
    }

    /// No field holds a line break that another could be taken for: hash and time are read back as written.
    fn message(&self) -> Vec<u8> {
        let Checkpoint { rows, hash, destroyed, at, key, .. } = self;
        format!("{rows}\n{hash}\n{destroyed:?}\n{at}\n{key}").into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_read_back_by_its_owner_and_unchanged_only() {
        let data = tempfile::tempdir().unwrap();
        let keys = Keys::create(&data.path().join("a")).unwrap();
        let other = Keys::create(&data.path().join("b")).unwrap();
        let made = Checkpoint::sign(&keys, 12, &"ab".repeat(32), vec![7], Timestamp::UNIX_EPOCH);
        let text = serde_json::to_string(&made).unwrap();
        assert_eq!(Checkpoint::read(&text, &keys).unwrap(), made);
        assert!(matches!(Checkpoint::read(&text, &other), Err(CheckpointError::OtherKeys)));
        for (old, new) in [("12", "11"), ("abab", "abac"), ("[7]", "[]"), ("1970", "1971")] {
            let changed = text.replacen(old, new, 1);
            let error = Checkpoint::read(&changed, &keys).unwrap_err();
            assert!(matches!(error, CheckpointError::Signature), "{changed}");
        }
        let later = text.replacen("checkpoint\":1", "checkpoint\":2", 1);
        assert!(matches!(Checkpoint::read(&later, &keys), Err(CheckpointError::Version(2))));
        assert!(matches!(Checkpoint::read("{}", &keys), Err(CheckpointError::Form(_))));
    }
}
