//! `clearway audit`: who did what, and whether the log of it still is what was written.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;
use jiff::civil::Date;
use linkage::write_whole;
use store::{AuditFilter, AuditHead, AuditRow, audit_subjects};
use submission::{Checkpoint, Keys};

use super::{installation_keys, open_existing, scope};
use crate::{Format, Shared, clock, output};

/// Who did what, when and why, in a chain in which a changed row shows
///
/// Every change is written down in the transaction that makes it, with a hash of itself and of the row
/// before. A checkpoint that is kept elsewhere shows also whether the whole chain was made anew.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway audit show --about import --data clearway-demo/practice-police-1\n  clearway audit verify --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Show(Show),
    Verify(Verify),
    Checkpoint(New),
    Destroy(Destroy),
}

/// List who did what
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway audit show --data clearway-demo/data\n  clearway audit show --about return:24 --since 2026-01-01 --format json --data clearway-demo/data"
)]
struct Show {
    /// Only what this person did
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    /// Only what was done to one sort of thing, or to one of them: import, return:24
    #[arg(long, value_name = "WHAT[:N]")]
    about: Option<String>,
    /// Only from this day on (UTC)
    #[arg(long, value_name = "DAY")]
    since: Option<Date>,
}

/// Look whether every row still is what was written, and none is missing
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway audit verify --data clearway-demo/data\n  clearway audit checkpoint --out checkpoint.json --data clearway-demo/data\n  clearway audit verify --checkpoint checkpoint.json --data clearway-demo/data"
)]
struct Verify {
    /// A checkpoint that was kept elsewhere; again for a further one
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
}

/// Sign where the chain ends now, to be kept elsewhere
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway audit checkpoint --out checkpoint.json --data clearway-demo/data\n  clearway audit checkpoint --out police.json --data clearway-demo/practice-police-1"
)]
struct New {
    /// The file, which must not be there yet: keep it where nobody of this installation can write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Destroy the reasons that stand in rows, as an order demands it; the chain holds without them
///
/// There is no way back. A backup that was made before still has them: a checkpoint says which were
/// destroyed, and verify --checkpoint names those that came back with it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway audit destroy 3 --why \"order of the Superior Court\" --data clearway-demo/data\n  clearway audit destroy 4 5 --why \"order of the Superior Court\" --data clearway-demo/data"
)]
struct Destroy {
    /// The rows, by their numbers
    #[arg(required = true, value_name = "ROW")]
    rows: Vec<i64>,
    /// The order; it stays in the audit
    #[arg(long, value_name = "TEXT")]
    why: String,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    match &own.what {
        What::Show(own) => show(own, shared).await,
        What::Verify(own) => verify(own, shared).await,
        What::Checkpoint(own) => checkpoint(&own.out, shared).await,
        What::Destroy(own) => destroy(own, shared).await,
    }
}

async fn show(own: &Show, shared: &Shared) -> anyhow::Result<bool> {
    let subject = own.about.as_deref().map(read_about).transpose()?;
    let since = own.since.map(|day| format!("{day}T00:00:00Z"));
    let filter = AuditFilter { who: own.who.clone(), subject, since };
    let store = open_existing(shared).await?;
    let rows = store.audit(&scope(shared), &filter).await?;
    store.close().await;
    match shared.format {
        Format::Json => output::json(&rows)?,
        Format::Text if rows.is_empty() => output::text("nothing of that sort was done")?,
        Format::Text => {
            let heads = ["row", "when (UTC)", "who", "role", "what", "act", "why"];
            let mut lines = vec![heads.map(str::to_owned).to_vec()];
            lines.extend(rows.iter().map(row));
            output::text(&output::columns(&lines))?;
        }
    }
    Ok(true)
}

fn row(row: &AuditRow) -> Vec<String> {
    let subject = match row.subject_id {
        0 => row.subject.clone(),
        number => format!("{}:{number}", row.subject),
    };
    vec![
        row.id.to_string(),
        row.at.clone(),
        row.who.clone(),
        row.role.clone(),
        subject,
        row.act.clone(),
        row.why.clone().unwrap_or_else(|| "(gone)".to_owned()),
    ]
}

/// Reads `import` or `return:24`.
fn read_about(text: &str) -> anyhow::Result<(String, Option<i64>)> {
    let subject = text.split_once(':').map_or(text, |(subject, _)| subject);
    if !audit_subjects().any(|known| known == subject) {
        let known: Vec<&str> = audit_subjects().collect();
        bail!("nothing is done to \"{subject}\"; there are {}", known.join(", "));
    }
    match text.split_once(':') {
        None => Ok((text.to_owned(), None)),
        Some((subject, number)) => match number.parse() {
            Ok(number) => Ok((subject.to_owned(), Some(number))),
            Err(_) => bail!(
                "\"{number}\" is no number: give one as in --about {subject}:24, or leave it out"
            ),
        },
    }
}

async fn verify(own: &Verify, shared: &Shared) -> anyhow::Result<bool> {
    let mut kept = Vec::new();
    for file in &own.checkpoint {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let read = Checkpoint::read(&text, &keys(shared)?);
        let read = read.with_context(|| format!("{} cannot be used", file.display()))?;
        kept.push(AuditHead {
            rows: read.rows(),
            hash: read.hash().to_owned(),
            destroyed: read.destroyed().to_vec(),
        });
    }
    let store = open_existing(shared).await?;
    let verified = store.verify_audit(&scope(shared), &kept).await?;
    store.close().await;
    let holds = verified.findings.is_empty();
    match shared.format {
        Format::Json => output::json(&serde_json::json!({
            "holds": holds,
            "rows": verified.head.rows,
            "hash": verified.head.hash,
            "reasons_destroyed": verified.head.destroyed,
            "checkpoints": kept.len(),
            "findings": verified.findings,
        }))?,
        Format::Text => {
            let found = verified.findings.iter();
            let mut lines: Vec<String> =
                found.map(|finding| format!("row {} {}", finding.row, finding.kind)).collect();
            lines.push(format!(
                "{} rows, {} reasons destroyed by order; the last row has {}",
                verified.head.rows,
                verified.head.destroyed.len(),
                verified.head.hash
            ));
            lines.push(match (holds, kept.len()) {
                (false, _) => "THE CHAIN DOES NOT HOLD: somebody has changed the file by other means than this program, or the disk has; compare with a backup".to_owned(),
                (true, 0) => "the chain holds. Whoever could write the whole file could have made it anew: a checkpoint kept elsewhere would show that".to_owned(),
                (true, kept) => format!("the chain holds, and agrees with {}", output::counted(kept, "checkpoint")),
            });
            let folded: Vec<String> = lines.iter().map(|line| output::fold(line, 100, 2)).collect();
            output::text(&folded.join("\n"))?;
        }
    }
    Ok(holds)
}

async fn checkpoint(out: &Path, shared: &Shared) -> anyhow::Result<bool> {
    if out.exists() {
        bail!("{} is there already: a checkpoint is kept, not written over", out.display());
    }
    let keys = keys(shared)?;
    let store = open_existing(shared).await?;
    let verified = store.verify_audit(&scope(shared), &[]).await?;
    store.close().await;
    if !verified.findings.is_empty() {
        bail!(
            "the chain does not hold, and nothing is signed: see clearway audit verify{}",
            shared.data_option()
        );
    }
    let head = verified.head;
    let made = Checkpoint::sign(&keys, head.rows, &head.hash, head.destroyed, clock::now());
    let text = serde_json::to_string_pretty(&made)? + "\n";
    write_whole(out, text.as_bytes())?;
    match shared.format {
        Format::Json => output::json(&made)?,
        Format::Text => output::text(&format!(
            "{} rows up to {} in {}\nkeep it where nobody of this installation can write",
            head.rows,
            made.at(),
            out.display()
        ))?,
    }
    Ok(true)
}

/// The keys of the installation, with which it signs.
fn keys(shared: &Shared) -> anyhow::Result<Keys> {
    if !Keys::exist(shared.data()) {
        bail!(
            "{} has no keys to sign with: `clearway agency set` makes them",
            shared.data().display()
        );
    }
    installation_keys::keys(shared)
}

async fn destroy(own: &Destroy, shared: &Shared) -> anyhow::Result<bool> {
    if own.why.trim().is_empty() {
        bail!("--why says nothing: name the order");
    }
    let store = open_existing(shared).await?;
    let done = store.destroy_audit_reasons(&scope(shared), &own.rows, &own.why, clock::now()).await;
    store.close().await;
    let destroyed = done?;
    match shared.format {
        Format::Json => output::json(&serde_json::json!({ "destroyed": destroyed }))?,
        Format::Text => output::text(&format!(
            "{destroyed} reasons destroyed; backups made before still have them"
        ))?,
    }
    Ok(true)
}
