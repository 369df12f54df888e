//! The ledger: what has been released about the people of one data set, and what may still be.
//!
//! A file of JSON lines, one for each event, only ever added to. Every line holds the BLAKE3 hash of
//! the line before, so that no line can be changed, left out or put in unnoticed; lines cut off at
//! the end show in the hash of the last line ([`Ledger::head`]), which every receipt repeats.
//!
//! | step | what |
//! |---|---|
//! | [`Ledger::init`] | a new ledger with its budget; refuses to overwrite one |
//! | [`Ledger::open`] | reads and verifies; a line that does not fit is named and nothing goes on |
//! | [`Ledger::begin`] | spends: the entry is on the disk before anything is drawn |
//! | [`Pending::complete`] | what was written, by digest; gives the receipt |
//! | [`Ledger::read_back`] | a release, if every file of it is as the ledger says |
//!
//! What was begun counts as spent, completed or not: whoever stops a run after the noise is drawn
//! has seen it. The budget is for one person over all quarters and kinds of release. One regime
//! holds for a data set: a single exact table voids the promise of every private one.

mod day;
mod entry;
mod error;
mod file;
mod pending;
mod read_back;
mod rules;

use std::path::{Path, PathBuf};

pub use entry::{Completed, DataSet, Entry, FileDigest, Neighbours, Part, Proposal};
pub use error::{LedgerError, LineFault};
pub use pending::Pending;
pub use read_back::{ReleasedFile, digest_of, digests};

use crate::budget::{Budget, Delta, Epsilon, Rho, epsilon_at, largest_rho};
use crate::released::Regime;
use entry::Event;
use file::Chain;

/// A ledger that was read and verified.
#[derive(Debug, Clone)]
pub struct Ledger {
    path: PathBuf,
    chain: Chain,
}

impl Ledger {
    /// Makes a new ledger for a data set.
    ///
    /// # Errors
    /// A file that is there already, a budget or a name of nothing, a disk that refuses.
    pub fn init(path: &Path, data_set: DataSet, budget: Budget) -> Result<Ledger, LedgerError> {
        let faults = rules::faults_of_data_set(&data_set, &budget);
        if !faults.is_empty() {
            return Err(LedgerError::Invalid(faults));
        }
        file::create(path, &Event::Opened { data_set, budget })?;
        Ledger::open(path)
    }

    /// Reads and verifies a ledger.
    ///
    /// # Errors
    /// No ledger at this path, or one that does not verify: which line, and why.
    pub fn open(path: &Path) -> Result<Ledger, LedgerError> {
        Ok(Ledger { path: path.to_owned(), chain: file::read(path)? })
    }

    /// Whether a release could be begun; nothing is spent.
    ///
    /// # Errors
    /// As [`Ledger::begin`].
    pub fn allows(
        &self,
        proposal: &Proposal,
        noise: Option<&crate::noise::NoiseSource>,
    ) -> Result<(), LedgerError> {
        let faults = rules::faults_of_proposal(proposal);
        if !faults.is_empty() {
            return Err(LedgerError::Invalid(faults));
        }
        rules::check_noise(proposal, noise)?;
        rules::allow(&self.chain, proposal)
    }

    /// Spends what a release costs, and writes it down before anything is drawn.
    ///
    /// # Errors
    /// Everything that is wrong with the proposal; more than is left; another regime; noise with a
    /// seed. Nothing is spent then.
    pub fn begin(
        &mut self,
        proposal: &Proposal,
        noise: Option<&crate::noise::NoiseSource>,
    ) -> Result<Pending, LedgerError> {
        self.allows(proposal, noise)?;
        // Another process may have spent since this one read.
        let chain = file::append(&self.path, |chain| {
            rules::allow(chain, proposal)?;
            Ok(Event::Begun { proposal: proposal.clone() })
        })?;
        let number = chain.last_number();
        self.chain = chain;
        Ok(Pending::new(self.path.clone(), number, proposal.regime))
    }

    /// Reads the file again, as another process may have written since.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn refresh(&mut self) -> Result<(), LedgerError> {
        self.chain = file::read(&self.path)?;
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whose data it is about.
    pub fn data_set(&self) -> &DataSet {
        &self.chain.data_set
    }

    /// What may be spent in all.
    pub fn budget(&self) -> Budget {
        self.chain.budget
    }

    /// What has been begun, in order, with what became of it.
    pub fn entries(&self) -> &[Entry] {
        &self.chain.entries
    }

    /// The hash of its last line, in hex. Put down elsewhere, it shows whether lines were cut off.
    pub fn head(&self) -> &str {
        &self.chain.head
    }

    /// Whether a last line was cut short by a crash: it counts for nothing, as nothing is published
    /// before its line is on the disk.
    pub fn interrupted(&self) -> bool {
        self.chain.interrupted
    }

    /// The regime of the data set, once anything was begun.
    pub fn regime(&self) -> Option<Regime> {
        self.chain.regime()
    }

    /// What was spent, completed or not.
    pub fn spent(&self) -> Rho {
        self.chain.spent()
    }

    /// What is left; nothing at all after an exact release.
    pub fn remaining(&self) -> Rho {
        self.chain.remaining()
    }

    /// Epsilon of what was spent, at the ledger's delta; nothing where there is no bound, after an
    /// exact release.
    pub fn epsilon_spent(&self) -> Option<f64> {
        match self.regime() {
            Some(Regime::Suppressed | Regime::KAnonymous) => None,
            Some(Regime::Private) | None => Some(epsilon_at(self.spent(), self.budget().delta)),
        }
    }

    /// Epsilon of what is left, at the ledger's delta.
    pub fn epsilon_remaining(&self) -> f64 {
        epsilon_at(self.remaining(), self.budget().delta)
    }

    /// What a release asked for by epsilon at a delta of its own costs.
    ///
    /// The largest rho for it; but where that is more than is left, although this epsilon at the
    /// ledger's delta is not, all that is left: which meets the epsilon that was asked, too, as it
    /// is less rho.
    ///
    /// # Errors
    /// More than is left, or an epsilon too small for any rho.
    pub fn cost_of(&self, epsilon: Epsilon, delta: Delta) -> Result<Rho, LedgerError> {
        let asked = largest_rho(epsilon, delta);
        if asked == Rho::ZERO {
            let (epsilon, delta) = (epsilon.value(), delta.value());
            return Err(crate::budget::BudgetError::NothingToSpend { epsilon, delta }.into());
        }
        let remaining = self.remaining();
        let fits = asked <= remaining
            || largest_rho(epsilon, self.budget().delta) <= remaining && remaining > Rho::ZERO;
        if fits { Ok(asked.min(remaining)) } else { Err(rules::overspend(&self.chain, asked)) }
    }
}

#[cfg(test)]
mod file_tests;
#[cfg(test)]
mod tests;
