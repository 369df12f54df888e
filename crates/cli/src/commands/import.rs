//! `clearway import`: returns in, each as a whole or not at all; records go by `records_in`.

use std::path::PathBuf;

use analysis::collect::{self, Collected, Looked, Recognition};
use anyhow::{bail, ensure};
use records::CellProblem;
use records::register::Register;
use records::returns::shipped_mappings;
use serde::Serialize;
use store::{Scope, Store};

use super::records_in::{self, DefaultArguments, What};
use super::{input_files, look_at, named_mapping, problem_lines, scope};
use crate::{Format, Shared, clock, output, progress};

/// Take returns or an agency's own records in, each file as a whole or not at all
///
/// Files of a folder are recognised by their header (records also by their name); what is not
/// meant is listed as skipped. A file with an error is refused, with every error in it; the others
/// go in. Sending the same file again changes nothing.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway import clearway-demo/returns --as returns --data clearway-demo/data\n  clearway import clearway-demo/examples/fix.csv --corrects 24 --why typo --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    /// Files and folders; `-` is standard input
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// What the files hold
    #[arg(long = "as", value_enum, value_name = "WHAT", default_value = "returns")]
    what: What,
    /// Returns: read by this mapping, its name (`clearway mappings`) or a TOML file
    #[arg(long, value_name = "NAME|FILE")]
    mapping: Option<String>,
    /// The return that this one corrects: its number or the start of its digest
    #[arg(long, value_name = "RETURN", requires = "why")]
    corrects: Option<String>,
    /// Why it is corrected
    #[arg(long, value_name = "TEXT", requires = "corrects")]
    why: Option<String>,
    #[command(flatten)]
    defaults: DefaultArguments,
}

/// What became of one file, for programs.
#[derive(Debug, Serialize)]
struct FileOutcome {
    file: String,
    outcome: &'static str,
    #[serde(rename = "return", skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mapping: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
struct Answer {
    files: Vec<FileOutcome>,
    errors: Vec<CellProblem>,
    rows: u64,
    ok: bool,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    if own.what != What::Returns {
        return records_in::import(&own.paths, own.what, &own.defaults, shared).await;
    }
    let forced = named_mapping(own.mapping.as_deref())?;
    let files = input_files(&own.paths)?;
    if own.corrects.is_some() {
        ensure!(files.len() == 1, "--corrects takes one file, and {} were named", files.len());
    }
    let by = Recognition {
        mappings: shipped_mappings()?,
        forced: forced.as_ref(),
        register: Register::embedded(),
    };
    let store = super::open(shared).await?;
    let scope = scope(shared);
    let corrects = corrects(own, &store, &scope).await?;
    let mut answer = Answer { ok: true, ..Answer::default() };
    let bar = progress::things(files.len() as u64, "importing");
    for file in &files {
        let (name, looked) = look_at(file, by);
        let done = match looked {
            Looked::Return(new) => {
                let correction = corrects.zip(own.why.as_deref());
                collect::import(&store, &scope, &name, new, correction, clock::now()).await?
            }
            Looked::Skipped { reason, candidates } => Collected::Skipped { reason, candidates },
            Looked::Refused { problems, .. } => Collected::Refused { problems },
        };
        if let (Collected::Already { id, .. }, Some(old)) = (&done, corrects) {
            bail!(
                "{name} is in already, as return {id}, so it cannot correct return {old}: withdraw return {old} instead"
            );
        }
        answer.take(name, done);
        bar.inc(1);
    }
    bar.finish_and_clear();
    store.close().await;
    match shared.format {
        Format::Json => output::json(&answer)?,
        Format::Text => output::text(&answer.text(&shared.data_option()))?,
    }
    Ok(answer.ok)
}

async fn corrects(own: &Arguments, store: &Store, scope: &Scope) -> anyhow::Result<Option<i64>> {
    let Some(name) = &own.corrects else { return Ok(None) };
    if own.why.as_deref().unwrap_or_default().trim().is_empty() {
        bail!("--why says nothing: write why the return is corrected");
    }
    Ok(Some(store.find_return(scope, name).await?.id))
}

impl Answer {
    fn take(&mut self, file: String, done: Collected) {
        let mut outcome = FileOutcome {
            file,
            outcome: "imported",
            id: None,
            mapping: None,
            standing: None,
            figures: None,
            reason: None,
            candidates: Vec::new(),
        };
        match done {
            Collected::Imported { id, figures, new } => {
                self.rows += new.checked.rows;
                outcome.id = Some(id);
                outcome.mapping = Some(new.mapping);
                outcome.standing = Some(new.standing.as_str());
                outcome.figures = Some(figures);
            }
            Collected::Already { id, state } => {
                outcome.outcome = "already";
                outcome.id = Some(id);
                outcome.reason = Some(match state {
                    store::ReturnState::Accepted => "the same bytes are in already".to_owned(),
                    state => format!(
                        "the same bytes came in before and were {}; `clearway withdraw {id} --undo --why \"…\"` brings it back",
                        state.as_str()
                    ),
                });
            }
            Collected::Skipped { reason, candidates } => {
                outcome.outcome = "skipped";
                outcome.reason = Some(reason);
                outcome.candidates = candidates;
            }
            Collected::Refused { problems } => {
                outcome.outcome = "refused";
                outcome.reason = Some(output::counted(problems.len(), "error"));
                self.errors.extend(problems);
                self.ok = false;
            }
        }
        self.files.push(outcome);
    }

    fn text(&self, data: &str) -> String {
        let mut text = problem_lines(&self.errors);
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let count = |what: &str| self.files.iter().filter(|file| file.outcome == what).count();
        for file in &self.files {
            let words = match (&file.reason, file.id, file.figures) {
                (Some(reason), None, _) => reason.clone(),
                (Some(reason), Some(id), _) => format!("return {id}: {reason}"),
                (None, Some(id), Some(figures)) => format!(
                    "return {id}: {figures} figures, read as {} ({})",
                    file.mapping.as_deref().unwrap_or_default(),
                    file.standing.unwrap_or_default()
                ),
                _ => String::new(),
            };
            text.push_str(&output::fold(
                &format!("{}: {}: {words}", file.file, file.outcome),
                100,
                4,
            ));
            text.push('\n');
        }
        text.push_str(&format!(
            "\n{} imported, {} already in, {} refused, {} skipped\n",
            count("imported"),
            count("already"),
            count("refused"),
            count("skipped")
        ));
        text.push_str(&match self.ok {
            true => format!(
                "next: clearway quality{data}, then clearway report --out clearway-report{data}"
            ),
            false => {
                "nothing of a refused file is in: mend it and import it again; the others need \
                      not be sent again"
                    .to_owned()
            }
        });
        text
    }
}
