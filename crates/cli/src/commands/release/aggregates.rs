//! `clearway release aggregates`: k-anonymous counts of combinations, once.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::anyhow;
use disclosure::aggregates::{AggregatePlan, aggregates};
use disclosure::budget::Rho;
use disclosure::gate::{Candidate, Limits};
use disclosure::ledger::Part;
use disclosure::release::{Drawn, Out, Request, publish_exact};
use disclosure::tables::Rules;

use super::place::Place;
use super::published::{audit_by, print};
use super::source::{Source, WithoutSchema};
use crate::{Shared, clock, output};

/// Counts of all combinations that at least k people share, once for a data set
///
/// The form that users of the Counter-Trafficking Data Collaborative know. Counts are rounded down.
/// A second such release would give away who was added between the two, so it is refused; and there
/// is no epsilon for the data set any more. `clearway release noisy` can be repeated.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release aggregates clearway-demo/examples/cases.csv \\\n      --schema clearway-demo/examples/cases.json --length 2 --out aggregates.csv --new-ledger \\\n      --ledger aggregates.jsonl\n  clearway release aggregates clearway-demo/examples/cases.csv \\\n      --schema clearway-demo/examples/cases.json --k 50 --precision 50 --length 1 \\\n      --out coarse.csv --new-ledger --ledger coarse.jsonl"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// The fewest people that a combination may be of
    #[arg(long, value_name = "K", default_value_t = 10)]
    k: u64,
    /// Counts are rounded down to a multiple of this
    #[arg(long, value_name = "N", default_value_t = 10)]
    precision: u64,
    /// The most columns that a combination may be of
    #[arg(long, value_name = "N", default_value_t = 3)]
    length: usize,
    /// The file to write: selections, protected_count
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let started = Instant::now();
    own.place.ready(shared)?;
    let rows = own.source.rows(shared, WithoutSchema::Refuse).await?;
    let plan = AggregatePlan { k: own.k, precision: own.precision, length: own.length };
    let counted = aggregates(&rows, plan).map_err(|faults| {
        anyhow!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    let mut ledger = own.place.ledger(shared, &own.source.data_set(), None)?;
    let number = counted.combinations.len();
    let parameters = [("k", own.k), ("precision", own.precision), ("length", own.length as u64)];
    let request = Request {
        name: own.place.name(Some(&ledger), "aggregates"),
        day: clock::today().to_string(),
        out: Out::File(own.out.clone()),
        parts: vec![Part {
            what: "people by every combination of categories".to_owned(),
            mechanism: "k-anonymous aggregates".to_owned(),
            parameters: parameters.map(|(name, value)| (name.to_owned(), value.to_string())).into(),
            rho: Rho::ZERO,
        }],
    };
    let sheet = serde_json::json!({
        "k": own.k,
        "precision": own.precision,
        "length": own.length,
        "combinations": number,
        "epsilon": null,
    });
    let made = Drawn { candidate: Candidate::Aggregates(counted), sheet };
    let rules = Rules::default();
    let limits = Limits::default();
    let done = publish_exact(&mut ledger, &rows, &made, &request, &limits, &audit_by(&rules, None));
    let words = format!("{} combinations", output::grouped(number as u64));
    print(shared, done, Some(&ledger), (serde_json::json!({}), &words), started)
}
