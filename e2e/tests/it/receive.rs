//! A clearinghouse receives what an agency has sent: whole, once, in order; and what it refuses.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::clearway::{Desk, Ran};
use crate::made_agency::{PLANTED, SUBMIT, at_police, set_up, victims};

fn at_state(desk: &Desk, arguments: &[&str]) -> Ran {
    desk.run(&[arguments, &["--data", "state"]].concat())
}

/// Sets both up, and has the agency's card accepted.
fn known(desk: &Desk, people: usize) {
    set_up(desk, people);
    let shown = at_state(desk, &["agency", "accept", "police.card", "--format", "json"]).json();
    let fingerprint = shown["fingerprint"].as_str().expect("a fingerprint");
    at_state(desk, &["agency", "accept", "police.card", "--fingerprint", fingerprint]).exits(0);
}

/// Submits; the file.
fn submit(desk: &Desk, more: &[&str]) -> String {
    let sent = at_police(desk, &[&SUBMIT[..], more].concat()).exits(0).json();
    sent["file"].as_str().expect("a file").to_owned()
}

fn receive(desk: &Desk, file: &str) -> Ran {
    at_state(desk, &["receive", file, "--answers", "answers", "--format", "json"])
}

/// The word with which a file is refused.
fn refusal(desk: &Desk, file: &str) -> String {
    let answer = receive(desk, file).exits(1).json();
    assert_eq!(answer["files"][0]["outcome"], "refused");
    answer["files"][0]["word"].as_str().expect("a word").to_owned()
}

fn list(desk: &Desk) -> Vec<Value> {
    let listed = at_state(desk, &["receive", "--list", "--format", "json"]).exits(0).json();
    listed["files"].as_array().expect("files").clone()
}

#[test]
fn a_submission_is_received_once_answered_corrected_and_taken_out() {
    let desk = Desk::new();
    known(&desk, 24);
    let first = submit(&desk, &[]);
    let answer = receive(&desk, &first).exits(0);
    assert!(!answer.out.contains(PLANTED));
    let answer = answer.json();
    let one = &answer["files"][0];
    assert_eq!((&one["outcome"], &one["number"]), (&"accepted".into(), &1.into()));
    assert_eq!(one["answer"]["tables"][0]["coded"], 24);
    let text = desk.read("answers/practice-police-1-1-answer.txt");
    assert!(text.contains("ACCEPTED") && !text.contains(PLANTED), "{text}");
    let again = receive(&desk, &first).exits(0).json();
    assert_eq!(again["files"][0]["outcome"], "already");
    assert_eq!(again["files"][0]["answer"], one["answer"]);

    desk.write("victims.csv", victims(25));
    at_police(&desk, &["import", "victims.csv", "--as", "victims"]).exits(0);
    let second = submit(&desk, &["--corrects", "1"]);
    receive(&desk, &second).exits(0);
    assert_eq!(refusal(&desk, &first), "replayed_old");
    let states: Vec<Value> = list(&desk).iter().map(|file| file["state"].clone()).collect();
    assert_eq!(states, ["replaced", "accepted"]);
    let why = ["--why", "asked by phone"];
    at_state(&desk, &[&["withdraw", "--submission", "2"], &why[..]].concat()).exits(0);
    assert_eq!(list(&desk)[1]["state"], "withdrawn");
    at_state(&desk, &[&["withdraw", "--submission", "2", "--undo"], &why[..]].concat()).exits(0);
    assert_eq!(list(&desk)[1]["state"], "accepted");
    at_police(&desk, &["receive", &second]).exits(1);
}

#[test]
fn an_agency_restored_from_a_backup_begins_anew_and_goes_on() {
    let desk = Desk::new();
    known(&desk, 24);
    let quarter = |period: &str| {
        let sent = ["submit", "--to", "state.card", "--period", period, "--out", "out"];
        let sent = at_police(&desk, &[&sent[..], &["--format", "json"]].concat()).exits(0).json();
        sent["file"].as_str().expect("a file").to_owned()
    };
    let first = quarter("2025-Q1");
    receive(&desk, &first).exits(0);
    copy(&desk.path("police"), &desk.path("backup"));
    receive(&desk, &quarter("2025-Q2")).exits(0);
    fs::remove_dir_all(desk.path("police")).expect("a lost folder");
    copy(&desk.path("backup"), &desk.path("police"));
    fs::remove_dir_all(desk.path("out")).expect("files gone");
    // Another file 2, with another digest: out of the chain, and not an old file again.
    let other = quarter("2025-Q2..2025-Q3");
    let refused = at_state(&desk, &["receive", &other]).exits(1).out;
    assert!(refused.contains("out_of_chain") && refused.contains("--begin-anew"), "{refused}");
    let fingerprint = at_police(&desk, &["keys", "fingerprint", "--format", "json"]).json();
    let fingerprint = fingerprint["fingerprint"].as_str().expect("a fingerprint");
    let accept = ["agency", "accept", "police.card", "--fingerprint", fingerprint, "--begin-anew"];
    at_state(&desk, &accept).exits(2);
    let why = ["--why", "its disk broke; told by phone"];
    at_state(&desk, &[&accept[..], &why[..]].concat()).exits(0);
    assert!(
        at_state(&desk, &["agency", "list"]).exits(0).out.contains("may begin a new numbering")
    );
    receive(&desk, &other).exits(0);
    let next = quarter("2025-Q4");
    receive(&desk, &next).exits(0);
    assert_eq!(receive(&desk, &other).exits(0).json()["files"][0]["outcome"], "already");
    let listed = list(&desk);
    let states: Vec<&str> = listed.iter().filter_map(|file| file["state"].as_str()).collect();
    assert_eq!(states, ["accepted", "replaced", "accepted", "accepted"]);
    // 24 people, in four quarters: nobody is doubled by what came before and after.
    let counted = ["count", "--people", "--practice", "--format", "json"];
    let counted = at_state(&desk, &counted).exits(0).json();
    assert_eq!(counted["people"]["raw"]["number"], 24, "{}", counted["people"]["raw"]);
    assert!(!at_state(&desk, &["agency", "list"]).exits(0).out.contains("may begin"));
}

#[test]
fn what_was_changed_cut_off_or_is_from_nobody_known_is_refused() {
    let desk = Desk::new();
    set_up(&desk, 12);
    let file = submit(&desk, &[]);
    assert_eq!(refusal(&desk, &file), "unknown_agency");
    let bytes = fs::read(desk.path(&file)).expect("the file");
    let about = ["not_sealed", "not_for_us", "damaged"];
    for position in (0..bytes.len()).step_by(bytes.len() / 24) {
        let mut changed = bytes.clone();
        changed[position] ^= 1;
        fs::write(desk.path("bad.clearway"), changed).expect("a changed file");
        assert!(about.contains(&refusal(&desk, "bad.clearway").as_str()), "byte {position}");
        fs::write(desk.path("bad.clearway"), &bytes[..position]).expect("a short file");
        assert!(about.contains(&refusal(&desk, "bad.clearway").as_str()), "cut at {position}");
    }
    assert!(list(&desk).is_empty());
}

/// The tables and lists that lie below `received/`.
fn kept(desk: &Desk) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![desk.path("state/received")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

#[test]
fn a_receiver_killed_at_any_moment_leaves_whole_files_and_can_be_run_again() {
    let desk = Desk::new();
    known(&desk, 400);
    let file = submit(&desk, &[]);
    let empty = desk.path("state-before");
    let fresh = |from: &PathBuf, to: &PathBuf| {
        let _ = fs::remove_dir_all(to);
        copy(from, to);
    };
    fresh(&desk.path("state"), &empty);
    let started = Instant::now();
    receive(&desk, &file).exits(0);
    let undisturbed = started.elapsed();
    let (wanted, listed) = (kept(&desk), list(&desk).len());
    for round in 0..12u32 {
        fresh(&empty, &desk.path("state"));
        let mut child = desk
            .command(&["receive", &file, "--data", "state"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        thread::sleep(undisturbed.mul_f64(f64::from(round) / 12.0).max(Duration::from_millis(1)));
        child.kill().expect("kill -9");
        child.wait().expect("it is gone");
        let inside = list(&desk).len();
        let answer = receive(&desk, &file).exits(0).json();
        let outcome = if inside == 1 { "already" } else { "accepted" };
        assert_eq!(answer["files"][0]["outcome"], outcome, "round {round}");
        assert_eq!((kept(&desk), list(&desk).len()), (wanted.clone(), listed), "round {round}");
        assert_eq!(fs::read_dir(desk.path("state/spool")).expect("a spool").count(), 0);
    }
}

fn copy(from: &PathBuf, to: &PathBuf) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() { copy(&path, &to) } else { drop(fs::copy(&path, &to)) }
    }
}

#[test]
fn what_a_clearinghouse_has_not_it_says_and_an_error_says_its_cause_once() {
    let desk = Desk::new();
    known(&desk, 24);
    for line in
        [&["records"][..], &["records", "--follow-ups"], &["export", "victims", "--out", "own.csv"]]
    {
        let ran = at_state(&desk, line).exits(1);
        assert!(ran.err.contains("receive --list"), "{}", ran.err);
    }
    assert!(!desk.path("own.csv").exists());
    desk.write("other.clearway", "no submission");
    let said = at_state(&desk, &["receive", "other.clearway", "--answers", "none"]).exits(1).out;
    assert!(said.contains("no answer was written") && !said.contains("answers are in"), "{said}");
    let said = at_state(&desk, &["agency", "accept", "no.card"]).exits(1).err;
    assert_eq!(said.matches("No such file").count(), 1, "{said}");
    receive(&desk, &submit(&desk, &[])).exits(0);
    for line in list(&desk) {
        let words = line["answer"].as_str().expect("words").split(", ");
        let words: Vec<&str> = words.collect();
        let different: std::collections::BTreeSet<&&str> = words.iter().collect();
        assert_eq!(words.len(), different.len(), "{words:?}");
    }
}

#[test]
fn a_count_is_the_same_with_any_number_of_threads() {
    let desk = Desk::new();
    known(&desk, 24);
    receive(&desk, &submit(&desk, &[])).exits(0);
    for what in ["--people", "--records"] {
        let counted = |threads: &str| {
            let line = ["count", what, "--practice", "--threads", threads, "--format", "json"];
            let mut answer = at_state(&desk, &line).exits(0).json();
            // Each count of people is written down, with a number of its own.
            if let Some(answer) = answer.as_object_mut() {
                answer.remove("count");
            }
            answer
        };
        assert_eq!(counted("1"), counted("3"), "{what}");
    }
}
