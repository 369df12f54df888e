//! The classes of candidate pairs, and what may stand in the cells of each.
//!
//! | class | names | birth | phone, street |
//! |---|---|---|---|
//! | same person | any | any | any |
//! | relatives | surname alike, given name not | not the same | one the same |
//! | twins | likewise | the same | likewise |
//! | named after | alike | not alike | likewise |
//! | sharing | not both alike | not the same | likewise |
//! | sharing, same birth | not both alike | the same | likewise |
//! | namesakes | alike | not the same | none the same |
//! | namesakes of a day | alike | the same day, another year | none the same |
//! | birthmates | neither alike; the given name; the surname | the same | none the same |
//! | birthmates, swapped | not both alike | near | none the same |
//! | strangers | as in random pairs | | |
//!
//! The classes but the first are what makes two persons meet in a block. Where a class leaves no
//! room for a cell, the chance is zero; the rest is learnt. Missing values say nothing: chances add
//! up to one within each pattern of missing values.

use super::compare::{BIRTH, COMMON, Comparison, GIVEN, PLACE, SHARED, SURNAME};

pub(super) const CLASSES: usize = 13;
pub(super) const SAME: usize = 0;
pub(super) const RELATIVES: usize = 1;
pub(super) const TWINS: usize = 2;
pub(super) const NAMED_AFTER: usize = 3;
pub(super) const SHARING: usize = 4;
pub(super) const SHARING_BIRTH: usize = 5;
pub(super) const NAMESAKES: usize = 6;
pub(super) const BIRTHMATES: usize = 7;
pub(super) const NAMESAKES_OF_DAY: usize = 8;
pub(super) const BIRTHMATES_SWAPPED: usize = 9;
pub(super) const BIRTHMATES_GIVEN: usize = 10;
pub(super) const BIRTHMATES_SURNAME: usize = 11;
pub(super) const STRANGERS: usize = 12;

pub(super) const FIELDS: usize = 6;
pub(super) const NAME: usize = 0;
pub(super) const NAME_COMMON: usize = 1;
pub(super) const BIRTH_DATE: usize = 2;
pub(super) const SEX: usize = 3;
pub(super) const CONTACT: usize = 4;
pub(super) const AGENCY: usize = 5;

pub(super) const NAMES: usize = GIVEN * SURNAME * SHARED;
/// Cells of each field.
pub(super) const CELLS: [usize; FIELDS] =
    [NAMES + SHARED, SHARED * COMMON, BIRTH, 3, PLACE * PLACE * 3, 2];

/// A cell for each field.
pub(super) type Cells = [u8; FIELDS];

/// The cells of two records.
pub(super) fn cells(pair: &Comparison) -> Cells {
    let alike = pair.given <= 1 && pair.surname <= 1;
    // Keys say something of names only where the filters do not.
    let shared = if alike { 0 } else { pair.shared };
    let name = if pair.named {
        (pair.given * SURNAME as u8 + pair.surname) * SHARED as u8 + shared
    } else {
        NAMES as u8 + pair.shared
    };
    let contact = (pair.phone * PLACE as u8 + pair.street) * 3 + pair.zip;
    [
        name,
        pair.shared * COMMON as u8 + pair.common,
        pair.birth,
        pair.sex,
        contact,
        u8::from(pair.within),
    ]
}

/// The pattern of missing values of a cell.
fn missing(field: usize, cell: usize) -> usize {
    match field {
        NAME => usize::from(cell >= NAMES) * (cell + 1),
        NAME_COMMON => cell / COMMON,
        BIRTH_DATE | SEX => usize::from(cell == 0),
        CONTACT => {
            let [phone, street, zip] = contact(cell);
            usize::from(phone == 0) + 2 * usize::from(street == 0) + 4 * usize::from(zip == 0)
        }
        _ => 0,
    }
}

pub(super) fn contact(cell: usize) -> [usize; 3] {
    [cell / 3 / PLACE, cell / 3 % PLACE, cell % 3]
}

/// Given name, surname, shared names; names that are missing are taken as the keys say.
pub(super) fn names(cell: usize) -> [usize; 3] {
    if cell >= NAMES {
        let shared = cell - NAMES;
        return if shared == 2 { [0, 0, 0] } else { [GIVEN - 1, SURNAME - 1, shared] };
    }
    [cell / SHARED / SURNAME, cell / SHARED % SURNAME, cell % SHARED]
}

/// Whether a class has room for a cell.
pub(super) fn allows(class: usize, field: usize, cell: usize) -> bool {
    let missing_name = field == NAME && cell >= NAMES;
    match field {
        NAME => {
            let [given, surname, shared] = names(cell);
            let near = given <= 1 && surname <= 1;
            let alike = near || given <= 1 && surname <= 2 || shared == 2;
            match class {
                RELATIVES | TWINS => surname <= 2 && given >= 2 && shared < 2 || missing_name,
                NAMED_AFTER | NAMESAKES | NAMESAKES_OF_DAY => alike || missing_name,
                SHARING | SHARING_BIRTH | BIRTHMATES_SWAPPED => !near || missing_name,
                BIRTHMATES => !near && block_of(cell) == 2 || missing_name,
                BIRTHMATES_GIVEN => !near && block_of(cell) == 0 || missing_name,
                BIRTHMATES_SURNAME => !near && block_of(cell) == 1 || missing_name,
                _ => true,
            }
        }
        BIRTH_DATE => match class {
            RELATIVES | SHARING => cell != 1,
            NAMED_AFTER => cell == 0 || cell >= 3,
            NAMESAKES => !matches!(cell, 1 | 3),
            NAMESAKES_OF_DAY => matches!(cell, 2 | 3),
            TWINS | SHARING_BIRTH => cell <= 1,
            BIRTHMATES | BIRTHMATES_GIVEN | BIRTHMATES_SURNAME => cell <= 1,
            BIRTHMATES_SWAPPED => cell == 2,
            _ => true,
        },
        CONTACT => {
            let [phone, street, _] = contact(cell);
            let same = phone == 1 || street == 1;
            match class {
                RELATIVES | TWINS | NAMED_AFTER | SHARING | SHARING_BIRTH => same,
                NAMESAKES | NAMESAKES_OF_DAY | BIRTHMATES | BIRTHMATES_SWAPPED
                | BIRTHMATES_GIVEN | BIRTHMATES_SURNAME => !same,
                _ => true,
            }
        }
        _ => true,
    }
}

/// Chances of the cells of each field.
pub(super) type Chances = [Vec<f64>; FIELDS];

pub(super) fn zeros() -> Chances {
    std::array::from_fn(|field| vec![0.0; CELLS[field]])
}

/// Makes chances add up to one within each pattern of missing values.
pub(super) fn normalise(field: usize, weights: &mut [f64]) {
    let mut sums = [0.0; 2 * NAMES];
    for (cell, weight) in weights.iter().enumerate() {
        sums[missing(field, cell)] += weight;
    }
    for (cell, weight) in weights.iter_mut().enumerate() {
        let sum = sums[missing(field, cell)];
        *weight = if sum > 0.0 { *weight / sum } else { 0.0 };
    }
}

/// The mixture.
pub(super) struct Mixture {
    /// The share of each class among the candidates.
    pub(super) shares: [f64; CLASSES],
    pub(super) chances: [Chances; CLASSES],
}

impl Mixture {
    /// The chance of the cells in each class, times its share.
    pub(super) fn of(&self, cells: &Cells) -> [f64; CLASSES] {
        let mut chance = self.shares;
        for (class, chance) in chance.iter_mut().enumerate() {
            for (field, cell) in cells.iter().enumerate() {
                *chance *= self.chances[class][field][usize::from(*cell)];
            }
        }
        chance
    }
}

/// Whether the given names are alike, the surnames, or neither.
pub(super) fn block_of(cell: usize) -> usize {
    let [given, surname, _] = names(cell);
    match (given <= 1, surname <= 1) {
        (true, _) => 0,
        (_, true) => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Chances add up to one within each pattern of missing values, or are all zero there.
        #[test]
        fn chances_add_up(weights in prop::collection::vec(0.0..9.0_f64, 63), field in 0..FIELDS) {
            let mut weights = weights[..CELLS[field].min(63)].to_vec();
            normalise(field, &mut weights);
            let mut sums = std::collections::BTreeMap::new();
            for (cell, weight) in weights.iter().enumerate() {
                *sums.entry(missing(field, cell)).or_insert(0.0) += weight;
            }
            prop_assert!(sums.values().all(|sum: &f64| (sum - 1.0).abs() < 1e-9 || *sum == 0.0));
        }
    }
}
