//! How often an attack succeeds, beside a guess, and what follows.

use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use super::hits::Hits;

/// What came of one attack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attack {
    /// Its name.
    pub name: String,
    /// What the attacker wants to know.
    pub question: String,
    /// How often it succeeded, 0 to 1.
    pub success: f64,
    /// How often the same guess succeeds without the person's row in the release.
    pub baseline: f64,
    /// How often it was tried.
    pub trials: u64,
    /// The 99 % interval of the success.
    pub interval: [f64; 2],
    /// The low end of the 99 % interval of success less baseline.
    pub excess_at_least: f64,
    /// What that may be at most.
    pub allowed_excess: f64,
    /// For tests of membership, how often somebody who is in scores above somebody who is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_under_curve: Option<f64>,
    /// What follows.
    pub verdict: Verdict,
}

/// What follows from an attack. Passing is not called proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No better than the baseline, as far as the trials can say.
    NotVetoed,
    /// Better than the baseline by more than is allowed.
    Veto,
    /// Nobody whom it could be tried on.
    NoTarget,
}

/// Why an attack could not be carried out; the gate refuses then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttackError {
    /// It was told to stop: out of time.
    #[error("stopped before it was done: out of time")]
    Stopped,
    /// The release has a column or dimension that the rows do not have, or not with its categories.
    #[error(
        "\"{0}\" of the release is no column of the rows with the same categories; attack a release with the rows that it was made from"
    )]
    Column(String),
    /// Names given as quasi-identifiers that are no columns.
    #[error("{0:?} are named as quasi-identifiers, but are no columns of the release")]
    QuasiIdentifiers(Vec<String>),
    /// No column is known as something that an outsider would know.
    #[error(
        "no column is known as a quasi-identifier; name the columns that an outsider may know about a person"
    )]
    NoQuasiIdentifiers,
    /// No rows to attack, or none released.
    #[error("{0}: there is nothing to attack")]
    Nothing(&'static str),
    /// A claim that is none.
    #[error("a claim of rho = {0} is no claim; it must be above 0 and finite")]
    Claim(String),
    /// A cell that a release of this kind does not have.
    #[error(
        "table \"{0}\" has cells of another kind of release; noised tables have noised cells only, other tables none"
    )]
    Kind(String),
    /// The audit could not be carried out.
    #[error("the audit failed: {0}")]
    Audit(String),
}

/// How often to try, from which seed, and when to stop.
#[derive(Debug, Clone, Copy)]
pub struct Trials<'a> {
    /// At most this many people are attacked.
    pub number: usize,
    /// Draws targets and breaks ties.
    pub seed: u64,
    /// Set from outside when time is over.
    pub stop: &'a Stop,
}

/// Tells a running attack to stop.
#[derive(Debug, Default)]
pub struct Stop(AtomicBool);

impl Stop {
    /// From now on attacks stop.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// # Errors
    /// [`AttackError::Stopped`] once it is set.
    pub fn check(&self) -> Result<(), AttackError> {
        if self.0.load(Ordering::Relaxed) { Err(AttackError::Stopped) } else { Ok(()) }
    }
}

/// The most by which a test of membership may be right above one half under ρ-zCDP: ½√(ρ/2).
///
/// The Kullback-Leibler divergence of the two worlds' outputs is at most ρ (Bun and Steinke 2016,
/// definition 1.1 as α → 1), so by Pinsker their total variation is at most √(ρ/2).
///
/// # Errors
/// A ρ that is not above 0 and finite.
pub fn claimed_excess(rho: f64) -> Result<f64, AttackError> {
    if rho.is_finite() && rho > 0.0 {
        Ok(0.5 * (rho / 2.0).sqrt())
    } else {
        Err(AttackError::Claim(rho.to_string()))
    }
}

impl Attack {
    /// Against a baseline that is known.
    pub(super) fn against(
        name: &str,
        question: &str,
        hits: Hits,
        baseline: f64,
        allowed: f64,
    ) -> Attack {
        let interval = hits.interval();
        let excess_at_least = interval[0] - baseline;
        Attack::judged(name, question, (hits, interval), baseline, excess_at_least, allowed)
    }

    /// Against a baseline that is known, by trials that share noise: how far below and above its
    /// mean their share may lie.
    pub(super) fn against_sharing(
        name: &str,
        question: &str,
        hits: Hits,
        [below, above]: [f64; 2],
        baseline: f64,
        allowed: f64,
    ) -> Attack {
        let share = hits.share();
        let interval = [(share - below).clamp(0.0, 1.0), (share + above).clamp(0.0, 1.0)];
        let excess_at_least = interval[0] - baseline;
        Attack::judged(name, question, (hits, interval), baseline, excess_at_least, allowed)
    }

    /// Against a baseline that was tried too; Newcombe's interval of a difference (1998, method 10).
    pub(super) fn beside(
        name: &str,
        question: &str,
        hits: Hits,
        control: Hits,
        allowed: f64,
    ) -> Attack {
        let interval = hits.interval();
        let below = hits.share() - interval[0];
        // A control never tried may be anything.
        let (baseline, above) = if control.trials == 0 {
            (0.0, 1.0)
        } else {
            (control.share(), control.interval()[1] - control.share())
        };
        let excess_at_least = hits.share() - baseline - (below * below + above * above).sqrt();
        Attack::judged(name, question, (hits, interval), baseline, excess_at_least, allowed)
    }

    /// Findings that are certain, of so many places: one is too many.
    pub(super) fn certain(name: &str, question: &str, found: u64, places: u64) -> Attack {
        let hits = Hits { successes: found as f64, trials: places };
        let share = hits.share();
        Attack::judged(name, question, (hits, [share, share]), 0.0, share, 0.0)
    }

    fn judged(
        name: &str,
        question: &str,
        (hits, interval): (Hits, [f64; 2]),
        baseline: f64,
        excess_at_least: f64,
        allowed_excess: f64,
    ) -> Attack {
        let verdict = if hits.trials == 0 {
            Verdict::NoTarget
        } else if excess_at_least <= allowed_excess {
            Verdict::NotVetoed
        } else {
            // Also what is no number.
            Verdict::Veto
        };
        Attack {
            name: name.to_owned(),
            question: question.to_owned(),
            success: hits.share(),
            baseline,
            trials: hits.trials,
            interval,
            excess_at_least,
            allowed_excess,
            area_under_curve: None,
            verdict,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_share_is_within_its_interval_and_none_is_vetoed_for_what_the_control_does_too(
            trials in 1_u64..2000, part in 0.0_f64..=1.0,
        ) {
            let hits = Hits { successes: (part * trials as f64).floor(), trials };
            let [low, high] = hits.interval();
            prop_assert!(0.0 <= low && low <= hits.share() + 1e-12 && hits.share() <= high + 1e-12 && high <= 1.0);
            prop_assert_eq!(Attack::beside("", "", hits, hits, 0.0).verdict, Verdict::NotVetoed);
            prop_assert_eq!(
                Attack::beside("", "", hits, Hits::default(), 0.0).verdict, Verdict::NotVetoed
            );
        }
    }

    #[test]
    fn one_certain_finding_is_a_veto_and_so_is_no_number() {
        assert_eq!(Attack::certain("", "", 1, 1_000_000).verdict, Verdict::Veto);
        assert_eq!(Attack::certain("", "", 0, 7).verdict, Verdict::NotVetoed);
        let hits = Hits { successes: f64::NAN, trials: 3 };
        assert_eq!(Attack::against("", "", hits, 0.5, 0.05).verdict, Verdict::Veto);
        assert!(claimed_excess(f64::NAN).is_err() && claimed_excess(0.0).is_err());
        assert!((0.5 + claimed_excess(0.25).unwrap() - 0.6768).abs() < 1e-4);
    }
}
