//! `clearway backup` and `restore`: what was there is there again, and what was destroyed is not.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::at_work::{DATA, Member, Running, Typist, audit_agrees, server};
use crate::clearway::Desk;

const POLICE: [&str; 2] = ["--data", "clearway-demo/practice-police-1"];

/// What a command says about an installation.
fn said(desk: &Desk, line: &[&str], data: &str) -> String {
    desk.run(&[line, &["--format", "json", "--data", data]].concat()).exits(0).out
}

#[test]
fn an_installation_is_the_same_elsewhere() {
    let desk = Desk::after_demo();
    desk.run(&["backup", "--out", "kept", "--data", "clearway-demo/data"]).exits(0);
    let restore = ["restore", "kept", "--no-destruction-list", "--data", "again"];
    desk.run(&restore).exits(0);
    for line in [
        &["returns"][..],
        &["receive", "--list"],
        &["user", "list"],
        &["count", "--people", "--practice", "--as-of", "2026-11-30"],
    ] {
        let before = said(&desk, line, "clearway-demo/data");
        let without_number = |said: &str| {
            said.lines().filter(|line| !line.contains("\"count\"")).collect::<String>()
        };
        assert_eq!(without_number(&said(&desk, line, "again")), without_number(&before));
    }
    let verified = desk.run(&["audit", "verify", "--format", "json", "--data", "again"]);
    assert_eq!(verified.exits(0).json()["holds"], true);
    let acts = said(&desk, &["audit", "show", "--about", "audit"], "again");
    assert!(acts.contains("\"restored\""), "{acts}");
    // There it would overwrite; and a backup in the folder that it copies would hold itself.
    let there = desk.run(&restore).exits(1);
    assert!(there.err.contains("is not empty"), "{}", there.err);
    let inside = ["backup", "--out", "clearway-demo/data/kept", "--data", "clearway-demo/data"];
    assert!(desk.run(&inside).exits(1).err.contains("inside"));
}

#[test]
fn a_backup_has_every_draft_that_was_acknowledged_before_it_began() {
    let desk = Desk::after_demo();
    let running = Running::start(&mut server(&desk, DATA));
    let address = running.address.as_str();
    let member = Member::signs_in(address, &desk, "commander");
    let mut typists = Typist::each(&member);
    for round in 0..3 {
        let before: Vec<i64> = typists.iter().map(|typist| typist.acknowledged).collect();
        let (kept, again) = (format!("kept-{round}"), format!("again-{round}"));
        let done = AtomicBool::new(false);
        let backup = thread::scope(|scope| {
            for typist in &mut typists {
                scope.spawn(|| {
                    while !done.load(Ordering::SeqCst) {
                        let answer = typist.saves(address).expect("an answer");
                        assert_eq!(answer.status, 200, "{}", answer.body);
                    }
                });
            }
            thread::sleep(Duration::from_millis(200));
            let backup = desk.run(&["backup", "--out", &kept, "--data", DATA]);
            done.store(true, Ordering::SeqCst);
            backup
        });
        backup.exits(0);
        desk.run(&["restore", &kept, "--no-destruction-list", "--data", &again]).exits(0);

        let restored = Running::start(&mut server(&desk, &again));
        // Nobody is signed in there.
        assert_eq!(member.gets(&restored.address, "/account").expect("an answer").status, 303);
        let member = Member::signs_in(&restored.address, &desk, "coordinator");
        let mut there: Vec<Typist> = Vec::new();
        for (typist, acknowledged) in typists.iter().zip(before) {
            assert!(typist.acknowledged > acknowledged, "{} was saved meanwhile", typist.quarter);
            let (member, quarter, sent) = (member.clone(), typist.quarter, typist.sent);
            let mut colleague = Typist { member, quarter, acknowledged, sent };
            colleague.finds_it_again(&restored.address);
            there.push(colleague);
        }
        audit_agrees(&desk, &again, &there);
        // It goes on from there.
        for colleague in &mut there {
            assert_eq!(colleague.saves(&restored.address).expect("an answer").status, 200);
            colleague.finds_it_again(&restored.address);
        }
        audit_agrees(&desk, &again, &there);
    }
    for typist in &mut typists {
        typist.finds_it_again(address);
    }
    audit_agrees(&desk, DATA, &typists);
}

#[test]
fn a_changed_backup_is_not_brought_back() {
    let desk = Desk::after_demo();
    desk.run(&["backup", "--out", "kept", "--data", "clearway-demo/data"]).exits(0);
    let database = desk.path("kept/clearway.sqlite");
    let mut bytes = fs::read(&database).expect("the database's copy");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&database, bytes).expect("written");
    let line = ["restore", "kept", "--no-destruction-list", "--data", "again"];
    let refused = desk.run(&line).exits(1);
    assert!(refused.err.contains("clearway.sqlite"), "{}", refused.err);
    assert!(!desk.path("again").exists() && !desk.path("again.part").exists());
    // Somebody's own folder is no backup, nor is a path that leads out of one.
    assert!(
        desk.run(&["restore", "clearway-demo", "--no-destruction-list", "--data", "again"])
            .exits(1)
            .err
            .contains("no backup")
    );
    let manifest = desk.read("kept/backup.json").replace("\"card.toml\"", "\"../card.toml\"");
    desk.write("kept/backup.json", manifest);
    assert!(desk.run(&line).exits(1).err.contains("no backup"));
}

#[test]
fn what_was_destroyed_after_the_backup_is_destroyed_again() {
    let desk = Desk::after_demo();
    let run = |line: &[&str]| desk.run(&[line, &POLICE].concat());
    run(&["backup", "--out", "kept"]).exits(0);
    let before = run(&["records", "--format", "json"]).exits(0).json();
    let rows = run(&["audit", "verify", "--format", "json"]).exits(0).json()["rows"].to_string();
    run(&["audit", "destroy", &rows, "--why", "order 7"]).exits(0);
    let list = desk.path("clearway-demo/practice-police-1/destroyed.json");
    fs::copy(&list, desk.path("list.json")).expect("the list of what was destroyed");
    let restore = [
        "restore",
        "kept",
        "--destruction-list",
        "list.json",
        "--data",
        "again",
        "--format",
        "json",
    ];
    let restored = desk.run(&restore).exits(0).json();
    assert_eq!(restored["destroyed_again"]["reasons"], 1, "{restored}");
    let show = desk.run(&["audit", "show", "--data", "again"]).exits(0).out;
    assert!(show.contains("(gone)"), "{show}");
    let after = desk.run(&["records", "--format", "json", "--data", "again"]).exits(0).json();
    assert_eq!(before, after);
    let verified = desk.run(&["audit", "verify", "--data", "again"]);
    assert!(verified.exits(0).out.contains("holds"));
}
