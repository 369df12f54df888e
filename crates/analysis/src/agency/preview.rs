//! Preview: every value that would leave, and what cannot leave.
//!
//! In: the plan of a submission. Out: [`Preview`], by the same pass over the records that makes a
//! submission. Nothing is written, but the rows themselves when a folder for them is named.
//! No encoding of anybody is shown: it is treated as the person's name. How one looks is shown by
//! one of a made-up person.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use jiff::civil::Date;
use records::Quarter;
use records::disclosure::{CLEARINGHOUSE, DisclosureMode, Mode};
use records::record::{CodedRecord, CodedValue, Field, Holds, Leaves, OpaqueId, RecordKind};
use serde::Serialize;
use store::{Scope, Store};
use submission::Keys;

use super::ended::{EndedRows, rows_of_ended_modes};
use super::leaving::{Passed, Row, pass};
use super::leaving_people;
use super::plan::{Ready, ready};
use super::preview_rows::RowFile;
use super::submit::definition_version;
use super::{AgencyError, KindLeaving, Plan};

/// What would leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The agency's code.
    pub agency: String,
    /// Its name.
    pub label: String,
    /// What it is in law, in words.
    pub legal_entity: String,
    /// Whether everything is made up.
    pub practice: bool,
    /// The clearinghouse's code.
    pub recipient: String,
    /// The fingerprint of the clearinghouse's card.
    pub fingerprint: String,
    /// The first quarter.
    pub first_quarter: Quarter,
    /// The last quarter.
    pub last_quarter: Quarter,
    /// The day as of which it speaks.
    pub as_of: Date,
    /// The version of the definitions.
    pub definition_version: String,
    /// The kinds of records that the agency keeps.
    pub kinds: Vec<KindPreview>,
    /// Cells of totals, each a number of records and of people.
    pub totals: u64,
    /// Quarters that have ended, hold records, and are neither here nor in an earlier file.
    pub unsent: Vec<Quarter>,
    /// Records that must be taken back by a withdrawal.
    pub to_withdraw: u64,
    /// Rows at the clearinghouse that could not leave that day: their mode has ended.
    pub rows_of_ended_modes: Vec<EndedRows>,
}

/// What would leave of one kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindPreview {
    /// The kind.
    pub record: RecordKind,
    /// The disclosure mode that day.
    pub mode: Mode,
    /// The basis cited, by its code; `default` when nobody has signed a mode.
    pub basis: String,
    /// The basis in words.
    pub basis_label: String,
    /// Who signed the mode.
    pub signatory: Option<String>,
    /// When.
    pub signed_on: Option<Date>,
    /// Its last day.
    pub expires_on: Option<Date>,
    /// All records of the period.
    pub records: u64,
    /// Those that leave as a row.
    pub leave: u64,
    /// What stands in these rows, column by column.
    pub columns: Vec<ColumnPreview>,
    /// The encodings of people.
    pub encoding: Option<EncodingPreview>,
    /// The fields that never leave, in words.
    pub never: Vec<&'static str>,
    /// The records that stay behind, by reason.
    pub stay_behind: Vec<Staying>,
    /// Records that name somebody whose own record is sealed: in no row and no total.
    pub sealed: u64,
    /// Cells of totals of this kind.
    pub totals: u64,
}

/// What would leave in one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnPreview {
    /// The column.
    pub column: &'static str,
    /// What people read.
    pub label: &'static str,
    /// In what form it leaves: `opaque`, `code`, `quarter`, `number` or `day`.
    pub form: &'static str,
    /// Rows in which nothing is recorded.
    pub absent: u64,
    /// Of opaque ids: how many different ones; of everything else nothing.
    pub different_ids: Option<u64>,
    /// Each value, and how many rows have it; a row with several codes is in several.
    pub values: Vec<ValueRows>,
}

/// A value that would leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueRows {
    /// The value, as it leaves.
    pub value: String,
    /// The words of a code.
    pub label: Option<String>,
    /// How many rows have it.
    pub rows: u64,
}

/// The encodings that would leave; never a value of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EncodingPreview {
    /// People who are encoded.
    pub people: u64,
    /// People in rows who are not: too much of a name or of the date of birth is missing.
    pub without: u64,
    /// The name of the linkage key.
    pub linkage_key: String,
    /// Its fingerprint.
    pub linkage_key_fingerprint: String,
    /// Which fields are mixed, and how.
    pub made_of: &'static str,
    /// What an encoding is in law.
    pub law: &'static str,
    /// How it looks: the beginning of one of a made-up person, under a key of zeros.
    pub example: String,
}

/// Records that stay behind for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Staying {
    /// The reason.
    pub reason: &'static str,
    /// How many.
    pub records: u64,
}

const MADE_OF: &str = "given name, surname, other names, date of birth, sex, phone and postcode: \
    at least three of them mixed in each part, under a key that the clearinghouse never has, and \
    mixed again";
const LAW: &str = "A code of a name is personal information, as the name is (34 U.S.C. \
    12291(b)(2), 28 CFR 94.115)";

/// Shows what a submission would send, and sends nothing. With `rows`, every coded row and total is
/// written into that folder as CSV.
///
/// # Errors
///
/// [`AgencyError`], as for a submission.
pub async fn preview(
    store: &Store,
    scope: &Scope,
    keys: &Keys,
    plan: &Plan,
    rows: Option<&Path>,
) -> Result<Preview, AgencyError> {
    let ready = ready(store, scope, keys, plan).await?;
    let mut kinds = Vec::new();
    let mut totals = Vec::new();
    for &kind in &ready.kinds {
        let mut columns = Columns::new(kind);
        let mut file = match rows {
            Some(folder) => Some(RowFile::create(folder, kind)?),
            None => None,
        };
        let mut see = |row: Row<'_>| {
            columns.add(row.coded);
            match &mut file {
                Some(file) => file.write(row.coded),
                None => Ok(()),
            }
        };
        let Passed { found: leaving, .. } = pass(store, scope, &ready, kind, &mut see).await?;
        if let Some(file) = file {
            file.finish()?;
        }
        totals.extend(leaving.totals.iter().copied());
        kinds.push(kind_preview(&ready, plan, &leaving, columns));
    }
    if let Some(folder) = rows {
        submission::write_totals(&folder.join(submission::TOTALS_FILE), &totals)?;
    }
    let about = ready.own.about();
    Ok(Preview {
        agency: about.code.clone(),
        label: about.label.clone(),
        legal_entity: about.legal_entity.map(|code| code.entry().label.clone()).unwrap_or_default(),
        practice: about.practice,
        recipient: plan.recipient.code().to_owned(),
        fingerprint: plan.recipient.fingerprint(),
        first_quarter: ready.first,
        last_quarter: ready.last,
        as_of: plan.as_of,
        definition_version: definition_version(),
        kinds,
        totals: totals.len() as u64,
        unsent: ready.unsent,
        to_withdraw: store.withdrawals_to_send(scope).await?.len() as u64,
        rows_of_ended_modes: rows_of_ended_modes(store, scope, plan.as_of).await?,
    })
}

fn kind_preview(
    ready: &Ready,
    plan: &Plan,
    leaving: &KindLeaving,
    columns: Columns,
) -> KindPreview {
    let record = leaving.record;
    let basis = ready.disclosure.basis(record);
    let signed = signed(&ready.modes, record, plan.as_of);
    let encoding =
        ready.linkage.as_ref().filter(|_| record == RecordKind::Victim && leaving.coded > 0);
    let stays = leaving.left_behind.iter();
    KindPreview {
        record,
        mode: ready.disclosure.mode(record),
        basis: basis.map_or("default", |(basis, _)| basis.as_str()).to_owned(),
        basis_label: basis.map_or_else(
            || "nobody has signed a mode, so only totals leave".to_owned(),
            |(basis, _)| basis.entry().label.clone(),
        ),
        signatory: signed.map(|mode| mode.signatory().to_owned()),
        signed_on: signed.map(DisclosureMode::signed_on),
        expires_on: basis.map(|(_, expires_on)| expires_on),
        records: leaving.records,
        leave: leaving.coded,
        columns: if leaving.coded > 0 { columns.finish() } else { Vec::new() },
        encoding: encoding.map(|linkage| EncodingPreview {
            people: leaving.people_encoded,
            without: leaving.people.saturating_sub(leaving.people_encoded),
            linkage_key: linkage.name.clone(),
            linkage_key_fingerprint: linkage.fingerprint.clone(),
            made_of: MADE_OF,
            law: LAW,
            example: leaving_people::example(),
        }),
        never: Field::of(record)
            .iter()
            .filter(|field| field.leaves == Leaves::Never)
            .map(|field| field.label)
            .collect(),
        sealed: leaving.sealed,
        stay_behind: stays
            .map(|(reason, records)| Staying { reason: reason.reason(), records: *records })
            .collect(),
        totals: leaving.totals.len() as u64,
    }
}

/// The mode that stands for a kind of record, chosen as `Disclosure::on` does.
fn signed(modes: &[DisclosureMode], record: RecordKind, day: Date) -> Option<&DisclosureMode> {
    modes
        .iter()
        .filter(|mode| mode.record() == record && mode.recipient() == CLEARINGHOUSE)
        .filter(|mode| mode.signed_on() <= day)
        .max_by_key(|mode| (mode.signed_on(), std::cmp::Reverse(mode.mode())))
}

/// The values of coded rows, column by column.
struct Columns(Vec<Column>);

struct Column {
    name: &'static str,
    label: &'static str,
    form: &'static str,
    absent: u64,
    ids: HashSet<OpaqueId>,
    values: BTreeMap<Seen, (Option<String>, u64)>,
}

/// A value, by which values of one column are put in order.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Number(i64),
    Text(String),
}

impl Columns {
    fn new(kind: RecordKind) -> Columns {
        let column = |name, label, form| {
            let (ids, values) = (HashSet::new(), BTreeMap::new());
            Column { name, label, form, absent: 0, ids, values }
        };
        let label = |field: &Field| match field.holds {
            Holds::Hours => "Hours, in tenths",
            _ => field.label,
        };
        let fields =
            Field::leaving(kind).map(|field| column(field.name, label(field), form(field)));
        let expires_on = column("expires_on", "Last day of the person's release", "day");
        Columns(fields.chain([expires_on]).collect())
    }

    fn add(&mut self, coded: &CodedRecord) {
        let Some((expires_on, fields)) = self.0.split_last_mut() else { return };
        for (column, value) in fields.iter_mut().zip(coded.values()) {
            match value {
                CodedValue::Absent => column.absent += 1,
                CodedValue::Codes(codes) if codes.is_empty() => column.absent += 1,
                CodedValue::Id(id) => {
                    column.ids.insert(*id);
                }
                CodedValue::Code(code) => column.see_code(code.as_str(), &code.entry().label),
                CodedValue::Codes(codes) => {
                    for code in codes {
                        column.see_code(code.as_str(), &code.entry().label);
                    }
                }
                CodedValue::Quarter(quarter) => column.see(Seen::Text(quarter.to_string())),
                CodedValue::Number(number) => column.see(Seen::Number(*number)),
                CodedValue::YesNo(answer) => {
                    column.see(Seen::Text(if *answer { "yes" } else { "no" }.to_owned()));
                }
            }
        }
        match coded.expires_on() {
            Some(day) => expires_on.see(Seen::Text(day.to_string())),
            None => expires_on.absent += 1,
        }
    }

    fn finish(self) -> Vec<ColumnPreview> {
        let column = |column: Column| ColumnPreview {
            column: column.name,
            label: column.label,
            form: column.form,
            absent: column.absent,
            different_ids: (column.form == "opaque").then_some(column.ids.len() as u64),
            values: column.values.into_iter().map(value_rows).collect(),
        };
        self.0.into_iter().map(column).collect()
    }
}

impl Column {
    fn see(&mut self, value: Seen) {
        self.values.entry(value).or_default().1 += 1;
    }

    fn see_code(&mut self, code: &str, label: &str) {
        let seen = self.values.entry(Seen::Text(code.to_owned()));
        seen.or_insert_with(|| (Some(label.to_owned()), 0)).1 += 1;
    }
}

fn value_rows((value, (label, rows)): (Seen, (Option<String>, u64))) -> ValueRows {
    let value = match value {
        Seen::Number(number) => number.to_string(),
        Seen::Text(text) => text,
    };
    ValueRows { value, label, rows }
}

fn form(field: &Field) -> &'static str {
    match field.leaves {
        Leaves::Opaque => "opaque",
        Leaves::Code => "code",
        Leaves::Quarter => "quarter",
        Leaves::Number => "number",
        Leaves::Never => "never",
    }
}
