//! `data-quality.html`: what the returns hold, and what is odd about them.
//!
//! In: the sections of the data-quality report. Out: a page, the state first, contradictions before
//! queries before notes. A finding is printed whole and counted once; a return that it touches too
//! leads to it. A finding that rests on the source's own words is marked as a source note.

use std::collections::BTreeSet;

use askama::Template;
use records::{Finding, Severity};

use super::Layout;
use crate::html::entry;
use crate::stamp::Stamp;
use crate::{QualitySection, ReportError, StateReport, words};

/// This many figures are named before the others are folded away.
const NAMED: usize = 6;

/// A finding with links to the figures that have an entry.
#[derive(Debug)]
pub(crate) struct FindingShown<'a> {
    pub(crate) finding: &'a Finding,
    /// Its name on the page, where others lead to it.
    pub(crate) anchor: Option<String>,
    pub(crate) severity: &'static str,
    pub(crate) rule: String,
    /// The first figures it touches, and those folded away.
    pub(crate) links: Vec<(String, &'a str)>,
    pub(crate) folded: Vec<(String, &'a str)>,
}

/// What a section says of a finding: the whole, or where the whole stands.
#[derive(Debug)]
enum Said<'a> {
    Whole(FindingShown<'a>),
    Again { severity: &'static str, anchor: String, text: &'a str },
}

/// One section.
#[derive(Debug)]
struct Section<'a> {
    anchor: String,
    section: &'a QualitySection,
    answered: Option<String>,
    percent: u64,
    findings: Vec<Said<'a>>,
}

#[derive(Debug, Template)]
#[template(path = "data-quality.html")]
struct Page<'a> {
    layout: Layout,
    tally: Vec<(&'static str, &'static str, usize)>,
    /// The state, and the returns of which something was found.
    sections: Vec<Section<'a>>,
    /// The returns of which nothing was found.
    clean: Vec<Section<'a>>,
}

/// Makes the page.
///
/// # Errors
///
/// [`ReportError::Page`] when the template fails.
pub(crate) fn page(report: &StateReport) -> Result<String, ReportError> {
    let known = entries(report);
    let mut findings: Vec<&Finding> = Vec::new();
    let sections = report.quality.iter().enumerate();
    let all: Vec<Section<'_>> = sections
        .map(|(position, section)| shown(position, section, &known, &mut findings))
        .collect();
    let is_clean =
        |section: &Section<'_>| section.anchor != "quality-0" && section.findings.is_empty();
    let (clean, sections) = all.into_iter().partition(is_clean);
    let page = Page {
        layout: Layout::new(report, Stamp::of(report), "data-quality.html", "Data quality"),
        tally: tally(&findings),
        sections,
        clean,
    };
    Ok(page.render()?)
}

/// The names of the figures that have an entry.
pub(crate) fn entries(report: &StateReport) -> BTreeSet<&str> {
    report.figures.iter().map(|figure| figure.id.0.as_str()).collect()
}

/// How many findings of each kind, each counted once: class, words, number.
fn tally(findings: &[&Finding]) -> Vec<(&'static str, &'static str, usize)> {
    [Severity::Contradiction, Severity::Query, Severity::Note]
        .into_iter()
        .map(|severity| {
            let number = findings.iter().filter(|finding| finding.severity == severity).count();
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

/// A section; what was found before is named again, not told again.
fn shown<'a>(
    position: usize,
    section: &'a QualitySection,
    known: &BTreeSet<&str>,
    told: &mut Vec<&'a Finding>,
) -> Section<'a> {
    let (answered, all) = section.answered;
    let mut sorted: Vec<&Finding> = section.findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut say = |found: &'a Finding| {
        let anchor = |number: usize| format!("finding-{}", number + 1);
        if let Some(number) = told.iter().position(|before| *before == found) {
            let severity = name(found.severity);
            return Said::Again { severity, anchor: anchor(number), text: &found.text };
        }
        told.push(found);
        let link = |id: &str| known.contains(id).then(|| entry(id));
        Said::Whole(FindingShown { anchor: Some(anchor(told.len() - 1)), ..finding(found, link) })
    };
    Section {
        anchor: format!("quality-{position}"),
        section,
        answered: (all > 0).then(|| format!("{answered} of {all} cells answered")),
        percent: (answered * 100).checked_div(all).unwrap_or(0).min(100),
        findings: sorted.into_iter().map(&mut say).collect(),
    }
}

/// A finding as a page shows it; `link` says where an id leads, if anywhere.
pub(crate) fn finding<'a>(
    finding: &'a Finding,
    link: impl Fn(&str) -> Option<String>,
) -> FindingShown<'a> {
    let mut links: Vec<(String, &str)> =
        finding.figures.iter().filter_map(|id| Some((link(&id.0)?, id.0.as_str()))).collect();
    let folded = links.split_off(links.len().min(NAMED));
    FindingShown {
        finding,
        anchor: None,
        severity: name(finding.severity),
        rule: words::capital(&finding.rule.replace('_', " ")),
        links,
        folded,
    }
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Query => "query",
        Severity::Contradiction => "contradiction",
    }
}
