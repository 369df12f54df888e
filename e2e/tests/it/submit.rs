//! An agency sets itself up, shows what would leave, sends it, corrects it; and what it refuses.

use std::fs;

use crate::clearway::Desk;
use crate::made_agency::{PLANTED, SUBMIT, at_police, set_up, victims};

#[test]
fn what_leaves_is_shown_sent_once_and_corrected() {
    let desk = Desk::new();
    set_up(&desk, 24);
    let period = ["--period", "2025-Q1..2025-Q4"];
    let preview = [&["submit", "--to", "state.card", "--preview"], &period[..]].concat();
    let text = at_police(&desk, &preview).exits(0).out;
    assert!(text.contains("VICTIMS: 24 of 24 records leave as a row"), "{text}");
    assert!(text.contains("One for 24 people"), "{text}");
    let json = at_police(&desk, &[&preview[..], &["--format", "json"]].concat()).exits(0).json();
    assert_eq!(json["kinds"][0]["leave"], 24);
    assert!(!desk.path("out").exists() && !desk.path("police/submitting").exists());
    at_police(&desk, &[&preview[..], &["--rows", "look"]].concat()).exits(0);
    assert_eq!(desk.read("look/victims.csv").lines().count(), 25);

    let first = at_police(&desk, &SUBMIT).exits(0).json();
    assert_eq!((&first["outcome"], &first["sequence"]), (&"sent".into(), &1.into()));
    let file = desk.path(first["file"].as_str().expect("a file"));
    assert!(file.is_file());
    let again = at_police(&desk, &SUBMIT).exits(0).json();
    assert_eq!((&again["outcome"], &again["digest"]), (&"already".into(), &first["digest"]));

    desk.write("victims.csv", victims(25));
    at_police(&desk, &["import", "victims.csv", "--as", "victims"]).exits(0);
    let refused = at_police(&desk, &SUBMIT).exits(1).err;
    assert!(refused.contains("--corrects 1"), "{refused}");
    let second = at_police(&desk, &[&SUBMIT[..], &["--corrects", "1"]].concat()).exits(0).json();
    assert_eq!((&second["sequence"], &second["corrects"]), (&2.into(), &1.into()));
    let nothing = at_police(&desk, &["withdraw", "--to", "state.card", "--out", "out"]).exits(0);
    assert!(nothing.out.contains("nothing to take back"), "{}", nothing.out);
    assert_eq!(fs::read_dir(desk.path("out")).expect("files").count(), 2);
    for name in ["look/victims.csv", "look/totals.csv", "police.card"] {
        assert!(!desk.read(name).contains(PLANTED), "{name}");
    }
    for text in [text, json.to_string(), refused] {
        assert!(!text.contains(PLANTED), "{text}");
    }
}

#[test]
fn a_card_is_accepted_by_its_fingerprint_and_the_clearinghouse_holds_no_key() {
    let desk = Desk::new();
    set_up(&desk, 2);
    let at_state = |arguments: &[&str]| desk.run(&[arguments, &["--data", "state"]].concat());
    let shown = at_state(&["agency", "accept", "police.card", "--format", "json"]).exits(1).json();
    let fingerprint = shown["fingerprint"].as_str().expect("a fingerprint").to_uppercase();
    let own = at_police(&desk, &["keys", "fingerprint", "--format", "json"]).exits(0).json();
    assert_eq!(own["fingerprint"], shown["fingerprint"]);
    at_state(&["agency", "accept", "police.card", "--fingerprint", "0000"]).exits(1);
    assert_eq!(at_state(&["agency", "list", "--format", "json"]).json(), serde_json::json!([]));
    at_state(&["agency", "accept", "police.card", "--fingerprint", &fingerprint]).exits(0);
    assert!(at_state(&["agency", "list"]).exits(0).out.contains("practice-police-1"));
    at_state(&["agency", "forget", "practice-police-1", "--why", "closed"]).exits(0);
    assert_eq!(at_state(&["agency", "list", "--format", "json"]).json(), serde_json::json!([]));

    for refused in [&["keys", "new"][..], &["keys", "list"]] {
        let ran = at_state(refused).exits(1);
        assert!(ran.err.contains("never holds a linkage key"), "{}", ran.err);
    }
    let share = ["keys", "share", "state", "--to", "state.card", "--out", "leak"];
    at_police(&desk, &share).exits(1);
    assert!(!desk.path("leak").exists());
    let sends = at_state(&["submit", "--to", "state.card", "--out", "out"]).exits(1);
    assert!(sends.err.contains("a clearinghouse"), "{}", sends.err);
}
