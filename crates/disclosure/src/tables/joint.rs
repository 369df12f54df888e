//! The one table of counts behind linked tables.
//!
//! In: which dimensions each published table has. Out: the **rings** among them ([`rings`]), and
//! for each ring the combinations of categories that may have somebody ([`possible`]): an attacker knows that
//! counts of all those exist, none below zero, and that every published margin is a sum of them.
//! Tables by AB, BC and AC can give away what none of them, nor any sum of their cells, does.
//!
//! Where tables hang together without a ring that says nothing new: any margins that agree
//! have a joint table then (Vorob'ev 1962, "Consistent families of measures and their extensions",
//! Theory of Probability and its Applications 7). Rings are what is left of the dimensions when those in
//! one table only, and tables within others, have been taken away until none is (Graham 1979; Yu and
//! Özsoyoğlu 1979; Beeri, Fagin, Maier and Yannakakis 1983, "On the desirability of acyclic database
//! schemes", Journal of the ACM 30, theorem 3.4).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::cube::{Cube, Relation};

/// The most combinations that the tables of a ring may have.
pub(super) const MOST_COMBINATIONS: usize = 50_000;

/// Tables whose dimensions go around in a ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ring {
    /// All dimensions, in order.
    pub(super) dimensions: Vec<usize>,
    pub(super) margins: Vec<Margin>,
}

/// The margin of a table that takes part in a ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Margin {
    pub(super) table: usize,
    /// Its dimensions, in order; the table's others are at their total.
    pub(super) dimensions: Vec<usize>,
}

/// A category for each dimension of a ring, or of a margin.
pub(super) type Combination = Box<[u32]>;

/// The rings among tables, by the dimensions of each.
pub(super) fn rings(tables: &[Vec<usize>]) -> Vec<Ring> {
    let mut margins: Vec<(usize, BTreeSet<usize>)> =
        (0..).zip(tables).map(|(table, of)| (table, of.iter().copied().collect())).collect();
    loop {
        let before: usize = margins.iter().map(|(_, of)| of.len() + 1).sum();
        let mut tables_with: BTreeMap<usize, usize> = BTreeMap::new();
        margins
            .iter()
            .flat_map(|(_, of)| of)
            .for_each(|at| *tables_with.entry(*at).or_default() += 1);
        for (_, of) in &mut margins {
            of.retain(|at| tables_with[at] > 1);
        }
        let mut kept: Vec<(usize, BTreeSet<usize>)> = Vec::new();
        for margin in margins {
            if kept.iter().any(|(_, of)| margin.1.is_subset(of)) {
                continue;
            }
            kept.retain(|(_, of)| !of.is_subset(&margin.1));
            kept.push(margin);
        }
        kept.retain(|(_, of)| !of.is_empty());
        margins = kept;
        if margins.iter().map(|(_, of)| of.len() + 1).sum::<usize>() == before {
            break;
        }
    }
    let mut rings = Vec::new();
    while let Some(first) = margins.pop() {
        let mut dimensions = first.1.clone();
        let mut ring = vec![first];
        while let Some(at) = margins.iter().position(|(_, of)| !of.is_disjoint(&dimensions)) {
            let next = margins.remove(at);
            dimensions.extend(&next.1);
            ring.push(next);
        }
        ring.sort_unstable();
        let margins = ring.into_iter();
        let margins = margins.map(|(table, of)| Margin { table, dimensions: Vec::from_iter(of) });
        rings.push(Ring { dimensions: Vec::from_iter(dimensions), margins: margins.collect() });
    }
    rings
}

impl Ring {
    /// Of a combination of all dimensions the part that belongs to a margin.
    pub(super) fn within(&self, margin: &Margin, of: &[u32]) -> Combination {
        let known = margin.dimensions.iter().map(|at| of[self.place(*at)]);
        known.collect()
    }

    fn place(&self, dimension: usize) -> usize {
        self.dimensions.partition_point(|&known| known < dimension)
    }

    /// The combinations of which every margin may have somebody: `may_have` lists for each margin those
    /// that do. Nothing if there are more than [`MOST_COMBINATIONS`] on the way.
    ///
    /// Margins are joined so that as much as can be is shared with those before.
    pub(super) fn possible(&self, may_have: &[Vec<Combination>]) -> Option<Vec<Combination>> {
        const OPEN: u32 = u32::MAX;
        let mut all: Vec<Combination> = vec![vec![OPEN; self.dimensions.len()].into()];
        let mut left: Vec<(&Margin, &Vec<Combination>)> =
            self.margins.iter().zip(may_have).collect();
        let mut covered: BTreeSet<usize> = BTreeSet::new();
        while !left.is_empty() {
            let shared = |margin: &Margin| {
                margin.dimensions.iter().filter(|at| covered.contains(at)).count()
            };
            let best = (0..left.len())
                .min_by_key(|&at| (std::cmp::Reverse(shared(left[at].0)), left[at].1.len(), at));
            let (margin, list) = left.remove(best.unwrap_or(0));
            covered.extend(&margin.dimensions);
            let places: Vec<usize> = margin.dimensions.iter().map(|&at| self.place(at)).collect();
            // Margins differ in what they leave open, not the combinations of one margin.
            let open: Vec<bool> = places
                .iter()
                .map(|&place| all.first().is_some_and(|of| of[place] == OPEN))
                .collect();
            let key = |of: &[u32]| -> Combination {
                let shared = of.iter().zip(&open).filter(|(_, open)| !**open);
                shared.map(|(category, _)| *category).collect()
            };
            let mut by_key: HashMap<Combination, Vec<&Combination>> = HashMap::new();
            list.iter().for_each(|of| by_key.entry(key(of)).or_default().push(of));
            let mut longer = Vec::new();
            for known in &all {
                let shared: Vec<u32> = places.iter().map(|&place| known[place]).collect();
                for of in by_key.get(&key(&shared)).into_iter().flatten() {
                    let mut known = known.clone();
                    places.iter().zip(of.iter()).for_each(|(&place, &at)| known[place] = at);
                    longer.push(known);
                }
                if longer.len() > MOST_COMBINATIONS {
                    return None;
                }
            }
            all = longer;
        }
        Some(all)
    }
}

/// The combinations behind a cube's tables, numbered after its cells: never published, and nobody asks
/// how wide their intervals are; but what they cannot be narrows those of others.
#[derive(Debug, Default)]
pub(super) struct Behind {
    pub(super) values: Vec<u64>,
    /// Each innermost cell of a margin, with its combinations.
    pub(super) relations: Vec<Relation>,
}

impl Behind {
    /// Of a cube of which it is known which cells have nobody; nothing if there are more than
    /// [`MOST_COMBINATIONS`].
    pub(super) fn of(cube: &Cube, empty: impl Fn(usize) -> bool) -> Option<Behind> {
        let mut behind = Behind::default();
        for joint in &cube.joint {
            let margins = joint.ring.margins.iter();
            let cells: Vec<HashMap<Combination, usize>> =
                margins.map(|margin| innermost(cube, margin, &empty)).collect();
            let may_have: Vec<Vec<Combination>> = cells
                .iter()
                .map(|cells| {
                    let mut all: Vec<_> =
                        cells.iter().map(|(at, cell)| (*cell, at.clone())).collect();
                    all.sort_unstable();
                    all.into_iter().map(|(_, at)| at).collect()
                })
                .collect();
            let possible = joint.ring.possible(&may_have)?;
            let first = cube.cells.len() + behind.values.len();
            for (margin, cells) in joint.ring.margins.iter().zip(&cells) {
                let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
                for (number, at) in (first..).zip(&possible) {
                    parts.entry(cells[&joint.ring.within(margin, at)]).or_default().push(number);
                }
                let relations = parts.into_iter().map(|(total, parts)| Relation { total, parts });
                behind.relations.extend(relations);
            }
            let value = |at: &Combination| joint.values.get(at).copied().unwrap_or(0);
            behind.values.extend(possible.iter().map(value));
        }
        Some(behind)
    }
}

/// The innermost cells of a margin that may have somebody.
fn innermost(
    cube: &Cube,
    margin: &Margin,
    empty: &impl Fn(usize) -> bool,
) -> HashMap<Combination, usize> {
    let mut found = HashMap::new();
    for &cell in cube.cells_of_table[margin.table].iter().filter(|&&cell| !empty(cell)) {
        let at = &cube.cells[cell].at;
        let is_innermost = |(place, at): (usize, &Option<usize>)| {
            let of_margin = margin.dimensions.contains(&place);
            at.is_some() == of_margin
                && (at.is_none() || !cube.dimensions[place].parents.contains(at))
        };
        if at.iter().enumerate().all(is_innermost) {
            let of = margin.dimensions.iter().filter_map(|&place| at[place]);
            found.insert(of.map(|at| at as u32).collect(), cell);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dimensions(rings: &[Ring]) -> Vec<&[usize]> {
        rings.iter().map(|ring| ring.dimensions.as_slice()).collect()
    }

    #[test]
    fn rings_by_hand() {
        let of = |tables: &[&[usize]]| rings(&Vec::from_iter(tables.iter().map(|of| of.to_vec())));
        // One table, a chain, a star, and one within another.
        assert!(of(&[&[0, 1, 2]]).is_empty());
        assert!(of(&[&[0, 1], &[1, 2], &[2, 3]]).is_empty());
        assert!(of(&[&[0, 1, 2], &[0, 3], &[1, 4], &[1, 0]]).is_empty());
        // A triangle, alone and with its own joint table published.
        assert_eq!(dimensions(&of(&[&[0, 1], &[1, 2], &[2, 0]])), [&[0, 1, 2]]);
        assert!(of(&[&[0, 1], &[1, 2], &[2, 0], &[0, 1, 2]]).is_empty());
        // Dimensions of one table only do not matter to it.
        let found = of(&[&[0, 1, 5], &[1, 2, 6], &[3, 2, 0], &[3, 7]]);
        assert_eq!(dimensions(&found), [&[0, 1, 2]]);
        assert_eq!(found[0].margins[2], Margin { table: 2, dimensions: vec![0, 2] });
        // Two rings that share nothing.
        let two = of(&[&[0, 1], &[1, 2], &[2, 0], &[3, 4], &[4, 5], &[5, 3]]);
        assert_eq!(dimensions(&two), [&[3, 4, 5], &[0, 1, 2]]);
    }

    proptest! {
        /// Every combination that any joint table can have is among the possible ones, once, and all of
        /// those have margins that may have somebody.
        #[test]
        fn possible_are_those_with_possible_margins(
            people in proptest::collection::btree_set((0_u32..3, 0_u32..3, 0_u32..3), 1..12),
        ) {
            let ring = rings(&[vec![0, 1], vec![1, 2], vec![2, 0]]).remove(0);
            let people: Vec<[u32; 3]> = people.into_iter().map(|(a, b, c)| [a, b, c]).collect();
            let may_have: Vec<Vec<Combination>> = ring
                .margins
                .iter()
                .map(|margin| {
                    let of: BTreeSet<_> = people.iter().map(|at| ring.within(margin, at)).collect();
                    of.into_iter().collect()
                })
                .collect();
            let possible = ring.possible(&may_have).unwrap();
            let mut expected = Vec::new();
            for a in 0..3 {
                for b in 0..3 {
                    for c in 0..3 {
                        let at: Combination = [a, b, c].into();
                        let mut margins = ring.margins.iter().zip(&may_have);
                        if margins.all(|(margin, of)| of.contains(&ring.within(margin, &at))) {
                            expected.push(at);
                        }
                    }
                }
            }
            let mut sorted = possible.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, expected);
        }
    }
}
