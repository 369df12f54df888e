//! Solutions that whoever chose what to hide has found, checked by whoever audits it.
//!
//! In: what an attacker knows, what was counted, and pairs of solutions ([`Shown`]). Out: between which
//! values each unknown is seen to go. A solution counts only if every equation it touches is true of it
//! and every bound holds: then it is one, whoever found it. Nothing else is taken over from the search.

use std::sync::Arc;

use super::attack::{Attack, Unknown};
use super::cube::Cube;
use super::neighbourhood::Links;
use super::tableau::NONE;

/// Solutions are made of fractions with small denominators, which divide this.
const FRACTIONS: f64 = 5040.0;
/// How far from such a fraction the end of a programme is taken for it: a fifth of what is between two.
const OFF: f64 = 4e-5;
/// Sums of such fractions are multiples of one: less than this is nothing.
const EXACT: f64 = 1e-5;

/// Two solutions that differ from the true values.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    /// The cells in which they do, in order: as long as these stay hidden they are solutions.
    pub(super) cells: Vec<u32>,
    /// What each of those is in the one and in the other.
    pub(super) ends: Vec<(f64, f64)>,
}

/// The least and greatest value of each unknown in those of the solutions that are some. `known` is what was
/// counted, by unknown.
pub(super) fn seen_in(
    attack: &Attack,
    cube: &Cube,
    known: &[f64],
    shown: &[Arc<Shown>],
) -> Vec<(f64, f64)> {
    let mut reached: Vec<(f64, f64)> = known.iter().map(|&value| (value, value)).collect();
    if shown.is_empty() {
        return reached;
    }
    let mut unknown_of = vec![NONE; cube.cells.len()];
    for (at, unknown) in (0..).zip(&attack.unknown).filter(|(_, of)| of.behind.is_none()) {
        unknown_of[cube.cells_of_table[unknown.table][unknown.cell]] = at;
    }
    let links = Links::new(attack.equations.iter().map(|of| &of.entries), known.len());
    let mut moved = vec![0.0; known.len()];
    // Twice the same cell could cancel itself out.
    let is_sound = |shown: &&Arc<Shown>| shown.cells.is_sorted_by(|one, other| one < other);
    for shown in shown.iter().filter(is_sound) {
        for end in [|ends: (f64, f64)| ends.0, |ends: (f64, f64)| ends.1] {
            let values = shown.cells.iter().zip(&shown.ends).map(|(&cell, &ends)| {
                // Those behind a ring are not looked for.
                let at = unknown_of.get(cell as usize).copied().filter(|at| *at != NONE)?;
                let value = (end(ends) * FRACTIONS).round() / FRACTIONS;
                let Unknown { low, high, .. } = attack.unknown[at as usize];
                let is_within = value >= low as f64 && high.is_none_or(|high| value <= high as f64);
                (is_within && (value - end(ends)).abs() < OFF).then_some((at, value))
            });
            let Some(values) = values.collect::<Option<Vec<(u32, f64)>>>() else { continue };
            let mut touched: Vec<u32> = Vec::new();
            for &(at, value) in &values {
                moved[at as usize] = value - known[at as usize];
                touched.extend(links.of(at));
            }
            touched.sort_unstable();
            touched.dedup();
            let off = |of: u32| -> f64 {
                let entries = attack.equations[of as usize].entries.iter();
                entries.map(|&(at, entry)| entry * moved[at as usize]).sum()
            };
            let is_solution = touched.into_iter().all(|of| off(of).abs() < EXACT);
            values.iter().for_each(|&(at, _)| moved[at as usize] = 0.0);
            for (at, value) in values.into_iter().filter(|_| is_solution) {
                let known = &mut reached[at as usize];
                *known = (known.0.min(value), known.1.max(value));
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::exchange::Exchange;
    use super::super::rules::Zeros;
    use super::super::suppress::published;
    use super::super::tests_support::{by_enumeration, cube_of, dimension, grouped};
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// What is seen in a solution is possible; what is none is not believed.
        #[test]
        fn only_solutions_count(
            counts in proptest::collection::vec(0_u64..3, 9),
            pattern in proptest::collection::vec(any::<bool>(), 31),
            forged in 0_usize..1000,
            by in prop_oneof![Just(-1.0), Just(1.0), Just(0.5)],
        ) {
            prop_assume!(counts.iter().sum::<u64>() > 0);
            let cube = cube_of(&[grouped(dimension("a", 3), "g", &[1, 2]), dimension("b", 3)], &counts);
            let value: Vec<f64> = cube.cells.iter().map(|cell| cell.value as f64).collect();
            let hidden: Vec<bool> = (0..value.len())
                .map(|cell| cell > 0 && value[cell] > 0.0 && pattern[cell % pattern.len()])
                .collect();
            let tables = published(&cube, &hidden);
            let attack = Attack::new(&tables, Zeros::Published).unwrap();
            let known: Vec<f64> = attack
                .unknown
                .iter()
                .map(|of| value[cube.cells_of_table[of.table][of.cell]])
                .collect();
            let exchange = Exchange::of(&cube);
            let room = |cell: u32| {
                let value = value[cell as usize];
                if hidden[cell as usize] { (value - 1.0, f64::INFINITY) } else { (0.0, 0.0) }
            };
            let possible = by_enumeration(&tables[0], 1);
            for cell in (0..value.len() as u32).filter(|&cell| hidden[cell as usize]) {
                let wide = |(low, high): (f64, f64)| high > low;
                let Some(ends) = exchange.way(cell, &value, room, wide, &mut 0) else { continue };
                let (cells, ends): (Vec<u32>, Vec<_>) = ends.into_iter().unzip();
                let shown = Shown { cells, ends };
                let seen = seen_in(&attack, &cube, &known, &[Arc::new(shown.clone())]);
                let moved = seen.iter().filter(|(low, high)| low < high).count();
                prop_assert_eq!(moved, shown.cells.len());
                for (of, (low, high)) in attack.unknown.iter().zip(&seen) {
                    let (least, most) = possible[of.cell];
                    prop_assert!(least as f64 <= *low && *high <= most as f64);
                }
                let mut forgery = shown;
                let at = forged % forgery.ends.len();
                forgery.ends[at].0 += by;
                forgery.ends[at].1 += by;
                let seen = seen_in(&attack, &cube, &known, &[Arc::new(forgery)]);
                prop_assert!(seen.iter().zip(&known).all(|(seen, known)| *seen == (*known, *known)));
            }
        }
    }
}
