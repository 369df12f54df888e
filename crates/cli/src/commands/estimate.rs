//! `clearway estimate`: how many people no list has seen, by several methods, with a range.

mod chart;
mod panel;

use std::path::{Path, PathBuf};
use std::time::Instant;

use analysis::collect::InputFile;
use analysis::estimate::{self, Estimated};
use anyhow::{Context, bail};
use estimation::{FileAnswer, Method, Settings};
use records::is_invisible;
use serde::Serialize;

use super::bytes_of;
use crate::{Format, Shared, output, progress};

/// Estimate how many people there are, those on no list included, from who is on which lists
///
/// Takes a CSV file with a row for each capture history: a 0/1 column for each list, and a column
/// count, of how many people are on exactly these lists. A column stratum asks for a range for
/// each group of people too; a column draw holds several ways in which people may be linked, the
/// best one as 0. The answer is a range with its reasons, every method side by side, and what
/// becomes of the range when a list is left out. Lists that cannot answer are refused, with what
/// would help, and the exit code is 1.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway estimate clearway-demo/examples/lists.csv --bootstrap 200\n  clearway estimate clearway-demo/examples/lists.csv --method bic,independence --plots plots"
)]
pub(crate) struct Arguments {
    /// The capture histories; - is standard input
    file: PathBuf,
    /// The methods, as often as wanted or with commas between them; the range does not depend on
    /// them
    #[arg(long, value_name = "NAME", value_delimiter = ',', default_value = ALL, value_parser = names())]
    method: Vec<String>,
    /// How many times the bootstrap draws anew and chooses its model anew; 0 for no such intervals
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    bootstrap: u32,
    /// The probability of ranges and intervals, between 0 and 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = level)]
    level: f64,
    /// The most lists that may interact in the models looked at [default: 3, of six lists 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=12))]
    order: Option<u8>,
    /// The column that parts the people into groups [default: stratum, if there is one]
    #[arg(long, value_name = "NAME")]
    stratum_column: Option<String>,
    /// Where to write plots: the spread of the methods, the range without each list, and the range
    /// by how many people were observed
    #[arg(long, value_name = "DIR")]
    plots: Option<PathBuf>,
}

/// The name that stands for every method.
const ALL: &str = "all";

fn names() -> clap::builder::PossibleValuesParser {
    Method::ALL.map(Method::name).into_iter().chain([ALL]).collect::<Vec<_>>().into()
}

fn level(text: &str) -> Result<f64, String> {
    let level = text.parse::<f64>().ok().filter(|level| 0.0 < *level && *level < 1.0);
    level.ok_or_else(|| "write a number between 0 and 1, such as 0.95".to_owned())
}

/// The answer as a document.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    answer: &'a FileAnswer,
    seconds: f64,
}

pub(crate) fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let started = Instant::now();
    let asked = Settings {
        methods: methods(&own.method),
        level: own.level,
        replicates: own.bootstrap as usize,
        seed: shared.seed.unwrap_or(Settings::default().seed),
        order: own.order.map(usize::from),
    };
    let estimated = estimated(own, &asked)?;
    let plots = match &own.plots {
        Some(folder) => estimated.write_plots(folder, &short(&own.file))?,
        None => Vec::new(),
    };
    match shared.format {
        Format::Json => {
            let seconds = started.elapsed().as_secs_f64();
            output::json(&Document { answer: &estimated.answer, seconds })?;
        }
        Format::Text => {
            let text = panel::text(&estimated, &own.file, &plots);
            output::text(&text.replace(|c| c != '\n' && is_invisible(c), "\u{fffd}"))?;
        }
    }
    Ok(estimated.answer.whole.refused.is_none())
}

/// The methods of these names, each once, in the order in which they are printed.
fn methods(names: &[String]) -> Vec<Method> {
    let asked = |method: &Method| names.iter().any(|name| name == ALL || name == method.name());
    Method::ALL.into_iter().filter(asked).collect()
}

fn estimated(own: &Arguments, asked: &Settings) -> anyhow::Result<Estimated> {
    let name = source(&own.file);
    let bytes = bytes_of(&InputFile { path: own.file.clone(), named: true })
        .with_context(|| format!("cannot read {name}"))?;
    let bar = progress::things(asked.methods.len() as u64, "reading");
    let starts = |method: Method| {
        bar.set_message(method.name());
        bar.inc(1);
    };
    let done = estimate::run(&bytes, own.stratum_column.as_deref(), asked, &starts);
    bar.finish_and_clear();
    done.or_else(|faults| {
        let lines = faults.to_string().replace(|c| c != '\n' && is_invisible(c), "\u{fffd}");
        bail!("{name} cannot be used:\n  {}", lines.replace('\n', "\n  "))
    })
}

/// What the histories came from, without the folders, which are nobody's business in a plot.
fn short(file: &Path) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    name.filter(|_| file != Path::new("-")).unwrap_or_else(|| source(file))
}

/// What the histories came from, in words.
fn source(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() }
}
