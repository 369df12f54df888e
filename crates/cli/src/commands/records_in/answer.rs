//! What became of files of records, for people and for programs.

use std::collections::BTreeMap;

use analysis::agency_records::{Checked, Earlier, MOST_KEPT, Problems, UnsaidCount};
use records::CellProblem;
use records::record::{FollowUp, RecordKind};
use serde::Serialize;
use store::ImportCounts;

use crate::commands::problem_lines;
use crate::{Format, Shared, output};

/// Errors that are printed as text; JSON has up to [`MOST_KEPT`] of each file.
const MOST_PRINTED: usize = 200;
/// Lines of what could not be said, for one file.
const MOST_UNSAID: usize = 20;

/// What became of one file.
#[derive(Debug, Default, Serialize)]
pub(super) struct FileOutcome {
    file: String,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    import: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    counts: Option<Counts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<u64>,
    #[serde(skip_serializing_if = "is_zero")]
    not_victims: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unsaid: Vec<UnsaidCount>,
    #[serde(skip_serializing_if = "is_zero")]
    errors: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// What an import did.
#[derive(Debug, Serialize)]
struct Counts {
    added: u64,
    replaced: u64,
    unchanged: u64,
    repeated: u64,
    barred: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl FileOutcome {
    pub(super) fn of(file: &str) -> FileOutcome {
        FileOutcome { file: file.to_owned(), ..FileOutcome::default() }
    }

    fn with(mut self, checked: &Checked) -> FileOutcome {
        self.format = Some(checked.format).filter(|format| !format.is_empty());
        self.rows = Some(checked.rows);
        self.not_victims = checked.not_victims;
        self.unsaid = checked.unsaid.counts();
        self
    }
}

/// What became of all files.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    files: Vec<FileOutcome>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    follow_ups_opened: Vec<Opened>,
    errors: Vec<CellProblem>,
    rows: u64,
    ok: bool,
    #[serde(skip)]
    done: &'static str,
    #[serde(skip)]
    opened: BTreeMap<(RecordKind, FollowUp), u64>,
}

#[derive(Debug, Serialize)]
struct Opened {
    record: RecordKind,
    question: FollowUp,
    tasks: u64,
}

impl Answer {
    /// Begins an answer in which a good file is called so.
    pub(super) fn begin(done: &'static str) -> Answer {
        Answer {
            files: Vec::new(),
            follow_ups_opened: Vec::new(),
            errors: Vec::new(),
            rows: 0,
            ok: true,
            done,
            opened: BTreeMap::new(),
        }
    }

    pub(super) fn skipped(&mut self, outcome: FileOutcome, reason: &str) {
        let reason = Some(reason.to_owned());
        self.files.push(FileOutcome { outcome: "skipped", reason, ..outcome });
    }

    pub(super) fn refused(&mut self, outcome: FileOutcome, problems: Problems) {
        self.ok = false;
        self.errors.extend(problems.first);
        self.files.push(FileOutcome { outcome: "refused", errors: problems.total, ..outcome });
    }

    pub(super) fn checked(&mut self, outcome: FileOutcome, checked: Checked) {
        let outcome = outcome.with(&checked);
        self.rows += checked.rows;
        if checked.is_empty() {
            return self.skipped(outcome, "nothing stands in it");
        }
        match checked.problems.is_empty() {
            true => self.files.push(FileOutcome { outcome: self.done, ..outcome }),
            false => self.refused(outcome, checked.problems),
        }
    }

    pub(super) fn imported(&mut self, outcome: FileOutcome, checked: Checked, done: ImportCounts) {
        let outcome = outcome.with(&checked);
        self.rows += checked.rows;
        let ImportCounts { id, added, replaced, unchanged, repeated, barred } = done;
        let counts = Some(Counts { added, replaced, unchanged, repeated, barred });
        self.files.push(FileOutcome { outcome: self.done, import: Some(id), counts, ..outcome });
    }

    pub(super) fn already(&mut self, outcome: FileOutcome, earlier: &Earlier) {
        let Earlier { id, states, stand, later } = earlier;
        let reason = match stand == states {
            true => format!("the same bytes are in as import {id}, and nothing has changed"),
            false => {
                let of = match &later[..] {
                    [] => "an order has destroyed the others".to_owned(),
                    later => format!(
                        "{}. To bring this file back: `clearway records --withdraw {id} --why \"…\"`, then import it again; to take the later one back: `clearway records --withdraw {} --why \"…\"`",
                        states_others(later),
                        later.last().unwrap_or(id)
                    ),
                };
                format!(
                    "the same bytes are in as import {id}, of which {stand} of {states} records stand; {of}"
                )
            }
        };
        self.files.push(FileOutcome {
            outcome: "already",
            import: Some(*id),
            reason: Some(reason),
            ..outcome
        });
    }

    pub(super) fn paper(&mut self, outcome: FileOutcome, rows: usize, changed: u64, words: String) {
        self.rows += rows as u64;
        self.files.push(FileOutcome {
            outcome: self.done,
            rows: Some(rows as u64),
            changed: Some(changed),
            reason: Some(words),
            ..outcome
        });
    }

    pub(super) fn opened(&mut self, record: RecordKind, question: FollowUp) {
        *self.opened.entry((record, question)).or_default() += 1;
    }

    pub(super) fn has_opened(&self) -> bool {
        !self.opened.is_empty()
    }

    /// Prints it; whether no file was refused.
    pub(super) fn print(mut self, next: &str, shared: &Shared) -> anyhow::Result<bool> {
        let opened = self.opened.iter().map(|((record, question), tasks)| Opened {
            record: *record,
            question: *question,
            tasks: *tasks,
        });
        self.follow_ups_opened = opened.collect();
        match shared.format {
            Format::Json => output::json(&self)?,
            Format::Text => output::text(&self.text(next))?,
        }
        Ok(self.ok)
    }

    fn text(&self, next: &str) -> String {
        let mut text = String::new();
        if !self.errors.is_empty() {
            let printed = self.errors.len().min(MOST_PRINTED);
            text.push_str(&problem_lines(&self.errors[..printed]));
            let total: u64 = self.files.iter().map(|file| file.errors).sum();
            let more = total - printed as u64;
            if more > 0 {
                text.push_str(&format!(
                    "\nand {more} more; --format json lists up to {MOST_KEPT} of each file"
                ));
            }
            text.push_str("\n\n");
        }
        for file in &self.files {
            let line = format!("{}: {}: {}", file.file, file.outcome, words(file));
            text.push_str(&output::fold(&line, 100, 4));
            text.push('\n');
            text.push_str(&unsaid_lines(&file.unsaid));
        }
        for one in &self.follow_ups_opened {
            let (tasks, kind) = (one.tasks, one.record.plural());
            let line = format!("to ask again, {kind}: {tasks} new: {}", one.question.question());
            text.push_str(&output::fold(&line, 100, 4));
            text.push('\n');
        }
        let count = |what: &str| self.files.iter().filter(|file| file.outcome == what).count();
        let already = match self.done {
            "imported" => format!(", {} already in", count("already")),
            _ => String::new(),
        };
        text.push_str(&format!(
            "\n{} {}{already}, {} refused, {} skipped\n",
            count(self.done),
            self.done,
            count("refused"),
            count("skipped")
        ));
        text.push_str(match (self.ok, count(self.done) + count("already")) {
            (false, _) => {
                "nothing of a refused file is in: mend it and send it again; the others need not be"
            }
            (true, 0) => "nothing was found to read: name a file and what it holds with --as",
            (true, _) => next,
        });
        text
    }
}

fn states_others(later: &[i64]) -> String {
    match later {
        [one] => format!("import {one} states the others anew"),
        several => {
            let numbers: Vec<String> = several.iter().map(ToString::to_string).collect();
            format!("imports {} state the others anew", numbers.join(", "))
        }
    }
}

fn words(file: &FileOutcome) -> String {
    let mut words = match (&file.reason, &file.counts, file.outcome) {
        (Some(reason), ..) => reason.clone(),
        (None, Some(counts), _) => {
            let mut words = format!(
                "import {}, {} {}: {} new, {} replaced, {} unchanged",
                file.import.unwrap_or_default(),
                counts.added + counts.replaced + counts.unchanged,
                file.kind.and_then(RecordKind::from_word).map_or("records", RecordKind::plural),
                counts.added,
                counts.replaced,
                counts.unchanged
            );
            if counts.repeated > 0 {
                words.push_str(&format!(", {} rows repeated", counts.repeated));
            }
            if counts.barred > 0 {
                words.push_str(&format!(", {} kept out by an order", counts.barred));
            }
            words
        }
        (None, None, "refused") => output::counted(file.errors as usize, "error"),
        _ => format!("{} rows", file.rows.unwrap_or_default()),
    };
    if file.not_victims > 0 {
        words.push_str(&format!(
            "; not taken in, because the file calls the person no victim: {}",
            output::counted(file.not_victims as usize, "row")
        ));
    }
    words
}

/// What could not be said, the most frequent first.
pub(crate) fn unsaid_lines(unsaid: &[UnsaidCount]) -> String {
    let mut unsaid: Vec<&UnsaidCount> = unsaid.iter().collect();
    unsaid.sort_by_key(|one| std::cmp::Reverse(one.cells));
    let mut text = String::new();
    for one in unsaid.iter().take(MOST_UNSAID) {
        let cells = output::counted(one.cells as usize, "cell");
        let line = format!("  not said: {} {}: {} ({cells})", one.field, one.code, one.why);
        text.push_str(&output::fold(&line, 100, 6));
        text.push('\n');
    }
    if unsaid.len() > MOST_UNSAID {
        let more = unsaid.len() - MOST_UNSAID;
        text.push_str(&format!("  and {more} more kinds of these; --format json lists them\n"));
    }
    text
}
