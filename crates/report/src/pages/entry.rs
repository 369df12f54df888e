//! One figure's entry: everything known of where its number comes from.
//!
//! In: a figure and the report around it. Out: [`Entry`], which `entry.html` prints: value,
//! definition and version, filters, returns by digest, coverage, revisions, and the findings that
//! touch it.

use records::{Finding, Part};

use crate::exhibits::statements::described;
use crate::html::anchor;
use crate::stamp::Badge;
use crate::words::{self, Look};
use crate::{DefinitionShown, ReportedFigure, Revision, Source, StateReport};

/// Everything known of one figure.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) anchor: String,
    pub(crate) id: &'a str,
    pub(crate) heading: String,
    /// What tells it from the other figures of its measure.
    pub(crate) line: String,
    pub(crate) value: String,
    pub(crate) look: &'static str,
    pub(crate) badge: Badge,
    pub(crate) definition: Option<(String, &'a DefinitionShown)>,
    pub(crate) version: &'a str,
    pub(crate) filters: Vec<(&'static str, String)>,
    pub(crate) sources: &'a [Source],
    pub(crate) coverage: &'a str,
    pub(crate) as_of: String,
    pub(crate) note: Option<&'a str>,
    pub(crate) part: &'static str,
    pub(crate) revisions: Vec<Earlier<'a>>,
    pub(crate) findings: Vec<&'a Finding>,
}

impl Entry<'_> {
    /// Whether its number is made up.
    pub(crate) fn synthetic(&self) -> bool {
        self.badge == Badge::Synthetic
    }
}

/// An answer that was given before or taken back.
#[derive(Debug)]
pub(crate) struct Earlier<'a> {
    pub(crate) value: String,
    pub(crate) told: &'a Revision,
    pub(crate) as_of: String,
}

/// A figure's entry; `findings` are those that may touch it.
pub(crate) fn entry<'a>(
    report: &'a StateReport,
    figure: &'a ReportedFigure,
    findings: impl Iterator<Item = &'a Finding>,
) -> Entry<'a> {
    let mut touching: Vec<&Finding> = Vec::new();
    for finding in findings.filter(|finding| finding.figures.contains(&figure.id)) {
        if !touching.contains(&finding) {
            touching.push(finding);
        }
    }
    Entry {
        anchor: anchor(&figure.id.0),
        id: &figure.id.0,
        heading: format!("{}, {}", described(figure), words::period(&figure.period)),
        line: line(figure, &report.state),
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
        findings: touching,
    }
}

/// The definition of what a figure counts, by the version it was counted under, with its name on
/// the page of definitions.
pub(crate) fn definition<'a>(
    report: &'a StateReport,
    figure: &ReportedFigure,
) -> Option<(String, &'a DefinitionShown)> {
    let of_measure = || {
        let all = report.definitions.iter().enumerate();
        all.filter(|(_, definition)| definition.code == figure.measure)
    };
    of_measure()
        .find(|(_, definition)| definition.version == figure.definition_version)
        .or_else(|| of_measure().next())
        .map(|at| super::definitions::named(report, at))
}

/// Period, place and breakdown, without the name of the measure.
fn line(figure: &ReportedFigure, state: &str) -> String {
    let mut parts = vec![words::capital(&words::period(&figure.period))];
    let broken_down = figure.dimensions.values().map(|(_, label)| label.clone());
    parts.extend(broken_down);
    if figure.dimensions.is_empty() {
        parts.push(state.to_owned());
    }
    if figure.part == Part::Total && !figure.summed {
        parts.push("total".to_owned());
    }
    parts.join(", ")
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
        (true, _) => "Added up by Clearway from the returns below.",
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
