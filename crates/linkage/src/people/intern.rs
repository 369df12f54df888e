//! Texts to numbers: each distinct text is kept once.
//!
//! In: texts as bytes. Out: for each a number from 0 in the order of first appearance, and the
//! text of a number. An open-addressing table over one arena; about 20 ns a text that is known.

/// Distinct texts, numbered by first appearance.
#[derive(Clone, Default)]
pub(crate) struct Interner {
    arena: Vec<u8>,
    ends: Vec<u32>,
    hashes: Vec<u32>,
    /// Numbers plus one; 0 is free. The length is a power of two.
    slots: Vec<u32>,
}

/// A hash of bytes by folded multiplication (as in wyhash); the same on every machine.
#[inline]
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hash = 0x9e37_79b9_7f4a_7c15 ^ bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut eight = [0; 8];
        eight.copy_from_slice(chunk);
        hash = mix(hash ^ u64::from_le_bytes(eight), 0xa076_1d64_78bd_642f);
    }
    let mut last = [0; 8];
    let rest = chunks.remainder();
    last[..rest.len()].copy_from_slice(rest);
    mix(hash ^ u64::from_le_bytes(last), 0xe703_7ed1_a0b4_28db)
}

/// The two halves of a product of 128 bits, folded into one.
#[inline]
pub(crate) fn mix(one: u64, two: u64) -> u64 {
    let product = u128::from(one ^ 0x2d35_8dcc_aa6c_78a5) * u128::from(two);
    (product as u64) ^ (product >> 64) as u64
}

impl Interner {
    /// The number of a text, new when it has not been seen.
    #[inline]
    pub(crate) fn number(&mut self, text: &[u8]) -> u32 {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = (hash_bytes(text) >> 32) as u32;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                break;
            }
            if self.hashes[slot as usize - 1] == hash && self.text(slot - 1) == text {
                return slot - 1;
            }
            at = (at + 1) & mask;
        }
        self.arena.extend_from_slice(text);
        self.ends.push(self.arena.len() as u32);
        self.hashes.push(hash);
        self.slots[at] = self.ends.len() as u32;
        self.ends.len() as u32 - 1
    }

    fn grow(&mut self) {
        let room = (self.slots.len() * 2).max(64);
        self.slots = vec![0; room];
        for (number, hash) in self.hashes.iter().enumerate() {
            let mut at = *hash as usize & (room - 1);
            while self.slots[at] != 0 {
                at = (at + 1) & (room - 1);
            }
            self.slots[at] = number as u32 + 1;
        }
    }

    /// The text of a number; empty when there is no such number.
    #[inline]
    pub(crate) fn text(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let from = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let to = self.ends.get(number).copied().unwrap_or_default();
        &self.arena[from.unwrap_or_default().min(to) as usize..to as usize]
    }

    /// How many distinct texts there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Takes in another's texts; the numbers here of each of them, in their order.
    pub(crate) fn take_in(&mut self, other: &Interner) -> Vec<u32> {
        (0..other.len() as u32).map(|number| self.number(other.text(number))).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The same text has the same number, another text another one, and all come back.
        #[test]
        fn numbers_are_texts(texts in prop::collection::vec("[ab]{0,9}", 0..300)) {
            let mut interner = Interner::default();
            let mut seen = BTreeMap::new();
            for text in &texts {
                let next = seen.len() as u32;
                let expected = *seen.entry(text.clone()).or_insert(next);
                prop_assert_eq!(interner.number(text.as_bytes()), expected);
            }
            prop_assert_eq!(interner.len(), seen.len());
            for (text, number) in seen {
                prop_assert_eq!(interner.text(number), text.as_bytes());
            }
            prop_assert_eq!(interner.text(interner.len() as u32), b"");
        }
    }
}
