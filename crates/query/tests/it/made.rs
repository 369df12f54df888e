//! Made-up records of every kind, as they may leave.

use std::path::Path;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use query::{CodedTable, ExpectedTable, TableWriter};
use records::Quarter;
use records::disclosure::{CLEARINGHOUSE, Disclosure, DisclosureMode, Mode};
use records::record::{
    AgencyRecord, Code, CodedRecord, Columns, Field, Holds, OpaqueIds, RecordKind,
};
use records::register::{Kind, Register};

/// Texts for every field of a kind, in its order.
fn texts(kind: RecordKind) -> BoxedStrategy<Vec<String>> {
    let fields: Vec<BoxedStrategy<String>> = Field::of(kind).iter().map(text).collect();
    let counted_as = select(vec![
        ("victim_identified", vec!["", "potential", "confirmed"]),
        ("victim_served", vec!["", "new", "continuing", "carried_over"]),
        ("benefit_recipient", vec![""]),
    ]);
    (fields, counted_as, any::<Index>())
        .prop_map(move |(mut texts, (counted_as, statuses), pick)| {
            let mut set = |name, text: &str| {
                if let Some((at, _)) = Field::find(kind, name) {
                    texts[at] = text.to_owned();
                }
            };
            if kind == RecordKind::Victim {
                set("counted_as", counted_as);
                set("status", statuses[pick.index(statuses.len())]);
            }
            set("closed", ["", "2027-02-03", "2028-01-01"][pick.index(3)]);
            texts
        })
        .boxed()
}

fn text(field: &'static Field) -> BoxedStrategy<String> {
    let day = |years: std::ops::Range<i16>| {
        let day = (years, 1..=12i8, 1..=28i8);
        day.prop_map(|(year, month, day)| date(year, month, day).to_string()).boxed()
    };
    let filled = match field.holds {
        // Few numbers, so that records meet.
        Holds::OwnReference | Holds::Reference(_) => "[1-9]".boxed(),
        // Long enough to stand by chance in nothing else.
        Holds::Name | Holds::Text => "[A-ZÁÑ][a-zéñ']{7,9}( [A-Z][a-z]{7,8})?".boxed(),
        Holds::BirthDate => day(1950..2020),
        Holds::Date => day(2025..2027),
        Holds::Code(kind) => select(codes(field, kind)).boxed(),
        Holds::Codes(kind) => {
            let codes = codes(field, kind);
            let some = 1..codes.len().min(5);
            subsequence(codes, some).prop_map(|codes| codes.join("; ")).boxed()
        }
        Holds::Count | Holds::Dollars => (0..1000u32).prop_map(|number| number.to_string()).boxed(),
        Holds::Hours => "[0-9]{1,2}(\\.[0-9])?".boxed(),
        Holds::YesNo => select(vec!["yes".to_owned(), "no".to_owned()]).boxed(),
    };
    match field.required {
        true => filled,
        false => prop_oneof![Just(String::new()), filled].boxed(),
    }
}

/// The codes that a field may hold in any year.
fn codes(field: &Field, kind: Kind) -> Vec<String> {
    let entries = Register::embedded().entries(kind);
    let standing = entries.filter(|entry| kind != Kind::Statute || entry.valid_to.is_none());
    let codes = standing.map(|entry| entry.code.clone());
    codes.filter(|code| field.only.is_empty() || field.only.contains(&code.as_str())).collect()
}

/// The columns of a kind's own table.
fn columns(kind: RecordKind) -> Columns {
    let header: Vec<&str> = Field::of(kind).iter().map(|field| field.name).collect();
    Columns::of(kind, "table.csv", &header).unwrap()
}

/// The record of a row in its kind's own table.
pub(crate) fn record_of(kind: RecordKind, texts: &[impl AsRef<str>]) -> AgencyRecord {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let mut problems = Vec::new();
    let record = columns(kind).record(2, &texts, &mut problems);
    record.unwrap_or_else(|| panic!("{problems:?}"))
}

/// A record of a kind.
fn record(kind: RecordKind) -> impl Strategy<Value = AgencyRecord> {
    texts(kind).prop_map(move |texts| record_of(kind, &texts))
}

/// Records of a kind as an agency keeps them: by key, each once.
pub(crate) fn records(kind: RecordKind) -> impl Strategy<Value = Vec<AgencyRecord>> {
    prop::collection::vec(record(kind), 0..20).prop_map(|mut records| {
        records.sort_by_key(AgencyRecord::key);
        records.dedup_by_key(|record| record.key());
        records
    })
}

/// A record of named cells, the others empty.
pub(crate) fn record_with(kind: RecordKind, cells: &[(&str, &str)]) -> AgencyRecord {
    let mut texts = vec![String::new(); Field::of(kind).len()];
    for (name, text) in cells {
        texts[Field::find(kind, name).unwrap().0] = (*text).to_owned();
    }
    record_of(kind, &texts)
}

/// A person served in a quarter, with these cells besides.
pub(crate) fn victim(reference: &str, quarter: &str, cells: &[(&str, &str)]) -> AgencyRecord {
    let quarter: Quarter = quarter.parse().unwrap();
    let day = quarter.period().start().unwrap().to_string();
    let required = [
        ("reference", reference),
        ("date", day.as_str()),
        ("counted_as", "victim_served"),
        ("trafficking_type", "sex"),
        ("age", "adult"),
    ];
    record_with(RecordKind::Victim, &[&required[..], cells].concat())
}

/// Records as they may leave, each agency with a secret of its own.
pub(crate) fn coded(record: &AgencyRecord, secret: u8) -> CodedRecord {
    permitted(record, secret, Mode::Encoded, "police", "statistics_agreement", &[])
}

/// The same under a release that ends on a day.
pub(crate) fn released(record: &AgencyRecord, secret: u8, expires_on: Date) -> CodedRecord {
    let release = records::disclosure::Release {
        victim: record.person().unwrap().clone(),
        recipient: CLEARINGHOUSE.to_owned(),
        purpose: "statistics".to_owned(),
        signed_on: date(2020, 1, 1),
        expires_on,
        revoked_on: None,
    };
    permitted(record, secret, Mode::WithRelease, "covered_provider", "vawa_release", &[release])
}

fn permitted(
    record: &AgencyRecord,
    secret: u8,
    mode: Mode,
    entity: &str,
    basis: &str,
    releases: &[records::disclosure::Release],
) -> CodedRecord {
    let mode = DisclosureMode::new(
        Code::get(Kind::LegalEntity, entity).unwrap(),
        record.kind(),
        CLEARINGHOUSE,
        mode,
        Code::get(Kind::LegalBasis, basis).unwrap(),
        "A. Officer",
        date(2020, 1, 1),
        date(2029, 12, 31),
    );
    let day = date(2020, 1, 2);
    let disclosure = Disclosure::on(day, CLEARINGHOUSE, &[mode.unwrap()], releases.to_vec());
    disclosure.permit(record).unwrap().code(&OpaqueIds::new([secret; 32]))
}

/// Writes a table.
pub(crate) fn write(path: &Path, kind: RecordKind, rows: &[CodedRecord]) -> u64 {
    let mut table = TableWriter::create(path, kind).unwrap();
    for record in rows {
        table.write(record).unwrap();
    }
    table.finish().unwrap()
}

/// A table that a test wrote, to be counted.
#[expect(clippy::disallowed_methods, reason = "a test counts tables of its own, and of no store")]
pub(crate) fn registered(agency: u16, sequence: u64, path: &Path, rows: u64) -> CodedTable {
    CodedTable::registered(agency, sequence, path.to_owned(), rows)
}

/// What a table of so many rows is expected to be.
pub(crate) fn expected(kind: RecordKind, rows: u64) -> ExpectedTable {
    ExpectedTable {
        kind,
        first: quarter("2020-Q1"),
        last: quarter("2029-Q4"),
        rows,
        with_release: false,
    }
}

pub(crate) fn quarter(text: &str) -> Quarter {
    text.parse().unwrap()
}

/// Where counts run.
pub(crate) fn engine() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap()
}
