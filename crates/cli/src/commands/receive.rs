//! `clearway receive`: what agencies send is checked, answered and kept; and what was received.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use analysis::receive::{
    Became, DUE_DAYS, Listed, PurgedTable, Received, ReceivedAll, Receiver, in_words, list,
    purge_now, receive, sealed_files, write_answer,
};
use anyhow::{Context, bail};
use records::record::RecordKind;
use store::{PurgeKind, Scope, Store};
use submission::{Card, Role};

use super::{installation_keys, open_existing, scope};
use crate::{Format, Shared, clock, output, progress};

/// Take in what agencies send: verified, checked against its totals, answered, kept
///
/// For a clearinghouse. A file goes in as a whole or not at all; the same file again changes
/// nothing and gets the same answer. Files are taken in the order of each agency's own numbers,
/// however they are named. Each answer is for its agency: send it back.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway receive clearway-demo/submissions --answers answers --data clearway-demo/data\n  clearway receive --list --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    /// Sealed files, or folders with `.clearway` files in them
    #[arg(
        value_name = "FILE|DIR",
        required_unless_present_any = ["list", "purge_expired"],
        conflicts_with_all = ["list", "purge_expired"]
    )]
    files: Vec<PathBuf>,
    /// Write each answer into this folder, as JSON and as text
    #[arg(long, value_name = "DIR", conflicts_with_all = ["list", "purge_expired"])]
    answers: Option<PathBuf>,
    /// Days after the end of its last quarter within which a submission is not late
    #[arg(long, value_name = "DAYS", default_value_t = DUE_DAYS, value_parser = clap::value_parser!(i32).range(0..=3650))]
    due_days: i32,
    /// Show what was received
    #[arg(long, conflicts_with = "purge_expired")]
    list: bool,
    /// Only remove the rows whose release has ended (every run of `receive` does it too)
    #[arg(long)]
    purge_expired: bool,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let installation = Clearinghouse::open(shared).await?;
    let receiver = installation.receiver(shared, own.due_days);
    let done = if own.list {
        listed(&list(&receiver).await?, shared)
    } else if own.purge_expired {
        purged(&purge_now(&receiver).await?, shared)
    } else {
        received(own, &receiver, shared).await
    };
    installation.store.close().await;
    done
}

/// Takes a submission out of every count, or brings it back.
pub(crate) async fn withdraw(
    number: i64,
    why: &str,
    undo: bool,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let Clearinghouse { store, scope, .. } = Clearinghouse::open(shared).await?;
    if undo {
        store.restore_submission(&scope, number, why, clock::now()).await?;
    } else {
        store.withdraw_submission(&scope, number, why, clock::now()).await?;
    }
    store.close().await;
    let state = if undo { "accepted" } else { "withdrawn" };
    match shared.format {
        Format::Json => {
            output::json(&serde_json::json!({"submission": number, "state": state, "why": why}))?
        }
        Format::Text if undo => output::text(&format!("submission {number} counts again"))?,
        Format::Text => output::text(&format!(
            "submission {number} is withdrawn: it is in no later count and is kept\nto undo: clearway withdraw --submission {number} --undo --why \"…\"{}",
            shared.data_option()
        ))?,
    }
    Ok(true)
}

/// The installation that receives.
struct Clearinghouse {
    store: Store,
    scope: Scope,
}

impl Clearinghouse {
    async fn open(shared: &Shared) -> anyhow::Result<Clearinghouse> {
        let store = open_existing(shared).await?;
        let data = shared.data();
        let is_one =
            "`clearway agency set FILE` makes one, with `role = \"clearinghouse\"` in FILE";
        let path = data.join("card.toml");
        let card = std::fs::read_to_string(&path)
            .with_context(|| format!("{} is no clearinghouse: {is_one}", data.display()))?;
        let card = Card::read(&card).with_context(|| path.display().to_string())?;
        if card.about().role != Role::Clearinghouse {
            bail!(
                "{} is {}, an agency; only a clearinghouse receives",
                data.display(),
                card.code()
            );
        }
        Ok(Clearinghouse { store, scope: scope(shared) })
    }

    fn receiver<'r>(&'r self, shared: &'r Shared, due_days: i32) -> Receiver<'r> {
        Receiver {
            store: &self.store,
            scope: &self.scope,
            data: shared.data(),
            at: clock::now(),
            today: clock::today(),
            due_days,
        }
    }
}

async fn received(
    own: &Arguments,
    receiver: &Receiver<'_>,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let files = sealed_files(&own.files).map_err(|(path, error)| {
        anyhow::Error::from(error).context(format!("cannot read {}", path.display()))
    })?;
    if files.is_empty() {
        bail!("there is no .clearway file in what was named");
    }
    let keys = installation_keys::keys(shared)?;
    let bar = progress::things(files.len() as u64, "receiving");
    let all = receive(receiver, &keys, &files, &mut |_| bar.inc(1)).await;
    bar.finish_and_clear();
    let all = all?;
    if let Some(folder) = &own.answers {
        for answer in all.files.iter().filter_map(|file| file.answer.as_ref()) {
            write_answer(folder, answer)?;
        }
    }
    match shared.format {
        Format::Json => output::json(&all)?,
        Format::Text => output::text(&said(&all, own.answers.as_deref()))?,
    }
    Ok(all.files.iter().all(|file| file.outcome != Became::Refused))
}

fn said(all: &ReceivedAll, answers: Option<&Path>) -> String {
    let mut text = String::new();
    for file in &all.files {
        text.push_str(&line(file));
        text.push('\n');
        if let Some(answer) = file.answer.as_ref().filter(|_| answers.is_none()) {
            for line in in_words(answer).lines() {
                text.push_str(format!("  | {line}").trim_end());
                text.push('\n');
            }
        }
    }
    let count = |became| all.files.iter().filter(|file| file.outcome == became).count();
    text.push_str(&format!(
        "{} accepted, {} here already, {} refused\n",
        count(Became::Accepted),
        count(Became::Already),
        count(Became::Refused)
    ));
    text.push_str(&removed(&all.purged));
    let has_answers = all.files.iter().any(|file| file.answer.is_some());
    match answers {
        Some(_) if !has_answers => text.push_str(
            "no answer was written: it is not known whose the files are; the reasons are above\n",
        ),
        Some(folder) => text.push_str(&format!(
            "the answers are in {}: send each to its agency\n",
            folder.display()
        )),
        None if has_answers => {
            text.push_str("to write the answers for the agencies: --answers DIR\n");
        }
        None => {}
    }
    text
}

/// What became of a file, in a line.
fn line(file: &Received) -> String {
    let name = file.file.file_name().unwrap_or(file.file.as_os_str()).to_string_lossy();
    let name: String = name
        .chars()
        .map(|c| if records::is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    let number = file.number.map(|number| number.to_string()).unwrap_or_default();
    let remarks = file.answer.as_ref().map_or(0, |answer| answer.remarks.len());
    let line = match file.outcome {
        Became::Accepted if remarks == 0 => format!("{name}: accepted, as {number}"),
        Became::Accepted => {
            format!(
                "{name}: accepted, as {number}; {} in its answer",
                output::counted(remarks, "remark")
            )
        }
        Became::Already => format!("{name}: here already, as {number}; nothing has changed"),
        Became::Refused => format!(
            "{name}: REFUSED ({}): {}",
            file.word.unwrap_or_default(),
            file.why.as_deref().unwrap_or_default()
        ),
    };
    output::fold(&line, 100, 4)
}

/// What was removed, by kind of record and reason.
fn removed(purged: &[PurgedTable]) -> String {
    let mut sums: BTreeMap<(RecordKind, PurgeKind), (usize, usize)> = BTreeMap::new();
    for table in purged {
        let (rows, tables) = sums.entry((table.record, table.kind)).or_default();
        *rows += usize::try_from(table.rows).unwrap_or(usize::MAX);
        *tables += 1;
    }
    let lines = sums.into_iter().map(|((record, kind), (rows, tables))| {
        let of = record.plural().replace('_', " ");
        let why = kind.as_str().replace('_', " ");
        let (rows, tables) = (output::counted(rows, "row"), output::counted(tables, "table"));
        format!("removed for good: {rows} of {of} from {tables} ({why})\n")
    });
    lines.collect()
}

fn purged(purged: &[PurgedTable], shared: &Shared) -> anyhow::Result<bool> {
    match shared.format {
        Format::Json => output::json(&serde_json::json!({"purged": purged}))?,
        Format::Text if purged.is_empty() => output::text("there is nothing to remove")?,
        Format::Text => output::text(&removed(purged))?,
    }
    Ok(true)
}

fn listed(files: &[Listed], shared: &Shared) -> anyhow::Result<bool> {
    if shared.format == Format::Json {
        output::json(&serde_json::json!({"files": files}))?;
        return Ok(true);
    }
    if files.is_empty() {
        output::text("nothing has been received yet")?;
        return Ok(true);
    }
    let head = ["no.", "agency", "file", "quarters", "state", "rows", "answer"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for file in files {
        let quarters = match (file.kind, file.first_quarter == file.last_quarter) {
            (store::SentKind::Withdrawal, _) => "withdrawal".to_owned(),
            (_, true) => file.first_quarter.to_string(),
            (_, false) => format!("{}..{}", file.first_quarter, file.last_quarter),
        };
        let state = match file.replaced_by {
            Some(by) => format!("{} by {by}", file.state),
            None => file.state.to_owned(),
        };
        let gone = match file.removed {
            0 => String::new(),
            removed => format!(" (-{removed})"),
        };
        rows.push(vec![
            file.number.map_or("-".to_owned(), |number| number.to_string()),
            file.agency.clone(),
            match file.place == file.sequence {
                true => file.sequence.to_string(),
                false => format!("{} (anew)", file.sequence),
            },
            quarters,
            state,
            format!("{}{gone}", file.rows),
            file.answer.clone(),
        ]);
    }
    let mut text = output::columns(&rows);
    if files.iter().any(|file| file.removed > 0) {
        text.push_str("(-N): rows that came and had to be removed\n");
    }
    output::text(&text)?;
    Ok(true)
}
