//! All hierarchical models of a number of lists, and which have an estimate for a table.

use super::existence::Columns;
use super::model::in_order;
use super::reduce::reduce;
use super::{Existence, Model, Table};
use crate::histories::ListSet;

/// Every hierarchical model of a number of lists up to an order.
#[derive(Debug, Clone)]
pub(crate) struct ModelSpace {
    pub(crate) lists: usize,
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

    proptest! {
        /// What the stepwise search relies on: one model with an estimate answers for all in it.
        #[test]
        fn models_within_one_that_has_an_estimate_have_one(
            counts in proptest::collection::vec(prop_oneof![2 => Just(0_u32), 3 => 1_u32..20], 15),
        ) {
            let cells = [0].into_iter().chain(counts).map(f64::from).collect();
            let space = ModelSpace::new(4, 3);
            let estimable = space.estimable(&Table::of_cells(4, cells));
            for model in &estimable {
                let mut within = space.models.iter().filter(|other| *other & model == **other);
                prop_assert!(within.all(|other| estimable.contains(other)));
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
