//! Every bit that leaves is the XOR of several bits of a filter, chosen by key.
//!
//! In: a filter of [`INNER_BITS`] bits. Out: its diffused form. A bit of a Bloom filter is a yes to
//! "one of these tokens is there", which attacks by pattern and frequency read; the XOR of several
//! such bits, of which nobody without the key knows which, is not. The map is linear, so equal
//! filters stay equal, and filters that differ in a share x of their bits differ in about
//! (1 - (1 - 2x)^t) / 2 of the diffused ones: near ones can be told apart, far ones all look like
//! chance, which is what is wanted.
//!
//! The bits are chosen without replacement from shuffled decks, so that every bit of the filter is
//! used equally often. Source: Armknecht, Heng and Schnell (2023), Strengthening Privacy-Preserving
//! Record Linkage using Diffusion, PoPETs 2023(2) (from general knowledge, not at hand).
//!
//! Cost: an XOR of `outer / 64` words for each bit that is set.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Bits of a filter before diffusion.
pub(super) const INNER_BITS: usize = 1024;

/// A keyed linear map of filters.
pub(super) struct Diffusion {
    words: usize,
    /// For every bit of the filter the bits that it flips.
    columns: Zeroizing<Vec<u64>>,
}

impl Diffusion {
    /// Chooses `inputs` bits for each of `outer` bits, a multiple of 64.
    pub(super) fn new(key: &[u8; 32], outer: usize, inputs: usize) -> Diffusion {
        let words = outer / 64;
        let mut columns = Zeroizing::new(vec![0_u64; INNER_BITS * words]);
        let mut random = KeyStream::new(key);
        let mut deck: Zeroizing<Vec<usize>> = Zeroizing::new(Vec::new());
        for bit in 0..outer {
            let mut chosen = Zeroizing::new(Vec::with_capacity(inputs));
            while chosen.len() < inputs {
                if deck.is_empty() {
                    deck.extend(0..INNER_BITS);
                    random.shuffle(&mut deck);
                }
                // A bit that was chosen already goes to the bottom; a new deck is rare.
                match deck.pop() {
                    Some(input) if chosen.contains(&input) => {
                        deck.insert(0, input);
                        if deck.iter().all(|input| chosen.contains(input)) {
                            deck.clear();
                        }
                    }
                    Some(input) => chosen.push(input),
                    None => {}
                }
            }
            for &input in chosen.iter() {
                columns[input * words + bit / 64] |= 1 << (bit % 64);
            }
        }
        Diffusion { words, columns }
    }

    /// The diffused form of a filter, added to `out`.
    pub(super) fn push(&self, filter: &[u64], out: &mut Vec<u64>) {
        let start = out.len();
        out.resize(start + self.words, 0);
        let diffused = &mut out[start..];
        for (word, &bits) in filter.iter().enumerate() {
            let mut rest = bits;
            while rest != 0 {
                let input = word * 64 + rest.trailing_zeros() as usize;
                let column = &self.columns[input * self.words..(input + 1) * self.words];
                diffused.iter_mut().zip(column).for_each(|(all, one)| *all ^= one);
                rest &= rest - 1;
            }
        }
    }
}

/// HMAC-SHA-256 under a key.
pub(super) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut filled = Zeroizing::new([0; 64]);
    filled[..32].copy_from_slice(key);
    <Hmac<Sha256> as hmac::digest::KeyInit>::new((&*filled).into())
}

/// Numbers from a key: HMAC-SHA-256 of a counter.
pub(super) struct KeyStream {
    mac: Hmac<Sha256>,
    counter: u64,
    block: Zeroizing<Vec<u8>>,
}

impl KeyStream {
    pub(super) fn new(key: &[u8; 32]) -> KeyStream {
        KeyStream { mac: keyed(key), counter: 0, block: Zeroizing::new(Vec::new()) }
    }

    fn next(&mut self) -> u64 {
        if self.block.is_empty() {
            let mut mac = self.mac.clone();
            mac.update(&self.counter.to_le_bytes());
            self.counter += 1;
            self.block.extend_from_slice(&mac.finalize().into_bytes());
        }
        let mut eight = [0; 8];
        let rest = self.block.len() - 8;
        eight.copy_from_slice(&self.block[rest..]);
        self.block.truncate(rest);
        u64::from_le_bytes(eight)
    }

    /// A number below another; the bias of the product's high half is below 2⁻³⁰ for such few.
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// Shuffles (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every output bit has exactly so many inputs, every input almost equally many outputs.
    #[test]
    fn inputs_are_used_equally_often() {
        let diffusion = Diffusion::new(&[7; 32], 512, 4);
        let mut inputs = vec![0; 512];
        let mut uses = Vec::new();
        for column in diffusion.columns.chunks(8) {
            uses.push(column.iter().map(|word| word.count_ones()).sum::<u32>());
            for (bit, inputs) in inputs.iter_mut().enumerate() {
                *inputs += u32::from(column[bit / 64] >> (bit % 64) & 1 == 1);
            }
        }
        assert!(inputs.iter().all(|&count| count == 4));
        assert_eq!((uses.iter().min(), uses.iter().max()), (Some(&2), Some(&2)));
    }

    proptest! {
        /// The map is linear: the difference of two diffused filters is that of their difference.
        #[test]
        fn linear(one in prop::collection::vec(any::<u64>(), 16), other in prop::collection::vec(any::<u64>(), 16)) {
            let diffusion = Diffusion::new(&[1; 32], 128, 5);
            let diffuse = |filter: &[u64]| {
                let mut out = Vec::new();
                diffusion.push(filter, &mut out);
                out
            };
            let xor = |a: &[u64], b: &[u64]| a.iter().zip(b).map(|(a, b)| a ^ b).collect::<Vec<_>>();
            prop_assert_eq!(diffuse(&xor(&one, &other)), xor(&diffuse(&one), &diffuse(&other)));
        }
    }
}
