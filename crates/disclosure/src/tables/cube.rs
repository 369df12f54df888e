//! The cells of one or more linked tables with all their margins, and how they add up.
//!
//! In: rows about people and the dimensions of each table ([`Cube::of_people`]), or what each
//! contributor adds to each innermost cell ([`Cube::of_amounts`]). Out: every cell of every table, for every
//! subset of its dimensions and every level of their hierarchies, and the relations
//! total = sum of parts along each dimension. A cell that two tables share (the same categories,
//! all other dimensions at their total) is one cell, so that what protects it protects it in both.
//!
//! A cube holds what is confidential: it shows its shape and nothing else.

use std::collections::HashMap;
use std::fmt;

use super::aggregate::aggregate;
use super::cube_error::CubeError;
use super::dimension::{Dimension, groups_categories};
use super::joint::{Combination, Ring, rings};
use crate::read::LARGEST_AMOUNT;
use crate::rows::{Amounts, Rows};

/// The most cells that a cube may have.
pub const MOST_CELLS: usize = 4_000_000;

/// A table of a cube: its name, and its dimensions by their places in the cube.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CubeTable {
    /// Its name.
    pub name: String,
    /// The places of its dimensions.
    pub dimensions: Vec<usize>,
}

/// A cell: where it stands among all dimensions of the cube, and what is in it.
#[derive(Clone)]
pub(super) struct CubeCell {
    pub(super) at: Vec<Option<usize>>,
    pub(super) value: u64,
    /// How many people or other contributors.
    pub(super) contributors: u64,
    /// The largest contributions, the largest first; empty in tables of counts.
    pub(super) largest: Vec<u64>,
}

/// A total and its parts, by place of cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) total: usize,
    pub(super) parts: Vec<usize>,
}

/// The people, or amounts, of each combination of a ring's dimensions that has any.
#[derive(Clone)]
pub(super) struct Joint {
    pub(super) ring: Ring,
    pub(super) values: HashMap<Combination, u64>,
}

/// Linked tables with all margins.
#[derive(Clone)]
pub struct Cube {
    pub(super) dimensions: Vec<Dimension>,
    pub(super) tables: Vec<CubeTable>,
    /// For each table its cells, by place.
    pub(super) cells_of_table: Vec<Vec<usize>>,
    pub(super) cells: Vec<CubeCell>,
    pub(super) relations: Vec<Relation>,
    /// What is behind tables that form rings.
    pub(super) joint: Vec<Joint>,
    /// The column whose amounts are added up; nothing where rows are counted.
    pub(super) amount: Option<String>,
    /// Of amounts, for each cell who contributes how much, by contributor.
    pub(super) shares: Vec<Vec<(u32, u64)>>,
    pub(super) counted: String,
}

/// A table that is asked for: its name and its dimensions' names.
pub type Wanted<'a> = (&'a str, &'a [&'a str]);

impl Cube {
    /// Counts people by the dimensions of each table.
    ///
    /// `grouped` are dimensions with hierarchies (of [`super::Hierarchy::dimension`]); columns
    /// that it does not name have none. `counted` says what a row is, such as "people".
    ///
    /// # Errors
    /// No rows, columns that do not exist, too many cells.
    pub fn of_people(
        rows: &Rows,
        wanted: &[Wanted<'_>],
        grouped: &[Dimension],
        counted: &str,
    ) -> Result<Cube, CubeError> {
        Cube::build(rows, wanted, grouped, counted, None)
    }

    /// Adds up an amount, such as dollars or seats, by the dimensions of each table. `counted` is
    /// its unit.
    ///
    /// A contributor with several rows in a cell is one there.
    ///
    /// # Errors
    /// As [`Cube::of_people`], not one amount for each row, and amounts that add up to more than
    /// [`LARGEST_AMOUNT`].
    pub fn of_amounts(
        rows: &Rows,
        wanted: &[Wanted<'_>],
        grouped: &[Dimension],
        counted: &str,
        amounts: &Amounts,
    ) -> Result<Cube, CubeError> {
        if amounts.count() != rows.count() {
            return Err(CubeError::Lengths { rows: rows.count(), found: amounts.count() });
        }
        Cube::build(rows, wanted, grouped, counted, Some(amounts))
    }

    fn build(
        rows: &Rows,
        wanted: &[Wanted<'_>],
        grouped: &[Dimension],
        counted: &str,
        amounts: Option<&Amounts>,
    ) -> Result<Cube, CubeError> {
        if rows.count() == 0 || wanted.is_empty() {
            return Err(CubeError::Empty);
        }
        let mut cube = Cube {
            dimensions: Vec::new(),
            tables: Vec::new(),
            cells_of_table: Vec::new(),
            cells: Vec::new(),
            relations: Vec::new(),
            joint: Vec::new(),
            amount: amounts.map(|amounts| amounts.column().to_owned()),
            shares: Vec::new(),
            counted: counted.to_owned(),
        };
        let mut columns = Vec::new();
        for (name, dimensions) in wanted {
            cube.add_table(rows, grouped, name, dimensions, &mut columns)?;
        }
        cube.refuse_functions(rows, &columns)?;
        let mut index = HashMap::new();
        for table in 0..cube.tables.len() {
            cube.add_cells(table, &mut index)?;
        }
        aggregate(&mut cube, rows, &columns, &index, amounts);
        let total = cube.cells.iter().map(|cell| cell.value).max().unwrap_or(0);
        if amounts.is_some() && total > LARGEST_AMOUNT {
            return Err(CubeError::TooLarge { total });
        }
        cube.add_joint(rows, &columns, amounts);
        Ok(cube)
    }

    /// Refuses dimensions of different tables of which one follows from the other: whoever knows how
    /// takes one table from the other, and no total of either shows it.
    fn refuse_functions(&self, rows: &Rows, columns: &[usize]) -> Result<(), CubeError> {
        // Nothing is taken from a column that never stands without the other.
        let together = |of: usize, by: usize| {
            let mut tables = self.tables.iter().filter(|table| table.dimensions.contains(&of));
            tables.all(|table| table.dimensions.contains(&by))
        };
        let mut faults = Vec::new();
        for of in 0..columns.len() {
            for by in (0..columns.len()).filter(|&by| by != of && !together(of, by)) {
                if follows(rows.column(columns[of]), rows.column(columns[by])) {
                    faults
                        .push((self.dimensions[of].name.clone(), self.dimensions[by].name.clone()));
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(CubeError::Follows(faults)) }
    }

    fn add_joint(&mut self, rows: &Rows, columns: &[usize], amounts: Option<&Amounts>) {
        let tables: Vec<Vec<usize>> =
            self.tables.iter().map(|table| table.dimensions.clone()).collect();
        for ring in rings(&tables) {
            let mut values = HashMap::new();
            let of: Vec<&[u16]> =
                ring.dimensions.iter().map(|&place| rows.column(columns[place])).collect();
            for row in 0..rows.count() {
                let at: Combination = of.iter().map(|column| u32::from(column[row])).collect();
                let adds = amounts.map_or(1, |amounts| amounts.at(row).1);
                let sum: &mut u64 = values.entry(at).or_default();
                *sum = sum.saturating_add(adds);
            }
            self.joint.push(Joint { ring, values });
        }
    }

    fn add_table(
        &mut self,
        rows: &Rows,
        grouped: &[Dimension],
        name: &str,
        dimensions: &[&str],
        columns: &mut Vec<usize>,
    ) -> Result<(), CubeError> {
        let refuse = || CubeError::Dimensions {
            table: name.to_owned(),
            dimensions: dimensions.iter().map(|&dimension| dimension.to_owned()).collect(),
        };
        if self.tables.iter().any(|table| table.name == name) {
            return Err(CubeError::TableTwice(name.to_owned()));
        }
        let mut places = Vec::new();
        for &dimension in dimensions {
            let column = rows.schema().column(dimension).ok_or_else(refuse)?;
            let place = columns.iter().position(|known| *known == column);
            let place = place.unwrap_or(columns.len());
            if place == columns.len() {
                let flat = Dimension::flat(&rows.schema().columns[column]);
                let dimension = grouped.iter().find(|grouped| grouped.name == flat.name);
                let dimension = dimension.cloned().unwrap_or_else(|| flat.clone());
                if !groups_categories(&dimension, &flat) {
                    return Err(CubeError::Groups(flat.name));
                }
                columns.push(column);
                self.dimensions.push(dimension);
            }
            if places.contains(&place) {
                return Err(refuse());
            }
            places.push(place);
        }
        if places.is_empty() {
            return Err(refuse());
        }
        self.tables.push(CubeTable { name: name.to_owned(), dimensions: places });
        Ok(())
    }

    /// Adds a table's cells that no earlier table has, and its relations that are new.
    fn add_cells(
        &mut self,
        table: usize,
        index: &mut HashMap<Vec<Option<usize>>, usize>,
    ) -> Result<(), CubeError> {
        let places = self.tables[table].dimensions.clone();
        let sizes: Vec<usize> =
            places.iter().map(|&place| self.dimensions[place].categories.len() + 1).collect();
        let product = sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
        if product.is_none_or(|product| product.saturating_add(self.cells.len()) > MOST_CELLS) {
            return Err(CubeError::TooManyCells);
        }
        let known = self.cells.len();
        let mut of_table = Vec::with_capacity(product.unwrap_or(0));
        for mut number in 0..product.unwrap_or(0) {
            let mut at = vec![None; self.dimensions.len()];
            for (&place, &size) in places.iter().zip(&sizes).rev() {
                // The total first, then the categories.
                at[place] = (number % size).checked_sub(1);
                number /= size;
            }
            let cell = *index.entry(at.clone()).or_insert(self.cells.len());
            if cell == self.cells.len() {
                let empty = CubeCell { at, value: 0, contributors: 0, largest: Vec::new() };
                self.cells.push(empty);
            }
            of_table.push(cell);
        }
        for &place in &places {
            for (group, parts) in self.dimensions[place].families() {
                for &total in of_table.iter().filter(|&&cell| self.cells[cell].at[place] == group) {
                    let mut at = self.cells[total].at.clone();
                    let parts: Vec<usize> = parts
                        .iter()
                        .map(|&part| {
                            at[place] = Some(part);
                            index[&at]
                        })
                        .collect();
                    // Relations among cells of an earlier table are known from there.
                    if total >= known || parts.iter().any(|&part| part >= known) {
                        self.relations.push(Relation { total, parts });
                    }
                }
            }
        }
        self.cells_of_table.push(of_table);
        Ok(())
    }

    /// How many cells there are, each counted once.
    pub fn cells(&self) -> usize {
        self.cells.len()
    }

    /// How many cells are innermost in a table: no total or group of it.
    pub fn innermost(&self, table: usize) -> usize {
        let dimensions = &self.tables[table].dimensions;
        let leaf = |&place: &usize| {
            let dimension = &self.dimensions[place];
            (0..dimension.categories.len())
                .filter(|&category| !dimension.parents.contains(&Some(category)))
                .count()
        };
        dimensions.iter().map(leaf).product()
    }

    /// The true values of a table's cells in the order in which it is published: confidential.
    pub fn values(&self, table: usize) -> impl Iterator<Item = u64> + '_ {
        self.cells_of_table[table].iter().map(|&cell| self.cells[cell].value)
    }

    /// The tables, in the order in which they were asked for.
    pub fn tables(&self) -> &[CubeTable] {
        &self.tables
    }
}

/// How often a column must have repeated what it said of another before it is thought to be no accident.
const REPEATED: usize = 10;

/// Whether each category of `by` goes with one category of `of` only, and says so often enough of others than
/// the commonest.
fn follows(of: &[u16], by: &[u16]) -> bool {
    let mut known: HashMap<u16, u16> = HashMap::new();
    let mut rows: HashMap<u16, usize> = HashMap::new();
    for (&of, &by) in of.iter().zip(by) {
        if *known.entry(by).or_insert(of) != of {
            return false;
        }
        *rows.entry(of).or_default() += 1;
    }
    let commonest = rows.iter().max_by_key(|(of, rows)| (**rows, **of)).map(|(of, _)| *of);
    let others = known.values().filter(|of| Some(**of) != commonest).count();
    let rows_of_others = rows.iter().filter(|(of, _)| Some(**of) != commonest);
    rows_of_others.map(|(_, rows)| rows).sum::<usize>() >= others.max(1) + REPEATED
}

impl fmt::Debug for Cube {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Cube({} tables, {} cells)", self.tables.len(), self.cells.len())
    }
}
