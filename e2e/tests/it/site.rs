//! `clearway server` as people use it: in browsers, with passphrases and one-time codes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::clearway::Desk;
use crate::webdriver::Browser;

pub(crate) const PASSPHRASE: &str = "seven herons over slow water";
const NEW_PASSPHRASE: &str = "nine otters under quick rain";
pub(crate) const BUTTON: &str = "main form .buttons button";

/// A running server. It is told to end when the test is over.
pub(crate) struct Site {
    server: Child,
    pub(crate) address: String,
}

impl Site {
    pub(crate) fn start(desk: &Desk, arguments: &[&str]) -> Site {
        let line = [&["server", "--listen", "127.0.0.1:0"], arguments].concat();
        let mut command = desk.command(&line);
        let mut server =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let said = BufReader::new(server.stdout.take().expect("its words")).lines().next();
        let said = said.expect("a line").expect("text");
        let (_, address) = said.split_once("http://").expect("where it listens");
        let address = address.split('/').next().unwrap_or_default().to_owned();
        Site { server, address }
    }

    pub(crate) fn page(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The status line of an answer.
    fn status(&self, path: &str) -> String {
        let mut socket = TcpStream::connect(&self.address).expect("it listens");
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        socket.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("it answers");
        answer.lines().next().unwrap_or_default().to_owned()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The code that an app shows for a secret.
pub(crate) fn code(desk: &Desk, secret: &str) -> String {
    desk.run(&["user", "code", secret]).exits(0).out.trim().to_owned()
}

/// The secrets of the made-up members, as the demo has written them.
pub(crate) fn secret(desk: &Desk, name: &str) -> String {
    let list = desk.read("clearway-demo/examples/sign-in.csv");
    let row = list.lines().find(|row| row.starts_with(&format!("{name},"))).expect("a member");
    row.split(',').next_back().expect("a secret").to_owned()
}

pub(crate) fn signs_in(site: &Site, browser: &Browser, name: &str, passphrase: &str, code: &str) {
    browser.visit(&site.page("/sign-in"));
    let fields =
        [("name", name), ("passphrase", passphrase), ("code", code), ("purpose", "returns")];
    browser.send(&fields, BUTTON);
    let heading = browser.text("header .who");
    assert!(heading.contains(name), "{heading}: {}", browser.text("main"));
}

/// Every address that the pages asked for is of this site; what the browser has in itself (`data:`, its own
/// start page) is no address.
fn asks_nobody_else(site: &Site, browser: &Browser) {
    let asked = browser.requests();
    let outside: Vec<&String> = asked
        .iter()
        .filter(|address| address.starts_with("http") && !address.contains(&site.address))
        .collect();
    assert!(outside.is_empty() && !asked.is_empty(), "{outside:?}");
}

/// Keeps a picture where the README's are made, when that is asked for.
pub(crate) fn picture(browser: &Browser, name: &str) {
    let Some(folder) = std::env::var_os("CLEARWAY_PICTURES") else { return };
    browser.resize(1100, 760);
    let path = std::path::Path::new(&folder).join(format!("{name}.png"));
    std::fs::write(path, browser.screenshot()).expect("the picture is kept");
}

#[test]
fn it_starts_on_an_empty_folder_and_answers_everybody() {
    let desk = Desk::new();
    let site = Site::start(&desk, &["--data", "new"]);
    assert_eq!(site.status("/"), "HTTP/1.1 200 OK");
    assert_eq!(site.status("/account"), "HTTP/1.1 303 See Other");
    assert_eq!(site.status("/members/1"), "HTTP/1.1 404 Not Found");
    let list = desk.run(&["user", "list", "--data", "new"]).exits(0);
    assert!(list.out.contains("nobody signs in here yet"), "{}", list.out);
    // A second one where the first listens says so.
    let taken = desk.run(&["server", "--data", "new", "--listen", &site.address, "--check"]);
    assert!(taken.exits(1).err.contains("--listen"));
}

#[test]
fn real_and_made_up_are_never_served_together() {
    let desk = Desk::after_demo();
    let both = desk.run(&["server", "--role", "both", "--data", "new", "--check"]).exits(1);
    assert!(both.err.contains("practice"), "{}", both.err);
    let made_up = desk.run(&["server", "--data", "clearway-demo/data", "--check"]).exits(1);
    assert!(made_up.err.contains("add --practice"), "{}", made_up.err);
    let join = ["user", "join", "kern-da", "--label", "Kern", "--legal-entity", "prosecutor"];
    desk.run(&[&join[..], &["--data", "real"]].concat()).exits(0);
    let real = desk.run(&["server", "--practice", "--data", "real", "--check"]).exits(1);
    assert!(real.err.contains("is a real agency"), "{}", real.err);
}

#[test]
fn an_agency_joins() {
    let desk = Desk::new();
    let run = |line: &[&str]| desk.run(&[line, &["--data", "real"]].concat()).exits(0);
    run(&["user", "join", "kern-da", "--label", "Kern", "--legal-entity", "prosecutor"]);
    let site = Site::start(&desk, &["--data", "real"]);
    // Two administrators on the terminal, while the server runs.
    let browser = Browser::start();
    let mut secrets = Vec::new();
    for name in ["first", "second"] {
        let invite = ["user", "invite", name, "--agency", "kern-da", "--role", "administrator"];
        let invited = run(&[&invite[..], &["--format", "json"]].concat()).json();
        let invitation = invited["invitation"].as_str().expect("a code");
        browser.visit(&site.page("/join"));
        let fields = [
            ("name", name),
            ("code", invitation),
            ("passphrase", PASSPHRASE),
            ("again", PASSPHRASE),
        ];
        browser.send(&fields, BUTTON);
        assert!(browser.run("return !!document.querySelector('main svg')") == true);
        secrets.push(browser.text("main .secret").replace(' ', ""));
    }
    signs_in(&site, &browser, "first", PASSPHRASE, &code(&desk, &secrets[0]));
    // She invites a coordinator, who joins and makes what the agency keeps sealed.
    browser.visit(&site.page("/members"));
    browser.run("document.querySelector('input[value=coordinator]').click()");
    browser.send(&[("name", "cora")], BUTTON);
    let invitation = browser.text("main .secret");
    browser.send(&[], "header form:not(#hide) button");
    browser.visit(&site.page("/join"));
    let fields = [
        ("name", "cora"),
        ("code", invitation.as_str()),
        ("passphrase", PASSPHRASE),
        ("again", PASSPHRASE),
    ];
    browser.send(&fields, BUTTON);
    let secret = browser.text("main .secret").replace(' ', "");
    signs_in(&site, &browser, "cora", PASSPHRASE, &code(&desk, &secret));
    browser.visit(&site.page("/compartments"));
    browser.send(&[("sort", "returns")], "main button[value=make]");
    assert!(browser.text("main").contains("It was made"), "{}", browser.text("main"));
    let sealed = run(&["user", "compartments", "--format", "json"]).json();
    assert_eq!(sealed[0]["readers"][0], "cora");
    asks_nobody_else(&site, &browser);
    assert!(run(&["audit", "verify"]).out.contains("holds"));
}

#[test]
fn a_lost_key_is_recovered_by_two_people() {
    let desk = Desk::after_demo();
    let site = Site::start(&desk, &["--data", "clearway-demo/data", "--practice"]);
    let (first, second, member) = (Browser::start(), Browser::start(), Browser::start());
    member.visit(&site.page("/"));
    picture(&member, "front");
    for (browser, name) in [(&first, "admin-1"), (&second, "admin-2")] {
        signs_in(&site, browser, name, PASSPHRASE, &code(&desk, &secret(&desk, name)));
    }
    first.visit(&site.page("/members"));
    picture(&first, "members");
    let link = "return [...document.querySelectorAll('main th a')]
        .find(one => one.innerText === 'coordinator').href";
    first.visit(first.run(link).as_str().expect("her page"));
    first.send(&[("why-invite", "lost her passphrase")], "main button[value=invite]");
    let invitation = first.text("main .secret");

    member.visit(&site.page("/join"));
    let fields = [
        ("name", "coordinator"),
        ("code", invitation.as_str()),
        ("passphrase", NEW_PASSPHRASE),
        ("again", NEW_PASSPHRASE),
    ];
    member.send(&fields, BUTTON);
    let new_secret = member.text("main .secret").replace(' ', "");
    let print = member.text("section[aria-labelledby=print] .secret");

    for officer in [&first, &second] {
        officer.visit(&site.page("/recoveries"));
        assert!(officer.text("main").contains("coordinator"), "{}", officer.text("main"));
        picture(officer, "recoveries");
        officer.send(&[("fingerprint", &print)], BUTTON);
        assert!(officer.text("main").contains("Your half was handed over"));
    }
    let sealed = || {
        let listed = ["user", "compartments", "--format", "json", "--data", "clearway-demo/data"];
        desk.run(&listed).exits(0).json()[0]["readers"].to_string()
    };
    assert_eq!(sealed(), "[\"commander\"]");
    signs_in(&site, &member, "coordinator", NEW_PASSPHRASE, &code(&desk, &new_secret));
    member.visit(&site.page("/account"));
    assert_eq!(sealed(), "[\"commander\",\"coordinator\"]");
    // Neither a passphrase nor a one-time secret lies in a file that the server writes.
    for entry in std::fs::read_dir(desk.path("clearway-demo/data")).expect("the folder") {
        let path = entry.expect("an entry").path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        for planted in [PASSPHRASE, NEW_PASSPHRASE, &new_secret, &invitation] {
            let found = bytes.windows(planted.len()).any(|window| window == planted.as_bytes());
            assert!(!found, "{planted} in {}", path.display());
        }
    }
}

#[test]
fn an_emergency_takes_two_people_and_is_loud() {
    let desk = Desk::after_demo();
    let site = Site::start(&desk, &["--data", "clearway-demo/data", "--practice"]);
    let (first, second, ines) = (Browser::start(), Browser::start(), Browser::start());
    for (browser, name) in [(&first, "admin-1"), (&second, "admin-2")] {
        signs_in(&site, browser, name, PASSPHRASE, &code(&desk, &secret(&desk, name)));
    }
    first.visit(&site.page("/members"));
    first.run("document.querySelector('input[value=investigator]').click()");
    first.send(&[("name", "ines")], BUTTON);
    let invitation = first.text("main .secret");
    ines.visit(&site.page("/join"));
    let fields = [
        ("name", "ines"),
        ("code", invitation.as_str()),
        ("passphrase", NEW_PASSPHRASE),
        ("again", NEW_PASSPHRASE),
    ];
    ines.send(&fields, BUTTON);
    let secret = ines.text("main .secret").replace(' ', "");
    let print = ines.text("section[aria-labelledby=print] .secret");
    signs_in(&site, &ines, "ines", NEW_PASSPHRASE, &code(&desk, &secret));

    ines.visit(&site.page("/compartments"));
    let why = "nobody who reads the returns is reached";
    ines.send(&[("closed", "returns"), ("why", why)], "main button[value=emergency]");
    // Loud: it stands on every page of everybody there, with her reason.
    first.visit(&site.page("/members"));
    let seen = first.text("body");
    assert!(seen.contains("Emergency: ines") && seen.contains(why), "{seen}");
    let hand_over = |officer: &Browser| {
        officer.visit(&site.page("/recoveries"));
        officer.send(&[("fingerprint", &print)], BUTTON);
        assert!(officer.text("main").contains("Your half was handed over"));
    };
    hand_over(&first);
    ines.visit(&site.page("/account"));
    ines.send(&[], "main button[value=take_back]");
    let alone = ines.text("body");
    assert!(!alone.contains("You can read this again"), "one officer opened it alone: {alone}");
    hand_over(&second);
    ines.visit(&site.page("/account"));
    ines.send(&[], "main button[value=take_back]");
    second.visit(&site.page("/account"));
    let seen = second.text("body");
    assert!(seen.contains("Emergency: ines reads"), "{seen}");
    picture(&second, "emergency");
    // And it stands in the audit, which holds.
    let data = ["--data", "clearway-demo/data"];
    let rows = desk.run(&[&["audit", "show", "--who", "ines"][..], &data].concat()).exits(0).out;
    assert!(rows.contains("emergency_asked") && rows.contains("emergency_began"), "{rows}");
    assert!(desk.run(&[&["audit", "verify"][..], &data].concat()).exits(0).out.contains("holds"));
}

#[test]
fn an_auditors_week() {
    let desk = Desk::after_demo();
    let site = Site::start(&desk, &["--data", "clearway-demo/data", "--practice"]);
    let browser = Browser::start();
    browser.visit(&site.page("/sign-in"));
    let wrong = [
        ("name", "auditor"),
        ("passphrase", "not hers at all, really"),
        ("code", "123456"),
        ("purpose", "audit"),
    ];
    browser.send(&wrong, BUTTON);
    assert!(browser.text("main").contains("wrong"), "{}", browser.text("main"));
    signs_in(&site, &browser, "auditor", PASSPHRASE, &code(&desk, &secret(&desk, "auditor")));
    browser.visit(&site.page("/audit"));
    let failed = browser.text("section[aria-labelledby=failed]");
    assert!(failed.contains("auditor"), "{failed}");
    picture(&browser, "audit");
    browser.send(&[], "main form[method=post] button");
    assert!(browser.text("main .notice").contains("holds"), "{}", browser.text("main .notice"));
    assert!(!browser.text("main").contains("coordinator"), "another agency's member");
    // What she asked for is all of this site, and nothing is kept in the browser but the session.
    asks_nobody_else(&site, &browser);
    let kept = browser.run("return [document.cookie, localStorage.length, sessionStorage.length]");
    assert_eq!(kept.to_string(), "[\"\",0,0]");
}
