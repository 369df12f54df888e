//! Adds rows up into the cells of a cube.

use std::collections::HashMap;

use super::cube::{Cube, CubeCell};
use crate::rows::{Amounts, Rows};

/// How many of the largest contributions of a cell are kept: as many as any rule of dominance asks
/// about.
pub(super) const LARGEST_KEPT: usize = 10;

/// Fills the cells' values, numbers of contributors and largest contributions.
///
/// Each innermost cell with rows is added to every total and group above it; work grows with the
/// number of those cells times the number of totals above one.
pub(super) fn aggregate(
    cube: &mut Cube,
    rows: &Rows,
    columns: &[usize],
    index: &HashMap<Vec<Option<usize>>, usize>,
    amounts: Option<&Amounts>,
) {
    let chains: Vec<_> = cube.dimensions.iter().map(super::dimension::Dimension::chains).collect();
    let mut filled = vec![false; cube.cells.len()];
    for table in 0..cube.tables.len() {
        let places = cube.tables[table].dimensions.clone();
        let mut innermost: HashMap<Vec<u16>, Vec<usize>> = HashMap::new();
        for row in 0..rows.count() {
            let codes = places.iter().map(|&place| rows.column(columns[place])[row]).collect();
            innermost.entry(codes).or_default().push(row);
        }
        let mut innermost: Vec<_> = innermost.into_iter().collect();
        innermost.sort();
        let mut per_cell: HashMap<usize, HashMap<u32, u64>> = HashMap::new();
        for (codes, rows_of_cell) in innermost {
            let mut ats = vec![vec![None; cube.dimensions.len()]];
            for (&place, &code) in places.iter().zip(&codes) {
                ats = ats
                    .into_iter()
                    .flat_map(|at| {
                        chains[place][usize::from(code)].iter().map(move |&step| {
                            let mut at = at.clone();
                            at[place] = step;
                            at
                        })
                    })
                    .collect();
            }
            for cell in ats.iter().map(|at| index[at]).filter(|&cell| !filled[cell]) {
                match amounts {
                    None => {
                        let count = rows_of_cell.len() as u64;
                        cube.cells[cell].value += count;
                        cube.cells[cell].contributors += count;
                    }
                    Some(amounts) => {
                        let by_contributor = per_cell.entry(cell).or_default();
                        for &row in &rows_of_cell {
                            let (contributor, amount) = amounts.at(row);
                            let sum = by_contributor.entry(contributor).or_default();
                            *sum = sum.saturating_add(amount);
                        }
                    }
                }
            }
        }
        if amounts.is_some() {
            cube.shares.resize(cube.cells.len(), Vec::new());
        }
        for (cell, by_contributor) in per_cell {
            let mut shares: Vec<(u32, u64)> = by_contributor.into_iter().collect();
            shares.sort_unstable();
            cube.cells[cell].add_up(&shares);
            cube.shares[cell] = shares;
        }
        for &cell in &cube.cells_of_table[table] {
            filled[cell] = true;
        }
    }
}

impl CubeCell {
    /// Takes what contributors add as its content.
    pub(super) fn add_up(&mut self, shares: &[(u32, u64)]) {
        let mut amounts: Vec<u64> = shares.iter().map(|(_, amount)| *amount).collect();
        amounts.sort_unstable_by(|a, b| b.cmp(a));
        self.value = amounts.iter().fold(0, |sum, amount| sum.saturating_add(*amount));
        self.contributors = amounts.len() as u64;
        amounts.truncate(LARGEST_KEPT);
        self.largest = amounts;
    }
}

/// For a cube of one table its innermost cells, each with all the cells that it is counted in,
/// itself included.
pub(super) fn ancestors(cube: &Cube) -> Vec<(usize, Vec<usize>)> {
    let chains: Vec<_> = cube.dimensions.iter().map(super::dimension::Dimension::chains).collect();
    let index: HashMap<&[Option<usize>], usize> =
        cube.cells.iter().enumerate().map(|(place, cell)| (cell.at.as_slice(), place)).collect();
    let is_leaf = |dimension: &super::dimension::Dimension, place: Option<usize>| {
        place.is_some() && !dimension.parents.contains(&place)
    };
    let mut found = Vec::new();
    for (place, cell) in cube.cells.iter().enumerate() {
        if !cube.dimensions.iter().zip(&cell.at).all(|(of, &at)| is_leaf(of, at)) {
            continue;
        }
        let mut ats = vec![Vec::new()];
        for (dimension, at) in chains.iter().zip(&cell.at) {
            let chain = at.map_or(&[][..], |at| dimension[at].as_slice());
            let longer = |at: &Vec<Option<usize>>| {
                let at = at.clone();
                chain.iter().map(move |&step| [at.as_slice(), &[step]].concat()).collect::<Vec<_>>()
            };
            ats = ats.iter().flat_map(longer).collect();
        }
        found
            .push((place, ats.iter().filter_map(|at| index.get(at.as_slice()).copied()).collect()));
    }
    found
}
