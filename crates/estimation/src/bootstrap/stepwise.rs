//! Pairs added anew for each replicate.

use super::{Bootstrap, Choice, Resampling, bootstrap};
use crate::histories::CaptureHistories;
use crate::loglinear::{FitError, StepwiseSearch, Table, Trail};

/// Bootstraps [`crate::loglinear::stepwise`]: pairs are added anew for each replicate.
///
/// # Errors
///
/// [`FitError`]: the table itself has no estimate.
///
/// # Examples
///
/// ```
/// use estimation::bootstrap::{Resampling, bootstrap_stepwise};
/// use estimation::loglinear::STEPWISE_THRESHOLD;
/// use estimation::read_histories;
///
/// let file = "P,Q,E,count\n1,0,0,69\n0,1,0,55\n0,0,1,63\n1,1,0,21\n1,0,1,17\n0,1,1,18\n1,1,1,28\n";
/// let read = read_histories(file.as_bytes(), None)?;
/// let resampling = Resampling { replicates: 500, seed: 1 };
/// let found = bootstrap_stepwise(&read.tables[0].histories, STEPWISE_THRESHOLD, resampling)?;
/// let interval = found.interval(0.95);
/// assert!(interval.low < found.population && found.population < interval.high);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn bootstrap_stepwise(
    histories: &CaptureHistories,
    threshold: f64,
    resampling: Resampling,
) -> Result<Bootstrap, FitError> {
    let table = Table::new(histories);
    let (trail, population) = Trail::of(&table, threshold)?;
    let choice = Pairs { lists: table.lists, threshold, trail };
    Ok(bootstrap(histories, population, &choice, resampling))
}

struct Pairs {
    lists: usize,
    threshold: f64,
    trail: Trail,
}
impl Choice for Pairs {
    type Room = StepwiseSearch;
    fn room(&self) -> StepwiseSearch {
        StepwiseSearch::new(self.lists)
    }
    fn population(&self, table: &Table, room: &mut StepwiseSearch) -> Option<f64> {
        room.population(table, self.threshold, &self.trail)
    }
}
