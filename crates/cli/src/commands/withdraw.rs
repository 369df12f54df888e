//! `clearway withdraw`: a return taken back, and a withdrawal undone; at an agency, records taken
//! back from the clearinghouse; at a clearinghouse, a submission taken out of every count.

use std::path::{Path, PathBuf};

use analysis::agency::{self, Withdrew};
use anyhow::ensure;
use serde_json::json;

use super::{installation_keys, open_existing, receive, scope};
use crate::{Format, Shared, clock, output};

/// Take a return back, or records from the clearinghouse that an order or a revoked release demands
///
/// The figures of a return count no more, and are kept with who, when and why. With --to, writes a
/// file for the clearinghouse that names the records by their opaque ids.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway withdraw 23 --why \"sent for the wrong quarter\" --data clearway-demo/data\n  clearway withdraw 23 --undo --why \"it was the right quarter\" --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    /// The return: its number or the start of its digest (`clearway returns`)
    #[arg(value_name = "RETURN", required_unless_present_any = ["to", "submission"])]
    name: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", required_unless_present = "to")]
    why: Option<String>,
    /// Bring a withdrawn return back
    #[arg(long)]
    undo: bool,
    /// At a clearinghouse: a submission, by its number (`clearway receive --list`)
    #[arg(long, value_name = "N", conflicts_with = "name")]
    submission: Option<i64>,
    /// Take records back from the clearinghouse of this card
    #[arg(long, value_name = "CARD", requires = "out", conflicts_with_all = ["name", "why", "undo", "submission"])]
    to: Option<PathBuf>,
    /// With --to: the folder to write the file into
    #[arg(long, value_name = "DIR", requires = "to")]
    out: Option<PathBuf>,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    match (&own.to, &own.out, own.submission) {
        (Some(to), Some(out), _) => records(to, out, shared).await,
        (.., Some(number)) => receive::withdraw(number, why(own)?, own.undo, shared).await,
        _ => one_return(own, shared).await,
    }
}

async fn one_return(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    // The command line is not taken without it.
    let name = own.name.as_deref().unwrap_or_default();
    let why = why(own)?;
    let store = open_existing(shared).await?;
    let scope = scope(shared);
    let id = store.find_return(&scope, name).await?.id;
    let done = if own.undo { "restored" } else { "withdrawn" };
    if own.undo {
        store.restore(&scope, id, why, clock::now()).await?;
    } else {
        store.withdraw(&scope, id, why, clock::now()).await?;
    }
    store.close().await;
    match shared.format {
        Format::Json => output::json(&json!({"return": id, "state": done, "why": why}))?,
        Format::Text if own.undo => output::text(&format!("return {id} counts again"))?,
        Format::Text => output::text(&format!(
            "return {id} is withdrawn: its figures count no more and are kept\nto undo: clearway withdraw {id} --undo --why \"…\"{}",
            shared.data_option()
        ))?,
    }
    Ok(true)
}

fn why(own: &Arguments) -> anyhow::Result<&str> {
    let why = own.why.as_deref().unwrap_or_default();
    ensure!(!why.trim().is_empty(), "--why says nothing: write why");
    Ok(why)
}

async fn records(to: &Path, out: &Path, shared: &Shared) -> anyhow::Result<bool> {
    let card = agency::read_card(to)?;
    let store = open_existing(shared).await?;
    let (scope, keys) = (scope(shared), installation_keys::keys(shared)?);
    let (today, now) = (clock::today(), clock::now());
    let withdrew = agency::withdraw(&store, &scope, &keys, &card, today, out, now).await?;
    store.close().await;
    match shared.format {
        Format::Json => output::json(&as_json(&withdrew))?,
        Format::Text => output::text(&as_text(&withdrew))?,
    }
    Ok(true)
}

fn as_json(withdrew: &Withdrew) -> serde_json::Value {
    let sent = withdrew.sent.as_ref();
    json!({
        "records": withdrew.records.len(),
        "sequence": sent.map(|sent| sent.sequence),
        "file": sent.and_then(|sent| sent.file.as_ref()).map(|file| file.display().to_string()),
        "digest": sent.map(|sent| &sent.digest),
        "handed_over": withdrew.handed_over,
    })
}

fn as_text(withdrew: &Withdrew) -> String {
    let stopped = withdrew.handed_over.iter();
    let mut lines: Vec<String> = stopped
        .map(|sequence| format!("file {sequence}, made by a run that was stopped, is written"))
        .collect();
    match withdrew.sent.as_ref().and_then(|sent| Some((sent.sequence, sent.file.as_ref()?))) {
        Some((sequence, file)) => lines.push(format!(
            "file {sequence} takes {} back and is written to {}",
            output::counted(withdrew.records.len(), "record"),
            file.display()
        )),
        None => lines.push("there is nothing to take back from the clearinghouse".to_owned()),
    }
    lines.join("\n")
}
