//! What a passkey signs, so that no answer is good twice.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::{SealingError, chance};

/// 32 random bytes. Whoever keeps it takes it away when it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasskeyChallenge([u8; 32]);

impl PasskeyChallenge {
    /// Makes one, from the operating system's randomness.
    ///
    /// # Errors
    ///
    /// [`SealingError::Chance`] when there is none.
    pub fn generate() -> Result<PasskeyChallenge, SealingError> {
        chance::bytes().map(PasskeyChallenge)
    }

    /// As it was kept.
    ///
    /// # Errors
    ///
    /// [`SealingError::Damaged`] when it is not 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<PasskeyChallenge, SealingError> {
        let damaged = SealingError::Damaged { what: "challenge for a passkey" };
        bytes.try_into().map(PasskeyChallenge).map_err(|_| damaged)
    }

    /// As it is kept.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As a page and a browser say it: base64url without padding (RFC 4648 §5).
    pub fn to_text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }
}
