//! Where random bits come from.

use std::fmt;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use zeroize::Zeroizing;

use super::NoiseError;

/// One call of the operating system for so many bytes.
const BUFFER_BYTES: usize = 4096;

/// A source of random bits, which knows whether what it makes may be released.
///
/// Bits are used once and overwritten. It shows nothing in `Debug` and cannot be copied.
pub struct NoiseSource {
    generator: Generator,
    buffer: Zeroizing<Vec<u8>>,
    used: usize,
}

enum Generator {
    OperatingSystem,
    Test(Box<ChaCha20Rng>),
}

impl NoiseSource {
    /// The operating system's generator, the only one for what is released.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn operating_system() -> Result<NoiseSource, NoiseError> {
        let mut source = NoiseSource::empty(Generator::OperatingSystem);
        source.fill()?;
        Ok(source)
    }

    /// The same bits for the same seed, for tests: nothing that comes of it is ever released.
    pub fn test(seed: u64) -> NoiseSource {
        NoiseSource::empty(Generator::Test(Box::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// Whether what is made from it may be released.
    pub fn releasable(&self) -> bool {
        matches!(self.generator, Generator::OperatingSystem)
    }

    fn empty(generator: Generator) -> NoiseSource {
        NoiseSource { generator, buffer: Zeroizing::new(vec![0; BUFFER_BYTES]), used: BUFFER_BYTES }
    }

    fn fill(&mut self) -> Result<(), NoiseError> {
        match &mut self.generator {
            Generator::OperatingSystem => getrandom::fill(&mut self.buffer)
                .map_err(|error| NoiseError::NoRandomness(error.to_string()))?,
            Generator::Test(generator) => generator.fill_bytes(&mut self.buffer),
        }
        self.used = 0;
        Ok(())
    }

    /// Thirty-two fresh bits.
    #[inline]
    pub(super) fn word(&mut self) -> Result<u32, NoiseError> {
        if self.used == BUFFER_BYTES {
            self.fill()?;
        }
        let bytes = &mut self.buffer[self.used..self.used + 4];
        let word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        bytes.fill(0);
        self.used += 4;
        Ok(word)
    }

    /// A whole number from 0 to `end - 1`, every one with the same chance; `end` is at least 1.
    ///
    /// Lemire (2019), "Fast random integer generation in an interval", ACM TOMACS 29(1),
    /// algorithm 5: the part of the range that is left over is drawn again.
    #[inline]
    pub(super) fn below(&mut self, end: u64) -> Result<u64, NoiseError> {
        if let Ok(end) = u32::try_from(end) {
            let end = u64::from(end);
            let mut product = u64::from(self.word()?) * end;
            if (product & 0xffff_ffff) < end {
                let left_over = (1_u64 << 32) % end;
                while (product & 0xffff_ffff) < left_over {
                    product = u64::from(self.word()?) * end;
                }
            }
            return Ok(product >> 32);
        }
        let left_over = (1_u128 << 64) % u128::from(end);
        loop {
            let bits = u64::from(self.word()?) << 32 | u64::from(self.word()?);
            let product = u128::from(bits) * u128::from(end);
            if product & u128::from(u64::MAX) >= left_over {
                return Ok((product >> 64) as u64);
            }
        }
    }
}

impl fmt::Debug for NoiseSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.releasable() { "NoiseSource" } else { "NoiseSource(test)" })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_operating_system_makes_what_may_be_released() {
        assert!(NoiseSource::operating_system().unwrap().releasable());
        assert!(!NoiseSource::test(1).releasable());
        assert_eq!(format!("{:?}", NoiseSource::test(1)), "NoiseSource(test)");
    }

    #[test]
    fn bits_of_two_fills_of_the_operating_system_differ() {
        let mut source = NoiseSource::operating_system().unwrap();
        let mut take = || (0..1024).map(|_| source.word().unwrap()).collect::<Vec<_>>();
        let (first, second) = (take(), take());
        assert_ne!(first, second);
        assert!(source.buffer.iter().all(|&byte| byte == 0), "used bits are overwritten");
    }

    proptest! {
        #[test]
        fn draws_are_below_the_end_and_the_same_for_one_seed(seed: u64, end in 1..u64::MAX) {
            let drawn = NoiseSource::test(seed).below(end).unwrap();
            prop_assert!(drawn < end);
            prop_assert_eq!(NoiseSource::test(seed).below(end).unwrap(), drawn);
        }
    }
}
