//! `clearway count`: sums over the task forces, with who reported beside each; people nobody
//! counted twice (`people`); records by every field (`records`).

mod people;
mod records;

use std::path::PathBuf;

use ::records::register::Register;
use ::records::{Quarter, Standing};
use analysis::receive::{DUE_DAYS, Receiver};
use anyhow::{Context, bail};
use jiff::civil::Date;
use store::{Scope, Store};
use submission::Keys;

use super::{open_existing, scope};
use crate::{Format, Shared, clock, output};

pub(crate) use people::write_counted;

/// Add up what task forces have sent, by quarter and breakdown, with coverage beside each sum
///
/// The sums are raw counts: a person on two task forces' lists is in them twice. With --people,
/// people on the lists that agencies submitted, nobody counted twice: a range, the overlaps, and
/// who is on which lists. With --records, records of every kind by quarter and field. Numbers
/// under 11 are hidden.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway count --practice --data clearway-demo/data\n  clearway count --people --practice --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    /// Only this counted unit
    #[arg(long, value_name = "CODE")]
    measure: Option<String>,
    /// The made-up task forces instead of the real ones
    #[arg(long)]
    practice: bool,
    /// People on the lists of agencies, nobody counted twice
    #[arg(long, conflicts_with_all = ["measure", "records"])]
    people: bool,
    /// With --people, where to write capture histories for an estimate: how many people in codes
    /// are on exactly which kinds of list, by the linkage that stands (draw 0). Internal: small
    /// counts are not hidden
    #[arg(long, value_name = "FILE", requires = "people")]
    histories: Option<PathBuf>,
    /// Records of every kind, by quarter and field
    #[arg(long, conflicts_with = "measure")]
    records: bool,
    /// Only this kind of record, with every field
    #[arg(long, value_name = "KIND", requires = "records")]
    kind: Option<String>,
    /// With --people or --records: 2026-Q3, or A..B
    #[arg(long, value_name = "A[..B]", conflicts_with = "measure")]
    period: Option<String>,
    /// With --people or --records: the day on which it is to be true [default: today]
    #[arg(long, value_name = "DAY", conflicts_with = "measure")]
    as_of: Option<Date>,
}

impl Arguments {
    /// The first and last quarter asked for.
    fn quarters(&self) -> anyhow::Result<Option<(Quarter, Quarter)>> {
        self.period.as_deref().map(read_quarters).transpose()
    }
}

/// The day on which a count is to be true. What is taken away by then is removed from the tables
/// first, so that nobody whose release has ended is looked at again.
pub(crate) async fn as_of(
    asked: Option<Date>,
    store: &Store,
    scope: &Scope,
    shared: &Shared,
) -> anyhow::Result<Date> {
    let today = clock::today();
    let day = asked.unwrap_or(today);
    if day > today {
        bail!(
            "--as-of {day} is after today ({today}): what will have been taken back by then is not known"
        );
    }
    if Keys::exist(shared.data()) {
        let (at, data) = (clock::now(), shared.data());
        let receiver = Receiver { store, scope, data, at, today, due_days: DUE_DAYS };
        analysis::receive::purge_now(&receiver).await?;
    }
    Ok(day)
}

/// A number in a column: `<11` when it is too small to be shown.
fn short(number: u64) -> String {
    let shown = report::ShownCount::of(number);
    if shown.number().is_some() { shown.to_string() } else { "<11".to_owned() }
}

/// Reads `A` or `A..B`.
pub(crate) fn read_quarters(text: &str) -> anyhow::Result<(Quarter, Quarter)> {
    let one = |part: &str| {
        let quarter = part.parse::<Quarter>();
        quarter.with_context(|| format!("\"{part}\" is no quarter: write one such as 2026-Q3"))
    };
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let (first, last) = (one(first)?, one(last)?);
    if last < first {
        bail!("\"{text}\" ends before it starts: put the earlier quarter first");
    }
    Ok((first, last))
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    if own.people {
        return people::run(own, shared).await;
    }
    if own.records {
        return records::run(own, shared).await;
    }
    if own.period.is_some() || own.as_of.is_some() {
        bail!("--period and --as-of go with --people or --records");
    }
    let store: Store = open_existing(shared).await?;
    let standing = if own.practice { Standing::Synthetic } else { Standing::Submitted };
    let mut totals =
        analysis::count::run(&store, &scope(shared), Register::embedded(), standing).await?;
    store.close().await;
    if let Some(measure) = &own.measure {
        totals.totals.retain(|total| &total.measure == measure);
    }
    if totals.totals.is_empty() {
        bail!("no task force has sent a return by quarter; `clearway returns` shows what is in");
    }
    let shown = |sum: i64| (sum >= report_threshold()).then_some(sum);
    if shared.format == Format::Json {
        let rows: Vec<serde_json::Value> = totals
            .totals
            .iter()
            .map(|total| {
                let mut value = serde_json::to_value(total).unwrap_or_default();
                value["sum"] = shown(total.sum).map_or(serde_json::Value::Null, Into::into);
                value["standing"] = standing.as_str().into();
                value
            })
            .collect();
        output::json(&serde_json::json!({"totals": rows, "sent": totals.sent}))?;
        return Ok(true);
    }
    let mut rows =
        vec![["sum", "reported", "not in the sum", "figure"].map(str::to_owned).to_vec()];
    for total in &totals.totals {
        let sum = shown(total.sum).map_or("under 11".to_owned(), |sum| sum.to_string());
        let gaps: Vec<String> = [
            (total.unknown, "unknown"),
            (total.not_collected, "not collected"),
            (total.qualified, "qualified"),
        ]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
        let reported = format!("{} of {}", total.reporters, total.expected);
        rows.push(vec![sum, reported, gaps.join(", "), total.id.to_string()]);
    }
    output::text(&format!(
        "{}\n{}raw counts: a person on several lists is in them several times",
        if own.practice {
            "SYNTHETIC: made-up task forces"
        } else {
            "internal: not for publication"
        },
        output::columns(&rows)
    ))?;
    Ok(true)
}

fn report_threshold() -> i64 {
    report::SMALLEST_SHOWN
}
