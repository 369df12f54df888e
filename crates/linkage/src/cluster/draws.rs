//! Draws of who is one person.
//!
//! In: cores and the uncertain pairs between them. Out, for each draw: a partition of the cores.
//!
//! A draw merges as the clustering does, in the order of the evidence, but where the clustering
//! asks whether the support reaches a threshold, the draw tosses a coin with the probability that
//! the support stands for: the partition is sampled one merge after the other. Support is taken
//! anew for the groups as they have become in the draw; what a toss called different stays
//! different, however its groups grow. So two records alone are together in the share of draws
//! that their probability says. All draws of a part come from one stream of chance, named by its
//! smallest record, so they depend on no other part and no thread.
//!
//! Cost: for each draw, the uncertain pairs of cores.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
use rayon::prelude::*;

use super::evidence::penalty_of;
use super::groups::Groups;
use super::toss::Coin;
use super::uncertain::{CorePair, Uncertain};

/// The shift that all log odds of each draw share: normal, by Box and Muller (1958).
pub(super) fn shifts(draws: u32, seed: u64, mean: f32, deviation: f32) -> Vec<f32> {
    let mut chance = stream(seed, u64::MAX);
    (0..draws)
        .map(|_| {
            let (radius, angle) = (unit(&mut chance), unit(&mut chance));
            let normal =
                libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(std::f64::consts::TAU * angle);
            mean + normal as f32 * deviation
        })
        .collect()
}

fn stream(seed: u64, index: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    let mut generator = ChaCha8Rng::from_seed(key);
    generator.set_stream(index);
    generator
}

/// Above 0, below 1.
fn unit(chance: &mut ChaCha8Rng) -> f64 {
    (f64::from(chance.next_u32()) + 0.5) / 4_294_967_296.0
}

/// How draws are made.
#[derive(Debug, Clone, Copy)]
pub(super) struct DrawSettings<'a> {
    pub(super) seed: u64,
    pub(super) penalties: &'a [f32],
    pub(super) largest: usize,
    /// What is added to the log odds of each draw.
    pub(super) shifts: &'a [f32],
}

/// From so many pairs to toss for, each draw has a stream of its own, so that several threads can
/// share the draws of a part.
pub(super) const LARGE: usize = 2_000;

/// Draws partitions of the cores, one for each shift, and adds what is made of each to a sum.
///
/// `name` is the smallest record of the part. `take` adds a draw to a sum; where several threads
/// draw, they start from `empty`, and `join` adds their sums in the order of the draws.
pub(super) fn draw<T: Send>(
    part: &Uncertain,
    name: u32,
    settings: DrawSettings<'_>,
    sum: &mut T,
    take: impl Fn(&mut T, usize, &Groups) + Sync,
    empty: impl Fn() -> T + Sync,
    join: impl Fn(&mut T, T),
) {
    if part.tossed < LARGE {
        let mut table = Table::new(part, settings);
        let mut groups = Groups::alone(part.cores.len());
        let mut chance = stream(settings.seed, u64::from(name));
        for (number, shift) in settings.shifts.iter().enumerate() {
            groups.scatter();
            table.tosses().for_each(|toss| table.toss(toss, *shift, &mut chance, &mut groups));
            take(sum, number, &groups);
        }
        return;
    }
    let numbers: Vec<usize> = (0..settings.shifts.len()).collect();
    let sums: Vec<T> = numbers
        .par_chunks(settings.shifts.len().div_ceil(8).max(1))
        .map(|numbers| {
            let mut table = Table::new(part, settings);
            // Names are below 2^32.
            let own = |number: usize| u64::from(name) | (number as u64 + 1) << 32;
            let alone = || Groups::alone(part.cores.len());
            let mut draws: Vec<_> = numbers
                .iter()
                .map(|number| (*number, stream(settings.seed, own(*number)), alone()))
                .collect();
            // Side by side: what one draw looks up, the next has at hand.
            for toss in table.tosses() {
                for (number, chance, groups) in &mut draws {
                    table.toss(toss, settings.shifts[*number], chance, groups);
                }
            }
            let mut sum = empty();
            draws.iter().for_each(|(number, _, groups)| take(&mut sum, *number, groups));
            sum
        })
        .collect();
    sums.into_iter().for_each(|one| join(sum, one));
}

/// Where a part is drawn.
struct Table<'a> {
    part: &'a Uncertain,
    settings: DrawSettings<'a>,
    coin: Coin,
    agencies: [Vec<u16>; 2],
}

/// A pair of cores that is tossed for, and its number.
type Toss<'a> = (u32, &'a CorePair);

impl<'a> Table<'a> {
    fn new(part: &'a Uncertain, settings: DrawSettings<'a>) -> Table<'a> {
        Table { part, settings, coin: Coin::new(), agencies: [Vec::new(), Vec::new()] }
    }

    fn tosses(&self) -> impl Iterator<Item = Toss<'a>> + use<'a> {
        (0..).zip(&self.part.pairs[..self.part.tossed])
    }

    #[inline]
    fn toss(
        &mut self,
        (number, pair): Toss<'_>,
        shift: f32,
        chance: &mut ChaCha8Rng,
        groups: &mut Groups,
    ) {
        let (one, two) = (groups.of(pair.one), groups.of(pair.two));
        if one == two {
            return;
        }
        // Two cores alone have no pair but this one.
        let grown = groups.size(one) + groups.size(two) > 2;
        let support =
            if grown { self.support(number, one, two, groups) } else { Some(pair.support) };
        if support.is_some_and(|support| self.coin.falls(unit(chance), support + shift)) {
            groups.merge(one, two);
        }
    }

    /// The support for two groups of cores. None when they would be too many records, and when a
    /// pair before this one stands across them: it was tossed for, and told them apart.
    fn support(&mut self, number: u32, one: u32, two: u32, groups: &Groups) -> Option<f32> {
        let weight = self.part.weight(number, groups.members(one), groups.members(two))?;
        for (agencies, group) in self.agencies.iter_mut().zip([one, two]) {
            agencies.clear();
            let cores = groups.members(group);
            cores.for_each(|core| agencies.extend(self.part.cores.agencies(core)));
        }
        let [left, right] = &self.agencies;
        (left.len() + right.len() <= self.settings.largest)
            .then(|| weight + penalty_of(left, right, self.settings.penalties))
    }
}
