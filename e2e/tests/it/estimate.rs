//! `clearway estimate`: a range with its reasons, or a refusal, from who is on which lists.

use std::fs;

use serde_json::Value;

use crate::clearway::Desk;

/// A published table; the estimates themselves are held to publications in `estimation`.
fn published(desk: &Desk, name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/estimation/data/published");
    let file = format!("{name}.csv");
    desk.write(&file, fs::read(format!("{folder}/{file}")).expect("a published table"));
    file
}

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().expect("an object");
    let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn estimate(document: &Value, method: &str) -> Value {
    let all = document["estimates"].as_array().expect("estimates");
    all.iter().find(|one| one["method"] == method).unwrap_or(&Value::Null).clone()
}

#[test]
fn the_document_has_every_method_and_a_range() {
    let desk = Desk::new();
    let file = published(&desk, "Kosovo");
    let line = ["estimate", &file, "--bootstrap", "0", "--format", "json"];
    let document = desk.run(&line).exits(0).json();
    let wanted = [
        "checks",
        "estimates",
        "headline",
        "linkage",
        "lists",
        "observed",
        "refused",
        "seconds",
        "strata",
        "without_answer",
    ];
    assert_eq!(keys(&document), wanted);
    assert_eq!(document["lists"], serde_json::json!(["EXH", "ABA", "OSCE", "HRW"]));
    assert_eq!((&document["observed"], &document["refused"]), (&4400.into(), &Value::Null));
    assert!(document["seconds"].as_f64().is_some_and(|seconds| seconds >= 0.0), "{document}");
    for method in ["stepwise", "bic", "all-models-aic", "independence"] {
        let one = estimate(&document, method);
        let wanted = ["aic", "bic", "ci", "diagnostics", "method", "population", "terms"];
        assert_eq!(keys(&one), wanted, "{method}");
        assert!(one["population"].as_f64().is_some_and(|people| people > 4400.0), "{one}");
        let bootstrapped = ["stepwise", "bic"].contains(&method);
        assert!(!bootstrapped || one["ci"].is_null(), "no bootstrap, no interval: {one}");
    }
    let headline = &document["headline"];
    let end = |name: &str| headline[name].as_f64().unwrap_or(f64::NAN);
    assert!(4400.0 <= end("low") && end("low") < end("high"), "{headline}");
    assert_eq!(headline["level"], 0.95);
    assert_eq!(document["checks"]["without_one_list"].as_array().map(Vec::len), Some(4));
}

#[test]
fn a_higher_level_is_a_wider_range_and_methods_can_be_chosen() {
    let desk = Desk::new();
    let file = published(&desk, "Kosovo");
    let run = |more: &[&str]| {
        let line = ["estimate", &file, "--bootstrap", "0", "--format", "json"];
        desk.run(&[&line[..], more].concat()).exits(0).json()
    };
    let wide = run(&["--method", "bic,independence"]);
    let narrow = run(&["--method", "bic", "--method", "independence", "--level", "0.5"]);
    let ends = |document: &Value| {
        let end = |name: &str| document["headline"][name].as_f64().unwrap_or(f64::NAN);
        (end("low"), end("high"))
    };
    let ((low, high), (higher, lower)) = (ends(&wide), ends(&narrow));
    assert!(low < higher && lower < high, "{low} {higher} {lower} {high}");
    let methods = |document: &Value| {
        let all = document["estimates"].as_array().cloned().unwrap_or_default();
        all.iter().map(|one| one["method"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(methods(&wide), ["bic", "independence"]);
    assert_eq!(methods(&wide), methods(&narrow));
    let pairs = run(&["--method", "bic", "--order", "1"]);
    assert_eq!(estimate(&pairs, "bic")["terms"], serde_json::json!([]), "lists alone: {pairs}");
}

#[test]
fn the_same_seed_gives_the_same_on_any_number_of_threads() {
    let desk = Desk::new();
    let file = published(&desk, "Korea");
    let run = |threads: &str| {
        let line = ["estimate", &file, "--bootstrap", "50", "--seed", "3", "--format", "json"];
        let ran = desk.run(&[&line[..], &["--threads", threads]].concat()).exits(0);
        let lines = ran.out.lines().filter(|line| !line.starts_with("  \"seconds\":"));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(run("1"), run("2"));
}

#[test]
fn the_panel_says_the_range_first_and_fits() {
    let desk = Desk::new();
    let file = published(&desk, "UKdat_5");
    let ran = desk.run(&["estimate", &file, "--bootstrap", "0", "--plots", "plots"]).exits(0);
    assert!(ran.out.starts_with("Probably between "), "{}", ran.out);
    let first = ran.out.lines().next().unwrap_or_default();
    assert!(first.ends_with(" people, of whom 2,744 are on a list."), "{first}");
    assert!(ran.out.lines().all(|line| line.chars().count() <= 80), "{}", ran.out);
    for part in ["●", "2,744 seen", "\nLA:NG", "without", "held", "written: plots"] {
        assert!(ran.out.replace("stepwise        ", "\n").contains(part), "{part}\n{}", ran.out);
    }
    for plot in ["spread", "without_one_list", "estimate_against_observed"] {
        let svg = desk.read(&format!("plots/{plot}.svg"));
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{plot}");
        assert!(svg.contains("<title ") && svg.contains("UKdat_5.csv; clearway"), "{plot}");
        let asks = ["<script", "@import", "href", "url("];
        assert!(!asks.iter().any(|ask| svg.contains(ask)), "{plot}");
    }
}

#[test]
fn three_lists_have_no_list_to_leave_out() {
    let desk = Desk::new();
    let file = published(&desk, "Korea");
    let ran = desk.run(&["estimate", &file, "--bootstrap", "0", "--plots", "plots"]).exits(0);
    assert!(!ran.out.contains("left out"), "{}", ran.out);
    let written = fs::read_dir(desk.path("plots")).expect("the folder").count();
    assert_eq!(written, 1, "the spread alone");
}

#[test]
fn a_refusal_says_why_first_and_exits_with_1() {
    let desk = Desk::new();
    // Nobody but A and B share anybody.
    let file = published(&desk, "Artificial_3");
    let ran = desk.run(&["estimate", &file, "--bootstrap", "0"]).exits(1);
    assert!(ran.out.starts_with("No range: "), "{}", ran.out);
    assert!(ran.out.contains("Why: only A and B") && ran.out.contains("NOT to be relied on"));
    let line = ["estimate", &file, "--bootstrap", "0", "--format", "json"];
    let document = desk.run(&line).exits(1).json();
    assert!(document["refused"]["reason"].as_str().is_some_and(|why| why.contains("A and B")));
    assert_eq!(document["headline"], Value::Null);
    assert!(document["estimates"].as_array().is_some_and(|all| !all.is_empty()), "{document}");
}

#[test]
fn strata_and_draws_of_the_linkage_are_answered_for() {
    let desk = Desk::new();
    let mut file = String::from("draw,region,police,shelter,hotline,count\n");
    for draw in 0..4_u32 {
        for (region, times) in [("north", 1), ("south", 2)] {
            let counts = [60, 50, 60, 20 - draw * 3, 17, 18, 20];
            for (history, count) in (1..8_u32).zip(counts) {
                let on = [0, 1, 2].map(|list| (history >> list & 1).to_string());
                file.push_str(&format!("{draw},{region},{},{}\n", on.join(","), count * times));
            }
        }
    }
    desk.write("lists.csv", &file);
    let line = ["estimate", "-", "--bootstrap", "0", "--stratum-column", "region"];
    let json = [&line[..], &["--format", "json"]].concat();
    let document = desk.run_with(&json, file.as_bytes()).exits(0).json();
    let strata = document["strata"].as_array().cloned().unwrap_or_default();
    assert_eq!(strata.iter().map(|one| &one["stratum"]).collect::<Vec<_>>(), ["north", "south"]);
    assert_eq!(document["linkage"]["draws"], 3);
    let text = desk.run_with(&line, file.as_bytes()).exits(0).out;
    assert!(text.contains("the range of each stratum") && text.contains("3 ways of linking"));
    let ran = desk.run(&["estimate", "lists.csv", "--stratum-column", "county"]).exits(1);
    assert!(ran.err.contains("there is no column county"), "{}", ran.err);
}

#[test]
fn everything_wrong_with_a_file_is_said_at_once_and_nothing_is_written() {
    let desk = Desk::new();
    let header = "police,shelter,hotline,count\n";
    let rows = "1,0,0,40\n1,1,0,-4\n0,1,0,2.5\n0,2,1,3\n0,0,1,20\n1,0,0,7\n0,0,0,9\n1,0,1\n";
    let expected: [&[&str]; 6] = [
        &[
            "row 3, column count: expected how many people",
            "row 4, column count: expected how many people",
            "row 5, column shelter: expected 0",
            "row 7: row 2 has the same history",
            "row 8: nobody can be seen on no list",
            "row 9: expected 4 cells",
        ],
        &["row 1: there is no column count"],
        &["row 1: the column police is there twice"],
        &["row 1: expected a header"],
        &["row 1: expected 1 to 12 lists"],
        &["row 2, column count"],
    ];
    let many: Vec<String> = (0..13).map(|list| format!("list{list}")).collect();
    let files = [
        format!("{header}{rows}"),
        "police,shelter,people\n1,0,3\n".to_owned(),
        "police,police,count\n1,0,3\n".to_owned(),
        String::new(),
        format!("{},count\n", many.join(",")),
        format!("{header}1,0,0,99999999999999999999999\n"),
    ];
    for (file, expected) in files.iter().zip(expected) {
        desk.write("bad.csv", file);
        for format in ["text", "json"] {
            let line = ["estimate", "bad.csv", "--plots", "plots", "--format", format];
            let ran = desk.run(&line).exits(1);
            for said in expected {
                assert!(ran.err.contains(said), "{said}\n{}", ran.err);
            }
            assert_eq!(ran.err.lines().count(), 1 + expected.len(), "{}", ran.err);
            if format == "text" {
                assert_eq!(ran.out, "", "no half answer");
            } else {
                let error = ran.json()["error"].as_str().map(str::to_owned).unwrap_or_default();
                assert!(expected.iter().all(|said| error.contains(said)), "{error}");
            }
            assert!(!desk.path("plots").exists());
        }
    }
    let ran = desk.run(&["estimate", "nothing.csv"]).exits(1);
    assert!(ran.err.contains("cannot read nothing.csv"), "{}", ran.err);
    for line in ["--level 1", "--level 0", "--method guess", "--bootstrap -1", "--order 0"] {
        let words: Vec<&str> = ["estimate", "bad.csv"].into_iter().chain(line.split(' ')).collect();
        desk.run(&words).exits(2);
    }
}
