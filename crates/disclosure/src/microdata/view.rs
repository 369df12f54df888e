//! Where the cells of a marginal stand, laid out once for each of its columns.

use super::marginal::cells;

/// One marginal as one of its columns sees it: where the codes of that column begin, given the
/// codes of the others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) place: Place,
    /// For the other columns where their own codes begin, and the steps of all columns there.
    layouts: [Option<Layout>; 2],
}

/// Where codes begin, given the codes of two other columns: small, as it is read for every cell of
/// every row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    begin: usize,
    steps: [u32; 2],
    columns: [u16; 2],
}

impl Place {
    fn new(begin: usize, others: [(usize, usize); 2]) -> Place {
        // A marginal has at most 2²² cells for each code of a third column, of which there are 2¹⁶.
        let small = |step: usize| u32::try_from(step).unwrap_or(u32::MAX);
        Place {
            begin,
            steps: others.map(|(_, step)| small(step)),
            columns: others.map(|(column, _)| column as u16),
        }
    }

    /// Where the codes begin for a row.
    pub(crate) fn of(&self, row: &[u16]) -> usize {
        let [a, b] = self.columns.map(usize::from);
        let [step_a, step_b] = self.steps.map(|step| step as usize);
        self.begin + usize::from(row[a]) * step_a + usize::from(row[b]) * step_b
    }
}

/// A layout in which another column's codes lie together.
#[derive(Debug, Clone, Copy)]
struct Layout {
    place: Place,
    own_step: usize,
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
            let place = Place::new(begin + other * cells, two(&steps));
            Layout { place, own_step: steps[axis] }
        };
        View {
            place: Place::new(begin + axis * cells, two(&steps(columns, sizes, axis))),
            layouts: [others.first().map(layout), others.get(1).map(layout)],
        }
    }

    /// Where the cell of a code of the column stands in the layouts of the other columns.
    pub(crate) fn elsewhere<'a>(
        &'a self,
        row: &'a [u16],
        code: usize,
    ) -> impl Iterator<Item = usize> + 'a {
        let at = move |layout: &Layout| layout.place.of(row) + code * layout.own_step;
        self.layouts.iter().flatten().map(at)
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
