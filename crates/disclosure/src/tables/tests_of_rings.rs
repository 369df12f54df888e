//! Tables whose dimensions go around in a ring: what they give away together.

use std::ops::ControlFlow;

use proptest::prelude::*;

use super::cube::Cube;
use super::suppress::published;
use super::tests_support::{dimension, rows_of};
use super::{AuditFailure, CubeError, Rules, SuppressError, audit, suppress};
use crate::attacks::Stop;
use crate::published::{PublishedTable, PublishedValue};
use crate::rows::Rows;
use crate::schema::{Schema, SchemaColumn};

const RING: [(&str, &[&str]); 3] = [("ab", &["a", "b"]), ("ac", &["a", "c"]), ("bc", &["b", "c"])];

fn ring(sizes: [usize; 3], people: &[(usize, usize, usize, u64)]) -> Cube {
    let mut counts = vec![0; sizes.iter().product()];
    for &(a, b, c, count) in people {
        counts[(a * sizes[1] + b) * sizes[2] + c] += count;
    }
    let dimensions = [dimension("a", sizes[0]), dimension("b", sizes[1]), dimension("c", sizes[2])];
    Cube::of_people(&rows_of(&dimensions, &counts), &RING, &dimensions, "people").unwrap()
}

/// Everybody of b1 is of c0 and the other way round, so two tables say the same of them.
fn leaking() -> Cube {
    let people = [
        (1, 1, 0, 3),
        (1, 2, 1, 1),
        (1, 2, 2, 30),
        (2, 1, 0, 3),
        (2, 2, 1, 1),
        (2, 3, 1, 2),
        (2, 3, 3, 30),
        (3, 1, 0, 20),
        (3, 2, 0, 0),
        (3, 2, 1, 20),
        (3, 3, 1, 20),
    ];
    ring([4, 4, 4], &people)
}

fn rules(width: u64) -> Rules {
    Rules { width, rounds: 40, ..Rules::default() }
}

#[test]
fn what_no_sum_gives_away_the_counts_behind_do() {
    let cube = leaking();
    let small = |value: u64| (1..10).contains(&value);
    // The cell with 31 people makes all intervals three wide, as far as sums go.
    let hidden: Vec<bool> =
        cube.cells.iter().map(|cell| small(cell.value) || cell.value == 31).collect();
    let tables = published(&cube, &hidden);
    let alone = |table: usize| {
        audit(&tables[table..=table], &rules(1), &Stop::default()).unwrap().recovered
    };
    assert_eq!([alone(0), alone(1)], [0, 0]);
    let together = audit(&tables, &rules(1), &Stop::default()).unwrap();
    assert_eq!(together.recovered, together.cells.len(), "{together:#?}");

    let suppressed = suppress(&cube, &rules(2), |_| ControlFlow::Continue(()));
    let suppressed = suppressed.unwrap();
    assert!(audit(&suppressed.tables, &rules(2), &Stop::default()).unwrap().passed());
    assert!(suppressed.audit.cells.len() > together.cells.len());
}

/// The least and greatest whole number of each hidden cell, over all joint tables that agree with everything
/// that is published, hidden cells being one at least. Tries them all.
fn by_enumeration(tables: &[PublishedTable], sizes: [usize; 3]) -> Vec<(u64, u64)> {
    let total = tables[0].at(&[None, None]).and_then(PublishedValue::number).unwrap();
    let mut found = Vec::new();
    for table in tables {
        let hidden = table.cells.iter().filter(|cell| cell.value.number().is_none());
        found.extend(hidden.map(|_| (u64::MAX, 0)));
    }
    let mut joint = vec![0_u64; sizes.iter().product()];
    fill(tables, sizes, &mut joint, 0, total, &mut found);
    found
}

fn fill(
    tables: &[PublishedTable],
    sizes: [usize; 3],
    joint: &mut [u64],
    at: usize,
    left: u64,
    found: &mut [(u64, u64)],
) {
    if at == joint.len() {
        if left > 0 {
            return;
        }
        let mut sums = Vec::new();
        for table in tables {
            for cell in &table.cells {
                let of = |name: &str| {
                    table
                        .dimensions
                        .iter()
                        .position(|of| of.name == name)
                        .and_then(|at| cell.at[at])
                };
                let places = ["a", "b", "c"].map(of);
                let within = |number: usize| {
                    let place = [
                        number / sizes[2] / sizes[1],
                        number / sizes[2] % sizes[1],
                        number % sizes[2],
                    ];
                    places.iter().zip(place).all(|(at, place)| at.is_none_or(|at| at == place))
                };
                let sum: u64 =
                    joint.iter().enumerate().filter(|(at, _)| within(*at)).map(|(_, of)| of).sum();
                match cell.value.number() {
                    Some(number) if number != sum => return,
                    Some(_) => (),
                    None if sum == 0 => return,
                    None => sums.push(sum),
                }
            }
        }
        for (found, sum) in found.iter_mut().zip(sums) {
            *found = (found.0.min(sum), found.1.max(sum));
        }
        return;
    }
    for count in 0..=left {
        joint[at] = count;
        fill(tables, sizes, joint, at + 1, left - count, found);
    }
    joint[at] = 0;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// No joint table is outside the audit's intervals, and what passes leaves each hidden cell two
    /// values at least.
    #[test]
    fn the_audit_knows_every_joint_table(
        people in proptest::collection::vec(0_u64..3, 8),
        pattern in proptest::collection::vec(any::<bool>(), 19),
    ) {
        prop_assume!((1..9).contains(&people.iter().sum::<u64>()));
        let counts: Vec<(usize, usize, usize, u64)> =
            people.iter().enumerate().map(|(at, &count)| (at / 4, at / 2 % 2, at % 2, count)).collect();
        let cube = ring([2, 2, 2], &counts);
        let hidden: Vec<bool> = cube
            .cells
            .iter()
            .zip(&pattern)
            .map(|(cell, pattern)| *pattern && cell.value > 0 && cell.at.iter().any(Option::is_some))
            .collect();
        let tables = published(&cube, &hidden);
        let found = audit(&tables, &Rules { threshold: 2, width: 1, ..Rules::default() }, &Stop::default()).unwrap();
        // A cell that two tables share is audited once.
        let mut seen = std::collections::HashSet::new();
        let once: Vec<bool> = tables
            .iter()
            .flat_map(|table| table.cells.iter().map(move |cell| (table, cell)))
            .filter(|(_, cell)| cell.value.number().is_none())
            .map(|(table, cell)| {
                let at = cell.at.iter().zip(&table.dimensions);
                let at = at.filter_map(|(at, of)| at.map(|at| (of.name.clone(), at)));
                seen.insert(at.collect::<Vec<_>>())
            })
            .collect();
        let tried = by_enumeration(&tables, [2, 2, 2]);
        let tried: Vec<_> = tried.into_iter().zip(once).filter(|(_, once)| *once).map(|(of, _)| of).collect();
        prop_assert_eq!(tried.len(), found.cells.len());
        for (cell, (least, most)) in found.cells.iter().zip(tried) {
            prop_assert!(cell.low <= least && cell.high.is_none_or(|high| most <= high));
            if found.passed() {
                prop_assert!(least < most, "{:?}", cell);
            }
        }
    }
}

#[test]
fn too_many_combinations_are_refused() {
    // 90 x 90 x 90 of which each pair has people: more than can be tried.
    let people: Vec<(usize, usize, usize, u64)> = (0..90 * 90)
        .flat_map(|pair| {
            let (a, b) = (pair / 90, pair % 90);
            [(a, b, 0, 20), (a, 0, b, 20), (0, a, b, 20)]
        })
        .collect();
    let cube = ring([90, 90, 90], &people);
    let mut hidden = vec![false; cube.cells()];
    assert!(audit(&published(&cube, &hidden), &rules(2), &Stop::default()).unwrap().passed());
    let innermost = |cell: &usize| cube.cells[*cell].at.iter().flatten().count() == 2;
    hidden[(0..cube.cells()).find(innermost).unwrap()] = true;
    let tables = published(&cube, &hidden);
    assert_eq!(
        audit(&tables, &rules(2), &Stop::default()).unwrap_err(),
        AuditFailure::TooManyCombinations
    );
    let refused = suppress(&cube, &rules(2), |_| ControlFlow::Continue(()));
    let refused = refused.unwrap_err();
    assert!(
        matches!(refused, SuppressError::Audit(AuditFailure::TooManyCombinations)),
        "{refused}"
    );
}

#[test]
fn columns_that_follow_from_one_another_are_not_published_apart() {
    let words = |name: &str, categories: &[&str]| SchemaColumn {
        name: name.to_owned(),
        categories: categories.iter().map(|&category| category.to_owned()).collect(),
    };
    let schema = Schema {
        columns: vec![
            words("type", &["sexual", "labour", "both"]),
            words("isSexual", &["yes", "no"]),
            words("gender", &["f", "m"]),
        ],
    };
    let types: Vec<u16> = (0..60).map(|row| 1 + row % 3).collect();
    let sexual = types.iter().map(|&of| if of == 2 { 2 } else { 1 }).collect();
    let gender = (0..60).map(|row| 1 + row / 7 % 2).collect();
    let rows = Rows::new(schema, vec![types, sexual, gender]);
    let cube = |wanted: &[(&str, &[&str])]| Cube::of_people(&rows, wanted, &[], "people");
    let apart = cube(&[("t", &["type", "gender"]), ("s", &["isSexual", "gender"])]).unwrap_err();
    assert_eq!(apart, CubeError::Follows(vec![("isSexual".to_owned(), "type".to_owned())]));
    assert!(cube(&[("t", &["type", "isSexual"]), ("g", &["type", "gender"])]).is_ok());
    assert!(cube(&[("g", &["gender"]), ("t", &["type"])]).is_ok());
}
