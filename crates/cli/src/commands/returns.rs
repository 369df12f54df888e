//! `clearway returns`: what has come in, and what was done to it.

use super::{open_existing, scope};
use crate::{Format, Shared, output};

/// List the returns that have come in, and what was done to each
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway returns --data clearway-demo/data\n  clearway returns --data clearway-demo/data --format json"
)]
pub(crate) struct Arguments {}

pub(crate) async fn run(_own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let returns = store.returns(&scope(shared)).await?;
    store.close().await;
    if shared.format == Format::Json {
        output::json(&returns)?;
        return Ok(true);
    }
    let mut rows = vec![
        ["return", "state", "standing", "figures", "digest", "file"].map(str::to_owned).to_vec(),
    ];
    let mut acts = String::new();
    for one in &returns {
        rows.push(vec![
            one.id.to_string(),
            one.state.as_str().to_owned(),
            one.standing.as_str().to_owned(),
            one.figures.to_string(),
            one.digest.chars().take(12).collect(),
            one.file_name.clone(),
        ]);
        for act in one.acts.iter().filter(|act| act.act != "received") {
            acts.push_str(&format!(
                "return {} {} by {} at {}: {}\n",
                one.id, act.act, act.who, act.at, act.why
            ));
        }
    }
    output::text(&format!("{}\n{acts}", output::columns(&rows)))?;
    Ok(true)
}
