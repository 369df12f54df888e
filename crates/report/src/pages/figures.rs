//! `figures.html`: where does this number come from?
//!
//! In: every figure of the report. Out: one entry each, under its own name, in groups by measure
//! with an index of measures at the top and a list of numbers at the head of each group.

use askama::Template;

use super::Layout;
use super::entry::{Entry, definition, entry};
use crate::stamp::Stamp;
use crate::{DefinitionShown, ReportError, StateReport, words};

/// A group of at least this many entries begins with a list of them.
const LISTED: usize = 4;

/// The figures of one measure.
#[derive(Debug)]
struct Group<'a> {
    label: String,
    anchor: String,
    definition: Option<&'a DefinitionShown>,
    entries: Vec<Entry<'a>>,
}

impl Group<'_> {
    /// Whether a reader needs a list to find an entry.
    fn listed(&self) -> bool {
        self.entries.len() >= LISTED
    }
}

#[derive(Debug, Template)]
#[template(path = "figures.html")]
struct Page<'a> {
    layout: Layout,
    total: usize,
    groups: Vec<Group<'a>>,
}

/// Makes the page.
///
/// # Errors
///
/// [`ReportError::Page`] when the template fails.
pub(crate) fn page(report: &StateReport) -> Result<String, ReportError> {
    let title = "Where the numbers come from";
    let page = Page {
        layout: Layout::new(report, Stamp::of(report), "figures.html", title),
        total: report.figures.len(),
        groups: groups(report),
    };
    Ok(page.render()?)
}

/// The figures by measure, in the order of the measures' names; within a measure by breakdown
/// and period.
fn groups(report: &StateReport) -> Vec<Group<'_>> {
    let mut figures: Vec<_> = report.figures.iter().collect();
    figures.sort_by(|a, b| {
        (&a.measure, &a.dimensions, a.period).cmp(&(&b.measure, &b.dimensions, b.period))
    });
    let mut groups: Vec<Group<'_>> = Vec::new();
    for figure in figures {
        let anchor = format!("measure-{}", figure.measure);
        let findings = report.quality.iter().flat_map(|section| &section.findings);
        let entry = entry(report, figure, findings);
        match groups.iter_mut().find(|group| group.anchor == anchor) {
            Some(group) => group.entries.push(entry),
            None => groups.push(Group {
                label: words::capital(&crate::said::quoted(&figure.measure_label)),
                anchor,
                definition: definition(report, figure).map(|(_, definition)| definition),
                entries: vec![entry],
            }),
        }
    }
    groups.sort_by(|a, b| a.label.cmp(&b.label));
    groups
}
