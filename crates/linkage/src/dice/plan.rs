//! What a search samples, chosen from the data.
//!
//! In: the rows, the threshold, the recall that is wanted. Out: how many bits a key has, how many
//! words a sketch, and the bits that keys are drawn from ([`Plan`]). A key of h bits drawn at random
//! from S bits is the same for two rows that differ in d of them with probability
//! `∏ᵢ (S − d − i) / (S − i)`, i from 0 to h − 1: with L tables a pair is missed with the L-th power
//! of the rest (bit sampling; Indyk and Motwani 1998, section 4.2; Gionis, Indyk, Motwani 1999).
//! More bits make smaller buckets and need more tables; the cheapest number is taken, by the
//! collisions of a sample of the rows, so that skewed data get longer keys.

use super::comparison::Comparison;
use super::matrix::BitMatrix;
use super::tables::Sample;
use super::threshold::Bound;

/// Bits of the longest key: a table has a place for each key.
const MOST_KEY_BITS: usize = 20;
/// Words of the largest sketch.
const MOST_SKETCH_WORDS: usize = 6;
/// Rows and pairs looked at.
const SAMPLE: usize = 4096;

/// See the module.
pub(crate) struct Plan {
    /// The bits that keys are drawn from.
    pub(crate) places: Vec<u32>,
    /// Bits of a key.
    pub(crate) key_bits: usize,
    /// Words of a sketch.
    pub(crate) sketch_words: usize,
    /// The most bits in which two sketches may differ.
    pub(crate) most_apart: u32,
    /// In how many of the places two rows differ that are just a pair.
    pub(crate) at_threshold: u32,
    /// The places as bits of words.
    pub(crate) mask: Vec<u64>,
    /// Tables that should be enough; none when comparing all pairs is cheaper.
    pub(crate) tables: Option<usize>,
    words_per_row: usize,
    /// The share of differing bits that is in the places.
    share: f64,
    seed: u64,
}

impl Plan {
    pub(crate) fn new(comparison: &Comparison<'_>, bound: &Bound, recall: f64, seed: u64) -> Plan {
        let sides = [Some(comparison.left), comparison.right];
        let sides: Vec<&BitMatrix> = sides.into_iter().flatten().collect();
        let rows: Vec<(&[u64], u32)> = sample(&sides);
        let words = comparison.left.words_per_row();
        let bits = words * 64;
        let places = informative(&rows, bits);

        // A pair at the threshold, of rows with more bits set than nine in ten.
        let mut ones: Vec<u32> = rows.iter().map(|(_, ones)| *ones).collect();
        ones.sort_unstable();
        let total = 2 * ones.get(ones.len() * 9 / 10).copied().unwrap_or(0);
        let apart = total - (2 * bound.least_shared[total as usize]).min(total);

        let mut mask = vec![0u64; words];
        places.iter().for_each(|bit| mask[(bit / 64) as usize] |= 1 << (bit % 64));
        let mut random = Random(seed);
        let (collisions, neighbours) = collisions(&rows, &places, &mut random);
        let background: Vec<[u32; MOST_SKETCH_WORDS + 2]> = neighbours
            .into_iter()
            .map(|(a, b)| {
                let start = random.below(words);
                let (a, b) = (rows[a as usize].0, rows[b as usize].0);
                let apart = |word: usize| (a[word] ^ b[word]).count_ones();
                let mut of_pair = [0; MOST_SKETCH_WORDS + 2];
                for sketch in 1..=MOST_SKETCH_WORDS {
                    of_pair[sketch - 1] =
                        (0..sketch).map(|word| apart((start + word) % words)).sum();
                }
                for word in 0..words {
                    of_pair[MOST_SKETCH_WORDS] += apart(word);
                    of_pair[MOST_SKETCH_WORDS + 1] +=
                        ((a[word] ^ b[word]) & mask[word]).count_ones();
                }
                of_pair
            })
            .collect();
        let mean = |at: usize| background.iter().map(|of| f64::from(of[at])).sum::<f64>();
        let share = (mean(MOST_SKETCH_WORDS + 1) / mean(MOST_SKETCH_WORDS).max(1.0)).max(0.01);
        // Twenty-one values at most of a number of bits.
        let at_threshold = (f64::from(apart) * share).round() as u32;

        let entries: f64 = sides.iter().map(|side| side.rows() as f64).sum();
        let left = comparison.left.rows() as f64;
        let pairs = comparison.right.map_or(left * left / 2.0, |right| left * right.rows() as f64);
        let mut plan = Plan {
            places,
            key_bits: 1,
            sketch_words: 1,
            most_apart: 0,
            at_threshold,
            mask,
            tables: None,
            words_per_row: words,
            share,
            seed,
        };
        let mut cheapest = f64::INFINITY;
        let key_bits = 1..=MOST_KEY_BITS.min(plan.places.len());
        for (key_bits, collisions) in key_bits.zip(&collisions[1..]) {
            for sketch_words in 1..=MOST_SKETCH_WORDS.min(words) {
                let most = most_in_sketch(apart, sketch_words, words);
                let passes = background.iter().filter(|of| of[sketch_words - 1] <= most).count();
                let passes = passes as f64 / background.len().max(1) as f64;
                let same_key = same_key(plan.places.len(), at_threshold, key_bits);
                let tables = tables_for(recall, same_key);
                // In nanoseconds, roughly: to order a row, to open a bucket, to compare two
                // sketches, to compare two rows.
                let order = entries * (12.0 + 0.3 * key_bits as f64 + 2.0 * sketch_words as f64);
                let open = 40.0 * f64::from(1u32 << key_bits);
                let compared = pairs * collisions;
                let compare = compared * (0.03 + 0.045 * sketch_words as f64 + 40.0 * passes);
                let cost = tables * (order + open + compare);
                if cost < cheapest {
                    cheapest = cost;
                    (plan.key_bits, plan.sketch_words) = (key_bits, sketch_words);
                    plan.most_apart = most;
                    plan.tables = Some(tables as usize + 1);
                }
            }
        }
        // To lay out a row, and to compare a word.
        if cheapest > entries * 50.0 + pairs * words as f64 * 0.03 {
            plan.tables = None;
        }
        plan
    }

    /// What a table samples.
    pub(crate) fn sample(&self, table: usize) -> Sample {
        let mut random = Random(self.seed ^ (table as u64 + 1).wrapping_mul(0xd605_bbb5_8c8a_bbb5));
        let bits = random.some(self.places.len(), self.key_bits);
        Sample {
            bits: bits.into_iter().map(|place| self.places[place]).collect(),
            sketch: random.some(self.words_per_row, self.sketch_words),
        }
    }

    /// The probability that some tables find two rows that differ in so many of the places.
    pub(crate) fn finds(&self, apart: u32, tables: usize) -> f64 {
        let in_table = same_key(self.places.len(), apart, self.key_bits) * self.passes(apart);
        1.0 - (1.0 - in_table).powi(i32::try_from(tables).unwrap_or(i32::MAX))
    }

    /// The probability that the sketches of such rows are near: the normal distribution's, by the
    /// approximation of Bowling et al. (2009), which is off by 0.00014 at most.
    fn passes(&self, apart: u32) -> f64 {
        let (mean, deviation) =
            in_sketch(f64::from(apart) / self.share, self.sketch_words, self.words_per_row);
        let z = (f64::from(self.most_apart) + 0.5 - mean) / deviation.max(0.01);
        1.0 / (1.0 + (-1.5976 * z - 0.070_565_992 * z.powi(3)).exp())
    }

    /// The share found of all pairs that are there, from the number of pairs found by the number of
    /// places in which they differ.
    pub(crate) fn recall(&self, by_distance: &[usize], tables: usize) -> f64 {
        let found: usize = by_distance.iter().sum();
        let there: f64 = (0..)
            .zip(by_distance)
            .filter(|(_, pairs)| **pairs > 0)
            .map(|(apart, pairs)| *pairs as f64 / self.finds(apart, tables))
            .sum();
        if found > 0 { found as f64 / there } else { 1.0 }
    }
}

/// The probability that a key is the same for two rows which differ in some of the places.
fn same_key(places: usize, apart: u32, key_bits: usize) -> f64 {
    let same = places as f64 - f64::from(apart);
    (0..key_bits).map(|i| ((same - i as f64) / (places - i) as f64).max(0.0)).product()
}

/// The tables that find a pair with some probability.
fn tables_for(recall: f64, same_key: f64) -> f64 {
    ((1.0 - recall).ln() / (1.0 - same_key.min(0.999_999)).ln()).max(1.0)
}

/// The most bits in which two sketches may differ when their rows differ in `apart`: three standard
/// deviations above the mean, so that one table in eight hundred loses a pair at the threshold.
fn most_in_sketch(apart: u32, sketch_words: usize, words: usize) -> u32 {
    let (mean, deviation) = in_sketch(f64::from(apart), sketch_words, words);
    (mean + 3.0 * deviation).floor() as u32
}

/// In how many bits two sketches differ whose rows differ in `apart`: mean and standard deviation.
fn in_sketch(apart: f64, sketch_words: usize, words: usize) -> (f64, f64) {
    let (part, bits) = (sketch_words as f64 / words as f64, 64.0 * sketch_words as f64);
    let share = (apart / (64.0 * words as f64)).min(1.0);
    (apart * part, (bits * share * (1.0 - share) * (1.0 - part)).sqrt())
}

/// Rows with any bit set, spread evenly over the sides, with the number of their bits.
fn sample<'a>(sides: &[&'a BitMatrix]) -> Vec<(&'a [u64], u32)> {
    let mut rows = vec![];
    for side in sides {
        let wanted = (SAMPLE / sides.len()).min(side.rows());
        let some = (0..wanted).map(|at| at * side.rows() / wanted);
        rows.extend(some.map(|row| (side.row(row), side.ones()[row])));
    }
    rows.retain(|(_, ones)| *ones > 0);
    rows
}

/// Three quarters of the bits: those nearest to being set in half of the rows, as the others say
/// less of whether two rows are the same.
fn informative(rows: &[(&[u64], u32)], bits: usize) -> Vec<u32> {
    let mut set = vec![0usize; bits];
    for (row, _) in rows {
        for (word, of_word) in row.iter().zip(set.chunks_exact_mut(64)) {
            of_word
                .iter_mut()
                .enumerate()
                .for_each(|(bit, set)| *set += (word >> bit & 1) as usize);
        }
    }
    let mut places: Vec<u32> = (0..).take(bits).collect();
    places.sort_by_key(|bit| (2 * set[*bit as usize]).abs_diff(rows.len()));
    places.truncate(bits * 3 / 4);
    places.sort_unstable();
    places
}

/// By the bits of a key, the share of all pairs of rows that have the same key.
fn collisions(
    rows: &[(&[u64], u32)],
    places: &[u32],
    random: &mut Random,
) -> (Vec<f64>, Vec<(u32, u32)>) {
    const KEYS: usize = 4;
    let mut same = vec![0.0; MOST_KEY_BITS + 1];
    let mut neighbours = vec![];
    for _ in 0..KEYS {
        let bits = random.some(places.len(), MOST_KEY_BITS.min(places.len()));
        let mut keys: Vec<(u32, u32)> = rows
            .iter()
            .zip(0..)
            .map(|((row, _), number)| {
                let key = bits.iter().enumerate().fold(0, |key, (at, place)| {
                    let place = places[*place];
                    let bit = (row[(place / 64) as usize] >> (place % 64)) as u32 & 1;
                    key | bit << (MOST_KEY_BITS - 1 - at)
                });
                (key, number)
            })
            .collect();
        keys.sort_unstable();
        neighbours.extend(keys.windows(2).map(|pair| (pair[0].1, pair[1].1)));
        for (key_bits, same) in same.iter_mut().enumerate() {
            let cut = MOST_KEY_BITS - key_bits;
            for bucket in keys.chunk_by(|one, other| one.0 >> cut == other.0 >> cut) {
                *same += bucket.len() as f64 * (bucket.len() as f64 - 1.0);
            }
        }
    }
    let all = KEYS as f64 * rows.len() as f64 * (rows.len() as f64 - 1.0);
    (same.into_iter().map(|same| same / all.max(1.0)).collect(), neighbours)
}

/// Numbers that are as good as random for sampling (Steele, Lea, Flood 2014: `SplitMix64`).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit.
    fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }

    /// Some different numbers below a limit.
    fn some(&mut self, limit: usize, wanted: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..limit).collect();
        for at in 0..wanted {
            let other = at + self.below(limit - at);
            all.swap(at, other);
        }
        all.truncate(wanted);
        all
    }
}
