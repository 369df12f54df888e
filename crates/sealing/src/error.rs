//! What can go wrong with keys, sealed texts, grants and wrapped keys. No message shows what one holds.

/// Why something is not sealed, opened, read or unlocked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealingError {
    /// The operating system gives no randomness. Nothing was sealed.
    #[error("the operating system gives no randomness; nothing was sealed")]
    Chance,
    /// A text is too long to be sealed.
    #[error("a text of {bytes} bytes is too long; at most {most} can be sealed in one piece")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// Bytes were cut off or changed, or are something else.
    #[error("the {what} is damaged")]
    Damaged {
        /// What the bytes should have been.
        what: &'static str,
    },
    /// Bytes were written by a later version of this program.
    #[error(
        "the {what} has version {version}, which this program does not know; use the program that \
         wrote it"
    )]
    UnknownVersion {
        /// What the bytes are.
        what: &'static str,
        /// The version that they name.
        version: u8,
    },
    /// What was sealed does not open. The cipher cannot tell which of the reasons it is.
    #[error("the {what} does not open: it is for another key or another place, or was changed")]
    DoesNotOpen {
        /// What was sealed.
        what: &'static str,
    },
    /// Bytes are no public key that anything may be sealed to.
    #[error("this is no usable public key of a {of}")]
    NotAPublicKey {
        /// Whose key it should have been.
        of: &'static str,
    },
    /// A key is not the one that the compartment's public key belongs to.
    #[error("this is not the key of the compartment")]
    OtherKey,
    /// The passphrase, passkey or session is not the one that the key was wrapped with.
    #[error("this passphrase, passkey or session does not unlock the key")]
    WrongSecret,
    /// A key was wrapped with a passphrase, passkey or session, and another of these was tried.
    #[error("the key is wrapped by {by}, not by {tried}")]
    WrappedOtherwise {
        /// What it is wrapped by.
        by: &'static str,
        /// What was tried.
        tried: &'static str,
    },
    /// A cost of guessing lies outside the bounds.
    #[error(
        "a cost of {memory_kib} KiB, {passes} passes and {lanes} lanes lies outside the bounds of \
         this program"
    )]
    CostOutOfBounds {
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes over the memory.
        passes: u32,
        /// Lanes.
        lanes: u32,
    },
    /// There is not enough memory to try a passphrase now.
    #[error("there is not enough memory to try a passphrase; try again in a moment")]
    NoMemory,
}
