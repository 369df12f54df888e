//! What becomes of the answer when a list is left out, two are one, or the answer is known.

use rayon::prelude::*;
use serde::Serialize;

use crate::histories::{CaptureHistories, ListSet};
use crate::pooled::{Pooled, pooled};
use crate::refusal::refusal;

/// The headline's range of a table that is the given one, changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// The list left out, or the two that are one.
    pub lists: Vec<String>,
    /// People seen by the lists that are left.
    pub observed: u64,
    /// Lower end, people.
    pub low: f64,
    /// Half of the probability lies below; people.
    pub median: f64,
    /// Upper end, people.
    pub high: f64,
}

/// People on one list as the other lists know them, whose number is known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KnownList {
    /// The list.
    pub list: String,
    /// How many people are on it.
    pub truth: u64,
    /// How many of them the other lists know.
    pub observed: u64,
    /// Lower end of the range that the other lists give, people.
    pub low: f64,
    /// Upper end, people.
    pub high: f64,
    /// Whether the range holds the truth.
    pub held: bool,
}

/// How far the answer can be relied on, by the user's own lists.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Checks {
    /// The range without each list, in the order of the lists; of four lists or more.
    pub without_one_list: Vec<Changed>,
    /// The range with two lists taken as one; of four lists or more.
    pub two_lists_as_one: Vec<Changed>,
    /// Whether the other lists would have found the size of each list (Binette and Steorts 2022,
    /// section 4); of four lists or more, and lists that at least two others overlap with.
    pub known_lists: Vec<KnownList>,
    /// How far the middles of these ranges (on the logarithmic scale) are from the sizes, as a root
    /// mean square of logarithms: 0.1 is about ten percent. None without such lists.
    pub known_lists_error: Option<f64>,
}

/// Asks the table the questions of [`Checks`]; `level` is the probability of the ranges.
pub fn checks(histories: &CaptureHistories, level: f64) -> Checks {
    let lists = histories.lists().len();
    if lists < 4 {
        return Checks::default();
    }
    let name = |list: usize| histories.lists()[list].clone();
    let changed = |names: Vec<String>, table: Option<CaptureHistories>| {
        let table = table.filter(|table| refusal(table).is_none())?;
        let (low, median, high) = range(&pooled(&table)?, level);
        Some(Changed { lists: names, observed: table.people(), low, median, high })
    };
    let pairs: Vec<(usize, usize)> =
        (0..lists).flat_map(|one| (one + 1..lists).map(move |other| (one, other))).collect();
    let without: Vec<Option<Changed>> = (0..lists)
        .into_par_iter()
        .map(|list| changed(vec![name(list)], histories.without(list)))
        .collect();
    let merged: Vec<Option<Changed>> = pairs
        .into_par_iter()
        .map(|(one, other)| changed(vec![name(one), name(other)], histories.merged(one, other)))
        .collect();
    let known: Vec<Option<KnownList>> = (0..lists)
        .into_par_iter()
        .map(|list| {
            let table = histories.of_those_on(list).filter(|table| refusal(table).is_none())?;
            let (low, _, high) = range(&pooled(&table)?, level);
            let truth = histories.on_all(ListSet::one(list));
            let held = (low..=high).contains(&(truth as f64));
            Some(KnownList { list: name(list), truth, observed: table.people(), low, high, held })
        })
        .collect();
    let known_lists: Vec<KnownList> = known.into_iter().flatten().collect();
    let squares = known_lists.iter().map(|one| {
        let error = libm::log((one.low * one.high).sqrt() / one.truth as f64);
        error * error
    });
    let mean = squares.sum::<f64>() / known_lists.len() as f64;
    Checks {
        known_lists_error: (!known_lists.is_empty()).then(|| mean.sqrt()),
        without_one_list: without.into_iter().flatten().collect(),
        two_lists_as_one: merged.into_iter().flatten().collect(),
        known_lists,
    }
}

/// Lower end, median and upper end.
pub(crate) fn range(known: &Pooled, level: f64) -> (f64, f64, f64) {
    let outside = 0.5 * (1.0 - level);
    (known.quantile(outside), known.quantile(0.5), known.quantile(1.0 - outside))
}
