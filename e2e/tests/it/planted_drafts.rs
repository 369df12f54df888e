//! What somebody types into a return lies in no file in a form that a thief could read: not while the server runs,
//! not after it was killed or ended, in no backup, and with PostgreSQL nowhere in what that keeps. Nor does what lets
//! her in: her passphrase, the secret of her codes, the cookie of her session.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::at_work::{Member, Running, ask, enters, shown};
use crate::clearway::Desk;
use crate::planted_strings::{Planted, files_below};
use crate::postgres::new_database;
use crate::site::{PASSPHRASE, code};

const QUARTER: &str = "/returns/2026-Q4";
const NOTE: &str = "victim_served.shelter-note";
const TYPED: [(&str, &str); 8] = [
    ("investigation_initiated.sex-value", "zwqx perhaps a dozen"),
    ("investigation_initiated.sex-note", "Zwqxmarisol came with her sister"),
    ("investigation_initiated.labor-note", "Zwqxlopez, born 1931-07-29, 555-0188239"),
    (NOTE, "zwqx she sleeps at the mission"),
    ("session.1-date", "zwqx on a Tuesday"),
    ("session.1-hours", "zwqx all day"),
    ("session.1-attended", "zwqx nine came"),
    ("reason", "zwqx the county asked again"),
];
/// What is typed first and then replaced; what is refused, as a colleague has saved meanwhile.
const REPLACED: &str = "zwqx typed by mistake";
const REFUSED: &str = "zwqx typed too late";
/// What stands in a workbook that is taken in, and in one that is refused.
const FROM_A_FILE: &str = "zwqx from the workbook";
const FROM_A_REFUSED_FILE: &str = "zwqx from a wrong workbook";

/// Where an installation keeps what it keeps.
struct Site<'a> {
    desk: &'a Desk,
    /// What every command is told.
    options: Vec<&'a str>,
}

impl Site<'_> {
    fn run(&self, line: &[&str]) -> serde_json::Value {
        let line = [line, &["--format", "json"], &self.options].concat();
        self.desk.run(&line).exits(0).json()
    }

    fn start(&self) -> Running {
        let line = ["server", "--practice", "--listen", "127.0.0.1:0"];
        let mut command = self.desk.command(&[&line[..], &self.options].concat());
        let said = fs::File::options().create(true).append(true).open(self.desk.path("said"));
        // What it writes elsewhere is looked at too.
        let temporary = self.desk.path("temporary");
        fs::create_dir_all(&temporary).expect("a folder");
        Running::start(command.stderr(said.expect("a file")).env("TMPDIR", temporary))
    }

    /// Lets somebody in; the secret of her codes.
    fn joins(&self, name: &str, role: &str) -> String {
        let invite = ["user", "invite", name, "--agency", "practice-1", "--role", role];
        let invited = self.run(&invite);
        self.desk.write("in/invited.json", invited.to_string());
        let accept = ["user", "accept", name, "--invitation-in", "in/invited.json"];
        let line = [&accept[..], &["--format", "json"], &self.options].concat();
        let joined = self.desk.run_with(&line, PASSPHRASE.as_bytes()).exits(0).json();
        joined["one_time_codes"].as_str().unwrap_or_else(|| panic!("{joined}")).to_owned()
    }
}

/// Sends a filled form as a file; what became of it.
fn uploads(member: &Member, address: &str, note: &str, value: &str) -> u16 {
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let csv = format!(
        "measure,reporter,period,trafficking_type,value,note\n\
         investigation_initiated,practice-1,2026-Q3,sex,{value},{note}\n"
    );
    let body = [
        part("token", &member.token),
        part("version", "0"),
        part("file\"; filename=\"q3.csv", &csv),
        "--b--\r\n".to_owned(),
    ]
    .concat();
    let head = format!(
        "POST /returns/2026-Q3/file HTTP/1.1\r\nCookie: clearway={}\r\n\
         Sec-Fetch-Site: same-origin\r\nContent-Type: multipart/form-data; boundary=b\r\n\
         Content-Length: {}",
        member.cookie,
        body.len()
    );
    ask(address, &head, &body).expect("an answer").status
}

/// Everything is typed, and the files are looked at again and again: those of the desk and of `elsewhere`, after
/// `written` has had everything written there that waits.
fn story(desk: &Desk, options: &[&str], elsewhere: Option<&Path>, written: impl Fn()) {
    let site = Site { desk, options: options.to_vec() };
    site.run(&[
        "user",
        "join",
        "practice-1",
        "--label",
        "One",
        "--legal-entity",
        "police",
        "--practice",
    ]);
    let secrets: Vec<String> = ["first", "second", "cora"]
        .iter()
        .map(|name| site.joins(name, if *name == "cora" { "coordinator" } else { "administrator" }))
        .collect();
    let running = site.start();
    let address = running.address.as_str();
    let enters =
        |name: &str, secret: &str| Member::of(address, &enters(address, name, &code(desk, secret)));
    let cora = enters("cora", &secrets[2]);
    let made = cora.posts(address, "/compartments", &[("act", "make"), ("sort", "returns")]);
    assert_eq!(made.expect("an answer").status, 303);
    let save = |version: &str, typed: &[(&str, &str)]| {
        let fields = [&[("version", version)], typed].concat();
        cora.posts(address, &format!("{QUARTER}/draft"), &fields).expect("an answer").status
    };
    assert_eq!(save("0", &[(NOTE, REPLACED)]), 200);
    assert_eq!(save("1", &TYPED), 200);
    assert_eq!(save("1", &[(NOTE, REFUSED)]), 409);
    assert_eq!(uploads(&cora, address, FROM_A_REFUSED_FILE, "many"), 422);
    assert_eq!(uploads(&cora, address, FROM_A_FILE, "12"), 303);

    let texts = TYPED.iter().map(|(_, typed)| *typed);
    let texts = texts.chain([REPLACED, REFUSED, FROM_A_FILE, FROM_A_REFUSED_FILE, PASSPHRASE]);
    let texts = texts.chain(secrets.iter().map(String::as_str));
    let planted = Planted::new(texts.chain([cora.cookie.as_str(), cora.token.as_str()]));
    // What is no secret is found: the files are those of this site, and the search sees it.
    let known = Planted::new(["2026-Q4"]);
    let look = |when: &str| {
        written();
        let elsewhere = elsewhere.map(|folder| files_below(folder, "")).unwrap_or_default();
        let files: Vec<PathBuf> =
            files_below(&desk.path(""), "in").into_iter().chain(elsewhere).collect();
        let knows =
            |file: &PathBuf| fs::read(file).is_ok_and(|bytes| known.found_in(&bytes).is_some());
        assert!(files.iter().any(knows), "{when}");
        planted.expect_none(&files);
    };
    look("while it runs");
    if elsewhere.is_none() {
        assert!(desk.path("site/clearway.sqlite-wal").exists(), "its log was looked at");
        site.run(&["backup", "--out", "kept-running"]);
    }
    running.end("-9");
    look("after it was killed");
    let running = site.start();
    // She reads it all, so that it is there and the check can fail.
    let address = running.address.as_str();
    let page = cora.gets(address, QUARTER).expect("the form").body;
    // The reason is asked for only where a return stands.
    for (name, typed) in TYPED.iter().filter(|(name, _)| *name != "reason") {
        assert_eq!(shown(&page, name), *typed);
    }
    assert!(planted.found_in(page.as_bytes()).is_some());
    let third = cora.gets(address, "/returns/2026-Q3").expect("the form").body;
    assert_eq!(shown(&third, "investigation_initiated.sex-note"), FROM_A_FILE);
    running.end("-TERM");
    look("after it was ended");
    if elsewhere.is_none() {
        site.run(&["backup", "--out", "kept-ended"]);
        desk.run(&["restore", "kept-running", "--no-destruction-list", "--data", "again"]).exits(0);
        look("in backups, and brought back");
        for part in ["kept-running", "kept-ended", "again"] {
            let bytes = fs::read(desk.path(part).join("clearway.sqlite")).expect("a database");
            assert!(known.found_in(&bytes).is_some(), "{part}");
        }
    }
    assert!(site.run(&["audit", "verify"])["holds"] == true);
}

#[test]
fn a_copy_of_the_data_folder_says_nothing_of_what_was_typed() {
    story(&Desk::new(), &["--data", "site"], None, || {});
}

#[test]
fn nor_does_a_copy_of_all_that_postgres_keeps() {
    let Some(url) = new_database("planted") else { return };
    // postgres://clearway@%2Ftmp%2Fx/clearway: its socket, beside which it keeps its data.
    let folder = url.split(['@', '?']).nth(1).and_then(|host| host.rsplit_once('/'));
    let folder = folder.expect("an address").0.replace("%2F", "/");
    assert!(Path::new(&folder).join("data/base").is_dir(), "{folder} is one of scripts/postgres");
    let everything_is_written = || {
        let mut psql = Command::new("psql");
        psql.args(["--host", &folder, "--username=owner", "--dbname=postgres", "--quiet"]);
        let done = psql.args(["--command", "CHECKPOINT"]).status();
        assert!(done.expect("psql starts").success());
    };
    let options = ["--data", "site", "--database-url", &url];
    story(&Desk::new(), &options, Some(Path::new(&folder)), everything_is_written);
}
