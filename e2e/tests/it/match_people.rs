//! `clearway match`: each person counted once, whoever holds the truth.

use serde_json::Value;

use crate::clearway::Desk;

const GIVEN: [&str; 12] = [
    "Maria", "Ana", "Wei", "Olga", "Fatima", "Rosa", "Thi", "Elena", "Grace", "Luz", "Priya",
    "Carmen",
];
const SURNAME: [&str; 11] = [
    "Lopez", "Garcia", "Chen", "Ivanova", "Haddad", "Nguyen", "Santos", "Okafor", "Reyes", "Patel",
    "Kim",
];
const AGENCIES: [&str; 3] = ["police", "shelter", "court"];

/// A list of three agencies: 150 people, each on one to three lists, some with a letter wrong or
/// without a phone. The last column says who is who, or with `wrong` something else.
fn list(wrong: bool) -> String {
    let mut rows =
        String::from("rec_id,agency,given_name,surname,sex,birth_date,phone,shoe_size,who\n");
    for person in 0..150_usize {
        let (given, surname) = (GIVEN[person % 12], SURNAME[person * 7 % 11]);
        let birth = format!(
            "{}-{:02}-{:02}",
            1980 + person * 13 % 25,
            1 + person % 12,
            1 + person * 5 % 28
        );
        for (at, agency) in AGENCIES.iter().enumerate().take(1 + person % 3) {
            let given = match (person + at) % 5 {
                0 => format!("{given}a"),
                _ => given.to_owned(),
            };
            let phone = match (person + at) % 3 {
                0 => String::new(),
                _ => format!("916555{:04}", person * 31),
            };
            let who = if wrong { (person * 17 + at) % 40 } else { person };
            rows.push_str(&format!(
                "R{person}-{at},{agency},{given},{surname},F,{birth},{phone},38,P{who}\n"
            ));
        }
    }
    rows
}

#[test]
fn the_truth_is_scored_and_never_seen() {
    let desk = Desk::new();
    desk.write("right.csv", list(false));
    desk.write("wrong.csv", list(true));
    let run = |name: &str, truth: &[&str]| {
        let (file, out) = (format!("{name}.csv"), format!("{name}-clusters.csv"));
        let line = [&["match", &file, "--out", &out, "--format", "json"], truth].concat();
        (desk.run(&line).exits(0).json(), desk.read(&out))
    };
    let (right, clusters) = run("right", &["--truth-column", "who"]);
    let (wrong, same) = run("wrong", &["--truth-column", "who"]);
    let (unscored, untold) = run("right", &[]);
    assert_eq!(clusters, same, "a wrong truth changes nothing but the scores");
    assert_eq!(clusters, untold, "no truth changes nothing");
    assert!(clusters.starts_with("agency,rec_id,person_id,probability\npolice,R0-0,0,"));
    assert_eq!(clusters.lines().count(), 301);

    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    assert_eq!((&right["records"], &right["persons_true"]), (&300.into(), &150.into()));
    assert!(number(&right["pairs"]["f1"]) > 0.9, "{right}");
    assert!(number(&wrong["pairs"]["f1"]) < 0.5, "{wrong}");
    for part in ["pairs", "clusters", "clusters_cross"] {
        for rate in ["precision", "recall", "f1"] {
            assert!((0.0..=1.0).contains(&number(&right[part][rate])), "{part} {rate}: {right}");
        }
        assert!(unscored.get(part).is_none(), "{unscored}");
    }
    assert_eq!(right["calibration"].as_array().map(Vec::len), Some(10));
    let people = ["persons_low", "persons", "persons_high"].map(|name| number(&right[name]));
    assert!(people.is_sorted(), "{people:?}");
    assert!(number(&right["seconds"]["cluster"]) >= 0.0, "{right}");
    assert!(right.get("peak_rss_mib").is_some(), "{right}");
    assert_eq!(unscored["ignored_columns"], serde_json::json!(["shoe_size", "who"]));
}

#[test]
fn the_panel_fits_and_says_what_to_do_next() {
    let desk = Desk::new();
    desk.write("people.csv", list(false));
    let ran = desk.run(&["match", "people.csv", "--out", "c.csv", "--truth-column", "who"]);
    let ran = ran.exits(0);
    assert!(ran.out.lines().all(|line| line.chars().count() <= 100), "{}", ran.out);
    for part in ["records (raw)", "in 95 of 100 draws", "people whom two have", "next: "] {
        assert!(ran.out.contains(part), "{part}\n{}", ran.out);
    }
    assert!(!ran.out.contains("Lopez") && !ran.err.contains("Lopez"), "no name is shown");
}

#[test]
fn one_thread_or_two_write_the_same_file() {
    let desk = Desk::new();
    desk.write("people.csv", list(false));
    let files = ["1", "2"].map(|threads| {
        let line =
            ["match", "people.csv", "--out", "c.csv", "--review", "r.csv", "--threads", threads];
        desk.run(&line).exits(0);
        (desk.read("c.csv"), desk.read("r.csv"))
    });
    assert_eq!(files[0], files[1]);
}

/// The person of a record in a file of clusters.
fn person(clusters: &str, record: &str) -> String {
    let row = clusters.lines().find(|line| line.split(',').nth(1) == Some(record));
    row.and_then(|row| row.split(',').nth(2)).expect("the record is there").to_owned()
}

#[test]
fn what_a_reviewer_decides_is_kept_to() {
    let desk = Desk::new();
    desk.write("people.csv", list(false));
    // Two that nothing ties together, and two that everything does.
    let header =
        "agency_first,rec_id_first,agency_second,rec_id_second,decision,reviewer,decided_on";
    desk.write(
        "decisions.csv",
        format!(
            "{header}\npolice,R0-0,police,R7-0,same,rk,2026-03-01\n\
             police,R2-0,shelter,R2-1,different,rk,2026-03-01\n\
             police,R5-0,shelter,R5-1,,,\n"
        ),
    );
    let line = ["match", "people.csv", "--out", "c.csv", "--decisions", "decisions.csv"];
    desk.run(&line).exits(0);
    let clusters = desk.read("c.csv");
    assert_eq!(person(&clusters, "R0-0"), person(&clusters, "R7-0"));
    assert_ne!(person(&clusters, "R2-0"), person(&clusters, "R2-1"));
}

#[test]
fn what_cannot_be_used_is_named_and_nothing_is_written() {
    let desk = Desk::new();
    desk.write("people.csv", list(false));
    desk.write("no-header.csv", "1,2,3\n");
    desk.write("twice.csv", "rec_id,agency,surname\nR1,a,Secret\nR1,a,Secret\n");
    desk.write("none.csv", "rec_id,agency,surname\n");
    let header =
        "agency_first,rec_id_first,agency_second,rec_id_second,decision,reviewer,decided_on";
    let row = "police,R0-0,police,R7-0";
    desk.write("odd.csv", format!("{header}\n{row},perhaps,rk,2026-03-01\n"));
    desk.write(
        "both.csv",
        format!("{header}\n{row},same,rk,2026-03-01\n{row},different,mk,2026-03-02\n"),
    );
    for (said, line) in [
        ("cannot read", "match nothing.csv --out c.csv"),
        ("row 1", "match no-header.csv --out c.csv"),
        ("row 3", "match twice.csv --out c.csv"),
        ("no records", "match none.csv --out c.csv"),
        ("no column truth", "match people.csv --out c.csv --truth-column truth"),
        ("row 2, column decision", "match people.csv --out c.csv --decisions odd.csv"),
        ("contradict", "match people.csv --out c.csv --decisions both.csv"),
        ("cannot write", "match people.csv --out nowhere/c.csv"),
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let ran = desk.run(&arguments).exits(1);
        assert!(ran.err.contains(said), "{line}: {}", ran.err);
        assert!(!ran.err.contains("Secret") && !ran.err.contains("perhaps"), "{}", ran.err);
        assert!(!desk.path("c.csv").exists(), "{line}");
    }
}
