//! Expectation maximisation on counts of patterns.
//!
//! In: how often each pattern of cells stands among the candidates, and the chances between
//! strangers. Out: the mixture. Chances between strangers stay as they are, and so do the parts of
//! the other classes that are tied to them; the rest is learnt.

use crate::compare::{
    ADDRESS_LEVELS, AGENCY, BIRTH, BIRTH_EXACT, BIRTH_EXACT_HEAPED, CELLS, CONTACT,
    GIVEN_DIFFERENT, GIVEN_LEVELS, MIDDLE, NAME, NameLevels, ORIGIN, SURNAME_LEVELS, SWAPPED,
    name_cell, same_or_shared_place, same_place,
};
use crate::weigh::compared::{complete, tells};
use crate::weigh::mixture::{
    CLASSES, Chances, Mixture, NAMED_AFTER, RELATIVES, SAME, SHARING, STRANGERS, TWINS, marginal,
    normalise, zeros,
};

/// A pattern of cells and how many pairs have it.
pub(crate) struct Pattern {
    pub(crate) cells: [u16; 6],
    pub(crate) pairs: f64,
}

/// The most rounds, and the change of the shares at which it is over.
const ROUNDS: usize = 60;
const SETTLED: f64 = 1e-4;

/// Of relatives at one place at least so many are twins: three births in a hundred are of twins, and
/// not all relatives are siblings. Too few to be learnt against a person's own pairs.
const LEAST_TWINS: f64 = 0.01;

/// Pairs that were never seen for a cell are worth so many as independent levels would have.
const LEANING: f64 = 30.0;

/// Learns the mixture; `all_pairs` is the number of pairs of the table.
pub(crate) fn learn(patterns: &[Pattern], strangers: Chances, records: usize) -> Mixture {
    let all_pairs = (records as f64 * (records as f64 - 1.0) / 2.0).max(1.0);
    let mut mixture = begin(strangers, records as f64 / all_pairs);
    for _ in 0..ROUNDS {
        let before = mixture.shares;
        let (mut counts, mut sums) = expect(&mixture, patterns);
        sums[SAME] = complete(&mut counts[SAME]);
        maximise(&mut mixture, counts, sums, all_pairs);
        let moved = (0..STRANGERS).map(|class| {
            (mixture.shares[class] - before[class]).abs() / (before[class] + mixture.shares[class])
        });
        if moved.fold(0.0, f64::max) < SETTLED {
            break;
        }
    }
    mixture
}

/// Where it starts: what such lists look like, roughly.
fn begin(strangers: Chances, per_record: f64) -> Mixture {
    let given = [1.0, 0.05, 0.02, 0.05, 0.08, 0.1, 0.03, 0.02, 0.02, 0.2, 0.25, 0.2];
    let surname = [1.0, 0.04, 0.05, 0.04, 0.04, 0.06, 0.02, 0.25, 0.25, 0.25];
    let sex = [1.0, 0.98, 0.02];
    let birth = [1.0, 0.1, 0.1, 0.8, 0.02, 0.01, 0.005, 0.03, 0.03, 0.04, 0.02, 0.05, 0.8];
    let phone = [1.0, 0.5, 0.02, 0.03, 0.05, 0.4];
    let address = [1.0, 0.1, 0.2, 0.7, 0.3, 0.15, 0.1, 0.1, 0.1, 0.1, 0.15];
    let mut chances: [Chances; CLASSES] = std::array::from_fn(|_| strangers.clone());
    {
        let class = SAME;
        for (cell, chance) in chances[class][NAME].iter_mut().enumerate() {
            let levels = NameLevels::of(cell);
            *chance = given[levels.given] * surname[levels.surname] * sex[levels.sex];
        }
        chances[class][BIRTH].copy_from_slice(&birth);
        for (cell, chance) in chances[class][CONTACT].iter_mut().enumerate() {
            *chance = phone[cell / ADDRESS_LEVELS] * address[cell % ADDRESS_LEVELS];
        }
        chances[class][MIDDLE].copy_from_slice(&[1.0, 0.1, 0.9]);
        for (level, chance) in [1.0, 0.05, 0.5, 0.45].into_iter().enumerate() {
            chances[class][ORIGIN][4 * level..4 * level + 4].fill(chance);
        }
        chances[class][AGENCY].copy_from_slice(&[0.93, 0.07]);
        for (field, weights) in chances[class].iter_mut().enumerate() {
            normalise(field, weights);
        }
    }
    for class in [RELATIVES, TWINS, NAMED_AFTER, SHARING] {
        for (cell, chance) in chances[class][CONTACT].iter_mut().enumerate() {
            *chance = match class {
                TWINS => 1.0,
                SHARING => f64::from(u8::from(same_place(cell))),
                _ => f64::from(u8::from(same_or_shared_place(cell))),
            };
        }
        normalise(CONTACT, &mut chances[class][CONTACT]);
    }
    let mut mixture = Mixture {
        shares: [0.5, 0.2, 0.005, 0.02, 0.2, 0.0].map(|share| share * per_record),
        chances,
    };
    mixture.shares[STRANGERS] = 1.0 - mixture.shares.iter().sum::<f64>();
    relatives(&mut mixture, vec![1.0; SURNAME_LEVELS]);
    mixture
}

/// The name and birth of relatives: related surnames as given, the rest as between strangers.
fn relatives(mixture: &mut Mixture, mut surname: Vec<f64>) {
    let strangers = mixture.chances[STRANGERS].clone();
    for (level, weight) in surname.iter_mut().enumerate() {
        let related = NameLevels::of(name_cell(0, level, 0)).surnames_related();
        *weight = if related || level == 0 { *weight + 1.0 } else { 0.0 };
    }
    let related: f64 = surname[1..].iter().sum();
    let of_strangers =
        marginal(&strangers[NAME], SURNAME_LEVELS, |cell| NameLevels::of(cell).surname);
    for class in [RELATIVES, TWINS] {
        for (cell, chance) in mixture.chances[class][NAME].iter_mut().enumerate() {
            let level = NameLevels::of(cell).surname;
            let share = if level == 0 { 1.0 } else { surname[level] / related };
            *chance = strangers[NAME][cell] / of_strangers[level].max(1e-300) * share;
        }
        normalise(NAME, &mut mixture.chances[class][NAME]);
    }
    for (level, chance) in mixture.chances[TWINS][BIRTH].iter_mut().enumerate() {
        let same_day = matches!(level, BIRTH_EXACT | BIRTH_EXACT_HEAPED);
        *chance = if same_day { strangers[BIRTH][level] } else { 0.0 };
    }
    normalise(BIRTH, &mut mixture.chances[TWINS][BIRTH]);
    // Named after: the given name as one person's records have it, the birth as between strangers.
    let same = &mixture.chances[SAME][NAME];
    let given: Vec<f64> = (0..GIVEN_LEVELS * 3)
        .map(|part| {
            (0..SURNAME_LEVELS).map(|level| same[name_cell(part / 3, level, part % 3)]).sum()
        })
        .collect();
    let name = (0..CELLS[NAME]).map(|cell| {
        let levels = NameLevels::of(cell);
        let share = if levels.surname == 0 { 1.0 } else { surname[levels.surname] / related };
        let named_after = levels.given != GIVEN_DIFFERENT && levels.given != SWAPPED;
        if named_after { given[levels.given * 3 + levels.sex] * share } else { 0.0 }
    });
    mixture.chances[NAMED_AFTER][NAME] = name.collect();
    normalise(NAME, &mut mixture.chances[NAMED_AFTER][NAME]);
    mixture.chances[NAMED_AFTER][MIDDLE] = mixture.chances[SAME][MIDDLE].clone();
}

/// Expected counts of the cells in each class, and of each class.
fn expect(mixture: &Mixture, patterns: &[Pattern]) -> ([Chances; CLASSES], [f64; CLASSES]) {
    let mut counts: [Chances; CLASSES] = std::array::from_fn(|_| zeros());
    let mut sums = [0.0; CLASSES];
    for pattern in patterns {
        let chance = mixture.of_cells(&pattern.cells);
        let total: f64 = chance.iter().sum();
        if total <= 0.0 {
            continue;
        }
        let tells = tells(&pattern.cells);
        for class in 0..STRANGERS {
            let expected = pattern.pairs * chance[class] / total;
            sums[class] += expected;
            for (field, cell) in pattern.cells.iter().enumerate() {
                let told = if class == SAME { tells[field] } else { 1.0 };
                counts[class][field][usize::from(*cell)] += expected * told;
            }
        }
    }
    (counts, sums)
}

/// The mixture that makes the expected counts most likely.
fn maximise(
    mixture: &mut Mixture,
    counts: [Chances; CLASSES],
    sums: [f64; CLASSES],
    all_pairs: f64,
) {
    for (share, sum) in mixture.shares.iter_mut().zip(sums).take(STRANGERS) {
        *share = (sum + 0.01) / all_pairs;
    }
    mixture.shares[TWINS] = mixture.shares[TWINS].max(LEAST_TWINS * mixture.shares[RELATIVES]);
    mixture.shares[STRANGERS] = 1.0 - mixture.shares[..STRANGERS].iter().sum::<f64>();
    let surname_of = |cell: usize| NameLevels::of(cell).surname;
    let mut surname = marginal(&counts[RELATIVES][NAME], SURNAME_LEVELS, surname_of);
    for (level, more) in
        marginal(&counts[TWINS][NAME], SURNAME_LEVELS, surname_of).iter().enumerate()
    {
        surname[level] += more;
    }
    relatives(mixture, surname);

    let mut counts = counts;
    pool_kin(&mut counts);
    for (field, weights) in counts[SAME].iter_mut().enumerate() {
        lean(field, weights);
        if field == NAME {
            part_sex(weights);
        }
        normalise(field, weights);
        mixture.chances[SAME][field] = std::mem::take(weights);
    }
    // Relatives and strangers share a place in this model; twins may live apart.
    for field in [CONTACT, AGENCY, ORIGIN] {
        for class in [RELATIVES, NAMED_AFTER, SHARING, TWINS] {
            if field == ORIGIN && class == SHARING {
                continue;
            }
            let mut weights = std::mem::take(&mut counts[class][field]);
            let of_strangers = &mixture.chances[STRANGERS][field];
            for (cell, weight) in weights.iter_mut().enumerate() {
                *weight += match (class, field) {
                    (TWINS, CONTACT) => 5.0 * of_strangers[cell] + 0.5,
                    (SHARING, CONTACT) => f64::from(u8::from(same_place(cell))),
                    (_, CONTACT) => f64::from(u8::from(same_or_shared_place(cell))),
                    (_, ORIGIN) => 5.0 * of_strangers[cell] + 0.5,
                    _ => 1.0,
                };
            }
            normalise(field, &mut weights);
            mixture.chances[class][field] = weights;
        }
    }
}

/// Relatives of all kinds are found at the same places, by the same agencies, and are of one origin:
/// learnt apart, the rare kinds would be learnt from those pairs only that cannot be one person.
fn pool_kin(counts: &mut [Chances; CLASSES]) {
    for field in [AGENCY, ORIGIN] {
        pool(counts, &[RELATIVES, TWINS, NAMED_AFTER], field);
    }
    pool(counts, &[RELATIVES, NAMED_AFTER], CONTACT);
}

/// Gives classes the sum of their counts.
fn pool(counts: &mut [Chances; CLASSES], classes: &[usize], field: usize) {
    let mut sum = vec![0.0; CELLS[field]];
    for class in classes {
        sum.iter_mut().zip(&counts[*class][field]).for_each(|(sum, count)| *sum += count);
    }
    classes.iter().for_each(|class| counts[*class][field].clone_from(&sum));
}

/// Makes the sex of a person's records independent of how the names agree: that it differs is an
/// error of its own. So what has another name and another sex is not learnt to be the same person.
fn part_sex(weights: &mut [f64]) {
    let sexes: [f64; 2] = [1, 2].map(|sex| weights[sex..].iter().step_by(3).sum::<f64>().max(1e-9));
    let differ = sexes[1] / (sexes[0] + sexes[1]);
    for of_names in weights.chunks_mut(3) {
        let all: f64 = of_names.iter().sum();
        of_names.copy_from_slice(&[all, all * (1.0 - differ), all * differ]);
    }
}

/// Adds to the counts of a person's cells what independent levels would have.
fn lean(field: usize, weights: &mut [f64]) {
    let total: f64 = weights.iter().sum::<f64>() + 1e-9;
    let (count, split): (usize, fn(usize) -> [usize; 3]) = match field {
        NAME => (GIVEN_LEVELS.max(SURNAME_LEVELS), |cell| {
            let levels = NameLevels::of(cell);
            [levels.given, levels.surname, levels.sex]
        }),
        CONTACT => (ADDRESS_LEVELS, |cell| [cell / ADDRESS_LEVELS, cell % ADDRESS_LEVELS, 0]),
        _ => {
            weights.iter_mut().for_each(|weight| *weight += 0.5);
            return;
        }
    };
    let mut levels = vec![[0.0; 3]; count];
    for (cell, weight) in weights.iter().enumerate() {
        for (part, level) in split(cell).into_iter().enumerate() {
            levels[level][part] += weight / total;
        }
    }
    for (cell, weight) in weights.iter_mut().enumerate() {
        let independent: f64 = split(cell)
            .into_iter()
            .enumerate()
            .map(|(part, level)| levels[level][part] + 1e-4)
            .product();
        *weight += LEANING * independent;
    }
}
