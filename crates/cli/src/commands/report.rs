//! `clearway report`: the state report as a static site, internal or for everybody.

pub(crate) mod public;

use std::path::PathBuf;

use analysis::people::PeoplePlan;
use analysis::report::{Material, Plan};
use anyhow::bail;
use records::Period;
use records::register::{Kind, Register};
use store::{Scope, Store};

use super::{open_existing, scope};
use crate::{Format, Shared, clock, output};

/// Write the state report as a static site, with figures.csv and figures.json
///
/// The report is internal: not for publication. Figures that their source has already published
/// are printed whole; other cells under 11 are hidden. With --public it is the report for everybody,
/// and nothing about people is in it that was not released.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway report --out clearway-report --data clearway-demo/data\n  clearway report --period 2012 --your-quarter practice-1 --out site --data clearway-demo/data\n  clearway report --public --release clearway-demo/released --out public --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    /// The folder to write it into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The period: 2012, 2026-Q3, or A..B from the start of A to the end of B
    #[arg(long, value_name = "A[..B]")]
    period: Option<String>,
    /// Add the page "Your quarter" of this reporter
    #[arg(long, value_name = "CODE")]
    your_quarter: Option<String>,
    /// Days after a quarter's end by which its returns are due; without it nothing is called late
    #[arg(long, value_name = "DAYS")]
    due_days: Option<u16>,
    /// The form for publication: pages and data in English and Spanish and a PDF in each, made of
    /// releases only
    #[arg(long, conflicts_with_all = ["period", "your_quarter", "due_days"])]
    public: bool,
    #[command(flatten)]
    sources: public::Sources,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let period = own.period.as_deref().map(read_period).transpose()?;
    let register = Register::embedded();
    let state = &own.sources.state;
    if register.get(Kind::State, state).is_none() {
        let known: Vec<&str> =
            register.entries(Kind::State).map(|entry| entry.code.as_str()).collect();
        bail!("the register has no state \"{state}\"; it has {}", known.join(", "));
    }
    let store = open_existing(shared).await?;
    let scope = scope(shared);
    if own.public {
        let written = public::run(own, shared, &store, &scope).await;
        store.close().await;
        return written;
    }
    let mut material = Material::read(&store, &scope, register).await?;
    material.due_days = own.due_days;
    let plan = Plan {
        state: state.clone(),
        period,
        as_of: clock::today(),
        your_quarter: own.your_quarter.clone(),
    };
    let mut made = analysis::report::run(&store, &scope, register, &material, &plan).await?;
    made.people = people(&store, &scope, shared, own.period.as_deref()).await?;
    store.close().await;
    if made.figures.is_empty() && made.people.is_none() {
        bail!("there is no figure in that period; `clearway returns` shows what is in");
    }
    if let Some(reporter) = &own.your_quarter
        && made.your_quarter.is_none()
    {
        bail!("\"{reporter}\" has sent no quarter; `clearway returns` shows what is in");
    }
    let written = report::write_site(&made, &own.out)?;
    match shared.format {
        Format::Json => output::json(&serde_json::json!({
            "report": own.out.display().to_string(),
            "index": written.index.display().to_string(),
            "figures": written.figures,
            "files": written.files,
        }))?,
        Format::Text => output::text(&format!(
            "{} figures in {}\nopen {}\nthis report is internal: not for publication",
            written.figures,
            own.out.display(),
            written.index.display()
        ))?,
    }
    Ok(true)
}

/// The people on the lists that agencies have submitted, of real agencies or else of made-up ones;
/// nothing when the period asked for is not one of quarters.
async fn people(
    store: &Store,
    scope: &Scope,
    shared: &Shared,
    period: Option<&str>,
) -> anyhow::Result<Option<report::PeopleCounted>> {
    let period = match period.map(super::count::read_quarters) {
        Some(Err(_)) => return Ok(None),
        Some(Ok(quarters)) => Some(quarters),
        None => None,
    };
    let as_of = super::count::as_of(None, store, scope, shared).await?;
    let plan =
        PeoplePlan { practice: false, period, as_of, truth: None, threads: shared.threads() };
    let (register, data) = (Register::embedded(), shared.data());
    let counted =
        analysis::people::count_and_log(store, scope, register, data, &plan, clock::now()).await?;
    Ok(counted.map(|counted| counted.people))
}

/// Reads `A` or `A..B`.
fn read_period(text: &str) -> anyhow::Result<Period> {
    let one = |part: &str| -> anyhow::Result<Period> {
        part.parse().map_err(|error| anyhow::anyhow!("\"{part}\" is no period: expected {error}"))
    };
    let Some((first, last)) = text.split_once("..") else { return one(text) };
    let (first, last) = (one(first)?, one(last)?);
    Period::new(first.start(), last.end()).map_err(|_| {
        anyhow::anyhow!("\"{text}\" ends before it starts: put the earlier period first")
    })
}
