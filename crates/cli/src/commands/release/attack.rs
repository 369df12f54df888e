//! `clearway release attack`: what an attacker would do with releases, and how often it works.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use disclosure::gate::{Candidate, GateReport, Limits, check};
use disclosure::release::read_unverified;
use disclosure::tables::{Rules, Zeros};
use serde::Serialize;

use super::audit::hides_zeros;
use super::published::{audit_by, output_of};
use super::source::{Source, WithoutSchema, read_schema};
use crate::{Format, Shared, output};

/// Attack releases with the rows that they were made from
///
/// Each release is attacked with those named before it known too: audit, differences between
/// releases, membership, linkage on quasi-identifiers, singling out. Each attack's success stands
/// beside that of a guess. Passing is no proof: these are the attacks we know.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release tables clearway-demo/examples/cases.csv --dimensions ageBroad,gender \\\n      --out tables --new-ledger --ledger tables.jsonl\n  clearway release attack clearway-demo/examples/cases.csv tables"
)]
pub(crate) struct Arguments {
    /// The rows: a CSV file with a header and one row for each person
    rows: PathBuf,
    /// Releases of them, in the order in which they were published: folders, or files that have
    /// their description beside them
    #[arg(required = true, value_name = "DIR")]
    releases: Vec<PathBuf>,
    /// What each column may say; where it is not given, that of the first release of microdata or
    /// aggregates, or the columns of its tables
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Columns that an outsider may know about a person, with commas [default: all demographic ones]
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    quasi_identifiers: Vec<String>,
    /// Cells of fewer people are to be protected
    #[arg(long, value_name = "N", default_value_t = 10)]
    threshold: u64,
    /// How many people are attacked
    #[arg(long, value_name = "N", default_value_t = 1000)]
    trials: usize,
}

/// One release and what came of it.
#[derive(Serialize)]
struct Attacked {
    release: String,
    passed: bool,
    #[serde(flatten)]
    report: GateReport,
}

pub(super) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let started = Instant::now();
    let mut releases: Vec<Candidate> = Vec::new();
    let mut zeros = Zeros::Published;
    if own.trials == 0 {
        bail!("--trials 0 attacks nobody; ask for 1 or more");
    }
    for path in &own.releases {
        let (description, candidate) = read_unverified(path)?;
        if hides_zeros(&description) {
            zeros = Zeros::Sensitive;
        }
        releases.push(candidate);
    }
    let source = Source::of_file(own.rows.clone());
    let columns = columns(&releases);
    let rows = match (&own.schema, schema(&releases)) {
        (Some(file), _) => source.by_schema(read_schema(file)?)?,
        (None, Some(schema)) => source.by_schema(schema)?,
        (None, None) => source.rows(shared, WithoutSchema::Learn(&columns)).await?,
    };
    let limits = Limits {
        threshold: own.threshold,
        trials: own.trials,
        seed: shared.seed.unwrap_or(1),
        quasi_identifiers: own.quasi_identifiers.clone(),
        ..Limits::default()
    };
    let rules = Rules { threshold: own.threshold, zeros, ..Rules::default() };
    let mut attacked = Vec::new();
    for (at, release) in releases.iter().enumerate() {
        let report = check(release, &releases[..at], &rows, &limits, &audit_by(&rules, None));
        attacked.push(Attacked {
            release: own.releases[at].display().to_string(),
            passed: report.passed(),
            report,
        });
    }
    let passed = attacked.iter().all(|one| one.passed);
    match shared.format {
        Format::Json => output::json(&serde_json::json!({
            "passed": passed,
            "releases": attacked,
            "seconds": started.elapsed().as_secs_f64(),
        }))?,
        Format::Text => {
            let one = |one: &Attacked| format!("{}\n{}\n", one.release, output_of(&one.report));
            output::text(&attacked.iter().map(one).collect::<Vec<_>>().join("\n"))?;
        }
    }
    Ok(passed)
}

/// The schema of the first release that has one.
fn schema(releases: &[Candidate]) -> Option<disclosure::Schema> {
    releases.iter().find_map(|release| match release {
        Candidate::Microdata { rows, .. } => Some(rows.schema().clone()),
        Candidate::Aggregates(aggregates) => Some(aggregates.schema.clone()),
        Candidate::Tables(_) | Candidate::Noisy { .. } => None,
    })
}

/// The columns of the tables, each once.
fn columns(releases: &[Candidate]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for release in releases {
        let (Candidate::Tables(tables) | Candidate::Noisy { tables, .. }) = release else {
            continue;
        };
        for dimension in tables.iter().flat_map(|table| &table.dimensions) {
            if !columns.contains(&dimension.name) {
                columns.push(dimension.name.clone());
            }
        }
    }
    columns
}
