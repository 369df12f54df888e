//! A process that is killed in the middle of spending: the ledger verifies, and everything that the
//! process was told is spent stands in it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use disclosure::Regime;
use disclosure::budget::{Budget, Delta};
use disclosure::ledger::{DataSet, Ledger, Neighbours, Part, Proposal};
use disclosure::noise::NoiseSource;

const PATH: &str = "LEDGER_OF_THE_CRASH_TEST";

/// Spends without end and says each entry once it is begun; does nothing unless it is asked.
#[test]
fn spend_until_killed() {
    let Some(path) = std::env::var_os(PATH) else { return };
    let mut ledger = Ledger::open(path.as_ref()).unwrap();
    let source = NoiseSource::operating_system().unwrap();
    for release in 0.. {
        let proposal = Proposal {
            name: format!("release {release}"),
            regime: Regime::Private,
            day: "2026-11-29".to_owned(),
            directory: "out".to_owned(),
            parts: vec![Part {
                what: "people".to_owned(),
                mechanism: "discrete Gaussian".to_owned(),
                parameters: Default::default(),
                rho: "0.0001".parse().unwrap(),
            }],
        };
        let pending = ledger.begin(&proposal, Some(&source)).unwrap();
        writeln!(std::io::stderr(), "begun {}", pending.number()).unwrap();
    }
}

#[test]
fn what_was_begun_outlives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let data_set = DataSet {
        name: "practice-state".to_owned(),
        unit: "one person".to_owned(),
        rows_per_person: 1,
        neighbours: Neighbours::AddOrRemoveOnePerson,
    };
    Ledger::init(&path, data_set, Budget::parse("rho:900", Delta::LEDGER).unwrap()).unwrap();
    let mut least = 0;
    for begun in [3, 7, 12] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "spend_until_killed", "--nocapture"])
            .env(PATH, &path)
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let said: Vec<String> = lines
            .map(Result::unwrap)
            .filter(|line| line.starts_with("begun"))
            .take(begun)
            .collect();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(said.len(), begun);
        least += begun;
        let ledger = Ledger::open(&path).unwrap();
        assert!(ledger.entries().len() >= least);
        assert_eq!(ledger.spent().billionths(), ledger.entries().len() as u64 * 100_000);
        least = ledger.entries().len();
    }
}
