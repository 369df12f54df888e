//! What must always hold of suppression and audit, against trying every table.

use std::ops::ControlFlow;

use proptest::prelude::*;

use super::cube::Cube;
use super::dimension::Dimension;
use super::primary::{known_together, primary};
use super::suppress::published;
use super::tests_support::{by_enumeration, cube_of, dimension, grouped, rows_of};
use super::{
    AuditFailure, CubeError, Dominance, Rules, SuppressError, Suppressed, Verdict, Zeros, audit,
    suppress,
};
use crate::attacks::Stop;
use crate::published::{PublishedTable, PublishedValue};
use crate::rows::Amounts;

fn rules(threshold: u64, width: u64) -> Rules {
    Rules { threshold, width, rounds: 40, ..Rules::default() }
}

fn done(cube: &Cube, rules: &Rules) -> Result<Suppressed, SuppressError> {
    suppress(cube, rules, |_| ControlFlow::Continue(()))
}

type Audited = (u64, Option<u64>);

/// The audit's intervals beside those of enumeration, for every hidden cell.
fn compare(table: &PublishedTable, zeros: Zeros) -> Vec<(Audited, (u64, u64))> {
    let rules = Rules { zeros, ..rules(2, 1) };
    let audit = audit(std::slice::from_ref(table), &rules, &Stop::default()).unwrap();
    let all = by_enumeration(table, u64::from(zeros == Zeros::Published));
    let hidden = table.cells.iter().zip(all).filter(|(cell, _)| cell.value.number().is_none());
    let hidden: Vec<(u64, u64)> = hidden.map(|(_, interval)| interval).collect();
    assert_eq!(hidden.len(), audit.cells.len());
    audit.cells.iter().map(|cell| (cell.low, cell.high)).zip(hidden).collect()
}

/// Hides cells by a pattern, zeros all or none, and never the grand total, which comes first.
fn hide(cube: &Cube, pattern: &[bool], zeros: Zeros) -> PublishedTable {
    let cells = cube.values(0).zip(pattern.iter().copied().cycle());
    let mut hidden: Vec<bool> = cells
        .map(|(value, pattern)| if value == 0 { zeros == Zeros::Sensitive } else { pattern })
        .collect();
    hidden[0] = false;
    published(cube, &hidden).remove(0)
}

fn shapes() -> Vec<Vec<Dimension>> {
    vec![
        vec![dimension("a", 2), dimension("b", 3)],
        vec![dimension("a", 2), dimension("b", 2), dimension("c", 2)],
        vec![dimension("a", 2), grouped(dimension("b", 3), "g", &[0, 2])],
    ]
}

fn is_connected_by_two(shape: usize) -> bool {
    shape == 0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Almost nobody anywhere: parts of the equations do not tell, and people change places.
    #[test]
    fn sparse_tables_pass_their_audit(
        counts in proptest::collection::vec(prop_oneof![4 => 0_u64..2, 4 => 1_u64..5, 1 => 5_u64..40], 5 * 4 * 3),
        singletons in any::<bool>(),
    ) {
        let dimensions = [
            grouped(grouped(dimension("a", 5), "north", &[1, 2]), "south", &[3, 4]),
            dimension("b", 4),
            dimension("c", 3),
        ];
        let rows = rows_of(&dimensions, &counts);
        let wanted: [(&str, &[&str]); 2] = [("abc", &["a", "b", "c"]), ("b", &["b"])];
        let cube = Cube::of_people(&rows, &wanted, &dimensions, "people").unwrap();
        let rules = Rules { singletons, ..rules(5, 2) };
        match done(&cube, &rules) {
            Ok(suppressed) => {
                let outside = audit(&suppressed.tables, &rules, &Stop::default()).unwrap();
                prop_assert!(outside.passed());
                // What was seen from inside lies within what is found from outside.
                for (inside, outside) in suppressed.audit.cells.iter().zip(&outside.cells) {
                    prop_assert!(!outside.exact || inside.low >= outside.low);
                    prop_assert!(!outside.exact || outside.high.is_none() || inside.high <= outside.high);
                }
            }
            Err(SuppressError::Unprotectable) => (),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_audit_agrees_with_every_table_there_is(
        shape in 0_usize..3,
        counts in proptest::collection::vec(0_u64..3, 8),
        pattern in proptest::collection::vec(any::<bool>(), 27),
        zeros in prop::sample::select(vec![Zeros::Published, Zeros::Sensitive]),
    ) {
        let dimensions = shapes().swap_remove(shape);
        let counts = &counts[..if shape == 1 { 8 } else { 6 }];
        prop_assume!(counts.iter().sum::<u64>() > 0);
        let table = hide(&cube_of(&dimensions, counts), &pattern, zeros);
        for ((low, high), (least, most)) in compare(&table, zeros) {
            prop_assert!(low <= least && high.is_none_or(|high| most <= high));
            // In two dimensions linear programmes have whole solutions.
            if is_connected_by_two(shape) {
                prop_assert_eq!((low, high), (least, Some(most)));
            }
        }
    }

    #[test]
    fn after_suppression_nothing_small_is_recovered(
        shape in 0_usize..3,
        counts in proptest::collection::vec(0_u64..4, 8),
        width in 1_u64..3,
    ) {
        let dimensions = shapes().swap_remove(shape);
        let counts = &counts[..if shape == 1 { 8 } else { 6 }];
        prop_assume!(counts.iter().sum::<u64>() > 0);
        let cube = cube_of(&dimensions, counts);
        let rules = rules(3, width);
        match done(&cube, &rules) {
            Ok(suppressed) => {
                prop_assert!(suppressed.audit.passed());
                let table = &suppressed.tables[0];
                if table.cells[0].value.number().is_some() {
                    for (cell, (least, most)) in table.cells.iter().zip(by_enumeration(table, 1)) {
                        let hidden = cell.value.number().is_none();
                        prop_assert!(!hidden || least < most);
                    }
                }
                for (cell, value) in table.cells.iter().zip(cube.values(0)) {
                    let small = (1..3).contains(&value);
                    prop_assert!(cell.value.number().is_none_or(|number| number == value && !small));
                }
            }
            Err(SuppressError::Unprotectable) => (),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn larger_linked_and_hierarchical_tables_pass_their_audit(
        counts in proptest::collection::vec(prop_oneof![3 => 0_u64..3, 2 => 0_u64..40], 4 * 3 * 3),
        width in prop::sample::select(vec![1_u64, 4]),
    ) {
        let dimensions =
            [grouped(dimension("a", 4), "north", &[1, 2]), dimension("b", 3), dimension("c", 3)];
        prop_assume!(counts.iter().sum::<u64>() > 20);
        let rows = rows_of(&dimensions, &counts);
        let wanted: [(&str, &[&str]); 2] = [("ab", &["a", "b"]), ("cb", &["c", "b"])];
        let cube = Cube::of_people(&rows, &wanted, &dimensions, "people").unwrap();
        let rules = rules(5, width);
        match done(&cube, &rules) {
            Ok(suppressed) => {
                prop_assert!(audit(&suppressed.tables, &rules, &Stop::default()).unwrap().passed());
                let again = done(&cube, &rules).unwrap();
                prop_assert_eq!(again.tables, suppressed.tables);
            }
            Err(SuppressError::Unprotectable) => (),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }
}

/// Zeros are published, so that a hidden cell has somebody: 1 and 1 add up to 2 in one way only.
#[test]
fn two_hidden_cells_of_one_person_each_are_not_enough() {
    let counts = [0, 0, 0, 0, 0, 1, 1, 10, 0, 5, 5, 10, 0, 20, 20, 20];
    let cube = cube_of(&[dimension("r", 4), dimension("c", 4)], &counts);
    let small: Vec<bool> = cube.values(0).map(|value| (1..10).contains(&value)).collect();
    let found = audit(&published(&cube, &small), &rules(10, 1), &Stop::default()).unwrap();
    assert_eq!(found.recovered, found.cells.len(), "{found:#?}");
    let suppressed = done(&cube, &rules(10, 2)).unwrap();
    let wide =
        |cell: &super::AuditedCell| cell.low >= 1 && cell.high.is_none_or(|high| high > cell.low);
    assert!(suppressed.audit.cells.len() > found.cells.len());
    assert!(suppressed.audit.cells.iter().all(wide), "{:#?}", suppressed.audit);
}

fn people() -> Cube {
    let counts: Vec<u64> = (0..60).map(|number: u64| (number * number * 7 + number) % 23).collect();
    cube_of(&[dimension("a", 5), dimension("b", 4), dimension("c", 3)], &counts)
}

#[test]
fn small_cells_alone_are_recovered() {
    let cube = people();
    let small: Vec<bool> = cube.cells.iter().map(|cell| (1..3).contains(&cell.value)).collect();
    let audit = audit(&published(&cube, &small), &rules(3, 1), &Stop::default()).unwrap();
    assert_eq!(audit.recovered, small.iter().filter(|small| **small).count());
    assert!(audit.recovered > 4);
    let suppressed = done(&cube, &rules(3, 2)).unwrap();
    assert_eq!(suppressed.report.given_away_by_primary_alone, audit.recovered);
    assert!(suppressed.report.secondary > 0);
}

#[test]
fn the_same_on_any_number_of_threads() {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| done(&people(), &rules(5, 4)).unwrap())
    };
    let (one, four) = (on(1), on(4));
    assert_eq!((one.tables, one.audit), (four.tables, four.audit));
}

#[test]
fn somebody_alone_does_not_find_another_small_cell() {
    // One person and two people in a row: together three, which the row's total says.
    let counts = [1, 2, 40, 30, 50, 60, 70, 80, 90];
    let cube = cube_of(&[dimension("a", 3), dimension("b", 3)], &counts);
    let with = Rules { singletons: true, ..rules(3, 1) };
    let suppressed = done(&cube, &with).unwrap();
    // Whoever is the one knows that cell: publish it, and the other must still be safe.
    let mut tables = suppressed.tables;
    for (cell, value) in tables[0].cells.iter_mut().zip(cube.values(0)) {
        if value == 1 {
            cell.value = crate::PublishedValue::Exact(1);
        }
    }
    let seen = audit(&tables, &rules(3, 1), &Stop::default()).unwrap();
    let two = tables[0]
        .cells
        .iter()
        .zip(cube.values(0))
        .filter(|(cell, _)| cell.value.number().is_none());
    let place = two.map(|(_, value)| value).position(|value| value == 2).unwrap();
    assert_eq!(seen.cells[place].verdict, Verdict::WideEnough);
}

#[test]
fn an_earlier_release_is_part_of_the_audit() {
    let cube = people();
    let suppressed = done(&cube, &rules(3, 1)).unwrap();
    let mut earlier = published(&cube, &vec![false; cube.cells()]).remove(0);
    earlier.name = "earlier".to_owned();
    let both = [suppressed.tables[0].clone(), earlier.clone()];
    let audit_of_both = audit(&both, &rules(3, 1), &Stop::default()).unwrap();
    assert_eq!(audit_of_both.recovered, suppressed.audit.cells.len());

    earlier.cells[3].value = crate::PublishedValue::Exact(9_999);
    let both = [suppressed.tables[0].clone(), earlier.clone()];
    assert!(matches!(
        audit(&both, &rules(3, 1), &Stop::default()),
        Err(AuditFailure::Contradiction { .. })
    ));
    earlier.cells.pop();
    assert!(matches!(
        audit(&[earlier], &rules(3, 1), &Stop::default()),
        Err(AuditFailure::Incomplete { .. })
    ));
    assert!(matches!(audit(&[], &rules(3, 1), &Stop::default()), Err(AuditFailure::Nothing)));
}

#[test]
fn out_of_work_is_no_pass() {
    let suppressed = done(&people(), &rules(5, 4)).unwrap();
    let rules = Rules { work_millions: 0, ..rules(5, 4) };
    assert!(matches!(
        audit(&suppressed.tables, &rules, &Stop::default()),
        Err(AuditFailure::OutOfWork { .. })
    ));
    assert!(matches!(done(&people(), &rules), Err(SuppressError::OutOfWork(0))));
}

#[test]
fn bad_rules_are_refused_together() {
    let error = done(&people(), &rules(1, 0)).unwrap_err().to_string();
    assert!(error.contains("threshold of 1") && error.contains("width of 0"), "{error}");
    assert!(audit(&[], &rules(0, 1), &Stop::default()).is_err());
}

#[test]
fn amounts_of_other_rows_and_empty_tables_are_refused() {
    let dimensions = [dimension("a", 2), dimension("b", 2)];
    let rows = rows_of(&dimensions, &[2, 1, 1, 3]);
    let wanted: [(&str, &[&str]); 1] = [("t", &["a", "b"])];
    let amounts = |values: &[u64]| {
        let contributors = (0..values.len() as u32).collect();
        let amounts = Amounts::new("usd".to_owned(), values.to_vec(), contributors);
        Cube::of_amounts(&rows, &wanted, &[], "dollars", &amounts)
    };
    assert_eq!(amounts(&[1, 2]).unwrap_err(), CubeError::Lengths { rows: 7, found: 2 });
    let error = amounts(&[9_999_995, 1, 1, 1, 1, 1, 1]).unwrap_err();
    assert_eq!(error, CubeError::TooLarge { total: 10_000_001 });
    let cube = amounts(&[900, 10, 300, 310, 250, 260, 270]).unwrap();
    let rules =
        Rules { dominance: Some(Dominance::Share { largest: 1, percent: 80.0 }), ..rules(2, 1) };
    let error = done(&people(), &rules).unwrap_err();
    assert!(matches!(error, SuppressError::Rules(_)));
    let suppressed = done(&cube, &rules).unwrap();
    assert!(suppressed.report.primary >= 3);

    let empty = rows_of(&dimensions, &[0, 0, 0, 0]);
    let error = Cube::of_people(&empty, &wanted, &[], "people").unwrap_err();
    assert_eq!(error, CubeError::Empty);
}

/// Amounts of contributors with several rows.
fn cube_of_amounts(counts: &[u64], amounts: &[u64]) -> Cube {
    let rows = rows_of(&[dimension("a", 4), dimension("b", 3)], counts);
    let values = amounts.iter().copied().cycle().take(rows.count()).collect();
    let contributors = (0..rows.count() as u32).map(|row| row / 2 * 2 + row % 5 % 2).collect();
    let amounts = Amounts::new("usd".to_owned(), values, contributors);
    Cube::of_amounts(&rows, &[("t", &["a", "b"])], &[], "dollars", &amounts).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whoever solves the published equations cannot come nearer to a sensitive amount than the rule allows, and
    /// no total tells what is hidden of it together where that is of few.
    #[test]
    fn no_amount_is_known_more_closely_than_the_rule_allows(
        counts in proptest::collection::vec(0_u64..7, 12),
        amounts in proptest::collection::vec(prop_oneof![1_u64..50, 1_u64..5000], 60),
        by_share in any::<bool>(),
    ) {
        prop_assume!(counts.iter().sum::<u64>() > 0);
        let cube = cube_of_amounts(&counts, &amounts);
        let dominance = match by_share {
            true => Dominance::Share { largest: 2, percent: 85.0 },
            false => Dominance::Percent(10.0),
        };
        let rules = Rules { dominance: Some(dominance), ..rules(3, 2) };
        let done = match done(&cube, &rules) {
            Ok(done) => done,
            Err(error) => {
                prop_assert!(matches!(error, SuppressError::Unprotectable), "{error}");
                return Ok(());
            }
        };
        let [table] = done.tables.as_slice() else { panic!("one table") };
        let needs = primary(&cube, &rules);
        // Nothing is as wide as that, so every interval is exact.
        let all = Rules { width: 1_000_000, ..rules };
        let found = audit(&done.tables, &all, &Stop::default()).unwrap();
        for cell in &found.cells {
            let at: Vec<Option<usize>> = table.dimensions.iter().map(|dimension| {
                let (_, word) = cell.at.iter().find(|(name, _)| *name == dimension.name)?;
                dimension.categories.iter().position(|known| known == word)
            }).collect();
            let place = table.cells.iter().position(|known| known.at == at).unwrap();
            let cube_cell = cube.cells_of_table[0][place];
            let value = cube.cells[cube_cell].value;
            prop_assert!(cell.low <= value && cell.high.is_none_or(|high| high >= value));
            if let Some(need) = needs[cube_cell] {
                prop_assert!(cell.low as f64 <= need.low);
                prop_assert!(cell.high.is_none_or(|high| high as f64 >= need.high));
            }
        }
        let mut hidden = vec![false; cube.cells.len()];
        for (cell, &at) in table.cells.iter().zip(&cube.cells_of_table[0]) {
            hidden[at] = matches!(cell.value, PublishedValue::Hidden(_));
        }
        prop_assert_eq!(known_together(&cube, &hidden, &rules), Vec::<usize>::new());
        let shown = table.cells.iter().zip(&cube.cells_of_table[0]);
        for (cell, &at) in shown {
            prop_assert!(needs[at].is_none() || matches!(cell.value, PublishedValue::Hidden(_)));
        }
    }
}

#[test]
fn amounts_and_counts_are_audited_apart() {
    let amounts = cube_of_amounts(&[3; 12], &[100, 90, 80, 70, 60]);
    let rules = Rules { dominance: Some(Dominance::Percent(10.0)), ..rules(2, 2) };
    let mut tables = done(&amounts, &rules).unwrap().tables;
    tables.extend(done(&people(), &Rules { dominance: None, ..rules.clone() }).unwrap().tables);
    assert!(audit(&tables, &rules, &Stop::default()).unwrap().passed());
    // As if they counted the same they would contradict one another.
    tables.iter_mut().for_each(|table| table.amount = None);
    assert!(audit(&tables, &rules, &Stop::default()).is_err());
}

#[test]
fn an_audit_can_be_stopped() {
    let tables = done(&people(), &rules(5, 4)).unwrap().tables;
    let stop = Stop::default();
    stop.set();
    assert_eq!(audit(&tables, &rules(5, 4), &stop), Err(AuditFailure::Stopped));
}

/// One contributor has all of two cells; each alone is missed by enough, and what they have together would
/// follow from the total and the cells that are shown.
#[test]
fn hidden_cells_of_one_contributor_are_not_known_together() {
    let dimensions = [dimension("a", 3), dimension("b", 4)];
    // a1: 100 and 50 of one contributor, the rest of five contributors each.
    let counts = [5, 5, 5, 5, 1, 1, 5, 5, 5, 5, 5, 5];
    let rows = rows_of(&dimensions, &counts);
    let (mut values, mut contributors) = (Vec::new(), Vec::new());
    for (cell, &count) in counts.iter().enumerate() {
        for _ in 0..count {
            let is_one = cell == 4 || cell == 5;
            values.push(if is_one { [100, 50][cell - 4] } else { 100 });
            contributors.push(if is_one { 0 } else { values.len() as u32 });
        }
    }
    let amounts = Amounts::new("usd".to_owned(), values, contributors);
    let cube = Cube::of_amounts(&rows, &[("t", &["a", "b"])], &[], "dollars", &amounts).unwrap();
    let rules = Rules { dominance: Some(Dominance::Percent(10.0)), ..rules(3, 2) };
    let done = done(&cube, &rules).unwrap();
    let hidden: Vec<bool> = {
        let mut hidden = vec![false; cube.cells.len()];
        for (cell, &at) in done.tables[0].cells.iter().zip(&cube.cells_of_table[0]) {
            hidden[at] = matches!(cell.value, PublishedValue::Hidden(_));
        }
        hidden
    };
    // The two alone would be known together; with what is hidden they are not.
    let small: Vec<bool> = primary(&cube, &rules).iter().map(Option::is_some).collect();
    assert!(!known_together(&cube, &small, &rules).is_empty());
    assert!(known_together(&cube, &hidden, &rules).is_empty());
    assert_eq!(small.iter().filter(|small| **small).count(), 2);
}
