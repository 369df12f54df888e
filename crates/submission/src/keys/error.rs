//! What can be wrong with the keys of an installation. No message shows what a key file holds.

use std::io;
use std::path::PathBuf;

use sealing::{HalfError, SealingError};

/// Why keys could not be made, opened or kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeysError {
    /// There are no keys yet.
    #[error("there are no keys in {}; make them with: clearway agency set agency.toml", folder.display())]
    None {
        /// Where they would be.
        folder: PathBuf,
    },
    /// There are keys already.
    #[error(
        "there are keys in {} already, and they are never replaced: nobody could read what was \
         sent to the old ones",
        folder.display()
    )]
    AlreadyThere {
        /// Where they are.
        folder: PathBuf,
    },
    /// A key file is missing or cannot be read.
    #[error(
        "{} cannot be read ({}); bring the folder back from a backup, or move what is left of it \
         away and run: clearway agency set agency.toml",
        file.display(),
        source.kind()
    )]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A key file does not hold one key.
    #[error(
        "{} does not hold exactly one key; bring it back from a backup, or move the folder away \
         and run: clearway agency set agency.toml",
        file.display()
    )]
    NotAKey {
        /// The file.
        file: PathBuf,
    },
    /// There is no linkage key of that name.
    #[error(
        "there is no linkage key \"{name}\" here; accept it from an agency that has it with: \
         clearway keys accept"
    )]
    NoLinkageKey {
        /// The name asked for.
        name: String,
    },
    /// Another linkage key has that name.
    #[error("another linkage key is called \"{name}\"; keep this one under another name")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// The name cannot stand in a file name.
    #[error(
        "the name of a linkage key has 1 to 64 lower-case letters, digits and hyphens, such as \
         south-2026"
    )]
    BadName,
    /// The operating system gives no randomness.
    #[error("the operating system gives no randomness; no key can be made on this machine")]
    Chance,
    /// The keys are behind a passphrase, and none was given.
    #[error(
        "the keys in {} are behind a passphrase: type it when you are asked, or name a file that \
         holds it with --passphrase-file FILE",
        folder.display()
    )]
    Locked {
        /// Where they are.
        folder: PathBuf,
    },
    /// There is no lock to be opened.
    #[error("the keys in {} are behind no passphrase", folder.display())]
    NotLocked {
        /// Where they are.
        folder: PathBuf,
    },
    /// The passphrase is another one.
    #[error(
        "this is not the passphrase of the keys in {}; type it again. When it is lost, both halves \
         of the recovery code set a new one: clearway agency passphrase --recover",
        folder.display()
    )]
    WrongPassphrase {
        /// Where they are.
        folder: PathBuf,
    },
    /// The two halves are those of another code.
    #[error(
        "these two halves do not open the keys in {}: one of them is of another installation, or of \
         an earlier code; look for the papers with this installation's fingerprint",
        folder.display()
    )]
    WrongHalves {
        /// Where they are.
        folder: PathBuf,
    },
    /// A half cannot be used.
    #[error(transparent)]
    Half(#[from] HalfError),
    /// The lock, or what is sealed behind it.
    #[error("the lock before the keys: {0}; bring the folder keys/ back from a backup")]
    Lock(#[from] SealingError),
    /// A file could not be written.
    #[error("the keys could not be written ({source}); nothing was changed")]
    Write {
        /// Why.
        source: io::Error,
    },
}
