//! How many people at least, at most, and as a single figure.
//!
//! In: for each kind of list how many people came in codes, how many of these are on another
//! agency's list too, and how many stayed behind as totals; how many people the codes come to by
//! linkage, at least and at most. Out: a [`Range`]. Whole numbers only.
//!
//! | | assumes |
//! |---|---|
//! | high | the most that linkage has drawn; nobody who was not compared is on another list |
//! | low | the least that linkage has drawn; people who were not compared are on other lists at most twice as often as those of the same kind of list who were, and all of them are where too few were |
//! | single figure | what linkage takes for most probable; people who were not compared are on other lists as often as those who were |
//!
//! Not compared is who came in totals, and who came in codes without an encoding. The assumptions
//! are printed beside the range; `docs/METHODS.md` has the reasons and what a hundred made-up
//! states said to them.

/// In percent: how often people in totals are on other lists, at most, beside those compared.
const MOST_PERCENT: u64 = 200;
/// Below this many compared people a kind of list says nothing about those who were not.
const FEWEST_COMPARED: u64 = 50;

/// The people of one kind of list, added up over its agencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListPeople {
    /// People who came in codes.
    pub coded: u64,
    /// Of these, those who were compared with others.
    pub compared: u64,
    /// Of these, found on another agency's list.
    pub also_elsewhere: u64,
    /// People who stayed behind and came as totals, as the agencies count them: one whom an agency
    /// has in the totals of two submissions is two.
    pub left_behind: u64,
    /// Of these, how many different people there are at least, beside those in codes of the same
    /// agency.
    pub left_behind_least: u64,
    /// Different people, at least, of the agency that lists the most.
    pub largest_agency: u64,
}

/// What linkage says of the people who were compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compared {
    /// People as the agencies know them.
    pub records: u64,
    /// People that these come to.
    pub people: u64,
    /// At least, by the draws.
    pub low: u64,
    /// At most.
    pub high: u64,
}

/// How many people there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// People as the agencies count them, added up.
    pub raw: u64,
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
    /// As a single figure.
    pub unduplicated: u64,
    /// At least, if everybody in a total may be somebody on another list.
    pub low_without_comparison: u64,
}

/// The range of people that lists come to.
///
/// # Examples
///
/// ```
/// use analysis::people::{Compared, ListPeople, range};
///
/// // Two hundred records in codes are 170 people, 165 to 172; of forty more only a total came.
/// let compared = Compared { records: 200, people: 170, low: 165, high: 172 };
/// let police = ListPeople {
///     coded: 200,
///     compared: 200,
///     also_elsewhere: 60,
///     left_behind: 40,
///     left_behind_least: 40,
///     largest_agency: 90,
/// };
/// let range = range(&[police], compared);
/// assert_eq!((range.raw, range.low, range.high), (240, 181, 212));
/// assert_eq!(range.unduplicated, 198);
/// ```
pub fn range(lists: &[ListPeople], compared: Compared) -> Range {
    let coded: u64 = lists.iter().map(|list| list.coded).sum();
    let left_behind: u64 = lists.iter().map(|list| list.left_behind).sum();
    let alone: u64 = lists.iter().map(ListPeople::not_compared).sum();
    let largest = lists.iter().map(|list| list.largest_agency).max().unwrap_or_default();
    let low_without_comparison = compared.low.max(largest);
    let least = |list: &ListPeople| {
        list.newly_seen(list.not_compared() + list.left_behind_least, MOST_PERCENT)
    };
    let new_at_least: u64 = lists.iter().map(least).sum();
    let all = all_lists(lists);
    let new_usually = |list: &ListPeople| {
        let like = if list.compared < FEWEST_COMPARED { &all } else { list };
        let left_behind = list.left_behind.midpoint(list.left_behind_least);
        like.newly_seen(list.not_compared() + left_behind, 100)
    };
    let usual = compared.people + lists.iter().map(new_usually).sum::<u64>();
    let high = compared.high + alone + left_behind;
    let low = (compared.low + new_at_least).max(low_without_comparison).min(high);
    Range {
        raw: coded + left_behind,
        low,
        high,
        unduplicated: usual.clamp(low, high),
        low_without_comparison: low_without_comparison.min(low),
    }
}

fn all_lists(lists: &[ListPeople]) -> ListPeople {
    lists.iter().fold(ListPeople::default(), |sum, list| ListPeople {
        coded: sum.coded + list.coded,
        compared: sum.compared + list.compared,
        also_elsewhere: sum.also_elsewhere + list.also_elsewhere,
        left_behind: sum.left_behind + list.left_behind,
        left_behind_least: sum.left_behind_least + list.left_behind_least,
        largest_agency: sum.largest_agency.max(list.largest_agency),
    })
}

impl ListPeople {
    /// People who came in codes and were compared with nobody.
    fn not_compared(&self) -> u64 {
        self.coded.saturating_sub(self.compared)
    }

    /// Of so many who were not compared, how many are on no other list, when they are on another one
    /// so many percent as often as those who were.
    fn newly_seen(&self, not_compared: u64, percent: u64) -> u64 {
        if self.compared < FEWEST_COMPARED {
            return 0;
        }
        let elsewhere = u128::from(not_compared) * u128::from(self.also_elsewhere * percent)
            / u128::from(self.compared * 100);
        not_compared.saturating_sub(u64::try_from(elsewhere).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_nobody() {
        let none = range(&[], Compared::default());
        assert_eq!((none.raw, none.low, none.high, none.unduplicated), (0, 0, 0, 0));
    }

    #[test]
    fn totals_alone_are_somewhere_between_the_largest_and_all() {
        let list = ListPeople {
            left_behind: 30,
            left_behind_least: 30,
            largest_agency: 20,
            ..ListPeople::default()
        };
        let range = range(&[list, list], Compared::default());
        assert_eq!((range.raw, range.low, range.high), (60, 20, 60));
    }

    /// An agency sends the total of the same thirty people for two quarters.
    #[test]
    fn the_same_people_in_two_totals_of_one_agency_may_be_the_same() {
        let list = ListPeople {
            left_behind: 60,
            left_behind_least: 30,
            largest_agency: 30,
            ..ListPeople::default()
        };
        let range = range(&[list], Compared::default());
        assert_eq!((range.raw, range.low, range.high), (60, 30, 60));
    }

    #[test]
    fn where_everything_was_compared_only_the_draws_are_open() {
        let list =
            ListPeople { coded: 100, compared: 100, also_elsewhere: 30, ..ListPeople::default() };
        let compared = Compared { records: 200, people: 170, low: 166, high: 173 };
        let range = range(&[list, list], compared);
        assert_eq!((range.raw, range.low, range.high, range.unduplicated), (200, 166, 173, 170));
    }

    /// Ten of a hundred came without an encoding: they may be on other lists as well.
    #[test]
    fn who_came_without_an_encoding_is_not_known_to_be_new() {
        let list =
            ListPeople { coded: 100, compared: 90, also_elsewhere: 30, ..ListPeople::default() };
        let compared = Compared { records: 90, people: 90, low: 90, high: 90 };
        let range = range(&[list], compared);
        assert_eq!((range.raw, range.low, range.high, range.unduplicated), (100, 94, 100, 97));
    }

    proptest! {
        #[test]
        fn the_figures_are_in_order(
            lists in prop::collection::vec((0u64..5_000, 0u64..100, 0u64..5_000), 0..8),
            share in 0u64..=100,
        ) {
            let lists: Vec<ListPeople> = lists
                .into_iter()
                .map(|(coded, percent, left_behind)| ListPeople {
                    coded,
                    compared: coded - coded / 10,
                    also_elsewhere: (coded - coded / 10) * percent / 100,
                    left_behind,
                    left_behind_least: left_behind / 2,
                    largest_agency: 0,
                })
                .collect();
            let records: u64 = lists.iter().map(|list| list.compared).sum();
            let people = if records == 0 { 0 } else { (records * share / 100).max(1) };
            let (low, high) = (people - people / 20, people.midpoint(records));
            let range = range(&lists, Compared { records, people, low, high });
            prop_assert!(range.low_without_comparison <= range.low);
            prop_assert!(range.low <= range.unduplicated);
            prop_assert!(range.unduplicated <= range.high);
            prop_assert!(range.high <= range.raw);
        }
    }
}
