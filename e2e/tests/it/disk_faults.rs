//! What goes wrong with the disk while people save drafts: it is full, it refuses what is written, the kernel lets
//! nobody write on it any more. Everybody is told, nothing that was acknowledged is lost, and it goes on by itself.

use std::fs;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::at_work::{
    Answer, DATA, Member, Running, Typist, audit_agrees, audit_agrees_by, server,
};
use crate::clearway::{Desk, binary};

/// `unshare`, with file systems of its own, which are gone with the last process in it.
const APART: [&str; 2] = ["--mount", "--"];
const APART_AS_ROOT: [&str; 4] = ["--user", "--map-root-user", "--mount", "--"];

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id starts");
    id.stdout == b"0\n"
}

/// A shell with a file system of its own, in which it is the machine's owner.
fn apart(desk: &Desk, script: &str) -> Command {
    let how = if is_root() { &APART[..] } else { &APART_AS_ROOT[..] };
    let mut command = Command::new("unshare");
    command.args(how).args(["sh", "-ec", script]).current_dir(desk.path("."));
    command.env("USER", "tester").env("CLEARWAY", binary());
    command
}

/// Makes the folder `small` for a disk, and says whether this machine lets a test mount it. Where it does not, as in
/// a container without that right, faults of the same kinds are still made below (`prlimit`) and in the tests of
/// `store` (`database::sqlite`) and `server` (`faults`).
fn may_mount(desk: &Desk, mount: &str) -> bool {
    fs::create_dir(desk.path("small")).expect("a folder");
    let tried = apart(desk, mount).output();
    let may = tried.is_ok_and(|output| output.status.success());
    if !may {
        let said = format!("not run: nobody may do this here: {mount}\n");
        std::io::stderr().write_all(said.as_bytes()).expect("it is said");
    }
    may
}

/// Saves a draft after the other, until a save is refused; that answer.
fn refused(typists: &mut [Typist], address: &str) -> Answer {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(60) {
        for typist in &mut *typists {
            let answer = typist.saves(address).expect("an answer");
            if answer.status != 200 {
                return answer;
            }
        }
    }
    panic!("everything was saved");
}

/// Everybody finds what she was told is saved, and nothing of what was refused.
fn find_theirs(typists: &[Typist], address: &str) {
    for typist in typists {
        typist.finds(address, typist.acknowledged..=typist.acknowledged);
    }
}

/// What was refused is sent again.
fn it_goes_on(typists: &mut [Typist], address: &str) {
    find_theirs(typists, address);
    for typist in &mut *typists {
        assert_eq!(typist.saves(address).expect("an answer").status, 200);
    }
    find_theirs(typists, address);
}

/// What a command answers in the file system of a server that has one of its own.
fn beside(running: &Running, desk: &Desk, line: &[&str]) -> Value {
    let mut command = inside(running, desk);
    let output = command.arg(binary()).args(line).args(["--data", "data"]).output();
    let output = output.expect("nsenter starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A command that is still to be named, in the folder `small` of a server.
fn inside(running: &Running, desk: &Desk) -> Command {
    let mut command = Command::new("nsenter");
    command.args(["--target", &running.pid().to_string(), "--mount"]);
    if !is_root() {
        command.args(["--user", "--preserve-credentials"]);
    }
    command.arg(format!("--wdns={}", desk.path("small").display()));
    command
}

const SMALL: &str = "mount -t tmpfs -o size=24m none small";
const ON_A_SMALL_DISK: &str = "mount -t tmpfs -o size=24m none small
    cp -r clearway-demo/data small/data
    exec \"$CLEARWAY\" server --practice --listen 127.0.0.1:0 --data small/data 2>said";

#[test]
fn a_full_disk_is_told_and_it_goes_on_when_there_is_room() {
    let desk = Desk::after_demo();
    if !may_mount(&desk, SMALL) {
        return;
    }
    let running = Running::start(&mut apart(&desk, ON_A_SMALL_DISK));
    let address = running.address.as_str();
    let member = Member::signs_in(address, &desk, "coordinator");
    let mut typists = Typist::each(&member);
    for typist in &mut typists {
        assert_eq!(typist.saves(address).expect("an answer").status, 200);
    }

    let rest = format!("/proc/{}/root{}", running.pid(), desk.path("small/rest").display());
    let mut file = fs::File::create(&rest).expect("the rest of the disk");
    while file.write_all(&[0; 4096]).is_ok() {}
    drop(file);
    let told = refused(&mut typists, address);
    assert_eq!(told.status, 507, "{}", told.body);
    assert!(told.body.contains("There is no room left"), "{}", told.body);
    assert!(told.body.contains("load this page again"), "{}", told.body);
    let said = desk.read("said");
    assert!(said.contains("the disk of the database is full: make room"), "{said}");
    assert_eq!(said.lines().count(), 1, "once, and not at every request: {said}");

    fs::remove_file(&rest).expect("there is room again");
    it_goes_on(&mut typists, address);
    audit_agrees_by(|line| beside(&running, &desk, line), &typists);
}

/// Sets from outside whether a running process may write to files; needs no right that a test has not.
fn may_write(running: &Running, may: bool) {
    let most = if may { "--fsize=unlimited:" } else { "--fsize=0:" };
    let pid = running.pid().to_string();
    let set = Command::new("prlimit").args(["--pid", &pid, most]).status();
    assert!(set.expect("prlimit starts").success(), "{most}");
}

fn expect_told(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.body.contains("This site may not write at the moment"), "{}", answer.body);
    assert!(answer.body.contains("load this page again"), "{}", answer.body);
}

#[test]
fn a_disk_that_refuses_what_is_written_is_told_and_it_goes_on() {
    const IGNORES_THE_SIGNAL: &str = "trap '' XFSZ
        exec \"$CLEARWAY\" server --practice --listen 127.0.0.1:0 --data clearway-demo/data 2>said";
    let desk = Desk::after_demo();
    let mut shell = Command::new("sh");
    shell.args(["-ec", IGNORES_THE_SIGNAL]).current_dir(desk.path(".")).env("CLEARWAY", binary());
    let running = Running::start(&mut shell);
    let address = running.address.as_str();
    let member = Member::signs_in(address, &desk, "coordinator");
    let mut typists = Typist::each(&member);
    for _ in 0..3 {
        for typist in &mut typists {
            assert_eq!(typist.saves(address).expect("an answer").status, 200);
        }
        may_write(&running, false);
        for typist in &mut typists {
            // Also the second one, for which the database is opened anew.
            expect_told(&typist.saves(address).expect("an answer"));
        }
        expect_told(&member.gets(address, "/account").expect("an answer"));
        assert_eq!(member.gets(address, "/help").expect("an answer").status, 200);
        may_write(&running, true);
        find_theirs(&typists, address);
    }
    it_goes_on(&mut typists, address);
    audit_agrees(&desk, DATA, &typists);
    running.end("-9");
    let running = Running::start(&mut server(&desk, DATA));
    find_theirs(&typists, &running.address);
}

/// A disk on which the kernel lets nobody write any more after an error, as it does with disks that break, though
/// the database is open.
const BREAKS: &str = "mount -o loop disk small";
const ON_A_DISK_THAT_BREAKS: &str = "mount -o loop disk small
    test -d small/data || { cp -r clearway-demo/data small/data; sync; }
    exec \"$CLEARWAY\" server --practice --listen 127.0.0.1:0 --data small/data 2>said";

#[test]
fn a_disk_that_becomes_read_only_under_the_server_loses_nothing() {
    let desk = Desk::after_demo();
    fs::File::create(desk.path("disk")).and_then(|disk| disk.set_len(48 << 20)).expect("a disk");
    let made = Command::new("mkfs.ext4").arg("-q").arg(desk.path("disk")).output();
    if !made.is_ok_and(|made| made.status.success()) || !may_mount(&desk, BREAKS) {
        return;
    }
    let running = Running::start(&mut apart(&desk, ON_A_DISK_THAT_BREAKS));
    let address = running.address.as_str();
    let member = Member::signs_in(address, &desk, "coordinator");
    let mut typists = Typist::each(&member);
    for typist in &mut typists {
        assert_eq!(typist.saves(address).expect("an answer").status, 200);
    }
    let mut breaks = inside(&running, &desk);
    breaks.args(["mount", "-o", "remount,abort"]).arg(desk.path("small"));
    assert!(breaks.status().expect("nsenter starts").success());
    for typist in &mut typists {
        expect_told(&typist.saves(address).expect("an answer"));
    }
    let said = desk.read("said");
    assert!(said.contains("the database or its folder cannot be written"), "{said}");
    // Whoever runs the machine mends the disk and starts the server again.
    running.end("-9");
    let running = Running::start(&mut apart(&desk, ON_A_DISK_THAT_BREAKS));
    it_goes_on(&mut typists, &running.address);
    audit_agrees_by(|line| beside(&running, &desk, line), &typists);
}

const TO_READ: &str = "mount -t tmpfs none small";
const ON_A_DISK_TO_READ: &str = "mount -t tmpfs none small
    cp -r clearway-demo/data small/data
    mount -o remount,ro small
    exec \"$CLEARWAY\" server --practice --listen 127.0.0.1:0 --data small/data --check";

#[test]
fn a_folder_that_may_not_be_written_is_told_at_the_start() {
    let desk = Desk::after_demo();
    if !may_mount(&desk, TO_READ) {
        return;
    }
    let output = apart(&desk, ON_A_DISK_TO_READ).output().expect("unshare starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("clearway: the data folder small/data cannot be used"), "{said}");
    assert!(!said.contains("panic"), "{said}");
}
