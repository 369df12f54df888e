//! What have all who are like her in common?
//!
//! Where a combination of what is known about a person has the same count with one more thing added
//! as without, everybody of that combination is taken to have that thing. The baseline believes
//! what the other person most like her says: what her group has in common can be learnt without
//! her, so for groups of many both are right equally often, and for groups of one the baseline
//! is not.

use std::collections::HashMap;

use super::attack::{Attack, AttackError, Trials};
use super::bitmaps::Bitmaps;
use super::hits::Hits;
use super::nearest::nearest;
use super::random::{below, generator, row, sample};
use crate::aggregates::Aggregates;
use crate::rows::Rows;
use crate::schema::BLANK;

/// Columns and codes.
type Selections = Vec<(u16, u16)>;

/// Links real people to counts of combinations; each person for whom some combination says
/// something is one trial, with one of the things said drawn.
///
/// The rows are of the aggregates' schema.
///
/// # Errors
/// Nothing to attack, or stopped.
pub fn linkage_to_aggregates(
    rows: &Rows,
    aggregates: &Aggregates,
    quasi_identifiers: &[usize],
    allowed: f64,
    trials: Trials<'_>,
) -> Result<Attack, AttackError> {
    if rows.count() < 2 {
        return Err(AttackError::Nothing("fewer than two rows"));
    }
    let said = said_of_all(aggregates, quasi_identifiers);
    let mut draws = generator(trials.seed, 9);
    let (mut hits, mut control) = (Hits::default(), Hits::default());
    let bits = Bitmaps::of(rows);
    for place in sample(&mut draws, rows.count(), trials.number) {
        trials.stop.check()?;
        let person = row(rows, place);
        let longest = aggregates.plan.length.saturating_sub(1);
        let guesses: Selections = known_of(&person, quasi_identifiers, longest)
            .iter()
            .filter_map(|known| said.get(known))
            .flatten()
            .copied()
            .collect();
        if guesses.is_empty() {
            continue;
        }
        let (column, code) = guesses[below(&mut draws, guesses.len())];
        let like_her = nearest(&bits, quasi_identifiers, &person, Some(place), &mut draws);
        let Some((_, other)) = like_her else { continue };
        let column = usize::from(column);
        for (hits, guess) in [(&mut hits, code), (&mut control, rows.column(column)[other])] {
            hits.trials += 1;
            hits.successes += f64::from(u8::from(guess == person[column]));
        }
    }
    Ok(Attack::beside(
        "linkage to aggregates",
        "do all who share what is known about her share one thing more, and is it true of her?",
        hits,
        control,
        allowed,
    ))
}

/// For each combination of quasi-identifiers, the one thing more that does not change its count.
fn said_of_all(
    aggregates: &Aggregates,
    quasi_identifiers: &[usize],
) -> HashMap<Selections, Selections> {
    let mut counts: HashMap<&[(u16, u16)], u64> = HashMap::new();
    counts.insert(&[], aggregates.protected_rows);
    for combination in &aggregates.combinations {
        counts.insert(&combination.selections, combination.protected_count);
    }
    let secret = |&&(column, _): &&(u16, u16)| !quasi_identifiers.contains(&usize::from(column));
    let mut said: HashMap<Selections, Selections> = HashMap::new();
    for combination in &aggregates.combinations {
        let secrets: Selections = combination.selections.iter().filter(secret).copied().collect();
        let [one] = secrets.as_slice() else { continue };
        let known: Selections =
            combination.selections.iter().filter(|selection| *selection != one).copied().collect();
        if counts.get(known.as_slice()) == Some(&combination.protected_count) {
            said.entry(known).or_default().push(*one);
        }
    }
    said
}

/// Every combination of at most `longest` of her quasi-identifiers, blanks aside.
fn known_of(person: &[u16], quasi_identifiers: &[usize], longest: usize) -> Vec<Selections> {
    let mut sorted = quasi_identifiers.to_vec();
    sorted.sort_unstable();
    let mut combinations = vec![Selections::new()];
    for column in sorted.into_iter().filter(|&column| person[column] != BLANK) {
        let longer: Vec<Selections> = combinations
            .iter()
            .filter(|combination| combination.len() < longest)
            .map(|combination| {
                [combination.as_slice(), &[(column as u16, person[column])]].concat()
            })
            .collect();
        combinations.extend(longer);
    }
    combinations
}
