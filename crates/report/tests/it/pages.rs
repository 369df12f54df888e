//! The pages: what stands on them, where it leads, and what never does.

use std::collections::BTreeSet;

use records::Standing;
use report::{Site, StateReport, write_site};

use crate::sample;

fn site(report: &StateReport) -> Site {
    Site::of(report).unwrap()
}

fn page(name: &str) -> String {
    site(&sample::report()).files.remove(name).unwrap()
}

/// Every value of an attribute.
pub(crate) fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let opening = format!(" {attribute}=\"");
    page.split(opening.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// The text between two marks, the first time.
pub(crate) fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    page.split_once(start).unwrap().1.split_once(end).unwrap().0
}

#[test]
fn the_first_screen_says_what_was_counted_and_what_was_not() {
    let index = page("index.html");
    for said in ["1,277", "1,522", "overlap not measured in 2012", "2,552", "1,798", "25,591"] {
        assert!(index.contains(said), "{said}");
    }
    let numbers = crate::words::text(&index);
    let mut numbers = numbers.split(|c: char| !c.is_ascii_digit() && c != ',');
    assert!(
        !numbers.any(|n| n == "245"),
        "the difference of served and identified is never printed"
    );
    insta::assert_snapshot!(
        "headline",
        between(&index, "<div class=\"pair\">", "<nav class=\"contents\"")
    );
}

#[test]
fn every_figure_the_2012_report_states_is_on_the_page() {
    let index = page("index.html");
    let stated = [
        "135",
        "390",
        "100",
        "304",
        "180",
        "377",
        "441",
        "113",
        "404",
        "263",
        "25",
        "194",
        "8,881",
        "235",
        "242",
        "29",
        "79",
        "112",
        "179",
        "52",
        "46%",
        "29%",
        "56%",
        "23%",
        "21%",
        "72%",
        "28%",
        "76%",
        "15%",
        "9%",
        "more than 1,000",
        "19,427",
        "1,869",
        "141",
        "2,945",
        "831",
        "more than 300",
        "650",
        "55",
        "3",
        "more than 230",
        "27",
        "web search",
    ];
    for number in stated {
        assert!(index.contains(&format!(">{number}</a>")), "{number}");
    }
}

#[test]
fn every_number_leads_to_its_entry() {
    let site = site(&sample::report());
    let entries: BTreeSet<&str> = values(&site.files["figures.html"], "id").into_iter().collect();
    let mut links = 0;
    for (name, page) in &site.files {
        for target in values(page, "href") {
            if let Some(id) = target.strip_prefix("figures.html#") {
                let id = id.replace("%20", "-");
                assert!(entries.contains(id.as_str()), "{name} leads to {id}");
                links += 1;
            } else if let Some(id) = target.strip_prefix('#') {
                assert!(values(page, "id").contains(&id), "{name} leads to #{id}");
            } else {
                let file = target.split('#').next().unwrap();
                assert!(site.files.contains_key(file), "{name} leads to {target}");
            }
        }
    }
    assert!(links > 150, "{links} links");
}

#[test]
fn names_on_a_page_are_unique() {
    let site = site(&sample::report());
    for (name, page) in site.files.iter().filter(|(name, _)| name.ends_with(".html")) {
        let ids = values(page, "id");
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{name}");
    }
}

#[test]
fn nothing_is_asked_of_the_network_and_nothing_runs() {
    for (name, page) in site(&sample::report()).files {
        for (attribute, value) in
            ["src", "href"].iter().flat_map(|a| values(&page, a).into_iter().map(move |v| (a, v)))
        {
            assert!(
                !value.contains("://") && !value.starts_with("//"),
                "{name}: {attribute} {value}"
            );
        }
        let page = page.to_lowercase();
        for word in [
            "<script",
            "<iframe",
            "<link rel=\"preconnect",
            "@import",
            "@font-face",
            "url(http",
            "url(//",
        ] {
            assert!(!page.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn every_page_is_stamped() {
    for (name, page) in site(&sample::report()).files {
        if name.ends_with(".html") {
            assert!(
                page.contains("<p class=\"band internal\">internal: not for publication</p>"),
                "{name}"
            );
            assert!(
                page.contains("<html lang=\"en\">") && page.contains("class=\"skip\""),
                "{name}"
            );
            assert_eq!(
                page.contains("<p class=\"band synthetic\">"),
                name == "your-quarter.html",
                "{name}"
            );
        }
    }
}

#[test]
fn made_up_figures_are_marked_wherever_they_are_shown() {
    let mut report = sample::report();
    for figure in &mut report.figures {
        figure.standing = Standing::Synthetic;
    }
    for (name, page) in site(&report).files {
        if name.ends_with(".html") {
            assert!(page.contains("<p class=\"band synthetic\">"), "{name}");
        }
        let figures = page.matches("<a class=\"fig ").count();
        let marked = page.matches("</a> <span class=\"tag synthetic\">synthetic</span>").count();
        assert_eq!(figures, marked, "{name}");
    }
}

#[test]
fn a_made_up_figure_never_stands_beside_a_real_one() {
    let mut report = sample::report();
    let mut made_up = sample::small_figure();
    made_up.standing = Standing::Synthetic;
    report.figures.push(made_up);
    let site = site(&report);
    assert!(
        !between(&site.files["index.html"], "id=\"chart-2\"", "</figure>").contains("synthetic")
    );
    assert!(site.files["figures.html"].contains("synthetic: made up for practice"));
    assert!(site.files["index.html"].contains("<p class=\"band synthetic\">"));
}

#[test]
fn what_was_sent_and_not_published_is_marked_internal() {
    let mut report = sample::report();
    for figure in report.figures.iter_mut().filter(|figure| figure.measure == "letter_issued") {
        figure.standing = Standing::Submitted;
    }
    let index = site(&report).files.remove("index.html").unwrap();
    let table = between(&index, "id=\"table-4\"", "</figure>");
    assert!(table.contains("<span class=\"badge internal\">internal: not for publication</span>"));
    assert!(table.contains("</a> <span class=\"tag internal\">internal</span>"));
}

#[test]
fn a_hidden_value_is_in_no_file() {
    let mut report = sample::report();
    let quiet = site(&report);
    report.figures.push(sample::small_figure());
    let loud = site(&report);
    for (name, page) in &loud.files {
        assert!(
            !page.contains("\"scaled\": 7,") || quiet.files[name].contains("\"scaled\": 7,"),
            "{name}"
        );
    }
    let id = "id=\"victim_identified:2012-Q1:small:sentinel\"";
    let entry = between(&loud.files["figures.html"], id, "</article>");
    assert!(entry.contains("fewer than 11, hidden"));
    let shown = between(entry, "class=\"entry-value\"", "</p>");
    assert!(!shown.contains('7') && !shown.contains('8'), "{shown}");
    let revisions = between(entry, "<dt>Revisions</dt>", "</dd>");
    assert!(
        revisions.contains("fewer than 11, hidden") && !revisions.contains(">8<"),
        "{revisions}"
    );
    let bar = between(&loud.files["index.html"], "id=\"chart-2\"", "</figure>");
    assert!(bar.contains("hidden-mark") && bar.contains("fewer than 11, hidden"));
}

#[test]
fn no_text_of_a_return_becomes_markup() {
    let evil = "<script>alert('x')</script>\"><img src=x>";
    let mut report = sample::report();
    report.state = evil.into();
    report.end_notes = vec![evil.into()];
    for figure in &mut report.figures {
        figure.measure_label = evil.into();
        figure.reporter.1 = evil.into();
        figure.coverage = evil.into();
        figure.note = Some(evil.into());
        figure.sources[0].file = evil.into();
        figure.sources[0].document = evil.into();
        for (_, label) in figure.dimensions.values_mut() {
            *label = evil.into();
        }
    }
    for county in &mut report.counties {
        county.name = evil.into();
    }
    for force in &mut report.task_forces {
        force.name = evil.into();
    }
    report.quality[0].title = evil.into();
    report.quality[0].findings[0].text = evil.into();
    for (name, page) in site(&report).files.iter().filter(|(name, _)| name.ends_with(".html")) {
        assert!(!page.contains("<script") && !page.contains("<img"), "{name}");
    }
}

#[test]
fn the_section_that_may_count_victims_is_set_apart() {
    let index = page("index.html");
    let table = between(&index, "id=\"table-2\"", "</figure>");
    insta::assert_snapshot!("table_2_last_row", between(table, "<tr class=\"apart\">", "</tr>"));
    assert!(table.contains("may themselves be victims of trafficking"));
    assert!(table.contains("repealed from 2023"));
    for sum in ["887", "9,768"] {
        assert!(!index.contains(sum), "the sections are never added up");
    }
}

#[test]
fn each_county_is_in_one_of_three_states() {
    let index = page("index.html");
    let map = between(&index, "id=\"county-map\"", "</figure>");
    assert!(map.contains("A number is stated") && map.contains("Named, no number stated"));
    assert!(map.contains("No report is not no cases"));
    assert!(map.contains("Del Norte"), "counties without a report are named");
}

#[test]
fn an_own_quarter_shows_own_small_numbers_and_hides_the_states() {
    let own = page("your-quarter.html");
    insta::assert_snapshot!(
        "own_minors",
        between(
            &own,
            "<tr class=\"breakdown\"><th scope=\"row\"><span class=\"vh\">Victims identified",
            "</tr>"
        )
    );
    for sent in ["received", "late", "missing", "not-expected"] {
        assert!(own.contains(&format!("<span class=\"sent {sent}\"><svg")), "{sent}");
    }
    assert!(own.contains("Correct the cell that is wrong"));
}

#[test]
fn a_measure_without_a_total_is_still_named() {
    let mut report = sample::report();
    let own = report.your_quarter.as_mut().unwrap();
    own.figures.retain(|figure| figure.breakdown == "minors");
    own.figures[0].coverage = (0, 0);
    let page = site(&report).files.remove("your-quarter.html").unwrap();
    assert!(page.contains(
        "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"5\">Victims identified</th></tr>"
    ));
    assert!(page.contains("no state total") && !page.contains("0 of 0"));
}

#[test]
fn coverage_that_differs_stands_with_its_period() {
    let mut report = sample::report();
    for figure in report.figures.iter_mut().filter(|figure| figure.measure == "victim_identified") {
        figure.coverage = format!("{} of 9 reported from 2010-07-01", figure.id.0.len() % 9);
    }
    let index = site(&report).files.remove("index.html").unwrap();
    let chart = between(&index, "id=\"chart-2\"", "</figure>");
    assert!(
        chart.contains("July–September 2010: ") && chart.contains("reported from July 1, 2010.")
    );
}

#[test]
fn a_report_without_figures_says_so() {
    let mut report = sample::report();
    report.figures.clear();
    report.counties.clear();
    report.task_forces.clear();
    let index = site(&report).files.remove("index.html").unwrap();
    assert!(index.contains("No figure in the returns for: Chart 1, Chart 2, Chart 3."));
    assert!(!index.contains("overlap not measured"));
}

#[test]
fn a_page_of_an_earlier_report_does_not_stay() {
    let dir = std::env::temp_dir().join(format!("clearway-report-{}", std::process::id()));
    let mut report = sample::report();
    let summary = write_site(&report, &dir).unwrap();
    assert!(summary.files.iter().all(|file| file.exists()));
    assert_eq!(summary.figures, report.figures.len());
    report.your_quarter = None;
    let summary = write_site(&report, &dir).unwrap();
    assert!(!dir.join("your-quarter.html").exists());
    assert_eq!(summary.files.len(), 7);
    std::fs::remove_dir_all(&dir).unwrap();
}
