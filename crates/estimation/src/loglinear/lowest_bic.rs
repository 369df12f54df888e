//! The model of lowest BIC, chosen again and again for tables like one.
//!
//! Exact: a model is passed over only when something proves that its BIC is not the lowest. What
//! the likelihood without a model (each mean the number seen) leaves possible costs a comparison;
//! what one Newton step from the first table's parameters leaves possible ([`Fitter::reach`]) costs
//! a fraction of a fit. As models come in the order of the first table's BIC, a low one comes early,
//! and of five lists' 6,893 models a handful are fitted to the end.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::all_models::fit_all;
use super::existence::existence_of;
use super::fitter::Reached;
use super::reduce::Reduced;
use super::{Existence, Fitter, ModelSpace, Table};
use crate::histories::ListSet;

/// Two criteria closer than this are not told apart by what proves one lower.
const SLACK: f64 = 1e-6;

/// How many sets of histories with people are remembered.
const MOST_SUPPORTS: usize = 4096;

/// Models to choose from, and what is known of them from the first table.
#[derive(Debug)]
pub(crate) struct LowestBic {
    space: ModelSpace,
    /// By the first table's BIC, those without an estimate for it last.
    candidates: Vec<Candidate>,
    /// Which models have an estimate, by which histories have people.
    known: Mutex<HashMap<u64, Known>>,
}

#[derive(Debug)]
struct Candidate {
    model: u64,
    interactions: Vec<ListSet>,
    /// Terms and parameters for the first table.
    start: Option<(Vec<ListSet>, Vec<f64>)>,
}

/// Models that are known to have an estimate, and known to have none. All models within one that
/// has an estimate have one too.
#[derive(Debug, Default)]
struct Known {
    estimable: Vec<u64>,
    without: Vec<u64>,
}

/// Room for choices among models of a number of lists, used again and again.
#[derive(Debug)]
pub(crate) struct Room {
    fitter: Fitter,
    reduced: Reduced,
    start: Vec<f64>,
}

impl Room {
    pub(crate) fn new(lists: usize) -> Room {
        Room { fitter: Fitter::new(lists), reduced: Reduced::default(), start: Vec::new() }
    }

    /// How high a candidate's likelihood reaches, from what is left of the first table's parameters.
    fn reach(&mut self, table: &Table, candidate: &Candidate, least: f64) -> Reached {
        self.reduced.become_of(&candidate.interactions, table);
        let start = candidate.start.as_ref().map(|(terms, parameters)| {
            let mut first = terms.iter().zip(parameters);
            let left = self.reduced.terms.iter().filter_map(|term| {
                first.find(|(other, _)| *other == term).map(|(_, parameter)| *parameter)
            });
            self.start.clear();
            self.start.extend(left);
            self.start.as_slice()
        });
        self.fitter.reach(table, &self.reduced, start, least)
    }
}

impl Known {
    fn says(&self, model: u64) -> Option<bool> {
        if self.estimable.iter().any(|other| other & model == model) {
            return Some(true);
        }
        self.without.iter().any(|other| other & model == *other).then_some(false)
    }
}

impl LowestBic {
    /// Candidates from a first table: all models of a space, or the `best` of those that have an
    /// estimate for it. The population by the lowest of them comes along; None without an estimate.
    pub(crate) fn new(
        table: &Table,
        space: ModelSpace,
        best: Option<usize>,
    ) -> Option<(LowestBic, f64)> {
        let mut fitted = fit_all(table, &space);
        fitted.truncate(best.unwrap_or(usize::MAX));
        let population = fitted.first()?.fit.population;
        let candidate = |model: u64, parameters: Option<Vec<f64>>| {
            let interactions = space.model(model).interactions().to_vec();
            let mut reduced = Reduced::default();
            reduced.become_of(&interactions, table);
            let start = parameters.map(|parameters| (reduced.terms, parameters));
            Candidate { model, interactions, start }
        };
        let with: HashSet<u64> = fitted.iter().map(|one| one.model).collect();
        let without = space.models.iter().filter(|model| best.is_none() && !with.contains(model));
        let candidates = fitted
            .into_iter()
            .map(|one| candidate(one.model, Some(one.parameters)))
            .chain(without.map(|model| candidate(*model, None)))
            .collect();
        let known = Mutex::default();
        Some((LowestBic { candidates, known, space }, population))
    }

    pub(crate) fn lists(&self) -> usize {
        self.space.lists
    }

    /// The population by the model of lowest BIC for a table whose histories with people are among
    /// the first one's. None without an estimate.
    pub(crate) fn population(&self, table: &Table, room: &mut Room) -> Option<f64> {
        let per_parameter = libm::log(table.people());
        let saturated = saturated(table);
        let (mut lowest, mut population) = (f64::INFINITY, None);
        for candidate in &self.candidates {
            let parameters = 1 + table.lists + candidate.interactions.len();
            let penalty = per_parameter * parameters as f64;
            // A likelihood below this is not enough.
            let least = 0.5 * (penalty - lowest - SLACK);
            if saturated < least
                || candidate.start.is_none() && !self.is_estimable(candidate.model, table)
            {
                continue;
            }
            if let Reached::Highest(likelihood) = room.reach(table, candidate, least) {
                let bic = penalty - 2.0 * likelihood;
                if bic < lowest && self.is_estimable(candidate.model, table) {
                    (lowest, population) = (bic, Some(room.fitter.population(table)));
                }
            }
        }
        population
    }

    /// Whether a model has an estimate for a table.
    fn is_estimable(&self, model: u64, table: &Table) -> bool {
        // Six lists at most: as many histories as bits.
        let cells = table.cells.iter().rev();
        let support = cells.fold(0, |bits, count| bits << 1 | u64::from(*count > 0.0));
        if let Some(known) = self.known().get(&support).and_then(|known| known.says(model)) {
            return known;
        }
        let found = existence_of(&self.space.model(model), table) == Existence::Estimable;
        let mut known = self.known();
        if known.len() < MOST_SUPPORTS || known.contains_key(&support) {
            let known = known.entry(support).or_default();
            if found { known.estimable.push(model) } else { known.without.push(model) }
        }
        found
    }

    /// What is known does not depend on who found it out.
    fn known(&self) -> MutexGuard<'_, HashMap<u64, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The highest log likelihood of any means at all, without factorials.
fn saturated(table: &Table) -> f64 {
    let seen = table.cells.iter().filter(|count| **count > 0.0);
    seen.map(|count| count * libm::log(*count) - count).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bootstrap::resample_for_tests;
    use crate::histories::CaptureHistories;
    use crate::loglinear::AllModels;

    /// The choice, and that of fitting all models, agree on resamples.
    fn assert_as_of_all(histories: &CaptureHistories, order: usize, seeds: std::ops::Range<u64>) {
        let table = Table::new(histories);
        let space = ModelSpace::new(table.lists, order);
        let Some((choice, _)) = LowestBic::new(&table, space, None) else { return };
        let mut room = Room::new(table.lists);
        for seed in seeds {
            let resample = resample_for_tests(histories, seed);
            let chosen = choice.population(&Table::new(&resample), &mut room);
            let all = AllModels::fit(&resample, order).expect("few lists");
            // Of two models with the same BIC either will do.
            let lowest = all.by_bic.first().map(|best| best.fit.bic + 1e-7);
            let mut best = all.by_bic.iter().take_while(|one| Some(one.fit.bic) <= lowest);
            let same = |population: f64| {
                best.any(|one| (one.fit.population / population - 1.0).abs() < 1e-6)
            };
            assert_eq!(chosen.is_some(), !all.by_bic.is_empty());
            assert!(chosen.is_none_or(same), "{chosen:?} for {:?}", all.by_bic.first());
        }
    }

    #[test]
    fn five_published_lists_as_of_all_models() {
        let file = include_bytes!("../../data/published/UKdat_5.csv");
        let read = crate::read_histories(file, None).expect("a table");
        assert_as_of_all(&read.tables[0].histories, 3, 0..8);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn four_lists_as_of_all_models(
            counts in proptest::collection::vec(prop_oneof![1 => Just(0_u64), 2 => 1_u64..40], 15),
        ) {
            let lists = ["A", "B", "C", "D"].map(str::to_owned).to_vec();
            let cells = counts.iter().zip(1..).map(|(count, cell)| (ListSet(cell), *count));
            let histories = CaptureHistories::new(lists, cells).expect("a table");
            assert_as_of_all(&histories, 3, 0..5);
        }
    }
}
