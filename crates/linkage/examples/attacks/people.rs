//! Who is encoded and what the attacker knows.
//!
//! In: how many, which share of the encoded is known to the attacker, whether the attacker knows
//! them as another agency wrote them down, a seed. Out: two tables of people and who is who.
//! Everybody is made up (`simulation::people_set`).

use std::collections::BTreeMap;

use simulation::{PeopleSetPlan, SimulationError, people_set};

/// What one agency wrote down.
#[derive(Clone, Default)]
pub(crate) struct Written {
    pub(crate) given_name: String,
    pub(crate) surname: String,
    pub(crate) alias: String,
    pub(crate) sex: String,
    pub(crate) birth_date: String,
    pub(crate) phone: String,
    pub(crate) street: String,
    pub(crate) zip: String,
}

/// What is encoded, and what the attacker has.
pub(crate) struct Case {
    pub(crate) encoded: Vec<Written>,
    pub(crate) auxiliary: Vec<Written>,
    /// For every encoded row the auxiliary row of the same person, where there is one.
    pub(crate) truth: Vec<Option<usize>>,
}

/// Makes a case: `rows` encoded and as many auxiliary ones, `overlap` of them about the same people.
pub(crate) fn case(
    rows: usize,
    overlap: f64,
    other_agency: bool,
    seed: u64,
) -> Result<Case, SimulationError> {
    // One person in three is on several lists; a few more are left over.
    let records = (rows as u64) * 14;
    let mut people: BTreeMap<String, Vec<(String, Written)>> = BTreeMap::new();
    people_set(&PeopleSetPlan { records, seed, ..PeopleSetPlan::default() }, &mut |row| {
        let [
            _,
            agency,
            given_name,
            _,
            surname,
            alias,
            sex,
            birth_date,
            phone,
            street,
            _,
            zip,
            _,
            truth,
        ] = row.cells().clone();
        let written = Written { given_name, surname, alias, sex, birth_date, phone, street, zip };
        people.entry(truth).or_default().push((agency, written));
        Ok(())
    })?;
    let of_two = |rows: &Vec<(String, Written)>| {
        let (agency, first) = rows.first()?;
        let other = rows.iter().find(|(other, _)| other != agency)?;
        Some((first.clone(), other.1.clone()))
    };
    // In an order that says nothing: families stand together in the order of their numbers.
    let mut pairs: Vec<(u64, (Written, Written))> = people
        .iter()
        .filter_map(|(truth, rows)| Some((spread(truth.as_bytes(), seed), of_two(rows)?)))
        .collect();
    pairs.sort_by_key(|(order, _)| *order);
    let mut pairs = pairs.into_iter().map(|(_, pair)| pair);
    let known = (rows as f64 * overlap).round() as usize;
    let mut case = Case { encoded: Vec::new(), auxiliary: Vec::new(), truth: Vec::new() };
    for (at, (first, other)) in pairs.by_ref().take(rows).enumerate() {
        if at < known {
            case.auxiliary.push(if other_agency { other } else { first.clone() });
        }
        case.truth.push((at < known).then_some(at));
        case.encoded.push(first);
    }
    let missing = rows - known;
    case.auxiliary.extend(pairs.take(missing).map(|(first, _)| first));
    // The auxiliary table in another order, so that ties fall by chance.
    let mut order: Vec<usize> = (0..case.auxiliary.len()).collect();
    order.sort_by_key(|&at| spread(&(at as u64).to_le_bytes(), seed));
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(new, &old)| place[old] = new);
    case.auxiliary = order.iter().map(|&old| case.auxiliary[old].clone()).collect();
    case.truth.iter_mut().flatten().for_each(|at| *at = place[*at]);
    Ok(case)
}

/// A number for bytes (FNV-1a, spread).
fn spread(bytes: &[u8], seed: u64) -> u64 {
    let mixed = bytes.iter().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}
