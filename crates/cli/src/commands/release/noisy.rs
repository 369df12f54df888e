//! `clearway release noisy`: tables under differential privacy.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use disclosure::budget::Rho;
use disclosure::gate::{Candidate, Limits};
use disclosure::noise::NoiseSource;
use disclosure::noisy::{NoisyDesign, NoisyQuestion, measure};
use disclosure::release::{Drawn, Out, Request, publish_private};
use disclosure::{PublishedDimension, PublishedTable, Rows, Schema, check_names};

use super::cost::{Cost, Noise};
use super::place::Place;
use super::published::print;
use super::source::{Source, WithoutSchema};
use super::tables::{columns_of, tables_of};
use crate::{Shared, clock, output};

/// Tables with protective noise: every number with an interval, every total the sum of its parts
///
/// The noise is exact and comes from the operating system. What is asked is shared equally among
/// the tables, and among the margins of each so that the published numbers are as accurate as they
/// can be. `clearway release plan` says how accurate that is before anything is spent.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release noisy clearway-demo/examples/cases.csv \\\n      --schema clearway-demo/examples/cases.json --dimensions gender,ageBroad --epsilon 1 \\\n      --out noisy --new-ledger --ledger noisy.jsonl\n  clearway release noisy --people --dimensions quarter,age --epsilon 0.5 --out by-age \\\n      --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// The columns of a table, with commas; again for a further table
    #[arg(long, value_name = "A,B,C", required = true)]
    dimensions: Vec<String>,
    #[command(flatten)]
    cost: Cost,
    /// What a row is
    #[arg(long, value_name = "WORD", default_value = "people")]
    counted: String,
    /// The folder to write into, which must not be there yet
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    noise: Noise,
}

pub(super) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let started = Instant::now();
    let mut noise = own.noise.source(shared)?;
    let budget = own.cost.budget()?;
    if noise.releasable() {
        own.place.ready(shared)?;
    }
    let rows = own.source.rows(shared, WithoutSchema::Refuse).await?;
    // Whatever is wrong with the question is said before a ledger is made.
    designs(rows.schema(), &own.dimensions, &own.counted, budget.rho)?;
    let mut ledger = match noise.releasable() {
        true => Some(own.place.ledger(shared, &own.source.data_set(), Some(budget))?),
        false => None,
    };
    let rho = own.cost.rho(ledger.as_ref())?;
    let designs = designs(rows.schema(), &own.dimensions, &own.counted, rho)?;
    let request = Request {
        name: own.place.name(ledger.as_ref(), "noisy"),
        day: clock::today().to_string(),
        out: Out::Folder(own.out.clone()),
        parts: designs.iter().flat_map(NoisyDesign::parts).collect(),
    };
    let limits = Limits::default();
    let done = publish_private(ledger.as_mut(), &rows, &request, &limits, &mut noise, |noise| {
        draw(&rows, &designs, noise)
    });
    let spent: Rho = designs.iter().map(NoisyDesign::rho).sum();
    let accuracy: Vec<_> = designs.iter().map(NoisyDesign::accuracy).collect();
    let words = format!("{}, rho {spent}", output::counted(designs.len(), "table"),);
    let more = serde_json::json!({ "rho": spent, "accuracy": accuracy });
    print(shared, done, ledger.as_ref(), (more, &words), started)
}

/// How each table is counted: what is spent is shared equally.
pub(in crate::commands) fn designs(
    schema: &Schema,
    dimensions: &[String],
    counted: &str,
    rho: Rho,
) -> anyhow::Result<Vec<NoisyDesign>> {
    let tables = tables_of(dimensions);
    for (place, (name, columns)) in tables.iter().enumerate() {
        if let Some((_, other)) = tables[..place].iter().find(|(known, _)| known == name) {
            bail!(
                "the tables of {} and of {} would both be {name}.csv; ask for each once, or rename a column",
                other.join(","),
                columns.join(",")
            );
        }
    }
    // What cannot be written is said before anything is spent.
    let columns = schema.columns.iter().map(|column| PublishedDimension {
        name: column.name.clone(),
        categories: column.categories.clone(),
        parents: Vec::new(),
    });
    let asked = columns_of(&tables);
    let asked: Vec<_> = columns.filter(|column| asked.contains(&column.name)).collect();
    check_names(&asked)?;
    let shares = rho.split(&vec![1.0; tables.len()]);
    tables
        .into_iter()
        .zip(shares)
        .map(|((name, dimensions), rho)| {
            let question = NoisyQuestion {
                name,
                counted: counted.to_owned(),
                dimensions,
                groups: Vec::new(),
                structural_zeros: Vec::new(),
                rows_per_person: 1,
            };
            Ok(NoisyDesign::new(schema, question, rho)?)
        })
        .collect()
}

/// Counts, adds noise, and makes the numbers fit together.
pub(in crate::commands) fn draw(
    rows: &Rows,
    designs: &[NoisyDesign],
    noise: &mut NoiseSource,
) -> Result<Drawn, String> {
    let mut tables: Vec<PublishedTable> = Vec::new();
    for design in designs {
        let counts = measure(design, rows, noise).map_err(|error| error.to_string())?;
        tables.push(counts.fit().table().clone());
    }
    let rho: Rho = designs.iter().map(NoisyDesign::rho).sum();
    let accuracy: Vec<_> = designs.iter().map(NoisyDesign::accuracy).collect();
    let sheet = serde_json::json!({
        "unit": "one person, with all that is said of her",
        "neighbours": "one person is there or is not; who is linked with whom is held fixed",
        "rho": rho,
        "interval_percent": 95,
        "intervals": "from the scale of the noise alone; each holds the true count with a chance of 95 in 100",
        "accuracy": accuracy,
    });
    Ok(Drawn { candidate: Candidate::Noisy { tables, rho: rho.value() }, sheet })
}
