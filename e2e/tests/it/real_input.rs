//! The thirteen real returns of 2012 → every figure the report states, and nothing else.
//!
//! What is expected comes from two places that know nothing of our mappings: numbers written out
//! here as the issue and the report name them (`stated`), and the tables themselves, read by a
//! small parser of this test (`tables`).

mod stated;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use crate::clearway::Desk;
use crate::figures::{self, Cell, Row};

/// The demo in a folder of its own, and its figures.
fn demo() -> (Desk, Vec<Row>) {
    let desk = Desk::new();
    let answer =
        desk.run(&["demo", "--no-serve", "--format", "json", "--out", "demo"]).exits(0).json();
    assert_eq!(answer["report"], "demo/report");
    let seconds = answer["seconds"].as_object().expect("seconds by phase");
    assert!(!seconds.is_empty() && seconds.values().all(|taken| taken.is_f64()), "{answer}");
    let rows = figures::read(&desk.read("demo/report/figures.csv"));
    assert_eq!(answer["figures"], rows.len());
    (desk, rows)
}

/// The real returns, imported one by one into a fresh database.
fn imported() -> (Desk, Vec<Row>) {
    let desk = Desk::new();
    desk.import_real();
    let rows = desk.report();
    (desk, rows)
}

#[test]
fn every_number_that_the_report_states_is_a_figure() {
    let (desk, rows) = imported();
    let missing: Vec<String> = stated::all()
        .into_iter()
        .filter(|stated| !rows.iter().any(|row| stated.is(row)))
        .map(|stated| format!("{stated:?}"))
        .collect();
    assert!(missing.is_empty(), "not in figures.csv:\n{}", missing.join("\n"));

    // And on the page, each at a link to where it comes from.
    let page = desk.read("report/index.html");
    let unprinted: Vec<String> = stated::all()
        .into_iter()
        .filter_map(|stated| {
            let row = rows.iter().find(|row| stated.is(row))?;
            let printed = links_to(&page, &row.id);
            let found = printed.iter().any(|text| stated.is_printed_as(text));
            (!found).then(|| format!("{}: {} is printed as {printed:?}", row.id, row.value))
        })
        .collect();
    assert!(unprinted.is_empty(), "not on the page:\n{}", unprinted.join("\n"));
}

#[test]
fn every_figure_is_a_cell_of_the_tables_and_every_cell_is_a_figure() {
    let (_desk, rows) = imported();
    let found: BTreeMap<Cell, &Row> = rows
        .iter()
        .map(|row| {
            let cells = row.cells();
            assert_eq!(cells.len(), 1, "a figure of the source stands in one cell: {row:?}");
            (cells[0].clone(), row)
        })
        .collect();
    assert_eq!(found.len(), rows.len(), "no cell gives two figures");
    let tables = tables::all();
    assert_eq!(tables.len(), 187, "counted cells of the thirteen files");
    let cells: BTreeSet<&Cell> = tables.iter().map(|expected| &expected.cell).collect();
    let invented: Vec<&Cell> = found.keys().filter(|cell| !cells.contains(cell)).collect();
    assert!(invented.is_empty(), "figures that stand in no counted cell: {invented:?}");

    let mut wrong = Vec::new();
    for expected in &tables {
        let Some(row) = found.get(&expected.cell) else {
            wrong.push(format!("no figure for {expected:?}"));
            continue;
        };
        let asked = (expected.measure, expected.period.as_str(), expected.value.as_str());
        if asked != (row.measure.as_str(), row.period.as_str(), row.value.as_str()) {
            wrong.push(format!("{expected:?} became {row:?}"));
        }
        let words = format!("{} {} {} {}", row.id, row.place, row.category, row.source);
        if !expected.marks.iter().all(|mark| words.contains(mark)) {
            wrong.push(format!("{expected:?} has other marks: {words}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_demo_publishes_the_real_returns_and_no_synthetic_number() {
    let (desk, rows) = demo();
    let (imported, _) = imported();
    assert_eq!(
        desk.read("demo/report/figures.csv"),
        imported.read("report/figures.csv"),
        "made-up returns beside them change nothing"
    );
    for row in &rows {
        assert!(row.source.contains("(published)"), "{row:?}");
        for text in [&row.id, &row.coverage, &row.source, &row.place, &row.category] {
            let text = text.to_lowercase();
            assert!(!text.contains("synthetic") && !text.contains("practice"), "{row:?}");
        }
        assert!(!row.id.contains(":state"), "no sum of ours stands beside 2012: {row:?}");
    }
    // The made-up quarter is there, and says so at every turn.
    let page = desk.read("demo/report/your-quarter.html").to_lowercase();
    assert!(page.contains("synthetic") && page.contains("made up"));
    for name in ["index.html", "figures.html", "data-quality.html", "figures.csv", "figures.json"] {
        let text = desk.read(&format!("demo/report/{name}")).to_lowercase();
        assert!(!text.contains("practice task force"), "a made-up reporter in {name}");
        assert!(!text.contains("practice-"), "a made-up reporter in {name}");
    }
    // Real totals of what task forces sent hold nothing made up either.
    desk.run(&["count", "--data", "demo/data"]).exits(1);
    let made_up = desk.run(&["count", "--data", "demo/data", "--practice", "--format", "json"]);
    let made_up = made_up.exits(0).json();
    let totals = made_up["totals"].as_array().expect("totals");
    assert!(totals.iter().all(|total| total["standing"] == "synthetic"));
    assert!(totals.iter().all(|total| !total["id"].as_str().unwrap_or("2012").contains(":2012")));
}

#[test]
fn the_demo_says_what_was_counted_and_what_was_not() {
    let desk = Desk::new();
    let said = desk.run(&["demo", "--no-serve"]).exits(0).out;
    let headline = "Identified 1,277; served 1,522; overlap not measured in 2012";
    assert!(said.contains(headline), "{said}");
    for file in ["report/index.html", "report/your-quarter.html"] {
        let path = format!("clearway-demo/{file}");
        assert!(desk.path(&path).is_file() && said.contains(&path), "{path} is there and named");
    }
    // As a number of its own: the made-up state's, which are others each time, may have these digits.
    let mut numbers = said.split(|c: char| !c.is_ascii_digit() && c != ',');
    assert!(
        numbers.all(|one| one != "245"),
        "the difference of identified and served is no overlap"
    );
    let page = desk.read("clearway-demo/report/index.html");
    assert!(!page.contains(">245<"), "the difference of identified and served is no overlap");
    assert!(page.contains("not in the source"), "missing quarters are marked, not made up");
}

/// The texts of a page's links to one figure.
fn links_to<'a>(page: &'a str, id: &str) -> Vec<&'a str> {
    let target = format!("href=\"figures.html#{id}\"");
    page.match_indices(&target)
        .filter_map(|(at, _)| {
            let rest = &page[at..];
            let text = &rest[rest.find('>')? + 1..];
            Some(&text[..text.find('<')?])
        })
        .collect()
}
