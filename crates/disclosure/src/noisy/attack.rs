//! The best attack on quarterly tables, for tests: who knows everybody else, and guesses from all
//! noised counts of twelve quarters whether one person is in the data.

use super::tests::{question, rows, schema};
use super::{NoisyDesign, measure};
use crate::budget::{Delta, Rho, attack_success_bound, epsilon_at};
use crate::noise::NoiseSource;
use crate::rows::Rows;
use crate::schema::Schema;

const QUARTERS: u64 = 12;
const TRIALS: u64 = 300;

fn with_one_more(schema: &Schema, others: &Rows) -> Rows {
    let columns = (0..schema.columns.len())
        .map(|column| {
            let mut codes = others.column(column).to_vec();
            codes.push(1);
            codes
        })
        .collect();
    Rows::new(schema.clone(), columns)
}

/// By how much the counts favour that the person is there: the logarithm of the likelihood ratio.
fn favour(design: &NoisyDesign, others: &Rows, person: &Rows, seed: u64, there: bool) -> f64 {
    let rows = if there { person } else { others };
    let counts = measure(design, rows, &mut NoiseSource::test(seed)).unwrap();
    counts
        .margins()
        .zip(&design.counted)
        .map(|((margin, noised), counted)| {
            let at = super::cube::axes(margin).fold(0, |at, axis| at * design.cube.sizes[axis] + 1);
            let without = (0..others.count())
                .filter(|&row| super::cube::axes(margin).all(|axis| others.column(axis)[row] == 1))
                .count() as f64;
            let off = noised[at] as f64 - without;
            (2.0 * off - 1.0) / (2.0 * counted.noise.variance())
        })
        .sum()
}

#[test]
fn nobody_is_right_more_often_than_the_bound_over_twelve_quarters() {
    let schema = schema(&[3, 2]);
    let others = rows(&schema, 40, 7);
    let person = with_one_more(&schema, &others);
    let total: Rho = "0.25".parse().unwrap();
    let quarters = total.split(&[1.0; QUARTERS as usize]);
    let designs: Vec<NoisyDesign> = quarters
        .iter()
        .map(|&rho| NoisyDesign::new(&schema, question(&schema), rho).unwrap())
        .collect();
    assert_eq!(designs.iter().map(NoisyDesign::rho).sum::<Rho>(), total);
    assert!(epsilon_at(total, Delta::LEDGER) < 4.0);
    let right = (0..TRIALS)
        .filter(|trial| {
            let there = trial.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 63 == 1;
            let favour: f64 = (0_u64..)
                .zip(&designs)
                .map(|(quarter, design)| {
                    favour(design, &others, &person, trial * QUARTERS + quarter, there)
                })
                .sum();
            (favour > 0.0) == there
        })
        .count() as f64
        / TRIALS as f64;
    let error = (0.25 / TRIALS as f64).sqrt();
    assert!(right <= attack_success_bound(total) + 2.0 * error, "{right}");
    // The attack is one: it reaches what normal noise of this cost allows, Φ(√(ρ/2)) = 0.638.
    assert!((right - 0.638).abs() < 3.0 * error, "{right}");
}
