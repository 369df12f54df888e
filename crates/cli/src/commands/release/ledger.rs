//! `clearway release ledger`: what has been released of a data set, and what may still be.

use disclosure::budget::{Budget, Delta, epsilon_at};
use disclosure::ledger::{Entry, Ledger};
use serde::Serialize;

use super::place::{WhichLedger, make};
use super::published::LedgerNow;
use crate::{Format, Shared, output};

/// The ledger of a data set: made once, never refilled, verified whenever it is opened
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release ledger init --budget 4 --ledger people.jsonl\n  clearway release ledger show --ledger people.jsonl"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Init(Init),
    Show(Show),
    Verify(Verify),
}

/// Make the ledger of a data set
///
/// The budget is for one person over all quarters and kinds of release. There is no way to raise it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release ledger init --budget 4 --ledger people.jsonl\n  clearway release ledger init --budget rho:0.5 --ledger quarters.jsonl"
)]
struct Init {
    /// What may ever be spent on one person: an epsilon such as 4, or rho:0.5
    #[arg(long, value_name = "EPSILON", allow_hyphen_values = true)]
    budget: String,
    /// The delta at which the ledger reckons epsilon
    #[arg(long, value_name = "D", default_value_t = Delta::LEDGER.value())]
    delta: f64,
    /// The name of the data set
    #[arg(long, value_name = "NAME", default_value = "people")]
    data_set: String,
    #[command(flatten)]
    which: WhichLedger,
}

/// What has been released, what it cost, and what is left
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release ledger show --data clearway-demo/data\n  clearway release ledger show --ledger clearway-demo/data/release-ledger.jsonl --format json"
)]
struct Show {
    #[command(flatten)]
    which: WhichLedger,
}

/// Whether the ledger is as it was written, and the files of every release are too
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release ledger verify --data clearway-demo/data\n  clearway release ledger verify --ledger clearway-demo/data/release-ledger.jsonl --format json"
)]
struct Verify {
    #[command(flatten)]
    which: WhichLedger,
}

pub(super) fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    match &own.command {
        Command::Init(own) => init(own, shared),
        Command::Show(own) => show(&own.which.open(shared)?, shared),
        Command::Verify(own) => verify(&own.which.open(shared)?, shared),
    }
}

fn init(own: &Init, shared: &Shared) -> anyhow::Result<bool> {
    let budget = Budget::parse(&own.budget, Delta::new(own.delta)?)?;
    let ledger = make(&own.which.path(shared), &own.data_set, budget)?;
    match shared.format {
        Format::Json => output::json(&LedgerNow::of(&ledger))?,
        Format::Text => output::text(&format!(
            "{}: {}",
            ledger.path().display(),
            LedgerNow::of(&ledger).words()
        ))?,
    }
    Ok(true)
}

fn show(ledger: &Ledger, shared: &Shared) -> anyhow::Result<bool> {
    match shared.format {
        Format::Json => output::json(&serde_json::json!({
            "ledger": LedgerNow::of(ledger),
            "regime": ledger.regime(),
            "head": ledger.head(),
            "entries": ledger.entries(),
        }))?,
        Format::Text => {
            let rows: Vec<Vec<String>> =
                ledger.entries().iter().map(|entry| row(entry, ledger)).collect();
            output::text(&format!(
                "{}\n\n{}\nlast line {}; put it down elsewhere, and lines cut off will show",
                LedgerNow::of(ledger).words(),
                output::columns(&rows),
                ledger.head()
            ))?;
        }
    }
    Ok(true)
}

fn row(entry: &Entry, ledger: &Ledger) -> Vec<String> {
    let rho = entry.proposal.rho();
    let cost = match entry.proposal.regime {
        disclosure::Regime::Private => {
            format!("rho {rho}, epsilon {:.3} alone", epsilon_at(rho, ledger.budget().delta))
        }
        disclosure::Regime::Suppressed => "exact, cells hidden".to_owned(),
        disclosure::Regime::KAnonymous => "exact, k-anonymous".to_owned(),
    };
    let became = match &entry.completed {
        Some(completed) => output::counted(completed.files.len(), "file"),
        None => "begun, never completed; it counts as spent".to_owned(),
    };
    vec![
        entry.number.to_string(),
        entry.proposal.day.clone(),
        entry.proposal.name.clone(),
        cost,
        became,
    ]
}

/// A completed release, and whether its files are as they were written.
#[derive(Serialize)]
struct Verified {
    release: String,
    folder: String,
    verified: bool,
    /// Whether its folder is not there.
    missing: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

fn verify(ledger: &Ledger, shared: &Shared) -> anyhow::Result<bool> {
    let releases: Vec<Verified> = disclosure::release::verify(ledger)
        .into_iter()
        .map(|checked| {
            let fault = checked.found.err().map(|why| why.to_string());
            Verified {
                missing: !checked.folder.exists(),
                release: checked.name,
                folder: checked.folder.display().to_string(),
                verified: fault.is_none(),
                fault,
            }
        })
        .collect();
    let verified = releases.iter().all(|release| release.verified);
    match shared.format {
        Format::Json => output::json(&serde_json::json!({
            "verified": verified,
            "releases": releases,
            "entries": ledger.entries().len(),
            "head": ledger.head(),
        }))?,
        Format::Text => {
            let mut lines = vec![format!(
                "the chain holds, {} in it",
                output::counted(ledger.entries().len(), "release")
            )];
            lines.extend(releases.iter().map(|release| match &release.fault {
                None => format!("  as written  {} ({})", release.release, release.folder),
                Some(_) if release.missing => format!(
                    "  MISSING     {} ({}): there is no such folder; bring it back, or the ledger to where it was",
                    release.release, release.folder
                ),
                Some(fault) => {
                    format!("  CHANGED     {} ({}): {fault}", release.release, release.folder)
                }
            }));
            lines.push(format!("last line {}", ledger.head()));
            output::text(&lines.join("\n"))?;
        }
    }
    Ok(verified)
}
