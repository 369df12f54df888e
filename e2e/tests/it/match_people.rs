//! `clearway match`: each person counted once, whoever holds the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

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

/// The list with other names of columns, dates as `DD.MM.YYYY`, and the address in two columns; and
/// the schema that says so.
fn list_of_others() -> (String, String, &'static str) {
    let mut ours = String::from("rec_id,agency,given_name,surname,birth_date,street,zip\n");
    let mut theirs = String::from("id;unit;first;last;born;no;road;post\n").replace(';', ",");
    for (at, line) in list(false).lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let [id, agency, given, surname, _, born, ..] = cells[..] else { panic!("{line}") };
        let (no, post) = (1 + at % 90, 94_000 + at % 70);
        let days: Vec<&str> = born.split('-').rev().collect();
        ours.push_str(&format!("{id},{agency},{given},{surname},{born},{no} Elm St,{post}\n"));
        let days = days.join(".");
        theirs.push_str(&format!("{id},{agency},{given},{surname},{days},{no},Elm St,{post}\n"));
    }
    let schema = r#"
rec_id = "id"
agency = "unit"
given_name = "first"
surname = "last"
birth_date = { column = "born", format = "%d.%m.%Y" }
street = ["no", "road"]
zip = "post"
"#;
    (ours, theirs, schema)
}

#[test]
fn columns_of_other_names_are_matched_as_ours_are() {
    let desk = Desk::new();
    let (ours, theirs, schema) = list_of_others();
    desk.write("ours.csv", ours);
    desk.write("theirs.csv", &theirs);
    desk.write("columns.toml", schema);
    desk.write("no-agency.toml", schema.replace("agency = \"unit\"\n", ""));
    desk.run(&["match", "ours.csv", "--out", "ours-clusters.csv"]).exits(0);
    let expected = desk.read("ours-clusters.csv");
    let line = ["match", "theirs.csv", "--out", "c.csv", "--format", "json", "--schema"];
    let ran = desk.run(&[&line[..], &["columns.toml"]].concat()).exits(0);
    assert_eq!(desk.read("c.csv"), expected);
    assert_eq!(ran.json()["ignored_columns"], serde_json::json!([]));
    let with_agency = ["no-agency.toml", "--agency-column", "unit"];
    desk.run(&[&line[..], &with_agency].concat()).exits(0);
    assert_eq!(desk.read("c.csv"), expected);
    // The command that is named next reads the file in the same way.
    let text = ["match", "theirs.csv", "--out", "c.csv", "--schema", "columns.toml"];
    let ran = desk.run(&text).exits(0);
    let next = ran.out.lines().last().unwrap_or_default().trim().to_owned();
    assert!(next.starts_with("clearway match theirs.csv --schema columns.toml --out"), "{next}");
    desk.shell(&next).exits(0);
    let with_truth = ["columns.toml", "--truth-column", "id"];
    let ran = desk.run(&[&line[..], &with_truth].concat()).exits(1);
    assert!(ran.err.contains("the column id was said to hold the truth"), "{}", ran.err);

    // Everything that is wrong at once: in the schema, then in the header.
    let wrong = r#"
name = "first"
zip = { column = "post", format = "%Y" }
birth_date = { format = "%d/%m" }
"#;
    desk.write("wrong.toml", wrong);
    let ran = desk.run(&[&line[..], &["wrong.toml"]].concat()).exits(1);
    for part in ["there is no \"name\"", "given_name, ", "zip: there is no \"format\"", "\"%d/%m\""]
    {
        assert!(ran.err.contains(part), "{part}\n{}", ran.err);
    }
    desk.write("absent.toml", format!("{schema}city = \"town\"\nphone = \"mobile\"\n"));
    let ran = desk.run(&[&line[..], &["absent.toml"]].concat()).exits(1);
    for part in [
        "row 1: there is no column mobile, which was named for phone; there are id, unit, first",
        "row 1: there is no column town, which was named for city",
    ] {
        assert!(ran.err.contains(part), "{part}\n{}", ran.err);
    }
}

#[test]
fn encode_takes_the_same_schema() {
    let desk = Desk::new();
    let (ours, theirs, schema) = list_of_others();
    desk.write("ours.csv", ours);
    desk.write("theirs.csv", theirs.replace(",01.0", ",41.0"));
    desk.write("columns.toml", schema);
    desk.run(&["keys", "new", "--out", "k"]).exits(0);
    let line = ["encode", "theirs.csv", "--schema", "columns.toml", "--key", "k", "--unattached"];
    let line = [&line[..], &["--agency", "court", "--out", "theirs.clk"]].concat();
    let bad = theirs.lines().filter(|line| line.contains(",01.0")).count();
    assert!(bad > 1, "some dates are spoilt");
    let ran = desk.run(&line).exits(1);
    let last = ran.err.lines().last().unwrap_or_default();
    assert!(last.contains(&format!("{bad} errors")), "{}", ran.err);
    assert!(last.contains("--bad-dates-as-missing"), "{}", ran.err);
    assert!(ran.err.contains("column born: expected a date as %d.%m.%Y"), "{}", ran.err);
    let json = ["--bad-dates-as-missing", "--format", "json"];
    let ran = desk.run(&[&line[..], &json].concat()).exits(0);
    let said = format!("{bad} dates of birth are none and count as not given: rows ");
    assert!(ran.err.contains(&said), "{}", ran.err);
    assert!(ran.json()["remarks"][0].as_str().is_some_and(|remark| remark.starts_with(&said)));

    // What is encoded is what the same people come to under our names: all are found again.
    desk.write("theirs.csv", &theirs);
    desk.run(&line).exits(0);
    let line = ["encode", "ours.csv", "--key", "k", "--unattached", "--agency", "police"];
    desk.run(&[&line[..], &["--out", "ours.clk"]].concat()).exits(0);
    let line = ["link", "ours.clk", "theirs.clk", "--out", "c.csv", "--histories", "h.csv"];
    let ran = desk.run(&[&line[..], &["--format", "json"]].concat()).exits(0);
    let people = &ran.json()["persons_in_clusters"];
    let tables = tables(&desk.read("h.csv"), "court,police,draw,count");
    let best: u64 = tables[0].iter().map(|(_, count)| count).sum();
    assert_eq!((tables.len(), Some(best)), (41, people.as_u64()));
    let both: u64 = tables[0].iter().filter(|row| row.0 == "1,1").map(|(_, count)| count).sum();
    assert!(both >= 45, "50 people are on both lists: {both}");
}

#[test]
fn dates_that_are_none_can_count_as_not_given() {
    let desk = Desk::new();
    let spoilt = list(false).replace("-02-", "-32-");
    let bad: Vec<usize> = (1..)
        .zip(spoilt.lines())
        .filter(|(_, line)| line.contains("-32-"))
        .map(|row| row.0)
        .collect();
    assert!(bad.len() > 10, "{bad:?}");
    desk.write("spoilt.csv", &spoilt);
    let ran = desk.run(&["match", "spoilt.csv", "--out", "c.csv"]).exits(1);
    assert!(
        ran.err.contains(&format!("row {}, column birth_date: expected", bad[1])),
        "{}",
        ran.err
    );
    let last = ran.err.lines().last().unwrap_or_default();
    assert!(last.starts_with(&format!("{} errors of these are dates", bad.len())), "{last}");
    assert!(last.contains("--bad-dates-as-missing"), "{last}");
    assert!(!desk.path("c.csv").exists());

    let line = ["match", "spoilt.csv", "--out", "c.csv", "--bad-dates-as-missing"];
    let ran = desk.run(&[&line[..], &["--format", "json"]].concat()).exits(0);
    let said =
        format!("{} dates of birth are none and count as not given: rows {}, ", bad.len(), bad[0]);
    assert!(ran.err.contains(&said), "{}", ran.err);
    let document = ran.json();
    assert!(document["remarks"][0].as_str().is_some_and(|remark| remark.starts_with(&said)));
    // The same as a file in which they are empty.
    let empty: Vec<String> = spoilt
        .lines()
        .map(|line| {
            let cells = line.split(',').map(|cell| if cell.contains("-32-") { "" } else { cell });
            cells.collect::<Vec<_>>().join(",")
        })
        .collect();
    desk.write("empty.csv", empty.join("\n"));
    desk.run(&["match", "empty.csv", "--out", "e.csv"]).exits(0);
    assert_eq!(desk.read("c.csv"), desk.read("e.csv"));
}

#[test]
fn by_partitions_the_answer_is_the_same() {
    let desk = Desk::new();
    let (_, theirs, schema) = list_of_others();
    desk.write("theirs.csv", theirs.replace(",02.0", ",42.0"));
    desk.write("columns.toml", schema);
    let line = ["match", "theirs.csv", "--schema", "columns.toml", "--format", "json"];
    let run = |name: &str, more: &[&str]| {
        let (out, review) = (format!("{name}.csv"), format!("{name}-review.csv"));
        let files = ["--out", &out, "--review", &review, "--bad-dates-as-missing"];
        let document = desk.run(&[&line[..], &files, more].concat()).exits(0).json();
        (desk.read(&out), desk.read(&review), document)
    };
    let (clusters, review, mut document) = run("whole", &[]);
    let (by_partitions, its_review, mut its_document) = run("parts", &["--memory", "64MiB"]);
    assert_eq!(by_partitions, clusters);
    assert_eq!(its_review, review);
    assert!(review.lines().count() > 1, "something is left for a reviewer");
    let left_out = &document["remarks"][0];
    assert!(left_out.as_str().is_some_and(|remark| remark.contains("count as not given")));
    assert_eq!(&its_document["remarks"][0], left_out);
    for own in ["remarks", "seconds", "peak_rss_mib"] {
        document[own].take();
        its_document[own].take();
    }
    assert_eq!(its_document, document);
    let left = std::fs::read_dir(desk.path(".")).unwrap().map(|file| file.unwrap().file_name());
    assert!(!left.into_iter().any(|name| name.to_string_lossy().ends_with(".parts")));

    // The same refusal, with the same way out.
    let refused =
        |more: &[&str]| desk.run(&[&line[..], &["--out", "c.csv"], more].concat()).exits(1).err;
    let said = refused(&["--memory", "64MiB"]);
    assert_eq!(said, refused(&[]));
    assert!(said.contains("--bad-dates-as-missing"), "{said}");
    assert!(!desk.path("c.csv").exists());
    for (option, value) in
        [("--histories", "h.csv"), ("--truth-column", "id"), ("--decisions", "whole-review.csv")]
    {
        let both = ["--out", "c.csv", "--memory", "64MiB", option, value];
        let ran = desk.run(&[&line[..], &both].concat()).exits(2);
        assert!(ran.err.contains(option), "{}", ran.err);
    }
}

/// For each draw of a file of capture histories its rows: the 0/1 cells, and the count.
fn tables(file: &str, header: &str) -> Vec<Vec<(String, u64)>> {
    let mut lines = file.lines();
    assert_eq!(lines.next(), Some(header));
    let mut tables: Vec<Vec<(String, u64)>> = Vec::new();
    for line in lines {
        let cells: Vec<&str> = line.rsplitn(3, ',').collect();
        let [count, draw, lists] = cells[..] else { panic!("{line}") };
        let (count, draw): (u64, usize) =
            (count.parse().expect("a count"), draw.parse().expect("a draw"));
        assert!(count > 0, "{line}");
        if draw == tables.len() {
            tables.push(Vec::new());
        }
        assert_eq!(draw + 1, tables.len(), "draws stand in order");
        tables[draw].push((lists.to_owned(), count));
    }
    tables
}

#[test]
fn capture_histories_are_those_of_the_clusters_and_of_every_draw() {
    let desk = Desk::new();
    desk.write("people.csv", list(false));
    let line = ["match", "people.csv", "--out", "c.csv", "--histories", "h.csv"];
    let one = desk.run(&[&line[..], &["--threads", "1", "--format", "json"]].concat()).exits(0);
    let written = desk.read("h.csv");
    desk.run(&[&line[..], &["--threads", "2"]].concat()).exits(0);
    assert_eq!(desk.read("h.csv"), written, "threads change nothing");

    let tables = tables(&written, "court,police,shelter,draw,count");
    assert_eq!(tables.len(), 41, "the clustering and forty draws");
    // Draw 0, from the file of clusters.
    let mut people: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in desk.read("c.csv").lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        people.entry(cells[2].to_owned()).or_default().insert(cells[0].to_owned());
    }
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for lists in people.values() {
        let on =
            ["court", "police", "shelter"].map(|name| u8::from(lists.contains(name)).to_string());
        *expected.entry(on.join(",")).or_default() += 1;
    }
    assert_eq!(tables[0].iter().cloned().collect::<BTreeMap<_, _>>(), expected);
    assert_eq!(one.json()["persons_in_clusters"], people.len());
    // Of every draw, people and records: a list has every person once at most.
    for table in &tables {
        let on = |at: usize| -> u64 {
            let rows = table.iter().filter(|row| row.0.split(',').nth(at) == Some("1"));
            rows.map(|row| row.1).sum()
        };
        let most = [50, 150, 100];
        assert!((0..3).all(|at| (most[at] - 10..=most[at]).contains(&on(at))), "{table:?}");
    }
}

#[test]
fn lists_that_cannot_be_are_named_before_anything_is_linked() {
    let desk = Desk::new();
    desk.write("people.csv", list(false));
    desk.write("draw.csv", list(false).replace(",police,", ",draw,").replace(",court,", ",,"));
    for (file, more, said) in [
        ("draw.csv", &[][..], &["50 records name no agency", "cannot be called draw"][..]),
        ("people.csv", &["--agency-column", "rec_id"], &["300 agencies", "at most 12 lists"]),
    ] {
        let line = ["match", file, "--out", "c.csv", "--histories", "h.csv"];
        let ran = desk.run(&[&line[..], more].concat()).exits(1);
        assert!(said.iter().all(|part| ran.err.contains(part)), "{}", ran.err);
        assert!(!desk.path("c.csv").exists() && !desk.path("h.csv").exists());
    }
}

/// Febrl's data are not ours to ship: `LINKAGE_DATA` names their folder, or they lie beside the
/// checkout.
fn febrl() -> Option<PathBuf> {
    let folder = std::env::var_os("LINKAGE_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/linkage")),
        PathBuf::from,
    );
    folder.join("febrl4a.csv").exists().then_some(folder)
}

#[test]
fn febrl_is_found_almost_whole() {
    let Some(folder) = febrl() else {
        eprintln!("SKIPPED: nothing was tested; LINKAGE_DATA names no folder with febrl4a.csv");
        return;
    };
    let desk = Desk::new();
    let mut joined = String::new();
    for name in ["febrl4a", "febrl4b"] {
        let file = std::fs::read_to_string(folder.join(format!("{name}.csv"))).expect("a file");
        for (at, line) in file.lines().enumerate() {
            match (at, joined.is_empty()) {
                (0, true) => joined.push_str(&format!("agency, person, {line}\n")),
                (0, false) => {}
                _ => {
                    let person = line.split('-').nth(1).expect("rec-<person>-org or -dup-<n>");
                    joined.push_str(&format!("{name}, {person}, {line}\n"));
                }
            }
        }
    }
    desk.write("febrl4.csv", joined);
    desk.write("columns.toml", FEBRL_COLUMNS);
    let line = ["match", "febrl4.csv", "--out", "c.csv", "--schema", "columns.toml"];
    let more = ["--bad-dates-as-missing", "--truth-column", "person", "--format", "json"];
    let ran = desk.run(&[&line[..], &more].concat()).exits(0);
    let document = ran.json();
    assert_eq!((&document["records"], &document["persons_true"]), (&10_000.into(), &5_000.into()));
    for rate in ["precision", "recall", "f1"] {
        let rate = document["pairs"][rate].as_f64().unwrap_or_default();
        assert!(rate >= 0.999, "{document}");
    }
    assert_eq!(document["ignored_columns"], serde_json::json!(["address_2", "state"]));
}

/// What Febrl calls its columns, as `docs/src/matching.md` has it.
const FEBRL_COLUMNS: &str = r#"
birth_date = { column = "date_of_birth", format = "%Y%m%d" }
street = ["street_number", "address_1"]
city = "suburb"
zip = "postcode"
phone = "soc_sec_id"
"#;
