//! `clearway count`: sums over the task forces, with who reported beside each.

use anyhow::bail;
use records::Standing;
use records::register::Register;
use store::Store;

use super::{open_existing, scope};
use crate::{Format, Shared, output};

/// Add up what task forces have sent, by quarter and breakdown, with coverage beside each sum
///
/// The sums are raw counts: a person on two task forces' lists is in them twice. Sums under 11
/// are hidden.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway count --practice --data clearway-demo/data\n  clearway count --practice --measure victim_identified --format json --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    /// Only this counted unit
    #[arg(long, value_name = "CODE")]
    measure: Option<String>,
    /// The made-up task forces instead of the real ones
    #[arg(long)]
    practice: bool,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
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
