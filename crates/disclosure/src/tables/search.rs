//! Which cells to hide besides the sensitive ones.
//!
//! In: a cube, what its sensitive cells need ([`Need`]), and the rules. Out: the cells to hide
//! besides, as few (or as cheap) as the search finds, so that every hidden cell's interval is wide
//! enough: from outside one cannot tell which were sensitive.
//!
//! An implicit hitting set, as the cutting planes of Fischetti and Salazar 2001 are: what must be
//! hidden is learnt as inequalities, one for each way in which a choice gave something away. A
//! round chooses cells that satisfy all inequalities known so far ([`Cover`]), asks what the choice
//! still gives away ([`Protect`]), and learns from it. Each round's choice
//! is also completed until nothing is given away, and cells that turn out not to be needed are
//! published again; the cheapest completed choice is the answer. If a round's own choice gives
//! nothing away the search has come to rest.
//!
//! Whoever's interval is wide enough has cells that show it; as long as those stay hidden it need
//! not be asked again (`asking`). So a round costs what it changes, not what the table has.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::chance::Chance;
use super::cover::{Cover, CoverRow};
use super::cube::{Cube, Relation};
use super::dependence::Dependence;
use super::exchange::Exchange;
use super::joint::Behind;
use super::primary::Need;
use super::programme::NEAR;
use super::protect::{Met, Protect, Requirement};
use super::rules::{Cost, Rules, Zeros};
use super::shown::Shown;
use super::suppress::Progress;

mod asking;

use asking::Lacking;

/// Steps of local search in a round.
const COVER_STEPS: u32 = 3000;
/// Work of local search in a round, in entries touched.
const COVER_WORK: u64 = 20_000_000;
/// Rounds without a cheaper choice before the search ends.
const PATIENCE: u32 = 30;
/// Work for fewer cells once a choice is safe, in entries touched.
const IMPROVING_WORK: u64 = 15_000_000_000;
/// Work for publishing cells again in a round, in entries touched, if completing it took less.
const PRUNING_WORK: u64 = 2_000_000_000;
/// What hiding the grand total costs, in cells: only where nothing else helps.
const GRAND_TOTAL: f64 = 1000.0;

/// The cells hidden besides, and how they were found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) cells: Vec<u32>,
    /// Solutions that show intervals to be wide enough.
    pub(super) shown: Vec<Arc<Shown>>,
    pub(super) rounds: u32,
    /// Sensitive cells that sums would give away if nothing else were hidden.
    pub(super) given_away_alone: usize,
}

/// Why no choice was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotFound {
    /// A sensitive cell that nothing can protect: too few other cells have anybody.
    Unprotectable,
    /// The work ran out.
    OutOfWork,
    /// Tables in a ring with too many combinations behind them.
    TooMany,
    /// Whoever asked has lost interest.
    Stopped,
}

/// A choice of cells with which every interval is wide enough.
struct Safe {
    cost: f64,
    cells: Vec<u32>,
    shown: Vec<Arc<Shown>>,
}

struct Search<'a> {
    needs: &'a [Option<Need>],
    /// Hidden in any case: cells with needs, and the combinations behind all cells, which come after them.
    needed: Vec<bool>,
    /// Cells in which somebody is alone who must not find others by it.
    alone: Vec<bool>,
    /// Whether amounts are added up: whoever is alone in a cell must then miss others by as much as anybody.
    of_amounts: bool,
    /// What a cell needs that is hidden besides.
    besides: f64,
    /// What is no small number any more.
    large: f64,
    value: Vec<f64>,
    /// The least that each can be if it is hidden.
    least: Vec<f64>,
    dependence: Dependence,
    /// Who may change places, unless there are counts behind the tables, which would have to follow.
    exchange: Option<Exchange>,
    /// Which cells may be hidden.
    live: Vec<bool>,
    /// For each cell, what has shown that its interval is wide enough, the latest first; and that it is to
    /// somebody who is alone in another cell.
    shown: Vec<VecDeque<Arc<Shown>>>,
    shown_to: BTreeMap<(u32, u32), Arc<Shown>>,
    /// Of requirements that a part of the equations does not tell of, as far as one has got in completing a
    /// choice: the last step.
    unknown: HashMap<(u32, Option<u32>), usize>,
    /// Those that nobody who changes places could meet.
    unchanging: HashSet<(u32, Option<u32>)>,
    /// Of cells that may be published, the cells that something was shown for by moving them, once or oftener.
    shown_by: Vec<Vec<u32>>,
    /// Cells that nothing can protect if they are hidden.
    never: Vec<bool>,
    cover: Cover,
    known: HashSet<Vec<(u32, u64)>>,
    /// Work of programmes, in entries touched.
    work: u64,
    budget: u64,
    rounds: u32,
}

/// Is told how many cells are hidden besides, and how many are not known to be safe; whether to go on.
type Tell<'a> = &'a mut dyn FnMut(usize, usize) -> bool;

/// Finds the cells to hide besides those with needs. `goes_on` is asked once a round, and on the way.
pub(super) fn search(
    cube: &Cube,
    needs: &[Option<Need>],
    rules: &Rules,
    mut goes_on: impl FnMut(Progress) -> bool,
) -> Result<Found, NotFound> {
    let cells = cube.cells.len();
    let zeros_are_shown = rules.zeros == Zeros::Published;
    let is_live = |cell: usize| cube.cells[cell].value > 0 || needs[cell].is_some();
    let behind = Behind::of(cube, |cell| zeros_are_shown && !is_live(cell));
    let behind = behind.ok_or(NotFound::TooMany)?;
    let count = cells + behind.values.len();
    let needed: Vec<bool> = (0..count).map(|cell| cell >= cells || needs[cell].is_some()).collect();
    let live: Vec<bool> = (0..count).map(|cell| cell >= cells || is_live(cell)).collect();
    let values = cube.cells.iter().map(|cell| cell.value).chain(behind.values);
    let relations = cube.relations.iter().chain(&behind.relations);
    let mut dependence = Dependence::new(relations, &live);
    dependence.set(|cell| needed[cell]);
    let exchange = (count == cells).then(|| Exchange::of(cube));
    let least = if zeros_are_shown { 1.0 } else { 0.0 };
    let mut search = Search {
        needs,
        alone: (0..count)
            .map(|cell| {
                let is_sensitive = cell < cells && needs[cell].is_some();
                rules.singletons && is_sensitive && cube.cells[cell].contributors == 1
            })
            .collect(),
        needed,
        of_amounts: cube.amount.is_some(),
        besides: rules.width as f64,
        large: rules.threshold as f64,
        value: values.map(|value| value as f64).collect(),
        least: (0..count).map(|cell| if cell < cells { least } else { 0.0 }).collect(),
        dependence,
        exchange,
        live,
        shown: vec![VecDeque::new(); count],
        shown_by: vec![Vec::new(); count],
        shown_to: BTreeMap::new(),
        unknown: HashMap::new(),
        unchanging: HashSet::new(),
        never: vec![false; count],
        cover: Cover::new(costs(cube, rules, count)),
        known: HashSet::new(),
        work: 0,
        budget: rules.work_millions.saturating_mul(1_000_000),
        rounds: rules.rounds.max(1),
    };
    let fixed = search.dependence.fixed();
    let given_away_alone = fixed.iter().take(cells).filter(|fixed| **fixed).count();
    search.learn_relations(&cube.relations);
    let (Safe { cells, shown, .. }, rounds) = search.run(&mut goes_on)?;
    Ok(Found { cells, shown, rounds, given_away_alone })
}

fn costs(cube: &Cube, rules: &Rules, count: usize) -> Vec<f64> {
    let costs = cube.cells.iter();
    let costs = costs
        .map(|cell| {
            let cost = match rules.cost {
                Cost::Cells => 1.0,
                Cost::Hidden => (cell.value as f64).max(1.0),
            };
            if cell.at.iter().all(Option::is_none) { cost * GRAND_TOTAL } else { cost }
        })
        .collect::<Vec<_>>();
    let behind = count - costs.len();
    costs.into_iter().chain(std::iter::repeat_n(1.0, behind)).collect()
}

impl Search<'_> {
    /// What the equation of a total asks of the others in it, for each sensitive cell that cannot
    /// have its width by getting smaller: it must be able to grow.
    fn learn_relations(&mut self, relations: &[Relation]) {
        for relation in relations {
            let cells: Vec<usize> = std::iter::once(relation.total)
                .chain(relation.parts.iter().copied())
                .filter(|&cell| self.live[cell])
                .collect();
            for &cell in &cells {
                let Some(need) = self.needs[cell] else { continue };
                let room = |other: usize| self.value[other] - self.least[other];
                let mut short = (need.width - room(cell)).max(need.high - self.value[cell]);
                let mut entries = Vec::new();
                for &other in cells.iter().filter(|&&other| other != cell) {
                    // Parts make way for one another; a total and a part go together.
                    let together = (cell == relation.total) != (other == relation.total);
                    let adds = if together { f64::INFINITY } else { room(other) };
                    if self.needed[other] {
                        short -= adds;
                    } else if adds > 0.0 {
                        entries.push((other as u32, adds));
                    }
                }
                self.learn(CoverRow { entries, need: short, only_with: None });
            }
        }
    }

    fn learn(&mut self, row: CoverRow) {
        let mut key: Vec<(u32, u64)> = row
            .entries
            .iter()
            .map(|&(cell, entry)| (cell, (entry.min(row.need) / row.need).to_bits()))
            .collect();
        key.extend(row.only_with.map(|cell| (cell, u64::MAX)));
        if !row.entries.is_empty() && row.need > NEAR && self.known.insert(key) {
            self.cover.add(row);
        }
    }

    fn run(&mut self, goes_on: &mut impl FnMut(Progress) -> bool) -> Result<(Safe, u32), NotFound> {
        let mut chance = Chance::new(7);
        let mut best: Option<Safe> = None;
        let (mut round, mut since) = (0, 0);
        let mut enough = u64::MAX;
        while round < self.rounds && since < PATIENCE {
            round += 1;
            since += 1;
            let mut chosen = self.cover.search(COVER_STEPS, COVER_WORK);
            let promised = self.cover.cost_of(&chosen);
            let bound = best.as_ref().map_or(f64::INFINITY, |best| best.cost);
            let mut hidden = self.needed.clone();
            chosen.iter().for_each(|&cell| hidden[cell as usize] = true);
            self.dependence.set(|cell| hidden[cell]);
            let before = self.spent();
            let mut tell = |besides: usize, open: usize| {
                goes_on(Progress { round, cost: bound, besides, open })
            };
            let at_rest = match self.complete(&mut chosen, &mut tell) {
                Err(NotFound::OutOfWork) if best.is_some() => break,
                at_rest => at_rest?,
            };
            let completing = self.spent() - before;
            let limit = completing.clamp(PRUNING_WORK, IMPROVING_WORK);
            self.prune(&mut chosen, &mut chance, limit);
            let cost = self.cover.cost_of(&chosen);
            let besides = chosen.len();
            if cost < bound {
                best = Some(self.safe(cost, chosen));
                since = 0;
            }
            let cost = cost.min(bound);
            if at_rest && promised >= cost {
                break;
            }
            if !goes_on(Progress { round, cost, besides, open: 0 }) {
                return Err(NotFound::Stopped);
            }
            if enough == u64::MAX {
                enough = self.spent() + IMPROVING_WORK;
            }
            if self.spent() > enough.min(self.budget) || completing > IMPROVING_WORK {
                break;
            }
        }
        Ok((best.ok_or(NotFound::OutOfWork)?, round))
    }

    /// A choice with which every interval is wide enough.
    fn safe(&self, cost: f64, mut cells: Vec<u32>) -> Safe {
        cells.sort_unstable();
        let mut hidden = self.needed.clone();
        cells.iter().for_each(|&cell| hidden[cell as usize] = true);
        let all = (0..self.needs.len() as u32).filter(|&cell| hidden[cell as usize]);
        let mut shown: Vec<Arc<Shown>> =
            all.filter_map(|cell| self.is_shown(cell, &hidden).cloned()).collect();
        shown.sort_by_key(Arc::as_ptr);
        shown.dedup_by(|one, other| Arc::ptr_eq(one, other));
        Safe { cost, cells, shown }
    }

    fn spent(&self) -> u64 {
        self.work + self.dependence.tableau.work + self.cover.work
    }

    /// Hides more cells until every interval is wide enough, and learns from all that are not.
    /// Says whether nothing had to be added.
    fn complete(&mut self, chosen: &mut Vec<u32>, tell: Tell<'_>) -> Result<bool, NotFound> {
        let mut at_rest = true;
        self.unknown.clear();
        self.unchanging.clear();
        loop {
            let besides = chosen.len();
            let Lacking { rows, hide } = self.ask(&mut |open| tell(besides, open))?;
            if rows.is_empty() && hide.is_empty() {
                return Ok(at_rest);
            }
            at_rest = false;
            if rows.is_empty() {
                for cell in hide {
                    chosen.push(cell);
                    self.dependence.hide(cell);
                }
                continue;
            }
            // What is chosen already counts towards a need.
            let mut short = rows;
            for row in &mut short {
                let hidden = |entry: &&(u32, f64)| self.dependence.hidden[entry.0 as usize];
                row.need -= row.entries.iter().filter(hidden).map(|entry| entry.1).sum::<f64>();
                row.entries.retain(|entry| !self.dependence.hidden[entry.0 as usize]);
            }
            short.retain(|row| row.need > NEAR);
            if short.is_empty() {
                return Err(NotFound::Unprotectable);
            }
            while let Some(row) = short.first() {
                if row.entries.is_empty() {
                    self.never(short.swap_remove(0), chosen)?;
                    continue;
                }
                let Some(best) = self.most_wanted(&short) else {
                    // Whatever it asks for must never be hidden.
                    self.never(short.swap_remove(0), chosen)?;
                    continue;
                };
                chosen.push(best);
                self.dependence.hide(best);
                for row in &mut short {
                    let adds = row.entries.iter().find(|(cell, _)| *cell == best);
                    row.need -= adds.map_or(0.0, |(_, adds)| *adds);
                    row.entries.retain(|(cell, _)| *cell != best);
                }
                short.retain(|row| row.need > NEAR);
            }
        }
    }

    /// Nothing there is makes the interval of a cell wide enough: if it was hidden besides, it must not be.
    fn never(&mut self, row: CoverRow, chosen: &mut Vec<u32>) -> Result<(), NotFound> {
        let cell = row.only_with.ok_or(NotFound::Unprotectable)?;
        self.never[cell as usize] = true;
        self.dependence.publish(cell);
        chosen.retain(|&other| other != cell);
        self.cover.add(CoverRow { entries: Vec::new(), need: 1.0, only_with: Some(cell) });
        Ok(())
    }

    /// Publishes cells again without which every interval is wide enough, as far as so much work goes.
    fn prune(&mut self, chosen: &mut Vec<u32>, chance: &mut Chance, limit: u64) {
        chance.shuffle(chosen);
        let dependence = std::mem::take(&mut self.dependence);
        let (value, needed, least) = (self.value.clone(), self.needed.clone(), self.least.clone());
        let exchange = self.exchange.take();
        let mut hidden = dependence.hidden.clone();
        let mut protect = Protect::new(&dependence, &value, &least, &needed, exchange.as_ref());
        chosen.retain(|&cell| {
            protect.work() > limit || !self.publish(cell, &mut protect, &mut hidden)
        });
        self.work += protect.work();
        self.dependence = dependence;
        self.exchange = exchange;
    }

    /// Publishes a cell if all other intervals stay wide enough; says whether it did.
    fn publish(&mut self, cell: u32, protect: &mut Protect<'_>, hidden: &mut [bool]) -> bool {
        if self.cover.needs(cell, hidden) {
            return false;
        }
        hidden[cell as usize] = false;
        protect.publish(cell, true);
        let mut by = std::mem::take(&mut self.shown_by[cell as usize]);
        by.sort_unstable();
        by.dedup();
        let mut asked: Vec<Requirement> = Vec::new();
        for &other in by.iter().filter(|&&other| hidden[other as usize]) {
            match self.is_shown(other, hidden) {
                None => asked.push(self.requirement(other, None)),
                // Shown by other cells than before, in which others may be alone.
                Some(shown) if self.needed[other as usize] => {
                    asked.extend(self.to_those_alone_in(&shown.cells, other, hidden));
                }
                Some(_) => (),
            }
        }
        self.shown_by[cell as usize] = by;
        let of_alone =
            self.shown_to.iter().filter(|(_, shown)| shown.cells.binary_search(&cell).is_ok());
        asked.extend(of_alone.map(|(&(other, knows), _)| self.requirement(other, Some(knows))));
        let mut noted = Vec::new();
        while let Some(next) = asked.pop() {
            let mut met = Met::Unknown;
            for step in 0..protect.steps() {
                if matches!(met, Met::Unknown) {
                    met = protect.meets(next, step);
                }
            }
            let Met::Yes(shown) = met else {
                if let Met::No(row) = met {
                    self.learn(row);
                }
                hidden[cell as usize] = true;
                protect.publish(cell, false);
                return false;
            };
            if next.knows.is_none() && self.needed[next.cell as usize] {
                asked.extend(self.to_those_alone_in(&shown.cells, next.cell, hidden));
            }
            if next.knows.is_none() {
                let others = self.shown_for(&shown);
                asked.retain(|asked| asked.knows.is_some() || !others.contains(&asked.cell));
                noted.push((next, shown, others));
            } else {
                noted.push((next, shown, Vec::new()));
            }
        }
        for (asked, shown, others) in noted {
            self.note(asked, shown, &others);
        }
        true
    }

    /// The published cell that brings rows nearest to their needs for its cost.
    fn most_wanted(&self, rows: &[CoverRow]) -> Option<u32> {
        let mut wanted: BTreeMap<u32, f64> = BTreeMap::new();
        for row in rows {
            for &(cell, entry) in row.entries.iter().filter(|(cell, _)| !self.never[*cell as usize])
            {
                let part = (entry / row.need).min(1.0);
                *wanted.entry(cell).or_default() += part / self.cover.cost_of(&[cell]);
            }
        }
        let most = wanted.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        most.map(|(cell, _)| cell)
    }
}

fn all_hidden(cells: &[u32], hidden: &[bool]) -> bool {
    cells.iter().all(|&cell| hidden[cell as usize])
}
