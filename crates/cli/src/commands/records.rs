//! `clearway records`: what an agency holds, what must be asked again, and imports taken back.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};
use jiff::civil::Date;
use records::record::{FollowUp, RecordKind};
use serde::Serialize;
use store::{OpenFollowUp, RecordCount, Scope, Store, StoredImport};

use super::{expect_own_records, installation_keys, open_existing, scope};
use crate::{Format, Shared, clock, output};

/// Show what records stand, from which imports, and what must be asked again
///
/// An agency's own side. Own numbers are shown with --show-numbers only: they are the agency's
/// and lead to people.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway records --data clearway-demo/practice-police-1\n  clearway records --follow-ups --data clearway-demo/practice-police-1"
)]
pub(crate) struct Arguments {
    /// List what must be asked again, by kind of record and question
    #[arg(long)]
    follow_ups: bool,
    /// With --follow-ups: list the agency's own numbers too
    #[arg(long, requires = "follow_ups")]
    show_numbers: bool,
    /// Take an import back: what it replaced stands again
    #[arg(long, value_name = "N", requires = "why", conflicts_with_all = ["restore", "follow_ups"])]
    withdraw: Option<i64>,
    /// Bring an import back that was taken back
    #[arg(long, value_name = "N", requires = "why", conflicts_with = "follow_ups")]
    restore: Option<i64>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
}

#[derive(Debug, Serialize)]
struct Standing {
    imports: Vec<StoredImport>,
    standing: Vec<RecordCount>,
}

/// Tasks of one kind of record and one question.
#[derive(Debug, Serialize)]
struct Tasks {
    record: RecordKind,
    question: FollowUp,
    asks: &'static str,
    tasks: usize,
    since: Date,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    own_numbers: Vec<String>,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    expect_own_records(shared)?;
    let store = open_existing(shared).await?;
    let scope = scope(shared);
    let text = match (own.withdraw, own.restore) {
        (None, None) if own.follow_ups => follow_ups(&store, &scope, own, shared).await?,
        (None, None) => standing(&store, &scope, shared).await?,
        (withdraw, restore) => {
            let why = own.why.as_deref().unwrap_or_default();
            ensure!(!why.trim().is_empty(), "--why says nothing: write why");
            change(&store, &scope, withdraw, restore, why, shared).await?
        }
    };
    store.close().await;
    output::text(&text)?;
    Ok(true)
}

fn json(answer: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(answer)?)
}

async fn standing(store: &Store, scope: &Scope, shared: &Shared) -> anyhow::Result<String> {
    let imports = store.imports(scope).await?;
    let standing = store.record_counts(scope).await?;
    if shared.format == Format::Json {
        return json(&Standing { imports, standing });
    }
    let data = shared.data_option();
    if imports.is_empty() {
        return Ok(format!(
            "no records are in: `clearway import DIR --as records{data}` takes them in"
        ));
    }
    let mut rows =
        vec![words(&["import", "kind", "state", "stand", "new", "replaced", "as", "file"])];
    for one in &imports {
        rows.push(vec![
            one.id.to_string(),
            one.kind.plural().to_owned(),
            one.state.as_str().to_owned(),
            one.current.to_string(),
            one.added.to_string(),
            one.replaced.to_string(),
            one.format.clone(),
            one.file_name.clone(),
        ]);
    }
    let mut text = output::columns(&rows);
    text.push_str(match standing.is_empty() {
        true => "\nno record stands\n",
        false => "\nwhat stands, by the state quarter of its day:\n",
    });
    let mut by_kind: BTreeMap<RecordKind, Vec<&RecordCount>> = BTreeMap::new();
    for one in &standing {
        by_kind.entry(one.record).or_default().push(one);
    }
    for (kind, counts) in by_kind {
        let all: u64 = counts.iter().map(|one| one.records).sum();
        let quarters: Vec<String> =
            counts.iter().map(|one| format!("{} {}", one.quarter, one.records)).collect();
        let line = format!("{}: {all}: {}", kind.plural(), quarters.join(", "));
        text.push_str(&output::fold(&line, 100, 4));
        text.push('\n');
    }
    let open = store.follow_up_marks(scope).await?.len();
    text.push_str(&match open {
        0 => "nothing must be asked again".to_owned(),
        open => format!("{open} to ask again: clearway records --follow-ups{data}"),
    });
    Ok(text)
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

async fn follow_ups(
    store: &Store,
    scope: &Scope,
    own: &Arguments,
    shared: &Shared,
) -> anyhow::Result<String> {
    // Only who wants to see own numbers needs the key.
    let mut numbers: BTreeMap<(RecordKind, FollowUp), Vec<OpenFollowUp>> = BTreeMap::new();
    if own.show_numbers {
        let key = installation_keys::keys(shared)?.records_key();
        for one in store.follow_ups(scope, &key).await? {
            numbers.entry((one.record, one.follow_up)).or_default().push(one);
        }
    }
    let mut groups: BTreeMap<(RecordKind, FollowUp), Vec<Date>> = BTreeMap::new();
    for (mark, since) in store.follow_up_marks(scope).await? {
        groups.entry((mark.record, mark.follow_up)).or_default().push(since);
    }
    let tasks = groups.into_iter().filter_map(|((record, question), open)| {
        let since = open.iter().min().copied()?;
        let numbers = numbers.get(&(record, question)).into_iter().flatten();
        Some(Tasks {
            record,
            question,
            asks: question.question(),
            tasks: open.len(),
            since,
            own_numbers: numbers.map(|one| one.reference.in_own_store().to_owned()).collect(),
        })
    });
    let tasks: Vec<Tasks> = tasks.collect();
    if shared.format == Format::Json {
        return json(&tasks);
    }
    if tasks.is_empty() {
        return Ok("nothing must be asked again".to_owned());
    }
    let mut text = String::new();
    for one in &tasks {
        let line =
            format!("{}: {} since {}: {}", one.record.plural(), one.tasks, one.since, one.asks);
        text.push_str(&output::fold(&line, 100, 4));
        text.push('\n');
        if !one.own_numbers.is_empty() {
            let numbers = format!("    {}", one.own_numbers.join(", "));
            text.push_str(&output::fold(&numbers, 100, 4));
            text.push('\n');
        }
    }
    text.push_str(match own.show_numbers {
        true => "the numbers are the agency's own and lead to people: they are for nobody else",
        false => {
            "--show-numbers lists the agency's own numbers; a corrected record, imported, closes a task"
        }
    });
    Ok(text)
}

async fn change(
    store: &Store,
    scope: &Scope,
    withdraw: Option<i64>,
    restore: Option<i64>,
    why: &str,
    shared: &Shared,
) -> anyhow::Result<String> {
    let at = clock::now();
    let (id, state) = match (withdraw, restore) {
        (Some(id), _) => {
            store.withdraw_import(scope, id, why, at).await?;
            (id, "withdrawn")
        }
        (None, Some(id)) => {
            store.restore_import(scope, id, why, at).await?;
            (id, "in")
        }
        (None, None) => bail!("neither --withdraw nor --restore"),
    };
    let imports = store.imports(scope).await?;
    let stand = imports.iter().find(|one| one.id == id).map_or(0, |one| one.current);
    if shared.format == Format::Json {
        return json(&serde_json::json!({
            "import": id, "state": state, "why": why, "stand": stand,
        }));
    }
    let data = shared.data_option();
    Ok(match state {
        "withdrawn" => format!(
            "import {id} is taken back: what it replaced stands again, and what it added counts no more\nto undo: clearway records --restore {id} --why \"…\"{data}"
        ),
        _ => format!(
            "import {id} is in again: {stand} of its records stand; a later import that states the same goes before it\nnext: clearway records{data}"
        ),
    })
}
