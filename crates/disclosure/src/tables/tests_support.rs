//! Small cubes, and every table of counts that agrees with what is published.

use super::cube::Cube;
use super::dimension::Dimension;
use crate::published::{PublishedTable, PublishedValue};
use crate::rows::Rows;
use crate::schema::{Schema, SchemaColumn};

/// A dimension of so many categories, the blank among them.
pub(super) fn dimension(name: &str, categories: usize) -> Dimension {
    let categories = (1..categories).map(|category| format!("{name}{category}")).collect();
    Dimension::flat(&SchemaColumn { name: name.to_owned(), categories })
}

/// Adds a group of these categories.
pub(super) fn grouped(mut dimension: Dimension, name: &str, categories: &[usize]) -> Dimension {
    dimension.categories.push(name.to_owned());
    dimension.parents.push(None);
    for &category in categories {
        dimension.parents[category] = Some(dimension.categories.len() - 1);
    }
    dimension
}

/// Rows with so many people in each combination of categories, the last dimension running fastest.
pub(super) fn rows_of(dimensions: &[Dimension], counts: &[u64]) -> Rows {
    let leaves = |dimension: &Dimension| {
        (0..dimension.categories.len())
            .filter(|&place| !dimension.parents.contains(&Some(place)))
            .count()
    };
    let columns = dimensions.iter().map(|dimension| SchemaColumn {
        name: dimension.name.clone(),
        categories: dimension.categories[1..leaves(dimension)].to_vec(),
    });
    let schema = Schema { columns: columns.collect() };
    let mut codes = vec![Vec::new(); dimensions.len()];
    for (number, &count) in counts.iter().enumerate() {
        for _ in 0..count {
            let mut rest = number;
            for (dimension, codes) in dimensions.iter().zip(&mut codes).rev() {
                codes.push((rest % leaves(dimension)) as u16);
                rest /= leaves(dimension);
            }
        }
    }
    Rows::new(schema, codes)
}

/// One table over all dimensions.
pub(super) fn cube_of(dimensions: &[Dimension], counts: &[u64]) -> Cube {
    let names: Vec<&str> = dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
    Cube::of_people(&rows_of(dimensions, counts), &[("t", &names)], dimensions, "people").unwrap()
}

/// For every cell the least and greatest count in any table of whole counts that agrees with
/// what is published, hidden cells being `hidden` at least; the grand total must be published. Tries them all.
pub(super) fn by_enumeration(table: &PublishedTable, hidden: u64) -> Vec<(u64, u64)> {
    let chains: Vec<Vec<Vec<Option<usize>>>> = table
        .dimensions
        .iter()
        .map(|dimension| {
            let mut parents = dimension.parents.clone();
            parents.resize(dimension.categories.len(), None);
            let of = Dimension {
                name: String::new(),
                categories: dimension.categories.clone(),
                parents: parents.clone(),
            };
            let chains = of.chains();
            (0..chains.len())
                .filter(|&at| !parents.contains(&Some(at)))
                .map(|at| chains[at].clone())
                .collect()
        })
        .collect();
    let mut innermost: Vec<Vec<Vec<Option<usize>>>> = vec![Vec::new()];
    for dimension in &chains {
        innermost = innermost
            .iter()
            .flat_map(|at| {
                dimension.iter().map(move |chain| {
                    let mut at = at.clone();
                    at.push(chain.clone());
                    at
                })
            })
            .collect();
    }
    // Which cells each innermost cell counts towards.
    let towards: Vec<Vec<usize>> = innermost
        .iter()
        .map(|chains| {
            let within = |at: &[Option<usize>]| at.iter().zip(chains).all(|(at, c)| c.contains(at));
            (0..table.cells.len()).filter(|&cell| within(&table.cells[cell].at)).collect()
        })
        .collect();
    let total = table.at(&vec![None; chains.len()]).and_then(PublishedValue::number).unwrap();
    let mut found = vec![(u64::MAX, 0); table.cells.len()];
    let mut sums = vec![0; table.cells.len()];
    fill((table, hidden), &towards, total, &mut sums, &mut found);
    found
}

fn fill(
    (table, hidden): (&PublishedTable, u64),
    towards: &[Vec<usize>],
    left: u64,
    sums: &mut [u64],
    found: &mut [(u64, u64)],
) {
    let Some((first, others)) = towards.split_first() else {
        let agrees = |(cell, sum): (&crate::PublishedCell, &u64)| match cell.value {
            PublishedValue::Exact(value) => value == *sum,
            PublishedValue::Rounded { value, within } => value.abs_diff(*sum) <= within,
            _ => *sum >= hidden,
        };
        if left == 0 && table.cells.iter().zip(sums.iter()).all(agrees) {
            for (found, &sum) in found.iter_mut().zip(sums.iter()) {
                *found = (found.0.min(sum), found.1.max(sum));
            }
        }
        return;
    };
    for count in 0..=left {
        first.iter().for_each(|&cell| sums[cell] += count);
        fill((table, hidden), others, left - count, sums, found);
        first.iter().for_each(|&cell| sums[cell] -= count);
    }
}
