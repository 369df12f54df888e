//! "Your quarter" leads to its own entries, and what is made up stays on that page.

use records::{Answer, Dimension, FigureId, Standing, Unit};
use report::{ReportedFigure, ShownValue, Site, StateReport};

use crate::pages::{between, values};
use crate::{returns_sample, sample};

/// The sample with an entry for every number of the page.
fn report() -> StateReport {
    let mut report = sample::report();
    let own = report.your_quarter.as_mut().unwrap();
    let entry = |id: &FigureId, value: &ShownValue, summed: bool| {
        let by = [(Dimension::TaskForce, "practice-1")];
        let mut entry =
            returns_sample::sent("investigation_initiated", "2026-Q3", &by, Answer::Unknown);
        entry.id = id.clone();
        entry.value = value.clone();
        entry.standing = Standing::Synthetic;
        entry.unit = Unit::Count;
        entry.summed = summed;
        entry
    };
    for figure in &mut own.figures {
        own.entries.push(entry(&figure.id, &figure.own, false));
        let state = FigureId(figure.id.0.replace("practice-1", "practice-state"));
        own.entries.push(entry(&state, &figure.state, true));
        figure.state_id = Some(state);
    }
    own.questions[0].figures = vec![own.figures[0].id.clone()];
    report
}

#[test]
fn every_number_of_the_page_leads_to_an_entry_on_it() {
    let report = report();
    let site = Site::of(&report).unwrap();
    let page = &site.files["your-quarter.html"];
    let table = between(page, "id=\"figures\"", "</table>");
    let links: Vec<&str> =
        values(table, "href").into_iter().map(|target| target.strip_prefix('#').unwrap()).collect();
    assert_eq!(links.len(), 2 * report.your_quarter.as_ref().unwrap().figures.len());
    let ids = values(between(page, "id=\"where-from\"", "</main>"), "id");
    for link in links {
        assert!(ids.contains(&link), "{link}");
    }
    let question = between(page, "id=\"questions\"", "</section>");
    assert!(question.contains("<a href=\"#investigations_initiated"), "a question leads there too");
}

#[test]
fn every_entry_and_number_of_a_made_up_quarter_is_marked() {
    let site = Site::of(&report()).unwrap();
    let page = &site.files["your-quarter.html"];
    let entries = between(page, "id=\"where-from\"", "</main>");
    assert_eq!(
        entries.matches("<article class=\"entry\"").count(),
        entries
            .matches("<span class=\"badge synthetic\">synthetic: made up for practice</span>")
            .count()
    );
    let table = between(page, "id=\"figures\"", "</table>");
    assert_eq!(
        table.matches("class=\"fig ").count(),
        table.matches("<span class=\"tag synthetic\">synthetic</span>").count()
    );
}

#[test]
fn what_is_made_up_stays_on_its_page() {
    let report = report();
    let made_up: Vec<&ReportedFigure> =
        report.your_quarter.iter().flat_map(|own| &own.entries).collect();
    assert!(!made_up.is_empty());
    for (name, text) in Site::of(&report).unwrap().files {
        let own = name == "your-quarter.html";
        assert_eq!(text.contains("<p class=\"band synthetic\">"), own, "{name}");
        assert_eq!(text.contains("<body class=\"stamp-internal stamp-synthetic\">"), own, "{name}");
        if !own {
            for figure in &made_up {
                assert!(!text.contains(&figure.id.0), "{name} holds {}", figure.id);
            }
            assert!(!text.contains("practice-1"), "{name}");
        }
        if name.ends_with(".html") {
            assert!(
                text.contains("Your quarter (synthetic)"),
                "{name}: the navigation says what it is"
            );
        }
    }
}

#[test]
fn a_real_quarter_is_internal_and_not_made_up() {
    let mut report = report();
    let own = report.your_quarter.as_mut().unwrap();
    own.standing = Standing::Submitted;
    for entry in &mut own.entries {
        entry.standing = Standing::Submitted;
    }
    for (name, text) in Site::of(&report).unwrap().files {
        assert!(!text.contains("band synthetic\">") && !text.contains("(synthetic)"), "{name}");
    }
}
