//! Lists that cannot answer.

use crate::histories::{CaptureHistories, ListSet};
use crate::loglinear::{Existence, Model, existence};

/// Why there is no answer, and what would help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Nobody is on any list.
    #[error("nobody is on any list; give the lists' people")]
    Nobody,
    /// A list without people.
    #[error("the list {list} has nobody; leave it out")]
    EmptyList {
        /// Its name.
        list: String,
    },
    /// Two lists of exactly the same people.
    #[error(
        "the lists {first} and {second} hold exactly the same people, as copies of one list do; leave one out"
    )]
    SameLists {
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// Fewer than three lists.
    #[error(
        "with {lists} list(s) nobody can check whether being on one makes being on another likelier; \
         add a third list of other people's work, or ask for --method chapman, which takes it for granted that \
         two lists have nothing to do with each other"
    )]
    TooFewLists {
        /// How many there are.
        lists: usize,
    },
    /// No two lists have anybody in common.
    #[error(
        "no two lists have anybody in common, so nothing says how large a part of the people they see; \
         check the linkage, or add lists that reach the same people"
    )]
    NoOverlap,
    /// Only two lists have anybody in common.
    #[error(
        "only {first} and {second} have anybody in common, so the answer would hang on these two alone, and nobody \
         can check whether they depend on each other; check the linkage, or add lists that overlap"
    )]
    OneOverlap {
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// Not even lists without interactions give an estimate.
    #[error(
        "even if the lists had nothing to do with one another, {0}; add lists that overlap with the others"
    )]
    NotEstimable(Existence),
}

/// Why a table cannot answer; none when it can.
pub fn refusal(histories: &CaptureHistories) -> Option<Refusal> {
    let names = histories.lists();
    let on = |set: ListSet| histories.on_all(set);
    if histories.people() == 0 {
        return Some(Refusal::Nobody);
    }
    if let Some(list) = (0..names.len()).find(|list| on(ListSet::one(*list)) == 0) {
        return Some(Refusal::EmptyList { list: names[list].clone() });
    }
    let pairs =
        || (0..names.len()).flat_map(|one| (one + 1..names.len()).map(move |other| (one, other)));
    let both = |(one, other): (usize, usize)| on(ListSet(1 << one | 1 << other));
    let same = |(one, other): &(usize, usize)| {
        let shared = both((*one, *other));
        shared == on(ListSet::one(*one)) && shared == on(ListSet::one(*other))
    };
    if let Some((first, second)) = pairs().find(same) {
        return Some(Refusal::SameLists {
            first: names[first].clone(),
            second: names[second].clone(),
        });
    }
    if names.len() < 3 {
        return Some(Refusal::TooFewLists { lists: names.len() });
    }
    let overlapping: Vec<(usize, usize)> = pairs().filter(|pair| both(*pair) > 0).collect();
    match overlapping[..] {
        [] => return Some(Refusal::NoOverlap),
        [(first, second)] => {
            return Some(Refusal::OneOverlap {
                first: names[first].clone(),
                second: names[second].clone(),
            });
        }
        _ => {}
    }
    match existence(histories, &Model::independence(names.len())) {
        Existence::Estimable => None,
        other => Some(Refusal::NotEstimable(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(lists: usize, seen: &[(u16, u64)]) -> CaptureHistories {
        let names = ["A", "B", "C", "D"][..lists].iter().map(ToString::to_string).collect();
        CaptureHistories::new(names, seen.iter().map(|(set, count)| (ListSet(*set), *count)))
            .unwrap()
    }

    #[test]
    fn each_reason() {
        let why = |lists, seen: &[(u16, u64)]| refusal(&table(lists, seen));
        assert_eq!(why(3, &[]), Some(Refusal::Nobody));
        let (a, b, c) = ("A".to_owned(), "B".to_owned(), "C".to_owned());
        assert_eq!(why(3, &[(1, 5), (2, 5)]), Some(Refusal::EmptyList { list: c }));
        let (first, second) = (a.clone(), b.clone());
        assert_eq!(why(3, &[(3, 5), (4, 5)]), Some(Refusal::SameLists { first, second }));
        assert_eq!(why(2, &[(1, 9), (2, 9), (3, 2)]), Some(Refusal::TooFewLists { lists: 2 }));
        assert_eq!(why(3, &[(1, 9), (2, 9), (4, 2)]), Some(Refusal::NoOverlap));
        let one = Some(Refusal::OneOverlap { first: a, second: b });
        assert_eq!(why(3, &[(1, 40), (2, 30), (4, 20), (3, 6)]), one);
        assert_eq!(why(3, &[(1, 40), (2, 30), (4, 20), (3, 6), (5, 1)]), None);
    }
}
