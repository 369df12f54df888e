//! Overlaps that are empty, and what their parameters at minus infinity leave.
//!
//! When nobody is on all lists of a term, the likelihood grows as the term's parameter falls, and
//! its extended maximum is at minus infinity (Chan, Silverman and Vincent 2021, section 3.2, for
//! pairs; the same holds for terms of any order). Every history with those lists then has mean
//! zero, which is what was seen: the histories and the terms that contain the empty one drop out,
//! and the rest is an ordinary fit.

use super::{Model, Table};
use crate::histories::ListSet;

/// What is left of a model for a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reduced {
    /// Terms with a finite parameter: the empty one, single lists, interactions, in this order.
    pub(crate) terms: Vec<ListSet>,
    /// Histories with a mean above zero, ascending.
    pub(crate) cells: Vec<ListSet>,
    /// How many terms the model has, dropped ones and the empty one included.
    pub(crate) parameters: usize,
}

/// Drops what empty overlaps drop.
pub(crate) fn reduce(model: &Model, table: &Table) -> Reduced {
    let mut reduced = Reduced::default();
    reduced.become_of(model.interactions(), table);
    reduced
}

impl Reduced {
    /// Becomes what is left of the model with these interactions, in the order of terms.
    pub(crate) fn become_of(&mut self, interactions: &[ListSet], table: &Table) {
        self.terms.clear();
        self.cells.clear();
        self.parameters = 1 + table.lists + interactions.len();
        self.cells.extend((1..1_u32 << table.lists).map(|cell| ListSet(cell as u16)));
        let singles = (0..table.lists).map(ListSet::one);
        let all = [ListSet::default()].into_iter().chain(singles);
        for term in all.chain(interactions.iter().copied()) {
            if table.margins[term.cell()] > 0.0 {
                self.terms.push(term);
            } else {
                self.cells.retain(|cell| !cell.holds(term));
            }
        }
    }
}
