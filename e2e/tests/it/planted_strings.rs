//! A copy of a real agency's data folder, backups and journals included, says nothing about a person to
//! whoever has no passphrase; with the passphrase it says everything.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use crate::clearway::{Desk, Ran};

const AGENCY: &str = "code = \"kern-pd\"\nlabel = \"Kern Police\"\nlegal_entity = \"police\"\n\
                      practice = false\n";
const STATE: &str = "role = \"clearinghouse\"\ncode = \"state-doj\"\nlabel = \"State\"\n\
                     practice = false\n";
const PASSPHRASE: &str = "seven herons over slow water";
const NEW_PASSPHRASE: &str = "nine otters under quick stone";

/// What is about a person and still held at the end.
const HELD: [&str; 11] = [
    "QV-88231",
    "QV-88232",
    "Qwzxmarisol",
    "Qwzxlopez",
    "Qwzxnickname",
    "1931-07-23",
    "555-0188231",
    "qwzx classified by hand",
    "QC-4711",
    "Qwzx said that a cousin drove her",
    "Qwzxcorrected",
];
/// What an order destroys, what a correction replaces, and what only a release says.
const GONE: [&str; 4] =
    ["QV-99001", "Qwzxdestroyed", "Qwzxmisspelt", "qwzx purpose of the release"];

const VICTIMS: &str = "\
reference,given_name,surname,other_names,birth_date,phone,own_classification,counted_as,date,trafficking_type,age
QV-88231,Qwzxmarisol,Qwzxlopez,Qwzxnickname,1931-07-23,555-0188231,qwzx classified by hand,victim_identified,2025-02-03,sex,adult
QV-88232,Qwzxmisspelt,Qwzxlopez,,,,,victim_identified,2025-03-04,not_yet_classified,adult
QV-99001,Qwzxdestroyed,Qwzxlopez,,,,,victim_identified,2025-03-05,sex,adult
";
const CORRECTED: &str = "\
reference,given_name,surname,counted_as,date,trafficking_type,age
QV-88232,Qwzxcorrected,Qwzxlopez,victim_identified,2025-03-04,not_yet_classified,adult
";
const CONTACTS: &str = "reference,date,notes\n\
                        QC-4711,2025-02-04,Qwzx said that a cousin drove her\n";
const MODES: &str = "record,recipient,mode,basis,signatory,signed_on,expires_on\n\
                     victim,clearinghouse,encoded,statistics_agreement,The chief,2025-01-01,2029-12-31\n";
const RELEASES: &str = "victim,recipient,purpose,signed_on,expires_on,revoked_on\n\
                        QV-88231,clearinghouse,qwzx purpose of the release,2025-02-03,2027-12-31,\n";
const ORDERS: &str = "record,reference,order,authority,ordered_on\n\
                      victim,QV-99001,destruction,Superior Court,2025-04-01\n";

/// Runs a command in the agency's folder, with its passphrase.
fn open(desk: &Desk, line: &[&str]) -> Ran {
    desk.run(&[line, &["--data", "police", "--passphrase-file", "in/passphrase"]].concat())
}

/// Runs a command in the agency's folder, without.
fn shut(desk: &Desk, line: &[&str]) -> Ran {
    desk.run(&[line, &["--data", "police"]].concat())
}

/// A real agency with records and papers, in the folder `police`; the answer of `agency set`.
fn set_up(desk: &Desk) -> serde_json::Value {
    for (name, text) in [
        ("agency.toml", AGENCY),
        ("state.toml", STATE),
        ("victims.csv", VICTIMS),
        ("corrected.csv", CORRECTED),
        ("contacts.csv", CONTACTS),
        ("modes.csv", MODES),
        ("releases.csv", RELEASES),
        ("orders.csv", ORDERS),
        ("passphrase", PASSPHRASE),
        ("new-passphrase", NEW_PASSPHRASE),
        ("wrong", "seven herons over fast water"),
    ] {
        desk.write(&format!("in/{name}"), text);
    }
    let state = ["agency", "set", "in/state.toml", "--data", "state"];
    desk.run(&[&state[..], &["--passphrase-file", "in/passphrase"]].concat()).exits(0);
    desk.run(&["agency", "card", "--out", "state.card", "--data", "state"]).exits(0);
    let refused = shut(desk, &["agency", "set", "in/agency.toml"]).exits(1);
    assert!(refused.err.contains("passphrase"), "{}", refused.err);
    assert!(!desk.path("police/keys").exists());
    let set = open(desk, &["agency", "set", "in/agency.toml", "--format", "json"]).exits(0).json();
    open(desk, &["keys", "new"]).exits(0);
    for (file, kind) in [
        ("modes.csv", "modes"),
        ("victims.csv", "victims"),
        ("contacts.csv", "contacts"),
        ("releases.csv", "releases"),
        ("corrected.csv", "victims"),
    ] {
        open(desk, &["import", &format!("in/{file}"), "--as", kind]).exits(0);
    }
    set
}

#[test]
fn a_copy_of_the_data_folder_says_nothing_about_anybody() {
    let desk = Desk::new();
    set_up(&desk);
    open(&desk, &["backup", "--out", "kept"]).exits(0);
    open(&desk, &["import", "in/orders.csv", "--as", "orders"]).exits(0);
    let period = ["--period", "2025-Q1", "--to", "state.card"];
    open(&desk, &[&["submit", "--preview", "--rows", "rows"], &period[..]].concat()).exits(0);
    open(&desk, &[&["submit", "--out", "sent"], &period[..]].concat()).exits(0);
    // What names nobody needs no passphrase.
    for line in [
        &["records"][..],
        &["records", "--follow-ups"],
        &["agency", "card", "--out", "police.card"],
        &["audit", "verify"],
        &["backup", "--out", "kept-after"],
    ] {
        shut(&desk, line).exits(0);
    }
    // Brought back to before the order, which is carried out again and needs the keys to do so.
    let restore = ["restore", "kept", "--destruction-list", "police/destroyed.json"];
    let again = [&restore[..], &["--data", "again"]].concat();
    let refused = desk.run(&again).exits(1);
    assert!(refused.err.contains("--passphrase-file"), "{}", refused.err);
    let again = [&again[..], &["--passphrase-file", "in/passphrase", "--format", "json"]].concat();
    let replayed = desk.run(&again).exits(0).json();
    assert_eq!(replayed["destroyed_again"]["orders"], 1);
    assert_eq!(replayed["destroyed_again"]["rows"], 1);

    let files = files_below(&desk.path(""), "in");
    for part in ["police/clearway.sqlite", "police/keys/lock", "kept/", "again/", "rows/", "sent/"]
    {
        let known = |file: &PathBuf| file.starts_with(desk.path(part));
        assert!(files.iter().any(known), "{part} was looked at");
    }
    let planted = Planted::new(HELD.into_iter().chain(GONE).chain([PASSPHRASE]));
    planted.expect_none(&files);

    // With the passphrase everything that was not destroyed is there, and this check can fail.
    for data in ["police", "again"] {
        let mut shown = String::new();
        for kind in ["victims", "contacts"] {
            let line = ["export", kind, "--out", "-", "--data", data];
            let with = [&line[..], &["--passphrase-file", "in/passphrase"]].concat();
            shown.push_str(&desk.run(&with).exits(0).out);
        }
        assert!(HELD.iter().all(|text| shown.contains(text)), "{shown}");
        assert!(GONE.iter().all(|text| !shown.contains(text)), "{shown}");
    }
    for text in HELD {
        assert_eq!(planted.found_in(format!("before {text} after").as_bytes()), Some(text));
    }
}

#[test]
fn without_the_passphrase_nothing_opens_and_both_halves_give_another() {
    let desk = Desk::new();
    let set = set_up(&desk);
    let export = ["export", "victims", "--out", "-"];
    let none = shut(&desk, &export).exits(1);
    assert!(none.err.contains("--passphrase-file") && none.out.is_empty(), "{}", none.err);
    let wrong = shut(&desk, &[&export[..], &["--passphrase-file", "in/wrong"]].concat()).exits(1);
    assert!(wrong.err.contains("--recover") && wrong.out.is_empty(), "{}", wrong.err);

    let halves = set["recovery_halves"].as_array().expect("two halves").clone();
    for (name, half) in ["one", "two"].iter().zip(&halves) {
        desk.write(&format!("in/{name}"), half.as_str().expect("a half"));
    }
    let recover = |one: &str, two: &str| {
        let files = ["--half-file", one, "--half-file", two];
        let new = ["--new-passphrase-file", "in/new-passphrase", "--format", "json"];
        shut(&desk, &[&["agency", "passphrase", "--recover"], &files[..], &new].concat())
    };
    let same = recover("in/one", "in/one").exits(1);
    assert!(same.err.contains("the same half"), "{}", same.err);
    let anew = recover("in/two", "in/one").exits(0).json();
    assert_ne!(anew["recovery_halves"], set["recovery_halves"]);
    let spent = recover("in/one", "in/two").exits(1);
    assert!(spent.err.contains("earlier code"), "{}", spent.err);
    open(&desk, &export).exits(1);
    let new = [&export[..], &["--passphrase-file", "in/new-passphrase"]].concat();
    assert!(shut(&desk, &new).exits(0).out.contains("Qwzxmarisol"));
    // By the old one to the next, the code stays.
    let change = ["agency", "passphrase", "--passphrase-file", "in/new-passphrase"];
    let to = ["--new-passphrase-file", "in/passphrase", "--format", "json"];
    let changed = shut(&desk, &[&change[..], &to].concat()).exits(0).json();
    assert!(changed["recovery_halves"].is_null());
    open(&desk, &export).exits(0);
}

/// Texts that no file may hold, in every form in which a file could.
pub(crate) struct Planted<'a> {
    /// The forms by their first two bytes.
    forms: Vec<Vec<(&'a str, Vec<u8>)>>,
}

impl<'a> Planted<'a> {
    pub(crate) fn new(texts: impl IntoIterator<Item = &'a str>) -> Planted<'a> {
        let mut all = vec![Vec::new(); 1 << 16];
        for (text, form) in texts.into_iter().flat_map(forms) {
            all[pair(&form)].push((text, form));
        }
        Planted { forms: all }
    }

    /// The first of the texts that stands in these bytes.
    pub(crate) fn found_in(&self, bytes: &[u8]) -> Option<&'a str> {
        (0..bytes.len().saturating_sub(1)).map(|at| &bytes[at..]).find_map(|rest| {
            let forms = &self.forms[pair(rest)];
            forms.iter().find(|(_, form)| rest.starts_with(form)).map(|(text, _)| *text)
        })
    }

    /// Looks into every file.
    #[track_caller]
    pub(crate) fn expect_none(&self, files: &[PathBuf]) {
        for file in files {
            let bytes = match fs::read(file) {
                // A server that runs removes files.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                read => read.expect("a file"),
            };
            assert_eq!(self.found_in(&bytes), None, "in {}", file.display());
        }
    }
}

fn pair(bytes: &[u8]) -> usize {
    usize::from(u16::from_be_bytes([bytes[0], bytes[1]]))
}

/// Every file below a folder, without those of one folder in it.
pub(crate) fn files_below(folder: &Path, without: &str) -> Vec<PathBuf> {
    let (mut files, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder_open) = open.pop() {
        for entry in fs::read_dir(&folder_open).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path == folder.join(without) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if !path.metadata().is_ok_and(|found| found.file_type().is_socket()) {
                files.push(path);
            }
        }
    }
    files
}

/// A text as UTF-8, as UTF-16, and both in hexadecimal and base64.
fn forms(text: &str) -> Vec<(&str, Vec<u8>)> {
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut all = Vec::new();
    for bytes in [text.as_bytes().to_vec(), little, big] {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        all.push(hex.to_uppercase().into_bytes());
        all.push(hex.into_bytes());
        all.extend((0..3).map(|shift| base64_within(&bytes, shift)));
        all.push(bytes);
    }
    all.into_iter().map(|form| (text, form)).collect()
}

/// The letters of base64 that depend on these bytes alone, when so many others stand before them.
fn base64_within(bytes: &[u8], shift: usize) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let shifted = [&vec![0; shift][..], bytes].concat();
    let letter = |at: usize| {
        let bit = 6 * at;
        let pair = u16::from_be_bytes([shifted[bit / 8], *shifted.get(bit / 8 + 1).unwrap_or(&0)]);
        LETTERS[usize::from(pair >> (10 - bit % 8) & 63)]
    };
    ((8 * shift).div_ceil(6)..8 * shifted.len() / 6).map(letter).collect()
}

#[test]
fn base64_is_found_wherever_it_begins() {
    // "qwzx" within "aqwzxb", as coreutils' base64 writes it.
    assert_eq!(base64_within(b"qwzx", 0), b"cXd6e");
    assert_eq!(Planted::new(["qwzx"]).found_in(b"YXF3enhi"), Some("qwzx"));
}
