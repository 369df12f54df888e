//! Re-identification by trying everybody who may be meant.
//!
//! In: what is seen of encodings, and a list of people encoded under some key. Out: for every
//! encoded row the person of the list whose encoding is most alike. With the right key this shows
//! what holding the key means; with another one it should be no better than chance.

use rayon::prelude::*;

use super::view::View;

/// For every encoded row the most similar one of the list, and how similar, as a sum over layers.
pub(crate) fn attack(encoded: &View, list: &View) -> Vec<Option<usize>> {
    let of_row = |row: usize| {
        let score = |other: usize| {
            let layers = encoded.layers.iter().zip(&list.layers);
            layers.map(|(here, there)| here.alike(row, there, other)).sum::<f32>()
        };
        (0..list.rows).map(|other| (other, score(other))).max_by(|a, b| a.1.total_cmp(&b.1))
    };
    (0..encoded.rows).into_par_iter().map(|row| of_row(row).map(|(other, _)| other)).collect()
}
