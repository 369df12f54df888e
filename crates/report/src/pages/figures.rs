//! `figures.html`: where does this number come from?
//!
//! In: every figure of the report. Out: one entry each, under its own name: value, definition and
//! version, filters, returns by digest, coverage, revisions, and the findings that touch it.

use askama::Template;
use records::{Finding, Part};

use super::Layout;
use crate::exhibits::statements::described;
use crate::html::anchor;
use crate::stamp::{Badge, Stamp};
use crate::words::{self, Look};
use crate::{DefinitionShown, ReportError, ReportedFigure, Revision, Source, StateReport};

/// Everything known of one figure.
#[derive(Debug)]
struct Entry<'a> {
    anchor: String,
    id: &'a str,
    heading: String,
    value: String,
    look: &'static str,
    badge: Badge,
    definition: Option<&'a DefinitionShown>,
    version: &'a str,
    filters: Vec<(&'static str, String)>,
    sources: &'a [Source],
    coverage: &'a str,
    as_of: String,
    note: Option<&'a str>,
    part: &'static str,
    revisions: Vec<Earlier<'a>>,
    findings: Vec<&'a Finding>,
}

/// An answer that was given before or taken back.
#[derive(Debug)]
struct Earlier<'a> {
    value: String,
    told: &'a Revision,
    as_of: String,
}

/// The figures of one measure.
#[derive(Debug)]
struct Group<'a> {
    label: String,
    anchor: String,
    definition: Option<&'a DefinitionShown>,
    entries: Vec<Entry<'a>>,
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

fn groups(report: &StateReport) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for figure in &report.figures {
        let anchor = format!("measure-{}", figure.measure);
        let entry = entry(report, figure);
        match groups.iter_mut().find(|group| group.anchor == anchor) {
            Some(group) => group.entries.push(entry),
            None => groups.push(Group {
                label: words::capital(&crate::said::quoted(&figure.measure_label)),
                anchor,
                definition: definition(report, figure),
                entries: vec![entry],
            }),
        }
    }
    groups
}

fn entry<'a>(report: &'a StateReport, figure: &'a ReportedFigure) -> Entry<'a> {
    Entry {
        anchor: anchor(&figure.id.0),
        id: &figure.id.0,
        heading: format!("{}, {}", described(figure), words::period(&figure.period)),
        value: words::value(&figure.value, figure.unit),
        look: Look::of(&figure.value).class(),
        badge: Badge::from(figure.standing),
        definition: definition(report, figure),
        version: &figure.definition_version,
        filters: filters(figure),
        sources: &figure.sources,
        coverage: &figure.coverage,
        as_of: figure.as_of.map_or_else(|| "not in the source".to_owned(), words::day),
        note: figure.note.as_deref(),
        part: part(figure),
        revisions: figure.revisions.iter().map(|told| earlier(figure, told)).collect(),
        findings: report
            .quality
            .iter()
            .flat_map(|section| &section.findings)
            .filter(|finding| finding.figures.contains(&figure.id))
            .collect(),
    }
}

/// The definition of what a figure counts.
fn definition<'a>(report: &'a StateReport, figure: &ReportedFigure) -> Option<&'a DefinitionShown> {
    report.definitions.iter().find(|definition| definition.code == figure.measure)
}

/// What the figure is limited to.
fn filters(figure: &ReportedFigure) -> Vec<(&'static str, String)> {
    let mut filters = vec![
        ("period", format!("{} ({})", words::period(&figure.period), figure.period)),
        ("reporter", figure.reporter.1.clone()),
        ("unit", figure.unit.as_str().to_owned()),
    ];
    for (dimension, (code, label)) in &figure.dimensions {
        let name = match dimension.as_str() {
            "task_force" => "task force",
            "trafficking_type" => "trafficking type",
            other => other,
        };
        let text = if code == label { label.clone() } else { format!("{label} ({code})") };
        filters.push((name, text));
    }
    filters
}

fn part(figure: &ReportedFigure) -> &'static str {
    match (figure.summed, figure.part) {
        (true, _) => "Summed by Clearway from the cells below.",
        (false, Part::Total) => "A total that the table states itself; checked, never summed.",
        (false, Part::Cell) => "Stated by its source.",
    }
}

fn earlier<'a>(figure: &ReportedFigure, told: &'a Revision) -> Earlier<'a> {
    Earlier {
        value: words::value(&told.value, figure.unit),
        told,
        as_of: told.as_of.map_or_else(|| "no as-of date".to_owned(), words::day),
    }
}
