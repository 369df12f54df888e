//! Draws of targets; one stream for each trial, so that threads do not matter.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::attack::AttackError;
use crate::rows::Rows;
use crate::schema::Schema;

pub(super) fn generator(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(stream);
    generator
}

/// Uniform below `end`, which is not 0; the bias of 2⁻⁶⁴ `end` is of no account for targets.
pub(super) fn below(generator: &mut ChaCha8Rng, end: usize) -> usize {
    ((u128::from(generator.next_u64()) * end as u128) >> 64) as usize
}

/// A normal variable by Box and Muller's method (1958).
pub(super) fn normal(generator: &mut ChaCha8Rng) -> f64 {
    let uniform = |bits: u64| ((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    let radius = (-2.0 * libm::log(uniform(generator.next_u64()))).sqrt();
    radius * libm::cos(std::f64::consts::TAU * uniform(generator.next_u64()))
}

/// `number` different places below `end`, or all, in a random order.
pub(super) fn sample(generator: &mut ChaCha8Rng, end: usize, number: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..end).collect();
    let number = number.min(end);
    for place in 0..number {
        let other = place + below(generator, end - place);
        places.swap(place, other);
    }
    places.truncate(number);
    places
}

/// The codes of one row.
pub(super) fn row(rows: &Rows, index: usize) -> Vec<u16> {
    (0..rows.schema().columns.len()).map(|column| rows.column(column)[index]).collect()
}

/// Some of the rows.
pub(super) fn subset(rows: &Rows, places: &[usize]) -> Rows {
    let columns = (0..rows.schema().columns.len())
        .map(|column| places.iter().map(|&place| rows.column(column)[place]).collect())
        .collect();
    Rows::new(rows.schema().clone(), columns)
}

/// The columns of the rows that a release has, in the release's order.
///
/// # Errors
/// A column that the rows do not have with the same categories.
pub(crate) fn as_released(rows: &Rows, schema: &Schema) -> Result<Rows, AttackError> {
    let columns = schema
        .columns
        .iter()
        .map(|column| {
            rows.schema()
                .column(&column.name)
                .filter(|&place| rows.schema().columns[place] == *column)
                .map(|place| rows.column(place).to_vec())
                .ok_or_else(|| AttackError::Column(column.name.clone()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Rows::new(schema.clone(), columns))
}

/// All rows of files of one schema, put together.
pub(crate) fn together(files: &[&Rows]) -> Option<Rows> {
    let schema = files.first()?.schema();
    let columns = (0..schema.columns.len())
        .map(|column| files.iter().flat_map(|file| file.column(column)).copied().collect())
        .collect();
    Some(Rows::new(schema.clone(), columns))
}
