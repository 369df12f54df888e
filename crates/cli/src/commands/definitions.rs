//! `clearway definitions`: the register, its versions, and open questions of classification.

use anyhow::{Context, bail, ensure};
use records::register::{Entry, Kind, Register, Version};

use super::{open_existing, scope};
use crate::{Format, Shared, clock, output};

/// Look up the shared definitions: codes, what counts, what does not, and since when
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway definitions show victim_identified\n  clearway definitions diff 2012.1 2026.1"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List the kinds of codes, or the codes of one kind
    #[command(
        after_help = "Examples:\n  clearway definitions list\n  clearway definitions list statute --version 2012.1"
    )]
    List {
        /// The kind, such as counted_unit, statute or county
        kind: Option<String>,
        /// The version of the register; the current one by default
        #[arg(long, value_name = "VERSION")]
        version: Option<String>,
    },
    /// Show everything about a code, in every wording it has had
    #[command(
        after_help = "Examples:\n  clearway definitions show victim_identified\n  clearway definitions show 653.22 --format json"
    )]
    Show {
        /// The code, its label or another name of it
        code: String,
    },
    /// Show what changed between two versions of the register
    #[command(
        after_help = "Examples:\n  clearway definitions diff 2012.1 2026.1\n  clearway definitions diff 2012.1 2026.1 --format json"
    )]
    Diff {
        /// The earlier version
        from: String,
        /// The later version
        to: String,
    },
    /// Print the whole register as one JSON document
    #[command(
        after_help = "Examples:\n  clearway definitions export\n  clearway definitions export --version 2012.1"
    )]
    Export {
        /// The version of the register; the current one by default
        #[arg(long, value_name = "VERSION")]
        version: Option<String>,
    },
    /// List where agencies classify otherwise than the state
    #[command(
        after_help = "Examples:\n  clearway definitions queries --data clearway-demo/data\n  clearway definitions queries --format json --data clearway-demo/data"
    )]
    Queries,
    /// Answer one of these questions
    #[command(
        after_help = "Examples:\n  clearway definitions answer 1 --text \"labor; agreed with the agency\" --data clearway-demo/data\n  clearway definitions queries --data clearway-demo/data"
    )]
    Answer {
        /// Its number (`clearway definitions queries`)
        query: i64,
        /// What was agreed
        #[arg(long, value_name = "TEXT")]
        text: String,
    },
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let register = Register::embedded();
    match &own.what {
        What::List { kind: None, .. } => kinds(register, shared),
        What::List { kind: Some(kind), version } => {
            list(register, kind, version_of(register, version.as_deref())?, shared)
        }
        What::Show { code } => show(register, code, shared),
        What::Diff { from, to } => diff(
            register,
            version_of(register, Some(from))?,
            version_of(register, Some(to))?,
            shared,
        ),
        What::Export { version } => export(register, version_of(register, version.as_deref())?),
        What::Queries => queries(shared).await,
        What::Answer { query, text } => answer(*query, text, shared).await,
    }
}

fn version_of<'a>(register: &'a Register, name: Option<&str>) -> anyhow::Result<&'a Version> {
    let Some(name) = name else { return Ok(register.current_version()) };
    register.version(name).with_context(|| {
        let known: Vec<&str> = register.versions().iter().map(|v| v.name.as_str()).collect();
        format!("there is no version \"{name}\" of the register; there are {}", known.join(", "))
    })
}

fn kinds(register: &Register, shared: &Shared) -> anyhow::Result<bool> {
    let kinds: Vec<(Kind, usize)> =
        Kind::ALL.into_iter().map(|kind| (kind, register.entries(kind).count())).collect();
    if shared.format == Format::Json {
        output::json(&serde_json::json!({
            "version": register.current_version().name,
            "versions": register.versions(),
            "kinds": kinds.iter().map(|(kind, codes)| serde_json::json!({"kind": kind, "codes": codes})).collect::<Vec<_>>(),
        }))?;
        return Ok(true);
    }
    let rows: Vec<Vec<String>> = kinds
        .iter()
        .map(|(kind, codes)| vec![kind.to_string(), output::counted(*codes, "code")])
        .collect();
    output::text(&format!(
        "definitions {}\n{}next: clearway definitions list counted_unit",
        register.current_version().name,
        output::columns(&rows)
    ))?;
    Ok(true)
}

fn list(
    register: &Register,
    kind: &str,
    version: &Version,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let Some(kind) = Kind::from_word(kind) else {
        let known: Vec<&str> = Kind::ALL.into_iter().map(Kind::as_str).collect();
        bail!("there is no kind \"{kind}\"; there are {}", known.join(", "));
    };
    let entries: Vec<&Entry> = register.entries_at(version, kind).collect();
    if shared.format == Format::Json {
        output::json(&entries)?;
        return Ok(true);
    }
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| {
            let mark = if entry.verified() { "" } else { " [unverified]" };
            vec![entry.code.clone(), format!("{}{mark}", entry.label)]
        })
        .collect();
    output::text(&output::columns(&rows))?;
    Ok(true)
}

fn show(register: &Register, code: &str, shared: &Shared) -> anyhow::Result<bool> {
    let found = register.find(code);
    if found.is_empty() {
        let near: Vec<&str> = Kind::ALL
            .into_iter()
            .flat_map(|kind| register.nearest_codes(kind, code))
            .take(5)
            .collect();
        let hint = match near.is_empty() {
            true => "`clearway definitions list` shows the kinds".to_owned(),
            false => format!("did you mean {}?", near.join(", ")),
        };
        bail!("the register has no \"{code}\"; {hint}");
    }
    if shared.format == Format::Json {
        output::json(&found)?;
        return Ok(true);
    }
    let texts: Vec<String> = found.iter().map(|entry| entry_text(entry)).collect();
    output::text(&texts.join("\n"))?;
    Ok(true)
}

fn entry_text(entry: &Entry) -> String {
    let until = entry.until.as_deref().map(|until| format!(", until {until}")).unwrap_or_default();
    let mut lines = vec![
        format!("{} ({}): {}", entry.code, entry.kind, entry.label),
        format!("  {}", entry.definition),
        format!("  source: {}", entry.source),
        format!("  in the register since {}{until}", entry.since),
    ];
    for (what, date) in [("in force from", entry.valid_from), ("in force until", entry.valid_to)] {
        lines.extend(date.map(|date| format!("  {what}: {date}")));
    }
    lines.extend(entry.successor.as_ref().map(|code| format!("  successor: {code}")));
    if !entry.aliases.is_empty() {
        lines.push(format!("  also written: {}", entry.aliases.join("; ")));
    }
    for (name, value) in &entry.attributes {
        lines.push(format!("  {}: {value}", name.replace('_', " ")));
    }
    let folded: Vec<String> = lines.iter().map(|line| output::fold(line, 100, 4)).collect();
    folded.join("\n") + "\n"
}

fn diff(
    register: &Register,
    from: &Version,
    to: &Version,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let changes = register.diff(from, to);
    if shared.format == Format::Json {
        output::json(&changes)?;
        return Ok(true);
    }
    let lines: Vec<String> =
        changes.iter().map(|change| output::fold(&change.to_string(), 100, 4)).collect();
    output::text(&format!(
        "{}\n{} changes from {} to {}",
        lines.join("\n"),
        changes.len(),
        from.name,
        to.name
    ))?;
    Ok(true)
}

fn export(register: &Register, version: &Version) -> anyhow::Result<bool> {
    let kinds: serde_json::Map<String, serde_json::Value> = Kind::ALL
        .into_iter()
        .map(|kind| {
            let entries: Vec<&Entry> = register.entries_at(version, kind).collect();
            Ok((kind.to_string(), serde_json::to_value(entries)?))
        })
        .collect::<Result<_, serde_json::Error>>()?;
    output::json(&serde_json::json!({"version": version, "definitions": kinds}))?;
    Ok(true)
}

async fn queries(shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let queries = store.classification_queries(&scope(shared)).await?;
    store.close().await;
    if shared.format == Format::Json {
        output::json(&queries)?;
        return Ok(true);
    }
    let lines: Vec<String> = queries
        .iter()
        .map(|query| {
            let answer = match (&query.answer, &query.answered_by, &query.answered_at) {
                (Some(answer), Some(who), Some(when)) => {
                    format!("answered by {who} at {when}: {answer}")
                }
                _ => "open".to_owned(),
            };
            format!(
                "{}  {}\n    the agency says \"{}\", the state {}; {answer}",
                query.id,
                query.figure,
                query.agency,
                query.state.as_deref().unwrap_or("nothing")
            )
        })
        .collect();
    let hint = match queries.is_empty() {
        true => "no agency classifies otherwise than the state",
        false => "next: clearway definitions answer NUMBER --text \"…\"",
    };
    output::text(&format!("{}\n{hint}", lines.join("\n")))?;
    Ok(true)
}

async fn answer(query: i64, text: &str, shared: &Shared) -> anyhow::Result<bool> {
    ensure!(!text.trim().is_empty(), "--text says nothing: write what was agreed");
    let store = open_existing(shared).await?;
    store.answer_query(&scope(shared), query, text, clock::now()).await?;
    store.close().await;
    match shared.format {
        Format::Json => output::json(&serde_json::json!({"query": query, "answer": text}))?,
        Format::Text => output::text(&format!("query {query} is answered"))?,
    }
    Ok(true)
}
