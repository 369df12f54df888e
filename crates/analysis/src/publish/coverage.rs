//! The store → which agencies reported: about agencies only, never about people.

use std::collections::BTreeMap;

use records::Quarter;
use report::public::{Bilingual, Coverage};
use store::{Scope, Store, StoreError};

/// Which agencies sent something, of those that the state knows, real or made up.
///
/// # Errors
///
/// [`StoreError`].
pub async fn agencies(
    store: &Store,
    scope: &Scope,
    practice: bool,
) -> Result<Coverage, StoreError> {
    let known = store.agencies(scope).await?;
    let known: Vec<_> = known.into_iter().filter(|one| one.agency.practice == practice).collect();
    let received = store.standing_submissions(scope).await?;
    let mut quarters: BTreeMap<&str, (Quarter, Quarter)> = BTreeMap::new();
    for one in received.iter().filter(|one| one.practice == practice) {
        if let Some((first, last)) = one.first_quarter.zip(one.last_quarter) {
            let of = quarters.entry(one.agency.as_str()).or_insert((first, last));
            *of = (of.0.min(first), of.1.max(last));
        }
    }
    let first = quarters.values().map(|(first, _)| *first).min();
    let last = quarters.values().map(|(_, last)| *last).max();
    let at_both_ends =
        quarters.values().filter(|ends| Some(ends.0) == first && Some(ends.1) == last).count();
    let missing: Vec<Bilingual> = known
        .iter()
        .filter(|one| !quarters.contains_key(one.agency.code.as_str()))
        .map(|one| Bilingual::same(&one.agency.label))
        .collect();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(Coverage {
        expected: number(quarters.len() + missing.len()),
        reported: number(quarters.len()),
        at_both_ends: Some(number(at_both_ends)),
        missing,
        statements: vec![totals_only()],
    })
}

fn totals_only() -> Bilingual {
    Bilingual {
        english: "Some agencies may by law send totals only; the people in these totals cannot be told apart from the others and are not in these tables.".to_owned(),
        spanish: "Por ley, algunos organismos solo pueden enviar totales; las personas incluidas en esos totales no se pueden distinguir de las demás y no figuran en estas tablas.".to_owned(),
    }
}
