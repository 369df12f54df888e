//! The differencing experiment: releases of a data set that grows by quarters, and one person.
//!
//! Each trial draws people from a population, adds some of them every quarter, and tosses a coin
//! whether one more person is added. The attacker knows everybody else, and the person, and says
//! which it was from the releases. No attacker knows more; what this one cannot tell, none can.

use std::collections::HashMap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;
use rayon::prelude::*;

use super::attack::{Attack, AttackError, Trials, claimed_excess};
use super::hits::Hits;
use super::random::{generator, row, sample, subset};
use crate::rows::Rows;

/// How a data set grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// People in the first release.
    pub at_start: usize,
    /// People added before each later one.
    pub added: usize,
    /// Releases, one a quarter.
    pub releases: usize,
}

/// Counts of a table with noise on each: one number for each combination of codes, the last
/// column's code running fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct NoisyCounts {
    /// Columns of the table.
    pub columns: Vec<usize>,
    /// The scale σ² of the discrete Gaussian noise.
    pub sigma_squared: f64,
    /// Counts and noise.
    pub counts: Vec<i64>,
}

/// Was she added between the first release and the second? For releases that are a function of the
/// rows: the attacker makes both possible ones and looks which was published.
///
/// # Errors
/// A population too small for the growth, or stopped.
pub fn differencing_exact<R: PartialEq>(
    population: &Rows,
    growth: Growth,
    trials: Trials<'_>,
    release: impl Fn(&Rows) -> R + Sync,
) -> Result<Attack, AttackError> {
    let right = play(population, growth, trials, |people, added, coin| {
        for quarter in 1..growth.releases {
            let out = subset(population, people.known(quarter));
            let with_her = subset(population, &people.and_her(quarter));
            let (out, with_her) = (release(&out), release(&with_her));
            let published = if added { &with_her } else { &out };
            if out != with_her {
                let claims_added = *published == with_her;
                return claims_added == added;
            }
        }
        coin
    })?;
    Ok(Attack::against(
        "differencing of exact releases",
        "was a person added between two releases?",
        right,
        0.5,
        0.0,
    ))
}

/// Is she in the data set, from the first release to the last? For noised releases, whose whole
/// privacy loss is `rho`: the attacker adds up the log-likelihood ratio of every number that would
/// count her. For the discrete Gaussian that is Σ (x − others − ½)/σ², exactly.
///
/// `release` is given the rows, the number of the release and a seed for its noise.
///
/// # Errors
/// A claim that is none, a population too small for the growth, or stopped.
pub fn differencing_noised(
    population: &Rows,
    growth: Growth,
    rho: f64,
    trials: Trials<'_>,
    release: impl Fn(&Rows, usize, u64) -> Vec<NoisyCounts> + Sync,
) -> Result<Attack, AttackError> {
    let allowed = claimed_excess(rho)?;
    let right = play(population, growth, trials, |people, added, coin| {
        let her = row(population, people.her);
        let mut evidence = 0.0;
        for quarter in 0..growth.releases {
            let others = subset(population, people.known(quarter));
            let with_her;
            let rows = if added {
                with_her = subset(population, &people.and_her(quarter));
                &with_her
            } else {
                &others
            };
            for table in release(rows, quarter, people.seed_of_noise) {
                let like_her = (0..others.count())
                    .filter(|&o| table.columns.iter().all(|&c| others.column(c)[o] == her[c]))
                    .count();
                let cell = table.columns.iter().fold(0, |cell, &column| {
                    cell * others.schema().columns[column].codes() + usize::from(her[column])
                });
                let noise = table.counts[cell] as f64 - like_her as f64;
                evidence += (noise - 0.5) / table.sigma_squared;
            }
        }
        if evidence == 0.0 { coin } else { (evidence > 0.0) == added }
    })?;
    Ok(Attack::against(
        "differencing of noised releases",
        "is a person in the data set that was released quarter by quarter?",
        right,
        0.5,
        allowed,
    ))
}

/// The rows whose quasi-identifiers at least `k` rows share: the form in which CTDC's k-anonymous
/// data are published. Here only to be attacked.
pub fn k_anonymous_rows(rows: &Rows, quasi_identifiers: &[usize], k: usize) -> Rows {
    let key = |row: usize| {
        quasi_identifiers.iter().map(|&column| rows.column(column)[row]).collect::<Vec<_>>()
    };
    let mut sizes: HashMap<Vec<u16>, usize> = HashMap::new();
    for row in 0..rows.count() {
        *sizes.entry(key(row)).or_default() += 1;
    }
    let kept: Vec<usize> = (0..rows.count()).filter(|&row| sizes[&key(row)] >= k).collect();
    subset(rows, &kept)
}

/// The people of one trial.
struct People {
    known: Vec<usize>,
    her: usize,
    growth: Growth,
    seed_of_noise: u64,
}

impl People {
    fn known(&self, quarter: usize) -> &[usize] {
        &self.known[..self.growth.at_start + quarter * self.growth.added]
    }

    fn and_her(&self, quarter: usize) -> Vec<usize> {
        let mut people = self.known(quarter).to_vec();
        people.push(self.her);
        people
    }
}

fn play(
    population: &Rows,
    growth: Growth,
    trials: Trials<'_>,
    right: impl Fn(&People, bool, bool) -> bool + Sync,
) -> Result<Hits, AttackError> {
    let others = growth.at_start + growth.added * growth.releases.saturating_sub(1);
    if growth.releases == 0 || population.count() <= others {
        return Err(AttackError::Nothing("a population smaller than the growth"));
    }
    let rights = (0..trials.number)
        .into_par_iter()
        .map(|trial| {
            trials.stop.check()?;
            let mut draws: ChaCha8Rng = generator(trials.seed, trial as u64);
            let mut known = sample(&mut draws, population.count(), others + 1);
            let her = known.swap_remove(others);
            let bits = draws.next_u32();
            let people = People { known, her, growth, seed_of_noise: draws.next_u64() };
            Ok(f64::from(u8::from(right(&people, bits & 1 == 1, bits & 2 == 2))))
        })
        .collect::<Result<Vec<f64>, AttackError>>()?;
    Ok(rights.into_iter().collect())
}
