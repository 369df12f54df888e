//! What holds of all tables.

use proptest::prelude::*;

use super::{Bootstrap, Candidates, Resampling, bootstrap_lowest_bic, bootstrap_stepwise};
use crate::histories::{CaptureHistories, ListSet};
use crate::loglinear::{Model, STEPWISE_THRESHOLD, fit};

const RESAMPLING: Resampling = Resampling { replicates: 120, seed: 3 };

fn both(histories: &CaptureHistories) -> [Option<Bootstrap>; 2] {
    [
        bootstrap_stepwise(histories, STEPWISE_THRESHOLD, RESAMPLING).ok(),
        bootstrap_lowest_bic(histories, 2, Candidates::All, RESAMPLING),
    ]
}

/// Whether two are equal but for rounding.
fn close(one: f64, other: f64) -> bool {
    one == other || (one / other - 1.0).abs() < 1e-6
}

fn names(of: &[&str]) -> Vec<String> {
    of.iter().map(|name| (*name).to_owned()).collect()
}

fn histories(count: impl Strategy<Value = u64>) -> impl Strategy<Value = Vec<(ListSet, u64)>> {
    let numbered = |(count, cell)| (ListSet(cell), count);
    proptest::collection::vec(count, 7)
        .prop_map(move |counts| counts.into_iter().zip(1..).map(numbered).collect())
}

fn few() -> impl Strategy<Value = u64> {
    prop_oneof![1 => Just(0_u64), 5 => 1_u64..60]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn order_of_lists_and_rows_does_not_matter(
        seen in histories(20_u64..200), turned in Just(vec![0_usize, 1, 2]).prop_shuffle(),
    ) {
        let lists = ["A", "B", "C"];
        let here = CaptureHistories::new(names(&lists), seen.clone()).expect("a table");
        let to = |history: ListSet| {
            ListSet((0..3).map(|at| (history.0 >> turned[at] & 1) << at).sum())
        };
        let there = CaptureHistories::new(
            names(&[lists[turned[0]], lists[turned[1]], lists[turned[2]]]),
            // Each history in two rows, from the last.
            seen.iter().rev().flat_map(|(history, count)| {
                [(to(*history), count / 2), (to(*history), count - count / 2)]
            }),
        ).expect("a table");
        for (here, there) in both(&here).into_iter().zip(both(&there)) {
            prop_assert_eq!(here.is_some(), there.is_some());
            if let (Some(here), Some(there)) = (here, there) {
                prop_assert!(close(here.population, there.population));
                // Of pairs as unlikely as one another the first comes in, of models as good as one
                // another the one that comes first; in a few replicates there are such.
                let same = here.replicates.iter().zip(&there.replicates)
                    .filter(|(one, other)| close(**one, **other)).count();
                prop_assert!(same * 10 >= here.replicates.len() * 9, "{} of {}", same, here.replicates.len());
            }
        }
    }

    #[test]
    fn population_is_never_below_what_was_seen(seen in histories(few()), level in 0.5..0.999_f64) {
        let histories = CaptureHistories::new(names(&["A", "B", "C"]), seen).expect("a table");
        let people = histories.people() as f64;
        for found in both(&histories).into_iter().flatten() {
            let interval = found.interval(level);
            prop_assert!(found.population >= people);
            prop_assert!(found.replicates.iter().all(|one| *one >= people));
            prop_assert!(people <= interval.low && interval.low <= interval.high);
            prop_assert_eq!(
                found.without_estimate, found.replicates.iter().filter(|one| one.is_infinite()).count()
            );
        }
    }

    #[test]
    fn more_overlap_means_fewer_people_when_lists_are_independent(
        seen in histories(few()), alone in 0_usize..3, other in 1_usize..3,
    ) {
        let (alone, other) = (ListSet::one(alone), ListSet::one((alone + other) % 3));
        let mut seen = seen;
        seen[usize::from(alone.0) - 1].1 += 1;
        let mut more = seen.clone();
        more[usize::from(alone.0) - 1].1 -= 1;
        more[usize::from(alone.0 | other.0) - 1].1 += 1;
        let population = |seen: Vec<(ListSet, u64)>| {
            let histories = CaptureHistories::new(names(&["A", "B", "C"]), seen).expect("a table");
            fit(&histories, &Model::independence(3)).map(|fit| fit.population)
        };
        // A list that comes to hold everybody leaves no estimate.
        if let (Ok(before), Ok(after)) = (population(seen), population(more)) {
            prop_assert!(after <= before + 1e-6, "{} after {}", after, before);
        }
    }
}

#[test]
fn as_many_threads_as_there_are_and_one_give_the_same_digits() {
    let file = include_bytes!("../../data/published/Korea.csv");
    let read = crate::read_histories(file, None).expect("a table");
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| both(&read.tables[0].histories))
    };
    let one = with(1);
    assert!(one.iter().flatten().all(|found| found.replicates.len() == RESAMPLING.replicates));
    assert_eq!(one, with(2));
    assert_eq!(one, with(5));
}

#[test]
fn replicates_without_an_estimate_are_at_the_upper_end() {
    // Two people on both lists: about one resample in seven has neither.
    let seen = [(ListSet(1), 30), (ListSet(2), 20), (ListSet(3), 2)];
    let histories = CaptureHistories::new(names(&["A", "B"]), seen).expect("a table");
    let resampling = Resampling { replicates: 4000, seed: 1 };
    let found =
        bootstrap_stepwise(&histories, STEPWISE_THRESHOLD, resampling).expect("an estimate");
    let share = found.without_estimate as f64 / 4000.0;
    assert!((share - (50.0_f64 / 52.0).powi(52)).abs() < 0.03, "{share}");
    assert!(found.replicates[..4000 - found.without_estimate].iter().all(|one| one.is_finite()));
    assert_eq!(found.interval(0.95).high, f64::INFINITY);
    assert!(found.interval(0.5).high.is_finite());
}
