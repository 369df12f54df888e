//! How many people at least, at most, and as a single figure.
//!
//! In: for each kind of list how many people came in codes, how many of these are on another
//! agency's list too, and how many stayed behind as totals; how many people the codes come to
//! after linkage. Out: a [`Range`]. Whole numbers only.
//!
//! | | assumes |
//! |---|---|
//! | high | no link was missed, and nobody in a total is on another list |
//! | low | linkage found at least 60 % of the links; people in totals of a kind of list are on other lists at most half as often again as those of that kind who could be compared, and all of them are where none could be |
//! | single figure | linkage found 80 % of the links (half-way from 60 to 100); people in totals are on other lists as often as those who could be compared |
//!
//! The assumptions are printed beside the range; `docs/METHODS.md` has the reasons and what a
//! hundred made-up states said to them.

use linkage::ASSUMED_LEAST_SENSITIVITY_PERCENT as LEAST_PERCENT;

/// Half-way between the least and all.
const USUAL_PERCENT: u64 = (LEAST_PERCENT + 100) / 2;
/// In percent: how often people in totals are on other lists, at most, beside those compared.
const MOST_PERCENT: u64 = 150;
/// Below this many compared people a kind of list says nothing about those who stayed behind.
const FEWEST_COMPARED: u64 = 50;

/// The people of one kind of list, added up over its agencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListPeople {
    /// People who came in codes.
    pub coded: u64,
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

/// The range of people that lists come to; `linked` is the number of people that the codes of all
/// of them come to after linkage.
///
/// # Examples
///
/// ```
/// use analysis::people::{ListPeople, range};
///
/// // Two hundred records in codes are 170 people; of forty more only a total came.
/// let police =
///     ListPeople {
///         coded: 200,
///         also_elsewhere: 60,
///         left_behind: 40,
///         left_behind_least: 40,
///         largest_agency: 90,
///     };
/// let range = range(&[police], 170);
/// assert_eq!((range.raw, range.low, range.high), (240, 160, 210));
/// assert_eq!(range.unduplicated, 187);
/// ```
pub fn range(lists: &[ListPeople], linked: u64) -> Range {
    let coded: u64 = lists.iter().map(|list| list.coded).sum();
    let left_behind: u64 = lists.iter().map(|list| list.left_behind).sum();
    let links = coded.saturating_sub(linked);
    let fewest = |percent: u64| coded.saturating_sub((links * 100).div_ceil(percent));
    let largest = lists.iter().map(|list| list.largest_agency).max().unwrap_or_default();
    let low_without_comparison = fewest(LEAST_PERCENT).max(largest);
    let least =
        |list: &ListPeople| list.newly_seen(list.left_behind_least, MOST_PERCENT, LEAST_PERCENT);
    let new_at_least: u64 = lists.iter().map(least).sum();
    let all = all_lists(lists);
    let new_usually = |list: &ListPeople| {
        let like = if list.coded < FEWEST_COMPARED { &all } else { list };
        like.newly_seen(list.left_behind.midpoint(list.left_behind_least), 100, USUAL_PERCENT)
    };
    let usual = fewest(USUAL_PERCENT) + lists.iter().map(new_usually).sum::<u64>();
    let high = linked + left_behind;
    let low = (fewest(LEAST_PERCENT) + new_at_least).max(low_without_comparison).min(high);
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
        also_elsewhere: sum.also_elsewhere + list.also_elsewhere,
        left_behind: sum.left_behind + list.left_behind,
        left_behind_least: sum.left_behind_least + list.left_behind_least,
        largest_agency: sum.largest_agency.max(list.largest_agency),
    })
}

impl ListPeople {
    /// Of so many left behind, how many are on no other list: the share of those compared who are on
    /// another one, in percent of it, corrected for the links that were missed.
    fn newly_seen(&self, left_behind: u64, percent: u64, percent_found: u64) -> u64 {
        if self.coded < FEWEST_COMPARED {
            return 0;
        }
        let elsewhere = u128::from(left_behind) * u128::from(self.also_elsewhere * percent)
            / u128::from(self.coded * percent_found);
        left_behind.saturating_sub(u64::try_from(elsewhere).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_nobody() {
        let none = range(&[], 0);
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
        let range = range(&[list, list], 0);
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
        let range = range(&[list], 0);
        assert_eq!((range.raw, range.low, range.high), (60, 30, 60));
    }

    #[test]
    fn where_everything_was_compared_only_missed_links_are_open() {
        let list = ListPeople { coded: 100, also_elsewhere: 30, ..ListPeople::default() };
        let range = range(&[list, list], 170);
        assert_eq!((range.raw, range.low, range.high, range.unduplicated), (200, 150, 170, 162));
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
                    also_elsewhere: coded * percent / 100,
                    left_behind,
                    left_behind_least: left_behind / 2,
                    largest_agency: 0,
                })
                .collect();
            let coded: u64 = lists.iter().map(|list| list.coded).sum();
            let linked = if coded == 0 { 0 } else { (coded * share / 100).max(1) };
            let range = range(&lists, linked);
            prop_assert!(range.low_without_comparison <= range.low);
            prop_assert!(range.low <= range.unduplicated);
            prop_assert!(range.unduplicated <= range.high);
            prop_assert!(range.high <= range.raw);
        }
    }
}
