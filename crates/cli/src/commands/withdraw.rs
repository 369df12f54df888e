//! `clearway withdraw`: a return taken back, and a withdrawal undone.

use anyhow::ensure;

use super::{open_existing, scope};
use crate::{Format, Shared, clock, output};

/// Take a return back: its figures count no more, and are kept with who, when and why
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway withdraw 23 --why \"sent for the wrong quarter\" --data clearway-demo/data\n  clearway withdraw 23 --undo --why \"it was the right quarter\" --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    /// The return: its number or the start of its digest (`clearway returns`)
    #[arg(value_name = "RETURN")]
    name: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// Bring a withdrawn return back
    #[arg(long)]
    undo: bool,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    ensure!(!own.why.trim().is_empty(), "--why says nothing: write why");
    let store = open_existing(shared).await?;
    let scope = scope(shared);
    let id = store.find_return(&scope, &own.name).await?.id;
    let done = if own.undo { "restored" } else { "withdrawn" };
    if own.undo {
        store.restore(&scope, id, &own.why, clock::now()).await?;
    } else {
        store.withdraw(&scope, id, &own.why, clock::now()).await?;
    }
    store.close().await;
    match shared.format {
        Format::Json => {
            output::json(&serde_json::json!({"return": id, "state": done, "why": own.why}))?
        }
        Format::Text if own.undo => output::text(&format!("return {id} counts again"))?,
        Format::Text => output::text(&format!(
            "return {id} is withdrawn: its figures count no more and are kept\nto undo: clearway withdraw {id} --undo --why \"…\"{}",
            shared.data_option()
        ))?,
    }
    Ok(true)
}
