//! Controlled rounding: every cell of a table to a multiple of a base, and still all totals are the
//! sums of their parts.
//!
//! In: a [`Cube`] of one table and a base such as 3, 5 or 10. Out: the table with every cell a
//! multiple of the base, additive along every dimension and level, and its [`Audit`] ([`Rounded`]).
//! Each innermost cell goes to the multiple below or above it, and to itself if it is one
//! ("zero-restricted": Cox 1987, "A constructive procedure for unbiased controlled rounding",
//! JASA 82). In tables of three and more dimensions there may be no choice that brings every total
//! within one base too (Causey, Cox and Ernst 1985); then the search keeps the totals as near as
//! it can, and what is published says how far all numbers may be off.
//!
//! The search is the same every time: no chance is needed for protection, as each innermost cell's
//! rounding follows from its neighbours' and is not recorded.

use super::aggregate::ancestors;
use super::audit::{Audit, AuditFailure, audit_from};
use super::cube::Cube;
use super::intervals::Counted;
use super::rules::Rules;
use super::suppress::tables_showing;
use crate::attacks::Stop;
use crate::published::{PublishedTable, PublishedValue};

/// Steps of the search for each innermost cell with people.
const STEPS_PER_CELL: usize = 200;

/// Larger bases are refused.
const LARGEST_BASE: u64 = 1_000_000;

/// A rounded table.
#[derive(Debug, Clone)]
pub struct Rounded {
    /// The table.
    pub table: PublishedTable,
    /// Its audit.
    pub audit: Audit,
    /// The truth is at most this far from what is printed, in every cell.
    pub within: u64,
    /// Totals that are a base or more from the truth: zero if the rounding is zero-restricted.
    /// For the state's own eyes.
    pub relaxed: usize,
}

/// Why there is no rounded table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoundingError {
    /// A base that rounds nothing, or one larger than a million.
    #[error("a base of {0} rounds nothing, or leaves nothing; choose 3, 5 or 10")]
    Base(u64),
    /// More than one table.
    #[error("linked tables cannot be rounded together; round one, or suppress")]
    Linked,
    /// Amounts.
    #[error("amounts are protected by suppression; rounding is for counts")]
    Amounts,
    /// The audit failed.
    #[error("the rounded table is not safe: {0}")]
    Audit(#[from] AuditFailure),
    /// Cells can still be worked out.
    #[error(
        "rounded to {base}, {recovered} cells could be worked out and {too_narrow} guessed too closely; choose a larger base"
    )]
    NotSafe {
        /// The base.
        base: u64,
        /// Cells that could be worked out.
        recovered: usize,
        /// Cells with too narrow an interval.
        too_narrow: usize,
    },
}

/// Rounds a table to multiples of a base.
///
/// A cell is safe if its interval is at least `base − 1` wide, whatever `rules.width` says: zero
/// stands for 0 to `base − 1`.
///
/// # Errors
/// [`RoundingError`]: then there is nothing to publish.
pub fn round(cube: &Cube, base: u64, rules: &Rules) -> Result<Rounded, RoundingError> {
    if !(2..=LARGEST_BASE).contains(&base) {
        return Err(RoundingError::Base(base));
    }
    if cube.tables.len() != 1 {
        return Err(RoundingError::Linked);
    }
    if cube.amount.is_some() {
        return Err(RoundingError::Amounts);
    }
    let deviation = Search::new(cube, base).run();
    let farthest = deviation.iter().map(|deviation| deviation.unsigned_abs()).max().unwrap_or(0);
    let within = (farthest / base + 1) * base - 1;
    let relaxed = deviation.iter().filter(|deviation| deviation.unsigned_abs() >= base).count();
    let tables = tables_showing(cube, |cell| PublishedValue::Rounded {
        value: cube.cells[cell].value.saturating_add_signed(deviation[cell]),
        within,
    });
    let rules = Rules { width: base - 1, ..rules.clone() };
    let audit = audit_from(&tables, &rules, Some(Counted { cube, shown: &[] }), &Stop::default())?;
    let (recovered, too_narrow) = (audit.recovered, audit.too_narrow);
    match tables.into_iter().next() {
        Some(table) if audit.passed() => Ok(Rounded { table, audit, within, relaxed }),
        _ => Err(RoundingError::NotSafe { base, recovered, too_narrow }),
    }
}

/// Which innermost cells go up, and how far each cell is from the truth.
struct Search {
    base: i64,
    /// Innermost cells that are no multiples of the base: where their sums are, and what is left
    /// above the multiple below.
    free: Vec<(Vec<usize>, i64)>,
    up: Vec<bool>,
    /// For each cell the free ones below it.
    below: Vec<Vec<usize>>,
    deviation: Vec<i64>,
    weight: Vec<i64>,
    moved: Vec<usize>,
}

impl Search {
    fn new(cube: &Cube, base: u64) -> Search {
        let mut search = Search {
            base: base as i64,
            free: Vec::new(),
            up: Vec::new(),
            below: vec![Vec::new(); cube.cells.len()],
            deviation: vec![0; cube.cells.len()],
            weight: vec![1; cube.cells.len()],
            moved: Vec::new(),
        };
        for (cell, sums) in ancestors(cube) {
            let rest = (cube.cells[cell].value % base) as i64;
            if rest > 0 {
                for &sum in &sums {
                    search.below[sum].push(search.free.len());
                    search.deviation[sum] -= rest;
                }
                search.free.push((sums, rest));
            }
        }
        search.up = vec![false; search.free.len()];
        search.moved = vec![0; search.free.len()];
        search
    }

    /// What a cell's distance from the truth costs: most of all, being a base or more away.
    fn cost(&self, cell: usize, deviation: i64) -> i64 {
        let beyond = (deviation.abs() - (self.base - 1)).max(0);
        self.weight[cell] * beyond * self.base * 4 + deviation.abs() * deviation.abs() / self.base
    }

    fn gain(&self, free: usize) -> i64 {
        let step = if self.up[free] { -self.base } else { self.base };
        let sums = &self.free[free].0;
        let change = |&cell: &usize| {
            let deviation = self.deviation[cell];
            self.cost(cell, deviation) - self.cost(cell, deviation + step)
        };
        sums.iter().map(change).sum()
    }

    fn flip(&mut self, free: usize) {
        let step = if self.up[free] { -self.base } else { self.base };
        self.up[free] = !self.up[free];
        for at in 0..self.free[free].0.len() {
            let cell = self.free[free].0[at];
            self.deviation[cell] += step;
        }
    }

    /// Goes up where that helps, then mends totals that are too far off, one innermost cell at a
    /// time; totals that stay off weigh more.
    fn run(mut self) -> Vec<i64> {
        for free in 0..self.free.len() {
            if self.gain(free) > 0 {
                self.flip(free);
            }
        }
        let far = |search: &Search, cell: usize| search.deviation[cell].abs() >= search.base;
        let excess = |search: &Search| -> (i64, usize) {
            let farthest = search.deviation.iter().map(|d| d.abs() / search.base).max();
            let count = (0..search.deviation.len()).filter(|&cell| far(search, cell)).count();
            (farthest.unwrap_or(0), count)
        };
        let mut best = (excess(&self), self.deviation.clone());
        let mut off: Vec<usize> = (0..self.deviation.len()).filter(|&c| far(&self, c)).collect();
        for step in 1..=self.free.len() * STEPS_PER_CELL {
            off.retain(|&cell| far(&self, cell));
            let Some(&cell) = off.get(step % off.len().max(1)) else { break };
            let upwards = self.deviation[cell] < 0;
            let candidates = self.below[cell].iter().copied().filter(|&free| {
                self.up[free] != upwards && (self.moved[free] == 0 || self.moved[free] + 8 < step)
            });
            let chosen =
                candidates.max_by_key(|&free| (self.gain(free), usize::MAX - self.moved[free]));
            if let Some(free) = chosen {
                self.flip(free);
                self.moved[free] = step;
                let sums = &self.free[free].0;
                off.extend(sums.iter().filter(|&&sum| far(&self, sum)));
                off.sort_unstable();
                off.dedup();
            }
            self.weight[cell] += 1;
            let now = (
                off.iter().map(|&c| self.deviation[c].abs() / self.base).max(),
                off.iter().filter(|&&c| far(&self, c)).count(),
            );
            let now = (now.0.unwrap_or(0), now.1);
            if now < best.0 {
                best = (now, self.deviation.clone());
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests_support::{cube_of, dimension};
    use super::*;

    fn additive(table: &PublishedTable, base: u64) {
        let number = |at: &[Option<usize>]| table.at(at).and_then(PublishedValue::number).unwrap();
        for cell in &table.cells {
            assert_eq!(number(&cell.at) % base, 0);
            for (place, dimension) in table.dimensions.iter().enumerate() {
                let group = cell.at[place];
                let parts: Vec<usize> = (0..dimension.categories.len())
                    .filter(|&part| dimension.parents.get(part).copied().flatten() == group)
                    .collect();
                let sum: u64 = parts
                    .iter()
                    .map(|&part| {
                        let mut at = cell.at.clone();
                        at[place] = Some(part);
                        number(&at)
                    })
                    .sum();
                assert!(parts.is_empty() || sum == number(&cell.at));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn additive_and_near_the_truth(
            counts in proptest::collection::vec(0_u64..30, 3 * 3 * 2),
            base in prop::sample::select(vec![3_u64, 5, 10]),
        ) {
            let cube = cube_of(&[dimension("a", 3), dimension("b", 3), dimension("c", 2)], &counts);
            prop_assume!(counts.iter().any(|&count| count > 0));
            if let Ok(rounded) = round(&cube, base, &Rules::default()) {
                additive(&rounded.table, base);
                for (cell, truth) in rounded.table.cells.iter().zip(cube.values(0)) {
                    prop_assert!(cell.value.number().unwrap().abs_diff(truth) <= rounded.within);
                }
                prop_assert_eq!(rounded.within >= base, rounded.relaxed > 0);
            }
        }

        /// In two dimensions there is always a zero-restricted rounding (Cox and Ernst 1982).
        #[test]
        fn two_dimensions_are_zero_restricted(counts in proptest::collection::vec(0_u64..30, 12)) {
            let cube = cube_of(&[dimension("a", 4), dimension("b", 3)], &counts);
            let deviation = Search::new(&cube, 5).run();
            prop_assert!(deviation.iter().all(|deviation| deviation.abs() < 5));
        }
    }

    #[test]
    fn refused() {
        let cube = cube_of(&[dimension("a", 2)], &[3, 4]);
        assert_eq!(round(&cube, 1, &Rules::default()).unwrap_err(), RoundingError::Base(1));
    }
}
