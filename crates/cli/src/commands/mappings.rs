//! `clearway mappings`: the kinds of tables that are known by their header.

use anyhow::Context;
use records::returns::shipped_mappings;

use crate::{Format, Shared, output};

/// List the kinds of tables that are recognised by their header, or show one
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  clearway mappings\n  clearway mappings doj-236-1")]
pub(crate) struct Arguments {
    /// The mapping to show
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

pub(crate) fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let mappings = shipped_mappings()?;
    if let Some(name) = &own.name {
        let mapping = mappings.iter().find(|mapping| &mapping.id == name).with_context(|| {
            format!("there is no mapping \"{name}\"; `clearway mappings` lists them")
        })?;
        match shared.format {
            Format::Json => output::json(mapping)?,
            Format::Text => output::text(&mapping.to_toml())?,
        }
        return Ok(true);
    }
    if shared.format == Format::Json {
        output::json(&mappings)?;
        return Ok(true);
    }
    let rows: Vec<Vec<String>> = mappings
        .iter()
        .map(|mapping| {
            let columns: Vec<&str> = mapping.columns.iter().map(|c| c.name.as_str()).collect();
            vec![mapping.id.clone(), format!("{}: {}", mapping.title, columns.join(", "))]
        })
        .collect();
    output::text(&output::columns(&rows))?;
    Ok(true)
}
