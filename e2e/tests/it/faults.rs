//! What goes wrong while people work: the server is killed, another program keeps the database locked, the
//! clock is set back. What somebody was told is there afterwards, whole, and everybody is told what to do.
//!
//! What is written are drafts of returns, saved by several people at once: sealed, audited, and on the disk
//! before they are told.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::at_work::{Answer, DATA, Member, Running, Typist, audit_agrees, enters, send, server};
use crate::clearway::Desk;
use crate::site::secret;

const KILLS: u32 = 100;

#[test]
fn a_hundred_kills_lose_no_draft_that_was_acknowledged() {
    let desk = Desk::after_demo();
    let mut running = Running::start(&mut server(&desk, DATA));
    let member = Member::signs_in(&running.address, &desk, "coordinator");
    let mut typists = Typist::each(&member);
    for round in 0..KILLS {
        let address = running.address.clone();
        let (saved, any) = mpsc::channel();
        thread::scope(|scope| {
            for typist in &mut typists {
                let (address, saved) = (&address, saved.clone());
                scope.spawn(move || {
                    typist.saves_until_it_is_gone(address, || saved.send(()).expect("it is heard"));
                });
            }
            let any = any.recv_timeout(Duration::from_secs(30));
            // At another moment each time.
            thread::sleep(Duration::from_micros(u64::from(round * 37 % KILLS) * 400));
            running.end("-9");
            any.expect("a draft was saved");
        });
        running = Running::start(&mut server(&desk, DATA));
        thread::scope(|scope| {
            for typist in &mut typists {
                let address = &running.address;
                scope.spawn(|| typist.finds_it_again(address));
            }
        });
        if round % 20 == 19 {
            for typist in &typists {
                typist.finds(&running.address, typist.acknowledged..=typist.acknowledged);
            }
            audit_agrees(&desk, DATA, &typists);
        }
    }
}

/// Another process in the middle of its work: a backup, stopped while it keeps the database locked. The typist has
/// tried to save and waits for her answer.
fn locked(desk: &Desk, address: &str, mut typist: Typist) -> (Child, Receiver<(Answer, Typist)>) {
    for attempt in 0..50 {
        let out = format!("kept-{attempt}");
        let mut backup = desk.command(&["backup", "--out", &out, "--data", DATA]);
        backup.stdout(Stdio::null()).stderr(Stdio::null());
        let mut other = backup.spawn().expect("it starts");
        // It copies the database last, and nobody else may write meanwhile.
        let copy = desk.path(&format!("{out}.part/clearway.sqlite"));
        while !copy.exists() && other.try_wait().expect("it is asked").is_none() {
            thread::sleep(Duration::from_micros(100));
        }
        send("-STOP", other.id());
        let (told, answer) = mpsc::channel();
        let address = address.to_owned();
        thread::spawn(move || {
            let saved = typist.saves(&address).expect("an answer");
            drop(told.send((saved, typist)));
        });
        match answer.recv_timeout(Duration::from_secs(2)) {
            Err(_) => return (other, answer),
            Ok((saved, back)) => {
                assert_eq!(saved.status, 200, "{}", saved.body);
                typist = back;
            }
        }
        // It was through already.
        send("-CONT", other.id());
        assert!(other.wait().expect("it ends").success());
    }
    panic!("no backup was stopped while it kept the database locked");
}

#[test]
fn while_another_program_keeps_the_database_locked_nothing_is_lost() {
    let desk = Desk::after_demo();
    let said = fs::File::create(desk.path("said")).expect("a file");
    let running = Running::start(server(&desk, DATA).stderr(said));
    let address = running.address.as_str();
    let member = Member::signs_in(address, &desk, "coordinator");
    let mut typists = Typist::each(&member);
    for typist in &mut typists {
        assert_eq!(typist.saves(address).expect("an answer").status, 200);
    }
    let (mut other, first) = locked(&desk, address, typists.remove(0));
    let told = |answer: &Answer| {
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert!(answer.body.contains("Somebody else is writing here"), "{}", answer.body);
        assert!(answer.body.contains("load this page again"), "{}", answer.body);
    };
    thread::scope(|scope| {
        for typist in &mut typists {
            scope.spawn(|| told(&typist.saves(address).expect("an answer")));
        }
        scope.spawn(|| told(&member.gets(address, "/account").expect("an answer")));
        // Whoever needs help gets it meanwhile.
        let asked = Instant::now();
        assert_eq!(member.gets(address, "/help").expect("an answer").status, 200);
        assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    });
    let (answer, typist) = first.recv().expect("she is told");
    told(&answer);
    typists.push(typist);
    assert!(other.try_wait().expect("it is asked").is_none(), "it has the lock still");
    let words = desk.read("said");
    assert!(words.contains("another program keeps the database locked: end it"), "{words}");
    assert_eq!(words.lines().count(), 1, "once, and not at every request: {words}");

    send("-CONT", other.id());
    assert!(other.wait().expect("it ends").success(), "its backup is whole");
    for typist in &mut typists {
        // Nothing of what was refused is there; sent again, it is saved.
        typist.finds(address, typist.acknowledged..=typist.acknowledged);
        assert_eq!(typist.saves(address).expect("an answer").status, 200);
        typist.finds(address, typist.sent..=typist.sent);
    }
    audit_agrees(&desk, DATA, &typists);
}

/// A library that says another time than the machine's: so many seconds later as a file says. It stands before the
/// C library of the program, which is the one that is released.
const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t which, struct timespec *now) {
    static int (*machine)(clockid_t, struct timespec *);
    if (!machine) machine = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int done = machine(which, now);
    if (which == CLOCK_REALTIME) {
        long later = 0;
        FILE *file = fopen(getenv("CLOCK_LATER"), "r");
        if (file && fscanf(file, "%ld", &later) == 1) now->tv_sec += later;
        if (file) fclose(file);
    }
    return done;
}
"#;

/// A command whose clock says so many seconds later as the file `later` says.
fn by_the_clock<'a>(desk: &Desk, command: &'a mut Command) -> &'a mut Command {
    command.env("LD_PRELOAD", desk.path("clock.so")).env("CLOCK_LATER", desk.path("later"))
}

#[test]
fn a_clock_that_is_set_back_loses_nothing() {
    const TWO_HOURS_BACK: &str = "-7200";
    let desk = Desk::after_demo();
    desk.write("clock.c", CLOCK);
    desk.write("later", "0");
    desk.shell("cc -shared -fPIC -o clock.so clock.c -ldl").exits(0);
    let start = || Running::start(by_the_clock(&desk, &mut server(&desk, DATA)));
    let code = |name: &str| {
        let mut line = desk.command(&["user", "code", &secret(&desk, name)]);
        let shown = by_the_clock(&desk, &mut line).output().expect("it starts").stdout;
        String::from_utf8(shown).expect("digits").trim().to_owned()
    };
    let mut running = start();
    let member = Member::signs_in(&running.address, &desk, "coordinator");
    let mut typists = Typist::each(&member);
    let mut all_save = |address: &str| {
        for typist in &mut typists {
            typist.finds_it_again(address);
            let saved = typist.saves(address).expect("an answer");
            assert_eq!(saved.status, 200, "{}", saved.body);
        }
    };
    all_save(&running.address);
    desk.write("later", TWO_HOURS_BACK);
    all_save(&running.address);
    running.end("-9");
    running = start();
    all_save(&running.address);
    // A code of before her last one may have been read over her shoulder; a colleague comes in.
    let again = enters(&running.address, "coordinator", &code("coordinator"));
    assert_eq!(again.status, 422, "{}", again.body);
    Member::of(&running.address, &enters(&running.address, "commander", &code("commander")));
    desk.write("later", "0");
    all_save(&running.address);
    audit_agrees(&desk, DATA, &typists);
    let show = ["audit", "show", "--about", "draft", "--format", "json", "--data", DATA];
    let rows = desk.run(&show).exits(0).json();
    let times: Vec<&str> =
        rows.as_array().expect("rows").iter().filter_map(|row| row["at"].as_str()).collect();
    assert!(!times.is_sorted(), "it said the clock's own times: {times:?}");
    let ids: Vec<i64> =
        rows.as_array().expect("rows").iter().filter_map(|row| row["id"].as_i64()).collect();
    assert!(ids.is_sorted(), "in the order of what was done: {ids:?}");
}
