//! How hidden cells depend on one another, and on published ones.
//!
//! In: a cube's relations among its cells that are not zero, and which of them are hidden. Out: a
//! tableau of those equations in which hidden cells are basic where they can be, so that the rows of hidden
//! cells, without their published entries, are all that is known of hidden cells among themselves
//! (Langsrud 2024, "Secondary cell suppression by Gaussian elimination", section 2).

use super::cube::Relation;
use super::neighbourhood::Links;
use super::programme::Entries;
use super::tableau::Tableau;

/// Cells with and without values, and the equations among those with.
#[derive(Default)]
pub(super) struct Dependence {
    /// The equations, each of which adds up to 0.
    pub(super) equations: Vec<Entries>,
    pub(super) links: Links,
    pub(super) tableau: Tableau,
    pub(super) hidden: Vec<bool>,
    scratch: Vec<(u32, f64)>,
}

impl Dependence {
    /// The equations among cells that are live (may be hidden); nothing hidden yet.
    pub(super) fn new<'a>(
        relations: impl Iterator<Item = &'a Relation>,
        live: &[bool],
    ) -> Dependence {
        let mut tableau = Tableau::new(live.len());
        let mut equations = Vec::new();
        for relation in relations {
            let parts = relation.parts.iter().map(|&part| (part as u32, -1.0));
            let all = std::iter::once((relation.total as u32, 1.0)).chain(parts);
            let equation: Entries = all.filter(|(cell, _)| live[*cell as usize]).collect();
            // Totals are basic: they are sums of innermost cells.
            let total = relation.total as u32;
            let worth = |cell: u32| Some(u32::from(cell == total));
            let added = tableau.add(&equation, worth);
            debug_assert!(added.is_ok(), "every cell may be basic");
            equations.push(equation);
        }
        Dependence {
            links: Links::new(&equations, live.len()),
            equations,
            tableau,
            hidden: vec![false; live.len()],
            scratch: Vec::new(),
        }
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

    /// Publishes a hidden cell.
    pub(super) fn publish(&mut self, cell: u32) {
        self.hidden[cell as usize] = false;
        self.settle();
    }

    /// Which hidden cells the equations alone give away.
    pub(super) fn fixed(&self) -> Vec<bool> {
        let mut fixed = vec![false; self.hidden.len()];
        for &cell in self.tableau.basics() {
            let row = self.tableau.row(cell).unwrap_or_default();
            fixed[cell as usize] = self.hidden[cell as usize]
                && !row.iter().any(|entry| self.hidden[entry.0 as usize]);
        }
        fixed
    }

    /// How many hidden cells are basic, and how many are not.
    pub(super) fn size(&self) -> (usize, usize) {
        let hidden = self.hidden.iter().filter(|hidden| **hidden).count();
        let basics = self.tableau.basics().iter();
        let basic = basics.filter(|&&cell| self.hidden[cell as usize]).count();
        (basic, hidden - basic)
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
}
