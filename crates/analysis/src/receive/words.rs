//! An answer as people read it.

use submission::ManifestKind;

use super::answer::{Answer, Outcome, Remark};
use super::remarks::{counted, described};

const WIDTH: usize = 90;

/// The answer as a text for the agency: what became of the file, why, what to do next.
pub fn in_words(answer: &Answer) -> String {
    let mut text = Lines::default();
    text.line(&title(answer));
    if answer.practice {
        text.line("Practice: everything in it is made up.");
    }
    text.line("");
    text.line(&outcome(answer));
    numbered(&mut text, "Why", &answer.reasons);
    numbered(&mut text, "Please look at", &answer.remarks);
    came(&mut text, answer);
    if !answer.taken_back.is_empty() {
        text.heading("What is taken back");
        for one in &answer.taken_back {
            let records = one.record.plural().replace('_', " ");
            let order = one.order.as_str().replace('_', " ");
            text.item(&format!("{records}, {order}: {}", one.records));
        }
        text.line("");
        text.line(
            "They are in no later count, and the rows are removed. Figures that are published \
             already stand.",
        );
    }
    text.heading("What to do next");
    text.line(&next(answer));
    text.text
}

fn title(answer: &Answer) -> String {
    let Answer { agency, sequence, first_quarter, last_quarter, as_of, .. } = answer;
    let quarters = match first_quarter == last_quarter {
        true => first_quarter.to_string(),
        false => format!("{first_quarter} to {last_quarter}"),
    };
    match answer.kind {
        ManifestKind::Submission => {
            format!("Answer to {agency} about file {sequence}: {quarters}, as of {as_of}")
        }
        ManifestKind::Withdrawal => {
            format!("Answer to {agency} about file {sequence}: a withdrawal of {as_of}")
        }
    }
}

fn outcome(answer: &Answer) -> String {
    let day = answer.received_on;
    match (answer.outcome, answer.corrects) {
        (Outcome::Accepted, Some(old)) => {
            format!("ACCEPTED on {day}. It has taken the place of file {old}.")
        }
        (Outcome::Accepted, None) => format!("ACCEPTED on {day}."),
        (Outcome::Refused, _) => format!("REFUSED on {day}. Nothing of it is in any count."),
    }
}

fn numbered(text: &mut Lines, heading: &str, remarks: &[Remark]) {
    if remarks.is_empty() {
        return;
    }
    text.heading(heading);
    for (at, remark) in (1..).zip(remarks) {
        text.set_in(&format!("{at}. {}", remark.what), 2, 5);
        if !remark.fix.is_empty() {
            text.set_in(&format!("-> {}", remark.fix), 5, 8);
        }
    }
}

fn came(text: &mut Lines, answer: &Answer) {
    if answer.tables.is_empty() {
        return;
    }
    text.heading("What the file says");
    for table in &answer.tables {
        let people = match table.people {
            0 => String::new(),
            people => format!(", {}", counted(people, "person", "people")),
        };
        text.item(&format!(
            "{}: {}{people}; {} came as coded rows, {} stayed with you",
            described(table),
            counted(table.records, "record", "records"),
            table.coded,
            table.left_behind
        ));
    }
    if answer.tables.iter().all(|table| table.fields.is_empty()) {
        return;
    }
    text.heading("Not filled in everywhere (records)");
    for table in &answer.tables {
        for field in &table.fields {
            let counts = [
                (field.missing, "empty"),
                (field.unknown, "unknown"),
                (field.not_yet_classified, "not yet classified"),
            ];
            let counts: Vec<String> = counts
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, what)| format!("{count} {what}"))
                .collect();
            let name = field.field.replace('_', " ");
            text.item(&format!("{}, {name}: {}", described(table), counts.join(", ")));
        }
    }
}

fn next(answer: &Answer) -> String {
    let sequence = answer.sequence;
    match answer.outcome {
        Outcome::Refused if !answer.in_its_place => {
            "What is said under the reason. This file has changed nothing.".to_owned()
        }
        Outcome::Refused => format!(
            "Mend what is said above and send a correction: `clearway submit --corrects \
             {sequence}`. File {sequence} itself cannot be sent again; the next file follows it."
        ),
        Outcome::Accepted if answer.remarks.is_empty() => "Nothing. Keep this answer.".to_owned(),
        Outcome::Accepted => format!(
            "The file is in as it is. When something above is mended, send a correction: \
             `clearway submit --corrects {sequence}`."
        ),
    }
}

/// Every reason in one sentence.
pub(super) fn reasons(answer: &Answer) -> String {
    let reasons: Vec<&str> = answer.reasons.iter().map(|reason| reason.what.as_str()).collect();
    reasons.join("; ")
}

/// The answer in a few words.
pub(super) fn summary(answer: &Answer) -> String {
    let words = |remarks: &[Remark]| {
        // The same remark may be about several fields or kinds of record.
        let mut words: Vec<String> = Vec::new();
        for word in remarks.iter().map(|remark| remark.word.replace('_', " ")) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words.join(", ")
    };
    match (answer.outcome, answer.kind) {
        (Outcome::Refused, _) => words(&answer.reasons),
        (Outcome::Accepted, ManifestKind::Withdrawal) => {
            let records: u64 = answer.taken_back.iter().map(|one| one.records).sum();
            format!("{records} taken back")
        }
        (Outcome::Accepted, _) if answer.remarks.is_empty() => "nothing to look at".to_owned(),
        (Outcome::Accepted, _) => words(&answer.remarks),
    }
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn heading(&mut self, heading: &str) {
        self.line("");
        self.line(heading);
    }

    fn item(&mut self, item: &str) {
        self.set_in(item, 2, 4);
    }

    fn line(&mut self, line: &str) {
        self.set_in(line, 0, 0);
    }

    /// A paragraph, its first line and the others set in, broken at spaces.
    fn set_in(&mut self, paragraph: &str, first: usize, others: usize) {
        let mut line = " ".repeat(first);
        let mut empty = true;
        for word in paragraph.split(' ') {
            if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.text.push_str(line.trim_end());
                self.text.push('\n');
                line = " ".repeat(others);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}
