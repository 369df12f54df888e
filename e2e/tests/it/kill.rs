//! `kill -9` during an import: what is in is whole, and a second run completes.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::clearway::{Desk, Ran, real_returns};

const RETURNS: usize = 60;
const ROUNDS: u32 = 12;
const REPORTERS: [&str; 6] =
    ["east-bay", "fresno", "los-angeles", "orange", "sacramento", "san-diego"];
const KINDS: [&str; 3] = ["sex", "labor", "both"];
/// Counties in each return, so that it takes a while to write.
const COUNTIES: usize = 12;

/// Writes sixty returns by county and type into `returns`; answers their figures, each.
fn write_returns(desk: &Desk) -> u64 {
    let register = real_returns().join("../counties.csv");
    let mut register = csv::Reader::from_path(register).expect("the counties");
    let counties: Vec<String> =
        register.records().map(|record| record.expect("a county")[0].to_owned()).collect();
    let counties = &counties[..COUNTIES];
    for number in 0..RETURNS {
        let (reporter, quarter) = (REPORTERS[number % 6], number / 6);
        let period = format!("{}-Q{}", 2013 + quarter / 4, 1 + quarter % 4);
        let mut text = "measure,reporter,period,trafficking_type,county,value\n".to_owned();
        for (at, county) in counties.iter().enumerate() {
            for kind in KINDS {
                let value = 100 + number * 7 + at;
                text.push_str(&format!(
                    "victim_identified,{reporter},{period},{kind},{county},{value}\n"
                ));
            }
        }
        desk.write(&format!("returns/return-{number:02}.csv"), text);
    }
    (COUNTIES * KINDS.len()) as u64
}

/// The returns that are in, each with the figures that are counted in the database.
fn what_is_in(desk: &Desk) -> BTreeMap<String, u64> {
    let listed = desk.run(&["returns", "--format", "json"]);
    if !desk.path("clearway-data/clearway.sqlite").exists() {
        assert!(listed.exits(1).err.contains("no database"), "killed before there was one");
        return BTreeMap::new();
    }
    let listed = listed.exits(0).json();
    let one = |one: &Value| {
        let name = one["file_name"].as_str().expect("a name").to_owned();
        (name, one["figures"].as_u64().expect("figures"))
    };
    listed.as_array().expect("returns").iter().map(one).collect()
}

fn import(desk: &Desk) -> Ran {
    desk.run(&["import", "returns", "--as", "returns", "--format", "json"])
}

#[test]
fn an_import_killed_at_any_moment_leaves_whole_returns_and_can_be_run_again() {
    let desk = Desk::new();
    let figures = write_returns(&desk);
    let started = Instant::now();
    import(&desk).exits(0);
    let mut whole = started.elapsed();
    desk.report();
    let wanted = desk.read("report/figures.csv");
    assert_eq!(what_is_in(&desk).len(), RETURNS);

    let (mut midway, mut done) = (0, Vec::new());
    for round in 0.. {
        if round >= ROUNDS && midway >= 4 {
            break;
        }
        assert!(round < 5 * ROUNDS, "the kills came midway too seldom: {done:?} of {RETURNS} in");
        fs::remove_dir_all(desk.path("clearway-data")).expect("a fresh database");
        // Evenly over the whole run, and once before it has well begun.
        let moment = whole.mul_f64(f64::from(round % ROUNDS) / f64::from(ROUNDS));
        kill_after(&desk, moment);
        let inside = what_is_in(&desk);
        midway += usize::from((1..RETURNS).contains(&inside.len()));
        if inside.len() == RETURNS {
            // The first run was slower, as on a busy machine.
            whole = moment;
        }
        for (name, counted) in &inside {
            assert_eq!(*counted, figures, "{name} is half in after a kill at {moment:?}");
        }
        let answer = import(&desk).exits(0).json();
        let outcome = |what: &str| {
            let files = answer["files"].as_array().expect("files");
            files.iter().filter(|file| file["outcome"] == what).count()
        };
        assert_eq!(outcome("already"), inside.len(), "killed at {moment:?}");
        assert_eq!(outcome("imported"), RETURNS - inside.len(), "killed at {moment:?}");
        desk.report();
        assert!(desk.read("report/figures.csv") == wanted, "figures differ: killed at {moment:?}");
        done.push(inside.len());
    }
}

/// Starts the import, waits, and kills it.
fn kill_after(desk: &Desk, moment: Duration) {
    let mut child = desk
        .command(&["import", "returns", "--as", "returns"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the import starts");
    thread::sleep(moment);
    child.kill().expect("kill -9");
    child.wait().expect("it is gone");
}
