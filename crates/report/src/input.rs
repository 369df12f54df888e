//! What the report is made from: nothing but shown figures, their sources and their caveats.
//!
//! In: [`StateReport`], made by `analysis`. A figure arrives as [`ShownValue`], which only
//! [`ShownValue::of`] makes: what the source has already published stands whole, anything else
//! under 11 is hidden before this crate can print it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use records::{Answer, Dimension, FigureId, Finding, Part, Period, Quarter, Standing, Unit};
use serde::Serialize;

use crate::PeopleCounted;

/// Counts below this are hidden unless their source has already published them.
pub const SMALLEST_SHOWN: i64 = 11;

/// What may be printed of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ShownValue(Inner);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "shown")]
enum Inner {
    Whole { answer: Answer },
    Hidden,
}

impl ShownValue {
    /// Decides what may be shown of an answer: counts of people and cases under 11 that no source
    /// has published are hidden, zero included.
    pub fn of(standing: Standing, unit: Unit, answer: Answer) -> ShownValue {
        let small = match (unit, answer.amount()) {
            (Unit::Count, Some(amount)) => amount.scaled < SMALLEST_SHOWN,
            _ => false,
        };
        if small && standing != Standing::Published {
            ShownValue(Inner::Hidden)
        } else {
            ShownValue(Inner::Whole { answer })
        }
    }

    /// A value that would tell a small one besides.
    pub fn hidden() -> ShownValue {
        ShownValue(Inner::Hidden)
    }

    /// The reporter's own figure on the reporter's own page, as sent.
    pub fn own(answer: Answer) -> ShownValue {
        ShownValue(Inner::Whole { answer })
    }

    /// The answer, absent when it is hidden.
    pub fn answer(&self) -> Option<&Answer> {
        match &self.0 {
            Inner::Whole { answer } => Some(answer),
            Inner::Hidden => None,
        }
    }
}

/// Where a figure comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The return's number in the store.
    pub return_id: i64,
    /// The file as it was sent.
    pub file: String,
    /// BLAKE3 of its bytes, in hexadecimal.
    pub digest: String,
    /// The row, the header being row 1.
    pub row: u64,
    /// The column.
    pub column: String,
    /// What document the file was copied from, in words.
    pub document: String,
}

/// An earlier or later answer to the same question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// What was answered then.
    pub value: ShownValue,
    /// The day it was true, when known.
    pub as_of: Option<Date>,
    /// `replaced by a later as-of date`, `corrected` or `withdrawn`.
    pub state: String,
    /// Who did so.
    pub who: String,
    /// When (UTC, ISO 8601).
    pub when: String,
    /// Why.
    pub why: String,
}

/// Who is in a sum that Clearway made, and what is left out of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Behind {
    /// The reporters with an exact number in it, by code.
    pub reporters: BTreeSet<String>,
    /// How many reporters were expected.
    pub expected: u32,
    /// Cells answered "unknown", which are not in it.
    pub unknown: u32,
    /// Cells answered "not collected", which are not in it.
    pub not_collected: u32,
    /// Cells with a qualifier ("more than 300"), which are not in it.
    pub qualified: u32,
}

/// One figure as the report may print it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportedFigure {
    /// Its name, as `clearway explain` takes it.
    pub id: FigureId,
    /// The counted unit's code.
    pub measure: String,
    /// The counted unit in words ("victims identified").
    pub measure_label: String,
    /// The days it covers.
    pub period: Period,
    /// What it is broken down by: code and label.
    pub dimensions: BTreeMap<Dimension, (String, String)>,
    /// Who states it: code and name.
    pub reporter: (String, String),
    /// What it counts in.
    pub unit: Unit,
    /// What may be shown.
    pub value: ShownValue,
    /// Published, submitted or synthetic.
    pub standing: Standing,
    /// Cell, or total stated by the table.
    pub part: Part,
    /// The definition version it was counted under.
    pub definition_version: String,
    /// Who reported and from when, in a sentence.
    pub coverage: String,
    /// The day it was true.
    pub as_of: Option<Date>,
    /// What the return says beside it.
    pub note: Option<String>,
    /// Where it comes from; several for a sum that Clearway made.
    pub sources: Vec<Source>,
    /// Whether Clearway summed it, instead of the source stating it.
    pub summed: bool,
    /// Who is in the sum and what is left out of it; absent for what a source states.
    pub behind: Option<Behind>,
    /// Other answers to the same question.
    pub revisions: Vec<Revision>,
}

/// A definition printed in the end notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DefinitionShown {
    /// Its code.
    pub code: String,
    /// The register's version under which figures were counted by it.
    pub version: String,
    /// Its label.
    pub label: String,
    /// Its text: what is counted, what is in, what is out.
    pub text: String,
    /// Where the text comes from; `unverified` when nobody has checked it.
    pub source: String,
}

/// A county on the map: its code, name and rings of (longitude, latitude).
#[derive(Debug, Clone, PartialEq)]
pub struct CountyShape {
    /// Its code in the register.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Rings of points, outer and inner alike (even-odd fill).
    pub rings: Vec<Vec<(f64, f64)>>,
}

/// A task force, for the coverage table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskForceShown {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its county's code.
    pub county: String,
    /// The first day for which it reports.
    pub reports_from: Option<Date>,
    /// What is special about its calendar, if anything.
    pub calendar_note: Option<String>,
}

/// One cell of the reporting record: did this reporter send this quarter?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// A return is in.
    Received,
    /// Expected and not in.
    Missing,
    /// In, after the due date.
    Late,
    /// Not expected: the reporter had not joined.
    NotExpected,
}

/// Who sent which quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportingRecord {
    /// The quarters, in order.
    pub quarters: Vec<Quarter>,
    /// Per reporter: code, name, and one entry for each quarter.
    pub rows: Vec<(String, String, Vec<Sent>)>,
    /// What the record cannot say, in a sentence.
    pub caution: String,
}

/// The findings of one return, or of the state as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QualitySection {
    /// The return's file name, or "The state as a whole".
    pub title: String,
    /// What the return holds, in a sentence (rows, cells answered, unknown, not collected).
    pub summary: String,
    /// Cells answered, of all cells.
    pub answered: (u64, u64),
    /// What rules saw, and what the source itself says.
    pub findings: Vec<Finding>,
}

/// One measure on the "Your quarter" page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnFigure {
    /// The own figure's name, so that the page can lead to its entry.
    pub id: FigureId,
    /// The name of the state's total, when there is one.
    pub state_id: Option<FigureId>,
    /// The counted unit, by its code.
    pub measure: String,
    /// What it is broken down by: codes, or names; an absent dimension means "all together".
    pub dimensions: BTreeMap<Dimension, String>,
    /// The counted unit in words.
    pub label: String,
    /// What the breakdown is ("sex trafficking"), empty for the total.
    pub breakdown: String,
    /// The own figure as sent.
    pub own: ShownValue,
    /// The own figure of the quarter before, when one was sent.
    pub before: Option<ShownValue>,
    /// The state's total.
    pub state: ShownValue,
    /// Reporters in the state's total, and reporters expected.
    pub coverage: (u32, u32),
}

/// "Your quarter": what one reporter sent, beside the state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YourQuarter {
    /// The reporter's name.
    pub reporter: String,
    /// The state quarter.
    pub quarter: Quarter,
    /// The days that the reporter counts for it; the state quarter's unless its calendar differs.
    pub own_period: Period,
    /// Always [`Standing::Synthetic`] in the demo.
    pub standing: Standing,
    /// The figures.
    pub figures: Vec<OwnFigure>,
    /// Where each of them, and each state's total beside them, comes from. They stand on this page
    /// alone: made-up figures never enter the report's list.
    pub entries: Vec<ReportedFigure>,
    /// Open questions to this reporter.
    pub questions: Vec<Finding>,
    /// Who has reported, in a sentence.
    pub coverage: String,
    /// Who sent which quarter.
    pub record: ReportingRecord,
}

/// Everything the state report says. Internal: not for publication; the public form takes
/// another type and comes with the release step.
#[derive(Debug, Clone, PartialEq)]
pub struct StateReport {
    /// The state's name.
    pub state: String,
    /// The period of the report, in its title.
    pub period: Period,
    /// The day up to which returns were taken in.
    pub as_of: Date,
    /// The register's version.
    pub definition_version: String,
    /// Every figure, ordered by id.
    pub figures: Vec<ReportedFigure>,
    /// Task forces, in the order of the register.
    pub task_forces: Vec<TaskForceShown>,
    /// The counties of the state.
    pub counties: Vec<CountyShape>,
    /// Who sent which quarter, when returns by quarter exist.
    pub record: Option<ReportingRecord>,
    /// The data-quality report, the state first.
    pub quality: Vec<QualitySection>,
    /// End notes on coverage, definitions and revisions.
    pub end_notes: Vec<String>,
    /// The definitions behind the figures.
    pub definitions: Vec<DefinitionShown>,
    /// "Your quarter", beside the report.
    pub your_quarter: Option<YourQuarter>,
    /// People on the lists of agencies, nobody counted twice, beside the report.
    pub people: Option<PeopleCounted>,
}
