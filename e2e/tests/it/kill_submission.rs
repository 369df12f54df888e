//! `kill -9` during a submission: nothing lost, nothing doubled.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::clearway::Desk;
use crate::made_agency::{SUBMIT, at_police, set_up};

const PEOPLE: usize = 4000;
const ROUNDS: u32 = 12;

#[test]
fn a_submission_killed_at_any_moment_is_one_file_after_the_next_run() {
    let desk = Desk::new();
    set_up(&desk, PEOPLE);
    copy(&desk.path("police"), &desk.path("before"));
    let started = Instant::now();
    at_police(&desk, &SUBMIT).exits(0);
    let mut whole = started.elapsed();

    let mut seen = Vec::new();
    for round in 0.. {
        let midway = seen.iter().filter(|one| **one == "midway").count();
        if round >= ROUNDS && midway >= 3 {
            break;
        }
        assert!(round < 5 * ROUNDS, "the kills came midway too seldom: {seen:?}");
        for folder in ["police", "out"] {
            fs::remove_dir_all(desk.path(folder)).expect("a fresh start");
        }
        copy(&desk.path("before"), &desk.path("police"));
        fs::create_dir(desk.path("out")).expect("a folder");
        // Evenly over the whole run, and once before it has well begun.
        let moment = whole.mul_f64(f64::from(round % ROUNDS) / f64::from(ROUNDS - 1));
        kill_after(&desk, moment);
        let out_before = files(&desk.path("out"));
        assert!(out_before.len() <= 1, "killed at {moment:?}: {out_before:?}");
        let stopped = match (desk.path("police/submitting").exists(), out_before.len()) {
            (false, _) => "before",
            (true, 0) => "midway",
            _ => "after",
        };
        seen.push(stopped);
        if stopped == "after" {
            // The first run was slower, as on a busy machine.
            whole = moment;
        }

        let clean = at_police(&desk, &SUBMIT).exits(0).json();
        assert_eq!(clean["sequence"], 1, "killed at {moment:?}");
        let out = files(&desk.path("out"));
        assert_eq!(out.len(), 1, "killed at {moment:?}: {out:?}");
        if let Some((name, bytes)) = out_before.first() {
            assert_eq!((name, bytes), (&out[0].0, &out[0].1), "what was seen is what stands");
        }
        let again = at_police(&desk, &SUBMIT).exits(0).json();
        assert_eq!((&again["outcome"], &again["digest"]), (&"already".into(), &clean["digest"]));
        let left = fs::read_dir(desk.path("police/submitting")).expect("the work folder");
        let names: Vec<_> = left.map(|entry| entry.expect("an entry").file_name()).collect();
        assert!(names.iter().all(|name| name == "ready" || name == ".lock"), "{names:?}");
        assert!(files(&desk.path("police/submitting/ready")).is_empty());
    }
}

fn kill_after(desk: &Desk, moment: Duration) {
    let arguments = [&SUBMIT[..], &["--data", "police"]].concat();
    let mut child = desk
        .command(&arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the submission starts");
    thread::sleep(moment);
    child.kill().expect("kill -9");
    child.wait().expect("it is gone");
}

/// The files of a folder, by name, with their bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("a file"))
        })
        .collect();
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).expect("a copy");
        }
    }
}
