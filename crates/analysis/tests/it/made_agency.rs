//! A made-up provider, with its records, and a made-up clearinghouse.

use std::path::{Path, PathBuf};

use analysis::agency::{self, Plan};
use jiff::Timestamp;
use jiff::civil::date;
use records::disclosure::{CLEARINGHOUSE, DisclosureMode, Mode, Release};
use records::record::{AgencyRecord, Code, Columns, Personal, RecordKind};
use records::register::Kind;
use store::{ImportCounts, ImportOutcome, NewImport, OwnKeys, Scope, Store, StoreError};
use submission::{Card, Keys};
use tempfile::TempDir;

pub(crate) fn at() -> Timestamp {
    "2026-10-05T10:00:00Z".parse().unwrap()
}

pub(crate) fn scope() -> Scope {
    Scope::command_line("tester")
}

/// An agency and the clearinghouse that it sends to, each in a folder of its own.
pub(crate) struct Made {
    folder: TempDir,
    pub(crate) store: Store,
    pub(crate) state: Card,
}

pub(crate) fn toml(role: &str, code: &str, legal_entity: &str) -> String {
    format!(
        "role = \"{role}\"\ncode = \"{code}\"\nlabel = \"Made-up {code}\"\n\
         legal_entity = \"{legal_entity}\"\npractice = true\n"
    )
}

impl Made {
    /// An agency of this legal entity, with a linkage key and no records.
    pub(crate) async fn new(legal_entity: &str) -> Made {
        let folder = tempfile::tempdir().unwrap();
        let state_data = folder.path().join("state");
        let state_store = Store::open(&state_data).await.unwrap();
        let text = toml("clearinghouse", "practice-state", legal_entity);
        let state = agency::set_up(&state_store, &scope(), &state_data, &text, at(), |_| {
            agency::open_keys(&state_data)
        })
        .await
        .unwrap();
        let data = folder.path().join("data");
        let store = Store::open(&data).await.unwrap();
        let text = toml("agency", "harbor", legal_entity);
        agency::set_up(&store, &scope(), &data, &text, at(), |_| agency::open_keys(&data))
            .await
            .unwrap();
        Keys::open(&data).unwrap().keep_linkage_key("state", &[7; 32]).unwrap();
        Made { folder, store, state: state.card }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn keys(&self) -> Keys {
        Keys::open(&self.data()).unwrap()
    }

    pub(crate) fn plan(&self, period: &str) -> Plan {
        let (first, last) = period.split_once("..").unwrap_or((period, period));
        Plan {
            period: Some((first.parse().unwrap(), last.parse().unwrap())),
            as_of: date(2026, 10, 5),
            recipient: self.state.clone(),
            linkage_key: None,
            corrects: None,
        }
    }

    /// Takes records in.
    pub(crate) async fn import(&self, digest: &str, records: &[AgencyRecord]) -> ImportCounts {
        let kind = records[0].kind();
        let new = NewImport {
            digest: digest.to_owned(),
            file_name: format!("{digest}.csv"),
            kind,
            format: "csv".to_owned(),
            definition_version: "2026.1".to_owned(),
        };
        let records = records.iter().cloned().map(Ok::<_, StoreError>);
        let (ids, own_records) = (self.keys().opaque_ids(), self.keys().records_key());
        let own = OwnKeys { ids: &ids, records: &own_records };
        match self.store.import_records(&scope(), &new, own, records, at()).await.unwrap() {
            ImportOutcome::In(counts) => counts,
            other => panic!("{other:?}"),
        }
    }

    /// Signs a mode for the clearinghouse, until the end of 2027.
    pub(crate) async fn sign(&self, entity: &str, record: RecordKind, mode: Mode, basis: &str) {
        let mode = DisclosureMode::new(
            Code::get(Kind::LegalEntity, entity).unwrap(),
            record,
            CLEARINGHOUSE,
            mode,
            Code::get(Kind::LegalBasis, basis).unwrap(),
            "the director",
            date(2026, 1, 1),
            date(2027, 12, 31),
        );
        self.store.add_modes(&scope(), &[mode.unwrap()], at()).await.unwrap();
    }

    pub(crate) async fn release(&self, victim: &str, expires_on: &str, revoked_on: Option<&str>) {
        let release = Release {
            victim: Personal::new(victim),
            recipient: CLEARINGHOUSE.to_owned(),
            purpose: "the state's count".to_owned(),
            signed_on: date(2026, 7, 1),
            expires_on: expires_on.parse().unwrap(),
            revoked_on: revoked_on.map(|day| day.parse().unwrap()),
        };
        let (ids, records) = (self.keys().opaque_ids(), self.keys().records_key());
        let own = OwnKeys { ids: &ids, records: &records };
        self.store.add_releases(&scope(), &[release], own, at()).await.unwrap();
    }

    /// The five people of a provider, of whom three have signed a release at some time, with two
    /// services.
    pub(crate) async fn provider() -> Made {
        let made = Made::new("covered_provider").await;
        let people = [
            victim("V-1", "Qwzxana", "Qwzxlopez", "1999-02-03", "2026-07-02", "sex"),
            victim("V-1", "Qwzxana", "Qwzxlopez", "1999-02-03", "2026-05-20", "sex"),
            victim("V-2", "Qwzxmila", "", "1988-11-12", "2026-08-15", "labor"),
            victim("V-3", "Qwzxbo", "Qwzxli", "2009-01-05", "2026-09-01", "not_yet_classified"),
            victim("V-4", "Qwzxjo", "Qwzxwu", "1995-06-07", "2026-09-30", "sex"),
            victim("V-5", "Qwzxhua", "Qwzxbo", "1990-10-11", "2026-04-01", "both"),
        ];
        made.import("victims", &people).await;
        let services = [service("S-1", "V-1", "shelter"), service("S-2", "V-4", "case_management")];
        made.import("services", &services).await;
        let provider = "covered_provider";
        made.sign(provider, RecordKind::Victim, Mode::WithRelease, "vawa_release").await;
        made.release("V-1", "2027-01-01", None).await;
        made.release("V-2", "2027-06-30", None).await;
        made.release("V-3", "2026-09-30", None).await;
        made
    }
}

pub(crate) fn record(kind: RecordKind, cells: &[(&str, &str)]) -> AgencyRecord {
    let (header, texts): (Vec<&str>, Vec<&str>) = cells.iter().copied().unzip();
    let columns = Columns::of(kind, "made.csv", &header).unwrap();
    let mut problems = Vec::new();
    let record = columns.record(2, &texts, &mut problems);
    record.unwrap_or_else(|| panic!("{problems:?}"))
}

pub(crate) fn victim(
    reference: &str,
    given_name: &str,
    surname: &str,
    birth_date: &str,
    date: &str,
    trafficking_type: &str,
) -> AgencyRecord {
    record(
        RecordKind::Victim,
        &[
            ("reference", reference),
            ("given_name", given_name),
            ("surname", surname),
            ("birth_date", birth_date),
            ("gender", "female"),
            ("counted_as", "victim_served"),
            ("date", date),
            ("trafficking_type", trafficking_type),
            ("age", "adult"),
        ],
    )
}

pub(crate) fn service(reference: &str, person: &str, service: &str) -> AgencyRecord {
    let cells = [
        ("reference", reference),
        ("victim", person),
        ("date", "2026-07-02"),
        ("service", service),
    ];
    record(RecordKind::Service, &cells)
}

/// Every file below a folder, with its bytes.
pub(crate) fn files_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// Runs one story.
pub(crate) fn told(story: impl AsyncFnOnce()) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(story());
}
