//! Randomness of the operating system, which is the only one here.

use hpke::rand_core::{CryptoRng, RngCore};

use crate::SealingError;

/// Fills bytes with randomness.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), SealingError> {
    getrandom::fill(bytes).map_err(|_| SealingError::Chance)
}

/// Some random bytes that need not be secret: salts and ids.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], SealingError> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// The generator that HPKE draws from. HPKE wants one that cannot fail; this one remembers that it
/// did, and what was made with it is then thrown away.
#[derive(Default)]
pub(crate) struct OperatingSystem {
    failed: bool,
}

impl OperatingSystem {
    /// Whether everything that was drawn was random.
    pub(crate) fn held(&self) -> Result<(), SealingError> {
        if self.failed { Err(SealingError::Chance) } else { Ok(()) }
    }
}

impl RngCore for OperatingSystem {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.failed |= fill(bytes).is_err();
    }
}

impl CryptoRng for OperatingSystem {}
