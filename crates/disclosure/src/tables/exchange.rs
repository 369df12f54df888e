//! People who change places: ways in which the counts of a table may differ though every published sum stays.
//!
//! In: a cube, and which of its cells may move. Out: for one cell ways to move it that show its interval
//! to be wide ([`Exchange::way`]), or what has to be hidden for the cheapest one ([`Exchange::cheapest`]).
//!
//! If somebody is counted in another innermost cell, all totals over the one and not the other change by
//! one; if two swap what they are in some dimensions, only totals over both do; and so on: for two
//! innermost cells and any partition into blocks of the dimensions in which they differ, the corners
//! between them, block by block from the one or the other, gain one and lose one in turn. The result is
//! always a table that somebody could have counted (Dalenius and Reiss 1982, "Data-swapping: a technique
//! for disclosure control", section 3; the blocks are those of the hypercubes of Repsilber 1994). So nothing is solved: a cell costs
//! its table's innermost cells, times those it may change places with. What takes several such changes at a
//! time, none of which is possible alone, is not found.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::cube::Cube;
use super::programme::NEAR;

/// Dimensions in which two innermost cells may differ.
const MOST_DIMENSIONS: usize = 4;
/// Innermost cells under a total that are looked at, those with the most people first.
const MOST_UNDER: usize = 24;
/// So many ways that are not enough alone are put together.
const MOST_WAYS: usize = 64;

/// A dimension of a table. A cell's place is the sum over dimensions of (category + 1, or 0 for the total)
/// times stride.
struct Axis {
    stride: usize,
    size: usize,
    /// For each category the steps to itself, its groups and the total, which is 0.
    chains: Vec<Vec<usize>>,
    /// The steps to innermost categories.
    leaves: Vec<usize>,
}

/// Dimensions, by blocks.
type Blocks = Vec<Vec<usize>>;

struct Table {
    axes: Vec<Axis>,
    cells: Vec<u32>,
    /// Places of innermost cells.
    innermost: Vec<usize>,
    /// In which dimensions two innermost cells may differ, by blocks; those with few first.
    ways: Vec<Blocks>,
}

/// The cells of tables, and who may change places.
pub(super) struct Exchange {
    tables: Vec<Table>,
    /// For each cell the table and place of it; nothing if several tables have it.
    place: Vec<Option<(usize, usize)>>,
}

/// A change: for each cell that changes by how much, 1 or -1.
type Change = Vec<(u32, f64)>;

/// Changes one after the other, from the true values.
#[derive(Default)]
struct Path(HashMap<u32, f64>);

impl Path {
    /// How often a change can be made from here, times a sign.
    fn room(&self, change: &Change, sign: f64, room: impl Fn(u32) -> (f64, f64)) -> f64 {
        let of = |&(cell, by): &(u32, f64)| {
            let (below, above) = room(cell);
            let gone = self.0.get(&cell).copied().unwrap_or(0.0);
            if by * sign > 0.0 { above - gone } else { below + gone }
        };
        (change.iter().map(of).fold(f64::INFINITY, f64::min) + NEAR).floor()
    }

    /// How often a change can be taken back and made from here.
    fn both_ways(&self, change: &Change, room: impl Fn(u32) -> (f64, f64)) -> (f64, f64) {
        (self.room(change, -1.0, &room), self.room(change, 1.0, &room))
    }

    fn go(&mut self, change: &Change, by: f64) {
        for (cell, entry) in change {
            *self.0.entry(*cell).or_default() += entry * by;
        }
    }
}

impl Exchange {
    /// Of a cube's cells. Those that several tables have never move.
    pub(super) fn of(cube: &Cube) -> Exchange {
        let mut place = vec![None; cube.cells.len()];
        let mut met = vec![false; cube.cells.len()];
        let mut tables = Vec::new();
        for (number, (table, cells)) in cube.tables.iter().zip(&cube.cells_of_table).enumerate() {
            for (at, &cell) in cells.iter().enumerate() {
                let first = !std::mem::replace(&mut met[cell], true);
                place[cell] = first.then_some((number, at));
            }
            let mut innermost = vec![0];
            let mut axes = Vec::new();
            let mut stride = 1;
            // The last dimension goes fastest.
            for &dimension in table.dimensions.iter().rev() {
                let dimension = &cube.dimensions[dimension];
                let count = dimension.categories.len();
                let step = |category: usize| (category + 1) * stride;
                let is_innermost = |category: &usize| !dimension.parents.contains(&Some(*category));
                let leaves: Vec<usize> = (0..count).filter(is_innermost).map(step).collect();
                innermost = innermost
                    .iter()
                    .flat_map(|at| leaves.iter().map(move |step| at + step))
                    .collect();
                let steps =
                    |chain: Vec<Option<usize>>| chain.into_iter().map(|of| of.map_or(0, step));
                let chains = dimension.chains().into_iter().map(|chain| steps(chain).collect());
                axes.push(Axis { stride, size: count + 1, chains: chains.collect(), leaves });
                stride *= count + 1;
            }
            innermost.sort_by_key(|&at| (Reverse(cube.cells[cells[at]].value), at));
            let cells = cells.iter().map(|&cell| cell as u32).collect();
            tables.push(Table { ways: ways(axes.len()), axes, cells, innermost });
        }
        Exchange { tables, place }
    }

    /// Changes that take a cell as far from its true value as `enough` asks of its least and greatest: each
    /// cell that moves, and its values at either end. `room`: how far each may fall and rise, 0 and 0 if it is known.
    pub(super) fn way(
        &self,
        cell: u32,
        value: &[f64],
        room: impl Fn(u32) -> (f64, f64),
        enough: impl Fn((f64, f64)) -> bool,
        work: &mut u64,
    ) -> Option<Vec<(u32, (f64, f64))>> {
        let moves = |cell| room(cell) != (0.0, 0.0);
        let true_value = value[cell as usize];
        let (mut up, mut down) = (Path::default(), Path::default());
        let mut ways = 0;
        let done = self.changes(
            cell,
            work,
            moves,
            |_| true,
            |change| {
                let (falls, rises) = Path::default().both_ways(change, &room);
                if enough((true_value - falls, true_value + rises)) {
                    (up, down) = (Path::default(), Path::default());
                    up.go(change, rises);
                    down.go(change, -falls);
                    return true;
                }
                if ways == MOST_WAYS {
                    return false;
                }
                let (rises, falls) = (up.room(change, 1.0, &room), down.room(change, -1.0, &room));
                if rises > 0.0 {
                    up.go(change, rises);
                }
                if falls > 0.0 {
                    down.go(change, -falls);
                }
                ways += usize::from(rises > 0.0 || falls > 0.0);
                let gone = |path: &Path| true_value + path.0.get(&cell).copied().unwrap_or(0.0);
                enough((gone(&down), gone(&up)))
            },
        );
        let mut ends: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
        for (path, is_up) in [(&down, false), (&up, true)] {
            for (&cell, by) in path.0.iter().filter(|(_, by)| **by != 0.0) {
                let value = value[cell as usize];
                let ends = ends.entry(cell).or_insert((value, value));
                *(if is_up { &mut ends.1 } else { &mut ends.0 }) += by;
            }
        }
        done.then(|| ends.into_iter().collect())
    }

    /// What to hide for the change that costs least and takes a cell as far as is asked. `cost`: of hiding a
    /// cell, 0 if it is hidden, nothing if it must not be; `room` as above if all of those were hidden.
    pub(super) fn cheapest(
        &self,
        cell: u32,
        value: &[f64],
        cost: impl Fn(u32) -> Option<f64>,
        room: impl Fn(u32) -> (f64, f64),
        enough: impl Fn((f64, f64)) -> bool,
        work: &mut u64,
    ) -> Option<Vec<u32>> {
        let true_value = value[cell as usize];
        let best = Cell::new((f64::INFINITY, usize::MAX));
        let mut chosen = None;
        let costs = |cells: &mut dyn Iterator<Item = u32>| cells.filter_map(&cost).sum::<f64>();
        let worth = |corners: &mut dyn Iterator<Item = u32>| costs(corners) <= best.get().0;
        let may = |cell| cost(cell).is_some();
        self.changes(cell, work, may, worth, |change| {
            let of_change = (costs(&mut change.iter().map(|of| of.0)), change.len());
            if of_change >= best.get() {
                return false;
            }
            let (falls, rises) = Path::default().both_ways(change, &room);
            if enough((true_value - falls, true_value + rises)) {
                best.set(of_change);
                let hides = change.iter().map(|(cell, _)| *cell);
                chosen = Some(hides.filter(|&of| cost(of) != Some(0.0)).collect());
            }
            false
        });
        chosen
    }

    /// Every change in which a cell rises by one and everything that changes may move, until `visit` says
    /// that it is enough; says whether it did. Corners that `worth` says no to are left out.
    fn changes(
        &self,
        cell: u32,
        work: &mut u64,
        moves: impl Fn(u32) -> bool,
        mut worth: impl FnMut(&mut dyn Iterator<Item = u32>) -> bool,
        mut visit: impl FnMut(&Change) -> bool,
    ) -> bool {
        let Some((table, place)) = self.place[cell as usize] else { return false };
        let table = &self.tables[table];
        let may = |at: usize| {
            let cell = table.cells[at];
            self.place[cell as usize].is_some() && moves(cell)
        };
        *work += table.innermost.len() as u64;
        let under = table.innermost.iter().copied().filter(|&at| may(at));
        let under = under.filter(|&at| table.is_under(at, place));
        for own in under.take(MOST_UNDER) {
            for blocks in &table.ways {
                let mut looked_at = 0;
                let mut walk = Walk {
                    table,
                    own,
                    blocks,
                    corners: vec![own],
                    work: 0,
                    may: &may,
                    worth: &mut |corners: &[usize]| {
                        worth(&mut corners.iter().map(|&at| table.cells[at]))
                    },
                    visit: &mut |other: usize| {
                        let change = table.change(blocks, own, other);
                        // A total over both stays.
                        let changes = change.iter().any(|(at, _)| *at == place);
                        if !changes || !change.iter().all(|(at, _)| may(*at)) {
                            return false;
                        }
                        looked_at += change.len() as u64;
                        visit(&change.iter().map(|&(at, by)| (table.cells[at], by)).collect())
                    },
                };
                let found = walk.totals_may(0, 0) && walk.go(0);
                *work += walk.work + looked_at;
                if found {
                    return true;
                }
            }
        }
        false
    }
}

/// The search for innermost cells between which people may change places, block by block.
struct Walk<'a, M, W: ?Sized, V: ?Sized> {
    table: &'a Table,
    own: usize,
    blocks: &'a Blocks,
    /// The own cell, and with every block so far all of these with what the other has in it.
    corners: Vec<usize>,
    /// Corners looked at.
    work: u64,
    may: &'a M,
    worth: &'a mut W,
    visit: &'a mut V,
}

impl<M, W, V> Walk<'_, M, W, V>
where
    M: Fn(usize) -> bool,
    W: FnMut(&[usize]) -> bool + ?Sized,
    V: FnMut(usize) -> bool + ?Sized,
{
    /// Whether the totals by one dimension of each block may move, which change whoever is the other.
    fn totals_may(&self, block: usize, at: usize) -> bool {
        match self.blocks.get(block) {
            None => (self.may)(at),
            Some(axes) => axes.iter().all(|&axis| {
                let step = self.table.category(axis, self.own) * self.table.axes[axis].stride;
                self.totals_may(block + 1, at + step)
            }),
        }
    }

    /// Tries all others in a block and those after it.
    fn go(&mut self, block: usize) -> bool {
        match self.blocks.get(block) {
            None => (self.visit)(self.corners[self.corners.len() - 1]),
            Some(axes) => self.replace(block, axes, 0, 0),
        }
    }

    /// Tries all others in the rest of a block.
    fn replace(&mut self, block: usize, axes: &[usize], more: usize, less: usize) -> bool {
        if let Some((&axis, rest)) = axes.split_first() {
            let of = &self.table.axes[axis];
            let own = self.table.category(axis, self.own) * of.stride;
            let mut others = of.leaves.iter().filter(|&&step| step != own);
            return others.any(|step| self.replace(block, rest, more + step, less + own));
        }
        let count = self.corners.len();
        for corner in 0..count {
            let corner = self.corners[corner] + more - less;
            self.work += 1;
            if !(self.may)(corner) {
                self.corners.truncate(count);
                return false;
            }
            self.corners.push(corner);
        }
        let found = (self.worth)(&self.corners) && self.go(block + 1);
        self.corners.truncate(count);
        found
    }
}

impl Table {
    fn category(&self, axis: usize, place: usize) -> usize {
        let axis = &self.axes[axis];
        place / axis.stride % axis.size
    }

    fn chain(&self, axis: usize, innermost: usize) -> &[usize] {
        &self.axes[axis].chains[self.category(axis, innermost) - 1]
    }

    /// Whether a cell counts an innermost one.
    fn is_under(&self, innermost: usize, place: usize) -> bool {
        (0..self.axes.len()).all(|axis| {
            let step = self.category(axis, place) * self.axes[axis].stride;
            self.chain(axis, innermost).contains(&step)
        })
    }

    /// Every cell that changes, by its place, and by how much.
    fn change(&self, blocks: &Blocks, own: usize, other: usize) -> Vec<(usize, f64)> {
        let mut cells: Vec<(usize, f64)> = vec![(0, 1.0)];
        let product = |cells: &[(usize, f64)], steps: &[(usize, f64)]| {
            let with = |&(at, by): &(usize, f64)| {
                steps.iter().map(move |&(step, times)| (at + step, by * times))
            };
            cells.iter().flat_map(with).collect::<Vec<_>>()
        };
        for axis in
            (0..self.axes.len()).filter(|axis| !blocks.iter().flatten().any(|of| of == axis))
        {
            let steps: Vec<_> = self.chain(axis, own).iter().map(|&step| (step, 1.0)).collect();
            cells = product(&cells, &steps);
        }
        for block in blocks {
            // Totals over both stay.
            let mut of_block: Vec<(usize, f64)> = Vec::new();
            for (end, far, sign) in [(own, other, 1.0), (other, own, -1.0)] {
                let mut steps: Vec<(usize, bool)> = vec![(0, true)];
                for &axis in block {
                    let (chain, of_far) = (self.chain(axis, end), self.chain(axis, far));
                    let with = |&(at, both): &(usize, bool)| {
                        let step = move |step: &usize| (at + step, both && of_far.contains(step));
                        chain.iter().map(step)
                    };
                    steps = steps.iter().flat_map(with).collect();
                }
                of_block.extend(steps.iter().filter(|of| !of.1).map(|of| (of.0, sign)));
            }
            cells = product(&cells, &of_block);
        }
        cells
    }
}

/// Every choice of some of so many dimensions, and every partition of it into blocks.
fn ways(dimensions: usize) -> Vec<Blocks> {
    let mut ways: Vec<Blocks> = vec![Vec::new()];
    for dimension in 0..dimensions {
        for at in 0..ways.len() {
            if ways[at].iter().map(Vec::len).sum::<usize>() == MOST_DIMENSIONS {
                continue;
            }
            for block in 0..=ways[at].len() {
                let mut way = ways[at].clone();
                match way.get_mut(block) {
                    Some(block) => block.push(dimension),
                    None => way.push(vec![dimension]),
                }
                ways.push(way);
            }
        }
    }
    ways.retain(|way| !way.is_empty());
    ways.sort_by_key(|way| (way.iter().map(Vec::len).sum::<usize>(), way.len()));
    ways
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests_support::{cube_of, dimension, grouped};
    use super::*;

    fn cube(counts: &[u64]) -> Cube {
        cube_of(
            &[grouped(dimension("a", 4), "g", &[1, 2]), dimension("b", 3), dimension("c", 2)],
            counts,
        )
    }

    #[test]
    fn dimensions_fall_into_blocks() {
        // Bell numbers of one more, less the empty choice.
        assert_eq!([1, 2, 3, 4].map(|count| ways(count).len()), [1, 4, 14, 51]);
        assert_eq!(
            ways(2),
            [vec![vec![0]], vec![vec![1]], vec![vec![0, 1]], vec![vec![0], vec![1]]]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever changes, every total still is the sum of its parts, and people are still whole.
        #[test]
        fn no_change_breaks_a_sum(counts in proptest::collection::vec(1_u64..4, 24), cell in 0_usize..1000) {
            let cube = cube(&counts);
            let cell = cell % cube.cells.len();
            let mut seen = 0;
            Exchange::of(&cube).changes(cell as u32, &mut 0, |_| true, |_| true, |change| {
                let by: HashMap<u32, f64> = change.iter().copied().collect();
                let of = |cell: usize| by.get(&(cell as u32)).copied().unwrap_or(0.0);
                assert_eq!(by.len(), change.len(), "each cell once");
                assert_eq!(of(cell), 1.0);
                for relation in &cube.relations {
                    assert_eq!(of(relation.total), relation.parts.iter().map(|&part| of(part)).sum::<f64>());
                }
                seen += 1;
                false
            });
            // Nobody can be added to everybody.
            prop_assert_eq!(seen == 0, cube.cells[cell].at.iter().all(Option::is_none));
        }

        /// What is to be hidden for a cell is enough for it.
        #[test]
        fn the_cheapest_way_is_one(
            counts in proptest::collection::vec(1_u64..6, 24),
            pattern in proptest::collection::vec(any::<bool>(), 59),
            cell in 0_usize..1000,
        ) {
            let cube = cube(&counts);
            let value: Vec<f64> = cube.cells.iter().map(|cell| cell.value as f64).collect();
            let cell = 1 + cell % (value.len() - 1);
            let mut hidden: Vec<bool> =
                (0..value.len()).map(|at| at == cell || pattern[at % pattern.len()]).collect();
            hidden[0] = false;
            let exchange = Exchange::of(&cube);
            let enough = |(low, high): (f64, f64)| high - low >= 2.0;
            let cost = |at: u32| (at > 0).then_some(f64::from(u8::from(!hidden[at as usize])));
            let room = |at: u32| (value[at as usize] - 1.0, f64::INFINITY);
            let more = exchange.cheapest(cell as u32, &value, cost, room, enough, &mut 0);
            let way = |hidden: &[bool]| {
                let room = |at: u32| if hidden[at as usize] { room(at) } else { (0.0, 0.0) };
                exchange.way(cell as u32, &value, room, enough, &mut 0)
            };
            match more {
                // Several changes together may do what none does alone.
                None => (),
                Some(more) => {
                    prop_assert!(more.iter().all(|&at| !hidden[at as usize]));
                    more.iter().for_each(|&at| hidden[at as usize] = true);
                    let ends = way(&hidden);
                    prop_assert!(ends.is_some());
                    for (at, (low, high)) in ends.unwrap_or_default() {
                        prop_assert!(hidden[at as usize] && low >= 1.0 && high >= 1.0 && low != high);
                    }
                }
            }
        }
    }
}
