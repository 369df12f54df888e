//! How far hidden cells depend on one another: equations solved for some of their variables.
//!
//! In: equations of small whole numbers over variables. Out: a tableau in which each basic variable
//! is minus a combination of the others (the nonbasic ones), and which can be pivoted. Two
//! questions are answered by looking at rows: whether a variable is determined by others (its row
//! has no entry outside them), and, of a linear programme, what can still be improved.
//!
//! Rows are sparse. Entries of these tables stay small multiples of simple fractions; what is within
//! [`SNAP`] of a whole number is made one, so that errors do not grow.

/// What is nearer to a whole number than this is it.
const SNAP: f64 = 1e-7;

/// No row, no column.
pub(super) const NONE: u32 = u32::MAX;

/// Equations `x_basic + Σ entry · x_nonbasic = 0`, one for each basic variable.
#[derive(Debug, Clone, Default)]
pub(super) struct Tableau {
    rows: Vec<Vec<(u32, f64)>>,
    basic: Vec<u32>,
    row_of: Vec<u32>,
    /// For each variable the rows that may have an entry for it: all that do, and some that did.
    rows_with: Vec<Vec<u32>>,
    /// How many rows have an entry.
    count: Vec<u32>,
    spare: Vec<(u32, f64)>,
    /// Work done so far, in entries touched.
    pub(super) work: u64,
}

impl Tableau {
    /// No equation yet.
    pub(super) fn new(variables: usize) -> Tableau {
        Tableau {
            rows: Vec::new(),
            basic: Vec::new(),
            row_of: vec![NONE; variables],
            rows_with: vec![Vec::new(); variables],
            count: vec![0; variables],
            spare: Vec::new(),
            work: 0,
        }
    }

    /// Adds an equation; does nothing if it follows from those before. `worth` of a variable says
    /// how gladly it becomes basic; among equals, the one that is in fewest rows.
    ///
    /// Returns whether it was new. Variables for which `worth` gives nothing never become basic; an
    /// equation among those alone is returned as contradictory: `Err`.
    pub(super) fn add(
        &mut self,
        equation: &[(u32, f64)],
        worth: impl Fn(u32) -> Option<u32>,
    ) -> Result<bool, ()> {
        let mut row: Vec<(u32, f64)> = Vec::with_capacity(equation.len());
        row.extend(equation.iter().filter(|(_, value)| *value != 0.0));
        row.sort_unstable_by_key(|(variable, _)| *variable);
        for &(variable, value) in equation {
            let of = self.row_of[variable as usize];
            if of != NONE && value != 0.0 {
                // x_variable = − its row, so `value` times its row goes away.
                self.spare.clear();
                let at = row.binary_search_by_key(&variable, |(variable, _)| *variable);
                if let Ok(at) = at {
                    row.remove(at);
                }
                combine(&row, &self.rows[of as usize], -value, &mut self.spare);
                std::mem::swap(&mut row, &mut self.spare);
            }
        }
        if row.is_empty() {
            return Ok(false);
        }
        let best = row
            .iter()
            .filter(|(_, value)| value.abs() > 1e-7)
            .filter_map(|&(variable, _)| Some((worth(variable)?, variable)))
            .min_by_key(|&(worth, variable)| {
                (std::cmp::Reverse(worth), self.count[variable as usize], variable)
            });
        let Some((_, pivot)) = best else { return Err(()) };
        let at = row.iter().position(|(variable, _)| *variable == pivot).unwrap_or_default();
        let scale = 1.0 / row.remove(at).1;
        row.iter_mut().for_each(|(_, value)| *value = snap(*value * scale));
        self.eliminate(pivot, &row, NONE);
        let new = self.rows.len() as u32;
        for &(variable, _) in &row {
            self.rows_with[variable as usize].push(new);
            self.count[variable as usize] += 1;
        }
        self.rows.push(row);
        self.basic.push(pivot);
        self.row_of[pivot as usize] = new;
        Ok(true)
    }

    /// Takes a variable out of all rows but one by an equation for it.
    fn eliminate(&mut self, variable: u32, row: &[(u32, f64)], but: u32) {
        let mut with = std::mem::take(&mut self.rows_with[variable as usize]);
        with.sort_unstable();
        with.dedup();
        for at in with {
            if at == but {
                continue;
            }
            let other = &self.rows[at as usize];
            let Ok(place) = other.binary_search_by_key(&variable, |(known, _)| *known) else {
                continue;
            };
            let factor = other[place].1;
            let mut spare = std::mem::take(&mut self.spare);
            spare.clear();
            let mut old = std::mem::take(&mut self.rows[at as usize]);
            old.remove(place);
            combine(&old, row, -factor, &mut spare);
            self.work += (old.len() + row.len()) as u64;
            self.recount(at, &old, &spare);
            std::mem::swap(&mut old, &mut spare);
            self.rows[at as usize] = old;
            self.spare = spare;
        }
        self.count[variable as usize] = 0;
    }

    /// Notes which entries a row has gained and lost.
    fn recount(&mut self, row: u32, old: &[(u32, f64)], new: &[(u32, f64)]) {
        let (mut i, mut j) = (0, 0);
        while i < old.len() || j < new.len() {
            let a = old.get(i).map_or(NONE, |entry| entry.0);
            let b = new.get(j).map_or(NONE, |entry| entry.0);
            if a <= b {
                i += 1;
            }
            if b <= a {
                j += 1;
            }
            if a < b {
                self.count[a as usize] -= 1;
            } else if b < a {
                self.count[b as usize] += 1;
                self.rows_with[b as usize].push(row);
            }
        }
    }

    /// Makes the nonbasic variable `enter` basic in the row of `leave`.
    pub(super) fn pivot(&mut self, leave: u32, enter: u32) {
        let at = self.row_of[leave as usize];
        let mut row = std::mem::take(&mut self.rows[at as usize]);
        let place = row.binary_search_by_key(&enter, |(known, _)| *known);
        debug_assert!(place.is_ok(), "a pivot is an entry");
        let Ok(place) = place else {
            self.rows[at as usize] = row;
            return;
        };
        let scale = 1.0 / row.remove(place).1;
        row.iter_mut().for_each(|(_, value)| *value = snap(*value * scale));
        let new = row.partition_point(|(known, _)| *known < leave);
        row.insert(new, (leave, snap(scale)));
        self.work += row.len() as u64;
        self.eliminate(enter, &row, at);
        self.rows_with[enter as usize].clear();
        self.rows_with[leave as usize].push(at);
        self.count[leave as usize] += 1;
        self.rows[at as usize] = row;
        self.basic[at as usize] = enter;
        self.row_of[enter as usize] = at;
        self.row_of[leave as usize] = NONE;
    }

    /// How many variables there are.
    pub(super) fn variables(&self) -> usize {
        self.row_of.len()
    }

    /// A basic variable's entries, by variable; nothing for a nonbasic one.
    pub(super) fn row(&self, variable: u32) -> Option<&[(u32, f64)]> {
        match self.row_of[variable as usize] {
            NONE => None,
            at => Some(&self.rows[at as usize]),
        }
    }

    /// The basic variables with an entry for a nonbasic one, and the entry.
    pub(super) fn column(&mut self, variable: u32, into: &mut Vec<(u32, f64)>) {
        into.clear();
        let mut with = std::mem::take(&mut self.rows_with[variable as usize]);
        with.sort_unstable();
        with.dedup();
        with.retain(|&at| {
            let row = &self.rows[at as usize];
            match row.binary_search_by_key(&variable, |(known, _)| *known) {
                Ok(place) => {
                    into.push((self.basic[at as usize], row[place].1));
                    true
                }
                Err(_) => false,
            }
        });
        self.rows_with[variable as usize] = with;
    }

    /// How many rows have an entry for a variable.
    pub(super) fn count(&self, variable: u32) -> u32 {
        self.count[variable as usize]
    }

    /// The basic variables, by row.
    pub(super) fn basics(&self) -> &[u32] {
        &self.basic
    }
}

/// `row + factor · other`, of sorted rows.
fn combine(row: &[(u32, f64)], other: &[(u32, f64)], factor: f64, into: &mut Vec<(u32, f64)>) {
    let (mut i, mut j) = (0, 0);
    while i < row.len() && j < other.len() {
        let (a, b) = (row[i], other[j]);
        if a.0 < b.0 {
            into.push(a);
            i += 1;
        } else if b.0 < a.0 {
            into.push((b.0, snap(factor * b.1)));
            j += 1;
        } else {
            let value = snap(a.1 + factor * b.1);
            if value != 0.0 {
                into.push((a.0, value));
            }
            i += 1;
            j += 1;
        }
    }
    into.extend_from_slice(&row[i..]);
    into.extend(other[j..].iter().map(|&(variable, value)| (variable, snap(factor * value))));
}

pub(super) fn snap(value: f64) -> f64 {
    // Adding and taking away 1.5 · 2^52 rounds to the nearest whole number, faster than `round`.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let whole = (value + ROUND) - ROUND;
    if (value - whole).abs() < SNAP { whole } else { value }
}
