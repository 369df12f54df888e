//! Sums, against a plain loop over the same figures.

use std::collections::BTreeMap;

use proptest::prelude::*;
use records::{Answer, Dimension, Figure, Part, Quarter, Standing};
use store::{RollUp, Rolled, Store};

use crate::made::{at, by, figure, scope, sent};
use crate::stores::with_store;

fn all<'a>(by: &'a [Dimension]) -> RollUp<'a> {
    RollUp {
        measure: "victim_identified",
        standing: Standing::Submitted,
        reporters: &[],
        without_statutes: &[],
        definition_versions: &[],
        by,
        adds_over: &Dimension::ALL,
        by_reporter: false,
        by_quarter: true,
    }
}

async fn sums(store: &Store, roll_up: &RollUp<'_>) -> Vec<(String, Vec<String>, i64)> {
    let rolled: Vec<Rolled> = store.roll_up(&scope(), roll_up).await.unwrap();
    rolled.into_iter().map(|one| (one.period, one.by.into_values().collect(), one.sum)).collect()
}

#[test]
fn totals_and_their_parts_are_never_added() {
    with_store(async |store| {
        let mut stated = figure("fresno", "2012-Q1", 30);
        stated.part = Part::Total;
        stated.dimensions.insert(Dimension::Age, "adult".to_owned());
        let figures = vec![
            figure("fresno", "2012-Q1", 30),
            by(figure("fresno", "2012-Q1", 20), Dimension::TraffickingType, "sex"),
            by(figure("fresno", "2012-Q1", 10), Dimension::TraffickingType, "labor"),
            by(figure("orange", "2012-Q1", 7), Dimension::TraffickingType, "sex"),
            stated,
        ];
        store.accept(&scope(), &sent("aaaa", figures), None, at()).await.unwrap();
        assert_eq!(sums(&store, &all(&[])).await, [("2012-Q1".to_owned(), vec![], 37)]);
        assert_eq!(
            sums(&store, &all(&[Dimension::TraffickingType])).await,
            [
                ("2012-Q1".to_owned(), vec!["labor".to_owned()], 10),
                ("2012-Q1".to_owned(), vec!["sex".to_owned()], 27),
            ]
        );
    });
}

#[test]
fn what_does_not_add_up_is_kept_apart() {
    with_store(async |store| {
        let figures = vec![
            by(figure("fresno", "2012-Q1", 20), Dimension::Status, "person"),
            by(figure("fresno", "2012-Q1", 25), Dimension::Status, "seat"),
        ];
        store.accept(&scope(), &sent("aaaa", figures), None, at()).await.unwrap();
        let apart = RollUp { adds_over: &[Dimension::TraffickingType], ..all(&[]) };
        assert!(sums(&store, &apart).await.is_empty());
        let by_status = RollUp { adds_over: &[], ..all(&[Dimension::Status]) };
        assert_eq!(sums(&store, &by_status).await.len(), 2);
    });
}

#[test]
fn own_calendars_meet_in_the_state_quarter() {
    with_store(async |store| {
        let figures =
            vec![figure("fresno", "2012-Q1", 5), figure("riverside", "2012-01-16/2012-04-15", 7)];
        store.accept(&scope(), &sent("aaaa", figures), None, at()).await.unwrap();
        assert_eq!(sums(&store, &all(&[])).await, [("2012-Q1".to_owned(), vec![], 12)]);
        let as_stated = RollUp { by_quarter: false, ..all(&[]) };
        assert_eq!(sums(&store, &as_stated).await.len(), 2);
    });
}

#[test]
fn two_definitions_are_never_one_sum() {
    with_store(async |store| {
        let mut old = sent("aaaa", vec![figure("fresno", "2012-Q1", 5)]);
        old.definition_version = "2012.1".to_owned();
        store.accept(&scope(), &old, None, at()).await.unwrap();
        let new = sent("bbbb", vec![figure("orange", "2012-Q1", 7)]);
        store.accept(&scope(), &new, None, at()).await.unwrap();
        let version = ["2026.1".to_owned()];
        let roll_up = RollUp { definition_versions: &version, ..all(&[]) };
        assert_eq!(sums(&store, &roll_up).await, [("2012-Q1".to_owned(), vec![], 7)]);
    });
}

#[test]
fn sections_can_be_left_out_and_unknown_is_not_zero() {
    with_store(async |store| {
        let mut unknown = by(figure("fresno", "2012-Q1", 0), Dimension::Statute, "267");
        unknown.answer = Answer::Unknown;
        let figures = vec![
            by(figure("fresno", "2012-Q1", 5), Dimension::Statute, "236.1"),
            by(figure("fresno", "2012-Q1", 800), Dimension::Statute, "653.22"),
            unknown,
        ];
        store.accept(&scope(), &sent("aaaa", figures), None, at()).await.unwrap();
        let left_out = ["653.22".to_owned()];
        let roll_up = RollUp { without_statutes: &left_out, ..all(&[]) };
        let rolled = store.roll_up(&scope(), &roll_up).await.unwrap();
        assert_eq!((rolled[0].sum, rolled[0].exact, rolled[0].unknown), (5, 1, 1));
    });
}

/// The rule of the roll-up as a plain loop: per reporter and quarter the coarsest table that holds
/// the breakdown, cells only.
fn by_hand(figures: &[Figure], by: &[Dimension]) -> BTreeMap<(Quarter, Vec<String>), i64> {
    let wanted: u32 = by.iter().map(|dimension| dimension.bit()).sum();
    let mut sums = BTreeMap::new();
    for figure in figures {
        let quarter = figure.period.state_quarter().unwrap();
        let same_table = |other: &&Figure| {
            other.reporter == figure.reporter && other.period.state_quarter() == Some(quarter)
        };
        let coarsest = figures
            .iter()
            .filter(same_table)
            .map(Figure::signature)
            .filter(|signature| signature & wanted == wanted)
            .min_by_key(|signature| (signature.count_ones(), *signature));
        if coarsest != Some(figure.signature()) {
            continue;
        }
        let codes: Vec<String> =
            by.iter().map(|dimension| figure.dimensions[dimension].clone()).collect();
        *sums.entry((quarter, codes)).or_insert(0) += figure.answer.as_count().unwrap();
    }
    sums
}

fn any_figures() -> impl Strategy<Value = Vec<Figure>> {
    let one = (0..3u8, 0..2u8, 0..3u8, 0..3u8, 0..1000i64).prop_map(
        |(reporter, quarter, kind, age, value)| {
            let mut one = figure(
                ["fresno", "orange", "riverside"][usize::from(reporter)],
                ["2012-Q1", "2012-Q2"][usize::from(quarter)],
                value,
            );
            if kind > 0 {
                one = by(one, Dimension::TraffickingType, ["sex", "labor"][usize::from(kind - 1)]);
            }
            if age > 0 {
                one = by(one, Dimension::Age, ["minor", "adult"][usize::from(age - 1)]);
            }
            one
        },
    );
    prop::collection::vec(one, 1..25).prop_map(|mut figures| {
        figures.sort_by_key(Figure::id);
        figures.dedup_by_key(|figure| figure.id());
        figures
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// SQL and the plain loop agree, for every breakdown.
    #[test]
    fn sql_sums_as_the_rule_says(figures in any_figures()) {
        with_store(async |store| {
            store.accept(&scope(), &sent("aaaa", figures.clone()), None, at()).await.unwrap();
            for by in [&[][..], &[Dimension::TraffickingType], &[Dimension::Age], &[Dimension::TraffickingType, Dimension::Age]] {
                let expected: Vec<(String, Vec<String>, i64)> = by_hand(&figures, by)
                    .into_iter()
                    .map(|((quarter, codes), sum)| (quarter.to_string(), codes, sum))
                    .collect();
                assert_eq!(sums(&store, &all(by)).await, expected);
            }
        });
    }
}
