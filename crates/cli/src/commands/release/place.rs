//! Under what name a release goes, and into which ledger.

use std::path::{Path, PathBuf};

use anyhow::bail;
use disclosure::budget::{Budget, Delta};
use disclosure::ledger::{DataSet, Ledger, LedgerError, Neighbours};

use crate::{Shared, clock, output};

/// The ledger's file, where none is named.
const LEDGER: &str = "release-ledger.jsonl";

/// The name of a release, and its ledger.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// The name of the release, once in a ledger [default: what it is, and the day]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    which: WhichLedger,
    /// Make the ledger of this data set, which must not be there yet
    #[arg(long)]
    new_ledger: bool,
    /// What may ever be spent on one person, with --new-ledger: an epsilon such as 4, or rho:0.5
    /// [default: what this release costs]
    #[arg(long, value_name = "EPSILON", requires = "new_ledger")]
    budget: Option<String>,
}

/// Which ledger.
#[derive(Debug, clap::Args)]
pub(super) struct WhichLedger {
    /// The ledger of the data set [default: release-ledger.jsonl, in the folder of --data if that
    /// is given]
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

impl WhichLedger {
    /// Where it is.
    pub(super) fn path(&self, shared: &Shared) -> PathBuf {
        self.ledger.clone().unwrap_or_else(|| match &shared.data {
            Some(folder) => folder.join(LEDGER),
            None => PathBuf::from(LEDGER),
        })
    }

    /// Opens it.
    pub(super) fn open(&self, shared: &Shared) -> anyhow::Result<Ledger> {
        let ledger = Ledger::open(&self.path(shared))?;
        if ledger.interrupted() {
            output::remark(
                "the last line of the ledger was cut short by a crash; it counts for nothing",
            );
        }
        Ok(ledger)
    }

    /// Opens it where there is one; one that is named must be there.
    pub(super) fn open_if_there(&self, shared: &Shared) -> anyhow::Result<Option<Ledger>> {
        let wanted = self.ledger.is_some() || self.path(shared).exists();
        wanted.then(|| self.open(shared)).transpose()
    }
}

impl Place {
    /// Says early what would be said late: a ledger that is missing, or is there already.
    pub(super) fn ready(&self, shared: &Shared) -> anyhow::Result<()> {
        let path = self.which.path(shared);
        if !self.new_ledger {
            self.which.open(shared)?;
        } else if path.exists() {
            return Err(LedgerError::AlreadyThere(path).into());
        }
        Ok(())
    }

    /// Opens the ledger, or makes it when that was said.
    pub(super) fn ledger(
        &self,
        shared: &Shared,
        data_set: &str,
        usual: Option<Budget>,
    ) -> anyhow::Result<Ledger> {
        let path = self.which.path(shared);
        if !self.new_ledger {
            return self.which.open(shared);
        }
        let budget = match (&self.budget, usual) {
            (Some(budget), _) => Budget::parse(budget, Delta::LEDGER)?,
            (None, Some(usual)) => usual,
            // Of exact releases nothing is spent: the budget stays for what is never drawn.
            (None, None) => Budget::parse("1", Delta::LEDGER)?,
        };
        make(&path, data_set, budget)
    }

    /// The name of the release: what was given, or the first that is free.
    pub(super) fn name(&self, ledger: Option<&Ledger>, kind: &str) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let usual = format!("{kind}-{}", clock::today());
        let used = |name: &str| {
            let entries = ledger.map(Ledger::entries).unwrap_or_default();
            entries.iter().any(|entry| entry.proposal.name == name)
        };
        if !used(&usual) {
            return usual;
        }
        let mut number = 2_u64;
        loop {
            let name = format!("{usual}-{number}");
            if !used(&name) {
                return name;
            }
            number += 1;
        }
    }
}

/// Makes a ledger.
pub(in crate::commands) fn make(
    path: &Path,
    data_set: &str,
    budget: Budget,
) -> anyhow::Result<Ledger> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        bail!("there is no folder {}: make it first", folder.display());
    }
    let data_set = DataSet {
        name: data_set.to_owned(),
        unit: "one person, with all that is said of her".to_owned(),
        rows_per_person: 1,
        neighbours: Neighbours::AddOrRemoveOnePerson,
    };
    Ok(Ledger::init(path, data_set, budget)?)
}
