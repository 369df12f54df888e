//! What an attacker sees of encodings: who is how much like whom, layer by layer.
//!
//! In: filters, each with the rows that have one, and exact keys. Out: for every layer the
//! similarity of every two rows. The attacker's own table is seen in the same way: encoded under a
//! key of the attacker's own, or for plain filters as the Dice of the bigrams themselves.

use linkage::BitMatrix;
use rayon::prelude::*;

/// One way in which rows can be alike.
pub(crate) enum Layer {
    /// Filters compared by Dice.
    Dice(BitMatrix),
    /// Diffused filters, compared by what they agree in beyond chance; some rows have none.
    Agreement(BitMatrix, Vec<bool>),
    /// Keys that are equal or not; 0 is none.
    Equal(Vec<Vec<u64>>),
}

/// Everything that is seen of a table.
pub(crate) struct View {
    pub(crate) rows: usize,
    pub(crate) layers: Vec<Layer>,
}

/// The similarities of every two rows in one layer, row after row.
pub(crate) struct Similarities {
    pub(crate) rows: usize,
    pub(crate) values: Vec<f32>,
}

impl Similarities {
    pub(crate) fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.rows..(row + 1) * self.rows]
    }
}

impl View {
    /// The similarities of every layer.
    pub(crate) fn similarities(&self) -> Vec<Similarities> {
        self.layers.iter().map(|layer| layer.similarities(self.rows)).collect()
    }
}

impl Layer {
    fn similarities(&self, rows: usize) -> Similarities {
        // A row is like itself by how much it has.
        let of_row =
            |one: usize| {
                (0..rows).map(move |other| {
                    if one == other { self.size(one) } else { self.alike(one, self, other) }
                })
            };
        let values = (0..rows).into_par_iter().flat_map_iter(of_row).collect();
        Similarities { rows, values }
    }

    /// How much a row has: whether it has a filter, how many keys.
    fn size(&self, row: usize) -> f32 {
        match self {
            Layer::Dice(_) => 1.0,
            Layer::Agreement(_, present) => f32::from(u8::from(present[row])),
            Layer::Equal(keys) => keys[row].iter().filter(|key| **key != 0).count() as f32,
        }
    }

    /// How much a row is like a row of another table in the same layer; 0 where one has nothing.
    pub(crate) fn alike(&self, one: usize, there: &Layer, other: usize) -> f32 {
        match (self, there) {
            (Layer::Dice(matrix), Layer::Dice(others)) => {
                let (one, other) = (matrix.row(one), others.row(other));
                let both: u32 = one.iter().zip(other).map(|(a, b)| (a & b).count_ones()).sum();
                let all: u32 = one.iter().chain(other).map(|word| word.count_ones()).sum();
                if all == 0 { 0.0 } else { 2.0 * both as f32 / all as f32 }
            }
            (Layer::Agreement(matrix, present), Layer::Agreement(others, also)) => {
                if !(present[one] && also[other]) {
                    return 0.0;
                }
                let (one, other) = (matrix.row(one), others.row(other));
                let apart: u32 = one.iter().zip(other).map(|(a, b)| (a ^ b).count_ones()).sum();
                1.0 - 2.0 * apart as f32 / matrix.bits() as f32
            }
            (Layer::Equal(keys), Layer::Equal(others)) => {
                let meets = |key: &u64| *key != 0 && others[other].contains(key);
                f32::from(u8::from(keys[one].iter().any(meets)))
            }
            _ => 0.0,
        }
    }
}

/// The mean of similarities seen under several keys: what is due to one key goes away.
pub(crate) fn mean(views: &[View]) -> Vec<Similarities> {
    let mut all: Vec<Vec<Similarities>> = views.iter().map(View::similarities).collect();
    let mut sums = all.pop().unwrap_or_default();
    for more in &all {
        for (sum, more) in sums.iter_mut().zip(more) {
            sum.values.iter_mut().zip(&more.values).for_each(|(sum, one)| *sum += one);
        }
    }
    let times = views.len().max(1) as f32;
    sums.iter_mut().for_each(|sum| sum.values.iter_mut().for_each(|value| *value /= times));
    sums
}
