//! Members at work without a browser: a server that may be killed, and drafts of returns that are saved over HTTP
//! and looked at again.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::ops::RangeInclusive;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::clearway::Desk;
use crate::site::{PASSPHRASE, code, secret};

pub(crate) const DATA: &str = "clearway-demo/data";

/// A server that was started, and where it listens. It is killed when the test is over.
pub(crate) struct Running {
    server: Child,
    pub(crate) address: String,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Running {
        let mut server =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
        let said = BufReader::new(server.stdout.take().expect("its words")).lines().next();
        let said = said.expect("a line").expect("text");
        let (_, address) = said.split_once("http://").unwrap_or_else(|| panic!("{said}"));
        let address = address.split('/').next().unwrap_or_default().to_owned();
        Running { server, address }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.server.id()
    }

    /// Ends it with a signal, and waits until it is gone.
    pub(crate) fn end(mut self, signal: &str) {
        send(signal, self.pid());
        self.server.wait().expect("it is gone");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Sends a signal to a process.
pub(crate) fn send(signal: &str, pid: u32) {
    let sent = Command::new("kill").args([signal, &pid.to_string()]).status();
    assert!(sent.expect("kill starts").success(), "kill {signal} {pid}");
}

/// The practice site of the demo, in one of its folders.
pub(crate) fn server(desk: &Desk, data: &str) -> Command {
    desk.command(&["server", "--practice", "--listen", "127.0.0.1:0", "--data", data])
}

/// An answer that came whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

/// Asks a server; nothing when it is gone before it has answered, to the last letter.
pub(crate) fn ask(address: &str, head: &str, body: &str) -> Option<Answer> {
    let request = format!("{head}\r\nHost: {address}\r\nConnection: close\r\n\r\n{body}");
    let mut socket = TcpStream::connect(address).ok()?;
    socket.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let (head, body) = (head.to_lowercase(), body.to_owned());
    let length = between(&head, "content-length: ", "\r\n").map_or(Ok(0), str::parse);
    (length.ok()? == body.len()).then_some(Answer { status, head, body })
}

/// Somebody who is signed in: what her browser sends, and what her forms carry.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) cookie: String,
    pub(crate) token: String,
}

impl Member {
    /// One of the demo's members signs in.
    pub(crate) fn signs_in(address: &str, desk: &Desk, name: &str) -> Member {
        Member::of(address, &enters(address, name, &code(desk, &secret(desk, name))))
    }

    /// Whoever was let in.
    pub(crate) fn of(address: &str, answer: &Answer) -> Member {
        assert_eq!(answer.status, 303, "{}", answer.body);
        let cookie = between(&answer.head, "clearway=", ";").expect("a cookie").to_owned();
        let mut member = Member { cookie, token: String::new() };
        let page = member.gets(address, "/account").expect("her page").body;
        member.token = between(&page, "name=\"token\" value=\"", "\"").expect("a form").to_owned();
        member
    }

    pub(crate) fn gets(&self, address: &str, path: &str) -> Option<Answer> {
        ask(address, &format!("GET {path} HTTP/1.1\r\nCookie: clearway={}", self.cookie), "")
    }

    /// Sends a form of hers; as the page's script does, which asks for JSON.
    pub(crate) fn posts(
        &self,
        address: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Option<Answer> {
        let headers = format!("Accept: application/json\r\nCookie: clearway={}\r\n", self.cookie);
        let token = [("token", self.token.as_str())];
        post(address, path, &headers, &[&token[..], fields].concat())
    }
}

/// One of the demo's members asks to be let in.
pub(crate) fn enters(address: &str, name: &str, code: &str) -> Answer {
    let form = [("name", name), ("passphrase", PASSPHRASE), ("code", code), ("purpose", "returns")];
    post(address, "/sign-in", "", &form).expect("an answer")
}

fn post(address: &str, path: &str, headers: &str, fields: &[(&str, &str)]) -> Option<Answer> {
    let fields = fields.iter().map(|(name, typed)| format!("{}={}", escaped(name), escaped(typed)));
    let form = fields.collect::<Vec<_>>().join("&");
    let head = format!(
        "POST {path} HTTP/1.1\r\n{headers}Sec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}",
        form.len()
    );
    ask(address, &head, &form)
}

/// As a form says it.
fn escaped(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => (byte as char).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(letter).collect()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after).map_or(rest, |(found, _)| found))
}

/// The rows into which somebody types, and how the columns of what each is broken down by stand in a file. A draft
/// is longer than a page of the database.
const ROWS: [(&str, &str, &str); 6] = [
    ("investigation_initiated", "sex", "sex,,,,,,,,"),
    ("investigation_initiated", "labor", "labor,,,,,,,,"),
    ("investigation_initiated", "both", "both,,,,,,,,"),
    ("victim_served", "shelter", ",,,,,,,shelter,"),
    ("victim_served", "medical_care", ",,,,,,,medical_care,"),
    ("victim_served", "legal_services", ",,,,,,,legal_services,"),
];

/// The quarters of the practice agency.
pub(crate) const QUARTERS: [&str; 5] = ["2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4"];

/// Somebody who types into the return of one quarter, and what she knows of it.
pub(crate) struct Typist {
    pub(crate) member: Member,
    pub(crate) quarter: &'static str,
    /// The version that she was told is saved; 0 is none.
    pub(crate) acknowledged: i64,
    /// The last version that she sent.
    pub(crate) sent: i64,
}

impl Typist {
    /// One for each quarter; nothing was typed there before.
    pub(crate) fn each(member: &Member) -> Vec<Typist> {
        let typist = |quarter| Typist { member: member.clone(), quarter, acknowledged: 0, sent: 0 };
        QUARTERS.map(typist).into()
    }

    /// What she types into every note for a version: which one it is.
    fn note(&self, version: i64) -> String {
        format!("save {version} of {} ", self.quarter).repeat(40).trim().to_owned()
    }

    /// What she types for a version.
    fn typed(&self, version: i64) -> BTreeMap<String, String> {
        let fields = ROWS.iter().flat_map(|(measure, by, _)| {
            let value = (format!("{measure}.{by}-value"), version.to_string());
            [value, (format!("{measure}.{by}-note"), self.note(version))]
        });
        fields.collect()
    }

    /// Saves the next version over the one that she knows; the answer, if there was one.
    pub(crate) fn saves(&mut self, address: &str) -> Option<Answer> {
        self.sent = self.acknowledged + 1;
        let (seen, typed) = (self.acknowledged.to_string(), self.typed(self.sent));
        let version = [("version", seen.as_str())];
        let typed = typed.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let fields: Vec<(&str, &str)> = version.into_iter().chain(typed).collect();
        let path = format!("/returns/{}/draft", self.quarter);
        let answer = self.member.posts(address, &path, &fields)?;
        if answer.status == 200 {
            let said: Value = serde_json::from_str(&answer.body).expect("JSON");
            assert_eq!(said["version"], self.sent, "{}", self.quarter);
            self.acknowledged = self.sent;
        }
        Some(answer)
    }

    /// Saves again and again, until nobody answers any more.
    pub(crate) fn saves_until_it_is_gone(&mut self, address: &str, saved: impl Fn()) {
        while let Some(answer) = self.saves(address) {
            assert_eq!(answer.status, 200, "{}: {}", self.quarter, answer.body);
            saved();
        }
    }

    /// Looks at the form, and holds the draft in it to be whole and one of these versions: its version.
    #[track_caller]
    pub(crate) fn finds(&self, address: &str, versions: RangeInclusive<i64>) -> i64 {
        // A return that stands is corrected.
        let path = format!("/returns/{}?correction=yes", self.quarter);
        let page = self.member.gets(address, &path).expect("the form");
        assert_eq!(page.status, 200, "{}", page.body);
        let version = between(&page.body, "name=\"version\" value=\"", "\"").expect("a version");
        let version = version.parse().expect("a number");
        assert!(versions.contains(&version), "{}: {version} in {versions:?}", self.quarter);
        for (name, typed) in self.typed(version).into_iter().filter(|_| version > 0) {
            assert_eq!(shown(&page.body, &name), typed, "{}: {name}", self.quarter);
        }
        version
    }

    /// Looks after a fault, at the draft as a file: what she was told is there, or what she had sent when it came,
    /// whole. She goes on from it.
    #[track_caller]
    pub(crate) fn finds_it_again(&mut self, address: &str) {
        let file = self.member.gets(address, &format!("/returns/{}/file", self.quarter));
        let file = file.expect("the draft").body;
        let holds = |version: &i64| {
            let note = self.note(*version);
            ROWS.iter().all(|(measure, _, by)| {
                let row = format!("\n{measure},practice-1,{},{by}", self.quarter);
                file.contains(&format!("{row},{version},,,{note},"))
            })
        };
        // Before the first, what stands is in the form.
        let found = (self.acknowledged..=self.sent).rev().find(|at| *at == 0 || holds(at));
        let Typist { quarter, acknowledged, sent, .. } = self;
        self.acknowledged = found.unwrap_or_else(|| {
            panic!("{quarter}: neither {acknowledged}, which was acknowledged, nor {sent}: {file}")
        });
        self.sent = self.acknowledged;
    }
}

/// What stands in a field of a page.
pub(crate) fn shown(page: &str, name: &str) -> String {
    let field = between(page, &format!("<input id=\"{name}\""), ">").expect("the field");
    between(field, " value=\"", "\"").unwrap_or_default().to_owned()
}

/// Holds the audit to have a row for every save that these know of, and for no other, and its chain to hold.
#[track_caller]
pub(crate) fn audit_agrees(desk: &Desk, data: &str, typists: &[Typist]) {
    audit_agrees_by(|line| desk.run(&[line, &["--data", data]].concat()).exits(0).json(), typists);
}

/// The same, by what commands answer.
#[track_caller]
pub(crate) fn audit_agrees_by(said: impl Fn(&[&str]) -> Value, typists: &[Typist]) {
    let rows = said(&["audit", "show", "--about", "draft", "--format", "json"]);
    let rows = rows.as_array().expect("rows");
    for Typist { quarter, acknowledged, .. } in typists {
        let saves = rows.iter().filter(|row| row["act"] == "saved" && row["why"] == *quarter);
        assert_eq!(saves.count() as i64, *acknowledged, "{quarter}");
    }
    let verified = said(&["audit", "verify", "--format", "json"]);
    assert_eq!(verified["holds"], true, "{verified}");
}
