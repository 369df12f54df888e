//! The row most like a person: fewest columns that differ.

use rand_chacha::ChaCha8Rng;

use super::random::below;
use crate::rows::Rows;

/// How many of the columns differ, and which row; ties are drawn. Nothing if there is no row.
pub(super) fn nearest(
    rows: &Rows,
    columns: &[usize],
    target: &[u16],
    but: Option<usize>,
    generator: &mut ChaCha8Rng,
) -> Option<(u16, usize)> {
    let mut distances = vec![0_u16; rows.count()];
    for &column in columns {
        let code = target[column];
        for (distance, &other) in distances.iter_mut().zip(rows.column(column)) {
            *distance += u16::from(other != code);
        }
    }
    if let Some(distance) = but.and_then(|but| distances.get_mut(but)) {
        *distance = u16::MAX;
    }
    let least = *distances.iter().min().filter(|&&least| least < u16::MAX)?;
    let ties = distances.iter().filter(|&&distance| distance == least).count();
    let drawn = below(generator, ties);
    let place = (0..rows.count()).filter(|&place| distances[place] == least).nth(drawn)?;
    Some((least, place))
}
