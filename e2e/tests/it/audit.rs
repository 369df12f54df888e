//! `clearway audit`: who did what, and whether it is still what was written.

use std::fs;

use crate::clearway::Desk;

const DATA: [&str; 2] = ["--data", "clearway-demo/data"];

#[test]
fn an_older_database_is_not_the_one_of_the_checkpoint() {
    let desk = Desk::after_demo();
    let run = |line: &[&str]| desk.run(&[line, &DATA].concat());
    let database = desk.path("clearway-demo/data/clearway.sqlite");
    let before = fs::read(&database).expect("a database");
    let verified = run(&["audit", "verify", "--format", "json"]).exits(0).json();
    assert_eq!(verified["holds"], true);
    let rows = verified["rows"].as_i64().expect("rows");
    assert!(rows > 20, "{verified}");

    run(&["withdraw", "12", "--why", "sent by mistake"]).exits(0);
    run(&["audit", "checkpoint", "--out", "kept.json"]).exits(0);
    let again = run(&["audit", "checkpoint", "--out", "kept.json"]).exits(1);
    assert!(again.err.contains("is kept"), "{}", again.err);
    let agrees = run(&["audit", "verify", "--checkpoint", "kept.json"]).exits(0);
    assert!(agrees.out.contains("agrees with 1 checkpoint"), "{}", agrees.out);
    let about = run(&["audit", "show", "--about", "return:12", "--format", "json"]).exits(0).json();
    let acts: Vec<&str> =
        about.as_array().expect("rows").iter().filter_map(|row| row["act"].as_str()).collect();
    assert_eq!(acts, ["received", "withdrawn"]);

    // The database of before, as whoever wants to hide the withdrawal would put it back.
    fs::write(&database, before).expect("written");
    for beside in ["-wal", "-shm"] {
        let _ = fs::remove_file(desk.path(&format!("clearway-demo/data/clearway.sqlite{beside}")));
    }
    run(&["audit", "verify"]).exits(0);
    let found = run(&["audit", "verify", "--checkpoint", "kept.json", "--format", "json"]);
    let found = found.exits(1).json();
    assert_eq!(found["findings"][0]["row"], rows + 1, "{found}");

    // A changed checkpoint is none.
    desk.write("kept.json", desk.read("kept.json").replacen("\"rows\": ", "\"rows\": 1", 1));
    let changed = run(&["audit", "verify", "--checkpoint", "kept.json"]).exits(1);
    assert!(changed.err.contains("it was changed"), "{}", changed.err);
}

#[test]
fn a_reason_is_destroyed_by_order() {
    let desk = Desk::after_demo();
    let run = |line: &[&str]| desk.run(&[line, &DATA].concat());
    let secret = "Jane Roe called about it";
    run(&["withdraw", "12", "--why", secret]).exits(0);
    let show = ["audit", "show", "--about", "return:12"];
    assert!(run(&show).exits(0).out.contains(secret));
    let last = run(&["audit", "verify", "--format", "json"]).exits(0).json()["rows"].to_string();
    run(&["audit", "destroy", &last, "--why", "order 7"]).exits(0);
    assert!(run(&show).exits(0).out.contains("(gone)"));
    let verified = run(&["audit", "verify", "--format", "json"]).exits(0).json();
    assert_eq!(verified["holds"], true);
    assert_eq!(verified["reasons_destroyed"].to_string(), format!("[{last}]"));
    for file in fs::read_dir(desk.path("clearway-demo/data")).expect("a folder") {
        let path = file.expect("a file").path();
        if path.is_file() {
            let bytes = fs::read(&path).expect("read");
            let there = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!there, "{} still has it", path.display());
        }
    }
    let unknown = run(&["audit", "show", "--about", "returns"]).exits(1);
    assert!(unknown.err.contains("return, agency"), "{}", unknown.err);
    let error = run(&["audit", "destroy", "9999", "--why", "order 8"]).exits(1);
    assert!(error.err.contains("no row 9999"), "{}", error.err);
}
