//! A tableau with all entries of its nonbasic variables, for programmes.
//!
//! In: a [`Tableau`] and which of its variables take part. Out: the same equations, to be pivoted
//! hundreds of times. What is hidden depends on itself so much that half of the entries are not zero; then
//! one multiplication after the other in memory is ten times as fast as looking for those that count.
//! A pivot costs rows × columns.

use super::tableau::{NONE, Tableau, snap};

/// Equations `x_basic + Σ entry · x_nonbasic = 0`, one for each basic variable.
#[derive(Debug, Clone)]
pub(super) struct DenseTableau {
    /// By row.
    entries: Vec<f64>,
    basic: Vec<u32>,
    nonbasic: Vec<u32>,
    /// Of each variable its row or its column.
    row_of: Vec<u32>,
    column_of: Vec<u32>,
    spare: Vec<f64>,
    /// Work done so far, in entries touched.
    pub(super) work: u64,
}

impl DenseTableau {
    /// The rows of basic variables that are `kept`, without the entries of others.
    pub(super) fn new(tableau: &Tableau, kept: impl Fn(u32) -> bool) -> DenseTableau {
        let count = tableau.variables() as u32;
        let basic: Vec<u32> = tableau.basics().iter().copied().filter(|&at| kept(at)).collect();
        let mut row_of = vec![NONE; count as usize];
        (0..).zip(&basic).for_each(|(row, &variable)| row_of[variable as usize] = row);
        let nonbasic: Vec<u32> =
            (0..count).filter(|&at| kept(at) && row_of[at as usize] == NONE).collect();
        let mut column_of = vec![NONE; count as usize];
        (0..).zip(&nonbasic).for_each(|(column, &variable)| column_of[variable as usize] = column);
        let width = nonbasic.len();
        let mut entries = vec![0.0; basic.len() * width];
        for (row, &variable) in basic.iter().enumerate() {
            for &(other, entry) in tableau.row(variable).unwrap_or_default() {
                if kept(other) {
                    entries[row * width + column_of[other as usize] as usize] = entry;
                }
            }
        }
        let spare = vec![0.0; width];
        DenseTableau { entries, basic, nonbasic, row_of, column_of, spare, work: 0 }
    }

    /// How many variables are not basic.
    pub(super) fn columns(&self) -> usize {
        self.nonbasic.len()
    }

    /// Whether a variable takes part.
    pub(super) fn has(&self, variable: u32) -> bool {
        let at = variable as usize;
        self.row_of[at] != NONE || self.column_of[at] != NONE
    }

    fn entries_of(&self, row: u32) -> &[f64] {
        let width = self.nonbasic.len();
        &self.entries[row as usize * width..][..width]
    }

    /// A basic variable's entries that are not zero; nothing for a nonbasic one.
    pub(super) fn row(&self, variable: u32) -> Option<impl Iterator<Item = (u32, f64)>> {
        let at = self.row_of[variable as usize];
        let entries = (at != NONE).then(|| self.entries_of(at))?;
        let entries = self.nonbasic.iter().copied().zip(entries.iter().copied());
        Some(entries.filter(|(_, entry)| *entry != 0.0))
    }

    /// The basic variables with an entry for a nonbasic one, and the entry.
    pub(super) fn column(&self, variable: u32) -> impl Iterator<Item = (u32, f64)> {
        // Of a basic variable there is none: past the end.
        let at = self.column_of[variable as usize] as usize;
        let entries = self.entries.iter().skip(at.min(self.entries.len()));
        let entries = entries.step_by(self.nonbasic.len().max(1));
        let entries = self.basic.iter().copied().zip(entries.copied());
        entries.filter(|(_, entry)| *entry != 0.0)
    }

    /// Makes the nonbasic variable `enter` basic in the row of `leave`; its entry there is not zero.
    pub(super) fn pivot(&mut self, leave: u32, enter: u32) {
        let width = self.nonbasic.len();
        let (at, column) = (self.row_of[leave as usize], self.column_of[enter as usize] as usize);
        let mut row = std::mem::take(&mut self.spare);
        row.copy_from_slice(self.entries_of(at));
        let scale = 1.0 / row[column];
        row.iter_mut().for_each(|value| *value = snap(*value * scale));
        row[column] = snap(scale);
        for (other_at, other) in self.entries.chunks_exact_mut(width).enumerate() {
            let factor = other[column];
            if other_at as u32 == at {
                other.copy_from_slice(&row);
            } else if factor != 0.0 {
                other[column] = 0.0;
                for (value, entry) in other.iter_mut().zip(&row) {
                    *value = snap(*value - factor * entry);
                }
                self.work += width as u64;
            }
        }
        self.spare = row;
        self.basic[at as usize] = enter;
        self.nonbasic[column] = leave;
        (self.row_of[enter as usize], self.row_of[leave as usize]) = (at, NONE);
        (self.column_of[enter as usize], self.column_of[leave as usize]) = (NONE, column as u32);
    }

    /// The basic variables, by row.
    pub(super) fn basics(&self) -> &[u32] {
        &self.basic
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Both tableaus say the same after any pivots.
        #[test]
        fn says_what_the_sparse_one_says(
            equations in proptest::collection::vec(
                proptest::collection::btree_map(0_u32..9, prop_oneof![Just(1.0), Just(-1.0)], 1..6),
                1..6,
            ),
            pivots in proptest::collection::vec((0_usize..9, 0_usize..9), 0..12),
        ) {
            let mut sparse = Tableau::new(9);
            for equation in equations {
                let equation: Vec<(u32, f64)> = equation.into_iter().collect();
                prop_assert!(sparse.add(&equation, |_| Some(0)).is_ok());
            }
            let mut dense = DenseTableau::new(&sparse, |_| true);
            for (row, entry) in pivots {
                let leave = sparse.basics()[row % sparse.basics().len()];
                let entries = sparse.row(leave).unwrap_or_default();
                let Some(&(enter, _)) = entries.get(entry % entries.len().max(1)) else { continue };
                sparse.pivot(leave, enter);
                dense.pivot(leave, enter);
                for variable in 0..9 {
                    let row = dense.row(variable).map(|row| {
                        let mut row: Vec<(u32, f64)> = row.collect();
                        row.sort_unstable_by_key(|entry| entry.0);
                        row
                    });
                    let other = sparse.row(variable);
                    prop_assert_eq!(row.is_some(), other.is_some());
                    for (a, b) in row.iter().flatten().zip(other.iter().copied().flatten()) {
                        prop_assert!(a.0 == b.0 && (a.1 - b.1).abs() < 1e-6, "{:?} {:?}", row, other);
                    }
                    prop_assert_eq!(row.map_or(0, |row| row.len()), other.map_or(0, <[_]>::len));
                }
            }
        }
    }
}
