//! `your-quarter.html`: what one reporter sent, beside the state.
//!
//! In: a [`YourQuarter`]. Out: a page for that reporter alone: own figures as sent, the quarter
//! before, the state's total with how many reported, open questions and what to do about them,
//! who sent which quarter, and where each of these numbers comes from: its entry stands on this
//! page, because a made-up figure has none in the report. The state's totals hide small numbers as everywhere.

use std::collections::BTreeSet;

use askama::Template;
use records::{FigureId, Standing, Unit};

use super::Layout;
use super::data_quality::{FindingShown, entries, finding};
use super::entry::{Entry, entry};
use crate::html::{Html, escape, fragment};
use crate::stamp::{Badge, Stamp};
use crate::words::{self, Look};
use crate::{OwnFigure, ReportError, ReportingRecord, ShownValue, StateReport, YourQuarter};

/// One row: the own figure beside the others.
#[derive(Debug)]
struct OwnRow {
    breakdown: String,
    own: Html,
    before: Html,
    state: Html,
    coverage: String,
}

/// The rows of one measure: its total, when it was sent, and what it is broken down by.
#[derive(Debug)]
struct Group {
    label: String,
    rows: Vec<OwnRow>,
}

impl Group {
    /// Whether the measure needs a row of its own, because no total stands under its name.
    fn headed(&self) -> bool {
        self.rows.first().is_some_and(|row| !row.breakdown.is_empty())
    }
}

#[derive(Debug, Template)]
#[template(path = "your-quarter.html")]
struct Page<'a> {
    layout: Layout,
    own: &'a YourQuarter,
    badge: Badge,
    quarter: String,
    own_period: Option<String>,
    groups: Vec<Group>,
    questions: Vec<FindingShown<'a>>,
    record: &'a ReportingRecord,
    entries: Vec<Entry<'a>>,
}

/// Makes the page.
///
/// # Errors
///
/// [`ReportError::Page`] when the template fails.
pub(crate) fn page(report: &StateReport, own: &YourQuarter) -> Result<String, ReportError> {
    let stamp = Stamp::of(report).with(own.standing);
    let here: BTreeSet<&str> = own.entries.iter().map(|figure| figure.id.0.as_str()).collect();
    let known = entries(report);
    let question = |asked| finding(asked, |id| link(id, &here, &known));
    let differs = own.own_period != own.quarter.period();
    let page = Page {
        layout: Layout::new(report, stamp, "your-quarter.html", "Your quarter"),
        own,
        badge: Badge::from(own.standing),
        quarter: words::quarter(own.quarter),
        own_period: differs.then(|| words::period(&own.own_period)),
        groups: groups(own, &here),
        questions: own.questions.iter().map(question).collect(),
        record: &own.record,
        entries: own.entries.iter().map(|one| entry(report, one, own.questions.iter())).collect(),
    };
    Ok(page.render()?)
}

/// Where an id leads: to its entry on this page before its entry in the report.
fn link(id: &str, here: &BTreeSet<&str>, known: &BTreeSet<&str>) -> Option<String> {
    let on_this_page = here.contains(id).then(|| format!("#{}", fragment(id)));
    on_this_page.or_else(|| known.contains(id).then(|| crate::html::entry(id)))
}

fn groups(own: &YourQuarter, here: &BTreeSet<&str>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for figure in &own.figures {
        let label = words::capital(&crate::said::quoted(&figure.label));
        let row = row(own.standing, figure, here);
        match groups.iter_mut().find(|group| group.label == label) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { label, rows: vec![row] }),
        }
    }
    groups
}

fn row(standing: Standing, figure: &OwnFigure, here: &BTreeSet<&str>) -> OwnRow {
    let (reported, expected) = figure.coverage;
    let known = |id: &FigureId| here.contains(id.0.as_str()).then(|| fragment(&id.0));
    let state_id = figure.state_id.as_ref().and_then(known);
    OwnRow {
        breakdown: figure.breakdown.clone(),
        own: cell(standing, &figure.own, known(&figure.id)),
        before: match &figure.before {
            Some(before) => cell(standing, before, None),
            None => absent("not sent"),
        },
        state: if expected == 0 {
            absent("no state total")
        } else {
            cell(standing, &figure.state, state_id)
        },
        coverage: if expected == 0 {
            String::new()
        } else {
            format!("{reported} of {expected} reported")
        },
    }
}

/// What stands where there is no figure.
fn absent(words: &'static str) -> Html {
    Html::trusted(format!(r#"<span class="not-in-source">{words}</span>"#))
}

/// A value with its look, the mark of a made-up one, and the way to its entry on this page.
fn cell(standing: Standing, value: &ShownValue, entry: Option<String>) -> Html {
    let mark = match standing {
        Standing::Synthetic => r#" <span class="tag synthetic">synthetic</span>"#,
        Standing::Submitted => r#" <span class="tag internal">internal</span>"#,
        Standing::Published => "",
    };
    let (look, text) = (Look::of(value).class(), escape(&words::value(value, Unit::Count)));
    Html::trusted(match entry {
        Some(entry) => {
            format!(r##"<a class="fig {look}" href="#{}">{text}</a>{mark}"##, escape(&entry))
        }
        None => format!(r#"<span class="fig {look}">{text}</span>{mark}"#),
    })
}
