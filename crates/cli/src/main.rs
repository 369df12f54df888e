//! The binary `clearway`: parses the command line, runs one command, says how it went.
//!
//! Exit code 0: done. 1: refused, or the input is wrong. 2: the command line is wrong. Text and
//! JSON go to standard output, progress and remarks to standard error.

mod clock;
mod commands;
mod output;
mod progress;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use store::DatabaseUrl;

use commands::{
    agency, audit, backup, check, count, definitions, demo, encode, estimate, explain, export,
    import, keys, link, mappings, match_, quality, receive, records, release, remind, report,
    returns, server, simulate, submit, templates, user, withdraw,
};

/// An open clearinghouse for human-trafficking information.
///
/// Takes the quarterly returns of task forces and agencies, checks them against shared
/// definitions, adds them up with coverage beside every total, and writes the state report, in
/// which every number says where it comes from.
#[derive(Debug, Parser)]
#[command(name = "clearway", version, max_term_width = 100)]
#[command(
    after_help = "Examples:\n  clearway demo --no-serve\n  clearway check clearway-demo/returns"
)]
struct Arguments {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Shared {
    /// How to answer: text for people, json as one document for programs
    #[arg(long, global = true, value_enum, default_value = "text")]
    format: Format,
    /// The folder that holds the database [default: clearway-data]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A PostgreSQL database on this machine instead of the file in the folder:
    /// postgres://USER@localhost/DATABASE; what is no table stays in the folder
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "CLEARWAY_DATABASE_URL",
        hide_env_values = true
    )]
    database_url: Option<String>,
    /// A file whose first line is the passphrase of the installation's keys, for scripts; without it
    /// a command that needs them asks
    #[arg(long, global = true, value_name = "FILE", env = "CLEARWAY_PASSPHRASE_FILE")]
    passphrase_file: Option<PathBuf>,
    /// The seed of whatever is random in a command; the same seed gives the same
    #[arg(long, global = true, value_name = "N")]
    seed: Option<u64>,
    /// How many threads to use at most, where people and records are counted or linked; answers
    /// never depend on it [default: as many as there are processors, up to eight]
    #[arg(long, global = true, value_name = "N")]
    threads: Option<std::num::NonZeroUsize>,
    /// In whose name a change is written
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "USER",
        default_value = "command line",
        hide_env = true
    )]
    by: String,
}

impl Shared {
    /// The folder that holds the database.
    pub(crate) fn data(&self) -> &Path {
        self.data.as_deref().unwrap_or(Path::new("clearway-data"))
    }

    /// Whether the tables are said to be elsewhere than in the folder.
    pub(crate) fn names_database(&self) -> bool {
        self.database_url.is_some()
    }

    /// Where the tables are, when not in the folder.
    /// It is read here and not by clap, which repeats what it cannot read.
    pub(crate) fn database_url(&self) -> anyhow::Result<Option<DatabaseUrl>> {
        Ok(self.database_url.as_ref().map(|url| url.parse()).transpose()?)
    }

    /// How many threads to use, when it was said.
    pub(crate) fn threads(&self) -> Option<usize> {
        self.threads.map(std::num::NonZeroUsize::get)
    }

    /// What to add to a command that goes on with the same database.
    pub(crate) fn data_option(&self) -> String {
        self.data.as_ref().map_or(String::new(), |folder| format!(" --data {}", folder.display()))
    }
}

/// How to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One document for programs.
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Check(check::Arguments),
    Import(import::Arguments),
    Records(records::Arguments),
    Export(export::Arguments),
    Returns(returns::Arguments),
    Agency(agency::Arguments),
    Keys(keys::Arguments),
    Encode(encode::Arguments),
    Submit(submit::Arguments),
    Withdraw(withdraw::Arguments),
    Templates(templates::Arguments),
    Mappings(mappings::Arguments),
    Definitions(definitions::Arguments),
    Link(link::Arguments),
    Count(count::Arguments),
    Estimate(estimate::Arguments),
    Quality(quality::Arguments),
    Receive(receive::Arguments),
    Release(release::Arguments),
    Remind(remind::Arguments),
    Report(report::Arguments),
    Explain(explain::Arguments),
    Audit(audit::Arguments),
    Server(server::Arguments),
    User(user::Arguments),
    Backup(backup::Arguments),
    Restore(backup::Restore),
    Match(match_::Arguments),
    Simulate(simulate::Arguments),
}

impl Command {
    /// Whether it answers many people at once.
    fn serves(&self) -> bool {
        matches!(self, Command::Server(_) | Command::Demo(_))
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(threads) = arguments.shared.threads {
        // Nothing has asked for the pool yet, so it is not there yet.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global();
    }
    let format = arguments.shared.format;
    let mut builder = match arguments.command.serves() {
        true => tokio::runtime::Builder::new_multi_thread(),
        false => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = builder.enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        // Whoever reads has seen enough (`clearway … | head`).
        Err(error) if output::is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::failure(format, &error);
            ExitCode::from(1)
        }
    }
}

/// Runs one command; false when it refused something.
async fn run(arguments: Arguments) -> anyhow::Result<bool> {
    let shared = &arguments.shared;
    match &arguments.command {
        Command::Demo(own) => demo::run(own, shared).await,
        Command::Check(own) => check::run(own, shared).await,
        Command::Import(own) => import::run(own, shared).await,
        Command::Records(own) => records::run(own, shared).await,
        Command::Export(own) => export::run(own, shared).await,
        Command::Returns(own) => returns::run(own, shared).await,
        Command::Agency(own) => agency::run(own, shared).await,
        Command::Keys(own) => keys::run(own, shared),
        Command::Encode(own) => encode::run(own, shared).await,
        Command::Submit(own) => submit::run(own, shared).await,
        Command::Withdraw(own) => withdraw::run(own, shared).await,
        Command::Templates(own) => templates::run(own, shared),
        Command::Mappings(own) => mappings::run(own, shared),
        Command::Definitions(own) => definitions::run(own, shared).await,
        Command::Link(own) => link::run(own, shared).await,
        Command::Count(own) => count::run(own, shared).await,
        Command::Estimate(own) => estimate::run(own, shared),
        Command::Receive(own) => receive::run(own, shared).await,
        Command::Quality(own) => quality::run(own, shared).await,
        Command::Release(own) => release::run(own, shared).await,
        Command::Remind(own) => remind::run(own, shared).await,
        Command::Report(own) => report::run(own, shared).await,
        Command::Explain(own) => explain::run(own, shared).await,
        Command::Backup(own) => backup::run(own, shared).await,
        Command::Restore(own) => backup::restore(own, shared).await,
        Command::Server(own) => server::run(own, shared).await,
        Command::User(own) => user::run(own, shared).await,
        Command::Audit(own) => audit::run(own, shared).await,
        Command::Match(own) => match_::run(own, shared),
        Command::Simulate(own) => simulate::run(own, shared),
    }
}
