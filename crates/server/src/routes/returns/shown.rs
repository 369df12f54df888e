//! A draft as a page shows it: rows in groups, each with its definition, what stood before, what was typed,
//! and what is to be said of it.

use std::collections::BTreeMap;

use analysis::filing::{Draft, LookedOver, Problem, Question, Wrong, sessions};
use records::register::{Kind, Register};

use super::opened::Opened;
use super::words;
use crate::form::Mistakes;
use crate::frame::{Page, RegisterWords};

/// Everything of a form but its frame.
pub(super) struct Shown {
    pub(super) groups: Vec<ShownGroup>,
    pub(super) sessions: Vec<ShownSession>,
    /// Whom a training can be for: code and label.
    pub(super) audiences: Vec<(String, RegisterWords)>,
    pub(super) reason: Field,
    /// What is wrong, as links to the fields.
    pub(super) mistakes: Mistakes,
    /// What is odd, as links to the fields.
    pub(super) odd: Vec<(String, String)>,
    /// What the rules of the report will ask.
    pub(super) asked: Vec<RegisterWords>,
}

/// Rows that belong together.
pub(super) struct ShownGroup {
    pub(super) id: String,
    pub(super) label: RegisterWords,
    pub(super) definition: RegisterWords,
    /// What counts and what does not: a key of ours and the register's text.
    pub(super) examples: Vec<(&'static str, RegisterWords)>,
    pub(super) rows: Vec<ShownRow>,
    /// What its numbers add up to, before and now; nothing where they may not be added.
    pub(super) sums: Option<(String, String)>,
}

/// A row.
pub(super) struct ShownRow {
    pub(super) label: RegisterWords,
    /// What it is broken down by: label and definition.
    pub(super) definitions: Vec<(RegisterWords, RegisterWords)>,
    pub(super) before: String,
    pub(super) value: Field,
    pub(super) note: Field,
    /// Whether the sessions fill it in.
    pub(super) summed: bool,
    /// The row of one's own, which can be left out.
    pub(super) own: Option<String>,
}

/// A field.
#[derive(Clone, Default)]
pub(super) struct Field {
    pub(super) id: String,
    pub(super) typed: String,
    pub(super) wrong: Option<String>,
    pub(super) odd: Vec<String>,
    /// What a colleague saved there meanwhile.
    pub(super) theirs: Option<String>,
}

/// A training.
pub(super) struct ShownSession {
    pub(super) number: String,
    pub(super) date: Field,
    pub(super) hours: Field,
    pub(super) audience: Field,
    pub(super) attended: Field,
    pub(super) first_time: Field,
}

impl Field {
    /// Whether something stands beside it.
    pub(super) fn is_marked(&self) -> bool {
        self.wrong.is_some() || !self.odd.is_empty() || self.theirs.is_some()
    }
}

/// What is said of fields, and what a colleague saved.
struct Marks<'a> {
    draft: &'a Draft,
    wrong: BTreeMap<String, String>,
    odd: BTreeMap<String, Vec<String>>,
    theirs: Option<&'a Draft>,
}

impl Marks<'_> {
    fn field(&self, id: String) -> Field {
        let typed = self.draft.named(&id).to_owned();
        let theirs = self.theirs.map(|theirs| theirs.named(&id).to_owned());
        Field {
            wrong: self.wrong.get(&id).cloned(),
            odd: self.odd.get(&id).cloned().unwrap_or_default(),
            theirs: theirs.filter(|theirs| *theirs != typed),
            typed,
            id,
        }
    }
}

/// The problems that are said while somebody types: what is empty may still be filled in.
pub(super) fn said_now(looked: &LookedOver, all: bool) -> impl Iterator<Item = &Problem> {
    let later = |wrong: &Wrong| matches!(wrong, Wrong::Empty | Wrong::NoReason);
    looked.problems.iter().filter(move |problem| all || !later(&problem.wrong))
}

impl Shown {
    /// `all`: also what is still empty. `theirs`: what a colleague saved meanwhile.
    pub(super) fn of(page: &Page, opened: &Opened, all: bool, theirs: Option<&Draft>) -> Shown {
        let looked = opened.look_over();
        let mut marks =
            Marks { draft: &opened.draft, wrong: BTreeMap::new(), odd: BTreeMap::new(), theirs };
        let mut mistakes = Mistakes::default();
        for problem in said_now(&looked, all) {
            let said = words::of_problem(page, problem);
            let row = problem.field.split_once('-').map_or("", |(row, _)| row);
            let named = match label_of(page, opened, row) {
                Some(label) => format!("{}: {said}", label.text),
                None => said.clone(),
            };
            mistakes.add(problem.field.clone(), named);
            marks.wrong.entry(problem.field.clone()).or_insert(said);
        }
        let mut odd = Vec::new();
        for seen in &looked.odd {
            let said = words::of_odd(page, seen);
            let row = seen.field.split_once('-').map_or("", |(row, _)| row);
            let label = label_of(page, opened, row).map(|label| label.text).unwrap_or_default();
            odd.push((seen.field.clone(), format!("{label}: {said}")));
            marks.odd.entry(seen.field.clone()).or_default().push(said);
        }
        let register = Register::embedded();
        let audiences = register.entries(Kind::Audience);
        Shown {
            groups: groups(page, opened, &marks),
            sessions: shown_sessions(opened, &marks),
            audiences: audiences.map(|one| (one.code.clone(), page.label(one))).collect(),
            reason: marks.field("reason".to_owned()),
            mistakes,
            odd,
            asked: looked.findings.iter().map(|found| page.finding(found)).collect(),
        }
    }
}

/// The numbers of each group added up, by the id of the group.
pub(super) fn sums(opened: &Opened) -> Vec<(String, String)> {
    let groups = opened.form.groups.iter().enumerate().filter(|(_, group)| group.adds);
    let now = |row: &analysis::filing::FormRow| opened.draft.value(&opened.form, &row.key);
    groups.map(|(at, group)| (format!("sum-{at}"), sum(group.rows.iter().map(now)))).collect()
}

/// What texts add up to, as far as they are numbers; nothing when none is.
fn sum(texts: impl Iterator<Item = String>) -> String {
    let numbers: Vec<i64> = texts
        .filter_map(|text| records::Answer::read(&text, records::Unit::Count).ok()?.as_count())
        .collect();
    match numbers.is_empty() {
        true => String::new(),
        false => numbers.iter().fold(0i64, |sum, one| sum.saturating_add(*one)).to_string(),
    }
}

/// The words of a row with those of its counted unit; nothing for what is no row of figures.
fn label_of(page: &Page, opened: &Opened, row: &str) -> Option<RegisterWords> {
    let own = || opened.draft.own_rows().into_iter().find(|(key, _)| key == row);
    let question = match opened.form.row(row) {
        Some(row) => row.question.clone(),
        None => own()?.1,
    };
    Some(page.question(&question, |unit, by| format!("{unit}, {by}")))
}

fn groups(page: &Page, opened: &Opened, marks: &Marks<'_>) -> Vec<ShownGroup> {
    let register = Register::embedded();
    let mut groups = Vec::new();
    let any_session = !sessions(&opened.draft).is_empty();
    for (at, group) in opened.form.groups.iter().enumerate() {
        let Some(unit) = register.get(Kind::CountedUnit, &group.measure) else { continue };
        let rows: Vec<ShownRow> = group
            .rows
            .iter()
            .map(|row| {
                let summed = any_session && group.measure == "individual_trained";
                let mut shown = shown_row(page, opened, marks, &row.key, &row.question);
                if summed {
                    shown.value.typed = opened.draft.value(&opened.form, &row.key);
                }
                ShownRow { summed, ..shown }
            })
            .collect();
        let sums = group.adds.then(|| {
            let before = sum(rows.iter().map(|row| row.before.clone()));
            (before, sum(rows.iter().map(|row| row.value.typed.clone())))
        });
        let example = |(key, column): (&'static str, &str)| {
            page.attribute(unit, column).map(|words| (key, words))
        };
        let examples = [
            ("return-counts", "includes"),
            ("return-counts-not", "excludes"),
            ("return-example", "example_counts"),
            ("return-example-not", "example_does_not"),
        ];
        let by_service = group
            .rows
            .iter()
            .any(|row| row.question.breakdown.contains_key(&records::Dimension::Service));
        groups.push(ShownGroup {
            id: at.to_string(),
            label: match by_service {
                true => {
                    let RegisterWords { text, language } = page.label(unit);
                    let text = page.say_with("return-by-service", "unit", text);
                    RegisterWords { text, language }
                }
                false => page.label(unit),
            },
            definition: page.definition(unit),
            examples: examples.into_iter().filter_map(example).collect(),
            rows,
            sums,
        });
    }
    let own = opened.draft.own_rows();
    if !own.is_empty() {
        let rows = own.iter().map(|(key, question)| ShownRow {
            label: page.question(question, |unit, by| format!("{unit}, {by}")),
            own: Some(key.clone()),
            ..shown_row(page, opened, marks, key, question)
        });
        groups.push(ShownGroup {
            id: "own".to_owned(),
            label: page.own("return-own-heading"),
            definition: page.own("return-own-lead"),
            examples: Vec::new(),
            rows: rows.collect(),
            sums: None,
        });
    }
    groups
}

fn shown_row(
    page: &Page,
    opened: &Opened,
    marks: &Marks<'_>,
    key: &str,
    question: &Question,
) -> ShownRow {
    let register = Register::embedded();
    let parts = question.parts(register).filter_map(Result::ok);
    ShownRow {
        label: page.breakdown(question),
        definitions: parts.map(|part| (page.label(part), page.definition(part))).collect(),
        before: opened.before.get(question).cloned().unwrap_or_default(),
        value: marks.field(format!("{key}-value")),
        note: marks.field(format!("{key}-note")),
        summed: false,
        own: None,
    }
}

/// The sessions, and an empty one more.
fn shown_sessions(opened: &Opened, marks: &Marks<'_>) -> Vec<ShownSession> {
    let listed = sessions(&opened.draft).into_iter().map(|session| session.row);
    let next = format!("session.{}", opened.draft.next_number("session"));
    listed
        .chain([next])
        .map(|row| {
            let field = |column: &str| marks.field(format!("{row}-{column}"));
            ShownSession {
                number: row.trim_start_matches("session.").to_owned(),
                date: field("date"),
                hours: field("hours"),
                audience: field("audience"),
                attended: field("attended"),
                first_time: field("first_time"),
            }
        })
        .collect()
}
