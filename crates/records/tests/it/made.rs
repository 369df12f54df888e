//! Made-up records of every kind: whatever a row may hold.

use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use records::record::{AgencyRecord, Columns, Field, Holds, RecordKind};
use records::register::{Kind, Register};

/// Any kind of record.
pub(crate) fn any_kind() -> impl Strategy<Value = RecordKind> {
    select(RecordKind::ALL.to_vec())
}

/// Texts for every field of a kind, in its order.
pub(crate) fn texts(kind: RecordKind) -> BoxedStrategy<Vec<String>> {
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
        Holds::OwnReference | Holds::Reference(_) => "[QXZ]{2,3}-[0-9]{4,9}".boxed(),
        // Long enough to stand by chance in nothing else.
        Holds::Name | Holds::Text => "[A-ZÁÑ][a-zéñ']{7,9}( [A-Z][a-z]{7,8})?".boxed(),
        Holds::BirthDate => day(1950..2020),
        Holds::Date => day(2020..2027),
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
pub(crate) fn columns(kind: RecordKind) -> Columns {
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
pub(crate) fn record(kind: RecordKind) -> impl Strategy<Value = AgencyRecord> {
    texts(kind).prop_map(move |texts| record_of(kind, &texts))
}

/// A record of any kind.
pub(crate) fn any_record() -> impl Strategy<Value = AgencyRecord> {
    any_kind().prop_flat_map(record)
}

/// A row of named cells, the others empty.
pub(crate) fn row(kind: RecordKind, cells: &[(&str, &str)]) -> Vec<String> {
    let mut texts = vec![String::new(); Field::of(kind).len()];
    for (name, text) in cells {
        texts[Field::find(kind, name).unwrap().0] = (*text).to_owned();
    }
    texts
}
