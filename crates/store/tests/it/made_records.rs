//! Made-up records, modes, releases and submissions.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use records::disclosure::{CLEARINGHOUSE, DisclosureMode, Mode, Order, OrderKind, Release};
use records::record::{AgencyRecord, Code, Columns, OpaqueIds, Personal, RecordKind};
use records::register::Kind;
use store::{
    AgencySelf, ImportCounts, ImportOutcome, NewAgency, NewImport, NewReceived, NewSent, OwnKeys,
    RecordOrder, RecordsKey, SentKind, Store, StoreError,
};

use crate::made::{at, scope};

pub(crate) fn ids() -> OpaqueIds {
    OpaqueIds::new([7; 32])
}

/// The keys of the agency whose ids are [`ids`].
pub(crate) fn keys() -> OwnKeys<'static> {
    static IDS: LazyLock<OpaqueIds> = LazyLock::new(ids);
    static RECORDS: LazyLock<RecordsKey> = LazyLock::new(|| RecordsKey::new(&[9; 32]));
    OwnKeys { ids: &IDS, records: &RECORDS }
}

/// A record with these cells.
pub(crate) fn record(kind: RecordKind, cells: &[(&str, &str)]) -> AgencyRecord {
    let (header, texts): (Vec<&str>, Vec<&str>) = cells.iter().copied().unzip();
    let columns = Columns::of(kind, "made.csv", &header).unwrap();
    let mut problems = Vec::new();
    let record = columns.record(2, &texts, &mut problems);
    record.unwrap_or_else(|| panic!("{problems:?}"))
}

/// A person served, by number and name, on a day.
pub(crate) fn victim(reference: &str, given_name: &str, date: &str) -> AgencyRecord {
    record(
        RecordKind::Victim,
        &[
            ("reference", reference),
            ("given_name", given_name),
            ("counted_as", "victim_served"),
            ("date", date),
            ("trafficking_type", "sex"),
            ("age", "adult"),
        ],
    )
}

/// A night in a shelter for a person.
pub(crate) fn service(reference: &str, person: &str) -> AgencyRecord {
    record(
        RecordKind::Service,
        &[
            ("reference", reference),
            ("victim", person),
            ("date", "2026-07-02"),
            ("service", "case_management"),
        ],
    )
}

pub(crate) fn new_import(digest: &str, kind: RecordKind) -> NewImport {
    NewImport {
        digest: digest.to_owned(),
        file_name: format!("{digest}.csv"),
        kind,
        format: "csv".to_owned(),
        definition_version: "2026.1".to_owned(),
    }
}

/// Takes records in.
pub(crate) async fn import(
    store: &Store,
    digest: &str,
    records: &[AgencyRecord],
) -> Result<ImportOutcome, StoreError> {
    let kind = records.first().map_or(RecordKind::Victim, AgencyRecord::kind);
    let records = records.iter().cloned().map(Ok);
    store.import_records(&scope(), &new_import(digest, kind), keys(), records, at()).await
}

/// Takes records in that nothing speaks against.
pub(crate) async fn imported(
    store: &Store,
    digest: &str,
    records: &[AgencyRecord],
) -> ImportCounts {
    match import(store, digest, records).await {
        Ok(ImportOutcome::In(counts)) => counts,
        other => panic!("{other:?}"),
    }
}

/// The records of a kind that stand.
pub(crate) async fn standing(store: &Store, kind: RecordKind) -> Vec<AgencyRecord> {
    let mut found = Vec::new();
    let mut visit = |record| {
        found.push(record);
        ControlFlow::Continue(())
    };
    let order = RecordOrder::AsTheyCame;
    let own = keys().records;
    store.for_each_record(&scope(), own, kind, None, order, &mut visit).await.unwrap();
    found
}

pub(crate) fn agency(legal_entity: &str) -> AgencySelf {
    AgencySelf {
        code: "harbor".to_owned(),
        label: "Harbor House".to_owned(),
        legal_entity: Code::get(Kind::LegalEntity, legal_entity).unwrap(),
        task_force: None,
        county: Some("fresno".to_owned()),
        calendar_offset_days: 0,
        practice: true,
    }
}

pub(crate) fn mode(mode: Mode, basis: &str, signed_on: &str) -> DisclosureMode {
    DisclosureMode::new(
        Code::get(Kind::LegalEntity, "covered_provider").unwrap(),
        RecordKind::Victim,
        CLEARINGHOUSE,
        mode,
        Code::get(Kind::LegalBasis, basis).unwrap(),
        "the director",
        signed_on.parse().unwrap(),
        "2027-12-31".parse().unwrap(),
    )
    .unwrap()
}

pub(crate) fn release(victim: &str, signed_on: &str, expires_on: &str) -> Release {
    Release {
        victim: Personal::new(victim),
        recipient: CLEARINGHOUSE.to_owned(),
        purpose: "the state's count".to_owned(),
        signed_on: signed_on.parse().unwrap(),
        expires_on: expires_on.parse().unwrap(),
        revoked_on: None,
    }
}

pub(crate) fn order(record: RecordKind, reference: &str, order: OrderKind) -> Order {
    Order {
        record,
        reference: Personal::new(reference),
        order,
        authority: "Superior Court".to_owned(),
        ordered_on: "2026-10-05".parse().unwrap(),
    }
}

/// A file sent, by number; its digest is `digest-N`, its content `content-N`.
pub(crate) fn new_sent(sequence: u64, kind: SentKind) -> NewSent {
    let quarter = (kind == SentKind::Submission).then(|| "2026-Q3".parse().unwrap());
    NewSent {
        sequence,
        kind,
        first_quarter: quarter,
        last_quarter: quarter,
        digest: format!("digest-{sequence}"),
        previous: (sequence > 1).then(|| format!("digest-{}", sequence - 1)),
        corrects: None,
        recipient: "abcd".to_owned(),
        content_digest: format!("content-{sequence}"),
        manifest_json: format!("{{\"sequence\":{sequence}}}"),
        file_name: format!("harbor-{sequence}.clearway"),
    }
}

pub(crate) fn known(code: &str, practice: bool) -> NewAgency {
    NewAgency {
        code: code.to_owned(),
        card: format!("code = \"{code}\""),
        fingerprint: "0123 4567".to_owned(),
        legal_entity: "police".to_owned(),
        label: "Police".to_owned(),
        task_force: None,
        county: None,
        calendar_offset_days: 15,
        practice,
    }
}

/// A file received of an agency, for a span of quarters.
pub(crate) fn received(agency: &str, sequence: u64, first: &str, last: &str) -> NewReceived {
    NewReceived {
        agency: agency.to_owned(),
        kind: SentKind::Submission,
        sequence,
        own_sequence: sequence,
        digest: format!("{agency}-{sequence}"),
        previous: (sequence > 1).then(|| format!("{agency}-{}", sequence - 1)),
        corrects: None,
        first_quarter: Some(first.parse().unwrap()),
        last_quarter: Some(last.parse().unwrap()),
        definition_version: "2026.1".to_owned(),
        manifest_json: "{}".to_owned(),
        folder: format!("received/{agency}-{sequence}"),
        answer_json: "{\"ok\":true}".to_owned(),
        tables: Vec::new(),
        encodings: None,
        totals: Vec::new(),
        withdrawn: Vec::new(),
        displaces: Vec::new(),
    }
}

/// A withdrawal received of an agency, with nothing in it yet.
pub(crate) fn received_withdrawal(agency: &str, sequence: u64) -> NewReceived {
    NewReceived {
        kind: SentKind::Withdrawal,
        first_quarter: None,
        last_quarter: None,
        ..received(agency, sequence, "2026-Q3", "2026-Q3")
    }
}
