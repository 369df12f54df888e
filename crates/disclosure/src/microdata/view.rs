//! Where the cells of a marginal stand, laid out once for each of its columns.

use super::marginal::cells;

/// One marginal as one of its columns sees it: where the codes of that column begin, given the
/// codes of the others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    begin: usize,
    others: [(usize, usize); 2],
    /// For the other columns where their own codes begin, and the steps of all columns there.
    layouts: [Option<Layout>; 2],
}

/// A layout in which another column's codes lie together.
#[derive(Debug, Clone, Copy)]
struct Layout {
    begin: usize,
    own_step: usize,
    steps: [(usize, usize); 2],
}

impl View {
    /// As the column of an axis sees a marginal whose layouts begin at `begin`, one for each axis.
    pub(crate) fn new(columns: &[usize], sizes: &[usize], axis: usize, begin: usize) -> View {
        let cells = cells(columns, sizes);
        let others: Vec<usize> = (0..columns.len()).filter(|&other| other != axis).collect();
        // A column that is not there counts nothing.
        let two = |steps: &[usize]| {
            let step = |at: usize| others.get(at).map(|&other| (columns[other], steps[other]));
            [0, 1].map(|at| step(at).unwrap_or((columns[0], 0)))
        };
        let layout = |other: &usize| {
            let steps = steps(columns, sizes, *other);
            Layout { begin: begin + other * cells, own_step: steps[axis], steps: two(&steps) }
        };
        View {
            begin: begin + axis * cells,
            others: two(&steps(columns, sizes, axis)),
            layouts: [others.first().map(layout), others.get(1).map(layout)],
        }
    }

    /// Where the cell of a code of the column stands in the layouts of the other columns.
    pub(crate) fn elsewhere<'a>(
        &'a self,
        row: &'a [u16],
        code: usize,
    ) -> impl Iterator<Item = usize> + 'a {
        self.layouts.iter().flatten().map(move |layout| layout.place(row, code))
    }

    /// Where the codes of the column begin for the other codes of a row.
    pub(crate) fn place(&self, row: &[u16]) -> usize {
        let [(a, step_a), (b, step_b)] = self.others;
        self.begin + usize::from(row[a]) * step_a + usize::from(row[b]) * step_b
    }
}

impl Layout {
    fn place(&self, row: &[u16], code: usize) -> usize {
        let [(a, step_a), (b, step_b)] = self.steps;
        let others = usize::from(row[a]) * step_a + usize::from(row[b]) * step_b;
        self.begin + code * self.own_step + others
    }
}

/// The step of each axis of a marginal where the codes of axis `last` lie together.
pub(crate) fn steps(columns: &[usize], sizes: &[usize], last: usize) -> Vec<usize> {
    let mut steps = vec![1; columns.len()];
    let mut step = sizes[columns[last]];
    for axis in (0..columns.len()).rev().filter(|&axis| axis != last) {
        steps[axis] = step;
        step *= sizes[columns[axis]];
    }
    steps
}
