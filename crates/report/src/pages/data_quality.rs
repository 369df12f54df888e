//! `data-quality.html`: what the returns hold, and what is odd about them.
//!
//! In: the sections of the data-quality report. Out: a page, the state first. A finding that
//! rests on the source's own words is marked as a source note.

use std::collections::BTreeSet;

use askama::Template;
use records::{Finding, Severity};

use super::Layout;
use crate::html::entry;
use crate::stamp::Stamp;
use crate::{QualitySection, ReportError, StateReport, words};

/// A finding with links to the figures that have an entry.
#[derive(Debug)]
pub(crate) struct FindingShown<'a> {
    pub(crate) finding: &'a Finding,
    pub(crate) severity: &'static str,
    pub(crate) rule: String,
    pub(crate) links: Vec<(String, &'a str)>,
}

/// One section.
#[derive(Debug)]
struct Section<'a> {
    anchor: String,
    section: &'a QualitySection,
    answered: Option<String>,
    percent: u64,
    findings: Vec<FindingShown<'a>>,
}

#[derive(Debug, Template)]
#[template(path = "data-quality.html")]
struct Page<'a> {
    layout: Layout,
    tally: Vec<(&'static str, &'static str, usize)>,
    sections: Vec<Section<'a>>,
}

/// Makes the page.
///
/// # Errors
///
/// [`ReportError::Page`] when the template fails.
pub(crate) fn page(report: &StateReport) -> Result<String, ReportError> {
    let known = entries(report);
    let sections = report.quality.iter().enumerate();
    let page = Page {
        layout: Layout::new(report, Stamp::of(report), "data-quality.html", "Data quality"),
        tally: tally(report),
        sections: sections.map(|(position, section)| shown(position, section, &known)).collect(),
    };
    Ok(page.render()?)
}

/// The names of the figures that have an entry.
pub(crate) fn entries(report: &StateReport) -> BTreeSet<&str> {
    report.figures.iter().map(|figure| figure.id.0.as_str()).collect()
}

/// How many findings of each kind: class, words, number.
fn tally(report: &StateReport) -> Vec<(&'static str, &'static str, usize)> {
    let findings = || report.quality.iter().flat_map(|section| &section.findings);
    [Severity::Contradiction, Severity::Query, Severity::Note]
        .into_iter()
        .map(|severity| {
            let number = findings().filter(|finding| finding.severity == severity).count();
            let words = match (severity, number) {
                (_, 1) => name(severity),
                (Severity::Note, _) => "notes",
                (Severity::Query, _) => "queries",
                (Severity::Contradiction, _) => "contradictions",
            };
            (name(severity), words, number)
        })
        .collect()
}

fn shown<'a>(position: usize, section: &'a QualitySection, known: &BTreeSet<&str>) -> Section<'a> {
    let (answered, all) = section.answered;
    Section {
        anchor: format!("quality-{position}"),
        section,
        answered: (all > 0).then(|| format!("{answered} of {all} cells answered")),
        percent: (answered * 100).checked_div(all).unwrap_or(0).min(100),
        findings: section.findings.iter().map(|found| finding(found, known)).collect(),
    }
}

/// A finding as a page shows it.
pub(crate) fn finding<'a>(finding: &'a Finding, known: &BTreeSet<&str>) -> FindingShown<'a> {
    FindingShown {
        finding,
        severity: name(finding.severity),
        rule: words::capital(&finding.rule.replace('_', " ")),
        links: finding
            .figures
            .iter()
            .filter(|id| known.contains(id.0.as_str()))
            .map(|id| (entry(&id.0), id.0.as_str()))
            .collect(),
    }
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Query => "query",
        Severity::Contradiction => "contradiction",
    }
}
