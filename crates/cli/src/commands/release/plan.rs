//! `clearway release plan`: what a release would cost and how accurate it would be.

use std::path::PathBuf;

use disclosure::budget::Delta;
use disclosure::microdata;
use disclosure::plan::Plan;

use super::cost::Cost;
use super::noisy::designs;
use super::place::WhichLedger;
use super::source::read_schema;
use crate::{Format, Shared, output};

/// What a private release would cost and how accurate it would be; nothing is spent, no data read
///
/// With --dimensions, noisy tables; without, synthetic microdata.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release plan --schema clearway-demo/examples/cases.json --dimensions gender,ageBroad \\\n      --epsilon 1\n  clearway release plan --schema clearway-demo/examples/cases.json --rows 50000 --epsilon 4"
)]
pub(crate) struct Arguments {
    /// What each column may say
    #[arg(long, value_name = "FILE")]
    schema: PathBuf,
    /// The columns of a table, with commas; again for a further table
    #[arg(long, value_name = "A,B,C")]
    dimensions: Vec<String>,
    /// About how many rows there are, as is publicly known
    #[arg(long, value_name = "N", default_value_t = 50_000, value_parser = clap::value_parser!(u64).range(1..))]
    rows: u64,
    #[command(flatten)]
    cost: Cost,
    #[command(flatten)]
    which: WhichLedger,
}

pub(super) fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let schema = read_schema(&own.schema)?;
    let ledger = own.which.open_if_there(shared)?;
    let rho = own.cost.budget()?.rho;
    let delta = own.cost.delta()?.unwrap_or(Delta::LEDGER);
    if own.dimensions.is_empty() {
        let plan = microdata::plan(&schema, own.rows, rho)?;
        return match shared.format {
            Format::Json => output::json(&plan).map(|()| true),
            Format::Text => output::text(&of_microdata(&plan, own.rows)).map(|()| true),
        };
    }
    let designs = designs(&schema, &own.dimensions, "people", rho)?;
    let mut plan = Plan::noisy(&designs, delta);
    if let Some(ledger) = &ledger {
        plan = plan.against(ledger);
    }
    match shared.format {
        Format::Json => output::json(&plan)?,
        Format::Text => output::text(&of_tables(&plan))?,
    }
    Ok(plan.ledger.as_ref().is_none_or(|after| after.fits))
}

fn of_tables(plan: &Plan) -> String {
    let mut rows =
        vec![["margin", "cells", "each number within, 95 %"].map(str::to_owned).to_vec()];
    for margin in &plan.accuracy {
        let name = match margin.dimensions.is_empty() {
            true => "total".to_owned(),
            false => margin.dimensions.join(", "),
        };
        let cells = output::grouped(margin.cells as u64);
        rows.push(vec![name, cells, format!("± {:.0}", margin.half_width.ceil())]);
    }
    let mut text = format!(
        "rho {}, epsilon {:.3} at delta {:e}; nobody could be right more than {:.1} % of the time whether a person is in\n\n{}",
        plan.rho,
        plan.epsilon,
        plan.delta.value(),
        100.0 * plan.attack_success_bound,
        output::columns(&rows)
    );
    if let Some(after) = &plan.ledger {
        let left = after.left_after.map_or_else(
            || format!("it does not fit: rho {} is left", after.left),
            |left| format!("it fits: rho {} is left, {left} after it", after.left),
        );
        text.push_str(&format!("\nledger: {left}"));
    }
    text
}

fn of_microdata(plan: &microdata::MicrodataPlan, rows: u64) -> String {
    let mut widest: Vec<_> = plan.measured.iter().collect();
    widest.sort_by(|a, b| b.noise_total_variation.total_cmp(&a.noise_total_variation));
    let mut table = vec![
        ["least accurate marginals", "cells", "noise, σ", "total variation"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for marginal in widest.iter().take(10) {
        table.push(vec![
            marginal.columns.join(", "),
            output::grouped(marginal.cells as u64),
            format!("{:.1}", marginal.sigma),
            format!("{:.4}", marginal.noise_total_variation),
        ]);
    }
    format!(
        "about {} rows, rho {}: the number of rows within ± {:.0}; {} marginals measured, {} of three columns selected (σ {:.1})\n\n{}",
        output::grouped(rows),
        plan.rho,
        (1.96 * plan.rows_sigma).ceil(),
        plan.measured.len(),
        plan.selected,
        plan.selected_sigma,
        output::columns(&table)
    )
}
