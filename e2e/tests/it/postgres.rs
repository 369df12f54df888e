//! The whole path on PostgreSQL gives what it gives on SQLite.

use std::process::Command;

use crate::clearway::Desk;

/// An address in the database for tests, with a schema of its own. `scripts/test` starts the server;
/// without it there is nothing to test against.
pub(crate) fn new_database(name: &str) -> Option<String> {
    let base = std::env::var("CLEARWAY_TEST_POSTGRES").ok()?;
    let schema = format!("{name}_{}", std::process::id());
    let make = format!("CREATE SCHEMA {schema}");
    let made = Command::new("psql").args([&base, "--quiet", "--command", &make]).status();
    assert!(made.expect("psql starts").success(), "{make}");
    Some(format!("{base}?options=-csearch_path%3D{schema}"))
}

#[test]
fn the_demo_says_the_same_on_both() {
    let Some(url) = new_database("demo") else { return };
    let (sqlite, postgres) = (Desk::after_demo(), Desk::new());
    let on = |line: &[&str]| postgres.run(&[line, &["--database-url", &url]].concat());
    on(&["demo", "--no-serve"]).exits(0);
    assert!(!postgres.path("clearway-demo/data/clearway.sqlite").exists());
    let figures = "clearway-demo/report/figures.csv";
    assert_eq!(postgres.read(figures), sqlite.read(figures));

    const DATA: [&str; 2] = ["--data", "clearway-demo/data"];
    for line in [&["returns"][..], &["quality"], &["count", "--practice"]] {
        let line = [line, &["--format", "json"], &DATA].concat();
        let here = on(&line).exits(0).out;
        assert!(here.len() > 2, "{line:?}");
        assert_eq!(
            without_times(&here),
            without_times(&sqlite.run(&line).exits(0).out),
            "{line:?}"
        );
    }
    let verified =
        on(&[&["audit", "verify", "--format", "json"], &DATA[..]].concat()).exits(0).json();
    assert_eq!(verified["holds"], true);
    on(&[&["withdraw", "12", "--why", "sent by mistake"], &DATA[..]].concat()).exits(0);
    on(&[&["audit", "destroy", "1", "--why", "order 7"], &DATA[..]].concat()).exits(0);
}

/// Without what says when.
fn without_times(said: &str) -> String {
    said.lines().filter(|line| !line.contains("_at\"") && !line.contains("\"at\"")).collect()
}

#[test]
fn a_role_that_nothing_binds_and_a_database_without_every_letter_are_refused() {
    let Ok(base) = std::env::var("CLEARWAY_TEST_POSTGRES") else { return };
    let desk = Desk::new();
    let owner = base.replacen("clearway@", "owner@", 1);
    let refused = desk.run(&["returns", "--database-url", &owner]);
    assert_ne!(refused.code, Some(0));
    assert!(refused.err.contains("superuser"), "{}", refused.err);

    let name = format!("latin_{}", std::process::id());
    let make = format!(
        "CREATE DATABASE {name} OWNER clearway ENCODING LATIN1 LOCALE 'C' TEMPLATE template0"
    );
    let made = Command::new("psql").args([&owner, "--quiet", "--command", &make]).status();
    assert!(made.expect("psql starts").success(), "{make}");
    let latin = format!("{}/{name}", base.strip_suffix("/clearway").unwrap());
    let refused = desk.run(&["returns", "--database-url", &latin]);
    assert_ne!(refused.code, Some(0));
    assert!(refused.err.contains("LATIN1") && refused.err.contains("createdb"), "{}", refused.err);
}

#[test]
fn another_machine_is_not_spoken_to_in_clear() {
    let desk = Desk::new();
    let url = "postgres://clerk:secret@db.example.org/clearway";
    let refused = desk.run(&["returns", "--database-url", url]);
    assert_ne!(refused.code, Some(0));
    assert!(refused.err.contains("another machine"), "{}", refused.err);
    assert!(!refused.err.contains("secret"), "{}", refused.err);
}
