use proptest::prelude::*;

use super::*;
use crate::budget::Rho;
use crate::noise::NoiseSource;
use crate::published::PublishedValue;
use crate::rows::Rows;
use crate::schema::{Schema, SchemaColumn};

pub(super) fn schema(sizes: &[u16]) -> Schema {
    let column = |(index, &size): (usize, &u16)| SchemaColumn {
        name: format!("c{index}"),
        categories: (0..size).map(|category| format!("k{category}")).collect(),
    };
    Schema { columns: sizes.iter().enumerate().map(column).collect() }
}

pub(super) fn question(schema: &Schema) -> NoisyQuestion {
    NoisyQuestion {
        name: "test".to_owned(),
        counted: "people".to_owned(),
        dimensions: schema.columns.iter().map(|column| column.name.clone()).collect(),
        groups: Vec::new(),
        structural_zeros: Vec::new(),
        rows_per_person: 1,
    }
}

/// Sparse and skewed: low codes are common.
pub(super) fn rows(schema: &Schema, count: usize, seed: u64) -> Rows {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let columns = schema
        .columns
        .iter()
        .map(|column| {
            (0..count).map(|_| (next() * next() * next() * column.codes() as f64) as u16).collect()
        })
        .collect();
    Rows::new(schema.clone(), columns)
}

fn design(schema: &Schema, rho: &str) -> NoisyDesign {
    NoisyDesign::new(schema, question(schema), rho.parse().unwrap()).unwrap()
}

fn truth(design: &NoisyDesign, rows: &Rows) -> Vec<i64> {
    // Noise of next to nothing: counts as they are.
    let exact = NoisyDesign::new(
        &design.schema,
        question(&design.schema),
        Rho::from_billionths(900_000_000_000),
    )
    .unwrap();
    let table = measure(&exact, rows, &mut NoiseSource::test(0)).unwrap().fit();
    table.table().cells.iter().map(|cell| cell.value.number().unwrap() as i64).collect()
}

fn numbers(table: &NoisyTable) -> Vec<(i64, i64, i64)> {
    table
        .table()
        .cells
        .iter()
        .map(|cell| match cell.value {
            PublishedValue::Noised { value, low, high } => (value as i64, low as i64, high as i64),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn without_noise_to_speak_of_the_table_is_the_count() {
    let schema = schema(&[3, 4, 2]);
    let rows = rows(&schema, 500, 1);
    let design = design(&schema, "900");
    let table = measure(&design, &rows, &mut NoiseSource::test(1)).unwrap().fit();
    for cell in &table.table().cells {
        let expected = (0..rows.count())
            .filter(|&row| {
                cell.at.iter().enumerate().all(|(axis, place)| {
                    place.is_none_or(|place| usize::from(rows.column(axis)[row]) == place)
                })
            })
            .count();
        assert_eq!(cell.value.number(), Some(expected as u64), "{:?}", cell.at);
    }
}

/// What is promised for every number: at least 95 in 100 intervals hold the true count; and what a
/// reader is told of the accuracy is what comes out.
#[test]
fn intervals_cover_and_estimates_are_unbiased() {
    let schema = schema(&[5, 3, 7]);
    let rows = rows(&schema, 400, 2);
    for rho in ["0.02", "0.25", "3"] {
        let design = design(&schema, rho);
        let truth = truth(&design, &rows);
        let margins = design.cube.margins();
        let trials = 200;
        let mut covered = vec![0_u64; design.cube.finest() + 1];
        let mut squares = vec![0.0; design.cube.finest() + 1];
        for trial in 0..trials {
            let counts = measure(&design, &rows, &mut NoiseSource::test(trial)).unwrap();
            let unbiased = counts.unbiased();
            for (at, &(value, low, high)) in numbers(&counts.fit()).iter().enumerate() {
                assert!(low <= value && value <= high);
                let margin = usize::from(margins[at]);
                covered[margin] += u64::from(low <= truth[at] && truth[at] <= high);
                let off = unbiased[at] - truth[at] as f64;
                squares[margin] += off * off;
            }
        }
        for margin in 0..=design.cube.finest() {
            let numbers = (trials * design.cube.cells(margin) as u64) as f64;
            let share = covered[margin] as f64 / numbers;
            // Three standard errors of a share over trials, numbers of one trial being dependent.
            let error = (0.05 * 0.95 / trials as f64).sqrt();
            assert!(
                share >= 0.95 - 3.0 * error / (design.cube.cells(margin) as f64).sqrt(),
                "{rho} {margin}: {share}"
            );
            let variance = squares[margin] / numbers;
            let told = design.variance(margin);
            assert!((variance / told - 1.0).abs() < 0.4, "{rho} {margin}: {variance} {told}");
        }
    }
}

/// A sparse table is not filled with people by what is cut off below zero.
#[test]
fn totals_of_sparse_tables_are_not_biased() {
    let schema = schema(&[19, 9, 4]);
    let rows = rows(&schema, 300, 3);
    let design = design(&schema, "0.1");
    let total_deviation = design.variance(0).sqrt();
    let trials = 40;
    let off: f64 = (0..trials)
        .map(|trial| {
            let table = measure(&design, &rows, &mut NoiseSource::test(trial)).unwrap().fit();
            table.table().at(&[None, None, None]).unwrap().number().unwrap() as f64 - 300.0
        })
        .sum::<f64>()
        / trials as f64;
    // Cut off one by one, a thousand cells would add hundreds.
    assert!(off.abs() < 5.0 * total_deviation / (trials as f64).sqrt() + 1.0, "{off}");
}

#[test]
fn structural_zeros_stay_zero_and_so_do_their_totals() {
    let schema = schema(&[2, 3]);
    let rows = rows(&schema, 50, 4);
    let zeros = vec![vec![Some(2), None], vec![Some(0), Some(3)]];
    let asked = NoisyQuestion { structural_zeros: zeros, ..question(&schema) };
    let design = NoisyDesign::new(&schema, asked, "0.01".parse().unwrap()).unwrap();
    for seed in 0..20 {
        let table = measure(&design, &rows, &mut NoiseSource::test(seed)).unwrap().fit();
        let nothing = PublishedValue::Noised { value: 0, low: 0, high: 0 };
        assert_eq!(table.table().at(&[Some(2), None]), Some(nothing));
        assert_eq!(table.table().at(&[Some(2), Some(1)]), Some(nothing));
        assert_eq!(table.table().at(&[Some(0), Some(3)]), Some(nothing));
    }
}

#[test]
fn groups_are_sums_with_intervals_that_cover() {
    let schema = schema(&[5, 2]);
    let rows = rows(&schema, 200, 5);
    let group = |name: &str, codes: &[u16]| Group {
        dimension: "c0".to_owned(),
        name: name.to_owned(),
        codes: codes.to_vec(),
    };
    let groups = vec![group("north", &[1, 2]), group("coast", &[1, 2, 3, 5])];
    let asked = NoisyQuestion { groups, ..question(&schema) };
    let design = NoisyDesign::new(&schema, asked, "0.05".parse().unwrap()).unwrap();
    let truth = |codes: &[u16], sex: Option<u16>| {
        (0..rows.count())
            .filter(|&row| codes.contains(&rows.column(0)[row]))
            .filter(|&row| sex.is_none_or(|sex| rows.column(1)[row] == sex))
            .count() as u64
    };
    let cases: [(usize, &[u16], Option<u16>); 4] = [
        (6, &[1, 2], None),
        (6, &[1, 2], Some(1)),
        (7, &[1, 2, 3, 5], None),
        (7, &[1, 2, 3, 5], Some(0)),
    ];
    let mut covered = 0;
    for seed in 0..200 {
        let table = measure(&design, &rows, &mut NoiseSource::test(seed)).unwrap().fit();
        let table = table.table();
        let parents = [None, Some(6), Some(6), Some(7), None, Some(7), Some(7), None];
        assert_eq!(table.dimensions[0].parents, parents);
        for (place, codes, sex) in cases {
            let at = |place: usize| table.at(&[Some(place), sex.map(usize::from)]).unwrap();
            let PublishedValue::Noised { value, low, high } = at(place) else { panic!() };
            let sum: u64 = codes.iter().map(|&code| at(usize::from(code)).number().unwrap()).sum();
            assert_eq!(value, sum);
            covered += u32::from((low..=high).contains(&truth(codes, sex)));
        }
    }
    assert!(covered >= 740, "{covered} of 800");
    let wrong = vec![group("", &[1]), group("k0", &[1]), group("x", &[9]), group("y", &[1, 1])];
    let asked = NoisyQuestion { groups: wrong, ..question(&schema) };
    let error = NoisyDesign::new(&schema, asked, "1".parse().unwrap()).unwrap_err();
    assert!(matches!(error, NoisyError::Invalid(faults) if faults.len() == 4));
}

#[test]
fn everything_wrong_with_a_question_is_said() {
    let schema = schema(&[2, 3]);
    let asked = NoisyQuestion {
        name: String::new(),
        dimensions: vec!["c0".to_owned(), "c0".to_owned(), "age".to_owned()],
        rows_per_person: 0,
        ..question(&schema)
    };
    let error = NoisyDesign::new(&schema, asked, "1".parse().unwrap()).unwrap_err();
    assert!(matches!(error, NoisyError::Invalid(faults) if faults.len() == 4));
    let nothing = NoisyDesign::new(&schema, question(&schema), Rho::ZERO);
    assert!(matches!(nothing, Err(NoisyError::Budget(_))));
    let other = rows(&self::schema(&[2, 2]), 5, 1);
    let design = design(&schema, "1");
    assert_eq!(
        measure(&design, &other, &mut NoiseSource::test(1)).unwrap_err(),
        NoisyError::OtherSchema
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Every number is the sum of its parts, none is below zero, and noise with a seed is known.
    #[test]
    fn tables_are_consistent(
        sizes in proptest::collection::vec(1..6_u16, 1..4), people in 0..300_usize,
        billionths in 100_000..5_000_000_000_u64, seed: u64,
    ) {
        let schema = schema(&sizes);
        let rows = rows(&schema, people, seed);
        let rho = Rho::from_billionths(billionths);
        let design = NoisyDesign::new(&schema, question(&schema), rho).unwrap();
        prop_assert_eq!(design.rho(), rho);
        prop_assert_eq!(design.parts().iter().map(|part| part.rho).sum::<Rho>(), rho);
        let counts = measure(&design, &rows, &mut NoiseSource::test(seed)).unwrap();
        let table = counts.fit();
        prop_assert!(!table.releasable());
        prop_assert_eq!(&table, &counts.fit());
        let values: Vec<i64> = numbers(&table).into_iter().map(|(value, _, _)| value).collect();
        let mut sums = values.clone();
        design.cube.sum_up(&mut sums);
        prop_assert_eq!(sums, values);
    }
}
