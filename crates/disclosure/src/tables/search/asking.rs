//! What a choice of cells still gives away, asked of as much of the equations as it takes.

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::super::cover::CoverRow;
use super::super::primary::Need;
use super::super::protect::{Met, Protect, QUICK_STEPS, Requirement, STEPS, whole_numbers};
use super::super::shown::Shown;
use super::{NotFound, Search, all_hidden};

/// How much of what has shown an interval to be wide is kept for each cell.
const SHOWN: usize = 8;
/// Into how many parts questions are divided,
const PARTS: usize = 4;
/// and how many a part has at least.
const LEAST_PART: usize = 64;
/// Cells for which others are looked for at a time.
const AT_A_TIME: usize = 64;

/// What a choice of cells lacks.
#[derive(Default)]
pub(super) struct Lacking {
    /// Inequalities that it does not satisfy.
    pub(super) rows: Vec<CoverRow>,
    /// If there are none, cells that were not seen to be wide enough without these.
    pub(super) hide: Vec<u32>,
}

impl Lacking {
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.hide.is_empty()
    }
}

impl Search<'_> {
    /// Asks for every interval that nothing shows to be wide enough; learns and returns what is asked of the
    /// choice.
    pub(super) fn ask(&mut self, open: &mut dyn FnMut(usize) -> bool) -> Result<Lacking, NotFound> {
        // Not those behind.
        let cells: Vec<u32> = (0..self.needs.len() as u32)
            .filter(|&cell| self.dependence.hidden[cell as usize])
            .filter(|&cell| self.is_shown(cell, &self.dependence.hidden).is_none())
            .collect();
        let asked: Vec<Requirement> =
            cells.into_iter().map(|cell| self.requirement(cell, None)).collect();
        let mut lacking = self.answer(asked, open)?;
        if lacking.is_empty() && self.alone.contains(&true) {
            let asked = (0..self.needs.len() as u32)
                .filter(|&cell| self.needed[cell as usize])
                .flat_map(|cell| {
                    let hidden = &self.dependence.hidden;
                    let shown = self.is_shown(cell, hidden).into_iter();
                    let asked =
                        shown.flat_map(|shown| self.to_those_alone_in(&shown.cells, cell, hidden));
                    asked.collect::<Vec<_>>()
                })
                .collect();
            lacking = self.answer(asked, open)?;
        }
        for row in &lacking.rows {
            self.learn(row.clone());
        }
        Ok(lacking)
    }

    pub(super) fn requirement(&self, cell: u32, knows: Option<u32>) -> Requirement {
        let value = self.value[cell as usize];
        let own = Need { low: value, high: value, width: self.besides };
        let mut need = self.needs[cell as usize].unwrap_or(own);
        if knows.is_some() && !self.of_amounts {
            need = Need { low: value, high: value, width: 1.0 };
        }
        let large = (!self.needed[cell as usize]).then_some(self.large);
        Requirement { cell, need, knows, large }
    }

    /// Hidden cells that show the interval of a cell to be wide enough, if some are known.
    pub(super) fn is_shown(&self, cell: u32, hidden: &[bool]) -> Option<&Arc<Shown>> {
        self.shown[cell as usize].iter().find(|shown| all_hidden(&shown.cells, hidden))
    }

    /// Who is alone in one of the cells that show a sensitive cell's interval to be wide knows that this one
    /// does not move: whether it is wide to her too, where that is not known.
    pub(super) fn to_those_alone_in(
        &self,
        shown: &[u32],
        cell: u32,
        hidden: &[bool],
    ) -> Vec<Requirement> {
        let alone = |&&knows: &&u32| knows != cell && self.alone[knows as usize];
        let known = |knows: &&u32| {
            self.shown_to
                .get(&(cell, **knows))
                .is_some_and(|shown| all_hidden(&shown.cells, hidden))
        };
        let asked = shown.iter().filter(alone).filter(|knows| !known(knows));
        asked.map(|&knows| self.requirement(cell, Some(knows))).collect()
    }

    /// Notes what shows that requirements are met; returns what is asked where they are not.
    ///
    /// In a large table a small part of the equations says of most whether they are met. As long as some are
    /// not, nobody looks further: more will be hidden, and then others are met more easily.
    fn answer(
        &mut self,
        mut asked: Vec<Requirement>,
        open: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Lacking, NotFound> {
        let mut lacking = Lacking::default();
        for step in 0..STEPS {
            if asked.is_empty() || !lacking.rows.is_empty() {
                break;
            }
            if !open(asked.len()) {
                return Err(NotFound::Stopped);
            }
            if step == QUICK_STEPS {
                lacking.hide = self.exchange_for(&asked);
                if !lacking.hide.is_empty() {
                    break;
                }
            }
            // Nobody is asked the same again before everything else is settled.
            let is_new = |of: &Requirement| !self.is_unknown(of, step);
            let (new, mut unknown): (Vec<_>, Vec<_>) = asked.into_iter().partition(is_new);
            for (asked, met) in self.ask_so_much(&new, step)? {
                match met {
                    Met::Yes(shown) => {
                        let others = self.shown_for(&shown);
                        self.note(asked, shown, &others);
                    }
                    Met::No(row) => lacking.rows.push(row),
                    Met::Unknown => {
                        self.unknown.insert((asked.cell, asked.knows), step);
                        unknown.push(asked);
                    }
                    Met::GaveUp => return Err(NotFound::OutOfWork),
                }
            }
            unknown.retain(|asked| {
                let hidden = &self.dependence.hidden;
                asked.knows.is_some() || self.is_shown(asked.cell, hidden).is_none()
            });
            asked = unknown;
        }
        Ok(lacking)
    }

    /// Whether so much was asked before, and did not tell.
    fn is_unknown(&self, of: &Requirement, step: usize) -> bool {
        self.unknown.get(&(of.cell, of.knows)).is_some_and(|known| step <= *known)
    }

    /// In a large table, what to hide so that each requirement is met by people who change places, where that is
    /// possible.
    fn exchange_for(&mut self, asked: &[Requirement]) -> Vec<u32> {
        let Some(exchange) = &self.exchange else { return Vec::new() };
        let mut hidden = self.dependence.hidden.clone();
        let mut hide = Vec::new();
        let may_change =
            |asked: &&Requirement| !self.unchanging.contains(&(asked.cell, asked.knows));
        let asked: Vec<Requirement> = asked.iter().filter(may_change).copied().collect();
        for some in asked.chunks(AT_A_TIME) {
            if self.spent() > self.budget {
                break;
            }
            let of_one = |asked: &Requirement| {
                let cost = |cell: u32| {
                    let may = self.live[cell as usize] && !self.never[cell as usize];
                    let cost =
                        if hidden[cell as usize] { 0.0 } else { self.cover.cost_of(&[cell]) };
                    (may && asked.knows != Some(cell)).then_some(cost)
                };
                let room = |cell: u32| {
                    (self.value[cell as usize] - self.least[cell as usize], f64::INFINITY)
                };
                let enough = |reached| asked.is_met_by(reached);
                let mut work = 0;
                let cells =
                    exchange.cheapest(asked.cell, &self.value, cost, room, enough, &mut work);
                (cells, work)
            };
            let more: Vec<(Option<Vec<u32>>, u64)> = some.par_iter().map(of_one).collect();
            for (asked, (cells, work)) in some.iter().zip(more) {
                self.work += work;
                let of = (asked.cell, asked.knows);
                if cells.is_some() {
                    // Soon it can be told at once.
                    self.unknown.remove(&of);
                } else {
                    self.unchanging.insert(of);
                }
                for cell in cells.into_iter().flatten() {
                    if !std::mem::replace(&mut hidden[cell as usize], true) {
                        hide.push(cell);
                    }
                }
            }
        }
        hide
    }

    /// What is known of each requirement that was asked; those that another one's answer shows are left out.
    fn ask_so_much(
        &mut self,
        asked: &[Requirement],
        step: usize,
    ) -> Result<Vec<(Requirement, Met)>, NotFound> {
        let budget = self.budget.saturating_sub(self.spent());
        // As many parts whatever the number of threads, so that the answer is the same.
        let parts = asked.par_chunks(asked.len().div_ceil(PARTS).max(LEAST_PART)).map(|part| {
            let mut protect = self.protect();
            let mut answers = Vec::with_capacity(part.len());
            let mut shown: HashSet<u32> = HashSet::new();
            for asked in part {
                if asked.knows.is_none() && shown.contains(&asked.cell) {
                    continue;
                }
                if protect.work() > budget {
                    return Err(NotFound::OutOfWork);
                }
                let met = protect.meets(*asked, step);
                if let Met::Yes(found) = &met {
                    shown.extend(self.shown_for(found));
                }
                answers.push((*asked, met));
            }
            Ok((answers, protect.work()))
        });
        let mut answers = Vec::new();
        for part in parts.collect::<Vec<_>>() {
            let (of_part, work) = part?;
            self.work += work;
            answers.extend(of_part);
        }
        Ok(answers)
    }

    fn protect(&self) -> Protect<'_> {
        Protect::new(
            &self.dependence,
            &self.value,
            &self.least,
            &self.needed,
            self.exchange.as_ref(),
        )
    }

    /// The cells whose intervals solutions show to be wide enough; nothing where somebody alone might know more.
    pub(super) fn shown_for(&self, shown: &Shown) -> Vec<u32> {
        if self.alone.contains(&true) {
            return Vec::new();
        }
        let cells = shown.cells.iter().copied().zip(shown.ends.iter().copied());
        let cells = cells.filter(|(cell, _)| (*cell as usize) < self.needs.len());
        let enough = cells.filter(|&(cell, (one, other))| {
            let value = self.value[cell as usize];
            let reached = (value.min(one).min(other), value.max(one).max(other));
            let reached = whole_numbers(self.least[cell as usize], reached);
            self.requirement(cell, None).is_met_by(reached)
        });
        enough.map(|(cell, _)| cell).collect()
    }

    /// Notes what shows that a requirement is met, and what else it shows.
    pub(super) fn note(&mut self, asked: Requirement, shown: Arc<Shown>, others: &[u32]) {
        if let Some(knows) = asked.knows {
            self.shown_to.insert((asked.cell, knows), shown);
            return;
        }
        let others = others.iter().copied().filter(|&cell| cell != asked.cell);
        for cell in std::iter::once(asked.cell).chain(others) {
            for &by in shown.cells.iter().filter(|&&by| !self.needed[by as usize]) {
                self.shown_by[by as usize].push(cell);
            }
            let known = &mut self.shown[cell as usize];
            known.push_front(Arc::clone(&shown));
            known.truncate(SHOWN);
        }
    }
}
