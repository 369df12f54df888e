//! Was her row used? White-box tests on released rows.
//!
//! The attacker knows every row but one and asks whether a certain person is that one. The test
//! compares the release with the *others*: if her row was not used, release and others stand alike
//! to her, and the score's sign is a coin (exactly so when the release is drawn as the others were;
//! a release that is drawn worse lies further from her, which is no leak). If her row was used, the
//! release has more of what she has, or a row nearer to hers, than the others have.
//!
//! With a holdout (rows of the same population that were not used) the scores of people used and
//! not used are compared with each other instead, at the pooled median.

use super::attack::{Attack, AttackError, Trials};
use super::bitmaps::Bitmaps;
use super::hits::Hits;
use super::marginals::scores;
use super::nearest::nearest;
use super::random::{generator, row, sample, subset};
use crate::rows::Rows;

/// Cells of more rows than this, others and released together, say nothing about one row, and
/// their noise is shared by many people.
const RARE: f64 = 20.0;

/// By how often every set of one to three columns says in the release what it says of her.
///
/// Score: Σ (released − others) / (released + others + 1) over cells with few people, the log-likelihood ratio
/// of one more row to first order for counts that vary as Poisson counts do. `released` are all
/// releases of the data set, put together: what one hides, the mean of several may show.
///
/// # Errors
/// Nothing to attack, or stopped.
pub fn membership_by_marginals(
    rows: &Rows,
    released: &Rows,
    holdout: Option<&Rows>,
    allowed: f64,
    trials: Trials<'_>,
) -> Result<Attack, AttackError> {
    let targets = Targets::draw(rows, released, holdout, trials)?;
    let people: Vec<Vec<u16>> = targets.people(rows, holdout);
    let scale = rows.count() as f64 / released.count() as f64;
    let scores = scores([rows, released], &people, 3, trials.stop, |cell, [all, shown]| {
        let hers = u32::from(cell.target < targets.used.len());
        let (others, shown) = (f64::from(all.saturating_sub(hers)), f64::from(shown) * scale);
        if others + shown > RARE { 0.0 } else { (shown - others) / (shown + others + 1.0) }
    })?;
    Ok(targets.judge("membership by marginals", &scores, allowed))
}

/// By whether the released row nearest to hers is nearer than anybody else's.
///
/// Distance: how many columns differ. Released rows and others are thinned to one number.
///
/// # Errors
/// Nothing to attack, or stopped.
pub fn membership_by_nearest(
    rows: &Rows,
    released: &Rows,
    holdout: Option<&Rows>,
    allowed: f64,
    trials: Trials<'_>,
) -> Result<Attack, AttackError> {
    let targets = Targets::draw(rows, released, holdout, trials)?;
    let mut draws = generator(trials.seed, 1);
    let number = released.count().min(rows.count() - 1);
    let shown = subset(released, &sample(&mut draws, released.count(), number));
    let all: Vec<usize> = (0..shown.schema().columns.len()).collect();
    let known: Vec<usize> = sample(&mut draws, rows.count(), number + 1);
    let others = subset(rows, &known);
    let mut place_of_row = vec![None; rows.count()];
    for (place, &row) in known.iter().enumerate() {
        place_of_row[row] = Some(place);
    }
    let (bits_of_others, bits_of_shown) = (Bitmaps::of(&others), Bitmaps::of(&shown));
    let mut scores = Vec::new();
    for (target, person) in targets.people(rows, holdout).iter().enumerate() {
        trials.stop.check()?;
        // One of the others is left out for each target: herself, or any one.
        let herself = targets.used.get(target).and_then(|&row| place_of_row[row]);
        let out = herself.or_else(|| sample(&mut draws, others.count(), 1).first().copied());
        let of_others = nearest(&bits_of_others, &all, person, out, &mut draws);
        let of_shown = nearest(&bits_of_shown, &all, person, None, &mut draws);
        let (Some((of_others, _)), Some((of_shown, _))) = (of_others, of_shown) else {
            return Err(AttackError::Nothing("a single row"));
        };
        scores.push(f64::from(of_others) - f64::from(of_shown));
    }
    Ok(targets.judge("membership by the nearest row", &scores, allowed))
}

/// Places of people whose rows were used, and in the holdout of people whose rows were not.
struct Targets {
    used: Vec<usize>,
    not_used: Vec<usize>,
}

impl Targets {
    fn draw(
        rows: &Rows,
        released: &Rows,
        holdout: Option<&Rows>,
        trials: Trials<'_>,
    ) -> Result<Targets, AttackError> {
        if rows.count() < 2 || released.count() == 0 {
            return Err(AttackError::Nothing("fewer than two rows, or none released"));
        }
        let mut draws = generator(trials.seed, 0);
        let used = sample(&mut draws, rows.count(), trials.number);
        let not_used = holdout
            .map(|holdout| sample(&mut draws, holdout.count(), trials.number))
            .unwrap_or_default();
        if holdout.is_some() && not_used.is_empty() {
            return Err(AttackError::Nothing("an empty holdout"));
        }
        Ok(Targets { used, not_used })
    }

    fn people(&self, rows: &Rows, holdout: Option<&Rows>) -> Vec<Vec<u16>> {
        let used = self.used.iter().map(|&place| row(rows, place));
        let not_used = holdout
            .into_iter()
            .flat_map(|holdout| self.not_used.iter().map(move |&place| row(holdout, place)));
        used.chain(not_used).collect()
    }

    fn judge(&self, name: &str, scores: &[f64], allowed: f64) -> Attack {
        let (used, not_used) = scores.split_at(self.used.len());
        let threshold = if not_used.is_empty() { 0.0 } else { median(scores) };
        let above = |score: &f64| 0.5 + 0.5 * sign(score - threshold);
        let hits: Hits =
            used.iter().map(above).chain(not_used.iter().map(|score| 1.0 - above(score))).collect();
        // Without a holdout somebody who is not in has the mirrored score.
        let mirrored: Vec<f64> = used.iter().map(|score| -score).collect();
        let others = if not_used.is_empty() { &mirrored } else { not_used };
        let mut attack = Attack::against(
            name,
            "was the row of a person, known in full, used for the release?",
            hits,
            0.5,
            allowed,
        );
        attack.area_under_curve = Some(area_under_curve(used, others));
        attack
    }
}

fn sign(number: f64) -> f64 {
    if number == 0.0 { 0.0 } else { number.signum() }
}

fn median(scores: &[f64]) -> f64 {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    0.5 * (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2])
}

/// The share of pairs in which the one who is in scores higher, ties as halves.
fn area_under_curve(members: &[f64], others: &[f64]) -> f64 {
    let mut sorted = others.to_vec();
    sorted.sort_by(f64::total_cmp);
    let below: f64 = members
        .iter()
        .map(|score| {
            let lower = sorted.partition_point(|other| other < score);
            let no_higher = sorted.partition_point(|other| other <= score);
            0.5 * (lower + no_higher) as f64
        })
        .sum();
    below / (members.len() * others.len()).max(1) as f64
}
