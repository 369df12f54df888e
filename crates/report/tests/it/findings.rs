//! Findings: counted once, the weightiest first, long lists folded.

use records::FigureId;
use report::{QualitySection, Site, StateReport};

use crate::pages::{between, values};
use crate::sample;

/// The sample, whose returns name the state's findings again.
fn report() -> StateReport {
    let mut report = sample::report();
    let again = report.quality[0].findings[0].clone();
    report.quality[1].findings.push(again);
    let many: Vec<FigureId> =
        report.figures.iter().map(|figure| figure.id.clone()).take(48).collect();
    report.quality[0].findings[1].figures = many;
    report.quality.push(QualitySection {
        title: "clean.csv".into(),
        summary: "3 rows".into(),
        answered: (3, 3),
        findings: Vec::new(),
    });
    report
}

fn page() -> String {
    Site::of(&report()).unwrap().files.remove("data-quality.html").unwrap()
}

#[test]
fn each_finding_is_counted_and_told_once() {
    let page = page();
    let tally = between(&page, "<ul class=\"tally\">", "</ul>");
    let numbers: Vec<&str> = tally
        .split("<span class=\"big\">")
        .skip(1)
        .map(|part| part.split('<').next().unwrap())
        .collect();
    assert_eq!(numbers, ["1", "1", "1"], "a finding of the state and of a return is one finding");
    assert_eq!(page.matches("Print both; do not print their difference.").count(), 1);
    let again = between(&page, "class=\"found again query\"", "</li>");
    let target = values(again, "href")[0].strip_prefix('#').unwrap().to_owned();
    assert!(values(&page, "id").contains(&target.as_str()));
}

#[test]
fn contradictions_come_before_queries_before_notes() {
    let mut report = report();
    let mut all: Vec<_> =
        report.quality.iter().flat_map(|section| section.findings.clone()).collect();
    all.sort_by_key(|finding| finding.severity);
    report.quality[0].findings = all;
    let page = Site::of(&report).unwrap().files.remove("data-quality.html").unwrap();
    let state = between(&page, "id=\"quality-0\"", "</section>");
    let order: Vec<usize> = ["contradiction", "query", "note"]
        .iter()
        .map(|severity| state.find(&format!("<li class=\"found {severity}\"")).unwrap())
        .collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn a_long_list_of_figures_is_folded_after_six() {
    let page = page();
    let first = between(&page, "Riverside uses", "<details");
    assert_eq!(first.matches("<code>").count(), 6);
    assert!(page.contains("<summary>and 42 more</summary>"));
    let folded = between(&page, "<summary>and 42 more</summary>", "</details>");
    assert_eq!(folded.matches("<code>").count(), 42);
}

#[test]
fn a_return_without_findings_stands_in_a_table() {
    let page = page();
    let table = between(&page, "id=\"nothing-found\"", "</section>");
    assert!(table.contains("clean.csv") && table.contains("3 of 3 cells answered"));
}
