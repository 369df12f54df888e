//! Covering: the cheapest choice of columns so that every row's sum is large enough.
//!
//! In: rows Σ entry · chosen ≥ need, entries above zero, added as they become known. Out: a choice
//! that satisfies all of them, found by local search with weights of rows (Gao, Weise and Li 2015,
//! "An efficient local search heuristic with row weighting for the unicost set covering problem",
//! European Journal of Operational Research 246): a column is dropped, a row that is now short
//! picks another, and rows that stay short weigh more. A step costs the lengths of the rows of two columns.

use super::chance::Chance;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CoverRow {
    /// Columns and what each adds, above zero.
    pub(super) entries: Vec<(u32, f64)>,
    /// What they must add up to.
    pub(super) need: f64,
    /// Asked for only if this column is chosen, which is none of the entries.
    pub(super) only_with: Option<u32>,
}

/// Rows, and a choice of columns.
pub(super) struct Cover {
    rows: Vec<CoverRow>,
    weight: Vec<f64>,
    sum: Vec<f64>,
    /// Rows of each column, with its entry there.
    of_column: Vec<Vec<(u32, f64)>>,
    cost: Vec<f64>,
    chosen: Vec<bool>,
    list: Vec<u32>,
    place: Vec<u32>,
    /// What choosing (or, if chosen, keeping) a column adds to the weighted satisfaction of rows.
    score: Vec<f64>,
    moved: Vec<u64>,
    short: Vec<u32>,
    place_short: Vec<u32>,
    clock: u64,
    chance: Chance,
    /// Work done so far, in entries touched.
    pub(super) work: u64,
}

const NONE: u32 = u32::MAX;
const NEAR: f64 = 1e-9;

impl Cover {
    /// Columns with their costs; no row yet and nothing chosen.
    pub(super) fn new(cost: Vec<f64>) -> Cover {
        let columns = cost.len();
        Cover {
            rows: Vec::new(),
            weight: Vec::new(),
            sum: Vec::new(),
            of_column: vec![Vec::new(); columns],
            cost,
            chosen: vec![false; columns],
            list: Vec::new(),
            place: vec![NONE; columns],
            score: vec![0.0; columns],
            moved: vec![0; columns],
            short: Vec::new(),
            place_short: Vec::new(),
            clock: 0,
            chance: Chance::new(1),
            work: 0,
        }
    }

    /// Adds a row. Columns may satisfy it alone if their entry is its need.
    pub(super) fn add(&mut self, mut row: CoverRow) {
        let at = self.rows.len() as u32;
        row.entries.iter_mut().for_each(|(_, entry)| *entry = entry.min(row.need));
        // Met from the start, and choosing the column takes that away.
        let mut sum = if row.only_with.is_some() { row.need } else { 0.0 };
        row.entries.extend(row.only_with.map(|column| (column, -row.need)));
        for &(column, entry) in &row.entries {
            self.of_column[column as usize].push((at, entry));
            if self.chosen[column as usize] {
                sum += entry;
            }
        }
        for &(column, entry) in &row.entries {
            self.score[column as usize] +=
                worth(sum, row.need, entry, self.chosen[column as usize]);
        }
        self.rows.push(row);
        self.weight.push(1.0);
        self.sum.push(sum);
        self.place_short.push(NONE);
        self.note_short(at as usize);
    }

    fn note_short(&mut self, row: usize) {
        let short = self.sum[row] < self.rows[row].need - NEAR;
        let place = self.place_short[row];
        if short && place == NONE {
            self.place_short[row] = self.short.len() as u32;
            self.short.push(row as u32);
        } else if !short && place != NONE {
            self.short.swap_remove(place as usize);
            if let Some(&moved) = self.short.get(place as usize) {
                self.place_short[moved as usize] = place;
            }
            self.place_short[row] = NONE;
        }
    }

    fn flip(&mut self, column: u32) {
        let at = column as usize;
        let add = !self.chosen[at];
        self.chosen[at] = add;
        if add {
            self.place[at] = self.list.len() as u32;
            self.list.push(column);
        } else {
            let place = self.place[at];
            self.list.swap_remove(place as usize);
            if let Some(&moved) = self.list.get(place as usize) {
                self.place[moved as usize] = place;
            }
        }
        for k in 0..self.of_column[at].len() {
            let (row, entry) = self.of_column[at][k];
            let row = row as usize;
            let (need, weight) = (self.rows[row].need, self.weight[row]);
            let before = self.sum[row];
            let after = if add { before + entry } else { before - entry };
            self.sum[row] = after;
            // With twice its need no column of a row matters, before and after.
            if before.min(after) >= 2.0 * need - NEAR {
                continue;
            }
            self.work += self.rows[row].entries.len() as u64;
            for &(other, entry) in &self.rows[row].entries {
                let chosen = self.chosen[other as usize];
                let was = if other == column { !chosen } else { chosen };
                self.score[other as usize] +=
                    weight * (worth(after, need, entry, chosen) - worth(before, need, entry, was));
            }
            self.note_short(row);
        }
        self.clock += 1;
        self.moved[at] = self.clock;
    }

    /// Chooses exactly these columns.
    pub(super) fn set(&mut self, chosen: &[u32]) {
        for column in self.list.clone() {
            if !chosen.contains(&column) {
                self.flip(column);
            }
        }
        for &column in chosen {
            if !self.chosen[column as usize] {
                self.flip(column);
            }
        }
    }

    /// Whether some row needs a column if all of `chosen` but this one are.
    pub(super) fn needs(&self, column: u32, chosen: &[bool]) -> bool {
        let is_chosen = |other: u32| other != column && chosen[other as usize];
        self.of_column[column as usize].iter().any(|&(row, entry)| {
            let row = &self.rows[row as usize];
            let asked = row.only_with.is_none_or(is_chosen);
            let chosen =
                row.entries.iter().filter(|(other, entry)| *entry > 0.0 && is_chosen(*other));
            asked && entry > 0.0 && chosen.map(|(_, entry)| entry).sum::<f64>() < row.need - NEAR
        })
    }

    /// What a choice costs.
    pub(super) fn cost_of(&self, chosen: &[u32]) -> f64 {
        chosen.iter().map(|&column| self.cost[column as usize]).sum()
    }

    /// Searches for the cheapest choice that satisfies all rows; starts at the present choice.
    /// Ends after a number of steps or an amount of work.
    pub(super) fn search(&mut self, steps: u32, work: u64) -> Vec<u32> {
        let end = self.work.saturating_add(work);
        while let Some(&row) = self.short.first() {
            match self.best_of_row(row as usize, NONE) {
                Some(column) => self.flip(column),
                None => break,
            }
        }
        let mut best = self.list.clone();
        let mut best_cost = if self.short.is_empty() { self.cost_of(&best) } else { f64::INFINITY };
        for _ in 0..steps {
            if self.work > end {
                break;
            }
            while self.short.is_empty() {
                let cost = self.cost_of(&self.list);
                if cost < best_cost - NEAR {
                    best_cost = cost;
                    best.clone_from(&self.list);
                }
                let Some(column) = self.least_loss() else { return best };
                self.flip(column);
            }
            let dropped = self.least_loss();
            if let Some(column) = dropped {
                self.flip(column);
            }
            if self.short.is_empty() {
                continue;
            }
            let row = self.short[self.chance.below(self.short.len())] as usize;
            if let Some(column) = self.best_of_row(row, dropped.unwrap_or(NONE)) {
                self.flip(column);
            }
            for k in 0..self.short.len() {
                self.weigh_more(self.short[k] as usize);
            }
        }
        if self.short.is_empty() && self.cost_of(&self.list) < best_cost - NEAR {
            best.clone_from(&self.list);
        }
        best.sort_unstable();
        self.set(&best);
        best
    }

    fn weigh_more(&mut self, row: usize) {
        self.weight[row] += 1.0;
        self.work += self.rows[row].entries.len() as u64;
        let (sum, need) = (self.sum[row], self.rows[row].need);
        for &(column, entry) in &self.rows[row].entries {
            self.score[column as usize] += worth(sum, need, entry, self.chosen[column as usize]);
        }
    }

    /// The chosen column that loses least for its cost; among equals the one that moved longest ago.
    fn least_loss(&self) -> Option<u32> {
        let ratio = |&column: &u32| self.score[column as usize] / self.cost[column as usize];
        let old = |&column: &u32| self.moved[column as usize];
        self.list
            .iter()
            .copied()
            .filter(|&column| self.clock == 0 || self.moved[column as usize] + 1 < self.clock)
            .min_by(|a, b| ratio(a).total_cmp(&ratio(b)).then_with(|| old(a).cmp(&old(b))))
    }

    fn best_of_row(&self, row: usize, but: u32) -> Option<u32> {
        let ratio = |&column: &u32| self.score[column as usize] / self.cost[column as usize];
        let old = |&column: &u32| self.moved[column as usize];
        self.rows[row]
            .entries
            .iter()
            .map(|(column, _)| *column)
            .filter(|&column| column != but && !self.chosen[column as usize])
            .max_by(|a, b| ratio(a).total_cmp(&ratio(b)).then_with(|| old(b).cmp(&old(a))))
    }
}

/// The part of a row's need that an entry adds (or, if chosen, keeps).
fn worth(sum: f64, need: f64, entry: f64, chosen: bool) -> f64 {
    let (without, with) = if chosen { (sum - entry, sum) } else { (sum, sum + entry) };
    (with.min(need) - without.min(need)) / need
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(entries: &[(u32, f64)], need: f64, only_with: Option<u32>) -> CoverRow {
        CoverRow { entries: entries.to_vec(), need, only_with }
    }

    #[test]
    fn the_cheapest_choice_counts_what_it_asks_for_itself() {
        // Either of two columns will do; the cheap one asks for two more.
        let mut cover = Cover::new(vec![1.0, 2.0, 1.0, 1.0]);
        cover.add(row(&[(0, 1.0), (1, 1.0)], 1.0, None));
        assert_eq!(cover.search(100, 100_000), [0]);
        cover.add(row(&[(2, 1.0)], 1.0, Some(0)));
        cover.add(row(&[(3, 1.0)], 1.0, Some(0)));
        assert_eq!(cover.search(100, 100_000), [1]);
        let chosen = [true, false, true, true];
        assert!(cover.needs(2, &chosen) && cover.needs(0, &chosen) && !cover.needs(1, &chosen));
        assert!(!cover.needs(2, &[false, true, true, false]));
    }

    #[test]
    fn a_column_that_nothing_can_protect_is_not_chosen() {
        let mut cover = Cover::new(vec![1.0, 5.0]);
        cover.add(row(&[(0, 2.0), (1, 2.0)], 2.0, None));
        cover.add(row(&[], 1.0, Some(0)));
        assert_eq!(cover.search(100, 100_000), [1]);
    }
}
