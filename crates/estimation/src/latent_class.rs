//! Classes of people who are alike.
//!
//! In: capture histories on three lists or more. Out: the posterior median of the population with a
//! credible interval, or a refusal when the chains do not agree.
//!
//! Daniel Manrique-Vallier (2016), "Bayesian Population Size Estimation Using Dirichlet Process
//! Mixtures", Biometrics 72(4), 1246-1254: everybody, seen or not, is of one of at most ten classes,
//! how many of them are used being learnt; in a class lists have nothing to do with one another. The
//! priors are those of its R package LCMCR (0.4.14): `concentration ~ Gamma(0.25, 0.25)`,
//! probabilities uniform, `p(N)` proportional to `1 / N`.
//!
//! The package runs one chain and leaves it to the user whether it has arrived. Here eight chains
//! run from far-apart starts. The first half of each is dropped; they are looked at after 8,000
//! sweeps and then each time they have doubled, up to 64,000. They stop as soon as R-hat of log N is
//! at most 1.01 and both effective sample sizes are at least 400 (the limits of Vehtari et al. 2021,
//! section 4); at the end an R-hat of 1.05 will do. Otherwise there is no number.
//!
//! # Where it fails
//!
//! - *The lists cannot tell.* Two mixtures may give the people seen the same histories and still
//!   differ in how many are unseen; the prior then decides, and more people on the lists do not help
//!   (Link 2003, Biometrics 59(4); Aleshin-Guendel, Sadinle and Wakefield, "The central role of the
//!   identifying assumption in population size estimation", Biometrics). Chains that agree say that
//!   the posterior was found, not that it is right.
//! - *A class that is on hardly any list* is seen only through the prior.
//! - *Lists that exclude one another* (whoever is on one is not put on the other) are no mixture of
//!   independent lists: the model takes the missing overlap for many people unseen.
//! - *Three lists*: two classes already have as many parameters as there are histories.
//! - *Many small classes.* On the tables of Kosovo and of Diabetes (Bruno et al. 1994) a mode holds
//!   for thousands of sweeps; some seeds end without a number, others say nearly the same.
//! - *Rare modes.* With eight chains a mode that none has found is not noticed. On the British table
//!   chains may sit near 12,000 for ten thousand sweeps while others are near 22,000.

mod chains;
mod mixing;
mod model;
mod unseen;
mod variates;

use std::collections::BTreeMap;

use self::chains::{Chain, Draw, extend};
use self::mixing::Mixing;
use self::model::{Model, Prior};
use crate::estimate::{Diagnostic, Estimate, Interval, IntervalKind, Method};
use crate::histories::CaptureHistories;

/// The settings of LCMCR.
const PRIOR: Prior = Prior { classes: 10, shape: 0.25, rate: 0.25 };

/// How many chains; each start has its own number of people unseen.
const CHAINS: usize = 8;

/// Sweeps between two draws that are kept.
const THINNING: usize = 10;

/// Sweeps of each chain before they are first compared, and at most.
const SWEEPS: Sweeps = Sweeps { first: 8_000, most: 64_000 };

/// Chains that agree so well stop early.
const GOOD_RHAT: f64 = 1.01;

/// Chains that do not agree so well by the end give no number.
const LARGEST_RHAT: f64 = 1.05;

/// Nor do chains that are worth fewer independent draws, in bulk or in the tails.
const LEAST_EFFECTIVE: f64 = 400.0;

/// How long chains run.
#[derive(Debug, Clone, Copy)]
struct Sweeps {
    first: usize,
    most: usize,
}

/// Why the latent-class model gives no number.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LatentClassError {
    /// Too few lists to tell classes from one another.
    #[error("classes of people need at least three lists, found {found}; use another method")]
    TooFewLists {
        /// How many there are.
        found: usize,
    },
    /// A table without people.
    #[error("nobody is on a list: there is nothing to estimate from")]
    Nobody,
    /// Chains from different starts came to different answers, or moved too slowly to tell.
    #[error(
        "the latent-class model gives no number: after {sweeps} sweeps its chains have not settled \
         (R-hat {rhat:.2}, wanted at most {LARGEST_RHAT}; worth {effective:.0} independent draws, \
         wanted at least {LEAST_EFFECTIVE}): these lists leave it open how many people are unseen, \
         or the sampler cannot find out; rely on the range of the other methods"
    )]
    Unsettled {
        /// Sweeps of each chain.
        sweeps: usize,
        /// R-hat of the logarithm of the population.
        rhat: f64,
        /// The smaller of the effective sample sizes of bulk and tails.
        effective: f64,
        /// The diagnostics that an answer would have had.
        diagnostics: BTreeMap<&'static str, Diagnostic>,
    },
}

/// Estimates the population by classes of people in which lists are independent; see the module's
/// text for the model, the sampler and where both fail.
///
/// `level` is the credible interval's, such as 0.95. The answer depends on the table, the level and
/// the seed, not on the number of threads.
///
/// Diagnostics: `rhat`, `bulk_ess` and `tail_ess` of log N, `chains`, `sweeps` of each chain,
/// `samples` kept of all of them, `classes_used` with the posterior probability of each number of
/// classes with people.
///
/// Source: Manrique-Vallier (2016), Biometrics 72(4), 1246-1254.
///
/// # Errors
///
/// [`LatentClassError`]: fewer than three lists, nobody on them, or chains that have not settled.
///
/// # Examples
///
/// ```
/// use estimation::{latent_class, read_histories};
///
/// let file = "b,c,d,count\n1,0,0,5\n0,1,0,5\n0,0,1,41\n1,1,0,54\n1,0,1,6\n1,1,1,12\n";
/// let table = &read_histories(file.as_bytes(), None)?.tables[0].histories;
/// let estimate = latent_class(table, 0.95, 1)?;
/// assert!((123.0..160.0).contains(&estimate.population));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn latent_class(
    histories: &CaptureHistories,
    level: f64,
    seed: u64,
) -> Result<Estimate, LatentClassError> {
    let found = histories.lists().len();
    if found < 3 {
        return Err(LatentClassError::TooFewLists { found });
    }
    if histories.people() == 0 {
        return Err(LatentClassError::Nobody);
    }
    answer(Posterior::sample(&Model::new(histories, PRIOR), SWEEPS, seed), level)
}

/// What the draws say, or that they say nothing.
fn answer(posterior: Posterior, level: f64) -> Result<Estimate, LatentClassError> {
    let diagnostics = posterior.diagnostics();
    let Mixing { rhat, bulk, tail } = posterior.mixing;
    let effective = bulk.min(tail);
    // Not the other way round: what is not a number is no agreement.
    if !(rhat <= LARGEST_RHAT && effective >= LEAST_EFFECTIVE) {
        let sweeps = posterior.sweeps;
        return Err(LatentClassError::Unsettled { sweeps, rhat, effective, diagnostics });
    }
    Ok(Estimate {
        method: Method::LatentClass,
        terms: Vec::new(),
        population: posterior.quantile(0.5),
        interval: Some(posterior.interval(level)),
        aic: None,
        bic: None,
        diagnostics,
    })
}

/// The draws that all chains together keep.
struct Posterior {
    /// By population.
    draws: Vec<Draw>,
    mixing: Mixing,
    /// Of each chain, those dropped included.
    sweeps: usize,
}

impl Posterior {
    /// Runs the chains until they agree or have run long enough.
    fn sample(model: &Model, sweeps: Sweeps, seed: u64) -> Posterior {
        let mut chains: Vec<Chain> =
            (0..CHAINS).map(|number| Chain::start(model, number, seed)).collect();
        let mut done = 0;
        let mut goal = sweeps.first;
        loop {
            extend(&mut chains, model, (goal - done) / THINNING, THINNING);
            done = goal;
            let posterior = Posterior::of(&chains, done);
            let Mixing { rhat, bulk, tail } = posterior.mixing;
            let good = rhat <= GOOD_RHAT && bulk.min(tail) >= LEAST_EFFECTIVE;
            if good || done >= sweeps.most {
                return posterior;
            }
            goal = (2 * done).min(sweeps.most);
        }
    }

    fn of(chains: &[Chain], sweeps: usize) -> Posterior {
        let kept: Vec<&[Draw]> =
            chains.iter().map(|chain| &chain.draws[chain.draws.len() / 2..]).collect();
        let logarithm = |draw: &Draw| libm::log(draw.population as f64);
        let rows: Vec<Vec<f64>> =
            kept.iter().map(|draws| draws.iter().map(logarithm).collect()).collect();
        let mut draws = kept.concat();
        draws.sort_by_key(|draw| draw.population);
        Posterior { draws, mixing: Mixing::of(&rows), sweeps }
    }

    /// A quantile of the population, between the two nearest draws.
    fn quantile(&self, part: f64) -> f64 {
        let place = (self.draws.len() - 1) as f64 * part.clamp(0.0, 1.0);
        let below = self.draws[place as usize].population as f64;
        let above = self.draws[place.ceil() as usize].population as f64;
        below + (above - below) * place.fract()
    }

    fn interval(&self, level: f64) -> Interval {
        let tail = (1.0 - level) / 2.0;
        let (low, high) = (self.quantile(tail), self.quantile(1.0 - tail));
        Interval { level, low, high, kind: IntervalKind::Credible }
    }

    fn diagnostics(&self) -> BTreeMap<&'static str, Diagnostic> {
        let draws = self.draws.len() as f64;
        let classes = (1..=PRIOR.classes).filter_map(|classes| {
            let with = self.draws.iter().filter(|draw| draw.classes == classes).count() as f64;
            (with > 0.0).then(|| format!("{classes}: {:.4}", with / draws))
        });
        BTreeMap::from([
            ("rhat", Diagnostic::Number(self.mixing.rhat)),
            ("bulk_ess", Diagnostic::Number(self.mixing.bulk)),
            ("tail_ess", Diagnostic::Number(self.mixing.tail)),
            ("chains", Diagnostic::Number(CHAINS as f64)),
            ("sweeps", Diagnostic::Number(self.sweeps as f64)),
            ("samples", Diagnostic::Number(draws)),
            ("classes_used", Diagnostic::List(classes.collect())),
        ])
    }
}

#[cfg(test)]
mod tests;
