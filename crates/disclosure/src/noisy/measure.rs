//! Counting with noise: the only step that sees the rows.

use super::design::{NoisyDesign, NoisyError};
use crate::noise::NoiseSource;
use crate::rows::Rows;

/// The counts of a table's margins with noise in them. What is made of them costs nothing more.
#[derive(Debug, Clone)]
pub struct NoisyCounts {
    pub(super) design: NoisyDesign,
    /// For each counted margin of the design its noised cells, in the order of the margin.
    pub(super) margins: Vec<Vec<i64>>,
    pub(super) releasable: bool,
}

impl NoisyCounts {
    /// Whether the noise was the operating system's.
    pub fn releasable(&self) -> bool {
        self.releasable
    }

    /// Each margin that was counted: its dimensions' places as bits, and its noised cells, the last
    /// dimension fastest. What an attacker sees at best.
    pub fn margins(&self) -> impl Iterator<Item = (usize, &[i64])> {
        let counted = self.design.counted.iter().map(|counted| counted.margin);
        counted.zip(self.margins.iter().map(Vec::as_slice))
    }
}

/// Counts the margins of a design and adds noise to each count.
///
/// # Errors
/// Rows of another schema; the operating system gives no random bytes.
pub fn measure(
    design: &NoisyDesign,
    rows: &Rows,
    source: &mut NoiseSource,
) -> Result<NoisyCounts, NoisyError> {
    if *rows.schema() != design.schema {
        return Err(NoisyError::OtherSchema);
    }
    let counts = count(design, rows);
    let mut margins = Vec::with_capacity(design.counted.len());
    for counted in &design.counted {
        let positions = design.cube.positions(counted.margin, false);
        let noised = positions
            .into_iter()
            .map(|at| Ok(counts[at].saturating_add(counted.noise.draw(source)?)))
            .collect::<Result<_, NoisyError>>()?;
        margins.push(noised);
    }
    Ok(NoisyCounts { design: design.clone(), margins, releasable: source.releasable() })
}

/// The exact counts of every cell, margins included.
fn count(design: &NoisyDesign, rows: &Rows) -> Vec<i64> {
    let cube = &design.cube;
    let mut at = vec![0_usize; rows.count()];
    for (axis, &column) in design.columns.iter().enumerate() {
        let stride = cube.stride(axis);
        for (at, &code) in at.iter_mut().zip(rows.column(column)) {
            *at += (usize::from(code) + 1) * stride;
        }
    }
    let mut counts = vec![0_i64; cube.length()];
    for at in at {
        counts[at] += 1;
    }
    cube.sum_up(&mut counts);
    counts
}
