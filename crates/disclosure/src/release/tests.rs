use std::path::Path;

use super::*;
use crate::aggregates::{AggregatePlan, aggregates};
use crate::attacks::{AuditOutcome, Stop};
use crate::budget::{Budget, Delta, Rho};
use crate::gate::{Candidate, Limits};
use crate::ledger::{DataSet, Ledger, Neighbours};
use crate::noise::NoiseSource;
use crate::{
    PublishedCell, PublishedDimension, PublishedTable, PublishedValue, Regime, Rows, Schema,
    SchemaColumn,
};

fn rows() -> Rows {
    let column = |name: &str| SchemaColumn {
        name: name.to_owned(),
        categories: vec!["a".to_owned(), "b".to_owned()],
    };
    let schema = Schema { columns: vec![column("sex"), column("place")] };
    let codes = |period: usize| (0..400).map(|row| 1 + u16::from(row % period == 0)).collect();
    Rows::new(schema, vec![codes(2), codes(4)])
}

fn table(values: [PublishedValue; 3]) -> PublishedTable {
    let places = [None, Some(0), Some(1)];
    let cells = places.into_iter().zip(values);
    PublishedTable {
        name: "by-sex".to_owned(),
        counted: "people".to_owned(),
        amount: None,
        dimensions: vec![PublishedDimension {
            name: "sex".to_owned(),
            categories: vec!["a".to_owned(), "b".to_owned()],
            parents: Vec::new(),
        }],
        cells: cells.map(|(at, value)| PublishedCell { at: vec![at], value }).collect(),
    }
}

fn ledger(folder: &Path) -> Ledger {
    let data_set = DataSet {
        name: "test".to_owned(),
        unit: "one person".to_owned(),
        rows_per_person: 1,
        neighbours: Neighbours::AddOrRemoveOnePerson,
    };
    let budget = Budget::parse("4", Delta::LEDGER).unwrap();
    Ledger::init(&folder.join("ledger.jsonl"), data_set, budget).unwrap()
}

fn request(name: &str, out: Out) -> Request {
    let exact = Part {
        what: "people by sex".to_owned(),
        mechanism: "suppression".to_owned(),
        parameters: [("threshold".to_owned(), "10".to_owned())].into(),
        rho: Rho::ZERO,
    };
    Request { name: name.to_owned(), day: "2026-11-29".to_owned(), out, parts: vec![exact] }
}

fn nothing_recovered(_: &[&PublishedTable], _: &Stop) -> Result<AuditOutcome, String> {
    Ok(AuditOutcome { hidden: 1, recovered: 0 })
}

fn exact() -> Drawn {
    let [total, a, b] = [400, 200, 200].map(PublishedValue::Exact);
    Drawn { candidate: Candidate::Tables(vec![table([total, a, b])]), sheet: "a sheet".into() }
}

#[test]
fn what_is_released_is_read_back_and_what_was_changed_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger(folder.path());
    let out = folder.path().join("tables");
    let request = request("first", Out::Folder(out.clone()));
    let (rows, limits) = (rows(), Limits::default());
    let made = publish_exact(&mut ledger, &rows, &exact(), &request, &limits, &nothing_recovered);
    let made = made.unwrap();
    assert_eq!(made.receipt.as_ref().unwrap().regime, Regime::Suppressed);
    assert!(made.gate.passed());

    let back = read(&ledger, &out).unwrap();
    assert_eq!(back.value(), &exact().candidate);
    assert_eq!(Some(back.receipt()), made.receipt.as_ref());
    assert_eq!(released_tables(&back).len(), 1);
    assert_eq!(earlier(&ledger).unwrap(), [exact().candidate]);

    // The same folder again, or another release once the files of this one are not as they were.
    let again = publish_exact(&mut ledger, &rows, &exact(), &request, &limits, &nothing_recovered);
    assert!(matches!(again, Err(ReleaseError::Occupied(_))), "{again:?}");
    let csv = out.join("by-sex.csv");
    let changed = std::fs::read_to_string(&csv).unwrap().replace("200", "201");
    std::fs::write(&csv, changed).unwrap();
    assert!(matches!(read(&ledger, &out), Err(ReleaseError::Ledger(LedgerError::Files(_)))));
    let second = super::tests::request("second", Out::Folder(folder.path().join("more")));
    let second = publish_exact(&mut ledger, &rows, &exact(), &second, &limits, &nothing_recovered);
    let Err(ReleaseError::Earlier { name, why }) = second else { panic!("{second:?}") };
    assert!(name == "first" && matches!(*why, ReleaseError::Ledger(LedgerError::Files(_))));
    let checked = verify(&ledger);
    assert_eq!(checked.len(), 1);
    assert!(checked[0].name == "first" && checked[0].found.is_err());
}

#[test]
fn what_the_gate_refuses_is_neither_written_nor_spent() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger(folder.path());
    let out = folder.path().join("tables");
    let request = request("first", Out::Folder(out.clone()));
    let recovered = |_: &[&PublishedTable], _: &Stop| Ok(AuditOutcome { hidden: 1, recovered: 1 });
    let limits = Limits::default();
    let refused = publish_exact(&mut ledger, &rows(), &exact(), &request, &limits, &recovered);
    assert!(matches!(refused, Err(ReleaseError::Refused(_))));
    assert!(!out.exists());
    assert!(ledger.entries().is_empty());
    assert_eq!(ledger.regime(), None);
}

#[test]
fn aggregates_are_released_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger(folder.path());
    let plan = AggregatePlan { k: 10, precision: 10, length: 1 };
    let candidate = Candidate::Aggregates(aggregates(&rows(), plan).unwrap());
    let made = Drawn { candidate, sheet: serde_json::Value::Null };
    let limits = Limits::default();
    let mut publish = |name: &str| {
        let out = Out::File(folder.path().join(format!("{name}.csv")));
        let request = request(name, out);
        publish_exact(&mut ledger, &rows(), &made, &request, &limits, &nothing_recovered)
    };
    let first = publish("first").unwrap();
    assert!(first.files.iter().all(|file| file.exists()));
    assert!(matches!(
        publish("second"),
        Err(ReleaseError::Ledger(LedgerError::SecondKAnonymous(_)))
    ));
    let file = folder.path().join("first.csv");
    assert_eq!(read(&ledger_of(folder.path()), &file).unwrap().value(), &made.candidate);
}

fn ledger_of(folder: &Path) -> Ledger {
    Ledger::open(&folder.join("ledger.jsonl")).unwrap()
}

#[test]
fn noise_with_a_seed_is_written_and_never_released() {
    let folder = tempfile::tempdir().unwrap();
    let noised = |value: u64| PublishedValue::Noised { value, low: value - 9, high: value + 9 };
    let tables = vec![table([400, 205, 195].map(noised))];
    let candidate = Candidate::Noisy { tables, rho: 0.01 };
    let drawn = || Drawn { candidate: candidate.clone(), sheet: serde_json::Value::Null };
    let out = folder.path().join("noisy");
    let request = request("noisy", Out::Folder(out.clone()));
    let (rows, limits) = (rows(), Limits::default());
    let mut test = NoiseSource::test(1);
    let made = publish_private(None, &rows, &request, &limits, &mut test, |_| Ok(drawn())).unwrap();
    assert_eq!(made.receipt, None);
    assert!(!made.description.released);
    let ledger = &mut ledger(folder.path());
    assert!(matches!(read(ledger, &out), Err(ReleaseError::Ledger(LedgerError::NotCompleted(_)))));

    // Real noise without a ledger, and noise with a seed beside one, are refused before a draw.
    let never = |_: &mut NoiseSource| -> Result<Drawn, String> { panic!("nothing is drawn") };
    let mut elsewhere = Request { out: Out::Folder(folder.path().join("other")), ..request };
    elsewhere.parts[0].rho = Rho::from_billionths(10_000_000);
    let mut real = NoiseSource::operating_system().unwrap();
    let refused = publish_private(None, &rows, &elsewhere, &limits, &mut real, never);
    assert!(matches!(refused, Err(ReleaseError::Ledger(LedgerError::NoLedger))));
    let refused = publish_private(Some(ledger), &rows, &elsewhere, &limits, &mut test, never);
    assert!(matches!(refused, Err(ReleaseError::Ledger(LedgerError::TestNoise))));
    assert!(ledger.entries().is_empty());
}

#[test]
fn a_refusal_leaves_no_folder_and_takes_none_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger(folder.path());
    let (rows, limits) = (rows(), Limits::default());
    let (new, old) = (folder.path().join("new"), folder.path().join("old"));
    std::fs::create_dir(&old).unwrap();
    for (name, out) in [("one", &new), ("two", &old)] {
        let request = Request {
            parts: vec![Part {
                rho: Rho::MOST,
                ..request(name, Out::Folder(out.clone())).parts[0].clone()
            }],
            ..request(name, Out::Folder(out.clone()))
        };
        let mut noise = NoiseSource::operating_system().unwrap();
        let refused =
            publish_private(Some(&mut ledger), &rows, &request, &limits, &mut noise, |_| {
                Err("nothing is drawn beyond the budget".to_owned())
            });
        assert!(matches!(refused, Err(ReleaseError::Ledger(_))), "{refused:?}");
    }
    assert!(!new.exists() && old.exists());
}
