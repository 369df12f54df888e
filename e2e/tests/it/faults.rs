//! What goes wrong on a machine: the server is killed, the disk is full, the folder may not be
//! written. What somebody was told is there afterwards, and everybody is told what to do.
//!
//! A page of those at work is an acknowledged write: that she saw it is in the audit before she
//! does.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::clearway::{Desk, binary};
use crate::site::{PASSPHRASE, code, secret};

const DATA: &str = "clearway-demo/data";
const MEMBER: &str = "commander";
const KILLS: u32 = 100;
/// People who read pages at the same time.
const READERS: u32 = 4;

/// A server that was started, and where it listens.
struct Running {
    server: Child,
    address: String,
}

impl Running {
    fn start(command: &mut Command) -> Running {
        let mut server =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
        let said = BufReader::new(server.stdout.take().expect("its words")).lines().next();
        let said = said.expect("a line").expect("text");
        let (_, address) = said.split_once("http://").unwrap_or_else(|| panic!("{said}"));
        let address = address.split('/').next().unwrap_or_default().to_owned();
        Running { server, address }
    }

    /// The status and the page; nothing when the server is gone before it has answered.
    fn ask(&self, request: &str) -> Option<(u16, String)> {
        ask(&self.address, request)
    }

    /// Signs the member in; the header that her browser sends from then on.
    fn sign_in(&self, desk: &Desk) -> String {
        let code = code(desk, &secret(desk, MEMBER));
        let passphrase = PASSPHRASE.replace(' ', "+");
        let form = format!("name={MEMBER}&passphrase={passphrase}&code={code}&purpose=returns");
        let (status, answer) = self
            .ask(&format!(
                "POST /sign-in HTTP/1.1\r\nSec-Fetch-Site: same-origin\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
                 Host: {}\r\nConnection: close\r\n\r\n{form}",
                form.len(),
                self.address
            ))
            .expect("an answer");
        assert_eq!(status, 303, "{answer}");
        let (_, cookie) = answer.split_once("clearway=").expect("a cookie");
        format!("Cookie: clearway={}", cookie.split(';').next().unwrap_or_default())
    }

    /// Asks for a page of hers.
    fn page(&self, cookie: &str) -> Option<(u16, String)> {
        page(&self.address, cookie)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn page(address: &str, cookie: &str) -> Option<(u16, String)> {
    ask(
        address,
        &format!(
            "GET /account HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{cookie}\r\n\r\n"
        ),
    )
}

fn ask(address: &str, request: &str) -> Option<(u16, String)> {
    let mut socket = TcpStream::connect(address).ok()?;
    socket.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    let whole = answer.contains("</html>") || status == 303;
    whole.then_some((status, answer))
}

fn server(desk: &Desk) -> Command {
    desk.command(&["server", "--practice", "--listen", "127.0.0.1:0", "--data", DATA])
}

/// How often the audit says that she saw a page.
fn viewed(shown: &str) -> usize {
    shown.matches("\"viewed\"").count()
}

#[test]
fn a_hundred_kills_lose_nothing_that_was_acknowledged() {
    let desk = Desk::after_demo();
    let mut running = Running::start(&mut server(&desk));
    let cookie = running.sign_in(&desk);
    let (seen, mut midway) = (AtomicU32::new(0), 0);
    let show = ["audit", "show", "--about", "page", "--who", MEMBER, "--format", "json"];
    for round in 0..KILLS {
        let before = seen.load(Ordering::SeqCst);
        thread::scope(|scope| {
            for _ in 0..READERS {
                scope.spawn(|| {
                    while let Some((status, answer)) = page(&running.address, &cookie) {
                        assert_eq!(status, 200, "{answer}");
                        seen.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            // At another moment each time.
            thread::sleep(Duration::from_millis(40 + u64::from(round * 7 % 50)));
            // Only the process is borrowed by nobody: its readers know its address.
            Command::new("kill")
                .args(["-9", &running.server.id().to_string()])
                .status()
                .expect("kill -9");
        });
        midway += u32::from(seen.load(Ordering::SeqCst) > before);
        running.server.wait().expect("it is gone");
        if round % 10 == 9 {
            let acknowledged = seen.load(Ordering::SeqCst);
            let there = viewed(&desk.run(&[&show[..], &["--data", DATA]].concat()).exits(0).out);
            let under_way = (READERS * (round + 1)) as usize;
            let expected = acknowledged as usize..=acknowledged as usize + under_way;
            assert!(expected.contains(&there), "{there} rows for {acknowledged} pages seen");
            let verify = ["audit", "verify", "--format", "json", "--data", DATA];
            assert_eq!(desk.run(&verify).exits(0).json()["holds"], true);
        }
        running = Running::start(&mut server(&desk));
    }
    assert!(midway > KILLS / 2, "the kills came while pages were shown: {midway}");
    assert_eq!(running.page(&cookie).expect("it goes on").0, 200);
}

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

/// Whether this machine lets a test have a disk of its own. Where it does not, as in a container without that
/// right, the same faults are still made in the tests of `store` (`database::sqlite`) and `server` (`faults`).
fn may_have_a_disk(desk: &Desk) -> bool {
    fs::create_dir(desk.path("tried")).expect("a folder");
    let tried = apart(desk, "mount -t tmpfs -o size=1m none tried").output();
    let may = tried.is_ok_and(|output| output.status.success());
    if !may {
        let said = b"not run: nobody may mount a disk here\n";
        std::io::stderr().write_all(said).expect("it is said");
    }
    may
}

/// The program, beside a server that was started with [`apart`].
fn beside(running: &Running, desk: &Desk, line: &[&str]) -> String {
    let pid = running.server.id().to_string();
    let mut command = Command::new("nsenter");
    command.args(["--target", &pid, "--mount"]);
    if !is_root() {
        command.args(["--user", "--preserve-credentials"]);
    }
    let folder = format!("--wdns={}", desk.path("small").display());
    let output = command.arg(folder).arg(binary()).args(line).output().expect("nsenter starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

const ON_A_SMALL_DISK: &str = "mount -t tmpfs -o size=24m none small
    cp -r clearway-demo/data small/data
    exec \"$CLEARWAY\" server --practice --listen 127.0.0.1:0 --data small/data 2>said";

#[test]
fn a_full_disk_is_told_and_it_goes_on_when_there_is_room() {
    let desk = Desk::after_demo();
    if !may_have_a_disk(&desk) {
        return;
    }
    fs::create_dir(desk.path("small")).expect("a folder");
    let running = Running::start(&mut apart(&desk, ON_A_SMALL_DISK));
    let cookie = running.sign_in(&desk);
    let mut acknowledged = 0;
    let mut look = || {
        let (status, answer) = running.page(&cookie).expect("an answer");
        acknowledged += usize::from(status == 200);
        (status, answer)
    };
    assert_eq!(look().0, 200);

    let inside = format!("/proc/{}/root{}", running.server.id(), desk.path("small/rest").display());
    let mut rest = fs::File::create(&inside).expect("the rest of the disk");
    while rest.write_all(&[0; 4096]).is_ok() {}
    drop(rest);
    let started = Instant::now();
    let (status, told) = loop {
        let (status, answer) = look();
        if status != 200 {
            break (status, answer);
        }
        assert!(started.elapsed() < Duration::from_secs(60), "the disk was never full");
    };
    assert_eq!(status, 507, "{told}");
    assert!(told.contains("There is no room left") && told.contains("load this page again"));
    let said = desk.read("said");
    assert!(said.contains("the disk of the database is full: make room"), "{said}");
    assert_eq!(said.lines().count(), 1, "once, and not at every request: {said}");

    fs::remove_file(&inside).expect("there is room again");
    assert_eq!(look().0, 200, "it goes on by itself");
    let show = ["audit", "show", "--about", "page", "--who", MEMBER, "--format", "json"];
    let shown = beside(&running, &desk, &[&show[..], &["--data", "data"]].concat());
    assert_eq!(viewed(&shown), acknowledged);
    let verify = ["audit", "verify", "--format", "json", "--data", "data"];
    assert!(beside(&running, &desk, &verify).contains("\"holds\": true"));
}

const ON_A_DISK_TO_READ: &str = "mount -t tmpfs none small
    cp -r clearway-demo/data small/data
    mount -o remount,ro small
    exec \"$CLEARWAY\" server --practice --listen 127.0.0.1:0 --data small/data --check";

#[test]
fn a_folder_that_may_not_be_written_is_told_at_the_start() {
    let desk = Desk::after_demo();
    if !may_have_a_disk(&desk) {
        return;
    }
    fs::create_dir(desk.path("small")).expect("a folder");
    let output = apart(&desk, ON_A_DISK_TO_READ).output().expect("unshare starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("clearway: the data folder small/data cannot be used"), "{said}");
    assert!(!said.contains("panic"), "{said}");
}
