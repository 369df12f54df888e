//! Is the one released row that is like her hers?
//!
//! The attacker knows a person by her quasi-identifiers (age, sex, place, citizenship: what others
//! know about her) and finds exactly one released row with them. She is taken for that row, and
//! everything else in it is believed. The baseline believes what the other person most like her
//! says: what her group has in common can be learnt without her.

use std::collections::HashMap;

use super::attack::{Attack, AttackError, Trials};
use super::bitmaps::Bitmaps;
use super::hits::Hits;
use super::nearest::nearest;
use super::random::{below, generator, row, sample};
use crate::rows::Rows;
use crate::schema::Schema;

/// Parts of column names that say what an outsider may know about a person.
const KNOWN_TO_OTHERS: [&str; 16] = [
    "gender", "sex", "race", "ethnic", "citizen", "national", "country", "county", "state", "city",
    "zip", "birth", "year", "language", "marital", "majority",
];

/// The columns that an outsider may know: those that are named, or all demographic ones.
///
/// # Errors
/// Names that are no columns, or no column that is known as demographic.
pub fn quasi_identifiers(schema: &Schema, named: &[String]) -> Result<Vec<usize>, AttackError> {
    let unknown: Vec<String> =
        named.iter().filter(|name| schema.column(name).is_none()).cloned().collect();
    if !unknown.is_empty() {
        return Err(AttackError::QuasiIdentifiers(unknown));
    }
    let known = |name: &str| {
        let name = name.to_lowercase();
        // "age" only at the start: "language" and "marriage" have it too.
        name.starts_with("age") || KNOWN_TO_OTHERS.iter().any(|part| name.contains(part))
    };
    let places: Vec<usize> = (0..schema.columns.len())
        .filter(|&place| {
            let name = &schema.columns[place].name;
            if named.is_empty() { known(name) } else { named.contains(name) }
        })
        .collect();
    if places.is_empty() { Err(AttackError::NoQuasiIdentifiers) } else { Ok(places) }
}

/// Links real people to released rows; once for everything else about them, once for one thing
/// that most people do not have in common with them.
///
/// # Errors
/// Nothing to attack, or stopped.
pub fn linkage(
    rows: &Rows,
    released: &Rows,
    quasi_identifiers: &[usize],
    allowed: f64,
    trials: Trials<'_>,
) -> Result<[Attack; 2], AttackError> {
    if rows.count() < 2 {
        return Err(AttackError::Nothing("fewer than two rows"));
    }
    let columns = rows.schema().columns.len();
    let secret: Vec<usize> =
        (0..columns).filter(|column| !quasi_identifiers.contains(column)).collect();
    let usual = usual(rows);
    let unique = unique_rows(released, quasi_identifiers);
    let bits = Bitmaps::of(rows);

    let mut draws = generator(trials.seed, 2);
    let mut all = [Hits::default(); 2];
    let mut one = [Hits::default(); 2];
    let key = |person: &[u16]| quasi_identifiers.iter().map(|&q| person[q]).collect::<Vec<_>>();
    let everybody = sample(&mut draws, rows.count(), rows.count());
    let matched = everybody.into_iter().filter_map(|place| {
        let person = row(rows, place);
        let found = *unique.get(&key(&person))?;
        (!secret.is_empty()).then_some((place, person, found))
    });
    for (place, person, found) in matched.take(trials.number) {
        trials.stop.check()?;
        let found = row(released, found);
        let like_her = nearest(&bits, quasi_identifiers, &person, Some(place), &mut draws);
        let Some(other) = like_her.map(|(_, other)| row(rows, other)) else { continue };
        let guesses = [found, other];
        for (hits, guess) in all.iter_mut().zip(&guesses) {
            count(hits, secret.iter().all(|&column| guess[column] == person[column]));
        }
        let unusual: Vec<usize> =
            secret.iter().copied().filter(|&column| person[column] != usual[column]).collect();
        if unusual.is_empty() {
            continue;
        }
        let column = unusual[below(&mut draws, unusual.len())];
        for (hits, guess) in one.iter_mut().zip(&guesses) {
            count(hits, guess[column] == person[column]);
        }
    }
    Ok([
        Attack::beside(
            "linkage, the whole row",
            "is the only released row with her quasi-identifiers right about everything else?",
            all[0],
            all[1],
            allowed,
        ),
        Attack::beside(
            "linkage, one secret",
            "is the only released row with her quasi-identifiers right about one unusual thing?",
            one[0],
            one[1],
            allowed,
        ),
    ])
}

fn count(hits: &mut Hits, success: bool) {
    hits.trials += 1;
    hits.successes += f64::from(u8::from(success));
}

/// The most frequent code of each column.
fn usual(rows: &Rows) -> Vec<u16> {
    (0..rows.schema().columns.len())
        .map(|column| {
            let mut counts = vec![0_usize; rows.schema().columns[column].codes()];
            for &code in rows.column(column) {
                counts[usize::from(code)] += 1;
            }
            let most = counts.iter().max().copied();
            counts.iter().position(|&count| Some(count) == most).unwrap_or(0) as u16
        })
        .collect()
}

/// The rows that no other row is like in the quasi-identifiers.
fn unique_rows(released: &Rows, quasi_identifiers: &[usize]) -> HashMap<Vec<u16>, usize> {
    let mut rows_with: HashMap<Vec<u16>, (usize, usize)> = HashMap::new();
    for place in 0..released.count() {
        let key = quasi_identifiers.iter().map(|&column| released.column(column)[place]).collect();
        let (number, first) = rows_with.entry(key).or_insert((0, place));
        *number += 1;
        *first = place.min(*first);
    }
    rows_with
        .into_iter()
        .filter(|&(_, (number, _))| number == 1)
        .map(|(key, (_, place))| (key, place))
        .collect()
}
