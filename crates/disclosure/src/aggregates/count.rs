//! Every combination of categories that at least `k` rows share, one column added at a time.
//!
//! A combination that `k` people share is made of shorter ones that at least `k` share (Agrawal
//! and Srikant 1994), so only rows in such a shorter one are looked at again.

use rayon::prelude::*;

use super::{AggregatePlan, Combination};
use crate::rows::Rows;
use crate::schema::BLANK;

/// The rows that are in some combination of the columns so far, and which one each is in.
struct Shared {
    rows: Vec<u32>,
    group_of_row: Vec<u32>,
    groups: Vec<Vec<(u16, u16)>>,
}

pub(super) fn combinations(rows: &Rows, plan: AggregatePlan) -> Vec<Combination> {
    let columns = rows.schema().columns.len();
    let everybody = Shared {
        rows: (0..u32::try_from(rows.count()).unwrap_or(u32::MAX)).collect(),
        group_of_row: vec![0; rows.count()],
        groups: vec![Vec::new()],
    };
    let of_first_column: Vec<Vec<Combination>> = (0..columns)
        .into_par_iter()
        .map(|column| {
            let mut found = Vec::new();
            extend(rows, plan, &everybody, column, &mut found);
            found
        })
        .collect();
    let mut combinations: Vec<Combination> = of_first_column.into_iter().flatten().collect();
    combinations.sort_unstable_by(|left, right| {
        let columns = |combination: &Combination| {
            combination.selections.iter().map(|selection| selection.0).collect::<Vec<_>>()
        };
        (left.selections.len(), columns(left), &left.selections).cmp(&(
            right.selections.len(),
            columns(right),
            &right.selections,
        ))
    });
    combinations
}

/// Adds a column to every combination of the columns before it, and then each later column.
fn extend(
    rows: &Rows,
    plan: AggregatePlan,
    shared: &Shared,
    column: usize,
    found: &mut Vec<Combination>,
) {
    let codes = rows.column(column);
    let codes_of_column = rows.schema().columns[column].codes();
    let mut counts = vec![0_u32; shared.groups.len() * codes_of_column];
    let cell = |index: usize| {
        let code = codes[shared.rows[index] as usize];
        (code, shared.group_of_row[index] as usize * codes_of_column + usize::from(code))
    };
    for index in 0..shared.rows.len() {
        counts[cell(index).1] += 1;
    }

    let mut groups = Vec::new();
    let mut group_of_cell = vec![u32::MAX; counts.len()];
    for (at, &count) in counts.iter().enumerate() {
        let code = (at % codes_of_column) as u16;
        if code == BLANK || u64::from(count) < plan.k {
            continue;
        }
        let mut selections = shared.groups[at / codes_of_column].clone();
        selections.push((column as u16, code));
        if let Some(protected_count) = plan.protected(u64::from(count)) {
            found.push(Combination { selections: selections.clone(), protected_count });
        }
        group_of_cell[at] = groups.len() as u32;
        groups.push(selections);
    }
    let longer = groups.first().is_some_and(|selections| selections.len() < plan.length);
    if !longer || column + 1 == rows.schema().columns.len() {
        return;
    }
    let (rows_left, group_of_row) = (0..shared.rows.len())
        .filter_map(|index| {
            let (code, at) = cell(index);
            let stays = code != BLANK && group_of_cell[at] != u32::MAX;
            stays.then(|| (shared.rows[index], group_of_cell[at]))
        })
        .unzip();
    let next = Shared { rows: rows_left, group_of_row, groups };
    for later in column + 1..rows.schema().columns.len() {
        extend(rows, plan, &next, later, found);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::{AggregateError, aggregates};
    use super::*;
    use crate::schema::{Schema, SchemaColumn};

    fn rows(codes: &[[u16; 4]]) -> Rows {
        let column = |place: usize| SchemaColumn {
            name: format!("c{place}"),
            categories: (0..3 + place).map(|code| format!("v{code}")).collect(),
        };
        let schema = Schema { columns: (0..4).map(column).collect() };
        Rows::new(
            schema,
            (0..4).map(|place| codes.iter().map(|row| row[place]).collect()).collect(),
        )
    }

    /// By the definition: every subset of every row's columns, one at a time.
    fn by_definition(codes: &[[u16; 4]], plan: AggregatePlan) -> Vec<Combination> {
        let mut counts: BTreeMap<Vec<(u16, u16)>, u64> = BTreeMap::new();
        for row in codes {
            for subset in 1_usize..16 {
                let selections: Vec<(u16, u16)> = (0..4)
                    .filter(|place| subset >> place & 1 == 1)
                    .map(|place| (place as u16, row[place]))
                    .collect();
                if selections.len() <= plan.length && selections.iter().all(|s| s.1 != BLANK) {
                    *counts.entry(selections).or_default() += 1;
                }
            }
        }
        counts
            .into_iter()
            .filter(|&(_, count)| count >= plan.k && count >= plan.precision)
            .map(|(selections, count)| Combination {
                selections,
                protected_count: count / plan.precision * plan.precision,
            })
            .collect()
    }

    proptest! {
        #[test]
        fn every_combination_and_no_other(
            codes in proptest::collection::vec([0_u16..4, 0..5, 0..3, 0..2], 0..120),
            k in 2_u64..12,
            precision in 1_u64..15,
            length in 1_usize..=4,
        ) {
            let plan = AggregatePlan { k, precision, length };
            let mut shown = aggregates(&rows(&codes), plan).unwrap();
            prop_assert!(shown.combinations.is_sorted_by_key(|c| c.selections.len()));
            shown.combinations.sort();
            prop_assert_eq!(shown.combinations, by_definition(&codes, plan));
            prop_assert_eq!(shown.protected_rows % precision, 0);
        }
    }

    #[test]
    fn every_fault_of_a_plan_is_said_at_once() {
        let plan = AggregatePlan { k: 1, precision: 0, length: 5 };
        let faults = aggregates(&rows(&[[1, 1, 1, 1]]), plan).unwrap_err();
        assert_eq!(
            faults,
            [
                AggregateError::TooFew(1),
                AggregateError::NoPrecision,
                AggregateError::Length { length: 5, columns: 4 }
            ]
        );
    }
}
