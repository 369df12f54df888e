//! How many rows are like a person in every set of one, two and three columns.

use rayon::prelude::*;

use super::attack::{AttackError, Stop};
use crate::rows::Rows;
use crate::schema::BLANK;

/// Tables up to this many cells are counted in an array; larger ones are left out of the attack.
const CELLS: usize = 1 << 22;

/// A target's cell in one table.
pub(super) struct Cell {
    /// Whose it is.
    pub(super) target: usize,
    /// Whether she has a blank in one of its columns.
    pub(super) blank: bool,
}

/// Sums a score over all sets of at most `length` columns, three at most, for every target.
///
/// `score` is given how many rows of each file are in the target's cell. The files have one schema.
/// Work: for `d` columns, d³/6 passes over the files; the sum is in a fixed order.
pub(super) fn scores<const FILES: usize>(
    files: [&Rows; FILES],
    targets: &[Vec<u16>],
    length: usize,
    stop: &Stop,
    score: impl Fn(Cell, [u32; FILES]) -> f64 + Sync,
) -> Result<Vec<f64>, AttackError> {
    let columns = files[0].schema().columns.len();
    let sets: Vec<Vec<usize>> = (0..columns)
        .flat_map(|first| {
            std::iter::once(vec![first])
                .chain((first + 1..columns).map(move |second| vec![first, second]))
        })
        .filter(|set| set.len() <= length)
        .collect();
    let parts = sets
        .par_iter()
        .map(|set| {
            stop.check()?;
            let mut sums = vec![0.0; targets.len()];
            let base = Codes::of(files, targets, set);
            base.add(&mut sums, &score);
            if set.len() == 2 && length > 2 {
                for third in set[1] + 1..columns {
                    base.add_with(files, targets, third, &mut sums, &score);
                }
            }
            Ok(sums)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut sums = vec![0.0; targets.len()];
    for part in parts {
        for (sum, more) in sums.iter_mut().zip(part) {
            *sum += more;
        }
    }
    Ok(sums)
}

/// The cell of each row of each file, and of each target, in the table over a set of columns.
struct Codes<const FILES: usize> {
    cells: usize,
    files: [Vec<u32>; FILES],
    targets: Vec<(u32, bool)>,
}

impl<const FILES: usize> Codes<FILES> {
    fn of(files: [&Rows; FILES], targets: &[Vec<u16>], set: &[usize]) -> Codes<FILES> {
        let nothing = Codes {
            cells: 1,
            files: files.map(|file| vec![0; file.count()]),
            targets: vec![(0, false); targets.len()],
        };
        set.iter().fold(nothing, |codes, &column| codes.with(files, targets, column))
    }

    fn with(&self, files: [&Rows; FILES], targets: &[Vec<u16>], column: usize) -> Codes<FILES> {
        let width = files[0].schema().columns[column].codes();
        let cells = self.cells.saturating_mul(width);
        if cells > CELLS {
            return Codes { cells, files: files.map(|_| Vec::new()), targets: Vec::new() };
        }
        let width = width as u32;
        let longer = |cell: u32, code: u16| cell * width + u32::from(code);
        let mut place = 0;
        Codes {
            cells,
            files: files.map(|file| {
                let cells = &self.files[place];
                place += 1;
                cells.iter().zip(file.column(column)).map(|(&c, &code)| longer(c, code)).collect()
            }),
            targets: self
                .targets
                .iter()
                .zip(targets)
                .map(|(&(cell, blank), target)| {
                    (longer(cell, target[column]), blank || target[column] == BLANK)
                })
                .collect(),
        }
    }

    /// The same as `with` and then `add`, without the cells of each row in between.
    fn add_with(
        &self,
        files: [&Rows; FILES],
        targets: &[Vec<u16>],
        column: usize,
        sums: &mut [f64],
        score: impl Fn(Cell, [u32; FILES]) -> f64,
    ) {
        let width = files[0].schema().columns[column].codes();
        if self.cells.saturating_mul(width) > CELLS {
            return;
        }
        let mut counts = vec![[0_u32; FILES]; self.cells * width];
        for (place, (file, cells)) in files.iter().zip(&self.files).enumerate() {
            for (&cell, &code) in cells.iter().zip(file.column(column)) {
                counts[cell as usize * width + usize::from(code)][place] += 1;
            }
        }
        let cells = self.targets.iter().zip(targets).map(|(&(cell, blank), codes)| {
            let code = codes[column];
            (cell as usize * width + usize::from(code), blank || code == BLANK)
        });
        add_scores(sums, cells, &counts, score);
    }

    fn add(&self, sums: &mut [f64], score: impl Fn(Cell, [u32; FILES]) -> f64) {
        if self.cells > CELLS {
            return;
        }
        let mut counts = vec![[0_u32; FILES]; self.cells];
        for (file, cells) in self.files.iter().enumerate() {
            for &cell in cells {
                counts[cell as usize][file] += 1;
            }
        }
        let cells = self.targets.iter().map(|&(cell, blank)| (cell as usize, blank));
        add_scores(sums, cells, &counts, score);
    }
}

/// Adds to the sum of each target what its cell scores.
fn add_scores<const FILES: usize>(
    sums: &mut [f64],
    cells: impl Iterator<Item = (usize, bool)>,
    counts: &[[u32; FILES]],
    score: impl Fn(Cell, [u32; FILES]) -> f64,
) {
    for (target, (sum, (cell, blank))) in sums.iter_mut().zip(cells).enumerate() {
        *sum += score(Cell { target, blank }, counts[cell]);
    }
}
