//! Rows changed one cell at a time, so that they come nearer to what they are fitted to.
//!
//! Rows are taken in blocks of a fixed size. For all rows of a block changes are looked for at the
//! same time, on all cores; they are then made one after the other, each only if it still helps.
//! The answer is the same for any number of threads.

use rayon::prelude::*;

use super::chance::{hash, unit};
use super::fit::Fit;

const BLOCK: usize = 512;
const ROWS_AT_ONCE: usize = 64;
/// So many codes of a column, the cheapest by the marginals, are weighed by what they would
/// fabricate.
const WEIGHED: usize = 6;

/// What a row must be able to save to be looked at again.
const ALONE: f32 = 0.5;

/// A change that is worth a second look.
struct Change {
    row: usize,
    column: usize,
    code: u16,
}

/// How changes are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Drawn with chances that fall with their cost: rows stay as varied as the marginals let them
    /// be, and no part of the rows takes all of the change.
    Drawn,
    /// The best, if it is an improvement.
    Best,
    /// The same, in rows that alone show a combination that may not be real.
    BestWhereAlone,
}

impl Fit<'_> {
    /// Gives every cell of every row one chance to change; says how many did.
    pub(crate) fn sweep(&mut self, choice: Choice, seed: u64) -> usize {
        let (columns, count) = (self.sizes.len(), self.count());
        let blocks = count.div_ceil(BLOCK);
        let mut changed = 0;
        for block in 0..blocks {
            // Rows far apart, so that what is left to do is spread over all of them.
            let rows: Vec<usize> = (block..count).step_by(blocks).collect();
            let found: Vec<Vec<Change>> = rows
                .par_chunks(ROWS_AT_ONCE)
                .map(|rows| {
                    let mut found = Vec::new();
                    rows.iter().for_each(|&row| self.look(row, choice, seed, &mut found));
                    found
                })
                .collect();
            for Change { row, column, code } in found.into_iter().flatten() {
                let own = &self.rows[row * columns..][..columns];
                if !self.may_leave(column, own[column]) {
                    continue;
                }
                let mut cost = self.cost(own, column, code);
                let limit = match choice {
                    Choice::Drawn => {
                        -libm::log(unit(seed ^ 0x5eed, row as u64, column as u64)) as f32
                    }
                    Choice::Best | Choice::BestWhereAlone => 0.0,
                };
                if let Some(plausible) = self.plausible.as_ref().filter(|_| cost.is_finite()) {
                    cost -= plausible.saving(own, column);
                    cost += plausible.entering(own, column, code, limit - cost);
                }
                if cost < limit {
                    self.change(row, column, code);
                    changed += 1;
                }
            }
        }
        changed
    }

    /// Looks for a better code in each column of a row, the columns in an order of its own.
    fn look(&self, row: usize, choice: Choice, seed: u64, found: &mut Vec<Change>) {
        let columns = self.sizes.len();
        let own = &self.rows[row * columns..][..columns];
        let savings = self.plausible.as_ref().map(|plausible| plausible.savings(own));
        let alone = |savings: &Vec<f32>| savings.iter().any(|&saving| saving > ALONE);
        if choice == Choice::BestWhereAlone && !savings.as_ref().is_some_and(alone) {
            return;
        }
        let mut costs = Vec::new();
        let mut cheap: Vec<(f32, u16)> = Vec::new();
        let turn = hash(seed, row as u64, 0) as usize % columns;
        for column in (turn..columns).chain(0..turn) {
            if !self.may_leave(column, own[column]) {
                continue;
            }
            self.costs(own, column, &mut costs);
            let code = match (choice, &self.plausible, &savings) {
                (Choice::Drawn, _, _) => drawn(&costs, unit(seed, row as u64, column as u64)),
                (_, Some(plausible), Some(savings)) => {
                    let saving = savings[column];
                    cheap.clear();
                    cheap.extend((0_u16..).zip(&costs).filter_map(|(code, &cost)| {
                        (cost < saving && code != own[column]).then_some((cost, code))
                    }));
                    if cheap.len() > WEIGHED {
                        cheap.select_nth_unstable_by(WEIGHED, |a, b| {
                            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
                        });
                        cheap.truncate(WEIGHED);
                        cheap.sort_by_key(|&(_, code)| code);
                    }
                    let mut best = (0.0, own[column]);
                    for &(cost, code) in &cheap {
                        let before = cost - saving;
                        let cost = before + plausible.entering(own, column, code, best.0 - before);
                        if cost < best.0 {
                            best = (cost, code);
                        }
                    }
                    best.1
                }
                _ => least(&costs),
            };
            if code != own[column] {
                found.push(Change { row, column, code });
            }
        }
    }
}

fn least(costs: &[f32]) -> u16 {
    let mut best = 0;
    for (code, cost) in costs.iter().enumerate() {
        if *cost < costs[best] {
            best = code;
        }
    }
    best as u16
}

/// A code with chances in proportion to `exp(-cost)`.
fn drawn(costs: &[f32], unit: f64) -> u16 {
    let low = costs.iter().copied().fold(f32::MAX, f32::min);
    let weight = |cost: f32| if cost > low + 12.0 { 0.0 } else { libm::expf(low - cost) };
    let total: f32 = costs.iter().map(|&cost| weight(cost)).sum();
    let mut left = unit as f32 * total;
    let mut last = 0;
    for (code, &cost) in costs.iter().enumerate() {
        let weight = weight(cost);
        if weight > 0.0 {
            last = code;
            left -= weight;
            if left < 0.0 {
                break;
            }
        }
    }
    last as u16
}
