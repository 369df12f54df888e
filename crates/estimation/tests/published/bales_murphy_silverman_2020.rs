//! Bales, Murphy and Silverman 2020, "How many trafficked people are there in Greater New Orleans?",
//! Journal of Human Trafficking 6(4), and the site "Western", as Chan, Silverman and Vincent
//! 2021, JASA 116(535), section 4.1, and the vignette of their R package
//! MultipleSystemsEstimation print what they estimate from them.
//!
//! **The histories here are made up; published are only their totals.** A log-linear fit has the
//! totals of its terms, so the printed coefficients give the people on each list, and on both lists
//! of a pair that interacts; and the estimate of such a model depends on nothing else.
//! `New_Orleans_totals_186.csv` is also made up so that it has the rows, the overlapping pairs, the
//! deviance and the criterion that are printed. The vignette's copy has 186 people, the paper's 185.

use estimation::loglinear::{Fit, Model, STEPWISE_THRESHOLD, fit, stepwise};
use estimation::{CaptureHistories, ListSet};

use crate::tables::table;

/// On the lists A to H of New Orleans.
const NEW_ORLEANS: [u64; 8] = [31, 6, 76, 40, 12, 7, 8, 22];
/// On A, any of B, E, F and G, C, D, H.
const NEW_ORLEANS_FIVE: [u64; 5] = [31, 32, 76, 40, 22];
const D_AND_E: ListSet = ListSet(0b0001_1000);
const C_AND_D: ListSet = ListSet(0b0000_1100);
const B_E_F_G: ListSet = ListSet(0b0111_0010);

/// On the lists A to E of the Western site, and on both A and E.
const WESTERN: [u64; 5] = [64, 98, 126, 52, 30];
const A_AND_E: ListSet = ListSet(0b1_0001);

/// Made-up histories with these totals: `both` people on exactly the pair, whoever else is on two
/// lists on the first and third, all others on one.
fn made_up(totals: &[u64], seen: u64, pair: ListSet, both: u64) -> CaptureHistories {
    let more = totals.iter().sum::<u64>() - seen - both;
    let first_and_third = ListSet(0b101);
    let overlaps = [(pair, both), (first_and_third, more)];
    let alone = totals.iter().enumerate().map(|(list, total)| {
        let list = ListSet::one(list);
        let elsewhere = overlaps.iter().filter(|(set, _)| set.holds(list)).map(|(_, count)| count);
        (list, total - elsewhere.sum::<u64>())
    });
    let names = ["A", "B", "C", "D", "E", "F", "G", "H"][..totals.len()].iter();
    let names = names.map(ToString::to_string).collect();
    CaptureHistories::new(names, overlaps.into_iter().chain(alone)).expect("a table")
}

fn fitted(histories: &CaptureHistories, pair: Option<ListSet>) -> Fit {
    fit(histories, &Model::of(histories.lists().len(), pair)).expect("an estimate")
}

/// The New Orleans copy with five lists.
fn five(histories: &CaptureHistories) -> CaptureHistories {
    // From the last on, so that the numbers of the others stay.
    let merged = [6, 5, 4]
        .into_iter()
        .fold(histories.clone(), |table, list| table.merged(1, list).expect("several lists"));
    assert_eq!(merged.lists(), ["A", "B+G+F+E", "C", "D", "H"]);
    merged
}

fn totals(histories: &CaptureHistories) -> Vec<u64> {
    (0..histories.lists().len()).map(|list| histories.on_all(ListSet::one(list))).collect()
}

/// Equal as printed with so many decimals.
fn assert_printed(found: f64, printed: f64, decimals: i32) {
    let half = 0.5 * 10_f64.powi(-decimals);
    assert!((found - printed).abs() <= half, "found {found}, printed {printed}");
}

/// Twice what the likelihood falls short of each mean being the count.
fn deviance(histories: &CaptureHistories, fit: &Fit) -> f64 {
    let counts = histories.counts().iter().map(|(_, count)| *count as f64);
    let highest = counts.map(|count| count * libm::log(count) - count - libm::lgamma(count + 1.0));
    2.0 * (highest.sum::<f64>() - fit.log_likelihood)
}

/// Intercept, lists and, last, the pair that interacts.
fn coefficients(histories: &CaptureHistories, fit: &Fit, pair: Option<ListSet>) -> Vec<f64> {
    let either = pair.map(|pair| {
        let singles: u64 = pair.lists().map(|list| histories.on_all(ListSet::one(list))).sum();
        (pair, histories.on_all(pair), singles - histories.on_all(pair))
    });
    let mut found = vec![libm::log(fit.population - histories.people() as f64)];
    for (list, total) in totals(histories).into_iter().enumerate() {
        let of_pair = either.filter(|(pair, ..)| pair.holds(ListSet::one(list)));
        let (on, off) = of_pair.map_or((total, total), |(_, both, either)| (total - both, either));
        found.push(libm::log(on as f64 / (fit.population - off as f64)));
    }
    if let Some((pair, both, either)) = either {
        let neither = fit.population - either as f64;
        let alone: f64 = pair.lists().map(|list| found[1 + list]).sum();
        found.push(libm::log(both as f64 / neither) - alone);
    }
    found
}

fn assert_coefficients(found: &[f64], printed: &[f64]) {
    assert_eq!(found.len(), printed.len());
    found.iter().zip(printed).for_each(|(found, printed)| assert_printed(*found, *printed, 3));
}

#[test]
fn new_orleans_with_186_people_as_the_package_prints_it() {
    let histories = table("New_Orleans_totals_186");
    assert_eq!((histories.people(), histories.counts().len()), (186, 19));
    assert_eq!((totals(&histories), histories.on_all(D_AND_E)), (NEW_ORLEANS.to_vec(), 3));
    let found = stepwise(&histories, STEPWISE_THRESHOLD).unwrap();
    assert_eq!(found.added, [D_AND_E]);
    assert_printed(found.fit.population, 1110.488, 3);
    assert_printed(found.fit.aic, 112.8, 1);
    assert_printed(deviance(&histories, &found.fit), 33.16, 2);
    assert_coefficients(
        &coefficients(&histories, &found.fit, Some(D_AND_E)),
        &[6.829, -3.550, -5.215, -2.611, -3.357, -4.770, -5.060, -4.926, -3.902, 2.258],
    );
    // Not printed; by the formula in docs/METHODS.md.
    assert_printed(fitted(&histories, None).population, 949.470_692, 6);
}

#[test]
fn new_orleans_with_five_lists_as_the_package_prints_it() {
    let histories = five(&table("New_Orleans_totals_186"));
    assert_eq!((histories.people(), histories.counts().len()), (186, 14));
    assert_eq!(totals(&histories), NEW_ORLEANS_FIVE);
    let found = stepwise(&histories, STEPWISE_THRESHOLD).unwrap();
    assert!(found.added.is_empty());
    assert_printed(found.fit.population, 981.4314, 4);
    assert_printed(found.fit.aic, 76.92, 2);
    assert_printed(deviance(&histories, &found.fit), 18.06, 2);
    let printed = [6.679, -3.423, -3.390, -2.478, -3.159, -3.775];
    assert_coefficients(&coefficients(&histories, &found.fit, None), &printed);
}

#[test]
fn new_orleans_with_185_people_as_the_paper_prints_it() {
    let histories = table("New_Orleans_totals_185");
    assert_eq!(histories.people(), 185);
    let found = stepwise(&histories, STEPWISE_THRESHOLD).unwrap();
    assert_eq!(found.added, [D_AND_E]);
    assert_printed(found.fit.population, 1184.0, 0);
    assert_printed(fitted(&histories, None).population, 997.0, 0);
    let five = stepwise(&five(&histories), STEPWISE_THRESHOLD).unwrap();
    assert!(five.added.is_empty());
    assert_printed(five.fit.population, 1034.0, 0);
}

/// Of all 255 histories that the one person could have, the 28 pairs among them.
#[test]
fn only_a_person_on_c_and_d_makes_one_copy_the_other() {
    let explains = |gone: &ListSet| {
        let less = |list: usize| u64::from(gone.holds(ListSet::one(list)));
        let eight: Vec<u64> = (0..8).map(|list| NEW_ORLEANS[list] - less(list)).collect();
        let both = 3 - u64::from(gone.holds(D_AND_E));
        let eight = made_up(&eight, 185, D_AND_E, both);
        let any_of_four = u64::from(gone.0 & B_E_F_G.0 != 0);
        let less = [less(0), any_of_four, less(2), less(3), less(7)];
        let five: Vec<u64> =
            NEW_ORLEANS_FIVE.iter().zip(less).map(|(on, less)| on - less).collect();
        let five = made_up(&five, 185, C_AND_D, 0);
        fitted(&eight, Some(D_AND_E)).population.round() == 1184.0
            && fitted(&eight, None).population.round() == 997.0
            && fitted(&five, None).population.round() == 1034.0
    };
    let found: Vec<ListSet> = (1..256).map(ListSet).filter(explains).collect();
    assert_eq!(found, [C_AND_D]);
}

#[test]
fn western_site_as_the_package_prints_it() {
    let histories = made_up(&WESTERN, 345, A_AND_E, 6);
    assert_eq!((histories.people(), totals(&histories)), (345, WESTERN.to_vec()));
    let found = fitted(&histories, Some(A_AND_E));
    assert_printed(found.population, 2483.384, 3);
    let printed = [7.668, -3.721, -3.192, -2.929, -3.845, -4.603, 2.335];
    assert_coefficients(&coefficients(&histories, &found, Some(A_AND_E)), &printed);
}
