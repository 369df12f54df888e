//! 32 secret bytes: of a key, or half of one.

use zeroize::Zeroizing;

use crate::withheld::withhold;
use crate::{SealingError, chance};

/// 32 secret bytes. Wiped when dropped, never printed, and boxed, so that moving them leaves no
/// copy behind.
pub(crate) struct Secret(Box<Zeroizing<[u8; 32]>>);

withhold!(Secret);

impl Secret {
    /// Bytes from the operating system's randomness.
    pub(crate) fn random() -> Result<Secret, SealingError> {
        let mut secret = Secret::zero();
        chance::fill(&mut secret.0[..])?;
        Ok(secret)
    }

    /// A copy of exactly 32 bytes.
    pub(crate) fn copy_of(bytes: &[u8]) -> Option<Secret> {
        let mut secret = Secret::zero();
        if bytes.len() != secret.0.len() {
            return None;
        }
        secret.0.copy_from_slice(bytes);
        Some(secret)
    }

    /// A second one with the same bytes.
    pub(crate) fn duplicate(&self) -> Secret {
        let mut secret = Secret::zero();
        secret.0.copy_from_slice(&self.0[..]);
        secret
    }

    /// The exclusive or of two.
    pub(crate) fn xor(&self, other: &Secret) -> Secret {
        let mut both = Secret::zero();
        for ((byte, one), two) in both.0.iter_mut().zip(self.0.iter()).zip(other.0.iter()) {
            *byte = one ^ two;
        }
        both
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// To be filled in place.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8; 32] {
        &mut self.0
    }

    pub(crate) fn zero() -> Secret {
        Secret(Box::new(Zeroizing::new([0; 32])))
    }
}
