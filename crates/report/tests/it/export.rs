//! The figures as data.

use records::{Answer, Dimension, Unit};
use report::{COLUMNS, ShownValue, StateReport, figures_csv, figures_json};

use crate::sample;

fn rows(report: &StateReport) -> Vec<Vec<String>> {
    let text = figures_csv(report).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(
        reader.headers().unwrap().iter().collect::<Vec<_>>(),
        [
            "id",
            "measure",
            "period",
            "place",
            "category",
            "value",
            "unit",
            "definition_version",
            "coverage",
            "source"
        ]
    );
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn every_figure_is_a_row_that_reads_back() {
    let report = sample::report();
    let rows = rows(&report);
    assert_eq!(rows.len(), report.figures.len());
    for (row, figure) in rows.iter().zip(&report.figures) {
        assert_eq!(row.len(), COLUMNS.len());
        assert_eq!(row[0], figure.id.0);
        assert_eq!(row[1], figure.measure);
        assert_eq!(row[2].parse(), Ok(figure.period));
        assert_eq!(row[6], figure.unit.as_str());
        let answer = figure.value.answer().unwrap();
        if !matches!(answer, Answer::NotStated) {
            assert_eq!(&Answer::read(&row[5], figure.unit).unwrap(), answer);
        }
        assert!(row[9].contains(&figure.sources[0].digest));
    }
}

#[test]
fn a_row_says_where_and_of_what() {
    let report = sample::report();
    let row = rows(&report)
        .into_iter()
        .find(|row| row[0].contains("county=alameda") && row[1] == "conviction");
    let row = row.unwrap();
    assert_eq!(
        (row[3].as_str(), row[4].as_str(), row[5].as_str()),
        ("Alameda", "statute=Human trafficking", "52")
    );
    let whole = rows(&report)
        .into_iter()
        .find(|row| row[0] == "victim_served:2010-07-01/2012-06-30:cal-ema");
    assert_eq!(whole.unwrap()[3..6], ["California", "", "1522"]);
}

#[test]
fn a_text_that_looks_like_a_formula_is_written_as_text() {
    let mut report = sample::report();
    report.figures.truncate(1);
    let evil = "=HYPERLINK(\"x\")".to_owned();
    report.figures[0].dimensions = [(Dimension::Place, ("x".to_owned(), evil))].into();
    assert_eq!(rows(&report)[0][3], "'=HYPERLINK(\"x\")");
}

#[test]
fn a_hidden_figure_is_a_mark_in_both_files() {
    let mut report = sample::report();
    report.figures = vec![sample::small_figure()];
    assert_eq!(rows(&report)[0][5], "fewer than 11, hidden");
    let json: serde_json::Value = serde_json::from_str(&figures_json(&report).unwrap()).unwrap();
    assert_eq!(json["figures"][0]["value"], serde_json::json!({ "shown": "hidden" }));
    assert_eq!(json["stamp"], "internal: not for publication");
}

#[test]
fn zero_unknown_and_not_collected_are_three_values() {
    let mut report = sample::report();
    report.figures.truncate(3);
    let answers = [Answer::exactly(0), Answer::Unknown, Answer::NotCollected];
    for (figure, answer) in report.figures.iter_mut().zip(answers) {
        figure.unit = Unit::Count;
        figure.value = ShownValue::of(figure.standing, Unit::Count, answer);
    }
    let values: Vec<String> = rows(&report).into_iter().map(|mut row| row.swap_remove(5)).collect();
    assert_eq!(values, ["0", "unknown", "not collected"]);
}
