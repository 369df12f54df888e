//! The ways in which hidden cells move together.
//!
//! In: a tableau in which every hidden cell that can be is basic ([`Dependence`]). Out: for each hidden
//! cell that is not basic its **circuit**: by how much every other cell moves if it alone moves by one
//! and all others that are not basic stay. Every other move is a sum of circuits. In a sparse tableau many are
//! short. One of them alone may show that the intervals of its cells are wide ([`Circuits::way`]); where none does,
//! those around a cell make a programme of their own ([`Circuits::around`]), in which all others stay.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::dependence::Dependence;
use super::neighbourhood::System;
use super::programme::{Entries, FAR, NEAR};

/// Circuits of a programme of their own, as often as one is tried.
pub(super) const SIZES: [usize; 4] = [16, 64, 256, 1024];

/// Of so many circuits of a cell the shortest are looked at.
const MOST: usize = 64;

/// For each cell that is hidden and not basic its entries in the rows of basic cells, by cell.
pub(super) struct Circuits {
    entries: Vec<Entries>,
    /// For each hidden cell the circuits in which it moves, by the cell that is not basic: the shortest.
    with: Vec<Vec<u32>>,
}

impl Circuits {
    /// Of what is hidden now. Costs the tableau's entries.
    pub(super) fn of(dependence: &Dependence) -> Circuits {
        let mut entries = vec![Entries::new(); dependence.hidden.len()];
        for &basic in dependence.tableau.basics() {
            if !dependence.hidden[basic as usize] {
                continue;
            }
            for &(cell, entry) in dependence.tableau.row(basic).unwrap_or_default() {
                if dependence.hidden[cell as usize] && entry.abs() > NEAR {
                    entries[cell as usize].push((basic, entry));
                }
            }
        }
        let mut with = vec![Vec::new(); entries.len()];
        for (circuit, moves) in (0..).zip(&entries) {
            let is_one =
                dependence.hidden[circuit as usize] && dependence.tableau.row(circuit).is_none();
            let moved = moves.iter().map(|(basic, _)| *basic).chain(is_one.then_some(circuit));
            moved.for_each(|cell| with[cell as usize].push(circuit));
        }
        for of_cell in &mut with {
            of_cell.sort_by_key(|&circuit: &u32| entries[circuit as usize].len());
            of_cell.truncate(MOST);
        }
        Circuits { entries, with }
    }

    /// The shortest circuit along which a cell goes as far as `enough` asks of its least and greatest value:
    /// each cell that moves, and its values at either end.
    pub(super) fn way(
        &self,
        cell: u32,
        value: &[f64],
        bounds: impl Fn(u32) -> (f64, f64),
        enough: impl Fn((f64, f64)) -> bool,
    ) -> Option<Vec<(u32, (f64, f64))>> {
        for &circuit in &self.with[cell as usize] {
            let entries = &self.entries[circuit as usize];
            let moves = || entries.iter().map(|&(of, entry)| (of, -entry)).chain([(circuit, 1.0)]);
            let (mut down, mut up) = (f64::INFINITY, f64::INFINITY);
            for (of, entry) in moves() {
                let (lower, upper) = bounds(of);
                let (below, above) = (value[of as usize] - lower, upper - value[of as usize]);
                let (with, against) = if entry > 0.0 { (above, below) } else { (below, above) };
                up = up.min(with / entry.abs());
                down = down.min(against / entry.abs());
            }
            // A way without end is none that sums allow, unless the grand total is hidden.
            let (down, up) = (down.clamp(0.0, FAR), up.clamp(0.0, FAR));
            let ends = |(of, entry): (u32, f64)| {
                (of, (value[of as usize] - entry * down, value[of as usize] + entry * up))
            };
            let between = |(one, other): (f64, f64)| (one.min(other), one.max(other));
            if moves().map(ends).any(|(of, ends)| of == cell && enough(between(ends))) {
                return Some(moves().map(ends).collect());
            }
        }
        None
    }

    /// A system of so many circuits, those nearest to a cell, the shortest first; everything else stays.
    /// Nothing for a cell that is in none.
    pub(super) fn around(&self, cell: u32, size: usize) -> Option<System> {
        let mut next = BinaryHeap::new();
        let mut met: HashSet<u32> = HashSet::new();
        let mut rows: HashSet<u32> = HashSet::new();
        let mut taken: Vec<u32> = Vec::new();
        let mut meet = |next: &mut BinaryHeap<_>, of: u32, distance: usize| {
            for &circuit in &self.with[of as usize] {
                if met.insert(circuit) {
                    let length = self.entries[circuit as usize].len();
                    next.push(Reverse((distance, length, circuit)));
                }
            }
        };
        meet(&mut next, cell, 0);
        while taken.len() < size
            && let Some(Reverse((distance, _, circuit))) = next.pop()
        {
            taken.push(circuit);
            for &(basic, _) in &self.entries[circuit as usize] {
                if rows.insert(basic) {
                    meet(&mut next, basic, distance + 1);
                }
            }
        }
        if taken.is_empty() {
            return None;
        }
        let mut rows: Vec<u32> = rows.into_iter().collect();
        rows.sort_unstable();
        // The cell itself comes first.
        let first = |&of: &u32| of != cell;
        let mut variables: Vec<u32> = rows.iter().chain(&taken).copied().collect();
        variables.sort_by_key(first);
        let place: HashMap<u32, u32> = variables.iter().copied().zip(0..).collect();
        let mut of_row: HashMap<u32, Entries> =
            rows.iter().map(|&row| (row, vec![(place[&row], 1.0)])).collect();
        for circuit in &taken {
            for (row, entry) in &self.entries[*circuit as usize] {
                if let Some(of_row) = of_row.get_mut(row) {
                    of_row.push((place[circuit], *entry));
                }
            }
        }
        let solved = rows.iter().filter_map(|row| Some((place[row], of_row.remove(row)?)));
        Some(System::solved(variables, solved.collect()))
    }
}
