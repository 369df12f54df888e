//! The table as it may be shown.

use std::collections::HashMap;

use super::allocation::variance;
use super::design::WITHIN;
use super::groups::Grouped;
use super::measure::NoisyCounts;
use crate::published::{PublishedCell, PublishedDimension, PublishedTable, PublishedValue};

/// A noisy table, every margin included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoisyTable {
    table: PublishedTable,
    releasable: bool,
}

impl NoisyTable {
    /// The table. Its categories are the blank, an empty word, those of the schema, and the groups.
    pub fn table(&self) -> &PublishedTable {
        &self.table
    }

    /// Whether the noise was the operating system's; with a seed it is for tests only.
    pub fn releasable(&self) -> bool {
        self.releasable
    }

    /// `unbiased` and `fitted` are cubes of the design.
    ///
    /// The interval is around the unbiased estimate, whose error is a sum of independent discrete
    /// Gaussian draws with known weights; it is widened to whole numbers, to what is printed, and cut
    /// at zero, none of which can leave the true count out.
    pub(super) fn new(counts: &NoisyCounts, unbiased: &[f64], fitted: Vec<i64>) -> NoisyTable {
        let design = &counts.design;
        let grouped = Grouped::new(design);
        let unbiased = grouped.extend(unbiased);
        let fitted = grouped.extend(&fitted);
        let possible: Vec<u32> =
            design.impossible.iter().map(|&impossible| u32::from(!impossible)).collect();
        let possible = grouped.extend(&possible);
        let mut half_widths: HashMap<Vec<usize>, f64> = HashMap::new();
        let mut cells = Vec::with_capacity(fitted.len());
        for (at, &value) in fitted.iter().enumerate() {
            let value = value.max(0) as u64;
            let half = *half_widths.entry(grouped.summed(at)).or_insert_with_key(|summed| {
                WITHIN * variance(&design.cube, &design.precisions, summed).sqrt()
            });
            let (low, high) = if possible[at] == 0 {
                (0, 0)
            } else {
                // A negative number becomes zero here.
                let low = (unbiased[at] - half).floor() as u64;
                let high = (unbiased[at] + half).ceil() as u64;
                (low.min(value), high.max(value))
            };
            let places = grouped.cube.places(at).into_iter();
            cells.push(PublishedCell {
                at: places.map(|place| place.checked_sub(1)).collect(),
                value: PublishedValue::Noised { value, low, high },
            });
        }
        let dimensions = design
            .columns
            .iter()
            .enumerate()
            .map(|(axis, &column)| {
                let column = &design.schema.columns[column];
                let blank = std::iter::once(String::new());
                let groups = design.groups(axis).map(|group| group.name.clone());
                PublishedDimension {
                    name: column.name.clone(),
                    categories: blank
                        .chain(column.categories.iter().cloned())
                        .chain(groups)
                        .collect(),
                    parents: grouped.parents(axis),
                }
            })
            .collect();
        let table = PublishedTable {
            name: design.question.name.clone(),
            counted: design.question.counted.clone(),
            amount: None,
            dimensions,
            cells,
        };
        NoisyTable { table, releasable: counts.releasable }
    }
}
