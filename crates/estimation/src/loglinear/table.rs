//! Counts, and sums of them, ready for fitting.

use crate::histories::CaptureHistories;
use crate::lattice;

/// Counts by history and by what people are on at least.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// How many lists.
    pub(crate) lists: usize,
    /// People with exactly these lists; the first, nobody's, is zero.
    pub(crate) cells: Vec<f64>,
    /// People on all of these lists and perhaps on others; the first is everybody.
    pub(crate) margins: Vec<f64>,
    /// The sum of the logarithms of the counts' factorials.
    pub(crate) log_factorials: f64,
}

impl Table {
    pub(crate) fn new(histories: &CaptureHistories) -> Table {
        Table::of_cells(histories.lists().len(), histories.cells())
    }

    /// A table of counts; `cells` has one for each set of lists, the first is zero.
    pub(crate) fn of_cells(lists: usize, cells: Vec<f64>) -> Table {
        let mut margins = cells.clone();
        lattice::sum_supersets(&mut margins);
        let log_factorials = cells.iter().map(|count| libm::lgamma(count + 1.0)).sum();
        Table { lists, cells, margins, log_factorials }
    }

    /// Everybody on a list.
    pub(crate) fn people(&self) -> f64 {
        self.margins[0]
    }
}
