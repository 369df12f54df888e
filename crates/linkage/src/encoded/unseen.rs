//! How many persons there are, counting matches that no codes can show.
//!
//! In: the people found, which records have a whole name, birth date and sex, and the scored pairs.
//! Out: an estimate of the persons behind all records. The people found are too many: a record
//! without a birth date shares no group with another that has nothing else, and two errors leave no
//! key in common. Both can be counted without truth.
//!
//! 1. Whole records are taken for a random sample of each person's records, a share v of all. With
//!    j records of a person, k are whole with the binomial chance; the counts of persons by j are
//!    unfolded from those by k (Richardson 1972; Lucy 1974), as in sampling of families or fish.
//! 2. Among whole records a match is met by its names (n₁), by its birth date (n₂) or by both (b):
//!    n₁ n₂ / b are there (Lincoln 1930; Petersen 1896), if errors in the one are no sign of errors
//!    in the other. They are a little, so this still leaves too many persons.
//!
//! Where agencies leave birth dates out of purpose, for persons who are on other lists more often
//! or less, the first assumption fails.

/// Persons with at most so many records are told apart.
const MOST: usize = 16;
const ROUNDS: usize = 300;

/// Estimates the persons behind records.
///
/// `person_of` is the person of each record as found, `whole` whether the record is; `matches` are
/// expected numbers of pairs of whole records: met by names, by birth date, by both.
pub(super) fn persons(person_of: &[u32], whole: &[bool], matches: [f64; 3]) -> f64 {
    let records = person_of.len() as f64;
    let mut sizes = vec![0_usize; person_of.iter().max().map_or(0, |most| *most as usize + 1)];
    for (person, whole) in person_of.iter().zip(whole) {
        sizes[*person as usize] += usize::from(*whole);
    }
    let mut found = [0.0; MOST + 1];
    sizes.iter().for_each(|size| found[(*size).min(MOST)] += 1.0);
    let sampled: f64 = (1..=MOST).map(|size| found[size] * size as f64).sum();
    if sampled == 0.0 {
        return records;
    }
    let share = (sampled / records).min(1.0);
    let pairs: f64 = sizes.iter().map(|size| (size * size.saturating_sub(1) / 2) as f64).sum();
    let [names, births, both] = matches;
    let there = if both > 0.0 { names * births / both } else { 0.0 };
    let unfolded = unfold(&found, share);
    let of_records: f64 = (1..=MOST).map(|size| unfolded[size] * size as f64).sum();
    let per_record = unfolded.iter().sum::<f64>() / of_records;
    let missed = (there / pairs.max(1.0)).max(1.0);
    (records - records * (1.0 - per_record) * missed).clamp(1.0, records)
}

/// Counts of persons by their records, from counts by their records in a sample of some share.
fn unfold(found: &[f64; MOST + 1], share: f64) -> [f64; MOST + 1] {
    let mut chance = [[0.0; MOST + 1]; MOST + 1];
    for (all, chance) in chance.iter_mut().enumerate() {
        chance[0] = libm::pow(1.0 - share, all as f64);
        for sampled in 1..=all {
            let ratio = (all + 1 - sampled) as f64 / sampled as f64;
            chance[sampled] = if share < 1.0 {
                chance[sampled - 1] * ratio * share / (1.0 - share)
            } else {
                f64::from(u8::from(sampled == all))
            };
        }
    }
    let mut there = *found;
    there[0] = 0.0;
    for _ in 0..ROUNDS {
        let expected: [f64; MOST + 1] = std::array::from_fn(|sampled| {
            (1..=MOST).map(|all| there[all] * chance[all][sampled]).sum()
        });
        let mut next = [0.0; MOST + 1];
        for all in 1..=MOST {
            let seen: f64 = chance[all][1..].iter().sum();
            let stands_for: f64 = (1..=all)
                .filter(|sampled| expected[*sampled] > 0.0)
                .map(|sampled| chance[all][sampled] * found[sampled] / expected[sampled])
                .sum();
            next[all] = if seen > 0.0 { there[all] * stands_for / seen } else { 0.0 };
        }
        there = next;
    }
    there
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_records_are_counted_as_they_are() {
        let persons = persons(&[0, 0, 1, 2, 2, 2], &[true; 6], [4.0, 4.0, 4.0]);
        assert!((persons - 3.0).abs() < 1e-6, "{persons}");
    }

    proptest! {
        /// Persons of one to four records, of which a share is seen whole; the others are alone.
        #[test]
        fn hidden_records_are_made_up_for(share in 50..100_u32) {
            let (mut person_of, mut whole) = (Vec::new(), Vec::new());
            let (mut next, mut state) = (0, 1_u64);
            for person in 0..4000_u32 {
                let own = next;
                next += 1;
                for _ in 0..person % 4 + 1 {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let seen = (state >> 33) % 100 < u64::from(share);
                    whole.push(seen);
                    person_of.push(if seen { own } else { next });
                    next += u32::from(!seen);
                }
            }
            let estimate = persons(&person_of, &whole, [1.0, 1.0, 1.0]);
            prop_assert!((estimate / 4000.0 - 1.0).abs() < 0.05, "{}", estimate);
        }
    }
}
