//! `clearway link` of files: who is whom by encodings alone, and what is wrong with files.

use std::collections::HashMap;

use serde_json::Value;

use crate::clearway::Desk;

const GIVEN: [&str; 8] =
    ["Maria", "Weilin", "Olga", "Fatima", "Rosalie", "Elena", "Grace", "Priya"];
const SURNAME: [&str; 9] =
    ["Lopez", "Garcia", "Ivanova", "Haddad", "Nguyen", "Santos", "Okafor", "Reyes", "Patel"];
const AGENCIES: [&str; 3] = ["court", "police", "shelter"];

/// 180 people, each on one to three lists, some with a letter wrong or without a phone.
fn people() -> String {
    let mut rows = String::from("rec_id,agency,given_name,surname,sex,birth_date,phone,street\n");
    for person in 0..180_usize {
        let (given, surname) = (GIVEN[person % 8], SURNAME[person * 5 % 9]);
        let (year, month, day) = (1970 + person * 13 % 31, 1 + person % 12, 1 + person * 5 % 28);
        for (at, agency) in AGENCIES.iter().enumerate().take(1 + person % 3) {
            let letter = if (person + at) % 6 == 0 { "n" } else { "" };
            let phone = match (person + at) % 3 {
                0 => String::new(),
                _ => format!("916555{:04}", person * 37),
            };
            rows.push_str(&format!(
                "R{person}-{at},{agency},{given}{letter},{surname},F,{year}-{month:02}-{day:02},\
                 {phone},{} Practice Lane\n",
                100 + person * 7
            ));
        }
    }
    rows
}

/// A desk with the lists encoded, and the truth: the person of each opaque row.
fn encoded() -> (Desk, String, String) {
    let desk = Desk::new();
    desk.write("people.csv", people());
    desk.run(&["keys", "new", "--out", "k.key"]).exits(0);
    let mut right = String::from("agency,rec_id,truth_id\n");
    let mut wrong = right.clone();
    for agency in AGENCIES {
        let out = format!("{agency}.clk");
        let line = ["encode", "people.csv", "--key", "k.key", "--unattached"];
        desk.run(&[&line[..], &["--agency", agency, "--out", &out]].concat()).exits(0);
        for (at, row) in desk.read(&format!("{out}.ids.csv")).lines().skip(1).enumerate() {
            let (rec_id, opaque) = row.split_once(',').expect("two cells");
            let person = rec_id.trim_matches('"').split('-').next().unwrap_or_default();
            right.push_str(&format!("{agency},{opaque},{person}\n"));
            wrong.push_str(&format!("{agency},{opaque},P{}\n", at % 30));
        }
    }
    (desk, right, wrong)
}

const FILES: [&str; 4] = ["link", "court.clk", "police.clk", "shelter.clk"];

#[test]
fn the_truth_is_scored_and_never_seen() {
    let (desk, right, wrong) = encoded();
    desk.write("right.csv", right);
    desk.write("wrong.csv", wrong);
    let run = |out: &str, more: &[&str]| {
        let line = [&FILES[..], &["--out", out, "--format", "json"], more].concat();
        (desk.run(&line).exits(0).json(), desk.read(out))
    };
    let (scored, clusters) = run("one.csv", &["--truth", "right.csv"]);
    let (misled, same) = run("two.csv", &["--truth", "wrong.csv"]);
    let (untold, alone) = run("three.csv", &["--threads", "1"]);
    assert_eq!(clusters, same, "a wrong truth changes nothing but the scores");
    assert_eq!(clusters, alone, "neither do no truth and one thread");
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    assert_eq!((&scored["records"], &scored["persons_true"]), (&360.into(), &180.into()));
    assert!(number(&scored["clusters_cross"]["f1"]) > 0.9, "{scored}");
    assert!(number(&misled["clusters_cross"]["f1"]) < 0.5, "{misled}");
    assert!(untold.get("pairs").is_none(), "{untold}");
    let people = ["persons_low", "persons", "persons_high"].map(|name| number(&scored[name]));
    assert!(people.is_sorted(), "{people:?}");

    // Rows are called by random bytes, and nothing says how alike two are.
    let mut rows = clusters.lines();
    assert_eq!(rows.next(), Some("agency,rec_id,person_id,probability"));
    let mut of_person: HashMap<&str, usize> = HashMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        assert_eq!((cells.len(), cells[1].len()), (4, 32), "{row}");
        *of_person.entry(cells[2]).or_default() += 1;
    }
    assert!(of_person.values().all(|records| *records <= 4), "{of_person:?}");
    let told = desk.run(&[&FILES[..], &["--out", "four.csv", "--exact"]].concat());
    let text = told.exits(0).out;
    assert!(text.starts_with("people in 3 files of encodings"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn what_is_wrong_with_a_file_is_said_and_nothing_is_written() {
    let (desk, right, _) = encoded();
    desk.run(&["keys", "new", "--out", "other.key"]).exits(0);
    let line = ["encode", "people.csv", "--key", "other.key", "--unattached", "--agency", "court"];
    desk.run(&[&line[..], &["--out", "otherwise.clk"]].concat()).exits(0);
    let bytes = std::fs::read(desk.path("court.clk")).expect("the file");
    std::fs::write(desk.path("cut.clk"), &bytes[..bytes.len() / 2]).expect("written");
    desk.write("clks.json", "{\"clks\": [\"AAAAAAAAAAA=\"]}");
    desk.write("strangers.csv", "agency,rec_id,truth_id\ncourt,R1-0,P1\n");
    desk.write("twice.csv", format!("{right}{}\n", right.lines().nth(1).unwrap_or_default()));
    for (files, words) in [
        (&["police.clk", "otherwise.clk"][..], "encoded under two keys"),
        (&["police.clk", "cut.clk"], "cut off"),
        (&["police.clk", "clks.json"], "encode all with one form"),
        (&["police.clk", "police.clk"], "two tables are of police"),
        (&["police.clk", "people.csv"], "no file of encodings"),
        (&["police.clk", "--truth", "strangers.csv"], "opaque id"),
        (&["police.clk", "--truth", "twice.csv"], "earlier row"),
        (&["police.clk", "--truth", "people.csv"], "truth_id is missing"),
    ] {
        let run = desk.run(&[&["link"], files, &["--out", "none.csv"]].concat());
        let error = run.exits(1).err;
        assert!(error.contains(words), "{files:?}: {error}");
        assert!(!desk.path("none.csv").exists(), "{files:?}");
    }
}
