//! Was her count of one added before the noise? The attacker knows every other row.
//!
//! For each cell that would count her, the published number less the others' count is noise, or
//! noise and one. With noise of scale σ the log-likelihood ratio is Σ (difference − ½)/σ² to within
//! the discreteness of the noise (exactly that for the discrete Gaussian), and the attacker says
//! "in" when it is above 0. The scale is read from the intervals that are published with the
//! numbers. This is tried on the very numbers to be released: noise that was forgotten, or is less
//! than claimed, is found here.
//!
//! Each person is tried in both worlds: noise that is added does not depend on the data, so the
//! numbers without her are the published ones less one in her cells. People share noise, for which
//! [`spread`] allows.

use std::collections::HashSet;

use super::attack::{Attack, AttackError, Trials, claimed_excess};
use super::cells::CellsOf;
use super::hits::Hits;
use super::random::{generator, sample};
use super::shared_noise::{Trial, spread};
use crate::published::{PublishedTable, PublishedValue};
use crate::rows::Rows;

/// Half the width of a published interval in standard deviations.
const WITHIN: f64 = 1.96;

/// Tries at most `trials.number` people of different cells; people of the same cells are one trial.
/// Of earlier noised tables of the data set the attacker adds the cells whose intervals hold today's
/// count: there the noises of several releases can be averaged. `rho` is the cost of all.
///
/// # Errors
/// A claim that is none, cells that are hidden or rounded, a dimension that is no column of the rows, stopped.
pub fn membership_in_noised(
    rows: &Rows,
    tables: &[PublishedTable],
    earlier: &[&PublishedTable],
    rho: f64,
    trials: Trials<'_>,
) -> Result<Attack, AttackError> {
    let allowed = claimed_excess(rho)?;
    let known = |value| matches!(value, PublishedValue::Noised { .. } | PublishedValue::Exact(_));
    let odd = |table: &&PublishedTable| table.cells.iter().any(|cell| !known(cell.value));
    if let Some(table) = tables.iter().find(odd) {
        return Err(AttackError::Kind(table.name.clone()));
    }
    let new = tables.iter().map(|table| Ok((table, CellsOf::new(table, rows)?, false)));
    // An earlier table of other columns cannot be used, by anybody.
    let old = earlier
        .iter()
        .filter_map(|&table| Some(Ok((table, CellsOf::new(table, rows).ok()?, true))));
    let tables = new.chain(old).collect::<Result<Vec<_>, AttackError>>()?;
    let mut counts: Vec<Vec<f64>> =
        tables.iter().map(|(table, ..)| vec![0.0; table.cells.len()]).collect();
    for (counts, (_, index, _)) in counts.iter_mut().zip(&tables) {
        trials.stop.check()?;
        for row in 0..rows.count() {
            for cell in index.row(rows, row) {
                counts[cell] += 1.0;
            }
        }
    }
    // Cells of all tables are numbered through.
    let first: Vec<usize> = counts
        .iter()
        .scan(0, |next, counts| Some(std::mem::replace(next, *next + counts.len())))
        .collect();
    let mut tried = HashSet::new();
    let mut done = Vec::new();
    let mut hits = Hits::default();
    for person in sample(&mut generator(trials.seed, 7), rows.count(), rows.count()) {
        trials.stop.check()?;
        let cells: Vec<Vec<usize>> =
            tables.iter().map(|(_, index, _)| index.row(rows, person)).collect();
        if tried.len() >= trials.number || tried.contains(&cells) {
            continue;
        }
        let (mut score, mut information) = (0.0, 0.0);
        let mut parts: Vec<(usize, f64)> = Vec::new();
        for ((((table, _, old), counts), cells), first) in
            tables.iter().zip(&counts).zip(&cells).zip(&first)
        {
            for &cell in cells {
                let value = table.cells[cell].value;
                let Some((number, width)) = number_and_width(value) else { continue };
                if *old && (number - counts[cell]).abs() > width {
                    continue;
                }
                let weight = 1.0 / (width * width);
                score += weight * (number - (counts[cell] - 1.0) - 0.5);
                information += weight;
                parts.push((first + cell, 1.0 / width));
            }
        }
        tried.insert(cells);
        if information > 0.0 {
            let root = information.sqrt();
            parts.iter_mut().for_each(|(_, part)| *part /= root);
            done.push(Trial { parts, person: WITHIN * root });
            hits.trials += 1;
            hits.successes += 0.5 * (above(score) + above(information - score));
        }
    }
    let cells = counts.iter().map(Vec::len).sum();
    Ok(Attack::against_sharing(
        "membership in noised tables",
        "was a person counted, for an attacker who knows all others and the scale of the noise? The tries share the noise of few cells and are right or wrong together: the share may stray far from that of a guess, to either side.",
        hits,
        spread(&done, cells, trials)?,
        0.5,
        allowed,
    ))
}

/// The printed number, and how far the noise may carry it; a number without noise has next to none.
fn number_and_width(value: PublishedValue) -> Option<(f64, f64)> {
    match value {
        // The lower half may be cut off at 0, and a number made consistent may leave its interval.
        PublishedValue::Noised { value, low, high } => {
            let half = high.saturating_sub(low) as f64 / 2.0;
            let upper = high.saturating_sub(value) as f64;
            Some((value as f64, half.max(upper).max(0.25)))
        }
        PublishedValue::Exact(value) => Some((value as f64, 0.25)),
        PublishedValue::Rounded { .. } | PublishedValue::Hidden(_) => None,
    }
}

/// Whether the attacker says so; undecided is half.
fn above(score: f64) -> f64 {
    if score > 0.0 {
        1.0
    } else if score < 0.0 {
        0.0
    } else {
        0.5
    }
}
