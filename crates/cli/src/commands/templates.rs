//! `clearway templates`: forms for agencies with only a spreadsheet.

use std::path::PathBuf;

use records::register::Register;

use crate::{Format, Shared, output};

/// Write workbooks to fill in: drop-downs, definitions beside each field, an example row
///
/// With them a department that has only a spreadsheet takes part. What is filled in is read back
/// by `clearway check` and `clearway import`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway templates --out forms\n  clearway templates --out forms --format json"
)]
pub(crate) struct Arguments {
    /// The folder to write them into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(crate) fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let written = analysis::templates::write(Register::embedded(), &own.out)?;
    let names: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
    match shared.format {
        Format::Json => output::json(&serde_json::json!({ "files": names }))?,
        Format::Text => output::text(&format!(
            "{}\nfill one in, then: clearway check {}",
            names.join("\n"),
            own.out.join("clearway-return.xlsx").display()
        ))?,
    }
    Ok(true)
}
