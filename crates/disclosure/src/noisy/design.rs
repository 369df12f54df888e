//! What a noisy table asks, and what it will cost and be worth, before the data is touched.

use std::collections::BTreeMap;

use serde::Serialize;

use super::allocation::{precisions, shares, variance_of_margin};
use super::cube::{Cube, axes};
use super::faults::faults;
use super::groups::Group;
use crate::budget::{BudgetError, Rho, gaussian_for};
use crate::ledger::Part;
use crate::noise::{DiscreteGaussian, NoiseError};
use crate::schema::Schema;

/// What a standard normal variable is within with a chance of 95 %.
pub(super) const WITHIN: f64 = 1.959_963_984_540_054;

/// A table that somebody wants; all of it is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoisyQuestion {
    /// Its short name.
    pub name: String,
    /// What is counted, such as "people".
    pub counted: String,
    /// The columns that are its dimensions.
    pub dimensions: Vec<String>,
    /// Groups of categories that are shown as well.
    pub groups: Vec<Group>,
    /// Cells that cannot be: a code for each dimension, or nothing for all of them. They are shown
    /// as zero.
    pub structural_zeros: Vec<Vec<Option<u16>>>,
    /// The most rows that one person has in the data.
    pub rows_per_person: u32,
}

/// Why there is no noisy table.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NoisyError {
    /// Everything that is wrong with the question.
    #[error("{}", .0.join("; "))]
    Invalid(Vec<String>),
    /// Too small a budget.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// No randomness.
    #[error(transparent)]
    Noise(#[from] NoiseError),
    /// Rows of another schema.
    #[error("the rows have another schema than the table was designed for")]
    OtherSchema,
}

/// How a table will be counted: which margins with what noise.
#[derive(Debug, Clone)]
pub struct NoisyDesign {
    pub(super) question: NoisyQuestion,
    pub(super) schema: Schema,
    pub(super) columns: Vec<usize>,
    pub(super) cube: Cube,
    pub(super) counted: Vec<CountedMargin>,
    /// p(S) of `allocation`, by margin.
    pub(super) precisions: Vec<f64>,
    pub(super) impossible: Vec<bool>,
}

/// A margin that is counted with noise.
#[derive(Debug, Clone)]
pub(super) struct CountedMargin {
    pub(super) margin: usize,
    pub(super) rho: Rho,
    pub(super) noise: DiscreteGaussian,
}

/// How accurate the numbers of a margin will be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarginAccuracy {
    /// The dimensions that it keeps; none for the total.
    pub dimensions: Vec<String>,
    /// How many cells it has.
    pub cells: usize,
    /// The standard deviation of a cell before what is below zero is taken away.
    pub standard_deviation: f64,
    /// Half the width of its 95 % interval, in people.
    pub half_width: f64,
}

impl NoisyDesign {
    /// Shares `rho` among the margins of a table.
    ///
    /// # Errors
    /// Everything that is wrong with the question; a rho of nothing.
    pub fn new(
        schema: &Schema,
        question: NoisyQuestion,
        rho: Rho,
    ) -> Result<NoisyDesign, NoisyError> {
        let columns: Vec<Option<usize>> =
            question.dimensions.iter().map(|name| schema.column(name)).collect();
        let faults = faults(schema, &question, &columns);
        if !faults.is_empty() {
            return Err(NoisyError::Invalid(faults));
        }
        let columns: Vec<usize> = columns.into_iter().flatten().collect();
        let cube =
            Cube::new(columns.iter().map(|&column| schema.columns[column].codes()).collect());
        let rows = u64::from(question.rows_per_person);
        let mut counted = Vec::new();
        let mut precision = vec![0.0; cube.finest() + 1];
        for (margin, rho) in rho.split(&shares(&cube)).into_iter().enumerate() {
            if rho == Rho::ZERO && margin != cube.finest() {
                continue;
            }
            let noise = gaussian_for(rho, rows * rows)?;
            precision[margin] = 1.0 / noise.variance();
            counted.push(CountedMargin { margin, rho, noise });
        }
        let impossible = impossible(&cube, &question.structural_zeros);
        let precisions = precisions(&cube, &precision);
        let schema = schema.clone();
        Ok(NoisyDesign { question, schema, columns, cube, counted, precisions, impossible })
    }

    /// What it costs.
    pub fn rho(&self) -> Rho {
        self.counted.iter().map(|counted| counted.rho).sum()
    }

    /// What is counted and what each costs, for the ledger.
    pub fn parts(&self) -> Vec<Part> {
        self.counted
            .iter()
            .map(|counted| {
                let (top, bottom) = counted.noise.variance_fraction();
                Part {
                    what: format!("{} {}", self.question.counted, self.words(counted.margin)),
                    mechanism: "discrete Gaussian".to_owned(),
                    parameters: BTreeMap::from([
                        ("variance".to_owned(), format!("{top}/{bottom}")),
                        ("table".to_owned(), self.question.name.clone()),
                        ("rows-per-person".to_owned(), self.question.rows_per_person.to_string()),
                    ]),
                    rho: counted.rho,
                }
            })
            .collect()
    }

    /// How accurate each margin will be, the total first; known before anything is spent.
    pub fn accuracy(&self) -> Vec<MarginAccuracy> {
        let mut margins: Vec<usize> = (0..=self.cube.finest()).collect();
        margins.sort_by_key(|margin| (margin.count_ones(), *margin));
        margins
            .into_iter()
            .map(|margin| {
                let deviation = self.variance(margin).sqrt();
                MarginAccuracy {
                    dimensions: axes(margin)
                        .map(|axis| self.question.dimensions[axis].clone())
                        .collect(),
                    cells: self.cube.cells(margin),
                    standard_deviation: deviation,
                    half_width: WITHIN * deviation,
                }
            })
            .collect()
    }

    pub(super) fn variance(&self, margin: usize) -> f64 {
        variance_of_margin(&self.cube, &self.precisions, margin)
    }

    pub(super) fn groups(&self, axis: usize) -> impl Iterator<Item = &Group> {
        let dimension = &self.question.dimensions[axis];
        self.question.groups.iter().filter(move |group| group.dimension == *dimension)
    }

    fn words(&self, margin: usize) -> String {
        let names: Vec<&str> =
            axes(margin).map(|axis| self.question.dimensions[axis].as_str()).collect();
        if names.is_empty() { "in all".to_owned() } else { format!("by {}", names.join(" × ")) }
    }
}

/// For each cell of the cube whether all finest cells below it are structural zeros.
fn impossible(cube: &Cube, zeros: &[Vec<Option<u16>>]) -> Vec<bool> {
    let mut possible = vec![0_u32; cube.length()];
    let finest = cube.positions(cube.finest(), false);
    for &at in &finest {
        possible[at] = 1;
    }
    for zero in zeros {
        let mut below = vec![0];
        for (axis, code) in zero.iter().enumerate() {
            let places = match code {
                Some(code) => usize::from(*code) + 1..=usize::from(*code) + 1,
                None => 1..=cube.sizes[axis],
            };
            below = below
                .into_iter()
                .flat_map(|at| places.clone().map(move |place| at + place * cube.stride(axis)))
                .collect();
        }
        for at in below {
            possible[at] = 0;
        }
    }
    cube.sum_up(&mut possible);
    possible.into_iter().map(|possible| possible == 0).collect()
}
