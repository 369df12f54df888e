//! Clustering of made-up pairs with truth: chains of relatives, decisions, threads, counts.

use crate::made_pairs::{AGENCIES, Made};
use linkage::{
    ASSUMED_MISSED, ClusterError, ClusterSettings, Constraints, Linked, ScoredPair,
    best_expected_f1, link_pairs, score, write_histories,
};
use proptest::prelude::*;

fn pair(first: u32, second: u32, log_odds: f32) -> ScoredPair {
    ScoredPair { first, second, log_odds }
}

fn settings() -> ClusterSettings {
    ClusterSettings { threshold: Some(0.0), draws: 40, ..ClusterSettings::default() }
}

fn link(agency: &[u16], pairs: &[ScoredPair], constraints: &Constraints) -> Linked {
    link_pairs(agency, pairs, &|_, _| -9.0, constraints, &settings())
        .expect("pairs and decisions in order")
}

/// Each record its own agency.
fn agencies(records: u16) -> Vec<u16> {
    (0..records).collect()
}

fn link_made(made: &Made, settings: &ClusterSettings) -> Linked {
    let log_odds = |first, second| made.log_odds(first, second);
    link_pairs(&made.agency, &made.pairs, &log_odds, &Constraints::default(), settings)
        .expect("made pairs in order")
}

#[test]
fn a_chain_of_relatives_is_no_person() {
    // Each looks like the next (p = 0.82), and like nobody else: a component of forty.
    let pairs: Vec<ScoredPair> = (0..39).map(|at| pair(at, at + 1, 1.5)).collect();
    let linked = link(&agencies(40), &pairs, &Constraints::default());
    assert_eq!(linked.count(&agencies(40), ASSUMED_MISSED).sizes, [0, 20], "twos at most");
    // Two real people of three records each, tied by one likely pair.
    let whole = |at: u32| [(at, at + 1), (at + 1, at + 2), (at, at + 2)];
    let mut pairs: Vec<ScoredPair> =
        [whole(0), whole(3)].concat().iter().map(|(one, two)| pair(*one, *two, 9.0)).collect();
    pairs.push(pair(2, 3, 3.0));
    let linked = link(&agencies(6), &pairs, &Constraints::default());
    assert_eq!(linked.clusters.cluster_of, [0, 0, 0, 1, 1, 1]);
}

#[test]
fn a_made_list_is_found_and_no_cluster_is_huge() {
    let made = Made::new(20_000, 3);
    let linked = link_made(&made, &ClusterSettings::default());
    let scores = score(&linked.clusters.cluster_of, &made.truth, &made.agency);
    assert!(scores.cross.f1 > 0.9, "{scores:?}");
    assert!(scores.largest <= 12, "{scores:?}");
    // A connected component at even odds, for comparison, holds far more.
    let count = linked.count(&made.agency, ASSUMED_MISSED);
    assert!(count.low < count.persons && count.persons < count.high, "{count:?}");
    let error = count.persons as f64 / made.persons as f64 - 1.0;
    assert!(error.abs() < 0.03, "{error}");
    assert!((count.low..=count.high).contains(&(made.persons as u64)), "{count:?}");
}

#[test]
fn the_penalty_is_learnt_for_each_agency() {
    let made = Made::new(20_000, 4);
    let penalties = link_made(&made, &settings()).penalties;
    // Agency 8 writes people down twice, the others never.
    assert!(penalties[..8].iter().all(|penalty| *penalty < -2.0), "{penalties:?}");
    assert!(penalties[8] > -0.5, "{penalties:?}");
}

#[test]
fn threads_and_the_order_of_pairs_change_nothing() {
    let mut made = Made::new(3_000, 5);
    let settings =
        ClusterSettings { lists: (0..AGENCIES as u8).collect(), ..ClusterSettings::default() };
    let on = |threads: usize, made: &Made| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| link_made(made, &settings))
    };
    let one = on(1, &made);
    assert_eq!(one, on(3, &made));
    let other = on(1, &{
        made.pairs.reverse();
        made
    });
    assert_eq!(one.clusters, other.clusters);
    assert_eq!(one.draws, other.draws);
}

#[test]
fn draws_agree_with_probabilities_and_histories_with_people() {
    // Five hundred pairs of strangers to all others, each one person with p = 0.6.
    let pairs: Vec<ScoredPair> = (0..500).map(|at| pair(2 * at, 2 * at + 1, 0.405_465)).collect();
    let agency: Vec<u16> = (0..1000).map(|record| record % 2).collect();
    let settings = ClusterSettings { lists: vec![0, 1], shared_error: 0.0, ..settings() };
    let none = Constraints::default();
    let linked = link_pairs(&agency, &pairs, &|_, _| -9.0, &none, &settings).unwrap();
    let mean = linked.draws.iter().map(|draw| draw.persons as f64).sum::<f64>() / 40.0;
    // 1000 - 500 * 0.6; the mean of 40 draws has a standard error of 1.7, the shift some more.
    assert!((690.0..710.0).contains(&mean), "{mean}");
    for draw in &linked.draws {
        assert_eq!(draw.histories.iter().map(|history| history.1).sum::<u64>(), draw.persons);
        let on_lists: u64 = draw
            .histories
            .iter()
            .map(|(lists, people)| u64::from(lists.count_ones()) * people)
            .sum();
        assert_eq!(on_lists, 1000, "each record is on one list");
    }
    let mean = linked.probability.iter().sum::<f32>() / 1000.0;
    assert!((0.55..0.65).contains(&mean), "{mean}");
    // All pairs are above the threshold: the clustering has each on both lists.
    assert_eq!(linked.histories(&agency, &settings.lists), [(0b11, 500)]);
    // Two agencies that are one list.
    assert_eq!(linked.histories(&agency, &[1, 1]), [(0b10, 500)]);
}

#[test]
fn histories_are_a_row_for_each_draw_and_set_of_lists() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("histories.csv");
    let names = ["police".to_owned(), "shelter, north".to_owned()];
    let tables: [&[(u16, u64)]; 2] = [&[(0b11, 500)], &[(0b01, 200), (0b10, 200), (0b11, 300)]];
    write_histories(&path, &names, tables).unwrap();
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "police,\"shelter, north\",draw,count\n1,1,0,500\n1,0,1,200\n0,1,1,200\n1,1,1,300\n"
    );
}

#[test]
fn decisions_are_kept_to() {
    let pairs = [pair(0, 1, 9.0), pair(1, 2, 9.0), pair(0, 2, 9.0), pair(3, 4, -5.0)];
    let constraints = Constraints { same: vec![(4, 3), (5, 6)], different: vec![(2, 0)] };
    let linked = link(&agencies(7), &pairs, &constraints);
    let of = &linked.clusters.cluster_of;
    assert_ne!(of[0], of[2], "different, though everything speaks for it");
    assert_eq!((of[3], of[5]), (of[4], of[6]), "the same, though nothing does");
    assert!(linked.draws.iter().all(|draw| draw.persons >= 4), "in every draw");
    let constraints = Constraints { same: vec![(0, 1), (1, 2)], different: vec![(0, 2)] };
    let refused = link_pairs(&agencies(3), &[], &|_, _| -9.0, &constraints, &settings());
    assert_eq!(refused, Err(ClusterError::Contradiction { first: 0, second: 2 }));
}

#[test]
fn merges_are_explained() {
    let pairs = [pair(0, 1, 6.0), pair(1, 2, 4.0), pair(0, 2, 1.0)];
    let linked = link(&agencies(3), &pairs, &Constraints::default());
    assert_eq!(linked.merges.len(), 2);
    let last = linked.merges[1];
    assert_eq!((last.first, last.second, last.strongest), (1, 2, 4.0));
    assert_eq!((last.weakest_first, last.weakest_second, last.weakest), (0, 2, 1.0));
    assert_eq!((last.pairs, last.penalty), (2, 0.0));
}

#[test]
fn no_person_gets_too_large() {
    let pairs: Vec<ScoredPair> =
        (0..30).flat_map(|one| (one + 1..30).map(move |two| pair(one, two, 5.0))).collect();
    let settings = ClusterSettings { largest: 10, ..settings() };
    let none = Constraints::default();
    let linked = link_pairs(&agencies(30), &pairs, &|_, _| -9.0, &none, &settings).unwrap();
    assert!(linked.count(&agencies(30), ASSUMED_MISSED).sizes.len() <= 10);
    assert!(linked.refused_for_size > 0);
}

#[test]
fn uncertain_pairs_come_in_the_order_of_what_they_change() {
    let pairs = [pair(0, 1, 2.0), pair(2, 3, -0.1), pair(4, 5, -2.5), pair(6, 7, 9.0)];
    let linked = link(&agencies(8), &pairs, &Constraints::default());
    let order: Vec<u32> = linked.undecided.iter().map(|pair| pair.first).collect();
    assert_eq!(order.first(), Some(&2));
    assert!(!order.contains(&6), "what is certain is not asked");
    let effects: Vec<f32> = linked.undecided.iter().map(|pair| pair.effect()).collect();
    assert!(effects.is_sorted_by(|one, two| one >= two), "{effects:?}");
}

#[test]
fn nobody_and_wrong_pairs() {
    let nobody = link(&[], &[], &Constraints::default());
    assert_eq!((nobody.clusters.clusters, nobody.draws[0].persons), (0, 0));
    let none = Constraints::default();
    for wrong in [pair(1, 0, 1.0), pair(0, 0, 1.0), pair(0, 2, 1.0), pair(0, 1, f32::NAN)] {
        let refused = link_pairs(&[0, 0], &[wrong], &|_, _| -9.0, &none, &settings());
        assert!(matches!(refused, Err(ClusterError::Pair { index: 0, .. })), "{refused:?}");
    }
    assert_eq!(best_expected_f1(&[]).threshold, 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the pairs: people are numbered by their smallest record, sizes are kept, draws
    /// count between one and all, and decisions hold.
    #[test]
    fn whatever_the_pairs_people_are_whole(
        drawn in prop::collection::vec((0..12u32, 0..12u32, -8.0..9.0f32), 0..40),
        agency in prop::collection::vec(0..3u16, 12),
        different in (0..12u32, 0..12u32),
    ) {
        let mut pairs: Vec<ScoredPair> = drawn
            .into_iter()
            .filter(|(one, two, _)| one != two)
            .map(|(one, two, log_odds)| pair(one.min(two), one.max(two), log_odds))
            .collect();
        pairs.sort_by_key(|pair| (pair.first, pair.second));
        pairs.dedup_by_key(|pair| (pair.first, pair.second));
        let mut constraints = Constraints::default();
        constraints.different.extend(Some(different).filter(|(one, two)| one != two));
        let settings = ClusterSettings { largest: 5, ..settings() };
        let linked = link_pairs(&agency, &pairs, &|_, _| -9.0, &constraints, &settings).unwrap();
        let of = &linked.clusters.cluster_of;
        let mut next = 0;
        for person in of {
            prop_assert!(*person <= next);
            next = next.max(person + 1);
        }
        prop_assert_eq!(next, linked.clusters.clusters);
        prop_assert_eq!(linked.merges.len() as u32, 12 - next);
        prop_assert!(linked.count(&agency, ASSUMED_MISSED).sizes.len() <= 5);
        prop_assert!(linked.draws.iter().all(|draw| (3..=12).contains(&draw.persons)));
        prop_assert!(linked.probability.iter().all(|share| (0.0..=1.0).contains(share)));
        for (one, two) in constraints.different {
            prop_assert_ne!(of[one as usize], of[two as usize]);
        }
    }
}
