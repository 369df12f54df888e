//! Is there exactly one such person?
//!
//! In the manner of Anonymeter (Giomi, Boenisch, Wehmeyer and Tasnádi 2023): from a released row
//! the attacker makes a description, adding its columns in a random order until no other released
//! row fits it, and succeeds if exactly one real person fits. Cohen and Nissim (2020) show that a
//! description made without the data succeeds up to 37 % of the time, so success alone says
//! nothing. The baseline is therefore the same attack from half of the people about the other
//! half: what anybody's data say about somebody else. Released rows are thinned to as many.

use rand_chacha::ChaCha8Rng;

use super::attack::{Attack, AttackError, Trials};
use super::bitmaps::{self, Bitmaps};
use super::hits::Hits;
use super::random::{below, generator, sample, subset};
use crate::rows::Rows;

/// Descriptions of any number of columns.
///
/// # Errors
/// Nothing to attack, or stopped.
pub fn singling_out(
    rows: &Rows,
    released: &Rows,
    allowed: f64,
    trials: Trials<'_>,
) -> Result<Attack, AttackError> {
    let Halves { known, others, shown } = Halves::draw(rows, released, trials, 3)?;
    let others = Bitmaps::of(&others);
    let attempt = |from: &Rows, stream| {
        let bits = Bitmaps::of(from);
        let mut draws = generator(trials.seed, stream);
        let mut hits = Hits::default();
        for _ in 0..trials.number {
            trials.stop.check()?;
            if let Some(description) = description(from, &bits, &mut draws) {
                count(&mut hits, &description, &others);
            }
        }
        Ok(hits)
    };
    Ok(Attack::beside(
        "singling out",
        "does a description made from the release fit exactly one real person?",
        attempt(&shown, 4)?,
        attempt(&known, 5)?,
        allowed,
    ))
}

/// Descriptions of one column: every category that exactly one released row has.
///
/// # Errors
/// Nothing to attack, or stopped.
pub fn singling_out_by_one_column(
    rows: &Rows,
    released: &Rows,
    allowed: f64,
    trials: Trials<'_>,
) -> Result<Attack, AttackError> {
    let Halves { known, others, shown } = Halves::draw(rows, released, trials, 6)?;
    let others = Bitmaps::of(&others);
    let attempt = |from: &Rows| {
        let mut hits = Hits::default();
        for column in 0..from.schema().columns.len() {
            trials.stop.check()?;
            let mut counts = vec![0_usize; from.schema().columns[column].codes()];
            for &code in from.column(column) {
                counts[usize::from(code)] += 1;
            }
            for code in (0..counts.len()).filter(|&code| counts[code] == 1) {
                count(&mut hits, &[(column, code as u16)], &others);
            }
        }
        Ok(hits)
    };
    Ok(Attack::beside(
        "singling out by one column",
        "does a category that one released row has fit exactly one real person?",
        attempt(&shown)?,
        attempt(&known)?,
        allowed,
    ))
}

/// Half the people, the other half, and as many released rows as half the people.
struct Halves {
    known: Rows,
    others: Rows,
    shown: Rows,
}

impl Halves {
    fn draw(
        rows: &Rows,
        released: &Rows,
        trials: Trials<'_>,
        stream: u64,
    ) -> Result<Halves, AttackError> {
        let number = (rows.count() / 2).min(released.count());
        if number == 0 {
            return Err(AttackError::Nothing("fewer than two rows, or none released"));
        }
        let mut draws = generator(trials.seed, stream);
        let people = sample(&mut draws, rows.count(), rows.count());
        let (first, second) = people.split_at(rows.count() / 2);
        Ok(Halves {
            known: subset(rows, &first[..number]),
            others: subset(rows, second),
            shown: subset(released, &sample(&mut draws, released.count(), number)),
        })
    }
}

/// Columns of one row, in a random order, until no other row has them all.
fn description(from: &Rows, bits: &Bitmaps, draws: &mut ChaCha8Rng) -> Option<Vec<(usize, u16)>> {
    let row = below(draws, from.count());
    let columns = from.schema().columns.len();
    let mut alike = bits.all();
    let mut description = Vec::new();
    for column in sample(draws, columns, columns) {
        let code = from.column(column)[row];
        bitmaps::keep(&mut alike, bits.having(column, code));
        description.push((column, code));
        if bitmaps::count(&alike) == 1 {
            return Some(description);
        }
    }
    None
}

fn count(hits: &mut Hits, description: &[(usize, u16)], people: &Bitmaps) {
    let mut fitting = people.all();
    for &(column, code) in description {
        bitmaps::keep(&mut fitting, people.having(column, code));
    }
    hits.trials += 1;
    if bitmaps::count(&fitting) == 1 {
        hits.successes += 1.0;
    }
}
