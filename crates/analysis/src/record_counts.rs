//! Count: what agencies have sent → records of every kind, by quarter and every field.
//!
//! In: the submissions of the store that count, their totals and their coded tables. Out:
//! [`RecordsCounted`]: how many records there are, raw, and the sums of their numbers. A record
//! that an order took away is in none of them; one whose release ended or was revoked is still in
//! its agency's total. Sums of numbers are of records in codes only: totals say how many, not how
//! much, and [`RecordsCounted::without_numbers`] says how many records that leaves out.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use query::{CellKey, TallyQuestion};
use records::Quarter;
use records::record::RecordKind;
use serde::Serialize;
use store::{Scope, Store};

use crate::people::{PeopleError, Removal, removals, totals_of};
use crate::tables::OpenTables;

/// Which records are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordsPlan {
    /// Made-up agencies instead of real ones.
    pub practice: bool,
    /// The kinds wanted; all when empty.
    pub kinds: Vec<RecordKind>,
    /// The first and last quarter; all that were sent when absent.
    pub period: Option<(Quarter, Quarter)>,
    /// The day on which it is to be true.
    pub as_of: Date,
    /// How many threads to use at most; as many as there are processors, up to eight, when absent.
    pub threads: Option<usize>,
}

/// How many records are in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordCell {
    /// The kind of record.
    pub record: RecordKind,
    /// Of victims: which count they enter.
    pub counted_as: Option<&'static str>,
    /// The quarter.
    pub quarter: Quarter,
    /// The field; nothing for all records.
    pub field: Option<&'static str>,
    /// Its code, `yes`, `no`, or nothing where none is recorded.
    pub code: Option<&'static str>,
    /// Records.
    pub records: u64,
}

/// The sum of a number over the records in codes of a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NumberSum {
    /// The kind of record.
    pub record: RecordKind,
    /// The quarter.
    pub quarter: Quarter,
    /// The field.
    pub field: &'static str,
    /// The sum: a count, dollars, or tenths of hours.
    pub sum: i64,
    /// Records in codes that state a number.
    pub records: u64,
}

/// Records of every kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordsCounted {
    /// By kind, count, quarter, field and code.
    pub cells: Vec<RecordCell>,
    /// By kind, field and quarter.
    pub sums: Vec<NumberSum>,
    /// For each kind and quarter, records whose numbers stayed behind.
    pub without_numbers: BTreeMap<(RecordKind, Quarter), u64>,
}

/// Counts the records that agencies have sent.
///
/// # Errors
///
/// [`PeopleError`].
pub async fn count(
    store: &Store,
    scope: &Scope,
    data: &Path,
    plan: &RecordsPlan,
) -> Result<RecordsCounted, PeopleError> {
    let tables = OpenTables::open(store, scope, data, plan.practice).await?;
    let kinds = match &*plan.kinds {
        [] => &RecordKind::ALL[..],
        some => some,
    };
    let mut counted = RecordsCounted::default();
    let sent = Sent { tables, removals: removals(store, scope).await? };
    for kind in kinds {
        one_kind(store, scope, plan, &sent, *kind, &mut counted).await?;
    }
    Ok(counted)
}

/// What was sent, and what was taken back of it, whatever its kind.
struct Sent {
    tables: OpenTables,
    removals: BTreeMap<String, Vec<Removal>>,
}

async fn one_kind(
    store: &Store,
    scope: &Scope,
    plan: &RecordsPlan,
    sent: &Sent,
    kind: RecordKind,
    counted: &mut RecordsCounted,
) -> Result<(), PeopleError> {
    let mut cells: BTreeMap<(Quarter, CellKey), u64> = BTreeMap::new();
    let asked =
        |quarter: Quarter| plan.period.is_none_or(|(from, to)| from <= quarter && quarter <= to);
    for stored in totals_of(store, scope, kind, plan.practice).await? {
        let total = &stored.total;
        let Some(quarter) = total.quarter.filter(|quarter| asked(*quarter)) else { continue };
        let Some(key) = key_of(kind, total) else { continue };
        let left_behind = total.records.saturating_sub(total.coded_records);
        *cells.entry((quarter, key)).or_default() += left_behind;
        if key.field.is_none() {
            *counted.without_numbers.entry((kind, quarter)).or_default() += left_behind;
        }
    }
    if let Some(question) = question(plan, sent, kind)? {
        let answer = match plan.threads {
            Some(threads) => query::tally_on(&question, threads).await?,
            None => query::tally(&question).await?,
        };
        for (key, records) in answer.cells {
            if let Some(quarter) = key.quarter {
                *cells.entry((quarter, key)).or_default() += records;
            }
        }
        counted.sums.extend(answer.sums.into_iter().map(|sum| NumberSum {
            record: kind,
            quarter: sum.quarter,
            field: sum.field,
            sum: sum.sum,
            records: sum.records,
        }));
    }
    let cell = |((quarter, key), records): ((Quarter, CellKey), u64)| RecordCell {
        record: kind,
        counted_as: key.counted_as,
        quarter,
        field: key.field,
        code: key.code,
        records,
    };
    let mut of_kind: Vec<RecordCell> = cells.into_iter().map(cell).collect();
    of_kind.sort();
    counted.cells.extend(of_kind);
    Ok(())
}

fn question(
    plan: &RecordsPlan,
    sent: &Sent,
    kind: RecordKind,
) -> Result<Option<TallyQuestion>, PeopleError> {
    let received = sent.tables.submissions();
    let mut codes: Vec<&str> = received.iter().map(|one| one.agency.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let place = |code: &str| codes.binary_search(&code).ok().and_then(|at| u16::try_from(at).ok());
    let mut tables = Vec::new();
    for one in received {
        let agency = place(&one.agency).ok_or(PeopleError::TooMany(codes.len()))?;
        tables.extend(sent.tables.registered(one.id, kind, agency));
    }
    let spans = received.iter().filter_map(|one| one.first_quarter.zip(one.last_quarter));
    let all = spans.clone().map(|(first, _)| first).min().zip(spans.map(|(_, last)| last).max());
    let Some((first, last)) = plan.period.or(all) else { return Ok(None) };
    if tables.is_empty() {
        return Ok(None);
    }
    let mut removed = Vec::new();
    for (code, removals) in &sent.removals {
        let Some(agency) = place(code) else { continue };
        let of_kind = removals.iter().filter(|(record, ..)| *record == kind);
        removed.extend(of_kind.map(|(_, id, before)| (agency, *id, *before)));
    }
    Ok(Some(TallyQuestion { kind, tables, removed, first, last, as_of: plan.as_of }))
}

/// The program's own words for a total's; nothing when a later register has dropped them.
fn key_of(kind: RecordKind, total: &store::ReceivedTotal) -> Option<CellKey> {
    let word = |text: &Option<String>, find: &dyn Fn(&str) -> Option<&'static str>| match text {
        None => Some(None),
        Some(text) => find(text).map(Some),
    };
    let field = |name: &str| {
        let found = records::record::Field::find(kind, name);
        found.map(|(_, field)| field.name)
    };
    let name = word(&total.field, &field)?;
    let code = |text: &str| {
        let (_, field) = records::record::Field::find(kind, name?)?;
        field.word(text)
    };
    let counted_as = |text: &str| {
        let (_, field) = records::record::Field::find(kind, "counted_as")?;
        field.word(text)
    };
    Some(CellKey {
        counted_as: word(&total.counted_as, &counted_as)?,
        quarter: total.quarter,
        field: name,
        code: word(&total.code, &code)?,
    })
}
