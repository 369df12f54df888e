//! Filters remembered by what they stand for.
//!
//! In: the bytes of a cell or token. Out: its filter, when it was computed before. The memory stops
//! growing at a fixed size, and is wiped at the end: its keys are names and dates.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use zeroize::Zeroizing;

/// Bytes of filters that one memory keeps.
const MOST_BYTES: usize = 8 << 20;

/// Filters by the bytes that they stand for; wiped.
#[derive(Default)]
pub(super) struct Masks {
    at: HashMap<Secret, usize, BuildHasherDefault<QuickHash>>,
    words: Zeroizing<Vec<u64>>,
}

impl Masks {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.at.len()
    }

    /// The filter of some bytes, of so many words.
    pub(super) fn get(&self, of: &[u8], words: usize) -> Option<&[u64]> {
        self.at.get(of).map(|&at| &self.words[at..at + words])
    }

    /// Remembers a filter while there is room.
    pub(super) fn insert(&mut self, of: &[u8], mask: &[u64]) {
        if 8 * (self.words.len() + mask.len()) <= MOST_BYTES {
            self.at.insert(Secret(Zeroizing::new(of.to_vec())), self.words.len());
            self.words.extend_from_slice(mask);
        }
    }
}

/// Sets in a filter what is set in the other.
pub(super) fn or(filter: &mut [u64], mask: &[u64]) {
    filter.iter_mut().zip(mask).for_each(|(all, one)| *all |= one);
}

/// The bytes of a cell or token; wiped.
#[derive(PartialEq, Eq)]
struct Secret(Zeroizing<Vec<u8>>);

impl Hash for Secret {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_slice().hash(state);
    }
}

impl Borrow<[u8]> for Secret {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

/// Multiplies and folds, eight bytes at a time. The standard hasher guards against cells that
/// were chosen to collide, at a cost that would be a third of all; whoever chooses such cells only
/// slows down the encoding of their own table.
#[derive(Default)]
struct QuickHash(u64);

impl Hasher for QuickHash {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        // Both halves of the product: the low one does not depend on the last letters of a token.
        let product = u128::from(self.0 ^ word ^ 0xA076_1D64_78BD_642F) * 0x9E37_79B9_7F4A_7C15;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
