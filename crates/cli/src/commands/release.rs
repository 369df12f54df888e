//! `clearway release`: what may be published, through the gate and the ledger.

mod aggregates;
mod attack;
mod audit;
mod cost;
mod ledger;
mod microdata;
pub(super) mod noisy;
pub(super) mod place;
mod plan;
mod published;
mod source;
mod tables;
mod zeros;

use crate::Shared;

/// Publish without betraying anyone: tables, synthetic microdata, aggregates, and their ledger
///
/// Every release is attacked before it is published and written into the ledger of its data set; one
/// that an attack works on is refused. A data set has one way of being protected: noise under
/// differential privacy (noisy, microdata), cells hidden (tables), or k-anonymous aggregates (once).
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release ledger show --data clearway-demo/data\n  clearway release plan --schema clearway-demo/examples/cases.json --dimensions gender --epsilon 1"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Tables(tables::Arguments),
    Noisy(noisy::Arguments),
    Microdata(microdata::Arguments),
    Aggregates(aggregates::Arguments),
    Audit(audit::Arguments),
    Attack(attack::Arguments),
    Plan(plan::Arguments),
    Ledger(ledger::Arguments),
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    match &own.command {
        Command::Tables(own) => tables::run(own, shared).await,
        Command::Noisy(own) => noisy::run(own, shared).await,
        Command::Microdata(own) => microdata::run(own, shared).await,
        Command::Aggregates(own) => aggregates::run(own, shared).await,
        Command::Audit(own) => audit::run(own, shared),
        Command::Attack(own) => attack::run(own, shared).await,
        Command::Plan(own) => plan::run(own, shared),
        Command::Ledger(own) => ledger::run(own, shared),
    }
}
