//! What a passkey gives out for unlocking.

use crate::SealingError;
use crate::secret::Secret;
use crate::withheld::withhold;

/// The 32 bytes of a passkey's pseudo-random function for one input (WebAuthn Level 3, extension
/// `prf`). The same passkey and input always give the same bytes, and nobody else can compute them. Wiped when dropped; prints `[withheld]`.
pub struct PasskeySecret(Secret);

withhold!(PasskeySecret);

impl PasskeySecret {
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
