//! `clearway backup` and `clearway restore`: a whole installation copied, and brought back elsewhere.

use std::path::{Path, PathBuf};

use analysis::backup;
use serde_json::json;
use store::DestructionList;

use super::{installation_keys, open_existing, scope};
use crate::{Format, Shared, clock, output, progress};

/// Copy a whole installation while others work in it
///
/// Database, received files, keys and all. Keep it where nobody else can read it: it holds what the data
/// folder holds. The list of what was destroyed, destroyed.json, is in no backup: copy that file
/// elsewhere too, after every destruction.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway backup --out backup-monday --data clearway-demo/data\n  clearway backup --out backup-police --data clearway-demo/practice-police-1 --format json"
)]
pub(crate) struct Arguments {
    /// The folder to make, which must not be there yet
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Bring a backup back into a new folder
///
/// Every file is compared with its digest first. What was ordered destroyed after the backup is destroyed
/// again, by the list that was kept elsewhere.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway backup --out backup-monday --data clearway-demo/data\n  clearway restore backup-monday --no-destruction-list --data restored"
)]
pub(crate) struct Restore {
    /// The backup
    #[arg(value_name = "DIR")]
    backup: PathBuf,
    /// destroyed.json as it was last: what was destroyed since the backup is destroyed again
    #[arg(long, value_name = "FILE", required_unless_present = "no_destruction_list")]
    destruction_list: Option<PathBuf>,
    /// Nothing was destroyed since the backup
    #[arg(long, conflicts_with = "destruction_list")]
    no_destruction_list: bool,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let bar = progress::counting("files");
    let told = |_: &str| bar.inc(1);
    let (by, data, at) = (scope(shared), shared.data(), clock::now());
    let done = backup::run(&store, &by, data, &own.out, at, &told).await?;
    bar.finish_and_clear();
    store.close().await;
    match shared.format {
        Format::Json => output::json(&json!({
            "backup": own.out.display().to_string(),
            "made_at": done.made_at,
            "files": done.files.len(),
            "audit_rows": done.audit_rows,
            "audit_hash": done.audit_hash,
        }))?,
        Format::Text => output::text(&format!(
            "{} holds {}, as of {}; the audit had {} rows\nkeep {} elsewhere too, beside no backup\nnext: clearway restore {} --destruction-list FILE --data NEW-FOLDER",
            own.out.display(),
            output::counted(done.files.len(), "file"),
            done.made_at,
            done.audit_rows,
            shared.data().join(DestructionList::FILE).display(),
            own.out.display(),
        ))?,
    }
    Ok(true)
}

pub(crate) async fn restore(own: &Restore, shared: &Shared) -> anyhow::Result<bool> {
    let list = own.destruction_list.as_deref().map(DestructionList::read).transpose()?;
    let bar = progress::counting("files");
    let told = |_: &str| bar.inc(1);
    let (data, at) = (shared.data(), clock::now());
    let scope = scope(shared);
    let keys = |part: &Path| installation_keys::keys_in(part, shared);
    let list = list.as_ref();
    let done = backup::bring_back(&own.backup, data, list, keys, &scope, at, &told).await;
    let (backup, replayed) = done?;
    bar.finish_and_clear();
    match shared.format {
        Format::Json => output::json(&json!({
            "data": data.display().to_string(),
            "made_at": backup.made_at,
            "files": backup.files.len(),
            "destroyed_again": replayed,
        }))?,
        Format::Text => {
            let mut said = format!(
                "{} is as {} was on {}; nobody is signed in\ndestroyed again: {} by {}, {}",
                data.display(),
                own.backup.display(),
                backup.made_at,
                output::counted(usize::try_from(replayed.rows).unwrap_or(usize::MAX), "row"),
                output::counted(usize::try_from(replayed.orders).unwrap_or(usize::MAX), "order"),
                output::counted(usize::try_from(replayed.reasons).unwrap_or(usize::MAX), "reason"),
            );
            let missing = &replayed.withdrawals_missing;
            if !missing.is_empty() {
                said.push_str(&format!(
                    "\nreceive again before anything is counted: {} that agencies sent since\n  {}",
                    output::counted(missing.len(), "withdrawal"),
                    missing.join("\n  ")
                ));
            }
            output::text(&said)?;
        }
    }
    Ok(true)
}
