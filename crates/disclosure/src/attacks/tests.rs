//! Each attack on a release that leaks, and on one that does not.

mod of_numbers;

use proptest::prelude::*;

use super::made_up::people;
use super::random::{generator, sample, subset, together};
use super::*;
use crate::rows::Rows;

fn trials(stop: &Stop, seed: u64) -> Trials<'_> {
    Trials { number: 400, seed, stop }
}

/// Everything that is done to released rows.
fn on_rows(rows: &Rows, released: &Rows, holdout: Option<&Rows>, seed: u64) -> Vec<Attack> {
    let stop = Stop::default();
    let trials = trials(&stop, seed);
    let known = quasi_identifiers(rows.schema(), &[]).unwrap();
    assert_eq!(known, [0, 1, 2, 3]);
    let mut attacks = vec![
        membership_by_marginals(rows, released, holdout, 0.05, trials).unwrap(),
        membership_by_nearest(rows, released, holdout, 0.05, trials).unwrap(),
        singling_out(rows, released, 0.05, trials).unwrap(),
        singling_out_by_one_column(rows, released, 0.05, trials).unwrap(),
    ];
    attacks.extend(linkage(rows, released, &known, 0.05, trials).unwrap());
    attacks
}

fn vetoes(attacks: &[Attack]) -> Vec<&str> {
    let vetoes = attacks.iter().filter(|attack| attack.verdict == Verdict::Veto);
    vetoes.map(|attack| attack.name.as_str()).collect()
}

#[test]
fn the_rows_themselves_are_vetoed_by_every_attack_that_has_a_target() {
    let rows = people(2000, 1);
    let attacks = on_rows(&rows, &rows, None, 1);
    let expected = [
        "membership by marginals",
        "membership by the nearest row",
        "singling out",
        "linkage, the whole row",
        "linkage, one secret",
    ];
    assert_eq!(vetoes(&attacks), expected, "{attacks:#?}");
    assert!(attacks[0].area_under_curve.unwrap() > 0.95);
}

#[test]
fn with_a_holdout_too() {
    let (rows, holdout) = (people(2000, 1), people(2000, 2));
    let leaky = on_rows(&rows, &rows, Some(&holdout), 1);
    assert_eq!(vetoes(&leaky[..2]).len(), 2, "{leaky:#?}");
    let harmless = on_rows(&rows, &people(2000, 3), Some(&holdout), 1);
    assert_eq!(vetoes(&harmless), [""; 0], "{harmless:#?}");
}

#[test]
fn a_third_of_the_rows_among_others_is_found() {
    let rows = people(2000, 1);
    let third = subset(&rows, &sample(&mut generator(9, 9), 2000, 700));
    let released = together(&[&third, &people(1300, 4)]).unwrap();
    let attacks = on_rows(&rows, &released, None, 1);
    assert!(vetoes(&attacks).contains(&"membership by the nearest row"), "{attacks:#?}");
}

#[test]
fn people_drawn_anew_are_not_vetoed() {
    for seed in 10..14 {
        let attacks = on_rows(&people(2000, seed), &people(2000, 100 + seed), None, seed);
        assert_eq!(vetoes(&attacks), [""; 0], "{attacks:#?}");
        for attack in &attacks[..2] {
            assert!((attack.success - 0.5).abs() < 0.1, "{attack:#?}");
        }
    }
}

/// Each column drawn by itself: rows that are worse than the people leak nothing either.
#[test]
fn columns_drawn_alone_are_not_vetoed() {
    let (rows, other) = (people(2000, 1), people(2000, 2));
    let columns = (0..14)
        .map(|column| {
            let order = sample(&mut generator(5, column as u64), 2000, 2000);
            order.into_iter().map(|row| other.column(column)[row]).collect()
        })
        .collect();
    let released = Rows::new(rows.schema().clone(), columns);
    let attacks = on_rows(&rows, &released, None, 1);
    assert_eq!(vetoes(&attacks), [""; 0], "{attacks:#?}");
}

#[test]
fn one_thread_says_the_same_as_many() {
    let (rows, released) = (people(300, 1), people(300, 2));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let alone = one.install(|| on_rows(&rows, &released, None, 1));
    assert_eq!(alone, on_rows(&rows, &released, None, 1));
}

#[test]
fn names_of_quasi_identifiers_are_checked() {
    let rows = people(2, 1);
    let named = |name: &str| quasi_identifiers(rows.schema(), &[name.to_owned()]);
    assert_eq!(named("means 3").unwrap(), [7]);
    assert!(matches!(named("nom"), Err(AttackError::QuasiIdentifiers(names)) if names == ["nom"]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// The same seed, the same answer; and shares that are shares, whatever is released.
    #[test]
    fn attacks_are_functions_of_their_seed(seed in 0_u64..1000, few in 2_usize..40, shown in 1_usize..40) {
        let (rows, released) = (people(few, seed), people(shown, seed + 1));
        let attacks = on_rows(&rows, &released, None, seed);
        prop_assert_eq!(&attacks, &on_rows(&rows, &released, None, seed));
        for attack in attacks {
            prop_assert!((0.0..=1.0).contains(&attack.success) && (0.0..=1.0).contains(&attack.baseline));
        }
    }

    /// Nobody is singled out by categories that no person has.
    #[test]
    fn descriptions_of_nobody_fit_nobody(seed in 0_u64..1000) {
        let rows = people(100, seed);
        let columns = (0..14).map(|column| if column == 2 { vec![0; 50] } else { rows.column(column)[..50].to_vec() });
        let nobody = Rows::new(rows.schema().clone(), columns.collect());
        let stop = Stop::default();
        let attack = singling_out_by_one_column(&rows, &nobody, 0.05, trials(&stop, seed)).unwrap();
        prop_assert!(attack.verdict != Verdict::Veto);
    }
}
