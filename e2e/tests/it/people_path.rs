//! The path of coded records through the program: the demo's figures, names that must not travel,
//! records that are taken back.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::clearway::{Desk, Ran};

fn number(value: &Value, name: &str) -> u64 {
    value[name].as_u64().unwrap_or_else(|| panic!("{name} in {value}"))
}

fn demo(desk: &Desk, seed: &str, out: &str) -> Value {
    desk.run(&["demo", "--no-serve", "--seed", seed, "--out", out, "--format", "json"])
        .exits(0)
        .json()
}

#[test]
fn the_demo_says_how_many_people_there_are_and_the_truth_lies_between() {
    let desk = Desk::new();
    for seed in ["1", "2"] {
        let said = demo(&desk, seed, &format!("out-{seed}"));
        let truth = number(&said, "people_true");
        let [raw, low, high, single] =
            ["records_raw", "people_low", "people_high", "people_unduplicated"]
                .map(|name| number(&said, name));
        assert!(raw * 100 >= truth * 105, "raw is not 5 % too high: {said}");
        assert!(high * 10 < low * 16, "high/low is not under 1.6: {said}");
        assert!(low <= truth && truth <= high, "{said}");
        assert!(single.abs_diff(truth) < raw.abs_diff(truth), "{said}");
        assert!(number(&said, "people_hidden_true") > truth, "{said}");
        assert!(number(&said, "overlap") > 100, "{said}");
        assert!(desk.path(&format!("out-{seed}/report/people.html")).exists());
        assert!(said["seconds"].is_object());
    }
}

#[test]
fn the_demo_again_changes_nothing_and_another_one_is_told_to_go_elsewhere() {
    let desk = Desk::new();
    let first = demo(&desk, "3", "out");
    let sealed = || {
        let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(desk.path("out/submissions"))
            .expect("submissions")
            .map(|entry| entry.expect("a file").path())
            .map(|path| (path.display().to_string(), fs::read(&path).expect("a sealed file")))
            .collect();
        files.sort();
        files
    };
    let before = sealed();
    let again = demo(&desk, "3", "out");
    for name in ["records_raw", "people_low", "people_high", "people_unduplicated", "overlap"] {
        assert_eq!(first[name], again[name], "{name}");
    }
    assert!(before == sealed(), "a sealed file was written again");
    let other = desk.run(&["demo", "--no-serve", "--seed", "4", "--out", "out"]).exits(1);
    assert!(other.err.contains("choose another --out"), "{}", other.err);
}

const STATE: &str = "role = \"clearinghouse\"\ncode = \"practice-state\"\n\
                     label = \"Practice State\"\npractice = true\n";

/// Words that stand in the two agencies' own files and must stand nowhere else.
const PLANTED: [&str; 9] = [
    "Qwzxmarisol",
    "Zzyxwvut",
    "Plantedalias",
    "1987-11-23",
    "+1 555 0142 777",
    "99977",
    "OWN-NUMBER-4711",
    "Plantednote",
    "OWN-CLIENT-0815",
];

/// Everything that commands said.
#[derive(Default)]
struct Said(String);

impl Said {
    fn hear(&mut self, ran: Ran) -> Ran {
        self.0.push_str(&ran.out);
        self.0.push_str(&ran.err);
        ran
    }
}

fn agency_toml(code: &str, entity: &str) -> String {
    format!(
        "code = \"{code}\"\nlabel = \"Made up {code}\"\nlegal_entity = \"{entity}\"\npractice = true\n"
    )
}

/// A police department and a shelter that list the same person, and a state.
fn set_up(desk: &Desk, said: &mut Said) {
    desk.write("own/state.toml", STATE);
    desk.write("own/police/agency.toml", agency_toml("practice-police", "police"));
    desk.write(
        "own/police/disclosure_modes.csv",
        "record,recipient,mode,basis,signatory,signed_on,expires_on\n\
         victim,clearinghouse,encoded,statistics_agreement,The chief,2026-01-01,2030-12-31\n\
         arrest,clearinghouse,encoded,statistics_agreement,The chief,2026-01-01,2030-12-31\n",
    );
    desk.write(
        "own/police/victims.csv",
        victims("OWN-NUMBER-4711", "victim_identified", "new-name"),
    );
    desk.write(
        "own/police/arrests.csv",
        "reference,date,statute,conduct\nOWN-NUMBER-4711,2026-07-04,647b,not_yet_determined\n",
    );
    desk.write("own/shelter/agency.toml", agency_toml("practice-shelter", "covered_provider"));
    desk.write(
        "own/shelter/disclosure_modes.csv",
        "record,recipient,mode,basis,signatory,signed_on,expires_on\n\
         victim,clearinghouse,with_release,vawa_release,The director,2026-01-01,2030-12-31\n",
    );
    desk.write("own/shelter/victims.csv", victims("OWN-CLIENT-0815", "victim_served", "other"));
    desk.write(
        "own/shelter/releases.csv",
        "victim,recipient,purpose,signed_on,expires_on,revoked_on\n\
         OWN-CLIENT-0815,clearinghouse,statistics,2026-01-01,2028-12-31,\n",
    );
    said.hear(desk.run(&["agency", "set", "own/state.toml", "--data", "state"]).exits(0));
    said.hear(desk.run(&["agency", "card", "--out", "state.card", "--data", "state"]).exits(0));
    for name in ["police", "shelter"] {
        let own = format!("own/{name}");
        let card = format!("{name}.card");
        let toml = format!("{own}/agency.toml");
        said.hear(desk.run(&["agency", "set", &toml, "--data", name]).exits(0));
        said.hear(desk.run(&["agency", "card", "--out", &card, "--data", name]).exits(0));
        let shown = said.hear(desk.run(&["agency", "accept", &card, "--data", "state"]));
        let shown = shown.exits(1);
        let fingerprint = fingerprint_in(&(shown.out + &shown.err));
        let accept = ["agency", "accept", &card, "--fingerprint", &fingerprint, "--data", "state"];
        said.hear(desk.run(&accept).exits(0));
        said.hear(desk.run(&["import", &own, "--as", "records", "--data", name]).exits(0));
    }
    said.hear(desk.run(&["keys", "new", "--data", "police"]).exits(0));
    let share = [
        "keys",
        "share",
        "state",
        "--to",
        "shelter.card",
        "--out",
        "shared.key",
        "--data",
        "police",
    ];
    said.hear(desk.run(&share).exits(0));
    let accept = ["keys", "accept", "shared.key", "--from", "police.card", "--data", "shelter"];
    said.hear(desk.run(&accept).exits(0));
}

/// Eleven people of whom the first is the planted one.
fn victims(reference: &str, counted_as: &str, others: &str) -> String {
    let mut text = "reference,given_name,surname,other_names,birth_date,phone,postcode,gender,\
                    counted_as,date,trafficking_type,age,own_classification\n"
        .to_owned();
    text.push_str(&format!(
        "{reference},Qwzxmarisol,Zzyxwvut,Plantedalias,1987-11-23,+1 555 0142 777,99977,female,\
         {counted_as},2026-07-04,sex,adult,Plantednote\n"
    ));
    for at in 0..60 {
        text.push_str(&format!(
            "{others}-{at},Ana,Made{others}{at}up,,1990-01-{:02},,,female,{counted_as},2026-08-01,labor,adult,\n",
            1 + at % 28
        ));
    }
    text
}

fn fingerprint_in(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_group = |word: &&str| {
        word.len() == 4 && word.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
    };
    let found = words.windows(8).find(|eight| eight.iter().all(is_group));
    found.unwrap_or_else(|| panic!("no fingerprint in {text}")).join(" ")
}

fn submit(desk: &Desk, said: &mut Said, agency: &str) {
    let preview =
        ["submit", "--to", "state.card", "--period", "2026-Q3", "--preview", "--data", agency];
    said.hear(desk.run(&preview).exits(0));
    said.hear(desk.run(&[&preview[..], &["--format", "json"]].concat()).exits(0));
    let send =
        ["submit", "--to", "state.card", "--period", "2026-Q3", "--out", "sent", "--data", agency];
    said.hear(desk.run(&send).exits(0));
}

fn receive(desk: &Desk, said: &mut Said) -> Value {
    let receive =
        ["receive", "sent", "--answers", "answers", "--data", "state", "--format", "json"];
    said.hear(desk.run(&receive).exits(0)).json()
}

fn count(desk: &Desk, said: &mut Said) -> Value {
    let count = ["count", "--people", "--practice", "--data", "state", "--format", "json"];
    said.hear(desk.run(&count).exits(0)).json()["people"].clone()
}

/// The files below a folder, with their bytes in small letters.
fn files_below(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            let bytes = fs::read(&path).expect("a file").to_ascii_lowercase();
            found.push((path.display().to_string(), bytes));
        }
    }
}

fn holds(bytes: &[u8], word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

#[test]
fn nothing_planted_in_an_agencys_records_is_found_outside_its_own_store() {
    let (desk, mut said) = (Desk::new(), Said::default());
    set_up(&desk, &mut said);
    // A slipped row and a wrong code, so that errors are made about the planted person too.
    let broken = victims("OWN-NUMBER-4711", "Qwzxmarisol", "x")
        + "Zzyxwvut,OWN-NUMBER-4711,+1 555 0142 777,99977,Plantednote,1987-11-23\n";
    desk.write("own/broken.csv", broken);
    for arguments in [
        &["check", "own/broken.csv", "--as", "victims"][..],
        &["import", "own/broken.csv", "--as", "victims", "--data", "police"],
        &["import", "own/police/victims.csv", "--as", "arrests", "--data", "police"],
        &["import", "own/broken.csv", "--as", "orders", "--data", "police"],
        &["check", "own/police/victims.csv", "--as", "releases"],
    ] {
        said.hear(desk.run(arguments).exits(1));
    }
    for agency in ["police", "shelter"] {
        for arguments in [
            &["records"][..],
            &["records", "--follow-ups"],
            &["records", "--format", "json"],
            &["agency", "show"],
        ] {
            said.hear(desk.run(&[arguments, &["--data", agency]].concat()).exits(0));
        }
        submit(&desk, &mut said, agency);
    }
    receive(&desk, &mut said);
    said.hear(desk.run(&["receive", "--list", "--data", "state"]).exits(0));
    count(&desk, &mut said);
    said.hear(desk.run(&["count", "--people", "--practice", "--data", "state"]).exits(0));
    // For an estimate, with small counts: the planted person is on both lists.
    let line = ["count", "--people", "--practice", "--data", "state", "--histories", "h.csv"];
    let counted = desk.run(&[&line[..], &["--format", "json"]].concat()).exits(0);
    let linked = number(&said.hear(counted).json()["linked"], "number");
    let histories = format!("covered_provider,police,draw,count\n0,1,0,{}\n1,1,0,1\n", linked - 1);
    assert_eq!(desk.read("h.csv"), histories);
    said.hear(desk.run(&["count", "--records", "--practice", "--data", "state"]).exits(0));
    said.hear(desk.run(&["report", "--out", "report", "--data", "state"]).exits(0));

    for word in PLANTED {
        assert!(!holds(&said.0.to_ascii_lowercase().into_bytes(), word), "said: {word}");
    }
    let mut files = Vec::new();
    files_below(&desk.path("."), &mut files);
    // The agencies' files as they import them; what they keep is sealed.
    let outside = |path: &str| !path.contains("/own/");
    let looked_at: Vec<_> = files.iter().filter(|(path, _)| outside(path)).collect();
    assert!(looked_at.iter().any(|(path, _)| path.ends_with(".parquet")), "no coded table");
    assert!(looked_at.iter().any(|(path, _)| path.ends_with(".sqlite")), "no database");
    assert!(looked_at.iter().any(|(path, _)| path.ends_with("people.html")), "no page");
    for (path, bytes) in looked_at {
        for word in PLANTED {
            assert!(!holds(bytes, word), "{word} is in {path}");
        }
    }
    // The test can fail: the agency's own files do hold them.
    let mut own = files.iter().filter(|(path, _)| path.contains("/own/"));
    assert!(own.any(|(_, bytes)| holds(bytes, "Qwzxmarisol")));
}

#[test]
fn what_an_order_or_a_revoked_release_takes_back_is_in_no_later_count() {
    let (desk, mut said) = (Desk::new(), Said::default());
    set_up(&desk, &mut said);
    for agency in ["police", "shelter"] {
        submit(&desk, &mut said, agency);
    }
    receive(&desk, &mut said);
    let raw = |counted: &Value| counted["raw"]["number"].as_u64().expect("raw");
    let first = count(&desk, &mut said);
    assert_eq!(raw(&first), 122, "{first}");
    assert!(first["high"]["number"].as_u64() > first["low"]["number"].as_u64(), "{first}");

    desk.write(
        "own/police/orders.csv",
        "record,reference,order,authority,ordered_on\n\
         victim,OWN-NUMBER-4711,vacatur,Superior Court (made up),2026-11-01\n",
    );
    let import = ["import", "own/police/orders.csv", "--as", "orders", "--data", "police"];
    said.hear(desk.run(&import).exits(0));
    desk.write(
        "own/shelter/releases.csv",
        "victim,recipient,purpose,signed_on,expires_on,revoked_on\n\
         OWN-CLIENT-0815,clearinghouse,statistics,2026-01-01,2028-12-31,2026-11-02\n",
    );
    let import = ["import", "own/shelter/releases.csv", "--as", "releases", "--data", "shelter"];
    said.hear(desk.run(&import).exits(0));
    for agency in ["police", "shelter"] {
        let withdraw = ["withdraw", "--to", "state.card", "--out", "sent", "--data", agency];
        said.hear(desk.run(&withdraw).exits(0));
    }
    receive(&desk, &mut said);
    let second = count(&desk, &mut said);
    // The one whose record was vacated is gone; the one who revoked is in the shelter's total.
    assert_eq!(raw(&second), 121, "{second}");
    let notes = second["annotations"].as_array().expect("annotations");
    assert!(!notes.is_empty(), "the earlier count is annotated: {second}");
    // A count of the same again is the same.
    receive(&desk, &mut said);
    assert_eq!(raw(&count(&desk, &mut said)), 121);
}
