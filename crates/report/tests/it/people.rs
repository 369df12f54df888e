//! "Nobody counted twice": what the page says, what it hides, and where it stands.

use std::collections::BTreeSet;

use proptest::prelude::*;
use report::{
    PEOPLE_COLUMNS, PeopleCell, PeopleCounted, Site, StateReport, Truth, people_csv, people_json,
    write_site,
};

use crate::pages::{between, values};
use crate::words::text;
use crate::{people_sample, sample};

fn files(report: &StateReport) -> std::collections::BTreeMap<&'static str, String> {
    Site::of(report).unwrap().files
}

fn page() -> String {
    files(&people_sample::report()).remove("people.html").unwrap()
}

fn with(people: PeopleCounted) -> StateReport {
    StateReport { people: Some(people), ..sample::report() }
}

/// The text of a page, white space as a reader sees it.
fn said(markup: &str) -> String {
    text(markup).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn titles(page: &str) -> Vec<String> {
    page.split("<h3").skip(1).map(|rest| said(between(rest, ">", "</h3>"))).collect()
}

#[test]
fn titles_say_the_finding() {
    let page = page();
    let first = said(between(&page, "<h1>", "</h1>"));
    assert_eq!(first.replace(" synthetic", ""), "1,742 records, between 1,201 and 1,688 people");
    insta::assert_snapshot!(titles(&page).join("\n").replace(" synthetic", ""));
}

#[test]
fn a_range_is_said_as_far_as_it_is_shown() {
    for ((low, high), finding) in [
        ((20, 30), "40 records, between 20 and 30 people"),
        ((30, 30), "40 records, 30 people"),
        ((4, 30), "40 records, at most 30 people"),
        ((4, 9), "40 records, fewer than 11, hidden people"),
    ] {
        let people =
            PeopleCounted { raw: 40, low, high, synthetic: false, ..people_sample::people() };
        let page = files(&with(people)).remove("people.html").unwrap();
        assert_eq!(said(between(&page, "<h1>", "</h1>")), finding);
    }
}

#[test]
fn sex_and_labor_stand_apart_before_anything_else() {
    let page = page();
    let exhibits: Vec<&str> = page
        .split("<figure class=\"exhibit")
        .skip(1)
        .map(|rest| between(rest, "id=\"", "\""))
        .collect();
    assert_eq!(
        exhibits,
        [
            "range",
            "by-trafficking_type",
            "by-age",
            "by-gender",
            "by-ethnicity",
            "by-county",
            "kinds-of-list",
            "overlaps",
            "seen-by",
            "quarters",
            "agencies",
            "check"
        ]
    );
    let chart = between(&page, "id=\"by-trafficking_type\"", "</svg>");
    let at = |class: &str| chart.find(class).unwrap();
    assert!(at("bar sex") < at("point sex"));
    assert!(at("point sex") < at("bar labor") && at("point labor") < at("bar other"));
}

#[test]
fn no_group_of_ethnicity_is_told_before_another() {
    let page = page();
    let exhibit = between(&page, "id=\"by-ethnicity\"", "</figure>");
    let title = said(between(exhibit, "<h3 id=\"by-ethnicity-title\">", "</h3>"));
    assert_eq!(title, "Ethnicity: three groups, in alphabetical order");
    for part in [between(exhibit, "<svg", "</svg>"), between(exhibit, "<tbody>", "</tbody>")] {
        let places: Vec<_> =
            ["Asian", "Black", "White"].map(|name| part.find(name).unwrap()).into();
        assert!(places.is_sorted());
    }
}

#[test]
fn every_drawing_has_an_equal_table_and_all_that_stands_beside_it() {
    for exhibit in page().split("<figure class=\"exhibit").skip(1) {
        let exhibit = exhibit.split("</figure>").next().unwrap();
        for beside in
            ["class=\"subtitle\"", "<table>", "<strong>Source:</strong>", "As of January 31, 2027."]
        {
            assert!(exhibit.contains(beside), "{beside}");
        }
        let rows = between(exhibit, "<tbody>", "</tbody>").replace('<', " <");
        let in_table = numbers(&said(&rows));
        for svg in exhibit.split("<svg ").skip(1) {
            for number in numbers(between(svg, "<desc", "</desc>").split_once('>').unwrap().1) {
                assert!(number == 11 || in_table.contains(&number), "{number} is drawn alone");
            }
        }
    }
}

#[test]
fn both_ends_of_a_trend_say_how_many_agencies_sent() {
    assert!(page().contains(
        "Five agencies sent for January–March 2026 and five for October–December 2026; four for both."
    ));
}

#[test]
fn made_up_numbers_are_marked_each() {
    let files = files(&people_sample::report());
    let page = &files["people.html"];
    assert!(page.contains("<p class=\"band synthetic\"><strong>Synthetic.</strong>"));
    // The key at the end has three examples, which are numbers of nobody.
    let numbers = page.matches("<span class=\"fig ").count() - 3;
    let marks = page.matches("</span> <span class=\"tag synthetic\">synthetic</span>").count();
    assert_eq!(numbers, marks);
    assert!(numbers > 80, "{numbers}");
    let drawings = page.matches("<svg ").count();
    assert_eq!(page.matches(">synthetic: made up for practice</text>").count(), drawings);
    let index = &files["index.html"];
    assert!(index.contains("<strong>Synthetic in part.</strong>"));
    let panel = between(index, "<section class=\"people-panel made-up\"", "</section>");
    assert_eq!(
        panel.matches("<span class=\"fig ").count(),
        panel.matches("<span class=\"tag synthetic\">").count()
    );
}

#[test]
fn a_real_count_is_internal_and_nowhere_synthetic() {
    let real = PeopleCounted { synthetic: false, ..people_sample::people() };
    let mut report = with(real);
    report.your_quarter = None;
    let files = files(&report);
    for name in ["people.html", "index.html", "people.json", "people.csv"] {
        let text = files[name].to_lowercase().replace("\"synthetic\": false", "");
        assert!(!text.contains("synthetic"), "{name}");
    }
    let page = &files["people.html"];
    assert!(page.contains("<span class=\"badge internal\">internal: not for publication</span>"));
    assert!(!page.contains("id=\"truth\""), "nobody knows the truth of a real state");
    for name in ["people.html", "people.json", "people.csv"] {
        assert!(!numbers(&files[name]).contains(&2963), "{name}");
    }
}

#[test]
fn what_is_true_stands_at_the_end_and_nowhere_else() {
    let files = files(&people_sample::report());
    let page = &files["people.html"];
    let (count, truth) = page.split_once("<section class=\"part\" id=\"truth\"").unwrap();
    assert!(!truth.contains("<section"), "nothing follows it");
    assert!(truth.contains("Check of the method: what is really true of this made-up state"));
    for number in [1377, 2963] {
        assert!(numbers(&said(truth)).contains(&number));
        assert!(!numbers(&said(count)).contains(&number));
        assert!(!numbers(&said(&files["index.html"])).contains(&number));
    }
    let rows: Vec<&str> = files["people.csv"].lines().collect();
    let first = rows.iter().position(|row| row.starts_with("check_of_the_method")).unwrap();
    assert_eq!(rows.len() - first, 2);
    let json = &files["people.json"];
    assert!(json.find("\"truth\"").unwrap() > json.find("\"annotations\"").unwrap());
}

#[test]
fn the_check_says_whether_the_range_holds() {
    for (people_listed, said) in [
        (1377, "The range holds the true number"),
        (1200, "The true number lies below the range"),
        (1689, "The true number lies above the range"),
        (3, "What is true, as far as it may be shown"),
    ] {
        let truth = Some(Truth { people_listed, people_hidden: 20 });
        let people = PeopleCounted { truth, ..people_sample::people() };
        let page = files(&with(people)).remove("people.html").unwrap();
        assert_eq!(titles(&page).last().unwrap(), said);
    }
}

#[test]
fn without_a_count_the_report_is_as_before() {
    let mut report = people_sample::report();
    let (with, without) = (files(&report), {
        report.people = None;
        files(&report)
    });
    assert!(without.keys().all(|name| !name.starts_with("people")));
    assert!(without.values().all(|page| !page.contains("people.html")));
    let index = &with["index.html"];
    let (before, after) = index.split_once("\n<section class=\"people-panel").unwrap();
    let after = after.split_once("</section>\n").unwrap().1;
    let link = "\n<li><a href=\"people.html\">Nobody counted twice (synthetic)</a></li>";
    let band = between(index, "<p class=\"band synthetic\">", "\n");
    let bare = format!("{before}{after}")
        .replace(link, "")
        .replace(&format!("<p class=\"band synthetic\">{band}\n"), "")
        .replace("stamp-internal stamp-part", "stamp-internal");
    let lines = |page: &str| -> Vec<String> {
        page.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    assert_eq!(lines(&bare), lines(&without["index.html"]));
}

#[test]
fn a_page_of_an_earlier_count_does_not_stay() {
    let dir = std::env::temp_dir().join(format!("clearway-people-{}", std::process::id()));
    let mut report = people_sample::report();
    write_site(&report, &dir).unwrap();
    for name in ["people.html", "people.csv", "people.json"] {
        assert!(dir.join(name).exists(), "{name}");
    }
    report.people = None;
    write_site(&report, &dir).unwrap();
    for name in ["people.html", "people.csv", "people.json"] {
        assert!(!dir.join(name).exists(), "{name}");
    }
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn links_lead_somewhere_and_names_are_unique() {
    let files = files(&people_sample::report());
    for name in ["people.html", "index.html"] {
        let page = &files[name];
        let ids = values(page, "id");
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{name}");
        for target in values(page, "href") {
            match target.strip_prefix('#') {
                Some(id) => assert!(ids.contains(&id), "{name}: #{id}"),
                None => assert!(files.contains_key(target.split('#').next().unwrap()), "{target}"),
            }
        }
        assert!(!page.contains("<script") && !page.contains("://"), "{name}");
    }
}

#[test]
fn the_page_says_people() {
    let page = text(&page()).to_lowercase();
    // The name of a kind of list, and of a kind of legal entity.
    let own = page.replace("victim-service", "");
    assert!(!own.contains("victim"));
}

#[test]
fn no_text_of_a_count_becomes_markup_or_a_formula() {
    let evil = "=<script>alert('x')</script>\"><img src=x>";
    let mut people = people_sample::people();
    people.why = vec![evil.into()];
    people.annotations = vec![evil.into()];
    people.definition_version = evil.into();
    for list in &mut people.lists {
        list.label = evil.into();
    }
    for by in &mut people.by {
        by.label = evil.into();
        by.rows[0].label = evil.into();
    }
    for agency in &mut people.coverage {
        agency.label = evil.into();
        agency.legal_entity = evil.into();
        agency.mode = evil.into();
    }
    let csv = people_csv(&people).unwrap();
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    for row in rows.records() {
        assert!(row.unwrap().iter().all(|cell| !cell.starts_with('=')));
    }
    let files = files(&with(people));
    for name in ["people.html", "index.html"] {
        assert!(!files[name].contains("<script") && !files[name].contains("<img"), "{name}");
    }
}

#[test]
fn every_number_is_a_row_of_data() {
    let people = people_sample::people();
    let csv = people_csv(&people).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), PEOPLE_COLUMNS);
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let find = |table: &str, code: &str, measure: &str| {
        let found = |row: &&Vec<String>| row[0] == table && row[2] == code && row[4] == measure;
        rows.iter().find(found).unwrap_or_else(|| panic!("{table} {code} {measure}"))
    };
    assert_eq!(find("total", "", "people_at_most")[5], "1688");
    assert_eq!(find("by", "sex", "people_at_most")[5], "930");
    assert_eq!(find("overlap", "prosecutor + labor_agency", "people")[5], "fewer than 11, hidden");
    assert_eq!(find("quarter", "2026-Q2", "records")[5..7], ["431", "2026-Q2"]);
    assert_eq!(
        find("list", "hotline", "records")[6..],
        ["2026-Q1/2026-Q4", "2026.1", "2027-01-31", "synthetic"]
    );
    let json: serde_json::Value =
        serde_json::from_str(&people_json(&people_sample::report(), &people).unwrap()).unwrap();
    assert_eq!(json["stamp"], "internal: not for publication");
    assert_eq!(json["people"]["raw"], serde_json::json!({ "shown": "whole", "number": 1742 }));
    let by = &json["people"]["by"][0]["rows"][0];
    assert!(by.to_string().contains("people_at_most"), "{by}");
    assert_eq!(json["people"]["overlaps"][5]["people"], serde_json::json!({ "shown": "hidden" }));
    // Written by itself, too, the count hides what is small.
    assert_eq!(serde_json::to_value(&people).unwrap(), json["people"]);
}

#[test]
fn hidden_numbers_stand_in_no_order() {
    let mut people = people_sample::people();
    let rows = |people: PeopleCounted| {
        let page = files(&with(people)).remove("people.html").unwrap();
        let seen = between(&page, "id=\"seen-by\"", "</figure>").to_owned();
        between(&seen, "<tbody>", "</tbody>").to_owned()
    };
    let before = rows(people.clone());
    people.histories.reverse();
    people.histories[0].people = 9;
    people.histories[1].people = 2;
    assert_eq!(rows(people), before);
}

#[test]
fn a_count_of_nothing_is_a_page_too() {
    let people = PeopleCounted {
        why: Vec::new(),
        lists: Vec::new(),
        overlaps: Vec::new(),
        histories: Vec::new(),
        by: Vec::new(),
        quarters: Vec::new(),
        coverage: Vec::new(),
        annotations: Vec::new(),
        truth: None,
        ..people_sample::people()
    };
    let page = files(&with(people)).remove("people.html").unwrap();
    assert!(page.contains("The count names no agencies."));
    assert!(!page.contains("Which lists they are on") && !page.contains("Since this count"));
}

#[test]
fn a_long_table_is_drawn_in_part() {
    let mut people = people_sample::people();
    let county = people.by.iter_mut().find(|by| by.field == "county").unwrap();
    county.rows = (0..58)
        .map(|at| report::PeopleRow {
            code: format!("county-{at}"),
            label: format!("County {at:02}"),
            cell: PeopleCell { records: 100 + at, people: 90 + at },
        })
        .collect();
    let page = files(&with(people)).remove("people.html").unwrap();
    let exhibit = between(&page, "id=\"by-county\"", "</figure>");
    assert!(exhibit.contains("drawn: the 24 rows with the most people, in the order of the table"));
    let wide = between(exhibit, "<svg class=\"wide\"", "</svg>");
    assert_eq!(wide.matches("<rect class=\"bar").count(), 24);
    assert!(!wide.contains("County 33<") && wide.contains("County 34<"));
    assert_eq!(between(exhibit, "<tbody>", "</tbody>").matches("<tr>").count(), 58);
}

/// Every whole number in a text.
fn numbers(text: &str) -> Vec<u64> {
    text.split(|c: char| !c.is_ascii_digit() && c != ',')
        .filter_map(|run| run.replace(',', "").parse().ok())
        .collect()
}

/// A count of which every number of people and records is taken from these, and whose words have no
/// digits.
fn made_of(numbers: &[u64]) -> PeopleCounted {
    let mut numbers = numbers.iter().copied().cycle();
    let mut next = || numbers.next().unwrap();
    let mut people = people_sample::people();
    people.definition_version = "first".into();
    people.why.clear();
    people.annotations.clear();
    for number in [&mut people.raw, &mut people.low, &mut people.high, &mut people.unduplicated] {
        *number = next();
    }
    for list in &mut people.lists {
        list.agencies = 40;
        for number in
            [&mut list.records, &mut list.coded, &mut list.totals_only, &mut list.also_elsewhere]
        {
            *number = next();
        }
    }
    people.overlaps.iter_mut().for_each(|overlap| overlap.people = next());
    people.histories.iter_mut().for_each(|history| history.people = next());
    let rows = people.by.iter_mut().flat_map(|by| &mut by.rows).map(|row| &mut row.cell);
    for cell in rows.chain(people.quarters.iter_mut().map(|(_, cell)| cell)) {
        *cell = PeopleCell { records: next(), people: next() };
    }
    for agency in &mut people.coverage {
        agency.submissions = 25;
        (agency.coded, agency.totals_only) = (next(), next());
    }
    people.truth = Some(Truth { people_listed: next(), people_hidden: next() });
    people
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// No number of people or records under 11 is anywhere: not in a cell, a title, a drawing or its
    /// description, the first page's panel, nor the data.
    #[test]
    fn no_small_number_is_anywhere(small in prop::collection::vec(0u64..=10, 1..60)) {
        let mut report = with(made_of(&small));
        report.figures.clear();
        let files = files(&report);
        let index = &files["index.html"];
        let panel = between(index, "<section class=\"people-panel", "</section>");
        // Ids and the sizes of drawings are attributes; words are all that a reader is told.
        for markup in [files["people.html"].as_str(), panel] {
            // The dates of the page are not numbers of people.
            let told = said(markup).replace("January 31, 2027", "").replace("1,234", "");
            let told = told.replace(&said(between(&files["people.html"], "<footer>", "</footer>")), "");
            prop_assert!(numbers(&told).iter().all(|number| *number > 10), "{:?}", numbers(&told));
        }
        for row in csv::Reader::from_reader(files["people.csv"].as_bytes()).records() {
            prop_assert_eq!(&row.unwrap()[5], "fewer than 11, hidden");
        }
        prop_assert!(!files["people.json"].contains("\"number\""));
    }

    /// Hiding one number hides no other: what is 11 or more stands in the data as it is.
    #[test]
    fn what_may_be_shown_is_shown(mixed in prop::collection::vec(0u64..30, 1..60)) {
        let people = made_of(&mixed);
        let csv = people_csv(&people).unwrap();
        let shown: Vec<Option<u64>> = csv::Reader::from_reader(csv.as_bytes())
            .records()
            .map(|row| row.unwrap()[5].parse().ok())
            .collect();
        prop_assert!(shown.iter().flatten().all(|number| *number >= 11));
        let by = people.by.iter().flat_map(|by| &by.rows);
        let cells = by.flat_map(|row| [row.cell.records, row.cell.people]);
        let expected: Vec<Option<u64>> =
            [people.raw, people.low, people.unduplicated, people.high]
                .into_iter()
                .chain(cells)
                .map(|number| (number >= 11).then_some(number))
                .collect();
        prop_assert_eq!(&shown[..expected.len()], &expected[..]);
    }
}
