//! Made-up records with truth, and pairs scored as Fellegi and Sunter would.
//!
//! People live in households (one surname, address and phone; now and then twins), some in
//! shelters (one address for many), and are seen by several of nine agencies; records miss fields
//! and err. Pairs are scored from the true rates with three classes (same person, household,
//! strangers), so the log odds are close to calibrated, and households make chains.

use std::collections::HashMap;

use linkage::ScoredPair;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

pub(crate) struct Made {
    pub(crate) agency: Vec<u16>,
    pub(crate) truth: Vec<u32>,
    pub(crate) persons: usize,
    pub(crate) pairs: Vec<ScoredPair>,
    records: Vec<Record>,
    rates: Rates,
}

#[derive(Clone, Copy)]
struct Record {
    /// given name, surname, birth date, phone, address; 0 is missing, the top bit an error.
    fields: [u32; 5],
}

#[derive(Clone, Copy)]
struct Rates {
    same: f64,
    household: f64,
    unrelated: f64,
}

pub(crate) const AGENCIES: usize = 9;
const ERROR: u32 = 1 << 31;
const GIVEN: u32 = 400;
const SURNAME: u32 = 4000;
const DAYS: u32 = 12_000;
const MISSING: [f64; 5] = [0.01, 0.02, 0.10, 0.45, 0.40];
const TYPO: [f64; 5] = [0.10, 0.08, 0.06, 0.0, 0.05];
/// Another value than the person's own: an alias, a new phone, a new address.
const OTHER: [f64; 5] = [0.05, 0.04, 0.01, 0.25, 0.3];

struct Chance(ChaCha8Rng);

impl Chance {
    fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }
    fn below(&mut self, end: u32) -> u32 {
        (self.unit() * f64::from(end)) as u32
    }
    /// A name: the commoner, the lower its number.
    fn name(&mut self, names: u32) -> u32 {
        1 + (f64::from(names) * self.unit() * self.unit()) as u32
    }
}

/// How common the name is among all: the density of a product of two uniform draws.
fn share(name: u32, names: u32) -> f64 {
    let cumulative = |x: f64| if x <= 0.0 { 0.0 } else { x * (1.0 - x.ln()) };
    let (from, to) = (f64::from(name - 1), f64::from(name));
    cumulative(to / f64::from(names)) - cumulative(from / f64::from(names))
}

impl Made {
    pub(crate) fn new(records: usize, seed: u64) -> Made {
        let mut chance = Chance(ChaCha8Rng::seed_from_u64(seed));
        let (mut made, mut agency, mut truth) = (Vec::new(), Vec::new(), Vec::new());
        let (mut person, mut household) = (0, 0);
        // A shelter for every thousand records.
        let shelters = (records / 1000).max(1) as u32;
        let (mut relatives, mut duplicates) = (0.0, 0.0);
        while made.len() < records {
            household += 1;
            let surname = chance.name(SURNAME);
            let home =
                if chance.unit() < 0.1 { 1 + chance.below(shelters) } else { shelters + household };
            let mut birth = 0;
            let start = made.len();
            for _ in 0..1 + chance.below(4) {
                let twin = birth > 0 && chance.unit() < 0.04;
                birth = if twin { birth } else { 1 + chance.below(DAYS) };
                let own = [chance.name(GIVEN), surname, birth, household, home];
                // Most people are seen once or twice; agency 8 writes people down twice.
                let before = made.len();
                for at in 0..AGENCIES as u16 {
                    if chance.unit() > 0.15 {
                        continue;
                    }
                    for _ in 0..1 + u32::from(at == 8 && chance.unit() < 0.3) {
                        let mut fields = own;
                        for (at, field) in fields.iter_mut().enumerate() {
                            let luck = chance.unit();
                            let other = MISSING[at] + OTHER[at];
                            if luck < MISSING[at] {
                                *field = 0;
                            } else if luck < other {
                                *field = match at {
                                    0 => chance.name(GIVEN),
                                    1 => chance.name(SURNAME),
                                    2 => 1 + chance.below(DAYS),
                                    _ => 0x4000_0000 | (chance.0.next_u32() >> 4),
                                };
                            } else if luck < other + TYPO[at] {
                                *field |= ERROR;
                            }
                        }
                        made.push(Record { fields });
                        agency.push(at);
                        truth.push(person);
                    }
                }
                let count = (made.len() - before) as f64;
                duplicates += count * (count - 1.0) / 2.0;
                person += u32::from(count > 0.0);
            }
            let count = (made.len() - start) as f64;
            relatives += count * (count - 1.0) / 2.0;
        }
        let all = (made.len() * (made.len() - 1)) as f64 / 2.0;
        let rates = Rates {
            same: duplicates / all,
            household: (relatives - duplicates) / all,
            unrelated: 1.0 - relatives / all,
        };
        // Records in an order that says nothing.
        let mut order: Vec<usize> = (0..made.len()).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, chance.below(at as u32 + 1) as usize);
        }
        let agency: Vec<u16> = order.iter().map(|at| agency[*at]).collect();
        let truth: Vec<u32> = order.iter().map(|at| truth[*at]).collect();
        let made: Vec<Record> = order.iter().map(|at| made[*at]).collect();
        let mut made = Made {
            agency,
            truth,
            persons: person as usize,
            pairs: Vec::new(),
            records: made,
            rates,
        };
        made.pairs = made.candidates();
        made
    }

    /// The log odds of any two records.
    pub(crate) fn log_odds(&self, first: u32, second: u32) -> f32 {
        let (one, two) = (self.records[first as usize], self.records[second as usize]);
        let (mut same, mut household, mut unrelated) =
            (self.rates.same, self.rates.household, self.rates.unrelated);
        for at in 0..5 {
            let (left, right) = (one.fields[at], two.fields[at]);
            if left == 0 || right == 0 {
                continue;
            }
            let present = 1.0 - MISSING[at];
            let own = (1.0 - (OTHER[at] / present)).powi(2);
            let clean = (1.0 - TYPO[at] / (present - OTHER[at])).powi(2);
            let agree = left & !ERROR == right & !ERROR;
            let close = agree && (left | right) & ERROR != 0;
            let name = left & !ERROR;
            let chance_of = match at {
                0 => share(name.min(GIVEN), GIVEN),
                1 => share(name.min(SURNAME), SURNAME),
                2 => 1.0 / f64::from(DAYS),
                3 => 1e-7,
                _ => 3e-6,
            };
            let level = |alike: f64| match (agree, close) {
                (true, false) => alike * clean / chance_of,
                (true, true) => alike * (1.0 - clean) / chance_of,
                _ => 1.0 - alike,
            };
            let by_chance = match (agree, close) {
                (true, false) => clean,
                (true, true) => 1.0 - clean,
                _ => 1.0,
            };
            same *= level(own);
            unrelated *= by_chance;
            household *= match at {
                0 => by_chance,
                2 => by_chance.max(0.0) * 0.96 + 0.03 * level(own),
                _ => level(own),
            };
        }
        ((same / (household + unrelated)).ln() as f32).clamp(-30.0, 30.0)
    }

    fn candidates(&self) -> Vec<ScoredPair> {
        let clean = |field: u32| u64::from(field & !ERROR);
        let keys = [(0, 2), (1, 2), (0, 1), (3, 3), (0, 4), (1, 4)];
        let mut found = Vec::new();
        for (one, two) in keys {
            let mut blocks: HashMap<u64, Vec<u32>> = HashMap::new();
            for (record, fields) in (0..).zip(self.records.iter().map(|record| record.fields)) {
                if fields[one] != 0 && fields[two] != 0 {
                    blocks
                        .entry(clean(fields[one]) << 32 | clean(fields[two]))
                        .or_default()
                        .push(record);
                }
            }
            for block in blocks.values().filter(|block| block.len() < 100) {
                for (at, first) in block.iter().enumerate() {
                    found.extend(block[at + 1..].iter().map(|second| (*first, *second)));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        let scored = found.into_iter().map(|(first, second)| ScoredPair {
            first,
            second,
            log_odds: self.log_odds(first, second),
        });
        scored.filter(|pair| pair.log_odds > -7.0).collect()
    }
}
