//! Which cells to hide besides the sensitive ones.
//!
//! In: a cube, what its sensitive cells need ([`Need`]), and the rules. Out: the cells to hide
//! besides, as few (or as cheap) as the search finds, so that every need is met.
//!
//! An implicit hitting set, as the cutting planes of Fischetti and Salazar 2001 are: what must be
//! hidden is learnt as inequalities, one for each way in which a choice gave something away. A
//! round chooses cells that satisfy all inequalities known so far ([`Cover`]), asks what the choice
//! still gives away, by equations ([`Dependence`]) and by bounds ([`Protect`]), and learns from it. Each round's choice
//! is also completed until nothing is given away, and cells that turn out not to be needed are
//! published again; the cheapest completed choice is the answer. If a round's own choice gives
//! nothing away the search has come to rest.

use std::collections::{BTreeMap, HashSet};

use super::chance::Chance;
use super::cover::{Cover, CoverRow};
use super::cube::Cube;
use super::dependence::{Dependence, GivenAway};
use super::primary::Need;
use super::protect::{Met, Protect};
use super::rules::{Cost, Rules, Zeros};

/// Steps of local search in a round.
const STEPS: u32 = 3000;
/// Work of local search in a round, in entries touched.
const COVER_WORK: u64 = 20_000_000;
/// Rounds without a cheaper choice before the search ends.
const PATIENCE: u32 = 30;
/// Work for fewer cells once a choice is safe, in entries touched, if finding that took less.
const IMPROVING_WORK: u64 = 1_500_000_000;
/// What hiding the grand total costs, in cells: only where nothing else helps.
const GRAND_TOTAL: f64 = 1000.0;

/// The cells hidden besides, and how they were found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) cells: Vec<u32>,
    pub(super) rounds: u32,
    /// Sensitive cells that would be given away if nothing else were hidden.
    pub(super) given_away_alone: usize,
}

/// Why no choice was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotFound {
    /// A sensitive cell that nothing can protect: too few other cells have anybody.
    Unprotectable,
    /// The work ran out.
    OutOfWork,
    /// Whoever asked has lost interest.
    Stopped,
}

struct Search<'a> {
    needs: &'a [Option<Need>],
    needed: Vec<bool>,
    alone: Vec<bool>,
    value: Vec<f64>,
    /// The least that a hidden cell can be.
    least: f64,
    rules: &'a Rules,
    dependence: Dependence,
    cover: Cover,
    known: HashSet<Vec<(u32, u64)>>,
    /// Work of programmes, in entries touched.
    work: u64,
    budget: u64,
}

/// Finds the cells to hide besides those with needs. `goes_on` is asked once a round.
pub(super) fn search(
    cube: &Cube,
    needs: &[Option<Need>],
    rules: &Rules,
    mut goes_on: impl FnMut(u32, f64) -> bool,
) -> Result<Found, NotFound> {
    let needed: Vec<bool> = needs.iter().map(Option::is_some).collect();
    let live: Vec<bool> =
        cube.cells.iter().zip(&needed).map(|(cell, needed)| cell.value > 0 || *needed).collect();
    let mut dependence = Dependence::new(cube, &live);
    dependence.set(|cell| needed[cell]);
    let given_away_alone = dependence.given_away(&needed).len();
    let mut search = Search {
        needs,
        alone: (0..needed.len())
            .map(|cell| rules.singletons && needed[cell] && cube.cells[cell].contributors == 1)
            .collect(),
        needed,
        value: cube.cells.iter().map(|cell| cell.value as f64).collect(),
        least: if rules.zeros == Zeros::Published { 1.0 } else { 0.0 },
        rules,
        dependence,
        cover: Cover::new(costs(cube, rules)),
        known: HashSet::new(),
        work: 0,
        budget: rules.work_millions.saturating_mul(1_000_000),
    };
    search.learn_relations(cube, &live);
    let (cells, rounds) = search.run(&mut goes_on)?;
    Ok(Found { cells, rounds, given_away_alone })
}

fn costs(cube: &Cube, rules: &Rules) -> Vec<f64> {
    cube.cells
        .iter()
        .map(|cell| {
            let cost = match rules.cost {
                Cost::Cells => 1.0,
                Cost::Hidden => (cell.value as f64).max(1.0),
            };
            if cell.at.iter().all(Option::is_none) { cost * GRAND_TOTAL } else { cost }
        })
        .collect()
}

impl Search<'_> {
    /// A total with one sensitive part, or one sensitive total, needs one more hidden among them.
    fn learn_relations(&mut self, cube: &Cube, live: &[bool]) {
        for relation in &cube.relations {
            let all = std::iter::once(relation.total).chain(relation.parts.iter().copied());
            let cells: Vec<u32> = all.filter(|&cell| live[cell]).map(|cell| cell as u32).collect();
            let mut sensitive = cells.iter().filter(|&&cell| self.needed[cell as usize]);
            if let (Some(&only), None) = (sensitive.next(), sensitive.next()) {
                let by = cells.iter().filter(|&&cell| cell != only).map(|&cell| (cell, 1.0));
                self.learn(GivenAway { cell: only, by: by.collect() }.row());
            }
        }
    }

    fn learn(&mut self, row: CoverRow) -> bool {
        let key: Vec<(u32, u64)> = row
            .entries
            .iter()
            .map(|&(cell, entry)| (cell, (entry.min(row.need) / row.need).to_bits()))
            .collect();
        let new = !row.entries.is_empty() && row.need > 0.0 && self.known.insert(key);
        if new {
            self.cover.add(row);
        }
        new
    }

    fn run(
        &mut self,
        goes_on: &mut impl FnMut(u32, f64) -> bool,
    ) -> Result<(Vec<u32>, u32), NotFound> {
        let mut chance = Chance::new(7);
        let mut best: Option<(f64, Vec<u32>)> = None;
        let (mut round, mut since) = (0, 0);
        let mut enough = u64::MAX;
        while round < self.rules.rounds.max(1) && since < PATIENCE {
            round += 1;
            since += 1;
            let mut chosen = self.cover.search(STEPS, COVER_WORK);
            let promised = self.cover.cost_of(&chosen);
            let bound = best.as_ref().map_or(f64::INFINITY, |(cost, _)| *cost);
            self.hide(&chosen);
            let rest = self.complete(&mut chosen, bound)?;
            if let Some(at_rest) = rest {
                self.prune(&mut chosen, &mut chance);
                // Pruning by equations alone may have undone what bounds need.
                let cost = self.cover.cost_of(&chosen);
                if cost < bound && self.complete(&mut chosen, bound)?.is_some() {
                    let cost = self.cover.cost_of(&chosen);
                    if cost < bound {
                        best = Some((cost, chosen));
                        since = 0;
                    }
                }
                if at_rest && promised >= best.as_ref().map_or(0.0, |(cost, _)| *cost) {
                    break;
                }
            }
            let cost = best.as_ref().map_or(f64::INFINITY, |(cost, _)| *cost);
            if !goes_on(round, cost) {
                return Err(NotFound::Stopped);
            }
            if best.is_some() && enough == u64::MAX {
                enough = self.spent() + self.spent().max(IMPROVING_WORK);
            }
            if self.spent() > enough.min(self.budget) {
                break;
            }
        }
        let (_, mut cells) = best.ok_or(NotFound::OutOfWork)?;
        cells.sort_unstable();
        Ok((cells, round))
    }

    fn spent(&self) -> u64 {
        self.work + self.dependence.tableau.work + self.cover.work
    }

    fn hide(&mut self, chosen: &[u32]) {
        let mut flags = self.needed.clone();
        chosen.iter().for_each(|&cell| flags[cell as usize] = true);
        self.dependence.set(|cell| flags[cell]);
    }

    /// Hides more cells until every need is met, and learns from all that is not. Says whether
    /// nothing had to be added; gives up, with nothing, once the choice costs `bound`.
    fn complete(&mut self, chosen: &mut Vec<u32>, bound: f64) -> Result<Option<bool>, NotFound> {
        let mut at_rest = true;
        loop {
            let mut given = self.dependence.given_away(&self.needed);
            if given.is_empty() && self.rules.singletons {
                given = self.dependence.given_away_to(&self.needed, &self.alone);
            }
            let mut rows: Vec<CoverRow> = given.into_iter().map(GivenAway::row).collect();
            if rows.is_empty() {
                if self.cover.cost_of(chosen) >= bound {
                    return Ok(None);
                }
                rows = self.too_narrow()?;
            }
            if rows.is_empty() {
                return Ok(Some(at_rest));
            }
            at_rest = false;
            // What is chosen already counts towards a need.
            let mut short = rows.clone();
            for row in &mut short {
                let has =
                    row.entries.iter().filter(|entry| self.dependence.hidden[entry.0 as usize]);
                row.need -= has.map(|entry| entry.1).sum::<f64>();
            }
            if short.iter().all(|row| row.need <= 1e-9) {
                return Err(NotFound::Unprotectable);
            }
            for row in rows {
                self.learn(row);
            }
            while !short.is_empty() {
                let best = self.most_wanted(&short).ok_or(NotFound::Unprotectable)?;
                chosen.push(best);
                self.dependence.hide(best);
                for row in &mut short {
                    let adds = row.entries.iter().find(|(cell, _)| *cell == best);
                    row.need -= adds.map_or(0.0, |(_, adds)| *adds);
                    row.entries.retain(|(cell, _)| *cell != best);
                }
                short.retain(|row| row.need > 1e-9);
            }
        }
    }

    fn too_narrow(&mut self) -> Result<Vec<CoverRow>, NotFound> {
        let left = self.budget.saturating_sub(self.spent());
        let mut protect = Protect::new(&self.dependence, &self.value, self.least, left);
        let mut rows = Vec::new();
        for (cell, need) in self.needs.iter().enumerate() {
            if let Some(need) = need {
                match protect.meets(cell as u32, *need, &self.needed) {
                    Met::Yes => (),
                    Met::No(row) => rows.push(row),
                    Met::GaveUp => return Err(NotFound::OutOfWork),
                }
            }
        }
        self.work += protect.work();
        Ok(rows)
    }

    /// Publishes cells again that equations do not need.
    fn prune(&mut self, chosen: &mut Vec<u32>, chance: &mut Chance) {
        chance.shuffle(chosen);
        let (dependence, needed) = (&mut self.dependence, &self.needed);
        chosen.retain(|&cell| !dependence.publish(cell, needed));
    }

    /// The published cell that brings rows nearest to their needs for its cost.
    fn most_wanted(&self, rows: &[CoverRow]) -> Option<u32> {
        let mut wanted: BTreeMap<u32, f64> = BTreeMap::new();
        for row in rows {
            for &(cell, entry) in &row.entries {
                if !self.dependence.hidden[cell as usize] {
                    let part = (entry / row.need).min(1.0);
                    *wanted.entry(cell).or_default() += part / self.cover.cost_of(&[cell]);
                }
            }
        }
        let most = wanted.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        most.map(|(cell, _)| cell)
    }
}
