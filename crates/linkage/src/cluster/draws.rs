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
use super::threshold::probability;
use super::uncertain::{Index, Uncertain};

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
    let index = part.index();
    if part.tossed < LARGE {
        let mut table = Table::new(part, &index, settings);
        let mut chance = stream(settings.seed, u64::from(name));
        for (number, shift) in settings.shifts.iter().enumerate() {
            table.draw(*shift, &mut chance);
            take(sum, number, &table.groups);
        }
        return;
    }
    let numbers: Vec<usize> = (0..settings.shifts.len()).collect();
    let sums: Vec<T> = numbers
        .par_chunks(settings.shifts.len().div_ceil(8).max(1))
        .map(|numbers| {
            let mut table = Table::new(part, &index, settings);
            let mut sum = empty();
            for number in numbers {
                // Names are below 2^32.
                let own = u64::from(name) | (*number as u64 + 1) << 32;
                table.draw(settings.shifts[*number], &mut stream(settings.seed, own));
                take(&mut sum, *number, &table.groups);
            }
            sum
        })
        .collect();
    sums.into_iter().for_each(|one| join(sum, one));
}

/// Where a part is drawn.
struct Table<'a> {
    part: &'a Uncertain,
    index: &'a Index,
    settings: DrawSettings<'a>,
    alone: Groups,
    groups: Groups,
    /// For each group the cores that it was told apart from.
    apart: Vec<Vec<u32>>,
    agencies: [Vec<u16>; 2],
}

impl<'a> Table<'a> {
    fn new(part: &'a Uncertain, index: &'a Index, settings: DrawSettings<'a>) -> Table<'a> {
        let alone = Groups::alone(part.cores.len());
        let apart = vec![Vec::new(); part.cores.len()];
        let agencies = [Vec::new(), Vec::new()];
        Table { part, index, settings, groups: alone.clone(), alone, apart, agencies }
    }

    fn draw(&mut self, shift: f32, chance: &mut ChaCha8Rng) {
        self.groups.copy(&self.alone);
        self.apart.iter_mut().for_each(Vec::clear);
        for pair in &self.part.pairs[..self.part.tossed] {
            let (one, two) = (self.groups.of(pair.one), self.groups.of(pair.two));
            // Two cores alone have no pair but this one.
            let grown = self.groups.size(one) + self.groups.size(two) > 2;
            if one == two || (grown && self.were_told_apart(one, two)) {
                continue;
            }
            let Some(support) = (if grown { self.support(one, two) } else { Some(pair.support) })
            else {
                continue;
            };
            if unit(chance) < probability(support + shift) {
                self.groups.merge(one, two);
                let into = self.groups.of(pair.one);
                let from = if into == one { two } else { one };
                let mut moved = std::mem::take(&mut self.apart[from as usize]);
                self.apart[into as usize].append(&mut moved);
                // The allocation stays where it was.
                self.apart[from as usize] = moved;
            } else {
                self.apart[one as usize].push(pair.two);
                self.apart[two as usize].push(pair.one);
            }
        }
    }

    fn were_told_apart(&self, one: u32, two: u32) -> bool {
        let (ones, twos) = (&self.apart[one as usize], &self.apart[two as usize]);
        // Whoever was told apart is in both lists: the shorter will do.
        let (list, other) = if ones.len() < twos.len() { (ones, two) } else { (twos, one) };
        list.iter().any(|core| self.groups.of(*core) == other)
    }

    /// The support for two groups of cores; none when they would be too many records.
    fn support(&mut self, one: u32, two: u32) -> Option<f32> {
        for (agencies, group) in self.agencies.iter_mut().zip([one, two]) {
            agencies.clear();
            let cores = self.groups.members(group).map(|core| &self.part.cores[core as usize]);
            cores.for_each(|core| agencies.extend(&core.agencies));
        }
        let [left, right] = &self.agencies;
        if left.len() + right.len() > self.settings.largest {
            return None;
        }
        let (group, other) = (self.groups.members(one), self.groups.members(two));
        let weight = self.part.weight(self.index, group, other);
        Some(weight + penalty_of(left, right, self.settings.penalties))
    }
}
