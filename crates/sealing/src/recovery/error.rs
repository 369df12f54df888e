//! Why there is no recovery, and what to do about it.

use crate::{MemberId, SealingError};

/// What is not done, or does not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecoveryError {
    /// Recovery takes two people.
    #[error("recovery takes at least two officers, and there are {officers}")]
    TooFewOfficers {
        /// How many there are.
        officers: usize,
    },
    /// Two of the officers are one person, or have one key.
    #[error("{officer} is there twice; recovery takes two people")]
    SamePerson {
        /// Who is there twice.
        officer: MemberId,
    },
    /// A share is another officer's.
    #[error("this share is for {officer}; only she can hand it over")]
    OtherOfficer {
        /// Whose it is.
        officer: MemberId,
    },
    /// An officer asks for her own recovery.
    #[error("nobody hands a share over to herself; ask another officer")]
    OwnRequest,
    /// The key is not the one that the request names.
    #[error("the request was made with another key; make a new one")]
    OtherMember,
    /// A share was handed over for another request.
    #[error("a share was handed over for another request; ask the officer to hand it over again")]
    OtherRequest,
    /// Both shares come from one officer.
    #[error("both shares come from {officer}; recovery takes two people")]
    OneOfficer {
        /// From whom.
        officer: MemberId,
    },
    /// The shares do not belong together.
    #[error(
        "the shares of {first} and {second} do not belong together; each must be the one for the other"
    )]
    OtherPair {
        /// The first officer.
        first: MemberId,
        /// The second officer.
        second: MemberId,
    },
    /// The shares were made at different times.
    #[error("the shares are of generations {first} and {second}; both must be of the same")]
    OtherGeneration {
        /// Of the first.
        first: u32,
        /// Of the second.
        second: u32,
    },
    /// A share does not open, or there is no randomness.
    #[error(transparent)]
    Sealing(#[from] SealingError),
}
