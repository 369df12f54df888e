use std::collections::BTreeMap;
use std::fs;

use tempfile::TempDir;

use super::*;
use crate::noise::NoiseSource;

pub(super) fn data_set() -> DataSet {
    DataSet {
        name: "practice-state".to_owned(),
        unit: "one person, as linked".to_owned(),
        rows_per_person: 1,
        neighbours: Neighbours::AddOrRemoveOnePerson,
    }
}

pub(super) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

pub(super) fn new_ledger(folder: &TempDir, budget: &str) -> Ledger {
    let budget = Budget::parse(budget, Delta::LEDGER).unwrap();
    Ledger::init(&folder.path().join("ledger.jsonl"), data_set(), budget).unwrap()
}

fn proposal(name: &str, regime: Regime, rho: &str) -> Proposal {
    Proposal {
        name: name.to_owned(),
        regime,
        day: "2026-11-29".to_owned(),
        directory: "out".to_owned(),
        parts: vec![Part {
            what: "people by age".to_owned(),
            mechanism: "discrete Gaussian".to_owned(),
            parameters: BTreeMap::from([("variance".to_owned(), "4/1".to_owned())]),
            rho: rho.parse().unwrap(),
        }],
    }
}

fn system() -> NoiseSource {
    NoiseSource::operating_system().unwrap()
}

pub(super) fn private(ledger: &mut Ledger, name: &str, rho: &str) -> Result<Pending, LedgerError> {
    ledger.begin(&proposal(name, Regime::Private, rho), Some(&system()))
}

pub(super) fn files() -> Vec<FileDigest> {
    vec![FileDigest { name: "table.json".to_owned(), digest: digest_of(b"x") }]
}

#[test]
fn a_ledger_is_made_once_and_needed() {
    let folder = folder();
    let ledger = new_ledger(&folder, "rho:0.5");
    let budget = ledger.budget();
    let again = Ledger::init(ledger.path(), data_set(), budget);
    assert!(matches!(again, Err(LedgerError::AlreadyThere(_))));
    assert!(matches!(Ledger::open(&folder.path().join("other")), Err(LedgerError::Missing(_))));
    let nameless = DataSet { name: " ".to_owned(), rows_per_person: 0, ..data_set() };
    let error = Ledger::init(&folder.path().join("other"), nameless, budget).unwrap_err();
    assert!(matches!(error, LedgerError::Invalid(faults) if faults.len() == 2));
    assert!(!folder.path().join("other").exists());
}

#[test]
fn what_is_begun_is_spent_and_no_more_than_there_is() {
    let folder = folder();
    let mut ledger = new_ledger(&folder, "rho:0.5");
    drop(private(&mut ledger, "first", "0.3").unwrap());
    let error = private(&mut ledger, "second", "0.200000001").unwrap_err();
    assert!(error.to_string().contains("only 0.2 is left"), "{error}");
    let receipt =
        private(&mut ledger, "second", "0.2").unwrap().complete(files(), "2026-11-30").unwrap();
    let ledger = Ledger::open(ledger.path()).unwrap();
    assert_eq!((ledger.spent().to_string().as_str(), ledger.remaining()), ("0.5", Rho::ZERO));
    assert_eq!(ledger.head(), receipt.hash);
    assert_eq!((receipt.entry, receipt.regime), (2, Regime::Private));
    assert!(ledger.entries()[0].completed.is_none());
    assert!(ledger.epsilon_spent().unwrap() > 4.0);
}

#[test]
fn refusals_spend_nothing_and_leave_the_file_alone() {
    let folder = folder();
    let mut ledger = new_ledger(&folder, "rho:0.5");
    drop(private(&mut ledger, "first", "0.1").unwrap().complete(files(), "2026-11-29").unwrap());
    let before = fs::read(ledger.path()).unwrap();
    let exact = proposal("exact", Regime::Suppressed, "0");
    let test_noise = NoiseSource::test(1);
    let asked = proposal("second", Regime::Private, "0.1");
    assert!(matches!(ledger.begin(&asked, Some(&test_noise)), Err(LedgerError::TestNoise)));
    assert!(matches!(ledger.begin(&asked, None), Err(LedgerError::NoNoise)));
    assert!(matches!(ledger.begin(&exact, None), Err(LedgerError::OtherRegime { .. })));
    assert!(matches!(private(&mut ledger, "first", "0.1"), Err(LedgerError::NameUsed(_))));
    let wrong = Proposal { day: "today".to_owned(), ..proposal(" ", Regime::Private, "0") };
    let error = ledger.begin(&wrong, Some(&system())).unwrap_err();
    assert!(matches!(error, LedgerError::Invalid(faults) if faults.len() == 3));
    let no_file = private(&mut ledger, "no files", "0.1").unwrap();
    let after_begin = fs::read(ledger.path()).unwrap();
    assert!(after_begin.starts_with(&before) && after_begin.len() > before.len());
    assert!(no_file.complete(Vec::new(), "2026-11-29").is_err());
    assert_eq!(fs::read(ledger.path()).unwrap(), after_begin);
}

#[test]
fn after_an_exact_release_there_is_no_epsilon() {
    let folder = folder();
    let mut ledger = new_ledger(&folder, "4");
    let exact = proposal("tables", Regime::Suppressed, "0");
    ledger.begin(&exact, None).unwrap().complete(files(), "2026-11-29").unwrap();
    ledger.refresh().unwrap();
    assert_eq!((ledger.epsilon_spent(), ledger.remaining()), (None, Rho::ZERO));
    assert!(matches!(private(&mut ledger, "noisy", "0.1"), Err(LedgerError::OtherRegime { .. })));
    let kept = ledger.cost_of(Epsilon::new(1.0).unwrap(), Delta::LEDGER);
    assert!(matches!(kept, Err(LedgerError::OtherRegime { .. })));
    let second = proposal("more tables", Regime::Suppressed, "0");
    assert!(ledger.begin(&second, None).is_ok());
    let aggregates = proposal("aggregates", Regime::KAnonymous, "0");
    assert!(matches!(ledger.begin(&aggregates, None), Err(LedgerError::OtherRegime { .. })));
}

#[test]
fn k_anonymous_aggregates_are_released_once() {
    let folder = folder();
    let mut ledger = new_ledger(&folder, "4");
    let first = proposal("aggregates", Regime::KAnonymous, "0");
    // Begun, and stopped before anything was published.
    drop(ledger.begin(&first, None).unwrap());
    ledger.begin(&first, None).unwrap().complete(files(), "2026-11-29").unwrap();
    let second = proposal("next quarter", Regime::KAnonymous, "0");
    let error = ledger.begin(&second, None).unwrap_err();
    assert!(matches!(&error, LedgerError::SecondKAnonymous(name) if name == "aggregates"));
}

#[test]
fn the_whole_remaining_epsilon_can_be_asked_for() {
    let folder = folder();
    let mut ledger = new_ledger(&folder, "4");
    let four = Epsilon::new(4.0).unwrap();
    // A larger delta of its own would allow more rho than there is.
    let own = Delta::for_people(50_000);
    assert_eq!(ledger.cost_of(four, own).unwrap(), ledger.budget().rho);
    assert!(epsilon_at(ledger.cost_of(four, own).unwrap(), own) <= 4.0);
    let two = ledger.cost_of(Epsilon::new(2.0).unwrap(), own).unwrap();
    assert!(two < ledger.budget().rho);
    drop(private(&mut ledger, "first", &two.to_string()).unwrap());
    assert!(matches!(ledger.cost_of(four, own), Err(LedgerError::Overspent { .. })));
    let rest = Epsilon::new(ledger.epsilon_remaining()).unwrap();
    assert_eq!(ledger.cost_of(rest, own).unwrap(), ledger.remaining());
    assert!(ledger.cost_of(Epsilon::new(1e-12).unwrap(), own).is_err());
}

#[test]
fn a_release_is_read_back_only_as_it_was() {
    let folder = folder();
    let mut ledger = new_ledger(&folder, "4");
    fs::write(folder.path().join("table.json"), b"x").unwrap();
    let pending = private(&mut ledger, "first", "0.1").unwrap();
    let written = digests(folder.path(), &["table.json"]).unwrap();
    assert!(ledger.read_back("first", folder.path()).is_err());
    let receipt = pending.complete(written, "2026-11-29").unwrap();
    ledger.refresh().unwrap();
    let released = ledger.read_back("first", folder.path()).unwrap();
    assert_eq!(released.receipt(), &receipt);
    assert_eq!(released.value()[0].bytes, b"x");
    fs::write(folder.path().join("table.json"), b"y").unwrap();
    let error = ledger.read_back("first", folder.path()).unwrap_err();
    assert!(error.to_string().contains("table.json was changed"), "{error}");
    fs::remove_file(folder.path().join("table.json")).unwrap();
    assert!(matches!(ledger.read_back("first", folder.path()), Err(LedgerError::Files(_))));
    for name in ["../ledger.jsonl", "/etc/hostname", ""] {
        let file = FileDigest { name: name.to_owned(), digest: digest_of(b"x") };
        let pending = private(&mut ledger, name, "0.0001");
        assert!(pending.is_err() || pending.unwrap().complete(vec![file], "2026-11-29").is_err());
    }
}

#[test]
fn two_writers_never_spend_the_same_rho() {
    let folder = folder();
    let ledger = new_ledger(&folder, "rho:0.1");
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let mut mine = ledger.clone();
            scope.spawn(move || {
                for release in 0..10 {
                    let _ = private(&mut mine, &format!("{writer} {release}"), "0.015").is_ok();
                }
            });
        }
    });
    let ledger = Ledger::open(ledger.path()).unwrap();
    assert_eq!((ledger.entries().len(), ledger.spent().to_string().as_str()), (6, "0.09"));
}
