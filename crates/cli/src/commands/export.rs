//! `clearway export`: an agency's own records as a file, names included.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use analysis::agency_records::{self, Export, ExportFormat, Exported};
use anyhow::{Context, bail};
use clap::ValueEnum;
use records::Quarter;
use records::record::RecordKind;
use store::{RecordsKey, Scope, Store};

use super::records_in::{counted_as, unsaid_lines};
use super::{expect_own_records, installation_keys, open_existing, scope};
use crate::{Format, Shared, output};

/// Write the agency's own records into a file, names included
///
/// The file is the agency's: it holds what the records hold, and only its owner can read it. What
/// the form cannot say is counted. Nothing that is written so may be sent to a clearinghouse.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway export victims --as htcds --out own.csv --data clearway-demo/practice-police-1\n  clearway export arrests --as nibrs --out offenses.csv --data clearway-demo/practice-police-1"
)]
pub(crate) struct Arguments {
    /// The kind of record: victims, incidents, arrests, charges, dispositions, services, training,
    /// contacts or letters
    #[arg(value_name = "KIND")]
    kind: String,
    /// In what form
    #[arg(long = "as", value_enum, value_name = "FORM", default_value = "csv")]
    form: Form,
    /// The file, which must not be there yet; `-` is standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Of victims, only those counted so: a table of HTCDS or CTDC does not say it
    #[arg(long, value_name = "CODE")]
    counted_as: Option<String>,
    /// Only records of this state quarter, or from one to another: 2026-Q3..2026-Q4
    #[arg(long, value_name = "QUARTER[..QUARTER]")]
    period: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Our fields
    Csv,
    /// Our fields, an object on each line
    Jsonl,
    /// Our fields, as columns of text
    Parquet,
    /// The Human Trafficking Case Data Standard 2.0, as CSV
    Htcds,
    /// The columns of the CTDC dataset, as CSV
    Ctdc,
    /// Own numbers with codes of NIEM 6.0
    Niem,
    /// Own numbers with NIBRS offense codes
    Nibrs,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let what = what(own)?;
    expect_own_records(shared)?;
    let store = open_existing(shared).await?;
    let (scope, key) = (scope(shared), installation_keys::keys(shared)?.records_key());
    if own.out == Path::new("-") {
        let mut out = BufWriter::new(io::stdout());
        let done = agency_records::export(&store, &scope, &key, &what, &mut out).await?;
        out.flush()?;
        store.close().await;
        output::remark(&said(own, &done, "standard output"));
        return Ok(true);
    }
    let file = own_file(&own.out)?;
    let written = write(&store, &scope, &key, &what, file).await;
    store.close().await;
    let done = match written {
        Ok(done) => done,
        Err(error) => {
            // Half a file of names is of no use to anybody.
            let _ = std::fs::remove_file(&own.out);
            return Err(error);
        }
    };
    match shared.format {
        Format::Json => output::json(&serde_json::json!({
            "file": own.out,
            "kind": what.kind,
            "records": done.records,
            "rows": done.rows,
            "unsaid": done.unsaid.counts(),
        }))?,
        Format::Text => output::text(&said(own, &done, &own.out.display().to_string()))?,
    }
    Ok(true)
}

fn what(own: &Arguments) -> anyhow::Result<Export> {
    let kind = match own.kind.as_str() {
        "training" => Some(RecordKind::TrainingSession),
        word => RecordKind::from_word(word),
    };
    let Some(kind) = kind else {
        let kinds = RecordKind::ALL.map(RecordKind::plural);
        bail!("there is no kind of record \"{}\": {}", own.kind, kinds.join(", "));
    };
    let format = match own.form {
        Form::Csv => ExportFormat::Csv,
        Form::Jsonl => ExportFormat::JsonLines,
        Form::Parquet => ExportFormat::Parquet,
        Form::Htcds => ExportFormat::Htcds,
        Form::Ctdc => ExportFormat::Ctdc,
        Form::Niem => ExportFormat::Niem,
        Form::Nibrs => ExportFormat::Nibrs,
    };
    let counted_as = own.counted_as.as_deref().map(counted_as).transpose()?;
    let quarters = own.period.as_deref().map(quarters).transpose()?;
    Ok(Export { kind, format, counted_as, quarters })
}

fn quarters(text: &str) -> anyhow::Result<(Quarter, Quarter)> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let quarter = |word: &str| -> anyhow::Result<Quarter> {
        word.parse().with_context(|| format!("\"{word}\" is no state quarter such as 2026-Q3"))
    };
    let (first, last) = (quarter(first)?, quarter(last)?);
    if last < first {
        bail!("--period ends before it begins");
    }
    Ok((first, last))
}

/// A new file that only its owner can read.
fn own_file(path: &Path) -> anyhow::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!("{} is there already: name another file", path.display())
        }
        opened => opened.with_context(|| format!("{} cannot be written", path.display())),
    }
}

async fn write(
    store: &Store,
    scope: &Scope,
    key: &RecordsKey,
    what: &Export,
    file: File,
) -> anyhow::Result<Exported> {
    let mut out = BufWriter::new(file);
    let done = agency_records::export(store, scope, key, what, &mut out).await?;
    out.into_inner().map_err(|error| error.into_error())?.sync_all()?;
    Ok(done)
}

fn said(own: &Arguments, done: &Exported, to: &str) -> String {
    let mut text = format!("{}: {} records, {} rows\n", to, done.records, done.rows);
    text.push_str(&unsaid_lines(&done.unsaid.counts()));
    let what = match own.form {
        Form::Niem | Form::Nibrs => "the agency's own numbers are",
        _ => "names are",
    };
    text.push_str(&format!(
        "{what} inside: keep it where only those may read it who may read the records"
    ));
    text
}
