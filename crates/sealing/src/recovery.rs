//! Recovery by two people: a member has lost what unlocked her key, and with it her grants.
//!
//! In: the compartment's key and the public keys of two or more recovery officers. Out: for every two
//! of them two shares, one for each ([`SealedShare`]). Later, for one request of one member
//! ([`RecoveryRequest`]): each of two officers hands her share over to the member's new key
//! ([`HandedShare`]), and the member combines the two.
//!
//! An officer sees her own shares and nothing of the compartment: a share alone is random. Why that
//! is so, and what two officers together could do: `notes/recovery.md`.

mod error;
mod handed;
mod share;
#[cfg(test)]
mod tests;

pub use error::RecoveryError;
pub use handed::{HandedShare, RecoveryRequest, RequestId};
pub use share::SealedShare;
