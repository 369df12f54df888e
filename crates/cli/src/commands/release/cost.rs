//! What a private release may spend.

use anyhow::bail;
use disclosure::budget::{Budget, Delta, Epsilon, Rho};
use disclosure::ledger::Ledger;
use disclosure::noise::NoiseSource;

use crate::Shared;

/// What is spent, and from what the noise is drawn.
#[derive(Debug, clap::Args)]
pub(super) struct Cost {
    /// What to spend, as epsilon; or --rho
    #[arg(
        long,
        value_name = "E",
        required_unless_present = "rho",
        conflicts_with = "rho",
        allow_negative_numbers = true
    )]
    pub(super) epsilon: Option<f64>,
    /// What to spend, as rho of zero-concentrated differential privacy
    #[arg(long, value_name = "R")]
    rho: Option<String>,
    /// The delta at which epsilon is meant [default: for microdata 1/(n ln n), n being noised; for
    /// tables the ledger's]
    #[arg(long, value_name = "D", allow_negative_numbers = true)]
    delta: Option<f64>,
}

/// Noise for tests.
#[derive(Debug, clap::Args)]
pub(super) struct Noise {
    /// Draw the noise from a seed, for tests: nothing is spent, and what is written is not released
    #[arg(long, value_name = "SEED", conflicts_with = "new_ledger")]
    test_noise: Option<u64>,
}

impl Cost {
    /// Delta, if it was given.
    pub(super) fn delta(&self) -> anyhow::Result<Option<Delta>> {
        Ok(self.delta.map(Delta::new).transpose()?)
    }

    /// Epsilon, if that was given.
    pub(super) fn epsilon(&self) -> anyhow::Result<Option<Epsilon>> {
        Ok(self.epsilon.map(Epsilon::new).transpose()?)
    }

    /// The budget of a ledger that is made for this release alone.
    pub(super) fn budget(&self) -> anyhow::Result<Budget> {
        let delta = self.delta()?.unwrap_or(Delta::LEDGER);
        match (self.epsilon()?, &self.rho) {
            (Some(epsilon), _) => Ok(Budget::from_epsilon(epsilon, delta)?),
            (None, Some(rho)) => Ok(Budget::parse(&format!("rho:{rho}"), delta)?),
            (None, None) => bail!("say what to spend: --epsilon 1, or --rho 0.1"),
        }
    }

    /// What it costs at most, at the ledger's delta where none was given.
    pub(super) fn rho(&self, ledger: Option<&Ledger>) -> anyhow::Result<Rho> {
        let budget = self.budget()?;
        let (Some(epsilon), Some(ledger)) = (self.epsilon()?, ledger) else {
            return Ok(budget.rho);
        };
        let delta = self.delta()?.unwrap_or(ledger.budget().delta);
        Ok(ledger.cost_of(epsilon, delta)?)
    }
}

impl Noise {
    /// Where the noise comes from. `--seed` is refused, since whoever knows a seed knows the noise.
    pub(super) fn source(&self, shared: &Shared) -> anyhow::Result<NoiseSource> {
        if shared.seed.is_some() {
            bail!(
                "noise that protects people has no --seed: whoever knows it knows the noise; for a test say --test-noise SEED, and nothing is released"
            );
        }
        Ok(match self.test_noise {
            Some(seed) => NoiseSource::test(seed),
            None => NoiseSource::operating_system()?,
        })
    }
}
