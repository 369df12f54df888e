//! What was released, or why not, as a person or a program sees it.

use std::time::Instant;

use disclosure::attacks::Stop;
use disclosure::gate::GateReport;
use disclosure::ledger::Ledger;
use disclosure::release::{Publication, ReleaseError};
use disclosure::tables::{Audit, Rules, Verdict, audit};
use disclosure::{PublishedTable, attacks::AuditOutcome};
use serde::Serialize;
use serde_json::Value;

use crate::{Format, Shared, output};

/// The answer as a document.
#[derive(Serialize)]
struct Document<'a> {
    released: bool,
    refused: Option<&'a str>,
    receipt: Option<&'a disclosure::Receipt>,
    files: Vec<String>,
    gate: Option<&'a GateReport>,
    sheet: Option<&'a Value>,
    ledger: Option<LedgerNow>,
    #[serde(flatten)]
    more: Value,
    seconds: f64,
}

/// What a ledger says after a release.
#[derive(Serialize)]
pub(super) struct LedgerNow {
    pub(super) data_set: String,
    pub(super) budget_rho: String,
    pub(super) spent_rho: String,
    pub(super) left_rho: String,
    /// Nothing where it is unbounded, after an exact release.
    pub(super) epsilon_spent: Option<f64>,
    pub(super) epsilon_left: f64,
    pub(super) delta: f64,
}

impl LedgerNow {
    pub(super) fn of(ledger: &Ledger) -> LedgerNow {
        LedgerNow {
            data_set: ledger.data_set().name.clone(),
            budget_rho: ledger.budget().rho.to_string(),
            spent_rho: ledger.spent().to_string(),
            left_rho: ledger.remaining().to_string(),
            epsilon_spent: ledger.epsilon_spent(),
            epsilon_left: ledger.epsilon_remaining(),
            delta: ledger.budget().delta.value(),
        }
    }

    /// In words.
    pub(super) fn words(&self) -> String {
        match self.epsilon_spent {
            Some(epsilon) => format!(
                "ledger of \"{}\": rho {} of {} spent, epsilon {epsilon:.3} at delta {:e}; {:.3} left",
                self.data_set, self.spent_rho, self.budget_rho, self.delta, self.epsilon_left
            ),
            None => format!(
                "ledger of \"{}\": exact counts are released, so epsilon is unbounded",
                self.data_set
            ),
        }
    }
}

/// Prints what came of it; whether it was released, or at least written.
pub(super) fn print(
    shared: &Shared,
    done: Result<Publication, ReleaseError>,
    ledger: Option<&Ledger>,
    (more, words): (Value, &str),
    started: Instant,
) -> anyhow::Result<bool> {
    let (made, gate, refused) = match done {
        Ok(made) => (Some(made), None, None),
        Err(ReleaseError::Refused(gate)) => {
            (None, Some(gate), Some("an attack works, or could not be carried out"))
        }
        Err(error) => return Err(error.into()),
    };
    let gate = made.as_ref().map(|made| &made.gate).or(gate.as_deref());
    let files = made.iter().flat_map(|made| &made.files);
    let files: Vec<String> = files.map(|file| file.display().to_string()).collect();
    let receipt = made.as_ref().and_then(|made| made.receipt.as_ref());
    let ledger = ledger.map(LedgerNow::of);
    match shared.format {
        Format::Json => output::json(&Document {
            released: receipt.is_some(),
            refused,
            receipt,
            files,
            gate,
            sheet: made.as_ref().map(|made| &made.description.sheet),
            ledger,
            more,
            seconds: started.elapsed().as_secs_f64(),
        })?,
        Format::Text => {
            let mut lines = Vec::new();
            lines.push("For the state's own eyes, not for publication:".to_owned());
            lines.extend(gate.map(output_of));
            if !words.is_empty() {
                lines.push(words.to_owned());
            }
            lines.push(String::new());
            lines.push(match (&made, receipt) {
                (None, _) => "REFUSED: nothing is published. The attacks above say why; a coarser table, fewer dimensions or more noise may pass".to_owned(),
                (Some(_), Some(receipt)) => format!(
                    "released, entry {} of the ledger ({})",
                    receipt.entry,
                    &receipt.hash[..receipt.hash.len().min(12)]
                ),
                (Some(_), None) => "TEST: written with noise from a seed; not released, nothing spent".to_owned(),
            });
            lines.extend(ledger.map(|ledger| ledger.words()));
            lines.extend(files.iter().map(|file| format!("  {file}")));
            output::text(&lines.join("\n"))?;
        }
    }
    Ok(made.is_some())
}

/// The attacks, folded to the width of a terminal.
pub(super) fn output_of(gate: &GateReport) -> String {
    let text = gate.to_string();
    let lines: Vec<String> = text.lines().map(|line| output::fold(line, 100, 11)).collect();
    lines.join("\n")
}

/// The joint audit, as the gate asks for it. `done`: tables whose audit is known, as it was part of making
/// them; with anything else beside them they are audited again.
pub(super) fn audit_by<'a>(
    rules: &'a Rules,
    done: Option<(&'a [PublishedTable], &'a Audit)>,
) -> impl Fn(&[&PublishedTable], &Stop) -> Result<AuditOutcome, String> + Sync + 'a {
    move |tables, stop| match done {
        Some((known, audit)) if tables.iter().copied().eq(known) => Ok(outcome(audit)),
        _ => {
            let tables: Vec<PublishedTable> = tables.iter().map(|&table| table.clone()).collect();
            Ok(outcome(&audit(&tables, rules, stop).map_err(|error| error.to_string())?))
        }
    }
}

fn outcome(audit: &Audit) -> AuditOutcome {
    let weak = audit.cells.iter().filter(|cell| cell.verdict != Verdict::WideEnough).count();
    AuditOutcome { hidden: audit.cells.len() as u64, recovered: weak as u64 }
}
