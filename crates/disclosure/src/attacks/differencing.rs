//! What a second release shows when the first is subtracted from it.

use super::attack::{Attack, AttackError, Trials};
use super::hits::Hits;
use super::marginals::scores;
use super::numbers::{Numbers, hidden_in_tables, numbers_of_tables};
use super::random::{generator, row, sample};
use crate::aggregates::AggregatePlan;
use crate::published::PublishedTable;
use crate::rows::Rows;

/// [`small_differences`] of any exact numbers.
pub(crate) fn small_differences_of(new: &Numbers, earlier: &[Numbers], threshold: u64) -> Attack {
    let (mut small, mut compared) = (0, 0);
    for earlier in earlier {
        for (said, &(low, high)) in new {
            let Some(&(low_before, high_before)) = earlier.get(said) else { continue };
            let least = i128::from(low) - i128::from(high_before);
            let most = i128::from(high) - i128::from(low_before);
            let below = |number: i128| number >= 1 && number < i128::from(threshold);
            compared += 1;
            small += u64::from((below(least) && below(most)) || (below(-least) && below(-most)));
        }
    }
    Attack::certain(
        "differencing",
        "does an earlier release, subtracted, leave a group of fewer people than the threshold?",
        small,
        compared,
    )
}

/// Subtracts earlier tables from the new ones; what is left is counts of those who came or went, and
/// no such group may be known to be of fewer than the threshold, but not none.
pub fn small_differences(
    tables: &[PublishedTable],
    earlier: &[&[PublishedTable]],
    threshold: u64,
) -> Attack {
    let earlier: Vec<Numbers> = earlier.iter().map(|tables| numbers_of_tables(tables)).collect();
    small_differences_of(&numbers_of_tables(tables), &earlier, threshold)
}

/// Cells that one of two releases hides and the other shows: as few may have come or gone as the
/// shown totals around the cell say, so that the number that is shown is nearly the hidden one.
///
/// Where a total has changed by fewer people than the threshold, the hidden cell is known to within
/// as many; that is too near. Assumes that who came and who left do not cancel.
pub fn hidden_and_shown(
    tables: &[PublishedTable],
    earlier: &[&[PublishedTable]],
    threshold: u64,
) -> Attack {
    let (new, hidden_now) = (numbers_of_tables(tables), hidden_in_tables(tables));
    let (mut known, mut compared) = (0, 0);
    for earlier in earlier {
        let (old, hidden_then) = (numbers_of_tables(earlier), hidden_in_tables(earlier));
        let shown_then = hidden_now.iter().filter(|key| old.contains_key(key));
        let shown_now = hidden_then.iter().filter(|key| new.contains_key(key));
        for (counted, said) in shown_then.chain(shown_now) {
            let totals = (0..(1_usize << said.len()) - 1).map(|parts| {
                let kept = said.iter().enumerate().filter(|(part, _)| parts >> part & 1 == 1);
                (counted.clone(), kept.map(|(_, said)| said.clone()).collect())
            });
            let near = totals.into_iter().any(|total| match (new.get(&total), old.get(&total)) {
                (Some(&(low, high)), Some(&(low_before, high_before))) => {
                    low.abs_diff(high_before).max(high.abs_diff(low_before)) < threshold
                }
                _ => false,
            });
            compared += 1;
            known += u64::from(near);
        }
    }
    Attack::certain(
        "hidden in one release, shown in another",
        "is a hidden cell known, nearly, from another release that shows it?",
        known,
        compared,
    )
}

/// Was she added between two k-anonymous releases? The attacker knows all others, so the number of
/// a combination that counts her tells, if her one carries it over a multiple or over `k`.
/// Combinations of at most three columns are looked at, which is fewer than are there for longer ones.
///
/// # Errors
/// Nothing to attack, or stopped.
pub fn crossings(
    rows: &Rows,
    plan: AggregatePlan,
    allowed: f64,
    trials: Trials<'_>,
) -> Result<Attack, AttackError> {
    let mut draws = generator(trials.seed, 8);
    let targets: Vec<Vec<u16>> = sample(&mut draws, rows.count(), trials.number)
        .into_iter()
        .map(|place| row(rows, place))
        .collect();
    if targets.is_empty() {
        return Err(AttackError::Nothing("no row"));
    }
    let crossed = scores([rows], &targets, plan.length.min(3), trials.stop, |cell, [count]| {
        let count = u64::from(count);
        let differs = plan.protected(count) != plan.protected(count.saturating_sub(1));
        f64::from(u8::from(differs && !cell.blank))
    })?;
    // Nothing that differs leaves a coin to toss.
    let hits: Hits = crossed.iter().map(|&number| if number > 0.0 { 1.0 } else { 0.5 }).collect();
    Ok(Attack::against(
        "differencing, one person added",
        "was a person added between two k-anonymous releases, for an attacker who knows all others?",
        hits,
        0.5,
        allowed,
    ))
}
