//! What the key of the own records makes of them, and by what it is known again.
//!
//! In: [`RecordsKey`], a record, a number. Out: pseudonyms in the place of numbers, contents sealed to
//! their row, and digests by which an equal content is seen without being opened. A number has another
//! pseudonym in each column, so that the tables say no more than the program asks them.

use records::disclosure::Release;
use records::record::{AgencyRecord, Personal, RecordKind};
use sealing::{PSEUDONYM_BYTES, Place, RecordsKey, Row as PlaceRow};

use crate::StoreError;
use crate::columns::Columns;
use crate::database::{Transaction, query, scalar};

/// A number or a digest as the database holds it.
pub(crate) type Pseudonym = [u8; PSEUDONYM_BYTES];

/// The keys of an agency that find and open its own records.
#[derive(Debug, Clone, Copy)]
pub struct OwnKeys<'k> {
    /// What makes its opaque ids, by which orders keep records out.
    pub ids: &'k records::record::OpaqueIds,
    /// What opens its records.
    pub records: &'k RecordsKey,
}

/// How the key of every row of a record begins.
pub(crate) fn beginning(key: &RecordsKey, kind: RecordKind, reference: &Personal) -> Pseudonym {
    key.pseudonym(kind.as_str(), reference.in_own_store())
}

/// The key of a record: its own number, and of a victim what she is counted as and the quarter.
pub(crate) fn key_of(key: &RecordsKey, record: &AgencyRecord) -> Vec<u8> {
    let mut made = beginning(key, record.kind(), record.own_reference()).to_vec();
    if record.kind() == RecordKind::Victim {
        made.extend_from_slice(&key.pseudonym("victim row", record.key().in_own_store()));
    }
    made
}

/// The last key that begins so.
pub(crate) fn end_of(beginning: &Pseudonym) -> Vec<u8> {
    [&beginning[..], &[u8::MAX; PSEUDONYM_BYTES + 1]].concat()
}

/// The person whom a service or a letter names.
pub(crate) fn person(key: &RecordsKey, person: &Personal) -> Pseudonym {
    key.pseudonym("person named", person.in_own_store())
}

/// The person who has signed a release.
pub(crate) fn signatory(key: &RecordsKey, victim: &Personal) -> Pseudonym {
    key.pseudonym("release", victim.in_own_store())
}

/// By what an equal content of one record is known.
pub(crate) fn digest(key: &RecordsKey, record_key: &[u8], content: &Personal) -> Pseudonym {
    key.pseudonym(record_key, content.in_own_store())
}

/// Where a content stands.
fn content_place(content_id: i64) -> Place<'static> {
    Place { table: "record_content", row: PlaceRow::Number(content_id), field: "content" }
}

/// A content, sealed to its row.
pub(crate) fn seal_content(
    key: &RecordsKey,
    content_id: i64,
    content: &Personal,
) -> Result<Vec<u8>, StoreError> {
    Ok(key.seal(&content_place(content_id), content.in_own_store().as_bytes())?)
}

/// The record of a row that has the columns `content_id` and `content`.
pub(crate) fn open_record(
    key: &RecordsKey,
    kind: RecordKind,
    columns: &Columns<'_>,
) -> Result<AgencyRecord, StoreError> {
    let opened =
        key.open(&content_place(columns.integer("content_id")?), columns.bytes("content")?);
    let opened = opened.map_err(|_| columns.damaged("a content that the key does not open"))?;
    std::str::from_utf8(&opened)
        .ok()
        .and_then(|text| AgencyRecord::from_own_store(kind, text))
        .ok_or_else(|| columns.damaged("no record of its kind by today's definitions"))
}

/// What a release says of a person, sealed; and by what an equal one is known.
pub(crate) fn seal_release(
    key: &RecordsKey,
    release: &Release,
) -> Result<(Vec<u8>, Pseudonym), StoreError> {
    let victim = signatory(key, &release.victim);
    let said = serde_json::json!([release.victim.in_own_store(), release.purpose]).to_string();
    let digest = digest(key, &victim, &Personal::new(said.as_str()));
    Ok((key.seal(&release_place(victim), said.as_bytes())?, digest))
}

/// The own number and the purpose in a row of `release`.
pub(crate) fn open_release(
    key: &RecordsKey,
    columns: &Columns<'_>,
) -> Result<(Personal, String), StoreError> {
    let damaged = || columns.damaged("a release that the key does not open");
    let victim = columns.bytes("victim")?.try_into().map_err(|_| damaged())?;
    let opened =
        key.open(&release_place(victim), columns.bytes("content")?).map_err(|_| damaged())?;
    let (victim, purpose): (String, String) =
        serde_json::from_slice(&opened).map_err(|_| damaged())?;
    Ok((Personal::new(victim), purpose))
}

fn release_place(victim: Pseudonym) -> Place<'static> {
    Place { table: "release", row: PlaceRow::Random(victim), field: "content" }
}

/// Expects the key under which the records here are sealed; the first that writes is it from then on.
pub(crate) async fn expect_key(
    transaction: &mut Transaction,
    key: &RecordsKey,
) -> Result<(), StoreError> {
    let mark = key.pseudonym("key", "");
    query("INSERT INTO records_key (id, mark) VALUES (1, $1) ON CONFLICT (id) DO NOTHING")
        .bind(&mark[..])
        .execute(transaction)
        .await?;
    known_key(transaction, key).await
}

/// Expects the same, without writing: where nothing is sealed, any key will do.
pub(crate) async fn known_key(
    transaction: &mut Transaction,
    key: &RecordsKey,
) -> Result<(), StoreError> {
    let mark = key.pseudonym("key", "");
    let kept: Option<Vec<u8>> =
        scalar("SELECT mark FROM records_key").fetch_optional(transaction).await?;
    match kept {
        Some(kept) if kept != mark => Err(StoreError::OtherRecordsKey),
        _ => Ok(()),
    }
}
