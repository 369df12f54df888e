use proptest::prelude::*;

use super::*;
use crate::ListSet;

fn table(lists: usize, counts: &[u64]) -> CaptureHistories {
    let names = (0..lists).map(|list| format!("list {list}")).collect();
    let seen = counts.iter().enumerate().map(|(at, count)| (ListSet(at as u16 + 1), *count));
    CaptureHistories::new(names, seen).unwrap()
}

fn ends(known: &Pooled) -> [f64; 3] {
    [0.025, 0.5, 0.975].map(|share| known.quantile(share))
}

fn near(one: [f64; 3], other: [f64; 3]) -> bool {
    one.iter().zip(other).all(|(a, b)| (a - b).abs() <= 1e-6 * b.abs())
}

/// The same people with the lists in another order.
fn reordered(histories: &CaptureHistories, order: &[usize]) -> CaptureHistories {
    let lists = order.iter().map(|list| histories.lists()[*list].clone()).collect();
    let moved = |set: ListSet| {
        let on = order.iter().enumerate().filter(|(_, list)| set.holds(ListSet::one(**list)));
        ListSet(on.fold(0, |all, (place, _)| all | 1 << place))
    };
    let counts = histories.counts().iter().map(|(set, count)| (moved(*set), *count));
    CaptureHistories::new(lists, counts).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_lists_does_not_matter(counts in proptest::collection::vec(0_u64..60, 15)) {
        let histories = table(4, &counts);
        let (one, other) = (pooled(&histories), pooled(&reordered(&histories, &[2, 0, 3, 1])));
        match (one, other) {
            (Some(one), Some(other)) => prop_assert!(near(ends(&one), ends(&other))),
            (one, other) => prop_assert_eq!(one.is_none(), other.is_none()),
        }
    }

    #[test]
    fn nobody_who_is_seen_is_forgotten(counts in proptest::collection::vec(0_u64..200, 7)) {
        let histories = table(3, &counts);
        let Some(known) = pooled(&histories) else { return Ok(()) };
        let [low, median, high] = ends(&known);
        prop_assert!(histories.people() as f64 <= low && low < median && median < high && high.is_finite());
    }

    #[test]
    fn more_in_common_means_fewer_unseen(
        counts in proptest::collection::vec(5_u64..60, 7), more in 20_u64..60,
    ) {
        // The same sizes of lists, but more people on both of the first two.
        let mut overlapping = counts.clone();
        let more = more.min(counts[0]).min(counts[1]);
        overlapping[0] -= more;
        overlapping[1] -= more;
        overlapping[2] += more;
        let (few, many) = (pooled(&table(3, &counts)).unwrap(), pooled(&table(3, &overlapping)).unwrap());
        prop_assert!(many.quantile(0.5) < few.quantile(0.5));
    }
}

#[test]
fn one_stratum_is_the_whole_and_copies_say_the_same() {
    let histories = table(3, &[69, 55, 21, 63, 17, 18, 28]);
    let known = pooled_strata(&[&histories]).unwrap();
    assert!(near(ends(&known.whole), ends(&known.strata[0])));
    let same = Pooled::any_of(&[known.whole.clone(), known.whole.clone()]).unwrap();
    assert!(near(ends(&same), ends(&known.whole)));
    // Two strata alike: each says the same, and the whole is twice as many.
    let twice = pooled_strata(&[&histories, &histories]).unwrap();
    assert!(near(ends(&twice.strata[0]), ends(&twice.strata[1])));
    let [low, median, high] = ends(&twice.whole);
    let [_, each, _] = ends(&twice.strata[0]);
    assert!((median / (2.0 * each) - 1.0).abs() < 0.02, "{median} {each}");
    assert!(542.0 < low && low < high);
}

#[test]
fn a_small_stratum_leans_on_a_large_one() {
    let large = table(3, &[690, 550, 210, 630, 170, 180, 280]);
    // Two people, one of whom is on two lists, and nobody on the second list at all.
    let small = table(3, &[1, 0, 0, 0, 1, 0, 0]);
    assert!(pooled(&small).is_none());
    let known = pooled_strata(&[&large, &small]).unwrap();
    let [low, _, high] = ends(&known.strata[1]);
    assert!(2.0 <= low && high.is_finite() && high < 1000.0, "{low} {high}");
}

#[test]
fn draws_that_differ_widen_the_range() {
    let (few, many) =
        (table(3, &[69, 55, 11, 63, 7, 8, 18]), table(3, &[59, 45, 31, 53, 27, 28, 38]));
    let (few, many) = (pooled(&few).unwrap(), pooled(&many).unwrap());
    let mixed = Pooled::any_of(&[few.clone(), many.clone()]).unwrap();
    assert!(mixed.quantile(0.025) < few.quantile(0.025));
    assert!(mixed.quantile(0.975) > many.quantile(0.975));
    assert!((0.999..1.001).contains(&(mixed.below(1e12))));
}
