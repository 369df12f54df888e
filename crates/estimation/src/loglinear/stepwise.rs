//! Pairs added one by one.

use std::collections::HashMap;

use super::existence::existence_of;
use super::model::in_order;
use super::poisson::smaller_tail;
use super::reduce::Reduced;
use super::{Existence, Fit, FitError, Fitter, Model, Table};
use crate::histories::{CaptureHistories, ListSet};

/// A pair comes into the model when what is seen of it has a chance below this.
pub const STEPWISE_THRESHOLD: f64 = 0.02;

/// A model found step by step.
#[derive(Debug, Clone, PartialEq)]
pub struct Stepwise {
    /// Pairs in the order in which they came in.
    pub added: Vec<ListSet>,
    /// The model.
    pub model: Model,
    /// Its fit.
    pub fit: Fit,
}

/// Adds pairs one by one to the model in which no lists interact.
///
/// In each step the number of people on both lists of a pair is Poisson under the model so far; the
/// smaller of its two one-sided tails, the number seen included, is the pair's chance. The pair of
/// the smallest chance below `threshold` (at most one half; more counts as one half) whose model
/// has an estimate comes in; of equal ones the first (Chan, Silverman and Vincent 2021, "Multiple
/// systems estimation for sparse capture data", section 4). It fails where the threshold decides:
/// a pair just above it is left out, and the estimate does not say so. At most
/// `lists (lists - 1) / 2 + 1` fits.
///
/// # Errors
///
/// [`FitError`]: not even the model without interactions has an estimate.
pub fn stepwise(histories: &CaptureHistories, threshold: f64) -> Result<Stepwise, FitError> {
    let table = Table::new(histories);
    let mut search = StepwiseSearch::new(table.lists);
    let likelihood = search.run(&table, threshold, &Trail::default())?;
    let fit = search.fitter.summary(&table, search.reduced.parameters, likelihood);
    let model = Model::of(table.lists, search.added.iter().copied());
    Ok(Stepwise { added: search.added, model, fit })
}

/// Where a search on a table like the one at hand came by: each model's terms and parameters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trail {
    added: Vec<ListSet>,
    fits: Vec<(Vec<ListSet>, Vec<f64>)>,
}

impl Trail {
    /// The trail of a search, and the population that it found.
    pub(crate) fn of(table: &Table, threshold: f64) -> Result<(Trail, f64), FitError> {
        let mut search = StepwiseSearch::new(table.lists);
        search.kept = Some(Vec::new());
        search.run(table, threshold, &Trail::default())?;
        let population = search.fitter.population(table);
        Ok((Trail { added: search.added, fits: search.kept.unwrap_or_default() }, population))
    }

    /// What was fitted after these pairs, if the trail came by there.
    fn after(&self, added: &[ListSet]) -> Option<&(Vec<ListSet>, Vec<f64>)> {
        self.added.starts_with(added).then(|| self.fits.get(added.len())).flatten()
    }
}

/// Room for searches on tables of a number of lists, used again and again.
#[derive(Debug)]
pub(crate) struct StepwiseSearch {
    fitter: Fitter,
    /// Pairs of the model, in the order in which they came in.
    added: Vec<ListSet>,
    /// The same in the order of terms.
    pairs: Vec<ListSet>,
    left: Vec<ListSet>,
    chances: Vec<(f64, usize)>,
    reduced: Reduced,
    before: (Vec<ListSet>, Vec<f64>),
    start: Vec<f64>,
    /// Whether the model of all pairs has an estimate, by which histories have people.
    all_pairs: HashMap<Vec<u64>, bool>,
    support: Vec<u64>,
    kept: Option<Vec<(Vec<ListSet>, Vec<f64>)>>,
}

/// How many sets of histories with people are remembered.
const MOST_SUPPORTS: usize = 4096;

impl StepwiseSearch {
    pub(crate) fn new(lists: usize) -> StepwiseSearch {
        StepwiseSearch {
            fitter: Fitter::new(lists),
            added: Vec::new(),
            pairs: Vec::new(),
            left: Vec::new(),
            chances: Vec::new(),
            reduced: Reduced::default(),
            before: Default::default(),
            start: Vec::new(),
            all_pairs: HashMap::new(),
            support: Vec::new(),
            kept: None,
        }
    }

    /// The population by [`stepwise`], fits starting from a trail's where it came by. None without
    /// an estimate.
    pub(crate) fn population(
        &mut self,
        table: &Table,
        threshold: f64,
        trail: &Trail,
    ) -> Option<f64> {
        self.run(table, threshold, trail).ok()?;
        Some(self.fitter.population(table))
    }

    /// [`stepwise`]; the log likelihood of the model found, without factorials.
    fn run(&mut self, table: &Table, threshold: f64, trail: &Trail) -> Result<f64, FitError> {
        self.added.clear();
        self.pairs.clear();
        self.left.clear();
        self.left.extend(pairs(table.lists));
        let all_estimable = self.all_pairs_estimable(table);
        if !all_estimable {
            match self.existence_with(None, table) {
                Existence::Estimable => {}
                other => return Err(FitError::Existence(other)),
            }
        }
        let mut likelihood = self.fit(table, trail)?;
        while let Some(place) = self.next_pair(table, threshold, all_estimable) {
            let pair = self.left.remove(place);
            self.added.push(pair);
            let at = self.pairs.partition_point(|other| in_order(*other) < in_order(pair));
            self.pairs.insert(at, pair);
            likelihood = self.fit(table, trail)?;
        }
        Ok(likelihood)
    }

    /// Fits the model so far, starting from the trail's fit of it, or else from the model before.
    fn fit(&mut self, table: &Table, trail: &Trail) -> Result<f64, FitError> {
        self.before.0.clone_from(&self.reduced.terms);
        self.before.1.clear();
        self.before.1.extend_from_slice(self.fitter.parameters());
        self.reduced.become_of(&self.pairs, table);
        let from = trail.after(&self.added);
        let start = if from.is_some() || !self.added.is_empty() {
            let (terms, parameters) = from.unwrap_or(&self.before);
            let mut known = terms.iter().zip(parameters).peekable();
            self.start.clear();
            for term in &self.reduced.terms {
                while known.next_if(|(other, _)| in_order(**other) < in_order(*term)).is_some() {}
                let same = known.next_if(|(other, _)| *other == term);
                // What makes a new pair's mean the number seen, others left as they are.
                let new =
                    || libm::log(table.margins[term.cell()] / self.fitter.expected()[term.cell()]);
                self.start.push(same.map_or_else(new, |(_, parameter)| *parameter));
            }
            Some(self.start.as_slice())
        } else {
            None
        };
        let likelihood = self.fitter.maximise(table, &self.reduced, start);
        let likelihood = likelihood.ok_or(FitError::Unsettled)?;
        if let Some(kept) = &mut self.kept {
            kept.push((self.reduced.terms.clone(), self.fitter.parameters().to_vec()));
        }
        Ok(likelihood)
    }

    /// The place of the pair to come in.
    fn next_pair(&mut self, table: &Table, threshold: f64, all_estimable: bool) -> Option<usize> {
        self.chances.clear();
        for (place, pair) in self.left.iter().enumerate() {
            let (seen, expected) =
                (table.margins[pair.cell()], self.fitter.expected()[pair.cell()]);
            let chance = smaller_tail(seen, expected, threshold.min(0.5));
            self.chances.extend(chance.map(|chance| (chance, place)));
        }
        self.chances.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let works = |place: usize| {
            all_estimable || self.existence_with(Some(place), table) == Existence::Estimable
        };
        self.chances.iter().map(|(_, place)| *place).find(|place| works(*place))
    }

    /// Whether the model so far has an estimate when one of the pairs that are left comes in.
    fn existence_with(&self, place: Option<usize>, table: &Table) -> Existence {
        let more = place.map(|place| self.left[place]);
        let model = Model::of(table.lists, self.added.iter().copied().chain(more));
        existence_of(&model, table)
    }

    /// Whether the model of all pairs has an estimate; then all models of pairs have one
    /// ([`super::existence`]). It depends only on which histories have people.
    fn all_pairs_estimable(&mut self, table: &Table) -> bool {
        self.support.clear();
        for cells in table.cells.chunks(64) {
            let bits =
                cells.iter().rev().fold(0, |bits, count| bits << 1 | u64::from(*count > 0.0));
            self.support.push(bits);
        }
        if let Some(known) = self.all_pairs.get(&self.support) {
            return *known;
        }
        let all = Model::of(table.lists, pairs(table.lists));
        let found = existence_of(&all, table) == Existence::Estimable;
        if self.all_pairs.len() < MOST_SUPPORTS {
            self.all_pairs.insert(self.support.clone(), found);
        }
        found
    }
}

/// All pairs of lists, by their first list and then their second.
fn pairs(lists: usize) -> impl Iterator<Item = ListSet> {
    (0..lists)
        .flat_map(move |one| (one + 1..lists).map(move |other| ListSet(1 << one | 1 << other)))
}
