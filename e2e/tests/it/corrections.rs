//! Returns taken back, brought back, corrected and revised: nothing is lost, and who did what,
//! when and why is kept.

use serde_json::Value;

use crate::clearway::Desk;
use crate::figures::Row;

const FRESNO: &str = "victim_identified:2012-Q1:fresno";
const STATE: &str = "victim_identified:2012-Q1:state";

/// A return of one task force about one quarter.
fn one(reporter: &str, value: &str, as_of: &str) -> String {
    format!(
        "measure,reporter,period,value,as_of\nvictim_identified,{reporter},2012-Q1,{value},{as_of}\n"
    )
}

/// Fresno says 40 (return 1), Orange 50 (return 2).
fn two_returns() -> Desk {
    let desk = Desk::new();
    desk.write("fresno.csv", one("fresno", "40", "2012-04-15"));
    desk.write("orange.csv", one("orange", "50", "2012-04-15"));
    desk.run(&["import", "fresno.csv", "orange.csv"]).exits(0);
    desk
}

fn value(rows: &[Row], id: &str) -> Option<String> {
    rows.iter().find(|row| row.id == id).map(|row| row.value.clone())
}

fn sum(desk: &Desk) -> i64 {
    let answer = desk.run(&["count", "--format", "json"]).exits(0).json();
    let totals = answer["totals"].as_array().expect("totals");
    let state = totals.iter().find(|total| total["id"] == STATE).expect("the state's total");
    state["sum"].as_i64().expect("a sum")
}

fn explain(desk: &Desk, id: &str) -> Value {
    desk.run(&["explain", id, "--format", "json"]).exits(0).json()
}

/// A number in the JSON of a shown value.
fn number(value: &Value) -> Option<i64> {
    value["answer"]["amount"]["scaled"].as_i64()
}

fn returns(desk: &Desk) -> Vec<Value> {
    let answer = desk.run(&["returns", "--format", "json"]).exits(0).json();
    answer.as_array().expect("returns").clone()
}

#[test]
fn a_withdrawn_return_counts_no_more_until_it_is_brought_back() {
    let desk = two_returns();
    let before = desk.report();
    assert_eq!(value(&before, FRESNO).as_deref(), Some("40"));
    assert_eq!(sum(&desk), 90);

    desk.run(&["withdraw", "1", "--why", "sent for the wrong quarter"]).exits(0);
    let without = desk.report();
    assert_eq!(value(&without, FRESNO), None, "gone from the report");
    assert_eq!(value(&without, STATE).as_deref(), Some("50"));
    assert_eq!(sum(&desk), 50);
    let first = &returns(&desk)[0];
    assert_eq!(first["state"], "withdrawn");
    let act = first["acts"].as_array().and_then(|acts| acts.last()).expect("an act");
    assert_eq!((&act["act"], &act["who"]), (&"withdrawn".into(), &"tester".into()));
    assert_eq!(act["why"], "sent for the wrong quarter");
    assert!(act["at"].as_str().is_some_and(|at| at.ends_with('Z')), "when: {act}");

    // Neither twice, nor quietly back by sending the same bytes again.
    desk.run(&["withdraw", "1", "--why", "again"]).exits(1);
    let again = desk.run(&["import", "fresno.csv", "--format", "json"]).exits(0).json();
    assert_eq!(again["files"][0]["outcome"], "already");
    assert_eq!(sum(&desk), 50);

    desk.run(&["withdraw", "1", "--undo", "--why", "it was the right quarter"]).exits(0);
    assert_eq!(desk.report(), before);
    let acts = returns(&desk)[0]["acts"].as_array().expect("acts").len();
    assert_eq!(acts, 3, "received, withdrawn, restored");
}

#[test]
fn a_withdrawn_figure_can_still_be_explained() {
    let desk = two_returns();
    desk.run(&["withdraw", "1", "--why", "sent for the wrong quarter"]).exits(0);
    let said = desk.run(&["explain", FRESNO]).exits(0).out;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in ["40", "withdrawn", "tester", "sent for the wrong quarter"] {
        assert!(said.contains(word), "{word} is not in:\n{said}");
    }
}

#[test]
fn a_withdrawal_cannot_be_undone_past_another_answer() {
    let desk = two_returns();
    desk.run(&["withdraw", "1", "--why", "wrong"]).exits(0);
    desk.write("better.csv", one("fresno", "44", "2012-04-15"));
    desk.run(&["import", "better.csv"]).exits(0);
    desk.run(&["withdraw", "1", "--undo", "--why", "it was right"]).exits(1);
    assert_eq!(sum(&desk), 94, "one answer to one question");
}

#[test]
fn another_answer_is_refused_and_the_return_named() {
    let desk = two_returns();
    desk.write("other.csv", one("fresno", "44", "2012-04-15"));
    let answer = desk.run(&["import", "other.csv", "--format", "json"]).exits(1).json();
    assert_eq!(answer["files"][0]["outcome"], "refused");
    let errors = answer["errors"].as_array().expect("errors");
    let [error] = errors.as_slice() else { panic!("one error, not {errors:?}") };
    assert_eq!((&error["row"], &error["column"]), (&2.into(), &"value".into()));
    let expected = error["expected"].as_str().expect("text");
    assert!(expected.contains("return 1") && expected.contains("fresno.csv"), "{expected}");
    assert!(error["fix"].as_str().is_some_and(|fix| fix.contains("--corrects 1")), "{error}");
    assert_eq!(sum(&desk), 90);
}

#[test]
fn a_refused_answer_is_printed_as_it_stands_in_the_cell() {
    let desk = two_returns();
    desk.write("other.csv", one("fresno", "44", "2012-04-15"));
    let answer = desk.run(&["import", "other.csv", "--format", "json"]).exits(1).json();
    assert_eq!(answer["errors"][0]["value"], "44");
}

#[test]
fn a_correction_takes_the_place_and_keeps_what_was_said() {
    let desk = two_returns();
    desk.write("corrected.csv", one("fresno", "44", "2012-04-15"));
    let corrects = |return_name: &str, why: &[&str]| {
        let mut arguments = vec!["import", "corrected.csv", "--corrects", return_name];
        arguments.extend(why);
        desk.run(&arguments)
    };
    corrects("1", &[]).exits(2);
    corrects("1", &["--why", " "]).exits(1);
    corrects("99", &["--why", "no such return"]).exits(1);
    assert_eq!(sum(&desk), 90);

    // By the start of its digest, as `clearway returns` prints it.
    let digest = returns(&desk)[0]["digest"].as_str().expect("a digest")[..12].to_owned();
    corrects(&digest, &["--why", "four were counted late"]).exits(0);
    assert_eq!(sum(&desk), 94);
    assert_eq!(value(&desk.report(), FRESNO).as_deref(), Some("44"));
    let all = returns(&desk);
    assert_eq!((&all[0]["state"], &all[0]["corrected_by"]), (&"corrected".into(), &3.into()));
    assert_eq!(all[2]["state"], "accepted");

    let explained = explain(&desk, FRESNO);
    assert_eq!(number(&explained["figure"]["value"]), Some(44));
    let revisions = explained["figure"]["revisions"].as_array().expect("revisions");
    let [revision] = revisions.as_slice() else { panic!("one revision, not {revisions:?}") };
    assert_eq!(number(&revision["value"]), Some(40));
    assert_eq!(revision["state"], "corrected");
    assert_eq!(revision["who"], "tester");
    assert_eq!(revision["why"], "four were counted late");
    assert!(desk.read("report/figures.html").contains("four were counted late"));
    // What is corrected already is not corrected twice.
    desk.write("third.csv", one("fresno", "45", "2012-04-15"));
    desk.run(&["import", "third.csv", "--corrects", "1", "--why", "again"]).exits(1);
    assert_eq!(sum(&desk), 94);
}

#[test]
fn later_news_is_a_revision_and_older_news_is_not() {
    let desk = two_returns();
    desk.write("later.csv", one("fresno", "47", "2012-10-15"));
    desk.write("between.csv", one("fresno", "45", "2012-07-15"));
    desk.run(&["import", "later.csv"]).exits(0);
    assert_eq!(value(&desk.report(), FRESNO).as_deref(), Some("47"));
    assert_eq!(sum(&desk), 97, "one answer, the later");
    let explained = explain(&desk, FRESNO);
    assert_eq!(explained["figure"]["as_of"], "2012-10-15");
    let revision = &explained["figure"]["revisions"][0];
    assert_eq!((number(&revision["value"]), &revision["as_of"]), (Some(40), &"2012-04-15".into()));
    assert!(revision["state"].as_str().is_some_and(|state| state.contains("later")), "{revision}");

    // What was true earlier never takes the place of what was true later, in whatever order.
    desk.run(&["import", "between.csv"]);
    assert_eq!(value(&desk.report(), FRESNO).as_deref(), Some("47"));
    assert_eq!(sum(&desk), 97);
}

#[test]
fn the_same_file_twice_changes_nothing_under_any_name() {
    let desk = two_returns();
    let (rows, before) = (desk.report(), returns(&desk));
    desk.write("copy of fresno.csv", one("fresno", "40", "2012-04-15"));
    for file in ["fresno.csv", "copy of fresno.csv"] {
        let answer = desk.run(&["import", file, "--format", "json"]).exits(0).json();
        let outcome = &answer["files"][0];
        assert_eq!((&outcome["outcome"], &outcome["return"]), (&"already".into(), &1.into()));
    }
    assert_eq!(returns(&desk), before);
    assert_eq!(desk.report(), rows);
}
