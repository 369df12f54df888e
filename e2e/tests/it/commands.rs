//! What programs rely on: exit codes, one JSON document, standard input.

use std::fs;

use serde_json::Value;

use crate::clearway::{Desk, Ran};

/// Runs a command on the demo's data, the words separated by spaces.
fn run(desk: &Desk, line: &str) -> Ran {
    let arguments: Vec<&str> = line.split(' ').collect();
    desk.run(&arguments)
}

#[test]
fn json_is_one_document_whatever_the_command() {
    let desk = Desk::after_demo();
    desk.write("own.csv", "Quarter,Task force,Victims identified\n2013-Q1,fresno,40\n");
    desk.write("bad.csv", "measure,reporter,period,value\nvictim_identified,x,2013-Q1,40\n");
    desk.write("t.csv", "a,b\n1,x\n-2,z\n");
    desk.write("t.schema.json", r#"{"fields":[{"name":"a","type":"integer","constraints":{"minimum":0}},{"name":"b","type":"string"}]}"#);
    let figure = "victim_served:2010-07-01/2012-06-30:cal-ema";
    let mut wrong = Vec::new();
    for (code, line) in [
        (0, "check clearway-demo/returns".to_owned()),
        (1, "check bad.csv".to_owned()),
        (1, "check t.csv --schema t.schema.json".to_owned()),
        (0, "check own.csv --save-mapping own.toml".to_owned()),
        (0, "import clearway-demo/returns --as returns".to_owned()),
        (1, "import bad.csv".to_owned()),
        (0, "returns".to_owned()),
        (0, "withdraw 3 --why wrong".to_owned()),
        (0, "withdraw 3 --undo --why right".to_owned()),
        (0, "templates --out forms".to_owned()),
        (0, "mappings".to_owned()),
        (0, "mappings doj-236-1".to_owned()),
        (0, "definitions list".to_owned()),
        (0, "definitions list statute".to_owned()),
        (0, "definitions list statute --version 2012.1".to_owned()),
        (0, "definitions show 236.1".to_owned()),
        (0, "definitions diff 2012.1 2026.1".to_owned()),
        (0, "definitions export".to_owned()),
        (0, "definitions export --version 2012.1".to_owned()),
        (0, "definitions queries".to_owned()),
        (0, "definitions answer 1 --text agreed".to_owned()),
        (0, "count --practice".to_owned()),
        (0, "quality".to_owned()),
        (0, "report --out report".to_owned()),
        (0, "report --period 2026-Q2..2026-Q3 --your-quarter practice-1 --out other".to_owned()),
        (0, format!("explain {figure}")),
        (0, "demo --no-serve --out again".to_owned()),
    ] {
        let ran = run(&desk, &format!("{line} --format json"));
        let document = serde_json::from_str::<Value>(&ran.out);
        if ran.code != Some(code) || document.is_err() {
            let said: String = ran.err.lines().take(2).collect();
            wrong.push(format!(
                "clearway {line} --format json: exits {:?} instead of {code}, JSON {}: {said}",
                ran.code,
                if document.is_ok() { "good" } else { "bad" },
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_fails_prints_no_half_document() {
    let desk = Desk::after_demo();
    for line in [
        "check no-such-file.csv",
        "check clearway-demo/returns no-such-file.csv",
        "check clearway-demo/returns/training.csv --schema no-such-schema.json",
        "import clearway-demo/returns no-such-file.csv",
        "returns --data nowhere",
        "explain no_such_figure --data clearway-demo/data",
    ] {
        let ran = run(&desk, &format!("{line} --format json")).exits(1);
        let whole = ran.out.is_empty() || serde_json::from_str::<Value>(&ran.out).is_ok();
        assert!(whole, "clearway {line} --format json prints\n{}", ran.out);
    }
}

#[test]
fn exit_codes_tell_done_refused_and_mistyped() {
    let desk = Desk::after_demo();
    let data = "--data clearway-demo/data";
    let mut wrong = Vec::new();
    for (code, line) in [
        (0, format!("returns {data}")),
        (0, "--version".to_owned()),
        (0, "--help".to_owned()),
        (1, "returns --data nowhere".to_owned()),
        (1, "check no-such-file.csv".to_owned()),
        (1, "import no-such-file.csv".to_owned()),
        (1, format!("withdraw 999 --why gone {data}")),
        (1, format!("explain no_such_figure {data}")),
        (1, format!("report --out r --public {data}")),
        (1, format!("report --out r --period yesterday {data}")),
        (1, format!("report --out r --your-quarter fresno {data}")),
        (1, "mappings no-such-mapping".to_owned()),
        (1, "definitions show no-such-code".to_owned()),
        (1, "definitions diff 2012.1 1999.1".to_owned()),
        (1, format!("definitions answer 999 --text x {data}")),
        (1, "check clearway-demo/returns --mapping no-such-mapping".to_owned()),
        (2, "returns --no-such-flag".to_owned()),
        (2, "no-such-command".to_owned()),
        (2, "import".to_owned()),
        (2, "report".to_owned()),
        (2, "withdraw 1".to_owned()),
        (2, "returns --format xml".to_owned()),
        (2, "check a.csv --schema s --mapping m".to_owned()),
        (2, "import a.csv --corrects 1".to_owned()),
    ] {
        let ran = run(&desk, &line);
        if ran.code != Some(code) {
            wrong.push(format!("clearway {line}: exits {:?} instead of {code}", ran.code));
        }
        if code == 1 && ran.err.is_empty() && ran.out.is_empty() {
            wrong.push(format!("clearway {line}: refuses and does not say why"));
        }
        if ran.err.contains("panicked") {
            wrong.push(format!("clearway {line}: panics: {}", ran.err));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(!desk.path("nowhere").exists(), "looking makes no database");
}

#[test]
fn a_period_of_which_nothing_is_known_has_no_report() {
    let desk = Desk::after_demo();
    // No table says anything about 1999: an undated word is not about every year.
    let ran =
        desk.run(&["report", "--out", "r", "--period", "1999", "--data", "clearway-demo/data"]);
    let ran = ran.exits(1);
    assert!(ran.err.contains("no figure in that period"), "{}", ran.err);
}

#[test]
fn no_command_at_all_shows_the_help_and_is_mistyped() {
    let ran = Desk::new().run(&[]).exits(2);
    assert!(ran.err.contains("Usage: clearway"), "{}", ran.err);
}

#[test]
fn check_answers_in_the_agreed_shape() {
    let desk = Desk::after_demo();
    let good = desk.run(&["check", "clearway-demo/returns", "--format", "json"]).exits(0).json();
    assert_eq!((&good["ok"], &good["errors"]), (&true.into(), &Value::Array(Vec::new())));
    assert!(good["rows"].as_u64().is_some_and(|rows| rows > 300), "{}", good["rows"]);

    desk.write("bad.csv", "measure,reporter,period,value\nvictim_identified,fresno,2013-Q7,x\n");
    let bad = desk.run(&["check", "bad.csv", "--format", "json"]).exits(1).json();
    let keys = |value: &Value| -> Vec<String> {
        value.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
    };
    assert_eq!(keys(&bad), ["errors", "ok", "rows"]);
    assert_eq!(bad["ok"], false);
    let errors = bad["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 2);
    for error in errors {
        assert_eq!(keys(error), ["column", "expected", "file", "fix", "row", "value"]);
        assert_eq!((&error["file"], &error["row"]), (&"bad.csv".into(), &2.into()));
    }
    assert_eq!((&errors[0]["column"], &errors[0]["value"]), (&"period".into(), &"2013-Q7".into()));
    assert_eq!((&errors[1]["column"], &errors[1]["value"]), (&"value".into(), &"x".into()));
}

#[test]
fn a_dash_is_standard_input() {
    let desk = Desk::after_demo();
    let good =
        fs::read(desk.path("clearway-demo/returns/task_force_totals.csv")).expect("a return");
    desk.run_with(&["check", "-"], &good).exits(0);
    let answer = desk.run_with(&["import", "-", "--format", "json"], &good).exits(0).json();
    assert_eq!(answer["files"][0]["outcome"], "imported");
    assert_eq!(answer["files"][0]["standing"], "published", "known by its bytes");
    let again = desk.run_with(&["import", "-", "--format", "json"], &good).exits(0).json();
    assert_eq!(again["files"][0]["outcome"], "already");
    let bad = b"measure,reporter,period,value\nvictim_identified,x,2013-Q1,40\n";
    let answer = desk.run_with(&["check", "-", "--format", "json"], bad).exits(1).json();
    assert_eq!(answer["errors"][0]["column"], "reporter");
    desk.run_with(&["import", "-"], b"").exits(1);
}

#[test]
fn an_ambiguous_header_is_skipped_with_its_candidates_until_a_mapping_is_named() {
    let desk = Desk::after_demo();
    let folder = ["import", "clearway-demo/returns", "--format", "json"];
    let answer = desk.run(&folder).exits(0).json();
    let skipped: Vec<&Value> = answer["files"]
        .as_array()
        .expect("files")
        .iter()
        .filter(|file| file["outcome"] == "skipped")
        .collect();
    assert_eq!(skipped.len(), 2, "the hotline's and the federal table: {skipped:?}");
    for file in &skipped {
        let candidates = file["candidates"].as_array().expect("candidates");
        for name in ["nhtrc-hotline", "htrs"] {
            assert!(candidates.contains(&name.into()), "{file}");
        }
    }
    let hotline = "clearway-demo/returns/hotline_2011.csv";
    let answer = desk
        .run(&["import", hotline, "--mapping", "nhtrc-hotline", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(answer["files"][0]["outcome"], "imported");
    // By the other mapping no word of it is known: every row is an error.
    let wrong = desk.run(&["check", hotline, "--mapping", "htrs", "--format", "json"]);
    assert_eq!(wrong.exits(1).json()["errors"].as_array().map(Vec::len), Some(5));
}

#[test]
fn a_proposed_mapping_is_saved_looked_over_and_used() {
    let desk = Desk::new();
    desk.write(
        "own.csv",
        "Quarter;Task force;Victims identified;Tips\n2013-Q1;fresno;40;7\n2013-Q2;fresno;50;8\n",
    );
    let unknown = desk.run(&["check", "own.csv"]).exits(1);
    assert!(unknown.out.contains("--save-mapping"), "{}", unknown.out);
    desk.run(&["check", "own.csv", "--save-mapping", "own.toml"]).exits(0);
    let mapping = desk.read("own.toml");
    for words in ["role = \"period\"", "measure = \"victim_identified\"", "role = \"ignored\""] {
        assert!(mapping.contains(words), "{words} is not in\n{mapping}");
    }
    // What is there is not written over.
    desk.run(&["check", "own.csv", "--save-mapping", "own.toml"]).exits(1);
    assert_eq!(desk.read("own.toml"), mapping);

    desk.run(&["import", "own.csv", "--mapping", "own.toml"]).exits(0);
    let figures = desk.report();
    let value = |id: &str| figures.iter().find(|row| row.id == id).map(|row| row.value.as_str());
    assert_eq!(value("victim_identified:2013-Q1:fresno"), Some("40"));
    assert_eq!(value("victim_identified:2013-Q2:fresno"), Some("50"));
}

#[test]
fn a_table_with_a_person_in_it_is_refused_by_any_mapping() {
    let desk = Desk::new();
    let table = "Quarter;Task force;Victims identified;Victim name\n2013-Q1;fresno;40;Qwzxperson\n";
    desk.write("own.csv", table);
    let unsaid = |ran: Ran| {
        assert!(!ran.out.contains("Qwzxperson") && !ran.err.contains("Qwzxperson"));
        ran
    };
    // Whether a mapping is proposed or not, it cannot let the column pass, not even by ignoring it.
    unsaid(desk.run(&["check", "own.csv", "--save-mapping", "own.toml"]));
    unsaid(desk.run(&["check", "own.csv", "--mapping", "own.toml"])).exits(1);
    unsaid(desk.run(&["import", "own.csv", "--mapping", "own.toml"])).exits(1);
}

#[test]
fn definitions_are_listed_shown_compared_and_exported() {
    let desk = Desk::new();
    let shown = desk.run(&["definitions", "show", "victim_identified"]).exits(0).out;
    assert!(shown.contains("potential") && shown.contains("Counts") || shown.contains("includes"));
    let old = desk.run(&["definitions", "show", "653.22"]).exits(0).out;
    assert!(old.contains("in force until: 2022-12-31"), "{old}");
    let diff = desk.run(&["definitions", "diff", "2012.1", "2026.1"]).exits(0).out;
    assert!(diff.contains("victim_identified"), "{diff}");
    let none = desk.run(&["definitions", "diff", "2026.1", "2026.1"]).exits(0).out;
    assert!(none.contains("0 changes"), "{none}");
    // The register that is shipped is the register that is exported.
    let export = desk.run(&["definitions", "export"]).exits(0).json();
    let services = export["definitions"]["service"].as_array().expect("services");
    assert_eq!(services.len(), 20, "the twenty kinds of service");
    let list = desk.run(&["definitions", "list", "service", "--format", "json"]).exits(0).json();
    assert_eq!(list.as_array().expect("services"), services);
    let then = desk.run(&["definitions", "list", "counted_unit", "--version", "2012.1"]).exits(0);
    assert!(then.out.contains("victim_identified") && !then.out.contains("case_known_coalition"));
}
