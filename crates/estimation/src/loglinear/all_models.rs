//! Every hierarchical model up to an order; choice and averaging.

use rayon::prelude::*;

use super::existence::Columns;
use super::fit::Fitter;
use super::model::in_order;
use super::reduce::reduce;
use super::{Existence, Fit, Model, Table};
use crate::histories::{CaptureHistories, ListSet};

/// The most lists all models of which are looked at.
pub const MOST_LISTS_OF_ALL_MODELS: usize = 6;

/// Models are fitted in pieces of so many, each with room of its own.
const PIECE: usize = 64;

/// All models that have an estimate for a table, each with its fit.
#[derive(Debug, Clone)]
pub struct AllModels {
    /// By BIC, the lowest first; of equal ones the one with fewer terms.
    pub by_bic: Vec<Scored>,
    /// How many models there are, with an estimate or without.
    pub models: usize,
}

/// A model and its fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The model.
    pub model: Model,
    /// Its fit.
    pub fit: Fit,
}

/// An average over models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighted {
    /// The population, averaged.
    pub population: f64,
    /// Its standard deviation between the models, which is no interval: sampling is not in it.
    pub between: f64,
    /// The weight of the heaviest model.
    pub heaviest: f64,
}

impl AllModels {
    /// Fits every hierarchical model whose interactions are of at most `order` lists and that has
    /// an estimate: for three lists 8, for four 113 without the one of all four, for five 6,893
    /// without the one of all five; for six 32,768 of pairs. Parallel; the same digits on any number
    /// of threads. None for more than [`MOST_LISTS_OF_ALL_MODELS`] lists.
    ///
    /// It fails where several models fit alike and say different things; [`AllModels::weighted_by_aic`] and
    /// a bootstrap that chooses anew say how far apart they are.
    pub fn fit(histories: &CaptureHistories, order: usize) -> Option<AllModels> {
        if histories.lists().len() > MOST_LISTS_OF_ALL_MODELS {
            return None;
        }
        let table = Table::new(histories);
        let space = ModelSpace::new(table.lists, order);
        let estimable = space.estimable(&table);
        let mut by_bic: Vec<Scored> = estimable
            .par_chunks(PIECE)
            .flat_map_iter(|piece| {
                let mut fitter = Fitter::new(table.lists);
                let fits: Vec<Scored> = piece
                    .iter()
                    .filter_map(|model| {
                        let model = space.model(*model);
                        let fit = fitter.fit(&table, &reduce(&model, &table), None)?;
                        Some(Scored { model, fit })
                    })
                    .collect();
                fits
            })
            .collect();
        by_bic.sort_by(|a, b| {
            let terms = |of: &Scored| of.model.interactions().len();
            a.fit.bic.total_cmp(&b.fit.bic).then(terms(a).cmp(&terms(b)))
        });
        Some(AllModels { by_bic, models: space.models.len() })
    }

    /// The average with Akaike weights, `exp(-(AIC - lowest AIC) / 2)` (Burnham and Anderson 2002,
    /// section 2.9). None when no model has an estimate.
    pub fn weighted_by_aic(&self) -> Option<Weighted> {
        self.weighted(|fit| fit.aic)
    }

    /// The same with BIC, which approximates posterior weights (Raftery 1995).
    pub fn weighted_by_bic(&self) -> Option<Weighted> {
        self.weighted(|fit| fit.bic)
    }

    fn weighted(&self, criterion: impl Fn(&Fit) -> f64) -> Option<Weighted> {
        let lowest = self.by_bic.iter().map(|one| criterion(&one.fit)).min_by(f64::total_cmp)?;
        let weights: Vec<(f64, f64)> = self
            .by_bic
            .iter()
            .map(|one| (libm::exp(-0.5 * (criterion(&one.fit) - lowest)), one.fit.population))
            .collect();
        let sum: f64 = weights.iter().map(|(weight, _)| weight).sum();
        let population = weights.iter().map(|(weight, of)| weight * of).sum::<f64>() / sum;
        let square = |of: f64| (of - population) * (of - population);
        let variance = weights.iter().map(|(weight, of)| weight * square(*of)).sum::<f64>() / sum;
        // The weight of the lowest is one before they are made to add up.
        Some(Weighted { population, between: variance.sqrt(), heaviest: 1.0 / sum })
    }
}

/// Every hierarchical model of a number of lists up to an order.
#[derive(Debug, Clone)]
pub(crate) struct ModelSpace {
    lists: usize,
    /// Interactions that a model may have, by size and then by their lists.
    interactions: Vec<ListSet>,
    /// Models as sets of these: bit `i` is the `i`-th.
    pub(crate) models: Vec<u64>,
}

impl ModelSpace {
    pub(crate) fn new(lists: usize, order: usize) -> ModelSpace {
        // The interaction of all lists cannot be told from the people on none.
        let most = order.min(lists - 1);
        let sets = (1..1_u32 << lists).map(|set| ListSet(set as u16));
        let mut interactions: Vec<ListSet> =
            sets.filter(|set| (2..=most).contains(&set.len())).collect();
        interactions.sort_unstable_by_key(|set| in_order(*set));
        let mut space = ModelSpace { lists, interactions, models: Vec::new() };
        let mut models = Vec::new();
        space.walk(&mut (), &mut |(), _| {}, &mut |(), _| {}, &mut |(), model| models.push(model));
        space.models = models;
        space
    }

    /// A model of the space.
    pub(crate) fn model(&self, model: u64) -> Model {
        let chosen = (0..self.interactions.len()).filter(|at| model >> at & 1 == 1);
        Model::of(self.lists, chosen.map(|at| self.interactions[at]))
    }

    /// The models that have an estimate for a table. It depends only on which histories have
    /// people, not on how many.
    pub(crate) fn estimable(&self, table: &Table) -> Vec<u64> {
        let mut columns = Columns::of_seen(table);
        let filled = |term: ListSet| table.margins[term.cell()] > 0.0;
        let singles = (0..self.lists).map(ListSet::one);
        for term in [ListSet::default()].into_iter().chain(singles).filter(|term| filled(*term)) {
            columns.push(term);
        }
        let mut found = Vec::new();
        self.walk(
            &mut columns,
            &mut |columns, term| {
                if filled(term) {
                    columns.push(term)
                }
            },
            &mut |columns, term| {
                if filled(term) {
                    columns.pop()
                }
            },
            &mut |columns, model| {
                let works = columns.is_independent() || {
                    let cells = reduce(&self.model(model), table).cells;
                    columns.judge(&cells) == Existence::Estimable
                };
                if works {
                    found.push(model);
                }
            },
        );
        found
    }

    /// Goes through all models, each from the one without its last interaction: `enter` and `leave`
    /// keep a state along the way, `see` sees it for each model.
    fn walk<S>(
        &self,
        state: &mut S,
        enter: &mut impl FnMut(&mut S, ListSet),
        leave: &mut impl FnMut(&mut S, ListSet),
        see: &mut impl FnMut(&mut S, u64),
    ) {
        self.walk_from(0, 0, state, enter, leave, see);
    }

    fn walk_from<S>(
        &self,
        model: u64,
        next: usize,
        state: &mut S,
        enter: &mut impl FnMut(&mut S, ListSet),
        leave: &mut impl FnMut(&mut S, ListSet),
        see: &mut impl FnMut(&mut S, u64),
    ) {
        see(state, model);
        for at in next..self.interactions.len() {
            if self.has_all_below(model, at) {
                enter(state, self.interactions[at]);
                self.walk_from(model | 1 << at, at + 1, state, enter, leave, see);
                leave(state, self.interactions[at]);
            }
        }
    }

    /// Whether all interactions that lack one list of an interaction are in the model.
    fn has_all_below(&self, model: u64, at: usize) -> bool {
        let set = self.interactions[at];
        set.len() == 2
            || set.lists().all(|list| {
                let below = ListSet(set.0 & !(1 << list));
                let place = self.interactions[..at].iter().position(|other| *other == below);
                place.is_some_and(|place| model >> place & 1 == 1)
            })
    }
}

#[cfg(test)]
mod tests {
    use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome};
    use proptest::prelude::*;

    use super::*;

    /// The definition, as a linear programme over means: some table with the same sums has no
    /// empty history, and no two sets of parameters give the same means.
    fn by_definition(model: &Model, table: &Table) -> bool {
        let reduced = reduce(model, table);
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let least = problem.add_var(1.0, (0.0, 1e6));
        let means: Vec<_> =
            reduced.cells.iter().map(|_| problem.add_var(0.0, (0.0, f64::INFINITY))).collect();
        for mean in &means {
            problem.add_constraint([(*mean, 1.0), (least, -1.0)], ComparisonOp::Ge, 0.0);
        }
        for term in &reduced.terms {
            let cells = reduced.cells.iter().zip(&means);
            let sum: Vec<_> =
                cells.filter(|(cell, _)| cell.holds(*term)).map(|(_, mean)| (*mean, 1.0)).collect();
            problem.add_constraint(&sum, ComparisonOp::Eq, table.margins[term.cell()]);
        }
        let exists = matches!(problem.solve(),
            Ok(SolveOutcome::Solution(solution)) if solution.objective() > 1e-6);
        let mut everywhere = table.clone();
        for cell in &reduced.cells {
            everywhere.cells[cell.cell()] = 1.0;
        }
        let mut columns = Columns::of_seen(&everywhere);
        reduced.terms.iter().for_each(|term| columns.push(*term));
        exists && columns.is_independent()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn models_that_have_an_estimate_are_those_of_the_definition(
            counts in proptest::collection::vec(prop_oneof![3 => Just(0_u32), 2 => 1_u32..20], 15),
        ) {
            let cells = [0].into_iter().chain(counts).map(f64::from).collect();
            let table = Table::of_cells(4, cells);
            let space = ModelSpace::new(4, 3);
            prop_assert_eq!(space.models.len(), 113);
            let estimable = space.estimable(&table);
            for model in &space.models {
                let expected = by_definition(&space.model(*model), &table);
                prop_assert_eq!(estimable.contains(model), expected, "{}", space.model(*model).notation());
            }
        }
    }

    #[test]
    fn as_many_hierarchical_models_as_there_are() {
        let models = |lists, order| ModelSpace::new(lists, order).models.len();
        assert_eq!([models(2, 2), models(3, 3), models(4, 4), models(5, 5)], [1, 8, 113, 6893]);
        assert_eq!(models(6, 2), 1 << 15);
    }
}
