//! Which hidden cells are determined by what is published.
//!
//! In: a cube's relations among its cells that are not zero, and which of them are hidden. Out: the
//! sensitive cells that linear equations give away, and for each the published cells that do it:
//! one of those has to be hidden too.
//!
//! If every hidden cell has at least one person, an attacker can determine it exactly when its
//! column is no combination of the other hidden cells' columns (Langsrud 2024, "Secondary cell
//! suppression by Gaussian elimination", section 2): what is hidden lies inside all bounds, so bounds add nothing.
//! The tableau is kept so that hidden cells are basic where they can be. A hidden basic cell
//! whose row has no other hidden cell is determined, and the row, which is a minimal dependence (a
//! cocircuit), says by what.

use std::collections::HashMap;

use super::cover::CoverRow;
use super::cube::Cube;
use super::tableau::Tableau;

/// Cells with a number for each.
type Entries = Vec<(u32, f64)>;

/// Cells with and without values, and the equations among those with.
pub(super) struct Dependence {
    pub(super) tableau: Tableau,
    pub(super) hidden: Vec<bool>,
    scratch: Vec<(u32, f64)>,
}

/// What is given away, and by what.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GivenAway {
    pub(super) cell: u32,
    /// Published cells of the equation.
    pub(super) by: Vec<(u32, f64)>,
}

impl GivenAway {
    /// One of the published cells has to be hidden.
    pub(super) fn row(self) -> CoverRow {
        let entries = self.by.into_iter().map(|(cell, _)| (cell, 1.0)).collect();
        CoverRow { entries, need: 1.0 }
    }
}

impl Dependence {
    /// The equations of a cube among cells that are live (may be hidden); nothing hidden yet.
    pub(super) fn new(cube: &Cube, live: &[bool]) -> Dependence {
        let mut tableau = Tableau::new(cube.cells.len());
        for relation in &cube.relations {
            let parts = relation.parts.iter().map(|&part| (part as u32, -1.0));
            let all = std::iter::once((relation.total as u32, 1.0)).chain(parts);
            let equation: Vec<(u32, f64)> = all.filter(|(cell, _)| live[*cell as usize]).collect();
            // Totals are basic: they are sums of innermost cells.
            let total = relation.total as u32;
            let worth = |cell: u32| Some(u32::from(cell == total));
            let added = tableau.add(&equation, worth);
            debug_assert!(added.is_ok(), "every cell may be basic");
        }
        Dependence { tableau, hidden: vec![false; cube.cells.len()], scratch: Vec::new() }
    }

    /// Hides exactly these cells.
    pub(super) fn set(&mut self, hidden: impl Fn(usize) -> bool) {
        for (cell, flag) in self.hidden.iter_mut().enumerate() {
            *flag = hidden(cell);
        }
        self.settle();
    }

    /// Hides one more cell.
    pub(super) fn hide(&mut self, cell: u32) {
        self.hidden[cell as usize] = true;
        let mut column = std::mem::take(&mut self.scratch);
        self.tableau.column(cell, &mut column);
        // A published basic cell must not depend on a hidden nonbasic one.
        let leave = column
            .iter()
            .filter(|(basic, _)| !self.hidden[*basic as usize])
            .min_by_key(|(basic, _)| self.tableau.row(*basic).map_or(0, <[_]>::len));
        if let Some(&(leave, _)) = leave {
            self.tableau.pivot(leave, cell);
        }
        self.scratch = column;
    }

    /// Makes hidden cells basic where they can be.
    fn settle(&mut self) {
        loop {
            let mut pivots = 0;
            for at in 0..self.tableau.basics().len() {
                let basic = self.tableau.basics()[at];
                if self.hidden[basic as usize] {
                    continue;
                }
                let row = self.tableau.row(basic).unwrap_or_default();
                let enter = row
                    .iter()
                    .filter(|(cell, _)| self.hidden[*cell as usize])
                    .min_by_key(|(cell, _)| self.tableau.count(*cell));
                if let Some(&(enter, _)) = enter {
                    self.tableau.pivot(basic, enter);
                    pivots += 1;
                }
            }
            if pivots == 0 {
                return;
            }
        }
    }

    /// Every cell of `needed` that is given away.
    pub(super) fn given_away(&self, needed: &[bool]) -> Vec<GivenAway> {
        let mut found = Vec::new();
        for &basic in self.tableau.basics() {
            if self.hidden[basic as usize] && needed[basic as usize] {
                let row = self.tableau.row(basic).unwrap_or_default();
                if row.iter().all(|(cell, _)| !self.hidden[*cell as usize]) {
                    found.push(GivenAway { cell: basic, by: row.to_vec() });
                }
            }
        }
        found
    }

    /// Every cell of `needed` that somebody who is alone in a cell of `alone` can work out by
    /// knowing that cell.
    pub(super) fn given_away_to(&self, needed: &[bool], alone: &[bool]) -> Vec<GivenAway> {
        // Hidden cells of which one determines the other: rows alike in their hidden entries.
        let mut classes: HashMap<Vec<(u32, u64)>, Entries> = HashMap::new();
        let mut order = Vec::new();
        for &basic in self.tableau.basics().iter().filter(|&&basic| self.hidden[basic as usize]) {
            let row = self.tableau.row(basic).unwrap_or_default();
            let hidden: Vec<(u32, f64)> =
                row.iter().filter(|(cell, _)| self.hidden[*cell as usize]).copied().collect();
            let Some(&(_, first)) = hidden.first() else { continue };
            let key: Vec<(u32, u64)> = hidden
                .iter()
                .map(|&(cell, entry)| (cell, ((entry / first) * 1e6).round().to_bits()))
                .collect();
            let class = classes.entry(key.clone()).or_insert_with(|| {
                order.push(key);
                // A nonbasic cell is alike to a row that has it alone.
                if hidden.len() == 1 { vec![(hidden[0].0, -1.0)] } else { Vec::new() }
            });
            class.push((basic, first));
        }
        let mut found = Vec::new();
        for class in order.iter().map(|key| &classes[key]) {
            for &(knows, a) in class.iter().filter(|(cell, _)| alone[*cell as usize]) {
                for &(cell, b) in class {
                    if cell != knows && needed[cell as usize] {
                        let by = self.apart(cell, knows, b / a);
                        // Without a published cell between them the two are one and the same.
                        if !by.is_empty() {
                            found.push(GivenAway { cell, by });
                        }
                    }
                }
            }
        }
        found
    }

    /// The published entries of `cell`'s row less `factor` times `other`'s.
    fn apart(&self, cell: u32, other: u32, factor: f64) -> Vec<(u32, f64)> {
        let mut entries: HashMap<u32, f64> = HashMap::new();
        for (of, times) in [(cell, 1.0), (other, -factor)] {
            for &(variable, entry) in self.tableau.row(of).unwrap_or_default() {
                if !self.hidden[variable as usize] {
                    *entries.entry(variable).or_default() += times * entry;
                }
            }
        }
        let mut entries: Vec<(u32, f64)> =
            entries.into_iter().filter(|e| e.1.abs() > 1e-7).collect();
        entries.sort_unstable_by_key(|entry| entry.0);
        entries
    }

    /// The entries of a basic cell's row for hidden cells.
    fn hidden_entries(&self, cell: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        let row = self.tableau.row(cell).unwrap_or_default();
        row.iter().filter(|(other, _)| self.hidden[*other as usize]).copied()
    }

    /// Publishes a hidden cell again if no cell of `needed` is then given away; says whether it did.
    pub(super) fn publish(&mut self, cell: u32, needed: &[bool]) -> bool {
        if self.tableau.row(cell).is_some() {
            let support: Vec<(u32, f64)> = self.hidden_entries(cell).collect();
            let Some(&(enter, own)) =
                support.iter().min_by_key(|(other, _)| self.tableau.count(*other))
            else {
                // Given away itself: publishing it tells nothing.
                self.hidden[cell as usize] = false;
                return true;
            };
            // Publishing it fixes what its row says: that gives away whoever's row says the same.
            if let [(only, _)] = support[..]
                && needed[only as usize]
            {
                return false;
            }
            let mut column = std::mem::take(&mut self.scratch);
            self.tableau.column(enter, &mut column);
            let kept = column.iter().any(|&(basic, entry)| {
                let times = entry / own;
                let alike = |(a, b): ((u32, f64), (u32, f64))| {
                    a.0 == b.0 && (a.1 - times * b.1).abs() < 1e-7
                };
                basic != cell
                    && needed[basic as usize]
                    && self.hidden_entries(basic).count() == support.len()
                    && self.hidden_entries(basic).zip(support.iter().copied()).all(alike)
            });
            self.scratch = column;
            if kept {
                return false;
            }
            self.tableau.pivot(cell, enter);
            self.hidden[cell as usize] = false;
            return true;
        }
        let mut column = std::mem::take(&mut self.scratch);
        self.tableau.column(cell, &mut column);
        let kept = column.iter().any(|&(basic, _)| {
            self.hidden[basic as usize]
                && needed[basic as usize]
                && self
                    .tableau
                    .row(basic)
                    .unwrap_or_default()
                    .iter()
                    .all(|&(other, _)| other == cell || !self.hidden[other as usize])
        });
        self.scratch = column;
        if kept {
            return false;
        }
        self.hidden[cell as usize] = false;
        true
    }
}
