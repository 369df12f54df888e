//! Aggregates against themselves: a combination, less the combinations that divide it by one more
//! column, leaves those who are in none of them.

use std::collections::HashMap;

use super::attack::{Attack, AttackError, Stop};
use crate::aggregates::Aggregates;

/// Columns and codes of a combination that is divided.
type Whole = Vec<(u16, u16)>;

/// Subtracts, for every combination and every further column, the parts from the whole.
///
/// A whole rounded down to `a` is of `a` to `a + precision - 1` people, and so is each part; the
/// remainder is known to be a small group when everything that it can be lies in 1 to `k - 1`.
///
/// # Errors
/// Stopped.
pub fn subtraction(aggregates: &Aggregates, stop: &Stop) -> Result<Attack, AttackError> {
    let slack = i128::from(aggregates.plan.precision.max(1)) - 1;
    let k = i128::from(aggregates.plan.k);
    let mut wholes: HashMap<&[(u16, u16)], u64> = HashMap::new();
    wholes.insert(&[], aggregates.protected_rows);
    for combination in &aggregates.combinations {
        wholes.insert(&combination.selections, combination.protected_count);
    }
    // For a whole and a column: the sum of its parts, and how many they are.
    let mut parts: HashMap<(Whole, u16), (i128, i128)> = HashMap::new();
    for combination in &aggregates.combinations {
        stop.check()?;
        for (place, &(column, _)) in combination.selections.iter().enumerate() {
            let mut whole = combination.selections.clone();
            whole.remove(place);
            let (sum, number) = parts.entry((whole, column)).or_default();
            *sum += i128::from(combination.protected_count);
            *number += 1;
        }
    }
    let small = parts
        .iter()
        .filter(|((whole, _), (sum, number))| {
            wholes.get(whole.as_slice()).is_some_and(|&count| {
                let left = i128::from(count) - sum;
                left - number * slack >= 1 && left + slack < k
            })
        })
        .count();
    Ok(Attack::certain(
        "subtraction",
        "which groups of fewer than k are left when the parts of a combination are subtracted from it?",
        small as u64,
        parts.len() as u64,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregates::{AggregatePlan, aggregates};
    use crate::attacks::Verdict;
    use crate::rows::Rows;
    use crate::schema::Schema;

    /// 100 women, 97 of them adults.
    fn shown(precision: u64) -> Aggregates {
        let schema = Schema::read(
            r#"{"columns":[{"name":"sex","categories":["f"]},{"name":"age","categories":["adult","minor"]}]}"#,
        );
        let age = (0..100).map(|n| if n < 97 { 1 } else { 2 }).collect();
        let rows = Rows::new(schema.unwrap(), vec![vec![1; 100], age]);
        aggregates(&rows, AggregatePlan { k: 10, precision, length: 2 }).unwrap()
    }

    #[test]
    fn three_girls_are_left_by_exact_counts_and_not_by_rounded_ones() {
        let exact = subtraction(&shown(1), &Stop::default()).unwrap();
        // Women who are not adults, and all who are not adults.
        assert_eq!((exact.verdict, exact.success * exact.trials as f64), (Verdict::Veto, 2.0));
        let rounded = subtraction(&shown(10), &Stop::default()).unwrap();
        assert_eq!(rounded.verdict, Verdict::NotVetoed);
    }
}
