//! A made-up agency that submits, and a made-up clearinghouse that receives.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use analysis::receive::{ReceiveError, ReceivedAll, Receiver, receive};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use linkage::encode::hardened::{
    About as AboutTable, DiffusionSettings, EncodedTable, Permission, PersonCells, PersonRecord,
    encode, os_random,
};
use linkage::{BitMatrix, LinkageKey};
use query::TableWriter;
use records::Quarter;
use records::disclosure::{CLEARINGHOUSE, Disclosure, DisclosureMode, Mode, OrderKind, Release};
use records::record::{AgencyRecord, Code, Columns, Field, OpaqueId, Personal, RecordKind};
use records::register::Kind;
use store::{NewAgency, Scope, Store};
use submission::{
    About, Card, ENCODINGS_FILE, FORMAT, Keys, Listed, Manifest, ManifestKind, ManifestMode,
    ManifestTable, Role, TOTALS_FILE, Total, WITHDRAWN_FILE, Withdrawn, linkage_fingerprint, seal,
    table_file, write_totals, write_withdrawn,
};
use tempfile::TempDir;

pub(crate) const TODAY: Date = date(2026, 10, 20);
pub(crate) const AS_OF: Date = date(2026, 10, 5);

pub(crate) fn at() -> Timestamp {
    "2026-10-20T09:00:00Z".parse().unwrap()
}

pub(crate) fn scope() -> Scope {
    Scope::command_line("tester")
}

/// A record of named cells, the others empty.
pub(crate) fn record(kind: RecordKind, cells: &[(&str, &str)]) -> AgencyRecord {
    let header: Vec<&str> = Field::of(kind).iter().map(|field| field.name).collect();
    let mut texts = vec![""; header.len()];
    for (name, text) in cells {
        texts[Field::find(kind, name).unwrap().0] = text;
    }
    let mut problems = Vec::new();
    let columns = Columns::of(kind, "table.csv", &header).unwrap();
    columns.record(2, &texts, &mut problems).unwrap_or_else(|| panic!("{problems:?}"))
}

/// A person served, described by age and type.
pub(crate) fn served(reference: &str, day: &str, age: &str, kind: &str) -> AgencyRecord {
    record(
        RecordKind::Victim,
        &[
            ("reference", reference),
            ("surname", "Planted"),
            ("counted_as", "victim_served"),
            ("date", day),
            ("age", age),
            ("trafficking_type", kind),
            ("gender", "female"),
        ],
    )
}

pub(crate) fn service(reference: &str, victim: &str, day: &str) -> AgencyRecord {
    let cells =
        [("reference", reference), ("victim", victim), ("date", day), ("service", "shelter")];
    record(RecordKind::Service, &cells)
}

pub(crate) fn release(victim: &str, expires_on: Date) -> Release {
    Release {
        victim: Personal::new(victim),
        recipient: CLEARINGHOUSE.to_owned(),
        purpose: "the state's count".to_owned(),
        signed_on: date(2026, 1, 1),
        expires_on,
        revoked_on: None,
    }
}

/// What an agency counts over all its records.
pub(crate) fn totals(records: &[AgencyRecord]) -> Vec<Total> {
    type Key = (
        RecordKind,
        Option<&'static str>,
        Option<Quarter>,
        Option<&'static str>,
        Option<&'static str>,
    );
    let mut cells: BTreeMap<Key, (u64, BTreeSet<&Personal>)> = BTreeMap::new();
    for record in records {
        let counted_as = match record.kind() {
            RecordKind::Victim => record.code("counted_as").map(Code::as_str),
            _ => None,
        };
        let own = record.cells_of_totals().map(|(field, code)| (Some(field), code));
        for (field, code) in [(None, None)].into_iter().chain(own) {
            for quarter in [None, record.quarter()] {
                let key = (record.kind(), counted_as, quarter, field, code);
                let (count, people) = cells.entry(key).or_default();
                *count += 1;
                people.extend(record.person());
            }
        }
    }
    let total = |((record, counted_as, quarter, field, code), (records, people)): (
        Key,
        (u64, BTreeSet<&Personal>),
    )| {
        let people = people.len() as u64;
        Total { record, counted_as, quarter, field, code, records, people }
    };
    cells.into_iter().map(total).collect()
}

/// What is sent, before it is sealed.
pub(crate) struct Draft {
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) records: Vec<AgencyRecord>,
    pub(crate) releases: Vec<Release>,
    pub(crate) corrects: Option<String>,
    /// What is done to the totals before they are written.
    pub(crate) totals: fn(&mut Vec<Total>),
    /// What is done to the manifest before it is sealed.
    pub(crate) manifest: fn(&mut Manifest),
    /// What is done to the tables in the folder before they are listed.
    pub(crate) tables: fn(&Path),
    /// What is done to the encodings before they are written.
    pub(crate) encodings: fn(&mut EncodedTable),
    /// What is done to the file of encodings before it is listed.
    pub(crate) encodings_file: fn(&Path),
}

impl Draft {
    pub(crate) fn of(quarter: &'static str, records: Vec<AgencyRecord>) -> Draft {
        Draft {
            first: quarter,
            last: quarter,
            records,
            releases: Vec::new(),
            corrects: None,
            totals: |_| (),
            manifest: |_| (),
            tables: |_| (),
            encodings: |_| (),
            encodings_file: |_| (),
        }
    }
}

/// An agency, with everything that it has sent.
pub(crate) struct Agency {
    pub(crate) folder: TempDir,
    pub(crate) keys: Keys,
    pub(crate) card: Card,
    pub(crate) to: Card,
    pub(crate) sent: Vec<Manifest>,
}

impl Agency {
    pub(crate) fn new(code: &str, entity: &str, to: &Card) -> Agency {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::create(folder.path()).unwrap();
        let card = Card::new(about(Role::Agency, code, Some(entity)), &keys).unwrap();
        Agency { folder, keys, card, to: to.clone(), sent: Vec::new() }
    }

    fn mode(&self) -> (Mode, &'static str) {
        match self.card.about().legal_entity.unwrap().as_str() {
            "covered_provider" => (Mode::WithRelease, "vawa_release"),
            _ => (Mode::Encoded, "statistics_agreement"),
        }
    }

    fn empty(&self, kind: ManifestKind) -> Manifest {
        Manifest {
            format: FORMAT,
            kind,
            agency: self.card.code().to_owned(),
            practice: true,
            first_quarter: "2026-Q3".parse().unwrap(),
            last_quarter: "2026-Q3".parse().unwrap(),
            calendar_offset_days: 0,
            definition_version: "2026.1".to_owned(),
            as_of: AS_OF,
            recipient: self.to.fingerprint(),
            sequence: self.sent.len() as u64 + 1,
            previous: self.sent.last().map(Manifest::digest),
            corrects: None,
            linkage_key_fingerprint: None,
            modes: Vec::new(),
            tables: Vec::new(),
            encodings: None,
            totals: None,
            withdrawn: None,
        }
    }

    fn seal(&mut self, manifest: Manifest, content: &Path) -> PathBuf {
        let out = self.folder.path().join(manifest.file_name());
        seal(&manifest, content, &self.keys, &self.to, &out).unwrap();
        self.sent.push(manifest);
        out
    }

    /// Writes a submission; the file.
    pub(crate) fn submit(&mut self, draft: &Draft) -> PathBuf {
        let content = tempfile::tempdir().unwrap();
        let (mode, basis) = self.mode();
        let entity = self.card.about().legal_entity.unwrap();
        let kinds: BTreeSet<RecordKind> = draft.records.iter().map(AgencyRecord::kind).collect();
        let expires_on = date(2027, 12, 31);
        let signed = |kind: &RecordKind| {
            let basis = Code::get(Kind::LegalBasis, basis).unwrap();
            let signed_on = date(2026, 1, 1);
            DisclosureMode::new(
                entity,
                *kind,
                CLEARINGHOUSE,
                mode,
                basis,
                "the director",
                signed_on,
                expires_on,
            )
            .unwrap()
        };
        let modes: Vec<DisclosureMode> = kinds.iter().map(signed).collect();
        let releases = draft.releases.iter().cloned();
        let disclosure = Disclosure::on(AS_OF, CLEARINGHOUSE, &modes, releases);
        let mut manifest = self.empty(ManifestKind::Submission);
        manifest.first_quarter = draft.first.parse().unwrap();
        manifest.last_quarter = draft.last.parse().unwrap();
        manifest.corrects = draft.corrects.clone();
        let mut people: BTreeMap<OpaqueId, (String, u32)> = BTreeMap::new();
        for kind in kinds {
            let mut of_kind: Vec<&AgencyRecord> =
                draft.records.iter().filter(|record| record.kind() == kind).collect();
            of_kind.sort_by_key(|record| record.key());
            let path = content.path().join(table_file(kind));
            let mut writer = TableWriter::create(&path, kind).unwrap();
            let mut left_behind = 0;
            for record in of_kind {
                match disclosure.permit(record) {
                    Ok(permit) => {
                        let coded = permit.code(&self.keys.opaque_ids());
                        let has_name = kind == RecordKind::Victim
                            && record.code("age").is_some_and(|age| age.as_str() != "unknown");
                        if has_name {
                            let own = record.own_reference();
                            let until = coded.expires_on().map_or(0, day_number);
                            people.insert(self.id(own), (own.in_own_store().to_owned(), until));
                        }
                        writer.write(&coded).unwrap();
                    }
                    Err(_) => left_behind += 1,
                }
            }
            let rows = writer.finish().unwrap();
            if kind == RecordKind::Victim && rows > 0 {
                let fingerprint = linkage_fingerprint(&[7; 32]);
                let mut table = encodings(self.card.code(), &fingerprint, &people);
                (draft.encodings)(&mut table);
                let path = content.path().join(ENCODINGS_FILE);
                table.write(&path).unwrap();
                (draft.encodings_file)(&path);
                manifest.encodings = Some(Listed::of(&path, table.len() as u64).unwrap());
                manifest.linkage_key_fingerprint = Some(fingerprint);
            }
            (draft.tables)(&path);
            let coded = Some(Listed::of(&path, rows).unwrap());
            manifest.modes.push(ManifestMode {
                record: kind,
                mode,
                basis: basis.to_owned(),
                expires_on: Some(expires_on),
            });
            manifest.tables.push(ManifestTable { record: kind, left_behind, coded });
        }
        let mut counted = totals(&draft.records);
        (draft.totals)(&mut counted);
        let path = content.path().join(TOTALS_FILE);
        manifest.totals = Some(write_totals(&path, &counted).unwrap());
        (draft.manifest)(&mut manifest);
        self.seal(manifest, content.path())
    }

    /// A person's opaque id.
    pub(crate) fn id(&self, reference: &Personal) -> records::record::OpaqueId {
        self.keys.opaque_ids().id(RecordKind::Victim, reference)
    }

    /// Writes a withdrawal of people; the file.
    pub(crate) fn withdraw(&mut self, people: &[(&str, OrderKind)]) -> PathBuf {
        let content = tempfile::tempdir().unwrap();
        let withdrawn: Vec<Withdrawn> = people
            .iter()
            .map(|(reference, order)| Withdrawn {
                record: RecordKind::Victim,
                id: self.id(&Personal::new(*reference)),
                order: *order,
                ordered_on: AS_OF,
            })
            .collect();
        let mut manifest = self.empty(ManifestKind::Withdrawal);
        let path = content.path().join(WITHDRAWN_FILE);
        manifest.withdrawn = Some(write_withdrawn(&path, &withdrawn).unwrap());
        self.seal(manifest, content.path())
    }
}

/// A day as it stands in a table of encodings.
fn day_number(day: Date) -> u32 {
    day.to_string().replace('-', "").parse().unwrap()
}

/// Encodings of people by their agency's own numbers: the same number, the same name.
fn encodings(
    agency: &str,
    fingerprint: &str,
    people: &BTreeMap<OpaqueId, (String, u32)>,
) -> EncodedTable {
    const GIVEN: [&str; 5] = ["Ana", "Beatriz", "Carmen", "Dolores", "Esperanza"];
    const SURNAMES: [&str; 7] =
        ["Planted", "Quemada", "Robledo", "Sandoval", "Trujillo", "Urrutia", "Villalobos"];
    let names: Vec<(&str, &str, String)> = people
        .values()
        .map(|(own, _)| {
            let number: usize = own.bytes().map(usize::from).sum();
            let (year, month, day) = (60 + number % 39, 1 + number % 12, 1 + number % 28);
            let born = format!("19{year}-{month:02}-{day:02}");
            (GIVEN[number % GIVEN.len()], SURNAMES[number % SURNAMES.len()], born)
        })
        .collect();
    let ids: Vec<String> = people.keys().map(ToString::to_string).collect();
    let records: Vec<PersonRecord<'_>> = (ids.iter().zip(people.values()).zip(&names))
        .map(|((id, (_, until)), (given_name, surname, born))| PersonRecord {
            rec_id: id,
            cells: PersonCells {
                given_name,
                surname,
                birth_date: born,
                sex: "F",
                ..PersonCells::default()
            },
            permission: match until {
                0 => Permission::Encoded,
                until => Permission::WithRelease { until: *until },
            },
        })
        .collect();
    let key = LinkageKey::new([7; 32]);
    let settings = DiffusionSettings::BUILT_IN;
    let about = AboutTable { agency, period: fingerprint, key_fingerprint: fingerprint };
    let (drawn, mapping) = encode(&key, about, &records, settings, os_random).unwrap();
    let row_of = |id: &str| {
        let (_, name) = mapping.pairs().find(|(known, _)| *known == id).unwrap();
        drawn.rec_ids.iter().position(|drawn| drawn == name).unwrap()
    };
    let rows: Vec<usize> = ids.iter().map(|id| row_of(id)).collect();
    let group = |group: &BitMatrix| {
        let words = rows.iter().flat_map(|row| group.row(*row)).copied().collect();
        BitMatrix::new(group.bits(), words).unwrap()
    };
    EncodedTable {
        header: drawn.header.clone(),
        rec_ids: people.keys().map(|id| id.0).collect(),
        expires_on: rows.iter().map(|row| drawn.expires_on[*row]).collect(),
        present: rows.iter().map(|row| drawn.present[*row]).collect(),
        groups: drawn.groups.iter().map(group).collect(),
        keys: rows.iter().map(|row| drawn.keys[*row]).collect(),
    }
}

pub(crate) fn about(role: Role, code: &str, entity: Option<&str>) -> About {
    About {
        role,
        code: code.to_owned(),
        label: format!("Practice {code}"),
        legal_entity: entity.map(|entity| Code::get(Kind::LegalEntity, entity).unwrap()),
        task_force: None,
        county: None,
        calendar_offset_days: 0,
        practice: true,
    }
}

/// A clearinghouse.
pub(crate) struct House {
    pub(crate) folder: TempDir,
    pub(crate) keys: Keys,
    pub(crate) card: Card,
    pub(crate) store: Store,
}

impl House {
    pub(crate) async fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::create(folder.path()).unwrap();
        let card = Card::new(about(Role::Clearinghouse, "practice-state", None), &keys).unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        House { folder, keys, card, store }
    }

    /// One that is there already.
    pub(crate) async fn open(folder: TempDir) -> House {
        let keys = Keys::open(folder.path()).unwrap();
        let card = Card::new(about(Role::Clearinghouse, "practice-state", None), &keys).unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        House { folder, keys, card, store }
    }

    /// An agency whose card is accepted.
    pub(crate) async fn agency(&self, code: &str, entity: &str) -> Agency {
        let agency = Agency::new(code, entity, &self.card);
        self.know(&agency).await;
        agency
    }

    pub(crate) async fn know(&self, agency: &Agency) {
        let about = agency.card.about();
        let new = NewAgency {
            code: about.code.clone(),
            card: agency.card.to_toml(),
            fingerprint: agency.card.fingerprint(),
            legal_entity: about.legal_entity.unwrap().as_str().to_owned(),
            label: about.label.clone(),
            task_force: None,
            county: None,
            calendar_offset_days: 0,
            practice: about.practice,
        };
        self.store.accept_agency(&scope(), &new, "by phone", at()).await.unwrap();
    }

    pub(crate) async fn receive(&self, files: &[&Path]) -> ReceivedAll {
        self.try_receive(files, TODAY).await.unwrap()
    }

    pub(crate) async fn try_receive(
        &self,
        files: &[&Path],
        today: Date,
    ) -> Result<ReceivedAll, ReceiveError> {
        let scope = scope();
        let files: Vec<PathBuf> = files.iter().map(|file| file.to_path_buf()).collect();
        receive(&self.receiver(&scope, today), &self.keys, &files, &mut |_| ()).await
    }

    pub(crate) fn receiver<'h>(&'h self, scope: &'h Scope, today: Date) -> Receiver<'h> {
        Receiver {
            store: &self.store,
            scope,
            data: self.folder.path(),
            at: at(),
            today,
            due_days: 30,
        }
    }

    /// Every file below `received/`, with its bytes.
    pub(crate) fn kept(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.folder.path().join("received")];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for entry in entries {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.folder.path()).unwrap().to_owned();
                    found.insert(name, fs::read(&path).unwrap());
                }
            }
        }
        found
    }
}

/// Runs one story with a clearinghouse.
pub(crate) fn with_house(story: impl AsyncFnOnce(House)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { story(House::new().await).await });
}
