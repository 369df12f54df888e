//! The content of a file that is in its place: tables, totals, calendar.
//!
//! In: an opened file. Out: its answer, and, when it is accepted, what the store keeps of it. Tables
//! are read through once each. A withdrawal is never refused here: what an agency takes back is
//! taken back, whatever else is wrong.

use std::collections::{BTreeMap, HashSet};

use jiff::ToSpan;
use jiff::civil::Date;
use query::{Cell, CellKey, ExpectedTable, QueryError, TableChecked, TableProblem, check_table};
use records::Quarter;
use records::disclosure::Mode;
use records::record::{Field, Holds, Leaves, RecordKind};
use records::register::Register;
use store::{ReceivedEncodings, ReceivedTable, ReceivedTotal};
use submission::{ENCODINGS_FILE, Manifest, ManifestKind, Opened, State, Total, table_file};

use super::answer::{Answer, FieldAnswer, Outcome, Remark, TableAnswer};
use super::{History, ReceiveError, Receiver, agreed, cross_foot, encodings, remarks};
use crate::agency::EARLIEST;

/// Problems of a table that are told one by one.
const PROBLEMS_TOLD: usize = 10;

/// The cells that the coded rows of each kind fill.
pub(super) type Coded = BTreeMap<RecordKind, BTreeMap<CellKey, Cell>>;

/// What a file holds.
pub(super) struct Content {
    pub(super) answer: Answer,
    pub(super) tables: Vec<ReceivedTable>,
    pub(super) encodings: Option<ReceivedEncodings>,
    pub(super) totals: Vec<ReceivedTotal>,
}

impl Content {
    /// Of a file of which nothing is kept but its answer.
    fn nothing(answer: Answer) -> Content {
        Content { answer, tables: Vec::new(), encodings: None, totals: Vec::new() }
    }
}

/// What came, for whoever looks at it again.
#[derive(Clone, Copy)]
pub(super) struct Coming<'c> {
    pub(super) answer: &'c Answer,
    /// The last days of the releases, by kind, with how many rows came under them.
    pub(super) releases: &'c BTreeMap<RecordKind, BTreeMap<Date, u64>>,
    /// Different people in the coded rows.
    pub(super) people: u64,
}

pub(super) async fn of(
    receiver: &Receiver<'_>,
    history: &History,
    opened: &Opened,
) -> Result<Content, ReceiveError> {
    let manifest = &opened.manifest;
    let mut answer = Answer::about(manifest, &opened.manifest_digest, receiver);
    answer.in_its_place = true;
    answer.begun_anew = history.begun_anew();
    if manifest.kind == ManifestKind::Withdrawal {
        answer.take_back(&opened.withdrawn);
        return Ok(Content::nothing(answer));
    }
    answer.corrects = corrected(history, manifest);
    if let Some(reason) = period(opened, receiver.today) {
        answer.refuse(reason);
    }
    if let Some(reason) = calendar(opened) {
        answer.refuse(reason);
    }
    for reason in agreed::problems(receiver, manifest).await? {
        answer.refuse(reason);
    }
    let mut coded = Coded::new();
    let mut tables = Vec::new();
    let mut releases = BTreeMap::new();
    let mut readable = true;
    let mut people = HashSet::new();
    for table in &manifest.tables {
        let Some(listed) = &table.coded else { continue };
        let file = table_file(table.record);
        let path = opened.folder().join(&file);
        let expected = expected(manifest, table.record, listed.rows);
        match check_table(&path, &expected) {
            Ok(checked) if checked.problems.is_empty() => {
                if expected.with_release {
                    releases.insert(table.record, query::releases_end(&path, table.record)?);
                }
                if table.record == RecordKind::Victim {
                    people = checked.ids;
                }
                coded.insert(table.record, checked.cells);
            }
            Ok(checked) => {
                readable = false;
                answer.refuse(table_wrong(table.record, &checked));
            }
            Err(QueryError::NotATable { what, .. }) => {
                readable = false;
                let what = format!("{file} does not read as a table: {what}");
                let fix = "update Clearway and send a correction";
                answer.refuse(Remark::new("not_a_table", Some(table.record), what, fix));
            }
            Err(error) => return Err(error.into()),
        }
        tables.push(ReceivedTable { record: table.record, file, rows: listed.rows });
    }
    let totals = totals(&opened.totals, &coded);
    // Totals and encodings cannot be set against rows that nobody could read.
    if readable {
        if let Some(reason) = encodings::problem(opened.folder(), manifest, &people)? {
            answer.refuse(reason);
        }
        for reason in cross_foot::problems(manifest, &opened.totals, &coded) {
            answer.refuse(reason);
        }
    }
    answer.tables = told(manifest, &opened.totals, &coded);
    if answer.outcome == Outcome::Refused {
        return Ok(Content::nothing(answer));
    }
    answer.encoded = manifest.encodings.as_ref().map_or(0, |listed| listed.rows);
    let coded = Coming { answer: &answer, releases: &releases, people: people.len() as u64 };
    answer.remarks = remarks::of(receiver, history, opened, coded).await?;
    let encodings = manifest.encodings.as_ref().zip(manifest.linkage_key_fingerprint.as_ref());
    let encodings = encodings.map(|(listed, key)| ReceivedEncodings {
        file: ENCODINGS_FILE.to_owned(),
        rows: listed.rows,
        key_fingerprint: key.clone(),
    });
    Ok(Content { answer, tables, encodings, totals })
}

/// What a table of a submission is to be.
/// Quarters that begin more than a year from now, or of another age: one such file would stretch
/// every count of the state.
fn period(opened: &Opened, today: Date) -> Option<Remark> {
    let manifest = &opened.manifest;
    let begins = |quarter: Quarter| quarter.period().start();
    let latest = today.saturating_add(1.year());
    let begun = begins(manifest.last_quarter).is_some_and(|day| day <= latest);
    let recent = begins(manifest.first_quarter).is_some_and(|day| day >= EARLIEST);
    if begun && recent {
        return None;
    }
    let what = format!(
        "it speaks of {} to {}, and it came on {today}",
        manifest.first_quarter, manifest.last_quarter
    );
    let fix = "send quarters that have begun, from 1990 on, as a correction";
    Some(Remark::new("no_such_period", None, what, fix))
}

pub(super) fn expected(manifest: &Manifest, kind: RecordKind, rows: u64) -> ExpectedTable {
    let mode = manifest.modes.iter().find(|mode| mode.record == kind);
    ExpectedTable {
        kind,
        first: manifest.first_quarter,
        last: manifest.last_quarter,
        rows,
        with_release: mode.is_some_and(|mode| mode.mode == Mode::WithRelease),
    }
}

/// The number of the submission whose place this one takes.
fn corrected(history: &History, manifest: &Manifest) -> Option<u64> {
    let mut digest = manifest.corrects.as_ref()?;
    for _ in 0..=history.known.len() {
        let found = history.known.iter().find(|known| known.digest == *digest)?;
        if found.state != State::Refused {
            return Some(found.sequence);
        }
        digest = found.corrects.as_ref()?;
    }
    None
}

fn calendar(opened: &Opened) -> Option<Remark> {
    let said = opened.manifest.calendar_offset_days;
    let card = opened.card.about().calendar_offset_days;
    (said != card).then(|| {
        let what = format!(
            "its quarters start {said} days after the state's, and by the agency's card {card} days"
        );
        let fix = "have the agency's new card accepted, or set its calendar back, and send a \
                   correction";
        Remark::new("calendar_differs", None, what, fix)
    })
}

fn table_wrong(record: RecordKind, checked: &TableChecked) -> Remark {
    let all = checked.problems.len() as u64 + checked.more_problems;
    let told: Vec<String> = checked.problems.iter().take(PROBLEMS_TOLD).map(line).collect();
    let more = all - told.len() as u64;
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let what = format!(
        "{} {} in the coded {}: {}{more}",
        all,
        if all == 1 { "problem" } else { "problems" },
        record.plural().replace('_', " "),
        told.join("; ")
    );
    let fix = "correct the records, or update Clearway, and send a correction";
    Remark::new("table_wrong", Some(record), what, fix)
}

fn line(problem: &TableProblem) -> String {
    let TableProblem { row, column, expected } = problem;
    match (row, column.as_str()) {
        (0, "") => format!("expected {expected}"),
        (0, column) => format!("{column}: expected {expected}"),
        (row, "") => format!("row {row}: expected {expected}"),
        (row, column) => format!("row {row}, {column}: expected {expected}"),
    }
}

pub(super) fn key(total: &Total) -> CellKey {
    let Total { counted_as, quarter, field, code, .. } = *total;
    CellKey { counted_as, quarter, field, code }
}

/// The totals with how much of each came as rows.
fn totals(totals: &[Total], coded: &Coded) -> Vec<ReceivedTotal> {
    let text = |word: Option<&'static str>| word.map(str::to_owned);
    totals
        .iter()
        .map(|total| {
            let cells = coded.get(&total.record);
            let cell = cells.and_then(|cells| cells.get(&key(total))).copied().unwrap_or_default();
            ReceivedTotal {
                record: total.record,
                counted_as: text(total.counted_as),
                quarter: total.quarter,
                field: text(total.field),
                code: text(total.code),
                records: total.records,
                people: total.people,
                coded_records: cell.records,
                coded_people: cell.people,
            }
        })
        .collect()
}

/// What came, by kind and count, over the whole period.
fn told(manifest: &Manifest, totals: &[Total], coded: &Coded) -> Vec<TableAnswer> {
    let whole = totals.iter().filter(|total| total.quarter.is_none());
    let mut tables: Vec<TableAnswer> = Vec::new();
    for all in whole.clone().filter(|total| total.field.is_none()) {
        let cells = coded.get(&all.record);
        let coded = cells.and_then(|cells| cells.get(&key(all))).map_or(0, |cell| cell.records);
        let of_all = |total: &&Total| {
            (total.record, total.counted_as) == (all.record, all.counted_as)
                && total.field.is_some()
        };
        tables.push(TableAnswer {
            record: all.record,
            counted_as: all.counted_as.map(str::to_owned),
            records: all.records,
            people: all.people,
            coded,
            left_behind: all.records.saturating_sub(coded),
            fields: fields(all.record, whole.clone().filter(of_all)),
        });
    }
    // Of a kind that the agency keeps and has nothing of.
    for table in &manifest.tables {
        if !tables.iter().any(|told| told.record == table.record) {
            tables.push(TableAnswer {
                record: table.record,
                counted_as: None,
                records: 0,
                people: 0,
                coded: 0,
                left_behind: 0,
                fields: Vec::new(),
            });
        }
    }
    tables.sort_by_key(|table| table.record);
    tables
}

/// The fields of a kind that are not filled in everywhere.
fn fields<'t>(record: RecordKind, totals: impl Iterator<Item = &'t Total>) -> Vec<FieldAnswer> {
    let mut found: BTreeMap<&str, FieldAnswer> = BTreeMap::new();
    for total in totals {
        let Some((_, field)) = total.field.and_then(|field| Field::find(record, field)) else {
            continue;
        };
        let one = found.entry(field.name).or_insert_with(|| FieldAnswer {
            field: field.name.to_owned(),
            missing: 0,
            unknown: 0,
            not_yet_classified: 0,
        });
        match total.code {
            None => one.missing += total.records,
            Some("unknown") => one.unknown += total.records,
            Some(code) if asks_again(field, code) => one.not_yet_classified += total.records,
            Some(_) => {}
        }
    }
    let open = |field: &FieldAnswer| field.missing + field.unknown + field.not_yet_classified > 0;
    // In the order of the table.
    Field::of(record)
        .iter()
        .filter(|field| field.leaves == Leaves::Code)
        .filter_map(|field| found.remove(field.name))
        .filter(open)
        .collect()
}

fn asks_again(field: &Field, code: &str) -> bool {
    let (Holds::Code(kind) | Holds::Codes(kind)) = field.holds else { return false };
    let entry = Register::embedded().get(kind, code);
    entry.is_some_and(|entry| entry.is("needs_follow_up")) || code == "not_yet_determined"
}
