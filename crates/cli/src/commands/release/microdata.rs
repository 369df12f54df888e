//! `clearway release microdata`: rows about people who do not exist.

use std::path::PathBuf;
use std::time::Instant;

use disclosure::budget::Rho;
use disclosure::gate::{Candidate, Limits};
use disclosure::ledger::Part;
use disclosure::microdata::{MicrodataSettings, Spend, StructuralZero, check_rows, synthesize};
use disclosure::release::{Drawn, Out, Request, publish_private};

use super::cost::{Cost, Noise};
use super::place::Place;
use super::published::print;
use super::source::{Source, WithoutSchema};
use super::zeros::read_zeros;
use crate::{Shared, clock, output, progress};

/// Synthetic microdata under differential privacy, as accurate as their marginals
///
/// The rows have the columns of the schema and describe nobody. What is measured of the real rows,
/// with what noise, and how near the rows come to it stands in the data sheet beside them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release microdata clearway-demo/examples/cases.csv \\\n      --schema clearway-demo/examples/cases.json --epsilon 4 --out synthetic.csv --new-ledger \\\n      --ledger synthetic.jsonl\n  clearway release microdata clearway-demo/examples/cases.csv \\\n      --schema clearway-demo/examples/cases.json --epsilon 4 --out test.csv --test-noise 1"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    cost: Cost,
    /// Combinations that cannot be, by a public rule and never learnt from the data: a JSON file
    /// [{"column":"word", …}, …], an empty word being the blank
    #[arg(long, value_name = "FILE")]
    impossible: Option<PathBuf>,
    /// The file to write; its data sheet goes beside it
    #[arg(long, value_name = "FILE")]
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
    let zeros: Vec<StructuralZero> = match &own.impossible {
        Some(file) => read_zeros(file, rows.schema())?,
        None => Vec::new(),
    };
    // Whatever is wrong with them is said before anything is spent.
    check_rows(&rows, &zeros)?;
    let mut ledger = match noise.releasable() {
        true => Some(own.place.ledger(shared, &own.source.data_set(), Some(budget))?),
        false => None,
    };
    let most = own.cost.rho(ledger.as_ref())?;
    let spend = match own.cost.epsilon()? {
        Some(epsilon) => Spend::Epsilon { epsilon, delta: own.cost.delta()?, at_most: Some(most) },
        None => Spend::Rho(most),
    };
    let request = Request {
        name: own.place.name(ledger.as_ref(), "microdata"),
        day: clock::today().to_string(),
        out: Out::File(own.out.clone()),
        parts: parts(most),
    };
    let settings = MicrodataSettings { spend, zeros };
    let bar = progress::things(1, "making up rows");
    let mut said = String::new();
    let limits = Limits::default();
    let done = publish_private(ledger.as_mut(), &rows, &request, &limits, &mut noise, |noise| {
        let made = synthesize(&rows, &settings, noise, &mut |progress| {
            bar.set_length(progress.of as u64);
            bar.set_position(progress.done as u64);
        })
        .map_err(|error| error.to_string())?;
        bar.finish_and_clear();
        let sheet = &made.sheet;
        said = format!(
            "{} rows; epsilon {:.3} at delta {:.3e}, rho {}",
            output::grouped(sheet.rows),
            sheet.epsilon,
            sheet.delta.value(),
            made.spent
        );
        let sheet = serde_json::to_value(sheet).map_err(|error| error.to_string())?;
        let rho = Some(made.spent.value());
        Ok(Drawn { candidate: Candidate::Microdata { rows: made.rows, rho }, sheet })
    });
    bar.finish_and_clear();
    print(shared, done, ledger.as_ref(), (serde_json::json!({}), &said), started)
}

/// What the ledger is told before it is known how many rows there are: the most that it can cost.
fn parts(most: Rho) -> Vec<Part> {
    vec![Part {
        what: "synthetic microdata: the number of rows, marginals, and which are measured"
            .to_owned(),
        mechanism: "discrete Gaussian, exponential mechanism".to_owned(),
        parameters: [("at most".to_owned(), most.to_string())].into(),
        rho: most,
    }]
}
