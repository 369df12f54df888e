//! What a person or a program sees: standard output for the answer, standard error for the rest.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use analysis::quality::with_commas;
use serde::Serialize;

/// Whether an answer was printed.
static ANSWERED: AtomicBool = AtomicBool::new(false);

/// Prints an answer in text, with a line end.
pub(crate) fn text(text: &str) -> anyhow::Result<()> {
    ANSWERED.store(true, Ordering::Relaxed);
    let mut out = io::stdout().lock();
    out.write_all(text.trim_end().as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}

/// Prints an answer as one JSON document.
pub(crate) fn json(answer: &impl Serialize) -> anyhow::Result<()> {
    let document = serde_json::to_string_pretty(answer)?;
    text(&document)
}

/// Says why there is no answer: to people on standard error, and to programs with a document too, `{"error": …}`,
/// unless they have one already.
pub(crate) fn failure(format: crate::Format, error: &anyhow::Error) {
    let said = said(error);
    remark(&format!("clearway: {said}"));
    if format == crate::Format::Json && !ANSWERED.load(Ordering::Relaxed) {
        // Nothing is left to say it to if this fails.
        let _ = json(&serde_json::json!({ "error": said }));
    }
}

/// Says something on standard error; when nobody listens there, that is no fault.
pub(crate) fn remark(words: &str) {
    let _ = writeln!(io::stderr().lock(), "{words}");
}

/// An error with its causes, each said once: many say their cause themselves.
pub(crate) fn said(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

/// Whether an error only says that whoever was reading has gone.
pub(crate) fn is_closed(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    with_commas(i64::try_from(number).unwrap_or(i64::MAX))
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(number: usize, what: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {what}{ending}")
}

/// Lays words out in columns, two spaces apart; the last column takes what is left of 100.
pub(crate) fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| {
        rows.iter()
            .filter_map(|row| row.get(at))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            if at + 1 == row.len() {
                line.push_str(cell);
            } else {
                let padding = widths[at].saturating_sub(cell.chars().count()) + 2;
                line.push_str(cell);
                line.push_str(&" ".repeat(padding));
            }
        }
        // A last cell of one word is never moved to a line of its own.
        let folds = row.last().is_some_and(|cell| cell.contains(' '));
        let width = if folds { 100 } else { usize::MAX };
        let indent = widths.first().copied().unwrap_or(0).min(20) + 2;
        text.push_str(&fold(line.trim_end(), width, indent));
        text.push('\n');
    }
    text
}

/// Breaks a line at spaces, so that no line is longer than `width` where that can be helped; the
/// lines after the first are set in.
pub(crate) fn fold(line: &str, width: usize, indent: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let mut folded = String::new();
    let mut length = 0;
    for (at, word) in line.split(' ').enumerate() {
        let word_length = word.chars().count();
        if at > 0 && length + 1 + word_length > width {
            folded.push('\n');
            folded.push_str(&" ".repeat(indent));
            length = indent;
        } else if at > 0 {
            folded.push(' ');
            length += 1;
        }
        folded.push_str(word);
        length += word_length;
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::{grouped, said};

    #[test]
    fn numbers_have_commas() {
        let shown = [0, 999, 1_000, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_cause_is_said_once() {
        let told = |cause: &str, around: &str| {
            said(&anyhow::anyhow!(cause.to_owned()).context(around.to_owned()))
        };
        assert_eq!(told("no such file", "a.csv: no such file"), "a.csv: no such file");
        assert_eq!(told("no such file", "cannot read a.csv"), "cannot read a.csv: no such file");
    }
}
