//! Synthetic rows of a small made-up table, from end to end.

use std::collections::HashMap;

use proptest::prelude::*;

use super::marginal::choices;
use super::*;
use crate::budget::{Epsilon, Rho};
use crate::noise::NoiseSource;
use crate::rows::Rows;
use crate::schema::{Schema, SchemaColumn};

fn schema(sizes: &[usize]) -> Schema {
    let column = |(at, &size): (usize, &usize)| SchemaColumn {
        name: format!("c{at}"),
        categories: (1..size).map(|code| format!("v{code}")).collect(),
    };
    Schema { columns: sizes.iter().enumerate().map(column).collect() }
}

/// Columns that hang on each other, and a rare value in the last.
fn example(rows: usize) -> Rows {
    let cell = |row: usize, column: usize| -> u16 {
        let kind = row * 7 % 5;
        match column {
            0 => (kind % 3 + 1) as u16,
            1 => u16::from(kind < 2),
            2 => u16::from(row.is_multiple_of(3) && kind < 2),
            3 => ((row / 5 + kind) % 4) as u16,
            _ => {
                if row.is_multiple_of(40) {
                    6
                } else {
                    (kind + 1) as u16
                }
            }
        }
    };
    let columns = (0..5).map(|column| (0..rows).map(|row| cell(row, column)).collect()).collect();
    Rows::new(schema(&[4, 2, 2, 4, 8]), columns)
}

fn settings(rho: &str) -> MicrodataSettings {
    MicrodataSettings { spend: Spend::Rho(rho.parse().unwrap()), zeros: vec![] }
}

fn made(rows: &Rows, settings: &MicrodataSettings, seed: u64) -> Synthetic {
    synthesize(rows, settings, &mut NoiseSource::test(seed), &mut |_| ()).unwrap()
}

#[test]
fn with_next_to_no_noise_the_marginals_are_those_of_the_rows() {
    let rows = example(600);
    let synthetic = made(&rows, &settings("1000"), 1);
    assert_eq!(synthetic.rows.count(), 600);
    assert_eq!(accuracy(&rows, &synthetic.rows, 1).total_variation, 0.0);
    let pairs = accuracy(&rows, &synthetic.rows, 2);
    assert!(pairs.worst_total_variation < 0.01, "{pairs:?}");
    assert_eq!((pairs.fabricated, pairs.missed), (0, 0));
}

#[test]
fn more_budget_makes_rows_no_worse() {
    let rows = example(2000);
    let distance = |rho: &str| -> f64 {
        let runs = (0..4).map(|seed| made(&rows, &settings(rho), seed).rows);
        runs.map(|synthetic| accuracy(&rows, &synthetic, 2).total_variation).sum::<f64>() / 4.0
    };
    let distances: Vec<f64> = ["0.002", "0.02", "0.2", "2"].map(distance).to_vec();
    assert!(distances.windows(2).all(|pair| pair[1] <= pair[0]), "{distances:?}");
    assert!(distances[3] < 0.2 * distances[0], "{distances:?}");
}

#[test]
fn one_thread_and_two_give_the_same_rows() {
    let rows = example(3000);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| made(&rows, &settings("0.3"), 5))
    };
    let (one, two) = (with(1), with(2));
    assert_eq!(one.rows, two.rows);
    assert_eq!(one.sheet, two.sheet);
}

#[test]
fn what_is_spent_is_what_was_given() {
    let rows = example(500);
    let spend = Spend::Epsilon { epsilon: Epsilon::new(1.0).unwrap(), delta: None, at_most: None };
    let synthetic = made(&rows, &MicrodataSettings { spend, zeros: vec![] }, 3);
    let sheet = &synthetic.sheet;
    assert!(sheet.epsilon <= 1.0 && sheet.epsilon > 0.99, "{}", sheet.epsilon);
    assert_eq!(sheet.rows, synthetic.rows.count() as u64);
    let listed: Rho = sheet.measured.iter().map(|marginal| marginal.rho).sum();
    assert!(listed < synthetic.spent);
    assert!(serde_json::to_string(sheet).unwrap().contains("\"half_width_95\""));

    let given: Rho = "0.4".parse().unwrap();
    let spent = made(&rows, &settings("0.4"), 3).spent;
    assert!(spent <= given && given.minus(spent).unwrap() < Rho::from_billionths(200), "{spent}");
}

#[test]
fn a_plan_says_the_noise_that_is_then_used() {
    let rows = example(500);
    let plan = plan(rows.schema(), 500, "0.4".parse().unwrap()).unwrap();
    let sheet = made(&rows, &settings("0.4"), 3).sheet;
    for (planned, measured) in plan.measured.iter().zip(&sheet.measured) {
        assert_eq!(planned.columns, measured.columns);
        assert!((planned.sigma - measured.sigma).abs() < 1e-3);
    }
    assert_eq!(sheet.measured.len(), plan.measured.len() + plan.selected);
}

#[test]
fn nothing_is_spent_on_what_cannot_be_done() {
    let refused = |rows: &Rows, settings: &MicrodataSettings| {
        synthesize(rows, settings, &mut NoiseSource::test(1), &mut |_| ()).unwrap_err()
    };
    let empty = Rows::new(schema(&[2, 2]), vec![vec![], vec![]]);
    assert!(matches!(refused(&empty, &settings("1")), MicrodataError::Empty));
    let rows = example(50);
    assert!(matches!(refused(&rows, &settings("0.000000001")), MicrodataError::Budget(_)));
    let all = |column: usize, codes: u16| {
        (0..codes).map(move |code| StructuralZero { cells: vec![(column, code)] })
    };
    let mut without_row = settings("1");
    without_row.zeros = all(1, 2).collect();
    let MicrodataError::Zeros(faults) = refused(&rows, &without_row) else { panic!() };
    assert_eq!(faults, [ZeroFault::NoRowLeft]);
    without_row.zeros = vec![
        StructuralZero { cells: vec![(9, 0)] },
        StructuralZero { cells: vec![(1, 0), (1, 1)] },
    ];
    let MicrodataError::Zeros(faults) = refused(&rows, &without_row) else { panic!() };
    assert_eq!(faults, [ZeroFault::NotInSchema(1), ZeroFault::ColumnTwice(2)]);
}

#[test]
fn a_single_column_has_rows_too() {
    let rows = Rows::new(schema(&[3]), vec![vec![0, 1, 1, 2, 2, 2]]);
    let synthetic = made(&rows, &settings("1000"), 1);
    assert_eq!(accuracy(&rows, &synthetic.rows, 1).total_variation, 0.0);
}

/// The same figures by the definition, over a map.
fn by_definition(real: &Rows, synthetic: &Rows, order: usize) -> (f64, u64, u64, u64, u64) {
    let columns = choices(real.schema().columns.len(), order);
    let (mut distance, mut combinations, mut fabricated, mut mass, mut missed) = (0.0, 0, 0, 0, 0);
    for of in &columns {
        let mut counts: HashMap<Vec<u16>, [u64; 2]> = HashMap::new();
        for (which, rows) in [real, synthetic].into_iter().enumerate() {
            for row in 0..rows.count() {
                let codes = of.iter().map(|&column| rows.column(column)[row]).collect();
                counts.entry(codes).or_default()[which] += 1;
            }
        }
        for (codes, [real_count, shown]) in counts {
            let (p, q) =
                (real_count as f64 / real.count() as f64, shown as f64 / synthetic.count() as f64);
            distance += 0.5 * (p - q).abs() / columns.len() as f64;
            if codes.iter().all(|&code| code > 0) {
                combinations += u64::from(shown > 0);
                fabricated += u64::from(shown > 0 && real_count == 0);
                mass += if real_count == 0 { shown } else { 0 };
                missed += u64::from(shown == 0 && real_count >= MISSED_FROM);
            }
        }
    }
    (distance, combinations, fabricated, mass, missed)
}

fn any_rows(most: usize) -> impl Strategy<Value = Rows> {
    let row = (0..4_u16, 0..2_u16, 0..3_u16, 0..5_u16);
    proptest::collection::vec(row, 1..most).prop_map(|rows| {
        let columns = [
            rows.iter().map(|row| row.0).collect(),
            rows.iter().map(|row| row.1).collect(),
            rows.iter().map(|row| row.2).collect(),
            rows.iter().map(|row| row.3).collect(),
        ];
        Rows::new(schema(&[4, 2, 3, 5]), columns.to_vec())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn accuracy_is_what_its_definition_says(real in any_rows(80), synthetic in any_rows(80), order in 1..=4_usize) {
        let found = accuracy(&real, &synthetic, order);
        let (distance, combinations, fabricated, mass, missed) = by_definition(&real, &synthetic, order);
        prop_assert!((found.total_variation - distance).abs() < 1e-12);
        prop_assert_eq!(
            (found.combinations, found.fabricated, found.fabricated_shown, found.missed),
            (combinations, fabricated, mass, missed)
        );
    }

    #[test]
    fn structural_zeros_never_occur(rows in any_rows(120), seed in 0..1000_u64, codes in (0..4_u16, 0..2_u16, 0..3_u16)) {
        let mut settings = settings("0.1");
        settings.zeros = vec![
            StructuralZero { cells: vec![(0, codes.0), (1, codes.1)] },
            StructuralZero { cells: vec![(0, codes.0), (2, codes.2), (3, 0)] },
            StructuralZero { cells: vec![(3, 4)] },
        ];
        let synthetic = made(&rows, &settings, seed).rows;
        for zero in &settings.zeros {
            let occurs = |row: usize| zero.cells.iter().all(|&(column, code)| synthetic.column(column)[row] == code);
            prop_assert!(!(0..synthetic.count()).any(occurs));
        }
    }
}
