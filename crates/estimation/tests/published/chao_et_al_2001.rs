//! Chao, Tsay, Lin, Shau and Chao 2001, "The applications of capture-recapture models to
//! epidemiological data", Statistics in Medicine 20: hepatitis A, where coverage is low, and
//! diabetes, where it is high. Whole people as in their package CARE1.

use estimation::sample_coverage::sample_coverage;

use crate::tables::table;

#[test]
fn hepatitis_a_with_low_coverage() {
    let found = sample_coverage(&table("HAV")).unwrap();
    assert_eq!((100.0 * found.coverage).round(), 51.0);
    assert_eq!(found.one_step.round(), 508.0);
    assert_eq!(found.population(), found.one_step);
    // Three overlaps of two, all too large for independence.
    assert!(found.dependences.iter().all(|pair| pair.coefficient > 0.0), "{found:?}");
}

#[test]
fn diabetes_with_high_coverage() {
    let found = sample_coverage(&table("Diabetes")).unwrap();
    assert_eq!(found.population().round(), 2_609.0);
    assert_eq!(found.high_coverage, Some(found.population()));
}
