//! The row most like a person: fewest columns that differ.

use rand_chacha::ChaCha8Rng;

use super::bitmaps::{Bitmaps, count, keep, nth};
use super::random::below;

/// How many of the columns differ, and which row; ties are drawn. Nothing if there is no row.
///
/// Counts differing columns of 64 rows at a time, in as many words as the count has binary digits.
pub(super) fn nearest(
    rows: &Bitmaps,
    columns: &[usize],
    target: &[u16],
    but: Option<usize>,
    generator: &mut ChaCha8Rng,
) -> Option<(u16, usize)> {
    let mut nearest = rows.all();
    if let Some(but) = but
        && let Some(word) = nearest.get_mut(but / 64)
    {
        *word &= !(1 << (but % 64));
    }
    // The digits of every row's count, the lowest first.
    let mut digits: Vec<Vec<u64>> = Vec::new();
    let mut carry = vec![0_u64; nearest.len()];
    for (done, &column) in columns.iter().enumerate() {
        let alike = rows.having(column, target[column]);
        carry.iter_mut().zip(alike).for_each(|(carry, alike)| *carry = !alike);
        if (done + 1).is_power_of_two() {
            digits.push(vec![0; nearest.len()]);
        }
        for digit in &mut digits {
            for (digit, carry) in digit.iter_mut().zip(&mut carry) {
                (*digit, *carry) = (*digit ^ *carry, *digit & *carry);
            }
        }
    }
    let mut least = 0;
    for digit in digits.iter().rev() {
        let mut without = nearest.clone();
        without.iter_mut().zip(digit).for_each(|(word, digit)| *word &= !digit);
        least *= 2;
        if without.iter().any(|word| *word != 0) {
            nearest = without;
        } else {
            keep(&mut nearest, digit);
            least += 1;
        }
    }
    let ties = count(&nearest);
    if ties == 0 {
        return None;
    }
    let place = nth(&nearest, below(generator, ties))?;
    Some((least, place))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::attacks::random::generator;
    use crate::rows::Rows;
    use crate::schema::{Schema, SchemaColumn};

    proptest! {
        #[test]
        fn as_one_row_after_the_other_says(
            codes in proptest::collection::vec(proptest::collection::vec(0_u16..3, 6), 1..200),
            target in proptest::collection::vec(0_u16..3, 6),
            but in proptest::option::of(0_usize..200),
            columns in 0_usize..7,
        ) {
            let columns: Vec<usize> = (0..columns).collect();
            let schema = Schema {
                columns: (0..6)
                    .map(|column| SchemaColumn {
                        name: format!("c{column}"),
                        categories: vec!["a".to_owned(), "b".to_owned()],
                    })
                    .collect(),
            };
            let by_column = (0..6).map(|column| codes.iter().map(|row| row[column]).collect());
            let rows = Rows::new(schema, by_column.collect());
            let but = but.filter(|but| *but < codes.len());
            let differ = |row: &[u16]| columns.iter().filter(|&&c| row[c] != target[c]).count();
            let all = codes.iter().enumerate().filter(|(place, _)| Some(*place) != but);
            let least = all.clone().map(|(_, row)| differ(row)).min();
            let mut draws = generator(1, 1);
            let found = nearest(&Bitmaps::of(&rows), &columns, &target, but, &mut draws);
            prop_assert_eq!(found.map(|(least, _)| usize::from(least)), least);
            if let Some((least, place)) = found {
                prop_assert!(Some(place) != but);
                prop_assert_eq!(differ(&codes[place]), usize::from(least));
            }
        }
    }
}
