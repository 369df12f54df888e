//! A small count that no source has published is hidden, wherever one looks.
//!
//! The argument: two databases that differ in nothing but the hidden values must answer alike,
//! byte for byte, in every page, file and command. What differs would tell them apart.

use std::collections::BTreeMap;
use std::fs;

use crate::clearway::Desk;

/// The figures of Fresno's quarter with four small counts, and their names.
fn small(values: [u8; 4]) -> String {
    let [identified, served, arrested, trained] = values;
    format!(
        "measure,reporter,period,trafficking_type,value,agency_classification,as_of,note\n\
         victim_identified,fresno,2012-Q1,,{identified},,2012-04-15,\n\
         victim_served,fresno,2012-Q1,,{served},,2012-04-15,\n\
         investigation_initiated,fresno,2012-Q1,sex,{arrested},labor,2012-04-15,\n\
         individual_trained,fresno,2012-Q1,,{trained},,2012-04-15,a note\n\
         victim_identified,fresno,2011-Q4,,40,,2012-01-15,\n"
    )
}

const FIGURES: [&str; 8] = [
    "victim_identified:2012-Q1:fresno",
    "victim_identified:2012-Q1:state",
    "victim_served:2012-Q1:fresno",
    "victim_served:2012-Q1:state",
    "investigation_initiated:2012-Q1:fresno:trafficking_type=sex",
    "investigation_initiated:2012-Q1:state",
    "investigation_initiated:2012-Q1:state:trafficking_type=sex",
    "individual_trained:2012-Q1:fresno",
];

/// Everything that can be seen of a database, by what shows it.
fn everything(desk: &Desk) -> BTreeMap<String, String> {
    let mut seen = BTreeMap::new();
    desk.report();
    for entry in fs::read_dir(desk.path("report")).expect("the report") {
        let name = entry.expect("a file").file_name().into_string().expect("a name");
        seen.insert(name.clone(), desk.read(&format!("report/{name}")));
    }
    for format in ["text", "json"] {
        for figure in FIGURES {
            let ran = desk.run(&["explain", figure, "--format", format]).exits(0);
            seen.insert(format!("explain {figure} --format {format}"), ran.out + &ran.err);
        }
        for command in [&["count"][..], &["quality"], &["returns"], &["definitions", "queries"]] {
            let ran = desk.run(&[command, &["--format", format]].concat()).exits(0);
            seen.insert(format!("{command:?} --format {format}"), ran.out + &ran.err);
        }
    }
    // The bytes of a return differ, so does their digest, which tells nothing; so do the clock's.
    let digests: Vec<String> = desk
        .run(&["returns", "--format", "json"])
        .json()
        .as_array()
        .expect("returns")
        .iter()
        .filter_map(|one| one["digest"].as_str().map(str::to_owned))
        .collect();
    for text in seen.values_mut() {
        for digest in &digests {
            *text = text.replace(digest, "DIGEST").replace(&digest[..12], "DIGEST");
        }
        *text = without_times(text);
    }
    seen
}

/// A text without `2026-11-22T04:12:53.043Z`.
fn without_times(text: &str) -> String {
    let is_time = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        word.len() > 18 && word.contains('T') && word.ends_with('Z')
    };
    // Lines are broken where a time makes them too long: as long as it happens to be.
    let text = text.replace("\n    ", " ");
    text.split_inclusive([' ', '\n'])
        .map(|word| if is_time(word) { "TIME " } else { word })
        .collect()
}

fn with(returns: &[(&str, String)]) -> Desk {
    let desk = Desk::new();
    for (name, text) in returns {
        desk.write(name, text);
        desk.run(&["import", name]).exits(0);
    }
    desk
}

#[track_caller]
fn alike(one: &Desk, other: &Desk) {
    let (one, other) = (everything(one), everything(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let mut leaks = Vec::new();
    for (what, text) in &one {
        for (here, there) in text.lines().zip(other[what].lines()) {
            if here != there {
                leaks.push(format!("{what}:\n    {here:.300}\n    {there:.300}"));
            }
        }
        if text.lines().count() != other[what].lines().count() {
            leaks.push(format!("{what}: not as many lines"));
        }
    }
    assert!(leaks.is_empty(), "hidden values tell themselves:\n{}", leaks.join("\n"));
}

#[test]
fn what_is_hidden_changes_nothing_that_can_be_seen() {
    // Both serve more than they identify, so that the same rules speak.
    let one = with(&[("fresno.csv", small([3, 8, 5, 2]))]);
    let other = with(&[("fresno.csv", small([7, 9, 10, 6]))]);
    alike(&one, &other);
    for figure in FIGURES {
        let rows = crate::figures::read(&one.read("report/figures.csv"));
        let row = rows.iter().find(|row| row.id == figure).unwrap_or_else(|| panic!("{figure}"));
        assert_eq!(row.value, "fewer than 11, hidden", "{figure}");
        let said = one.run(&["explain", figure]).exits(0).out;
        assert!(said.contains("hidden"), "{said}");
    }
    // A count that is not small is there.
    assert!(one.read("report/figures.csv").contains(",40,count,"));
}

#[test]
fn zero_is_hidden_like_any_small_count() {
    let one = with(&[("fresno.csv", small([0, 8, 5, 2]))]);
    let other = with(&[("fresno.csv", small([7, 9, 10, 6]))]);
    alike(&one, &other);
}

#[test]
fn a_small_count_stays_hidden_once_it_is_revised_corrected_or_withdrawn() {
    let later = |value: u8| {
        format!(
            "measure,reporter,period,value,as_of\nvictim_identified,fresno,2012-Q1,{value},2012-10-15\n"
        )
    };
    let changed = |values: [u8; 4], revised: u8, corrected: u8| {
        let desk = with(&[("fresno.csv", small(values)), ("later.csv", later(revised))]);
        desk.write("corrected.csv", later(corrected));
        let correction = ["import", "corrected.csv", "--corrects", "2", "--why", "recounted"];
        desk.run(&correction).exits(0);
        desk.run(&["withdraw", "3", "--why", "in doubt"]).exits(0);
        desk
    };
    alike(&changed([3, 8, 5, 2], 4, 5), &changed([7, 9, 10, 6], 8, 9));
}
