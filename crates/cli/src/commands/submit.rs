//! `clearway submit`: what may leave of a period, shown, or sealed for the clearinghouse.

use std::path::PathBuf;

use analysis::agency::{self, Outcome, Plan, Submitted};
use anyhow::bail;
use records::Quarter;
use serde_json::json;

use super::{installation_keys, open_existing, scope};
use crate::{Format, Shared, clock, output};

/// Write what may leave of a period into one file for the clearinghouse, or show it first
///
/// Coded rows leave as far as the signed disclosure modes and releases allow; everything else is
/// only in the totals. Names never leave. The file is signed, and only the clearinghouse can open
/// it. Run again, it changes nothing: the same content is one file with one number.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway submit --preview --to clearway-demo/data --data clearway-demo/practice-shelter-1\n  clearway submit --preview --to clearway-demo/data --data clearway-demo/practice-police-9"
)]
pub(crate) struct Arguments {
    /// The card of the clearinghouse
    #[arg(long, value_name = "CARD")]
    to: PathBuf,
    /// The quarters: 2026-Q3, or 2026-Q1..2026-Q3 [default: the last quarter that has ended]
    #[arg(long, value_name = "A[..B]")]
    period: Option<String>,
    /// Show every value that would leave, and what cannot; send and write nothing
    #[arg(long)]
    preview: bool,
    /// With --preview: write each coded row and each total into this folder, as CSV
    #[arg(long, value_name = "DIR", requires = "preview")]
    rows: Option<PathBuf>,
    /// The number of the file that this one replaces
    #[arg(long, value_name = "N")]
    corrects: Option<u64>,
    /// The linkage key under which people are encoded [default: state]
    #[arg(long, value_name = "NAME")]
    linkage_key: Option<String>,
    /// The folder to write the file into
    #[arg(long, value_name = "DIR", required_unless_present = "preview")]
    out: Option<PathBuf>,
    /// Write a file that was sent before and is lost once more, under its number
    #[arg(long, conflicts_with = "preview")]
    again: bool,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let plan = Plan {
        period: own.period.as_deref().map(read_quarters).transpose()?,
        as_of: clock::today(),
        recipient: agency::read_card(&own.to)?,
        linkage_key: own.linkage_key.clone(),
        corrects: own.corrects,
    };
    let scope = scope(shared);
    let store = open_existing(shared).await?;
    let keys = installation_keys::keys(shared)?;
    let Some(out) = own.out.as_ref().filter(|_| !own.preview) else {
        let rows = own.rows.as_deref();
        let preview = agency::preview(&store, &scope, &keys, &plan, rows).await?;
        store.close().await;
        match shared.format {
            Format::Json => output::json(&preview)?,
            Format::Text => output::text(&format!("{preview}\n{}", own.after_preview(shared)))?,
        }
        return Ok(true);
    };
    let submitted =
        agency::submit(&store, &scope, &keys, &plan, out, own.again, clock::now()).await?;
    store.close().await;
    match shared.format {
        Format::Json => output::json(&as_json(&submitted))?,
        Format::Text => output::text(&own.as_text(&submitted, shared))?,
    }
    Ok(true)
}

impl Arguments {
    /// What to do after a preview.
    fn after_preview(&self, shared: &Shared) -> String {
        let to = self.to.display();
        let data = shared.data_option();
        let period = self.period_option();
        let rows = match &self.rows {
            Some(folder) => format!("each row and each total lies in {}", folder.display()),
            None => format!(
                "each row and each total: clearway submit --to {to}{period} --preview --rows DIR{data}"
            ),
        };
        format!("{rows}\nsend it: clearway submit --to {to}{period} --out DIR{data}")
    }

    fn period_option(&self) -> String {
        self.period.as_ref().map(|period| format!(" --period {period}")).unwrap_or_default()
    }

    fn as_text(&self, submitted: &Submitted, shared: &Shared) -> String {
        let Submitted { sent, first, last, .. } = submitted;
        let (to, data) = (self.to.display(), shared.data_option());
        let period = if first == last { first.to_string() } else { format!("{first} to {last}") };
        let mut lines = Vec::new();
        for sequence in submitted.handed_over.iter().filter(|one| **one != sent.sequence) {
            lines.push(format!("file {sequence}, made by a run that was stopped, is written too"));
        }
        let corrects = sent.corrects.map(|n| format!(", in place of file {n}")).unwrap_or_default();
        match (sent.outcome, &sent.file) {
            (Outcome::Sent, Some(file)) => lines.push(format!(
                "file {} for {period}{corrects} is written to {}",
                sent.sequence,
                file.display()
            )),
            (_, Some(file)) => lines.push(format!(
                "already sent as file {}, written to {}; nothing has changed",
                sent.sequence,
                file.display()
            )),
            (_, None) => lines.push(format!(
                "already sent as file {} ({}) on {}; nothing has changed\nit is not in the folder named; when it is lost, write it once more with --again",
                sent.sequence,
                sent.file_name,
                sent.sent_at.chars().take(10).collect::<String>()
            )),
        }
        let rows = submitted.kinds.iter().map(|kind| {
            let encoded = match kind.people_encoded {
                0 => String::new(),
                people => format!(", {people} encoded"),
            };
            vec![
                kind.record.plural().replace('_', " "),
                format!("{} of {} as rows{encoded}", kind.coded, kind.records),
                format!("{} only counted", kind.stay_behind()),
            ]
        });
        let mut text = lines.join("\n");
        text.push('\n');
        text.push_str(&output::columns(&rows.collect::<Vec<_>>()));
        text.push_str(&format!("totals: {} cells\n", submitted.totals));
        if *last > agency::last_complete_quarter(clock::today()) {
            text.push_str(&format!(
                "{last} has not ended: what comes later needs --corrects {}\n",
                sent.sequence
            ));
        }
        if submitted.to_withdraw > 0 {
            text.push_str(&format!(
                "{} must be taken back: clearway withdraw --to {to} --out DIR{data}\n",
                output::counted(submitted.to_withdraw as usize, "record"),
            ));
        }
        if let (Some(first), Some(last)) = (submitted.unsent.first(), submitted.unsent.last()) {
            let quarters: Vec<String> = submitted.unsent.iter().map(Quarter::to_string).collect();
            let period = if first == last { first.to_string() } else { format!("{first}..{last}") };
            text.push_str(&format!(
                "never sent: {}: clearway submit --to {to} --period {period} --out DIR{data}\n",
                quarters.join(", ")
            ));
        }
        text
    }
}

fn as_json(submitted: &Submitted) -> serde_json::Value {
    let sent = &submitted.sent;
    let kinds: Vec<_> = submitted
        .kinds
        .iter()
        .map(|kind| {
            let behind: Vec<_> = kind
                .left_behind
                .iter()
                .map(|(reason, records)| json!({"reason": reason, "records": records}))
                .collect();
            json!({
                "record": kind.record,
                "records": kind.records,
                "rows": kind.coded,
                "people": kind.people,
                "people_encoded": kind.people_encoded,
                "left_behind": behind,
            })
        })
        .collect();
    json!({
        "outcome": sent.outcome,
        "sequence": sent.sequence,
        "file": sent.file.as_ref().map(|file| file.display().to_string()),
        "file_name": sent.file_name,
        "digest": sent.digest,
        "corrects": sent.corrects,
        "first_quarter": submitted.first,
        "last_quarter": submitted.last,
        "kinds": kinds,
        "totals": submitted.totals,
        "unsent": submitted.unsent,
        "to_withdraw": submitted.to_withdraw,
        "handed_over": submitted.handed_over,
    })
}

/// Reads `A` or `A..B`.
fn read_quarters(text: &str) -> anyhow::Result<(Quarter, Quarter)> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) => Ok((first, last)),
        _ => bail!("\"{text}\" is no period of quarters: write 2026-Q3, or 2026-Q1..2026-Q3"),
    }
}
