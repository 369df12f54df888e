//! Made-up victims in the shape of the codebook of the CTDC Global Synthetic Dataset (February
//! 2024): 27 columns of categories, one row for each person.
//!
//! In: a [`CaseDataPlan`]. Out: [`CaseRow`]s to a sink, in order; the public categories of every
//! column ([`case_schema`]). The structure is what real case data have and what makes them hard to
//! publish: heavy-tailed citizenships, corridors between countries, waves of years, types that
//! stand only where their exploitation does, means that come together, organizations that each
//! leave out parts of a case, and people found together who are alike in many columns at once.
//! The numbers (`data/case_*.csv`) are assumed, those of countries drawn by lot; none is real.
//!
//! A row depends on the seed and its place only: rows do not change with the number of threads,
//! and a longer file begins with the shorter one. Linear in the rows; memory does not grow.

mod case;
mod columns;
mod file;
mod mix;
mod recording;

pub use columns::{CaseColumn, case_schema};
pub use file::write_case_data;

use std::ops::RangeInclusive;

use rayon::prelude::*;

use crate::error::SimulationError;

use columns::COLUMNS;
use mix::Mix;

/// What case data are to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseDataPlan {
    /// How many rows: 1 to 100,000,000.
    pub rows: u64,
    /// The seed; the same plan gives the same rows.
    pub seed: u64,
}

impl Default for CaseDataPlan {
    /// 50,000 rows, seed 1.
    fn default() -> CaseDataPlan {
        CaseDataPlan { rows: 50_000, seed: 1 }
    }
}

const ROWS: RangeInclusive<u64> = 1..=100_000_000;

/// A made-up victim; never printed by itself.
pub struct CaseRow([u16; COLUMNS]);

impl CaseRow {
    /// A code for each column of [`case_schema`]: 0 for a blank, `k` for its category `k - 1`.
    #[must_use]
    pub fn codes(&self) -> &[u16; COLUMNS] {
        &self.0
    }
}

/// Rows that are made by one thread at a time.
const STRETCH: u64 = 4_096;

/// How many stretches are made side by side, whatever the number of threads.
const SIDE_BY_SIDE: u64 = 8;

/// Makes case data and hands every row to `sink`, which may end it with an error.
///
/// # Errors
///
/// [`SimulationError`] when the plan cannot be made, and whatever `sink` gives.
///
/// # Examples
///
/// ```
/// use simulation::{CaseDataPlan, case_data, case_schema};
///
/// let columns = case_schema()?;
/// let gender = columns.iter().position(|column| column.name == "gender").unwrap();
/// let mut women = 0;
/// case_data(&CaseDataPlan { rows: 1_000, seed: 7 }, &mut |row| {
///     let code = usize::from(row.codes()[gender]);
///     women += u64::from(code > 0 && columns[gender].categories[code - 1] == "Woman");
///     Ok(())
/// })?;
/// assert!((400..900).contains(&women));
/// # Ok::<(), simulation::SimulationError>(())
/// ```
pub fn case_data(
    plan: &CaseDataPlan,
    sink: &mut dyn FnMut(&CaseRow) -> Result<(), SimulationError>,
) -> Result<(), SimulationError> {
    if !ROWS.contains(&plan.rows) {
        return Err(SimulationError::OutOfRange {
            what: "the number of rows",
            value: plan.rows,
            least: *ROWS.start(),
            most: *ROWS.end(),
        });
    }
    let mix = Mix::get()?;
    let mut first = 0;
    while first < plan.rows {
        let end = plan.rows.min(first + STRETCH * SIDE_BY_SIDE);
        let stretches = (end - first).div_ceil(STRETCH);
        let made: Vec<Vec<CaseRow>> = (0..stretches)
            .into_par_iter()
            .map(|stretch| {
                let start = first + stretch * STRETCH;
                (start..end.min(start + STRETCH))
                    .map(|row| case::row(mix, plan.seed, row))
                    .collect()
            })
            .collect();
        made.iter().flatten().try_for_each(&mut *sink)?;
        first = end;
    }
    Ok(())
}
