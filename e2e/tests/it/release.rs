//! `clearway release`: what may be published, its ledger, and what is refused with nothing spent.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::clearway::{Desk, Ran};

const SCHEMA: &str = r#"{"columns":[
    {"name":"sex","categories":["female","male"]},
    {"name":"age","categories":["minor","adult"]},
    {"name":"county","categories":["alameda","kern","yolo"]}]}"#;

/// Rows about 600 people who do not exist, three of them alone in a cell.
fn rows() -> String {
    let mut csv = String::from("sex,age,county\n");
    for row in 0..600 {
        let sex = if row % 4 == 0 { "male" } else { "female" };
        let age = if row % 3 == 0 { "minor" } else { "adult" };
        let county = match row {
            0..3 => "yolo",
            _ if row % 5 == 0 => "kern",
            _ if row % 7 == 0 => "",
            _ => "alameda",
        };
        let _ = writeln!(csv, "{sex},{age},{county}");
    }
    csv
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("rows.csv", rows());
    desk.write("schema.json", SCHEMA);
    desk
}

fn release(desk: &Desk, words: &str) -> Ran {
    let line: Vec<&str> = ["release"].into_iter().chain(words.split_whitespace()).collect();
    desk.run(&line)
}

fn left(desk: &Desk, ledger: &str) -> Value {
    release(desk, &format!("ledger show --ledger {ledger} --format json")).exits(0).json()
}

const MICRODATA: &str = "microdata rows.csv --schema schema.json --ledger l.jsonl --format json";

#[test]
fn nothing_is_released_without_a_ledger_or_beyond_its_budget() {
    let desk = desk();
    let ran = release(&desk, &format!("{MICRODATA} --epsilon 1 --out a.csv")).exits(1);
    assert!(ran.err.contains("ledger init"), "{}", ran.err);
    assert!(!desk.path("a.csv").exists());

    release(&desk, "ledger init --budget 2 --ledger l.jsonl").exits(0);
    let again = release(&desk, "ledger init --budget 9 --ledger l.jsonl").exits(1);
    assert!(again.err.contains("never made twice"), "{}", again.err);

    // All of the budget, at the release's own delta.
    let made = release(&desk, &format!("{MICRODATA} --epsilon 2 --out a.csv")).exits(0).json();
    assert_eq!(made["released"], true);
    let sheet = &made["sheet"];
    assert!(sheet["epsilon"].as_f64().is_some_and(|epsilon| epsilon <= 2.0), "{sheet}");
    assert!(sheet["delta"].as_f64().is_some_and(|delta| 0.0 < delta && delta < 0.01), "{sheet}");
    let attacks = made["gate"]["attacks"].as_array().expect("attacks");
    assert!(attacks.len() >= 3, "{attacks:?}");
    for attack in attacks {
        assert!(attack["baseline"].is_number() && attack["success"].is_number(), "{attack}");
    }
    let csv = desk.read("a.csv");
    assert_eq!(csv.lines().next(), Some("sex,age,county"));
    let people = csv.lines().count() - 1;
    assert!((400..800).contains(&people), "{people}");

    let over = release(&desk, &format!("{MICRODATA} --epsilon 0.5 --out b.csv")).exits(1);
    assert!(over.err.contains("is left"), "{}", over.err);
    assert!(!desk.path("b.csv").exists());
    assert_eq!(left(&desk, "l.jsonl")["entries"].as_array().map(Vec::len), Some(1));
    release(&desk, "ledger verify --ledger l.jsonl").exits(0);
    let file = desk.read("a.csv");
    desk.write("a.csv", format!("{file}female,minor,yolo\n"));
    let changed = release(&desk, "ledger verify --ledger l.jsonl").exits(1);
    assert!(changed.out.contains("a.csv was changed"), "{}", changed.out);
    let changed = release(&desk, "ledger verify --ledger l.jsonl --format json").exits(1).json();
    assert_eq!(changed["releases"][0]["verified"], false, "{changed}");
    assert!(changed["releases"][0]["folder"].is_string(), "{changed}");
}

#[test]
fn what_fails_is_a_document_too_and_a_named_ledger_must_be_there() {
    let desk = desk();
    let line = "plan --schema schema.json --dimensions sex,age --epsilon 1";
    release(&desk, line).exits(0);
    let missing = release(&desk, &format!("{line} --ledger none.jsonl --format json")).exits(1);
    let document = missing.json();
    assert!(
        document["error"].as_str().is_some_and(|said| said.contains("no ledger at none.jsonl")),
        "{document}"
    );
    release(&desk, &format!("{line} --rows 0")).exits(2);
}

#[test]
fn wrong_input_is_refused_whole_and_nothing_is_spent() {
    let desk = desk();
    release(&desk, "ledger init --budget 4 --ledger l.jsonl").exits(0);
    for epsilon in ["0", "-1", "NaN", "inf"] {
        let ran = release(&desk, &format!("{MICRODATA} --epsilon {epsilon} --out a.csv")).exits(1);
        assert!(ran.err.contains("epsilon must be a number above 0"), "{}", ran.err);
    }
    let unknown =
        rows().replacen("male,adult", "Jane Roe,adult", 1).replacen(",kern", ",secret", 2);
    desk.write("rows.csv", unknown);
    let ran = release(&desk, &format!("{MICRODATA} --epsilon 1 --out a.csv")).exits(1);
    assert_eq!(ran.err.matches("column \"county\"").count(), 2, "{}", ran.err);
    assert!(ran.err.contains("column \"sex\""), "{}", ran.err);
    assert!(!ran.err.contains("Jane") && !ran.err.contains("secret"), "{}", ran.err);
    desk.write("rows.csv", "sex,age,county\n");
    let ran = release(&desk, &format!("{MICRODATA} --epsilon 1 --out a.csv")).exits(1);
    assert!(ran.err.contains("no rows"), "{}", ran.err);
    desk.write("rows.csv", rows());
    let ran = release(&desk, &format!("{MICRODATA} --epsilon 1 --out a.csv --seed 1")).exits(1);
    assert!(ran.err.contains("--test-noise"), "{}", ran.err);
    let ran =
        release(&desk, "microdata rows.csv --ledger l.jsonl --epsilon 1 --out a.csv").exits(1);
    assert!(ran.err.contains("not private"), "{}", ran.err);
    assert_eq!(left(&desk, "l.jsonl")["ledger"]["spent_rho"], "0");

    let ledger = desk.read("l.jsonl");
    desk.write("l.jsonl", ledger.replacen("people", "others", 1));
    let ran = release(&desk, &format!("{MICRODATA} --epsilon 1 --out a.csv")).exits(1);
    assert!(ran.err.contains("does not verify"), "{}", ran.err);
    assert!(!desk.path("a.csv").exists());
}

#[test]
fn noise_with_a_seed_is_no_release() {
    let desk = desk();
    let line = "noisy rows.csv --schema schema.json --dimensions sex,age --epsilon 1 --test-noise 7 --format json";
    let made = release(&desk, &format!("{line} --out a")).exits(0).json();
    assert_eq!((&made["released"], &made["receipt"]), (&Value::Bool(false), &Value::Null));
    release(&desk, &format!("{line} --out b")).exits(0);
    assert_eq!(desk.read("a/by-sex-age.csv"), desk.read("b/by-sex-age.csv"));
    let described: Value = serde_json::from_str(&desk.read("a/release.json")).expect("JSON");
    assert_eq!(described["released"], false);
    let header = desk.read("a/by-sex-age.csv");
    assert!(header.starts_with("sex,age,count,low,high,status\n"), "{header}");
}

#[test]
fn hidden_cells_stay_hidden_and_an_audit_sees_what_does_not() {
    let desk = desk();
    let line = "tables rows.csv --dimensions sex,county --dimensions age,county --threshold 10 --ledger t.jsonl";
    let made = release(&desk, &format!("{line} --out tables --new-ledger --format json")).exits(0);
    let made = made.json();
    let report = &made["internal"]["suppression"];
    assert!(report["primary"].as_u64().is_some_and(|cells| cells >= 2), "{report}");
    assert!(
        report["given_away_by_primary_alone"].as_u64().is_some_and(|cells| cells > 0),
        "{report}"
    );
    assert!(made["sheet"]["epsilon"].is_null());
    release(&desk, "audit tables").exits(0);
    release(&desk, "attack rows.csv tables").exits(0);

    // Filled in by hand, a cell gives its neighbours away.
    let file = desk.read("tables/by-sex-county.csv");
    let hidden = file.lines().find(|line| line.ends_with("suppressed")).expect("a hidden cell");
    let shown =
        hidden.replace(",,,,suppressed", ",1,,,exact").replace(",,,suppressed", ",1,,,exact");
    let shown = if shown == hidden { hidden.replace("suppressed", "exact") } else { shown };
    desk.write("tables/by-sex-county.csv", file.replace(hidden, &shown));
    assert_ne!(release(&desk, "audit tables").code, Some(0));

    // Exact once: no noise any more, and no k-anonymous counts.
    let noisy =
        "noisy rows.csv --schema schema.json --dimensions sex --epsilon 1 --out n --ledger t.jsonl";
    let refused = release(&desk, noisy).exits(1);
    assert!(refused.err.contains("unbounded"), "{}", refused.err);
    assert!(left(&desk, "t.jsonl")["ledger"]["epsilon_spent"].is_null());
}

#[test]
fn amounts_are_released_once_and_a_dominated_one_is_hidden() {
    let desk = desk();
    let mut csv = String::from("region,purpose,who,dollars\n");
    for row in 0..90 {
        let region = ["north", "south", "west"][row % 3];
        let purpose = ["shelter", "legal"][row / 3 % 2];
        // In the north one shelter has nearly everything.
        let dollars = if row == 0 { 900_000 } else { 1_000 + row };
        let _ = writeln!(csv, "{region},{purpose},w{row},{dollars}");
    }
    desk.write("grants.csv", &csv);
    let line = "tables grants.csv --dimensions region,purpose --amount dollars --contributor who --ledger g.jsonl";
    let made = release(&desk, &format!("{line} --threshold 3 --out g --new-ledger --format json"));
    let made = made.exits(0).json();
    let report = &made["internal"]["suppression"];
    // The cell, and the margins of region and purpose that it dominates.
    assert_eq!(report["primary"], 3, "{report}");
    let table = desk.read("g/by-region-purpose.csv");
    assert!(table.contains("north,shelter,,,,suppressed"), "{table}");
    assert!(desk.read("g/release.json").contains("\"amount\": \"dollars\""));
    assert!(!desk.read("g/release.json").contains("\"10\""), "the rule's number is not told");
    let again = release(&desk, &format!("{line} --threshold 3 --out again")).exits(1);
    assert!(again.out.contains("amounts beside others"), "{}\n{}", again.out, again.err);
    // Neither under another name of the column, nor counts of the same rows.
    desk.write("grants.csv", csv.replacen("dollars", "Dollars", 1));
    let renamed = line.replace("--amount dollars", "--amount Dollars");
    release(&desk, &format!("{renamed} --threshold 3 --out again")).exits(1);
    desk.write("grants.csv", &csv);
    let counts =
        "tables grants.csv --dimensions region,purpose --threshold 3 --out again --ledger g.jsonl";
    let counts = release(&desk, counts).exits(1);
    assert!(counts.out.contains("amounts beside others"), "{}\n{}", counts.out, counts.err);
    assert!(!desk.path("again").exists());
    release(&desk, "audit g").exits(0);
    release(&desk, "attack grants.csv g --threshold 3").exits(0);

    // All faults at once, and no value is repeated.
    desk.write(
        "bad.csv",
        csv.replace(",1001\n", ",-5\n")
            .replace(",1002\n", ",Jane Roe\n")
            .replace(",1003\n", ",0\n"),
    );
    let line = line.replace("grants.csv", "bad.csv");
    let ran = release(&desk, &format!("{line} --out bad --new-ledger --ledger b.jsonl")).exits(2);
    assert!(ran.err.contains("cannot be used multiple times"), "{}", ran.err);
    let line = line.replace("g.jsonl", "b.jsonl");
    let ran = release(&desk, &format!("{line} --out bad --new-ledger")).exits(1);
    assert!(ran.err.contains("3 places") && ran.err.contains("line 3"), "{}", ran.err);
    assert!(!ran.err.contains("Jane"), "{}", ran.err);
    for dominance in ["0", "100", "11,50", "x"] {
        release(&desk, &format!("{line} --dominance {dominance} --out bad --new-ledger")).exits(2);
    }
}

#[test]
fn who_is_alone_in_a_cell_finds_out_no_other() {
    let desk = Desk::new();
    let people = [
        [1, 3, 20, 30, 25],
        [4, 1, 22, 18, 40],
        [25, 21, 2, 33, 1],
        [30, 24, 19, 1, 28],
        [22, 35, 2, 27, 19],
    ];
    let mut csv = String::from("a,b\n");
    for (a, row) in people.iter().enumerate() {
        for (b, &count) in row.iter().enumerate() {
            csv.push_str(&format!("a{a},b{b}\n").repeat(count));
        }
    }
    desk.write("grid.csv", csv);
    let line = "tables grid.csv --dimensions a,b --threshold 5 --format json --new-ledger";
    let besides = |more: &str| {
        let made = release(&desk, &format!("{line} {more}")).exits(0).json();
        made["internal"]["suppression"]["secondary"].as_u64().expect("a count")
    };
    let without = besides("--out a --ledger a.jsonl");
    let with = besides("--singletons --out b --ledger b.jsonl");
    assert!(with > without, "{with} {without}");
    assert!(desk.read("b.jsonl").contains("singletons"));
}

#[test]
fn the_public_is_told_definition_method_and_coverage() {
    let desk = Desk::after_demo();
    let line =
        ["explain", "people-by-age-and-sex", "--public", "--release", "clearway-demo/released"];
    let line = [&line[..], &["--data", "clearway-demo/data"]].concat();
    let told = desk.run(&[&line[..], &["--format", "json"]].concat()).exits(0).json();
    assert!(told["definition"].as_str().is_some_and(|text| text.len() > 20), "{told}");
    assert!(told["coverage"].as_array().is_some_and(|lines| !lines.is_empty()), "{told}");
    let keys: Vec<&String> = told.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["coverage", "definition", "figure", "message", "method"]);
    let spanish = desk.run(&[&line[..], &["--language", "es"]].concat()).exits(0);
    assert!(spanish.out.contains("organismos"), "{}", spanish.out);
    let wrong = desk.run(&[&["explain", "nothing"], &line[2..]].concat()).exits(1);
    assert!(wrong.err.contains("people-by-county"), "{}", wrong.err);
}

#[test]
fn k_anonymous_aggregates_are_released_once() {
    let desk = desk();
    let line = "aggregates rows.csv --schema schema.json --length 2 --ledger k.jsonl";
    release(&desk, &format!("{line} --out first.csv --new-ledger")).exits(0);
    assert!(desk.read("first.csv").starts_with("selections,protected_count\n"));
    let again = release(&desk, &format!("{line} --out second.csv")).exits(1);
    assert!(again.err.contains("gives away who was added"), "{}", again.err);
    assert!(!desk.path("second.csv").exists());
}

#[test]
fn a_hierarchy_with_a_cycle_is_refused() {
    let desk = desk();
    desk.write(
        "groups.csv",
        "child,parent\nalameda,north\nkern,south\nyolo,north\nnorth,south\nsouth,north\n",
    );
    let line = "tables rows.csv --dimensions county,sex --hierarchy groups.csv --out t --new-ledger --ledger t.jsonl";
    let ran = release(&desk, line).exits(1);
    assert!(ran.err.contains("north") && ran.err.contains("south"), "{}", ran.err);
    assert!(!desk.path("t").exists());
    let both = release(&desk, &format!("{line} --hierarchy none.csv")).exits(1);
    assert!(both.err.contains("a cycle") && both.err.contains("none.csv"), "{}", both.err);
    desk.write("groups.csv", "child,parent\nalameda,north\nkern,south\nyolo,north\n");
    release(&desk, line).exits(0);
    assert!(desk.read("t/by-county-sex.csv").contains("\nnorth,"));
}

#[test]
fn the_public_report_is_made_of_releases_alone() {
    let desk = Desk::after_demo();
    for page in ["index.html", "es/index.html"] {
        let html = desk.read(&format!("clearway-demo/public/{page}"));
        assert!(!html.contains("internal: not for publication"), "{page}");
        assert!(html.contains("<svg") && !html.contains("<script"), "{page}");
    }
    for pdf in ["report.pdf", "informe.pdf"] {
        let bytes = fs::read(desk.path(&format!("clearway-demo/public/{pdf}"))).expect("a PDF");
        assert!(bytes.starts_with(b"%PDF-"), "{pdf}");
    }
    // A changed file is no release any more.
    let table = "clearway-demo/released/by-county.csv";
    let csv = desk.read(table);
    desk.write(table, csv.replacen("alameda,", "alameda,1", 1));
    let line = ["report", "--public", "--release", "clearway-demo/released", "--out", "public"];
    let data = ["--data", "clearway-demo/data"];
    let refused = desk.run(&[&line[..], &data].concat()).exits(1);
    assert!(refused.err.contains("by-county.csv was changed"), "{}", refused.err);
    let bare =
        desk.run(&["report", "--public", "--out", "p", "--data", "clearway-demo/data"]).exits(1);
    assert!(bare.err.contains("--release DIR"), "{}", bare.err);
}
