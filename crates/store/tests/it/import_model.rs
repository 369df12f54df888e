//! Any sequence of imports, withdrawals, undos and orders equals a model that is a list of maps.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use records::disclosure::OrderKind;
use records::record::{Personal, RecordKind};
use store::{ImportCounts, ImportOutcome, Store, StoreError};

use crate::made::{at, scope};
use crate::made_records::{import, keys, order, standing, victim};
use crate::stores::with_store;

/// People, names and quarters are few, so that keys meet.
const PEOPLE: u8 = 4;
const NAMES: u8 = 3;
const DAYS: [&str; 2] = ["2026-05-01", "2026-08-01"];

/// A row of a file: person, quarter, name.
type Row = (u8, usize, u8);

#[derive(Debug, Clone)]
enum Step {
    Import(Vec<Row>),
    SameAgain(usize),
    Withdraw(usize),
    Restore(usize),
    Destroy(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let rows = proptest::collection::vec((0..PEOPLE, 0..DAYS.len(), 0..NAMES), 0..6);
    let step = prop_oneof![
        6 => rows.prop_map(Step::Import),
        1 => (0..6_usize).prop_map(Step::SameAgain),
        4 => (0..6_usize).prop_map(Step::Withdraw),
        4 => (0..6_usize).prop_map(Step::Restore),
        1 => (0..PEOPLE).prop_map(Step::Destroy),
    ];
    proptest::collection::vec(step, 1..16)
}

/// One import of the model: its file, whether it is in, what it says of each person and quarter.
#[derive(Debug, Clone)]
struct Import {
    /// Its number in the store, which may leave some out after an import that failed.
    id: i64,
    file: Vec<Row>,
    is_in: bool,
    says: BTreeMap<(u8, usize), u8>,
}

#[derive(Debug, Default)]
struct Model {
    imports: Vec<Import>,
    destroyed: BTreeSet<u8>,
}

impl Model {
    fn current(&self) -> BTreeMap<(u8, usize), u8> {
        let standing = self.imports.iter().filter(|import| import.is_in);
        standing.flat_map(|import| import.says.clone()).collect()
    }

    /// What an import of this file must answer; nothing when it contradicts itself.
    fn import(&mut self, file: &[Row]) -> Option<ImportCounts> {
        let before = self.current();
        let mut counts = ImportCounts::default();
        let mut says = BTreeMap::new();
        for &(person, quarter, name) in file {
            if self.destroyed.contains(&person) {
                counts.barred += 1;
                continue;
            }
            match says.insert((person, quarter), name) {
                Some(other) if other != name => return None,
                Some(_) => counts.repeated += 1,
                None => match before.get(&(person, quarter)) {
                    None => counts.added += 1,
                    Some(same) if *same == name => counts.unchanged += 1,
                    Some(_) => counts.replaced += 1,
                },
            }
        }
        self.imports.push(Import { id: 0, file: file.to_vec(), is_in: true, says });
        Some(counts)
    }

    fn same_file_in(&self, file: &[Row]) -> Option<usize> {
        self.imports.iter().position(|import| import.is_in && import.file == file)
    }
}

fn person(number: u8) -> String {
    // One reference is the beginning of another.
    "V".repeat(usize::from(number) + 1)
}

fn digest(file: &[Row]) -> String {
    format!("{file:?}")
}

async fn send(store: &Store, file: &[Row]) -> Result<ImportOutcome, StoreError> {
    let records: Vec<_> = file
        .iter()
        .map(|&(number, quarter, name)| {
            victim(&person(number), &format!("Name {name}"), DAYS[quarter])
        })
        .collect();
    import(store, &digest(file), &records).await
}

/// The number of an import of the model; one that no import has, where there is none.
fn id_of(model: &Model, at: usize) -> i64 {
    model.imports.get(at).map_or(i64::MAX, |import| import.id)
}

async fn take(store: &Store, model: &mut Model, step: &Step) {
    match step {
        Step::Import(file) => {
            if let Some(at) = model.same_file_in(file) {
                let outcome = send(store, file).await.unwrap();
                assert_eq!(outcome, ImportOutcome::Already(model.imports[at].id));
                return;
            }
            match (model.import(file), send(store, file).await) {
                (Some(expected), Ok(ImportOutcome::In(counts))) => {
                    let id = counts.id;
                    assert_eq!(counts, ImportCounts { id, ..expected });
                    model.imports.last_mut().unwrap().id = id;
                    assert!(model.imports.windows(2).all(|pair| pair[0].id < pair[1].id));
                }
                (None, Err(StoreError::Contradictory { .. })) => {}
                other => panic!("{other:?}"),
            }
        }
        Step::SameAgain(at) => {
            let Some(file) = model.imports.get(*at).map(|import| import.file.clone()) else {
                return;
            };
            Box::pin(take(store, model, &Step::Import(file))).await;
        }
        Step::Withdraw(number) => {
            let done = store.withdraw_import(&scope(), id_of(model, *number), "why", at()).await;
            let open = model.imports.get_mut(*number).filter(|import| import.is_in);
            assert_eq!(done.is_ok(), open.is_some(), "{done:?}");
            open.into_iter().for_each(|import| import.is_in = false);
        }
        Step::Restore(number) => {
            let done = store.restore_import(&scope(), id_of(model, *number), "why", at()).await;
            let closed = model.imports.get(*number).filter(|import| !import.is_in);
            let free = closed.is_some_and(|import| model.same_file_in(&import.file).is_none());
            assert_eq!(done.is_ok(), free, "{done:?}");
            if free {
                model.imports[*number].is_in = true;
            }
        }
        Step::Destroy(number) => {
            let order = order(RecordKind::Victim, &person(*number), OrderKind::Sealing);
            let applied = store.apply_orders(&scope(), &[order], keys(), at()).await.unwrap();
            let rows: usize = model
                .imports
                .iter_mut()
                .map(|import| {
                    let before = import.says.len();
                    import.says.retain(|(person, _), _| person != number);
                    before - import.says.len()
                })
                .sum();
            assert_eq!(applied[0].new, model.destroyed.insert(*number));
            if applied[0].new {
                assert_eq!(applied[0].rows, rows as u64);
            }
        }
    }
}

/// What stands, read back as the model has it.
async fn stands(store: &Store) -> BTreeMap<(u8, usize), u8> {
    let found = standing(store, RecordKind::Victim).await;
    let count = found.len();
    let mut standing = BTreeMap::new();
    for record in found {
        let of = |number: &u8| *record.own_reference() == Personal::new(person(*number));
        let number = (0..PEOPLE).find(of).unwrap();
        let day = record.date("date").unwrap().to_string();
        let quarter = DAYS.iter().position(|one| *one == day).unwrap();
        let named = |name: &u8| {
            record.personal("given_name") == Some(&Personal::new(format!("Name {name}")))
        };
        standing.insert((number, quarter), (0..NAMES).find(named).unwrap());
    }
    assert_eq!(standing.len(), count, "each record once");
    standing
}

/// PostgreSQL makes its tables anew for some of the cases only.
fn in_stores(both: bool, story: impl AsyncFn(Store)) {
    if both {
        return with_store(story);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        story(Store::open(folder.path()).await.unwrap()).await;
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_sequence_equals_the_model(steps in steps(), case in 0..8) {
        in_stores(case == 0, async |store| {
            let mut model = Model::default();
            for step in &steps {
                take(&store, &mut model, step).await;
                assert_eq!(stands(&store).await, model.current(), "after {step:?}");
                let imports = store.imports(&scope()).await.unwrap();
                assert_eq!(imports.len(), model.imports.len());
                let current: u64 = imports.iter().map(|import| import.current).sum();
                assert_eq!(current, model.current().len() as u64);
            }
        });
    }
}
