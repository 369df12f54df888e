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
}

impl Table {
    pub(crate) fn new(histories: &CaptureHistories) -> Table {
        Table::of_cells(histories.lists().len(), histories.cells())
    }

    /// A table of counts; `cells` has one for each set of lists, the first is zero.
    pub(crate) fn of_cells(lists: usize, cells: Vec<f64>) -> Table {
        let margins = vec![0.0; cells.len()];
        let mut table = Table { lists, cells, margins };
        table.add_up();
        table
    }

    /// Makes the margins those of the cells again.
    pub(crate) fn add_up(&mut self) {
        self.margins.copy_from_slice(&self.cells);
        lattice::sum_supersets(&mut self.margins);
    }

    /// Everybody on a list.
    pub(crate) fn people(&self) -> f64 {
        self.margins[0]
    }

    /// The sum of the logarithms of the counts' factorials.
    pub(crate) fn log_factorials(&self) -> f64 {
        self.cells.iter().map(|count| libm::lgamma(count + 1.0)).sum()
    }
}
