//! Expectation maximisation on counts of patterns.
//!
//! In: how often each pattern of cells stands among the candidates, the cells of random pairs, the
//! number of all pairs. Out: the mixture. Learnt freely it would fit lists of one size only: in a
//! small one the strangers' classes take a person's records in, in a large one the person's class
//! takes strangers in who share a birth date and one name. So what is known beforehand is held to,
//! and said where it stands: that errors in a date are of one part of it, how seldom a person's
//! records have another name, how names differ by chance, how often strangers can meet by a key.
//!
//! Cost: at most 80 rounds over the patterns, some ten thousand.

use super::compare::{BIRTH, GIVEN, SHARED, SURNAME};
use super::mixture::{
    AGENCY, BIRTH_DATE, BIRTHMATES, BIRTHMATES_GIVEN, BIRTHMATES_SURNAME, BIRTHMATES_SWAPPED,
    CLASSES, CONTACT, Cells, Chances, Mixture, NAME, NAMES, NAMESAKES, NAMESAKES_OF_DAY, SAME, SEX,
    SHARING_BIRTH, STRANGERS, TWINS, allows, block_of, contact, names, normalise, zeros,
};

/// A pattern of cells and how many candidates have it.
pub(super) type Pattern = (Cells, f64);

const ROUNDS: usize = 80;
/// The change of the shares at which it is over.
const SETTLED: f64 = 1e-4;
/// Pairs that were never seen for a cell are worth so many as independent levels would have.
const LEANING: f64 = 30.0;

/// The birth dates of one person's records, roughly: errors in a date are of one part of it. Worth
/// a share of the pairs, because "the same day of another year" is what namesakes meet by, and
/// how many of them there are must not make it an error that people make.
const BIRTHS: [f64; BIRTH] = [1.0, 0.84, 0.1, 0.02, 0.02, 0.02];
const BIRTHS_WORTH: f64 = 0.2;
/// Those of namesakes to begin with: they meet by the day, by the year, by a place.
const BIRTHS_OF_NAMESAKES: [f64; BIRTH] = [1.0, 0.0, 0.05, 0.3, 0.3, 0.3];

/// Of the pairs of one person's records, those with another surname or given name, at most. Assumed.
const MOST_OTHER_SURNAME: f64 = 0.15;
const MOST_OTHER_GIVEN: f64 = 0.1;

/// Learns the mixture; `strangers` are the counts of cells in random pairs.
///
/// `pairs` is the number of all pairs of records: it bounds how many strangers meet.
pub(super) fn learn(patterns: &[Pattern], strangers: &Chances, pairs: f64) -> Mixture {
    let mut mixture = begin(strangers);
    for _ in 0..ROUNDS {
        let mut counts: [Chances; CLASSES] = std::array::from_fn(|_| zeros());
        let mut sums = [0.01; CLASSES];
        for (cells, number) in patterns {
            let chance = mixture.of(cells);
            let total: f64 = chance.iter().sum();
            for class in 0..CLASSES {
                let expected = if total > 0.0 { number * chance[class] / total } else { 0.0 };
                sums[class] += expected;
                for (field, cell) in cells.iter().enumerate() {
                    counts[class][field][usize::from(*cell)] += expected;
                }
            }
        }
        for class in BY_CHANCE {
            sums[class] = sums[class].min(pairs * MOST_BY_CHANCE);
        }
        let all = sums.iter().sum::<f64>().max(1.0);
        let shares = sums.map(|sum| sum / all);
        let moved = (0..CLASSES).map(|class| (shares[class] - mixture.shares[class]).abs());
        let moved = moved.fold(0.0, f64::max);
        mixture.shares = shares;
        tie(&mut counts);
        for class in 0..STRANGERS {
            for (field, weights) in counts[class].iter_mut().enumerate() {
                lean(class, field, weights, &strangers[field]);
                normalise(field, weights);
            }
            if class == SAME {
                cap(&mut counts[SAME][NAME]);
            }
            mixture.chances[class] = std::mem::replace(&mut counts[class], zeros());
        }
        if moved < SETTLED {
            break;
        }
    }
    mixture
}

/// Where it starts: a person's records agree mostly; the others are as strangers, where there is
/// room.
fn begin(strangers: &Chances) -> Mixture {
    let mut chances: [Chances; CLASSES] = std::array::from_fn(|_| zeros());
    let given = [0.7, 0.1, 0.05, 0.05, 0.1];
    let surname = [0.7, 0.1, 0.1, 0.1];
    // Two persons who meet by a name, by two, or by something else.
    let (given_apart, surname_apart) = ([0.5, 0.02, 0.02, 0.02, 0.44], [0.5, 0.02, 0.06, 0.42]);
    let phone = [1.0, 0.45, 0.05, 0.5];
    let street = [1.0, 0.4, 0.1, 0.5];
    for (class, chances) in chances.iter_mut().enumerate() {
        for (field, weights) in chances.iter_mut().enumerate() {
            for (cell, weight) in weights.iter_mut().enumerate() {
                let of_same = match field {
                    NAME => {
                        let [one, two, _] = names(cell);
                        given[one] * surname[two]
                    }
                    BIRTH_DATE => BIRTHS[cell],
                    SEX => [1.0, 0.97, 0.03][cell],
                    CONTACT => {
                        let [one, two, _] = contact(cell);
                        phone[one] * street[two]
                    }
                    AGENCY => [0.93, 0.07][cell],
                    _ => 1.0,
                };
                let total: f64 = strangers[field].iter().sum::<f64>().max(1.0);
                *weight = match class {
                    SAME => of_same,
                    _ if allows(class, field, cell) => strangers[field][cell] / total + 0.01,
                    _ => 0.0,
                };
                if matches!(class, NAMESAKES | NAMESAKES_OF_DAY)
                    && field == BIRTH_DATE
                    && allows(class, field, cell)
                {
                    *weight = BIRTHS_OF_NAMESAKES[cell];
                }
                if field == NAME && cell < NAMES && allows(class, field, cell) {
                    let [one, two, _] = names(cell);
                    *weight *= match class {
                        SAME | STRANGERS => 1.0,
                        _ => given_apart[one] * surname_apart[two] / *weight,
                    };
                }
                if class == STRANGERS {
                    *weight = strangers[field][cell] / total + 1e-7;
                }
            }
            normalise(field, weights);
        }
    }
    Mixture {
        shares: [0.55, 0.1, 0.01, 0.02, 0.08, 0.02, 0.05, 0.03, 0.05, 0.02, 0.03, 0.03, 0.01],
        chances,
    }
}

/// Holds the share of a person's pairs whose given names differ, and whose surnames do, below a
/// limit. In a large list more strangers than records of one person share a birth date and one
/// name, all of them candidates, while a person's records that share neither are none: without a
/// limit the most likely mixture takes those strangers for people who change names.
fn cap(chances: &mut [f64]) {
    let limits = [(0, GIVEN - 1, MOST_OTHER_GIVEN), (1, SURNAME - 1, MOST_OTHER_SURNAME)];
    for (part, different, most) in limits {
        let differs = |cell: usize| names(cell)[part] == different;
        let share: f64 = (0..NAMES).filter(|cell| differs(*cell)).map(|cell| chances[cell]).sum();
        if share > most {
            for (cell, chance) in chances[..NAMES].iter_mut().enumerate() {
                *chance *= if differs(cell) { most / share } else { (1.0 - most) / (1.0 - share) };
            }
        }
    }
}

/// Classes of strangers who meet by an exact key. A key has 20 bits or more, so of all pairs at most
/// one in 2²⁰ meets by one kind; twice as many, as a person has several names.
const BY_CHANCE: [usize; 6] = [
    NAMESAKES,
    NAMESAKES_OF_DAY,
    BIRTHMATES,
    BIRTHMATES_SWAPPED,
    BIRTHMATES_GIVEN,
    BIRTHMATES_SURNAME,
];
const MOST_BY_CHANCE: f64 = 1.0 / 1_048_576.0;

/// How two persons who meet by their birth date differ in the name that they do not share: half
/// alike or by a nickname, seldom; by chance, not by error. Assumed: were it learnt from those who
/// meet by it, people with two surnames would be taken for them.
const GIVEN_BY_CHANCE: [f64; GIVEN] = [0.9, 0.1, 0.03, 0.05, 0.92];
const SURNAME_BY_CHANCE: [f64; SURNAME] = [0.9, 0.1, 0.08, 0.92];

/// Ties the names of two persons who meet by their birth date.
fn tie(counts: &mut [Chances; CLASSES]) {
    for class in [TWINS, SHARING_BIRTH, BIRTHMATES_GIVEN, BIRTHMATES_SURNAME] {
        let mut tied = vec![0.0; NAMES];
        for block in 0..3 {
            let within = |cell: &usize| block_of(*cell) == block && allows(class, NAME, *cell);
            let chance = |cell: usize| {
                let [given, surname, _] = names(cell);
                GIVEN_BY_CHANCE[given] * SURNAME_BY_CHANCE[surname]
            };
            for shared in 0..SHARED {
                let own = || (0..NAMES).filter(within).filter(|cell| cell % SHARED == shared);
                let sum: f64 = own().map(|cell| counts[class][NAME][cell]).sum();
                let all: f64 = own().map(chance).sum();
                own().for_each(|cell| tied[cell] = sum * chance(cell) / all);
            }
        }
        counts[class][NAME][..NAMES].copy_from_slice(&tied);
    }
}

/// Adds to counts what independent levels would have, where the class has room.
fn lean(class: usize, field: usize, weights: &mut [f64], strangers: &[f64]) {
    let (leaning, split): (f64, fn(usize) -> [usize; 3]) = match field {
        NAME => (LEANING, names),
        CONTACT => (LEANING, contact),
        _ => {
            let total: f64 = strangers.iter().sum::<f64>().max(1.0);
            let known: f64 = weights[1..].iter().sum();
            for (cell, weight) in weights.iter_mut().enumerate() {
                // Classes of two persons lean towards strangers.
                let more = match class {
                    SAME if field == BIRTH_DATE && cell > 0 => BIRTHS[cell] * known * BIRTHS_WORTH,
                    SAME => 0.5,
                    _ => 5.0 * strangers[cell] / total + 0.1,
                };
                *weight = if allows(class, field, cell) { *weight + more } else { 0.0 };
            }
            return;
        }
    };
    let total: f64 = weights.iter().sum::<f64>() + 1e-9;
    let mut levels = [[0.0; 3]; 8];
    for (cell, weight) in weights.iter().enumerate() {
        for (part, level) in split(cell).into_iter().enumerate() {
            levels[level][part] += weight / total;
        }
    }
    for (cell, weight) in weights.iter_mut().enumerate() {
        let parts = split(cell).into_iter().enumerate();
        let independent: f64 = parts.map(|(part, level)| levels[level][part] + 1e-4).product();
        *weight = if allows(class, field, cell) { *weight + leaning * independent } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::encoded::compare::PLACE;

    fn strangers() -> Chances {
        let mut strangers = zeros();
        let far = [(GIVEN * SURNAME - 1) * SHARED, 0, 5, 1, contact_cell(3, 3, 2), 0];
        far.iter().enumerate().for_each(|(field, cell)| strangers[field][*cell] = 1000.0);
        strangers
    }

    fn contact_cell(phone: usize, street: usize, zip: usize) -> usize {
        (phone * PLACE + street) * 3 + zip
    }

    proptest! {
        /// However many there are of each: all the same is one person, and the surname, phone and
        /// street of somebody with another given name and birth date are not.
        #[test]
        fn relatives_are_no_person(same in 20..2000_u32, relatives in 20..2000_u32) {
            let place = contact_cell(1, 1, 1) as u8;
            let one: Cells = [0, 10, 1, 1, place, 0];
            let sibling: Cells = [((GIVEN - 1) * SURNAME * SHARED + 1) as u8, 5, 5, 1, place, 0];
            let patterns = [(one, f64::from(same)), (sibling, f64::from(relatives))];
            let mixture = learn(&patterns, &strangers(), 1e9);
            let odds = |cells: &Cells| {
                let chance = mixture.of(cells);
                chance[SAME] / chance[SAME + 1..].iter().sum::<f64>().max(1e-300)
            };
            prop_assert!(odds(&one) > 100.0, "{}", odds(&one));
            prop_assert!(odds(&sibling) < 0.1, "{}", odds(&sibling));
        }
    }
}
