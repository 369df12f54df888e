//! What one guess at a passphrase costs, and between which bounds.

use crate::SealingError;

/// What one guess at a passphrase costs: the parameters of Argon2id (RFC 9106 §3.1).
///
/// The default is the second recommended option of RFC 9106 §4 (3 passes over 64 MiB), with one lane
/// in place of four: our library works through lanes one after the other, so that more of them would
/// cost us the same time, and spare time to a guesser who runs them side by side. 16 bytes of salt
/// and 32 of output are as recommended there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PassphraseCost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// From the least that OWASP's Password Storage Cheat Sheet recommends with two passes, to what a
/// server may be asked for by a row that somebody changed. The lower bounds are never raised: rows
/// that were written at them would no longer be read.
const MEMORY_KIB: std::ops::RangeInclusive<u32> = 19 * 1024..=1024 * 1024;
const PASSES: std::ops::RangeInclusive<u32> = 2..=16;
const LANES: std::ops::RangeInclusive<u32> = 1..=4;
/// Memory times passes, which is the time: 4 GiB, some seconds.
const MOST_WORK_KIB: u32 = 4 * 1024 * 1024;

impl PassphraseCost {
    /// 64 MiB, 3 passes, 1 lane.
    pub const DEFAULT: PassphraseCost =
        PassphraseCost { memory_kib: 64 * 1024, passes: 3, lanes: 1 };

    /// The least that is accepted: 19 MiB, 2 passes, 1 lane.
    pub const LEAST: PassphraseCost = PassphraseCost { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

    /// Next to nothing, so that tests are quick. Only tests accept it.
    #[cfg(test)]
    pub(crate) const OF_TESTS: PassphraseCost =
        PassphraseCost { memory_kib: 32, passes: 1, lanes: 1 };

    /// Takes a cost within the bounds: memory from 19 MiB to 1 GiB, 2 to 16 passes, 1 to 4 lanes,
    /// and memory times passes at most 4 GiB.
    ///
    /// # Errors
    ///
    /// [`SealingError::CostOutOfBounds`].
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<PassphraseCost, SealingError> {
        let cost = PassphraseCost { memory_kib, passes, lanes };
        #[cfg(test)]
        if cost == PassphraseCost::OF_TESTS {
            return Ok(cost);
        }
        let within = MEMORY_KIB.contains(&memory_kib)
            && PASSES.contains(&passes)
            && LANES.contains(&lanes)
            && memory_kib.saturating_mul(passes) <= MOST_WORK_KIB;
        if within {
            Ok(cost)
        } else {
            Err(SealingError::CostOutOfBounds { memory_kib, passes, lanes })
        }
    }

    /// Memory in KiB.
    pub fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub fn passes(&self) -> u32 {
        self.passes
    }

    /// Lanes.
    pub fn lanes(&self) -> u32 {
        self.lanes
    }

    /// Whether less memory or fewer passes are asked for than by the other.
    pub fn is_below(&self, other: &PassphraseCost) -> bool {
        self.memory_kib < other.memory_kib || self.passes < other.passes
    }
}

impl Default for PassphraseCost {
    fn default() -> PassphraseCost {
        PassphraseCost::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_have_bounds() {
        for good in [PassphraseCost::DEFAULT, PassphraseCost::LEAST] {
            assert_eq!(PassphraseCost::new(good.memory_kib, good.passes, good.lanes), Ok(good));
        }
        assert!(PassphraseCost::new(1 << 20, 4, 4).is_ok());
        let bad = [
            (0, 0, 0),
            (19 * 1024 - 1, 2, 1),
            (19 * 1024, 1, 1),
            (19 * 1024, 2, 0),
            (19 * 1024, 2, 5),
            (19 * 1024, 17, 1),
            (1 << 20, 5, 1),
            ((1 << 20) + 1, 2, 1),
            (100 << 20, 3, 1),
            (u32::MAX, u32::MAX, u32::MAX),
        ];
        for (memory_kib, passes, lanes) in bad {
            let refused = SealingError::CostOutOfBounds { memory_kib, passes, lanes };
            assert_eq!(PassphraseCost::new(memory_kib, passes, lanes), Err(refused));
        }
    }

    #[test]
    fn a_raised_cost_is_seen() {
        assert!(PassphraseCost::LEAST.is_below(&PassphraseCost::DEFAULT));
        assert!(!PassphraseCost::DEFAULT.is_below(&PassphraseCost::LEAST));
        assert!(!PassphraseCost::DEFAULT.is_below(&PassphraseCost::DEFAULT));
    }
}
