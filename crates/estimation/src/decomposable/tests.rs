use proptest::prelude::*;

use super::posterior::Likely;
use super::*;
use crate::histories::ListSet;
use crate::read::read_histories;

fn published(name: &str) -> CaptureHistories {
    let path = format!("{}/data/published/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let mut read = read_histories(&std::fs::read(path).unwrap(), None).unwrap();
    read.tables.remove(0).histories
}

fn of_three(counts: &[u64]) -> CaptureHistories {
    let lists = ["one", "two", "three"].map(str::to_owned).to_vec();
    let histories = counts.iter().enumerate().map(|(at, count)| (ListSet(at as u16 + 1), *count));
    CaptureHistories::new(lists, histories).unwrap()
}

/// Low end, median and high end at the points given, which nobody is beyond.
fn quantiles(histories: &CaptureHistories, points: &[Point]) -> [u64; 3] {
    let lists = histories.lists().len();
    let likelihood = Likelihood::new(histories, 1.0 / f64::from(1_u32 << lists));
    let graphs = decomposable_graphs(lists);
    let first = super::points(histories.people(), None, FIRST_LOOK);
    let masses = likely(&likelihood, &graphs, &first).masses(&likelihood, points, true, |_| true);
    let unseen = |part| masses.quantile(points, part).unwrap() as u64;
    [0.025, 0.5, 0.975].map(|part| histories.people() + unseen(part))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Cells leave out most numbers; the answer is that of all of them.
    #[test]
    fn cells_say_what_all_whole_numbers_say(counts in proptest::collection::vec(0_u64..200, 7)) {
        let histories = of_three(&counts);
        prop_assume!(histories.counts().iter().any(|(history, _)| history.len() > 1));
        let most = 5_000;
        let one_by_one: Vec<Point> = (1..=most).map(Point::whole).collect();
        let all = quantiles(&histories, &one_by_one);
        let some = quantiles(&histories, &points(histories.people(), Some(most), CLOSER_LOOK));
        for (all, some) in all.iter().zip(some) {
            prop_assert!(all.abs_diff(some) <= 1 + all / 5_000, "{all} {some}");
        }
    }

    /// The order of the lists cannot matter.
    #[test]
    fn swapping_lists_changes_nothing(counts in proptest::collection::vec(1_u64..100, 7)) {
        let swapped = [1, 0, 2, 3, 5, 4, 6].map(|at: usize| counts[at]);
        let settings = DecomposableSettings::default();
        let one = average_decomposable(&of_three(&counts), &settings);
        let other = average_decomposable(&of_three(&swapped), &settings);
        match (one, other) {
            (Ok(one), Ok(other)) => prop_assert!((one.population - other.population).abs() <= 1.0),
            (one, other) => prop_assert_eq!(one.is_err(), other.is_err()),
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_digit() {
    let histories = published("UKdat_5");
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| average_decomposable(&histories, &DecomposableSettings::default()).unwrap())
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(5));
}

#[test]
fn graphs_left_out_would_change_nothing() {
    let histories = published("Kosovo");
    let likelihood = Likelihood::new(&histories, 1.0 / 16.0);
    let graphs = decomposable_graphs(4);
    let points = points(histories.people(), None, CLOSER_LOOK);
    let first = super::points(histories.people(), None, FIRST_LOOK);
    let some = likely(&likelihood, &graphs, &first);
    assert!(some.graphs.len() < graphs.len());
    let some_total = some.masses(&likelihood, &points, false, |_| true).total();
    let all = Likely { graphs: graphs.iter().collect(), ..some };
    let all_total = all.masses(&likelihood, &points, false, |_| true).total();
    assert!((some_total / all_total - 1.0).abs() < 1e-12, "{some_total} {all_total}");
}

#[test]
fn what_cannot_be_answered_is_said() {
    let settings = DecomposableSettings::default();
    let apart = of_three(&[10, 20, 0, 30]);
    assert_eq!(average_decomposable(&apart, &settings), Err(DecomposableError::NoOverlap));
    let table = of_three(&[10, 20, 3, 30, 4, 5, 1]);
    let two = table.without(0).unwrap();
    assert_eq!(average_decomposable(&two, &settings), Err(DecomposableError::Lists { found: 2 }));
    let none = DecomposableSettings { most_unseen: Some(0), ..settings };
    assert_eq!(average_decomposable(&table, &none), Err(DecomposableError::NobodyUnseen));
    let level = DecomposableSettings { level: 1.0, ..settings };
    assert_eq!(average_decomposable(&table, &level), Err(DecomposableError::Level { found: 1.0 }));
    for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let prior = DecomposableSettings { prior_count: Some(wrong), ..settings };
        let error = average_decomposable(&table, &prior).unwrap_err();
        assert!(matches!(error, DecomposableError::PriorCount { .. }), "{error}");
    }
    // Hardly anything in the prior: a complete graph whose posterior has no end.
    let thin = DecomposableSettings { prior_count: Some(1e-6), ..settings };
    let error = average_decomposable(&of_three(&[1, 0, 1, 0, 1, 1, 0]), &thin);
    assert!(matches!(error, Err(DecomposableError::NoEnd { .. })), "{error:?}");
    let bounded = DecomposableSettings { most_unseen: Some(500), ..thin };
    assert!(average_decomposable(&of_three(&[1, 0, 1, 0, 1, 1, 0]), &bounded).is_ok());
}

#[test]
fn nobody_is_beyond_the_bound() {
    let bound = DecomposableSettings { most_unseen: Some(40), ..DecomposableSettings::default() };
    let estimate = average_decomposable(&published("Korea"), &bound).unwrap();
    let interval = estimate.interval.unwrap();
    assert!(interval.high <= 163.0, "{}", interval.high);
    assert_eq!(estimate.diagnostics["share_beyond_points"], Diagnostic::Number(0.0));
}

/// 20,000 people, the first and third list depending on the second only: counts as expected.
#[test]
fn the_graph_and_the_population_behind_a_table_are_found() {
    let two = |on: bool| if on { 0.4 } else { 0.6 };
    let given_two = |on: bool, two: bool, likely: f64, unlikely: f64| {
        let chance = if two { likely } else { unlikely };
        if on { chance } else { 1.0 - chance }
    };
    let counts: Vec<u64> = (1..8_u16)
        .map(|history| {
            let [first, second, third] = [0, 1, 2].map(|list| history >> list & 1 == 1);
            let chance = two(second)
                * given_two(first, second, 0.5, 0.2)
                * given_two(third, second, 0.45, 0.15);
            (20_000.0 * chance).round() as u64
        })
        .collect();
    let settings = DecomposableSettings::default();
    let estimate = average_decomposable(&of_three(&counts), &settings).unwrap();
    assert_eq!(estimate.terms, ["one:two", "two:three"]);
    assert!((estimate.population / 20_000.0 - 1.0).abs() < 0.01, "{}", estimate.population);
    let interval = estimate.interval.unwrap();
    assert!(interval.low < 20_000.0 && 20_000.0 < interval.high, "{interval:?}");
    // Of those not on the second list 2,040, 1,440 and 360 are on the first, the third and both; the
    // 8,160 on none are their product, with a relative variance of 1/2040 + 1/1440 + 1/360 + 1/8160.
    let width = 2.0 * 1.96 * 8_160.0 * 0.063_9;
    assert!(((interval.high - interval.low) / width - 1.0).abs() < 0.05, "{interval:?}, {width}");
}
