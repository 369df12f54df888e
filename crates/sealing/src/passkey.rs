//! Passkeys (WebAuthn Level 3): who is there, and what unlocks her key.
//!
//! In: what a browser passes on of a passkey that was made, or that answered a challenge. Out: a
//! [`Credential`] to be kept, that the answer is hers, or why not ([`PasskeyError`]); and 32 secret bytes
//! by which her key is wrapped ([`PasskeySecret`]).
//!
//! A passkey that asked for a finger, a face or a PIN is both factors: something she has, unlocked by
//! something she is or knows. Without that it is refused. Nobody vouches for its maker: an attestation is
//! neither asked for nor read. Signatures are ES256 or EdDSA; what signs RSA only has no `prf` either.

mod answer;
mod challenge;
mod credential;
mod party;
mod public_key;

pub use answer::{Answered, Made};
pub use challenge::PasskeyChallenge;
pub use credential::{Credential, PasskeyError};
pub use party::RelyingParty;

use crate::SealingError;
use crate::secret::Secret;
use crate::withheld::withhold;

/// The 32 bytes of a passkey's pseudo-random function for one input (WebAuthn Level 3, extension
/// `prf`). The same passkey and input always give the same bytes, and nobody else can compute them. Wiped when dropped; prints `[withheld]`.
pub struct PasskeySecret(Secret);

withhold!(PasskeySecret);

impl PasskeySecret {
    /// The input of the function, which is no secret. With another, no passkey unlocks anything any more.
    pub const INPUT: &str = "clearway 2026 key of a member";

    /// Takes the bytes that the browser passed on; the caller wipes her own copy.
    ///
    /// # Errors
    ///
    /// [`SealingError::Damaged`] when they are not 32.
    pub fn new(output: &[u8]) -> Result<PasskeySecret, SealingError> {
        let damaged = SealingError::Damaged { what: "answer of the passkey" };
        Secret::copy_of(output).map(PasskeySecret).ok_or(damaged)
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }
}

#[cfg(test)]
mod tests;
