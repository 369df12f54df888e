//! What comes from outside is read or refused, whatever it says: every reader of text from somebody else
//! takes a good sample, and then the same with bytes changed, lost, doubled and put elsewhere.
//!
//! Readers with a format of their own have properties beside their code: tables in any format (`read`),
//! records (`agency_records`), submissions, manifests, cards and chains (`submission`), ledgers and tables of
//! releases (`disclosure`), capture histories (`estimation`), people and encodings (`linkage`), coded rows
//! (`query`), forms, cookies, languages and addresses of the server (`server`), sealed texts (`sealing`).

use std::fs;
use std::path::Path;

use linkage::encode::clkhash::{ClkSchema, Clks};
use proptest::prelude::*;
use proptest::sample::Index;
use records::register::Register;
use records::returns::Mapping;
use store::{DatabaseUrl, DestructionList, Scope, Store};
use submission::{About, Card, Checkpoint, Keys, Role};

use crate::made_agency::{at, toml};

/// Whether a text is taken; the folder is for readers that want a file.
type Takes = Box<dyn Fn(&str, &Path) -> bool>;

/// A reader: its name, a good sample, and whether it takes a text.
struct Reader {
    name: &'static str,
    sample: String,
    takes: Takes,
}

fn reader(
    name: &'static str,
    sample: impl Into<String>,
    takes: impl Fn(&str, &Path) -> bool + 'static,
) -> Reader {
    Reader { name, sample: sample.into(), takes: Box::new(takes) }
}

/// A text as a file, for readers that want one.
fn in_a_file<T>(text: &str, folder: &Path, read: impl Fn(&Path) -> T) -> T {
    let path = folder.join("sample");
    fs::write(&path, text).unwrap();
    read(&path)
}

/// Every reader, and the keys that one of them asks for.
fn readers(keys_of: &Path) -> Vec<Reader> {
    let keys = Keys::create(keys_of).unwrap();
    let checkpoint = Checkpoint::sign(&keys, 3, &"ab".repeat(32), vec![2], at());
    let checkpoint = serde_json::to_string(&checkpoint).unwrap();
    let about = About {
        role: Role::Clearinghouse,
        code: "practice-state".to_owned(),
        label: "Practice State".to_owned(),
        legal_entity: None,
        task_force: None,
        county: None,
        calendar_offset_days: 0,
        practice: true,
    };
    let card = Card::new(about, &keys).unwrap();
    let mapping = include_str!("../../../../definitions/mappings/training.toml");
    let schema = r#"{"fields":[{"name":"county","type":"string","constraints":
        {"enum":["kern","fresno"],"required":true}},{"name":"n","type":"integer"}]}"#;
    let release_schema = r#"{"columns":[{"name":"age","categories":["0-17","18-"]}]}"#;
    let clk_schema = r#"{"version":3,"clkConfig":{"l":1024,"kdf":{"type":"HKDF","hash":"SHA256",
        "salt":"c2FsdA==","info":"","keySize":64}},"features":[{"identifier":"name",
        "format":{"type":"string","encoding":"utf-8"},"hashing":{"comparison":{"type":"ngram","n":2},
        "strategy":{"bitsPerFeature":100},"hash":{"type":"blakeHash"}}}]}"#;
    let destroyed = r#"{"orders":[{"record":"victim","id":"00","order":"sealing","authority":"a court",
        "ordered_on":"2026-01-01","follows":false}],"audit_rows":[2],"withdrawals":["ab"]}"#;
    vec![
        reader("mapping", mapping, |text, _| {
            let read = Mapping::read("sample", text, Register::embedded());
            // What was taken says the same when it is written.
            if let Ok(mapping) = &read {
                let again = Mapping::read("sample", &mapping.to_toml(), Register::embedded());
                assert_eq!(again.as_ref(), Ok(mapping));
            }
            read.is_ok()
        }),
        reader("agency.toml", toml("agency", "practice-police-1", "police"), |text, folder| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let data = tempfile::tempdir_in(folder).unwrap();
            runtime.block_on(async {
                let store = Store::open(data.path()).await.unwrap();
                let scope = Scope::command_line("tester");
                let set = analysis::agency::set_up(&store, &scope, data.path(), text, at(), |_| {
                    analysis::agency::open_keys(data.path())
                })
                .await;
                store.close().await;
                set.is_ok()
            })
        }),
        reader("card", card.to_toml(), |text, _| Card::read(text).is_ok()),
        reader("checkpoint", checkpoint, move |text, _| Checkpoint::read(text, &keys).is_ok()),
        reader("table schema", schema, |text, _| {
            records::schema::Schema::from_json(text.as_bytes()).is_ok()
        }),
        reader("schema of a release", release_schema, |text, _| {
            disclosure::Schema::read(text).is_ok()
        }),
        reader("schema of an encoding", clk_schema, |text, _| ClkSchema::from_json(text).is_ok()),
        reader("encodings as JSON", r#"{"clks": ["AAECAwQFBgc=", "CAkKCwwNDg8="]}"#, |text, _| {
            Clks::from_json(text).is_ok()
        }),
        reader("destruction list", destroyed, |text, folder| {
            in_a_file(text, folder, |path| DestructionList::read(path).is_ok())
        }),
        reader("database address", "postgres://clearway@127.0.0.1:5433/state", |text, _| {
            text.parse::<DatabaseUrl>().is_ok()
        }),
    ]
}

/// One change of a text.
#[derive(Debug, Clone)]
enum Change {
    Set(Index, u8),
    Insert(Index, String),
    Remove(Index, Index),
    Double(Index, Index),
    Cut(Index),
}

fn any_change() -> impl Strategy<Value = Change> {
    let piece = prop_oneof![
        "\\PC{0,8}",
        Just("\u{202e}".to_owned()),
        Just("[[[[[[[[{".to_owned()),
        Just("-99999999999999999999999e999".to_owned()),
        Just("\"\\ud800\"".to_owned()),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (any::<Index>(), piece).prop_map(|(at, piece)| Change::Insert(at, piece)),
        any::<(Index, Index)>().prop_map(|(from, to)| Change::Remove(from, to)),
        any::<(Index, Index)>().prop_map(|(from, to)| Change::Double(from, to)),
        any::<Index>().prop_map(Change::Cut),
    ]
}

fn changed(sample: &str, changes: &[Change]) -> String {
    let mut bytes = sample.as_bytes().to_vec();
    for change in changes {
        let place = |index: &Index| index.index(bytes.len() + 1);
        let range = |one: &Index, other: &Index| {
            let (one, other) = (place(one), place(other));
            one.min(other)..one.max(other)
        };
        match change {
            Change::Set(at, byte) => {
                let at = place(at);
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            Change::Insert(at, piece) => {
                let at = place(at);
                bytes.splice(at..at, piece.bytes());
            }
            Change::Remove(from, to) => drop(bytes.drain(range(from, to))),
            Change::Double(from, to) => {
                let piece = bytes[range(from, to)].to_vec();
                let at = place(to);
                bytes.splice(at..at, piece);
            }
            Change::Cut(at) => bytes.truncate(place(at)),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn every_reader_takes_its_sample_and_nothing_else_for_it() {
    let folder = tempfile::tempdir().unwrap();
    for reader in readers(&folder.path().join("keys")) {
        assert!((reader.takes)(&reader.sample, folder.path()), "{}", reader.name);
        for other in ["", "\u{feff}", "{}", "[]", "null", "= 1", "a,b\n1,2\n"] {
            let taken = (reader.takes)(other, folder.path());
            assert!(!taken, "{}: {other:?}", reader.name);
        }
    }
}

#[test]
fn no_change_of_a_sample_stops_a_reader() {
    let folder = tempfile::tempdir().unwrap();
    let all = readers(&folder.path().join("keys"));
    let any_reader = prop::sample::select((0..all.len()).collect::<Vec<usize>>());
    let inputs = (any_reader, prop::collection::vec(any_change(), 1..6));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(2_000)
    });
    let result = runner.run(&inputs, |(at, changes)| {
        let text = changed(&all[at].sample, &changes);
        let _ = (all[at].takes)(&text, folder.path());
        Ok(())
    });
    result.unwrap();
}
