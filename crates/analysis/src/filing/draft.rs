//! What was typed into a quarter's form, exactly as typed, also where it makes no sense.
//!
//! In: fields by name, as a page sends them. Out: the same later; a text that keeps them, and back; the
//! return as CSV. A field is a row and a column: `victim_identified.sex.potential-value`. Rows beyond
//! the form (`own.1`) came with an uploaded file, sessions (`session.1`) are trainings.
//!
//! The text is a line that names its version, then a line for each field: name, tab, what was typed with
//! backslash, tab and line ends written as `\\`, `\t`, `\n`, `\r`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use records::returns::Checked;
use records::{Dimension, Quarter};
use zeroize::Zeroize;

use super::form::{Form, Question};
use super::sessions::{self, SESSION_COLUMNS};
use crate::templates::column_names;

const FIRST_LINE: &str = "clearway-draft 1";

/// The most sessions and the most rows of one's own.
const MOST_ROWS: usize = 500;

/// The columns of a row that are typed.
const TYPED: [&str; 4] = ["value", "note", "as_of", "agency_classification"];

/// What was typed. It may hold anything, so that it is never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Draft(BTreeMap<String, String>);

/// A text is no draft that this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is no draft that this Clearway knows; use the one that wrote it")]
pub struct NotADraft;

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({} fields)", self.0.len())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.0.values_mut().for_each(Zeroize::zeroize);
    }
}

/// The name of a field.
pub(super) fn field(row: &str, column: &str) -> String {
    format!("{row}-{column}")
}

impl Draft {
    /// What was typed into a column of a row; empty when nothing was.
    pub fn get(&self, row: &str, column: &str) -> &str {
        self.named(&field(row, column))
    }

    /// What was typed into a field.
    pub fn named(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Why the return is corrected.
    pub fn reason(&self) -> &str {
        self.named("reason")
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps what was typed into a field, whatever it is; whether the form has such a field.
    pub fn set(&mut self, form: &Form, name: &str, typed: &str) -> bool {
        let known = self.has(form, name);
        if known {
            self.put(name.to_owned(), typed);
        }
        known
    }

    fn put(&mut self, name: String, typed: &str) {
        if typed.is_empty() {
            self.0.remove(&name);
        } else {
            self.0.insert(name, typed.to_owned());
        }
    }

    /// Whether the form, or a row of one's own, has a field.
    fn has(&self, form: &Form, name: &str) -> bool {
        let Some((row, column)) = name.split_once('-') else { return name == "reason" };
        match row.split_once('.') {
            Some(("session", number)) => {
                SESSION_COLUMNS.contains(&column)
                    && number.parse().is_ok_and(|at: usize| (1..=MOST_ROWS).contains(&at))
                    && !number.starts_with(['0', '+'])
            }
            Some(("own", _)) => TYPED.contains(&column) && !self.get(row, "measure").is_empty(),
            _ => TYPED.contains(&column) && form.row(row).is_some(),
        }
    }

    /// The numbered rows of a kind that hold anything, in order.
    pub(super) fn numbered(&self, kind: &str) -> Vec<String> {
        let rows = self.0.keys().filter_map(|name| {
            let (row, _) = name.split_once('-')?;
            let number = row.strip_prefix(kind)?.strip_prefix('.')?.parse::<usize>().ok()?;
            Some((number, row.to_owned()))
        });
        let rows: BTreeSet<(usize, String)> = rows.collect();
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// The number that a new row of a kind gets.
    pub fn next_number(&self, kind: &str) -> usize {
        let last = self.numbered(kind).pop();
        last.and_then(|row| row.rsplit_once('.')?.1.parse::<usize>().ok()).unwrap_or(0) + 1
    }

    /// Rows beyond the form, each with what it asks.
    pub fn own_rows(&self) -> Vec<(String, Question)> {
        let question = |row: &String| {
            let code = |dimension: Dimension| {
                let code = self.get(row, dimension.as_str());
                (!code.is_empty()).then(|| (dimension, code.to_owned()))
            };
            let breakdown = Dimension::ALL.into_iter().filter_map(code).collect();
            Question { measure: self.get(row, "measure").to_owned(), breakdown }
        };
        self.numbered("own").into_iter().map(|row| (row.clone(), question(&row))).collect()
    }

    /// Takes a row of one's own out.
    pub fn leave_out(&mut self, row: &str) {
        let start = format!("{row}-");
        self.0.retain(|name, _| !name.starts_with(&start));
    }

    /// Takes in what a file says, over what was typed before into the same rows.
    pub fn take_in(&mut self, form: &Form, file: &Checked) {
        for figure in &file.figures {
            let (measure, breakdown) = (figure.measure.clone(), figure.dimensions.clone());
            let question = Question { measure, breakdown };
            let row = match form.row_of(&question) {
                Some(row) => row.key.clone(),
                None => self.own_row(&question),
            };
            let id = figure.id();
            let word = file.classifications.iter().find(|one| one.figure == id);
            let as_of = figure.as_of.map(|day| day.to_string()).unwrap_or_default();
            let typed = [
                figure.as_said.as_str(),
                figure.note.as_deref().unwrap_or_default(),
                &as_of,
                word.map_or("", |one| one.agency.as_str()),
            ];
            for (column, text) in TYPED.into_iter().zip(typed) {
                self.put(field(&row, column), text);
            }
        }
        if file.figures.iter().any(|figure| figure.measure == sessions::MEASURE) {
            // The file states the sums itself.
            self.numbered("session").iter().for_each(|row| self.leave_out(row));
        }
    }

    /// The row of one's own that asks a question, made if there is none.
    fn own_row(&mut self, question: &Question) -> String {
        let found = self.own_rows().into_iter().find(|(_, asked)| asked == question);
        if let Some((row, _)) = found {
            return row;
        }
        let row = format!("own.{}", self.next_number("own"));
        self.put(field(&row, "measure"), &question.measure);
        for (dimension, code) in &question.breakdown {
            self.put(field(&row, dimension.as_str()), code);
        }
        row
    }

    /// The value of a row: what was typed, or what the sessions add up to.
    pub fn value(&self, form: &Form, row: &str) -> String {
        sessions::sum_of(self, form, row).unwrap_or_else(|| self.get(row, "value").to_owned())
    }

    /// Clearway's own form, filled in: its cells, the header first, and the key of each other row.
    pub(super) fn rows_of_csv(
        &self,
        form: &Form,
        (agency, quarter): (&str, Quarter),
    ) -> (Vec<Vec<String>>, Vec<String>) {
        let prepared = form.rows().map(|row| (row.key.clone(), row.question.clone()));
        let rows: Vec<(String, Question)> = prepared.chain(self.own_rows()).collect();
        let mut table = vec![column_names().map(str::to_owned).collect()];
        for (row, question) in &rows {
            let cell = |column: &str| match column {
                "measure" => question.measure.clone(),
                "reporter" => agency.to_owned(),
                "period" => quarter.to_string(),
                "value" => self.value(form, row),
                column => match Dimension::from_word(column) {
                    Some(dimension) => {
                        question.breakdown.get(&dimension).cloned().unwrap_or_default()
                    }
                    None => self.get(row, column).to_owned(),
                },
            };
            table.push(column_names().map(|column| in_one_line(&cell(column))).collect());
        }
        (table, rows.into_iter().map(|(row, _)| row).collect())
    }

    /// The return as it would be signed now: Clearway's own form, filled in.
    pub fn csv(&self, form: &Form, agency: &str, quarter: Quarter) -> String {
        csv_of(&self.rows_of_csv(form, (agency, quarter)).0)
    }

    /// The text that keeps it.
    pub fn encode(&self) -> String {
        let mut text = FIRST_LINE.to_owned();
        for (name, typed) in &self.0 {
            text.push('\n');
            text.push_str(name);
            text.push('\t');
            for c in typed.chars() {
                match c {
                    '\\' => text.push_str("\\\\"),
                    '\t' => text.push_str("\\t"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    c => text.push(c),
                }
            }
        }
        text
    }

    /// The draft that a text keeps.
    ///
    /// # Errors
    ///
    /// [`NotADraft`].
    pub fn parse(text: &str) -> Result<Draft, NotADraft> {
        let mut lines = text.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(NotADraft);
        }
        let mut fields = BTreeMap::new();
        for line in lines {
            let (name, kept) = line.split_once('\t').ok_or(NotADraft)?;
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
            if name.is_empty() || !name.bytes().all(plain) {
                return Err(NotADraft);
            }
            let typed = unescaped(kept).filter(|typed| !typed.is_empty()).ok_or(NotADraft)?;
            if fields.insert(name.to_owned(), typed).is_some() {
                return Err(NotADraft);
            }
        }
        Ok(Draft(fields))
    }
}

fn unescaped(kept: &str) -> Option<String> {
    let mut typed = String::with_capacity(kept.len());
    let mut chars = kept.chars();
    while let Some(c) = chars.next() {
        typed.push(match c {
            '\\' => match chars.next()? {
                '\\' => '\\',
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            '\t' | '\r' => return None,
            c => c,
        });
    }
    Some(typed)
}

/// A cell stands in one line: white space is one space.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Rows of cells as CSV.
pub(super) fn csv_of(rows: &[Vec<String>]) -> String {
    let mut csv = String::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                csv.push(',');
            }
            match cell.contains([',', '"', ';', '|']) {
                true => csv.push_str(&format!("\"{}\"", cell.replace('"', "\"\""))),
                false => csv.push_str(cell),
            }
        }
        csv.push('\n');
    }
    csv
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use records::register::Register;

    use super::*;
    use crate::filing::{check, own_form};

    fn form() -> Form {
        Form::of(Register::embedded()).unwrap()
    }

    fn quarter() -> Quarter {
        "2026-Q3".parse().unwrap()
    }

    #[test]
    fn only_fields_of_the_form_are_kept_and_emptied_ones_are_gone() {
        let (form, mut draft) = (form(), Draft::default());
        for name in [
            "victim_identified.sex.potential-value",
            "victim_served.shelter-note",
            "session.1-hours",
            "reason",
        ] {
            assert!(draft.set(&form, name, " 12 or so "), "{name}");
            assert_eq!(draft.named(name), " 12 or so ");
            assert!(draft.set(&form, name, ""));
        }
        assert!(draft.is_empty());
        for name in [
            "token",
            "version",
            "victim_identified.sex.potential",
            "victim_identified.sex.potential-measure",
            "victim_identified.none-value",
            "session.0-hours",
            "session.01-hours",
            "session.501-hours",
            "session.1-name",
            "own.1-value",
            "-",
        ] {
            assert!(!draft.set(&form, name, "x"), "{name}");
        }
        assert!(draft.is_empty());
    }

    #[test]
    fn a_file_is_taken_in_with_its_own_rows_and_comes_out_again() {
        let (form, mut draft) = (form(), Draft::default());
        draft.set(&form, "victim_identified.sex.potential-value", "typed before");
        let csv = "measure,reporter,period,trafficking_type,county,status,value,agency_classification,note\n\
            victim_identified,practice-1,2026-Q3,sex,,potential,\"1,200\",pimping,counted twice\n\
            victim_identified,practice-1,2026-Q3,sex,kern,potential,3,,\n";
        let of = ("practice-1", quarter());
        let read = |csv: &str| {
            let file = ("a.csv", csv.as_bytes());
            check(Register::embedded(), own_form().unwrap(), of, file)
        };
        let file = read(csv).unwrap();
        for _ in 0..2 {
            draft.take_in(&form, &file.checked);
        }
        assert_eq!(draft.get("victim_identified.sex.potential", "value"), "1,200");
        assert_eq!(draft.get("victim_identified.sex.potential", "note"), "counted twice");
        let own = draft.own_rows();
        assert_eq!((own.len(), draft.get(&own[0].0, "value")), (1, "3"), "twice is once");
        assert!(draft.set(&form, "own.1-value", "4"));
        for row in form.rows() {
            let name = field(&row.key, "value");
            if draft.named(&name).is_empty() {
                draft.set(&form, &name, "0");
            }
        }
        let again = read(&draft.csv(&form, "practice-1", quarter())).unwrap();
        assert_eq!(again.checked.figures.len(), form.rows().count() + 1);
        assert_eq!(again.checked.classifications, file.checked.classifications);
        let mut other = Draft::default();
        other.take_in(&form, &again.checked);
        assert_eq!(other, draft);
        draft.leave_out("own.1");
        assert!(draft.own_rows().is_empty());
    }

    #[test]
    fn what_was_typed_is_never_printed() {
        let mut draft = Draft::default();
        draft.set(&form(), "reason", "PLANTED");
        assert_eq!(format!("{draft:?}"), "Draft(1 fields)");
    }

    #[test]
    fn what_is_no_draft_is_refused() {
        for text in [
            "",
            "clearway-draft 2",
            "clearway-draft 1\n",
            "clearway-draft 1\na",
            "clearway-draft 1\na\t",
            "clearway-draft 1\na\tb\\",
            "clearway-draft 1\na\t\\x",
            "clearway-draft 1\na\tb\tc",
            "clearway-draft 1\na b\tc",
            "clearway-draft 1\na\tb\na\tc",
        ] {
            assert_eq!(Draft::parse(text), Err(NotADraft), "{text:?}");
        }
    }

    proptest! {
        /// Whatever was typed comes back, every character of it.
        #[test]
        fn what_was_typed_comes_back(
            typed in proptest::collection::vec((0usize..50, "value|note", any::<String>()), 0..20),
            reason in any::<String>(),
        ) {
            let (form, mut draft) = (form(), Draft::default());
            draft.set(&form, "reason", &reason);
            let rows: Vec<&str> = form.rows().map(|row| row.key.as_str()).collect();
            for (at, column, text) in &typed {
                prop_assert!(draft.set(&form, &field(rows[*at], column), text));
            }
            prop_assert_eq!(Draft::parse(&draft.encode()), Ok(draft.clone()));
        }

        /// Any text is a draft or refused, and one that is a draft is written in one way.
        #[test]
        fn any_text_is_read_or_refused(text in "(clearway-draft 1\n)?([a-z.-]{1,4}\t\\PC{0,8}\n?){0,4}") {
            if let Ok(draft) = Draft::parse(&text) {
                prop_assert_eq!(Draft::parse(&draft.encode()), Ok(draft));
            }
        }

        /// Whatever a note says, the return has one line for each row.
        #[test]
        fn a_note_stays_in_its_cell(note in "[ -~\n\r\t]{0,40}") {
            let (form, mut draft) = (form(), Draft::default());
            draft.set(&form, "victim_served.shelter-note", &note);
            let csv = draft.csv(&form, "practice-1", quarter());
            prop_assert_eq!(csv.lines().count(), form.rows().count() + 1);
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            let notes: Vec<String> =
                reader.records().map(|row| row.unwrap()[15].to_owned()).filter(|n| !n.is_empty()).collect();
            let said = note.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(notes.concat(), said);
        }
    }
}
