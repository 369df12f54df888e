//! What some of the lists would have said: ranges from choices of three lists or more.
//!
//! In: the histories of all lists. Out: the range of each choice, or of the largest [`MOST`].

use estimation::{CaptureHistories, ListSet, pooled, refusal};
use rayon::prelude::*;
use report::charts::SomeLists;

/// The most choices that are asked; of seven lists there are 99.
const MOST: usize = 64;

/// The range of a table.
pub(super) fn range(histories: &CaptureHistories, level: f64) -> Option<SomeLists> {
    if refusal(histories).is_some() {
        return None;
    }
    let known = pooled(histories)?;
    let outside = 0.5 * (1.0 - level);
    Some(SomeLists {
        lists: histories.lists().to_vec(),
        observed: histories.people(),
        low: known.quantile(outside),
        median: known.quantile(0.5),
        high: known.quantile(1.0 - outside),
    })
}

/// The ranges of choices of at least three lists and not all, those with most lists first.
pub(super) fn some_lists(histories: &CaptureHistories, level: f64) -> Vec<SomeLists> {
    let lists = histories.lists().len();
    let every = (1..(1_u16 << lists) - 1).map(ListSet);
    let mut choices: Vec<ListSet> = every.filter(|choice| choice.len() >= 3).collect();
    choices.sort_by_key(|choice| (std::cmp::Reverse(choice.len()), *choice));
    choices.truncate(MOST);
    let ranges: Vec<Option<SomeLists>> =
        choices.into_par_iter().map(|choice| range(&only(histories, choice)?, level)).collect();
    ranges.into_iter().flatten().collect()
}

/// The histories by these lists alone.
fn only(histories: &CaptureHistories, choice: ListSet) -> Option<CaptureHistories> {
    let gone = (0..histories.lists().len()).filter(|list| !choice.holds(ListSet::one(*list)));
    // From the last, so that the numbers of those before it stay.
    gone.rev().try_fold(histories.clone(), |left, list| left.without(list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_the_lists_named() {
        let lists = ["A", "B", "C", "D"].map(str::to_owned).to_vec();
        let seen = [(1, 40), (2, 30), (4, 20), (8, 10), (3, 6), (12, 5), (10, 4), (15, 2)];
        let seen = seen.map(|(set, count)| (ListSet(set), count));
        let histories = CaptureHistories::new(lists, seen).unwrap();
        let without_b = only(&histories, ListSet(0b1101)).unwrap();
        assert_eq!(without_b.lists(), ["A", "C", "D"]);
        assert_eq!(without_b.people(), histories.people() - 30);
        let some = some_lists(&histories, 0.95);
        assert_eq!(some.len(), 4);
        assert!(some.iter().all(|one| one.observed as f64 <= one.low && one.low < one.high));
    }
}
