//! The numbers by which an agency knows its records.
//!
//! In: which record it is, counted from 0. Out: a number that no other record of the agency and
//! kind has, and from which neither the person nor another agency's number can be guessed at sight.
//! A keyed permutation (a Feistel network of four rounds), so that nothing has to be remembered.

/// A permutation of the numbers below a power of four.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OwnNumbers {
    prefix: char,
    key: u64,
    half_bits: u32,
    digits: usize,
}

impl OwnNumbers {
    /// Numbers for at most `bound` records.
    pub(crate) fn new(prefix: char, seed: u64, agency: u64, bound: u64) -> OwnNumbers {
        let bits = (64 - bound.max(16).leading_zeros()).next_multiple_of(2);
        let digits = (1u64 << bits).to_string().len();
        let key = mix(seed ^ mix(agency.wrapping_add(mix(u64::from(u32::from(prefix))))));
        OwnNumbers { prefix, key, half_bits: bits / 2, digits }
    }

    /// The number of the record at `index`.
    pub(crate) fn at(&self, index: u64) -> String {
        format!("{}{:0width$}", self.prefix, self.permuted(index), width = self.digits)
    }

    fn permuted(&self, index: u64) -> u64 {
        let mask = (1u64 << self.half_bits) - 1;
        let (mut left, mut right) = ((index >> self.half_bits) & mask, index & mask);
        for round in 0..4 {
            (left, right) = (right, left ^ (mix(self.key ^ (right << 3) ^ round) & mask));
        }
        (left << self.half_bits) | right
    }
}

/// Spreads the bits of a number (the finalizer of splitmix64).
pub(crate) fn mix(number: u64) -> u64 {
    let mut spread = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    spread = (spread ^ (spread >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    spread = (spread ^ (spread >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    spread ^ (spread >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// No number is given twice, and another agency gives others.
        #[test]
        fn numbers_are_unique(seed: u64, bound in 1..3_000u64) {
            let here = OwnNumbers::new('V', seed, 1, bound);
            let there = OwnNumbers::new('V', seed, 2, bound);
            let given: BTreeSet<String> = (0..bound).map(|index| here.at(index)).collect();
            prop_assert_eq!(given.len() as u64, bound);
            let same = (0..bound).filter(|&index| here.at(index) == there.at(index)).count();
            prop_assert!(same as u64 <= bound / 4 + 3);
        }
    }
}
