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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    let lists = model.lists();
    let singles = (0..lists).map(ListSet::one);
    let all =
        [ListSet::default()].into_iter().chain(singles).chain(model.interactions().iter().copied());
    let (terms, empty): (Vec<ListSet>, Vec<ListSet>) =
        all.partition(|term| table.margins[term.cell()] > 0.0);
    let cells = (1..1_u32 << lists)
        .map(|cell| ListSet(cell as u16))
        .filter(|cell| !empty.iter().any(|term| cell.holds(*term)))
        .collect();
    Reduced { terms, cells, parameters: 1 + lists + model.interactions().len() }
}
