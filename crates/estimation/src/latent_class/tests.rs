use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use super::variates::multinomial;
use super::*;
use crate::histories::ListSet;

fn table(lists: usize, counts: &[(u16, u64)]) -> CaptureHistories {
    let names = (0..lists).map(|list| format!("list {list}")).collect();
    let histories = counts.iter().map(|(history, count)| (ListSet(*history), *count));
    CaptureHistories::new(names, histories).unwrap()
}

/// A population of two classes, one of which is on most lists and one on few.
fn two_classes(people: u64, seed: u64) -> CaptureHistories {
    const CLASSES: [(f64, [f64; 4]); 2] =
        [(0.3, [0.7, 0.6, 0.5, 0.6]), (0.7, [0.2, 0.15, 0.25, 0.2])];
    let mut weights = vec![0.0; 16];
    for (history, weight) in weights.iter_mut().enumerate() {
        for (part, capture) in CLASSES {
            let on_or_off = capture.iter().enumerate();
            let probability = on_or_off
                .map(|(list, on)| if history >> list & 1 == 1 { *on } else { 1.0 - on })
                .product::<f64>();
            *weight += part * probability;
        }
    }
    let mut counts = Vec::new();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    multinomial(people, &weights, &mut rng, |history, count| counts.push((history as u16, count)));
    counts.retain(|(history, _)| *history != 0);
    table(4, &counts)
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say() {
    const PEOPLE: u64 = 2000;
    let sweeps = Sweeps { first: 2_000, most: 2_000 };
    let answers: Vec<(f64, Interval)> = (0..20)
        .map(|seed| {
            let model = Model::new(&two_classes(PEOPLE, seed), PRIOR);
            let posterior = Posterior::sample(&model, sweeps, seed);
            (posterior.quantile(0.5), posterior.interval(0.9))
        })
        .collect();
    let truth = PEOPLE as f64;
    let holding =
        answers.iter().filter(|(_, within)| (within.low..within.high).contains(&truth)).count();
    let mean = answers.iter().map(|(median, _)| median / truth).sum::<f64>() / 20.0;
    // Of 20 intervals at 90 %, fewer than 15 hold the truth once in a hundred times.
    assert!(holding >= 15, "{holding} of 20: {answers:?}");
    assert!((0.9..1.1).contains(&mean), "medians are {mean} of the truth on average");
}

#[test]
fn threads_do_not_change_a_digit() {
    let histories = two_classes(800, 5);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| latent_class(&histories, 0.95, 9))
    };
    assert_eq!(on(1), on(2));
}

#[test]
fn chains_that_have_not_settled_give_no_number() {
    // Two lists that nobody shares and one between them, and hardly time to run.
    let histories = table(3, &[(0b001, 900), (0b010, 700), (0b100, 30), (0b101, 2), (0b110, 3)]);
    let model = Model::new(&histories, PRIOR);
    let posterior = Posterior::sample(&model, Sweeps { first: 200, most: 200 }, 1);
    let said = answer(posterior, 0.95).unwrap_err();
    let LatentClassError::Unsettled { sweeps, rhat, effective, diagnostics } = &said else {
        panic!("{said:?}");
    };
    assert_eq!(*sweeps, 200);
    assert!(*rhat > LARGEST_RHAT || *effective < LEAST_EFFECTIVE);
    assert_eq!(diagnostics["rhat"], Diagnostic::Number(*rhat));
    assert!(said.to_string().contains("gives no number"), "{said}");
}

#[test]
fn tables_it_cannot_answer_are_refused() {
    let two = table(2, &[(0b01, 5), (0b10, 6), (0b11, 2)]);
    assert_eq!(latent_class(&two, 0.95, 1), Err(LatentClassError::TooFewLists { found: 2 }));
    assert_eq!(latent_class(&table(3, &[]), 0.95, 1), Err(LatentClassError::Nobody));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nobody_seen_is_lost(
        counts in proptest::collection::vec(prop_oneof![Just(0_u64), 1..9_u64, 1000..100_000_000_u64], 7),
        seed in any::<u64>(),
    ) {
        let cells: Vec<(u16, u64)> = (1..).zip(counts).collect();
        let histories = table(3, &cells);
        prop_assume!(histories.people() > 0);
        let model = Model::new(&histories, PRIOR);
        let posterior = Posterior::sample(&model, Sweeps { first: 100, most: 100 }, seed);
        let interval = posterior.interval(0.95);
        let seen = histories.people() as f64;
        prop_assert!(seen <= interval.low);
        prop_assert!(interval.low <= posterior.quantile(0.5));
        prop_assert!(posterior.quantile(0.5) <= interval.high);
        prop_assert!(interval.high.is_finite());
    }
}

#[test]
fn one_person_is_enough_to_start() {
    let model = Model::new(&table(3, &[(0b111, 1)]), PRIOR);
    let posterior = Posterior::sample(&model, Sweeps { first: 1_000, most: 1_000 }, 3);
    assert!(posterior.quantile(0.5) >= 1.0);
}
