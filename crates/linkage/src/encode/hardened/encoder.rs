//! Persons to group filters and exact keys.
//!
//! In: the cells of persons and the linkage key. Out: for every group the diffused filters of all
//! persons, for every exact key 64 bits, and which groups a person has. The same person, key and
//! period give the same bits, whatever else is in the table and however many threads there are.
//!
//! Every part of every group has a key of its own (HKDF-SHA-256 from the linkage key and the
//! period), so the same name sets other bits in every group. A token's positions are read from
//! HMAC-SHA-256 of the token, ten bits each.
//!
//! Cost: as in the published form, filters of cells are remembered; a person costs about twenty
//! look-ups and, for each group, some 200 XORs of the diffusion.

use hmac::Mac;
use rayon::prelude::*;
use zeroize::Zeroizing;

use super::birth::Birth;
use super::diffusion::{Diffusion, INNER_BITS, keyed};
use super::layout::{COARSE, GROUPS, KEYS, KeyPart, LAYOUT, Names};
use super::person::{Part, PersonCells};
use super::words::{given_form, sound};
use crate::LinkageKey;
use crate::dice::BitMatrix;
use crate::encode::memory::{Masks, or};

const INNER_WORDS: usize = INNER_BITS / 64;
/// Persons that one thread encodes with one memory.
const ROWS_TOGETHER: usize = 1 << 15;

/// How strongly filters are diffused, and into how many bits. All who encode need the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiffusionSettings {
    /// Bits of a diffused filter; a multiple of 64.
    pub outer_bits: usize,
    /// Bits of the filter in each diffused bit.
    pub inputs: usize,
}

impl DiffusionSettings {
    /// 512 bits of eight each.
    ///
    /// What it costs, on 100,000 made-up records of nine agencies, with two groups more than now
    /// (105,841 pairs that share an exact key): the best F1 across agencies that a classifier
    /// trained on the truth reaches from the distances is 0.796 without diffusion (one input),
    /// 0.795 with two, 0.794 with four, 0.792 with six and 0.787 with ten; with 256 bits of four
    /// 0.792. What it buys: two graphs of similarities, laid on each other, give away nine in ten
    /// of people who are all known to the attacker with four inputs, and two in a hundred with
    /// eight or ten (`docs/THREAT_MODEL.md`). With more than eight, relatives are no nearer than
    /// strangers.
    pub const BUILT_IN: DiffusionSettings = DiffusionSettings { outer_bits: 512, inputs: 8 };
}

/// What persons became.
pub(super) struct EncodedRows {
    pub(super) present: Vec<u8>,
    pub(super) groups: Vec<BitMatrix>,
    pub(super) keys: Vec<[u64; KEYS]>,
}

type Key = Zeroizing<[u8; 32]>;

/// Encodes persons under one linkage key for one period.
pub(super) struct RowEncoder {
    settings: DiffusionSettings,
    /// For each group a key for each part.
    parts: Vec<Vec<Key>>,
    diffusions: Vec<Diffusion>,
    coarse: Vec<Key>,
}

impl RowEncoder {
    pub(super) fn new(key: &LinkageKey, period: &str, settings: DiffusionSettings) -> RowEncoder {
        let derive = |purpose: &[&str]| {
            let mut derived = Key::default();
            key.derive(purpose, derived.as_mut());
            derived
        };
        let parts = LAYOUT
            .iter()
            .map(|group| {
                let of_part = |&(part, _): &(Part, u32)| {
                    derive(&["part of a filter", period, group.name, &format!("{part:?}")])
                };
                group.parts.iter().map(of_part).collect()
            })
            .collect();
        let diffusions = LAYOUT
            .iter()
            .map(|group| {
                let key = derive(&["diffusion", period, group.name]);
                Diffusion::new(&key, settings.outer_bits, settings.inputs)
            })
            .collect();
        let coarse = COARSE.iter().map(|key| derive(&["exact key", period, key.name])).collect();
        RowEncoder { settings, parts, diffusions, coarse }
    }

    /// Encodes persons with all threads of rayon's pool.
    pub(super) fn encode(&self, persons: &[PersonCells]) -> EncodedRows {
        let chunks: Vec<Chunk> =
            persons.par_chunks(ROWS_TOGETHER).map(|persons| self.encode_chunk(persons)).collect();
        let mut groups = vec![Vec::new(); GROUPS];
        let mut rows = EncodedRows { present: Vec::new(), groups: Vec::new(), keys: Vec::new() };
        for chunk in chunks {
            rows.present.extend(chunk.present);
            rows.keys.extend(chunk.keys);
            groups.iter_mut().zip(chunk.groups).for_each(|(all, words)| all.extend(words));
        }
        let bits = self.settings.outer_bits;
        rows.groups = groups
            .into_iter()
            .map(|words| {
                BitMatrix::new(bits, words).unwrap_or_else(|_| unreachable!("whole words and rows"))
            })
            .collect();
        rows
    }

    fn encode_chunk(&self, persons: &[PersonCells]) -> Chunk {
        let mut chunk = Chunk::default();
        let memory = |parts: &Vec<Key>| parts.iter().map(|_| Memory::default()).collect();
        let mut memories: Vec<Vec<Memory>> = self.parts.iter().map(memory).collect();
        let mut filter = [0; INNER_WORDS];
        for person in persons {
            let mut present = 0;
            for (at, group) in LAYOUT.iter().enumerate() {
                filter.fill(0);
                let mut whole = group.is_wide_enough(person);
                for (place, &(part, bits)) in group.parts.iter().enumerate() {
                    whole = whole
                        && memories[at][place].insert(
                            part,
                            bits,
                            part.cell(person),
                            &self.parts[at][place],
                            &mut filter,
                        );
                }
                if whole {
                    present |= 1 << at;
                    self.diffusions[at].push(&filter, &mut chunk.groups[at]);
                } else {
                    let words = chunk.groups[at].len() + self.settings.outer_bits / 64;
                    chunk.groups[at].resize(words, 0);
                }
            }
            chunk.present.push(present);
            chunk.keys.push(self.exact_keys(person));
        }
        chunk
    }

    /// The exact keys, kind after kind; 0 where a slot has none.
    fn exact_keys(&self, person: &PersonCells) -> [u64; KEYS] {
        let mut keys = [0; KEYS];
        let coarse = Coarse::of(person);
        let mut first = 0;
        for (kind, secret) in COARSE.iter().zip(&self.coarse) {
            let slots = &mut keys[first..first + kind.slots];
            first += kind.slots;
            let Some(same) = coarse.same(kind.parts) else { continue };
            for (slot, name) in slots.iter_mut().zip(coarse.names(kind.names)) {
                let digest = mac(secret, &[&same, name.as_bytes()]);
                let mut eight = [0; 8];
                eight.copy_from_slice(&digest[..8]);
                *slot = u64::from_le_bytes(eight).max(1);
            }
        }
        keys
    }
}

/// The coarse forms of a person, each made once.
struct Coarse {
    any: Vec<Zeroizing<String>>,
    two: Vec<Zeroizing<String>>,
    two_plain: Vec<Zeroizing<String>>,
    none: [Zeroizing<String>; 1],
    parts: Vec<(KeyPart, Option<Zeroizing<String>>)>,
}

impl Coarse {
    fn of(person: &PersonCells) -> Coarse {
        let birth = Birth::read(person.birth_date);
        let whole = |part: Part| (KeyPart::Whole(part), part.coarse(part.cell(person)));
        let year = birth.map(|birth| Zeroizing::new(birth.year().to_string()));
        Coarse {
            any: person.any_names(),
            two: person.two_names(sound),
            two_plain: person.two_names(given_form),
            none: Default::default(),
            parts: vec![
                whole(Part::Sex),
                whole(Part::Birth),
                whole(Part::Phone),
                whole(Part::Street),
                whole(Part::Zip),
                (KeyPart::BirthYear, year),
                (KeyPart::BirthDay, birth.and_then(Birth::without_year)),
            ],
        }
    }

    fn names(&self, names: Names) -> &[Zeroizing<String>] {
        match names {
            Names::Any => &self.any,
            Names::Two => &self.two,
            Names::TwoPlain => &self.two_plain,
            Names::None => &self.none,
        }
    }

    /// The parts of a key one after the other, when all of them are there.
    fn same(&self, parts: &[KeyPart]) -> Option<Zeroizing<Vec<u8>>> {
        let mut same = Zeroizing::new(Vec::with_capacity(80));
        for wanted in parts {
            let (_, said) = self.parts.iter().find(|(part, _)| part == wanted)?;
            same.extend_from_slice(said.as_ref()?.as_bytes());
            same.push(0);
        }
        Some(same)
    }
}

#[derive(Default)]
struct Chunk {
    present: Vec<u8>,
    groups: [Vec<u64>; GROUPS],
    keys: Vec<[u64; KEYS]>,
}

/// What was computed before for one part of one group.
#[derive(Default)]
struct Memory {
    cells: Masks,
    tokens: Masks,
    token: Zeroizing<Vec<u8>>,
}

impl Memory {
    /// Adds a part's tokens to a filter; false when the cell says nothing.
    fn insert(&mut self, part: Part, bits: u32, cell: &str, key: &Key, filter: &mut [u64]) -> bool {
        if cell.is_empty() {
            return false;
        }
        if let Some(mask) = self.cells.get(cell.as_bytes(), INNER_WORDS) {
            or(filter, mask);
            return mask.iter().any(|&word| word != 0);
        }
        let mut mask = Zeroizing::new([0; INNER_WORDS]);
        let tokens = part.tokens(cell);
        let whole = tokens.iter().map(|(_, weight)| weight).sum::<u32>().max(part.least_weight());
        for (token, weight) in &tokens {
            let count = (bits * weight + whole / 2) / whole;
            self.set(token, count.max(1), key, &mut *mask);
        }
        or(filter, &*mask);
        self.cells.insert(cell.as_bytes(), &*mask);
        !tokens.is_empty()
    }

    fn set(&mut self, token: &str, count: u32, key: &Key, mask: &mut [u64]) {
        self.token.clear();
        self.token.extend(count.to_le_bytes());
        self.token.extend(token.as_bytes());
        if let Some(of_token) = self.tokens.get(&self.token, INNER_WORDS) {
            or(mask, of_token);
            return;
        }
        let mut of_token = Zeroizing::new([0; INNER_WORDS]);
        // Sixteen positions from each block: a token inserted less often sets some of the bits.
        for block in 0..count.div_ceil(16) {
            let digest = mac(key, &[&block.to_le_bytes(), token.as_bytes()]);
            let left = (count - block * 16).min(16) as usize;
            for two in digest.chunks_exact(2).take(left) {
                let position = usize::from(u16::from_le_bytes([two[0], two[1]])) % INNER_BITS;
                of_token[position / 64] |= 1 << (position % 64);
            }
        }
        or(mask, &*of_token);
        self.tokens.insert(&self.token, &*of_token);
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut mac = keyed(key);
    parts.iter().for_each(|part| mac.update(part));
    Zeroizing::new(mac.finalize().into_bytes().into())
}
