//! What tables of HTCDS and CTDC share: rows to records of victims, and records to rows.
//!
//! In: a table of text, or records. Out: records that carry every cell as it was written, or rows
//! in which a carried cell stands as it was while it still says what the record says. Assumes a
//! [`Shape`] that knows the standard's columns and cells.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::crosswalk::{self, BOTH, Standard};
use super::{Defaults, TakenIn, Unsaid};
use crate::record::{AgencyRecord, Cell, Code, Field, Holds, Personal, RecordKind, read_record};
use crate::register::Kind;
use crate::returns::Table;
use crate::{CellProblem, Shown, unknown_column};

mod write;

pub(super) use write::write;

/// The cells of one row by the standard's own column names, as they were written. They hold names.
pub(super) type Cells = BTreeMap<&'static str, String>;

/// What a column of a header is.
pub(super) enum Found {
    /// A column of the standard.
    Column(&'static str),
    /// The agency's own number, which no standard has.
    Reference,
    /// The day, where the standard has none.
    Day,
    /// Several columns of the standard go by that label.
    Several(Vec<&'static str>),
    /// Nothing that the standard knows.
    Unknown,
}

/// Why a cell cannot stand.
pub(super) struct Refused {
    pub(super) value: Shown,
    pub(super) expected: String,
    pub(super) fix: String,
}

/// What is a standard's own: its columns, what their cells may hold, and where a day and an age
/// stand.
pub(super) trait Shape {
    /// The standard.
    const STANDARD: Standard;
    /// The column of the day. It is carried even when it is empty, which tells a row that came from
    /// the standard from a record of ours.
    const DAY: &'static str;

    /// Its columns, in its order.
    fn columns() -> Vec<&'static str>;
    /// What a column of a header is.
    fn find(header: &str) -> Found;
    /// Whether the cell says nothing.
    fn is_empty(text: &str) -> bool;
    /// Whether the cell can stand.
    fn check(column: &'static str, text: &str) -> Result<(), Refused>;
    /// The columns whose cells contradict others of the row, with what was expected.
    fn contradictions(cells: &Cells, has: &dyn Fn(&str) -> bool) -> Vec<(&'static str, String)>;
    /// The values that the row says in a column; for a column without a list of values, none.
    fn values(cells: &Cells, column: &str) -> Vec<&'static str>;
    /// Makes the row say these values in a column.
    fn set_values(cells: &mut Cells, column: &'static str, values: &[&'static str]);
    /// Whether a column holds several values.
    fn holds_several(column: &str) -> bool;
    /// The agency's number in a column of the standard, if it has one.
    fn reference(cells: &Cells) -> &str;
    /// The day, if the standard has one.
    fn day(cells: &Cells) -> &str;
    /// Makes the row say a day, as far as the standard can.
    fn set_day(cells: &mut Cells, day: Date);
    /// The code of the age, on a day of first contact.
    fn age(cells: &Cells, on: Option<Date>) -> Option<&'static str>;
    /// Makes the row say an age, or else no other one.
    fn set_age(cells: &mut Cells, age: Code);
    /// Mends the columns that repeat others, in a row that is not as it came.
    fn finish(cells: &mut Cells);
    /// Whether a column repeats what others say.
    fn repeats(column: &str) -> bool;
    /// Whether the row is about somebody found to be no victim.
    fn is_no_victim(cells: &Cells) -> bool;
    /// The column in which a field of ours stands as text.
    fn text_column(field: &'static Field) -> Option<&'static str>;
}

const NO_FIELD: &str = "no field of ours says it; it is kept with the record";
const NO_CODE: &str = "no code of ours means just that; it is kept with the record";
const OTHER_COUNT: &str = "it is no status of what the person is counted as; it is kept";

/// Reads a table: the records, or every problem of every cell.
pub(super) fn read<S: Shape>(
    table: Table<'_>,
    defaults: &Defaults,
) -> Result<TakenIn, Vec<CellProblem>> {
    let places = header::<S>(table)?;
    let mut problems = Vec::new();
    let mut taken_in = TakenIn { records: Vec::new(), not_victims: Vec::new(), unsaid: Vec::new() };
    for (row, texts) in table.rows {
        let Some((record, cells)) = one::<S>(table, &places, *row, texts, defaults, &mut problems)
        else {
            continue;
        };
        unsaid::<S>(&cells, &record, *row, &mut taken_in.unsaid);
        let place = match S::is_no_victim(&cells) {
            true => &mut taken_in.not_victims,
            false => &mut taken_in.records,
        };
        place.push(record);
    }
    if problems.is_empty() { Ok(taken_in) } else { Err(problems) }
}

fn header<S: Shape>(table: Table<'_>) -> Result<Vec<Found>, Vec<CellProblem>> {
    let mut problems = Vec::new();
    let mut object = |column: &str, expected: String, fix: &str| {
        problems.push(CellProblem {
            file: table.file.to_owned(),
            row: table.header_row,
            column: column.chars().filter(|c| !crate::is_invisible(*c)).take(60).collect(),
            value: Shown::Withheld,
            expected,
            fix: fix.to_owned(),
        });
    };
    let mut places = Vec::new();
    let mut seen = BTreeSet::new();
    for (at, header) in table.header.iter().enumerate() {
        let found = S::find(header.trim().trim_start_matches('\u{feff}'));
        let name = match &found {
            Found::Column(column) => column,
            Found::Reference => "reference",
            Found::Day => "date",
            Found::Several(columns) => {
                let expected = format!("one of {}", columns.join(", "));
                object(header, expected, "several columns have this label: write the full name");
                continue;
            }
            Found::Unknown => {
                let expected = "a column of the standard, or reference".to_owned();
                let (place, meant) = unknown_column(at, header, S::columns());
                let fix = format!("{meant}rename the column, or delete it: it is not taken in");
                object(&place, expected, &fix);
                continue;
            }
        };
        if !seen.insert(name) {
            object(header, "each column once".to_owned(), "delete one of the two");
        }
        places.push(found);
    }
    if seen.is_empty() {
        // The first row may be one of people, so none of its cells is shown.
        problems.clear();
        problems.push(CellProblem {
            file: table.file.to_owned(),
            row: table.header_row,
            column: String::new(),
            value: Shown::Withheld,
            expected: "a header with columns of the standard".to_owned(),
            fix: "add a first line that names the columns".to_owned(),
        });
        return Err(problems);
    }
    let identity = S::columns().contains(&IDENTITY) && seen.contains(IDENTITY);
    if !identity && !seen.contains("reference") {
        let expected = "the number by which the agency knows the person".to_owned();
        object("reference", expected, "add a column `reference` (or `id`, or `case_id`)");
    }
    if problems.is_empty() { Ok(places) } else { Err(problems) }
}

/// The column of HTCDS that serves as the agency's number where no other does.
pub(super) const IDENTITY: &str = "prs_IdentityNumber";

fn one<S: Shape>(
    table: Table<'_>,
    places: &[Found],
    row: u64,
    texts: &[String],
    defaults: &Defaults,
    problems: &mut Vec<CellProblem>,
) -> Option<(AgencyRecord, Cells)> {
    let before = problems.len();
    let mut object = |column: &str, refused: Refused| {
        problems.push(CellProblem {
            file: table.file.to_owned(),
            row,
            column: column.to_owned(),
            value: refused.value,
            expected: refused.expected,
            fix: refused.fix,
        });
    };
    if texts.len() != places.len() {
        object(
            "",
            Refused {
                value: Shown::value(&format!("{} cells", texts.len())),
                expected: format!("{} cells, as in the header", places.len()),
                fix: "a comma too many or too few; put quotes around text with commas".to_owned(),
            },
        );
        return None;
    }
    let mut cells = Cells::new();
    let (mut reference, mut day) = ("", "");
    let mut refused = BTreeSet::new();
    for (place, text) in places.iter().zip(texts) {
        match place {
            Found::Column(column) => {
                if !S::is_empty(text)
                    && let Err(wrong) = S::check(column, text.trim())
                {
                    object(column, wrong);
                    refused.insert(*column);
                } else if !text.is_empty() || *column == S::DAY {
                    cells.insert(column, text.clone());
                }
            }
            Found::Reference => reference = text.trim(),
            Found::Day => day = text.trim(),
            Found::Several(_) | Found::Unknown => {}
        }
    }
    cells.entry(S::DAY).or_default();
    let has = |column: &str| places.iter().any(|p| matches!(p, Found::Column(c) if *c == column));
    for (column, expected) in S::contradictions(&cells, &has) {
        if !refused.contains(column) {
            let fix = "make the two columns say the same".to_owned();
            object(column, Refused { value: Shown::Withheld, expected, fix });
        }
    }
    if reference.is_empty() {
        reference = S::reference(&cells);
    }
    let day = if day.is_empty() { None } else { Some(day) };
    let (reference, said_day) = (reference.to_owned(), day.map(str::to_owned));
    let texts =
        interpret::<S>(&cells, &reference, defaults.counted_as, said_day.as_deref(), defaults.date);
    let carried: BTreeMap<String, Personal> =
        cells.iter().map(|(c, text)| ((*c).to_owned(), Personal::new(text))).collect();
    let record = record(&texts, carried, &mut |field, wrong| {
        let column = match field.name {
            "date" if said_day.is_none() => S::DAY,
            _ => S::text_column(field).unwrap_or(field.name),
        };
        if !refused.contains(column) {
            object(column, wrong);
        }
    });
    let record = record.filter(|_| problems.len() == before)?;
    Some((record, cells))
}

/// A record of a victim from the texts of its fields.
fn record(
    texts: &[String],
    carried: BTreeMap<String, Personal>,
    object: &mut dyn FnMut(&'static Field, Refused),
) -> Option<AgencyRecord> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    read_record(RecordKind::Victim, &texts, carried, &mut |field, wrong| {
        let Some((_, field)) = Field::find(RecordKind::Victim, field.name) else { return };
        let (expected, fix) = match field.name {
            "date" => (
                "a day such as 2026-07-01".to_owned(),
                "fill it in, or state one day for all the rows that have none".to_owned(),
            ),
            _ => (wrong.expected, wrong.fix),
        };
        object(field, Refused { value: Shown::Withheld, expected, fix });
    })
}

/// What the cells say in our fields, as text in the order of [`Field::of`].
fn interpret<S: Shape>(
    cells: &Cells,
    reference: &str,
    counted_as: Code,
    day: Option<&str>,
    default_day: Option<Date>,
) -> Vec<String> {
    let default_day = || default_day.map_or_else(String::new, |day| day.to_string());
    let day = match day.unwrap_or(S::day(cells)) {
        "" => default_day(),
        day => day.to_owned(),
    };
    let text = |field: &'static Field| match (field.name, field.holds) {
        ("reference", _) => reference.to_owned(),
        ("counted_as", _) => counted_as.as_str().to_owned(),
        ("date", _) => day.clone(),
        ("age", _) => S::age(cells, day.parse().ok()).unwrap_or("unknown").to_owned(),
        (_, Holds::Code(kind) | Holds::Codes(kind)) => {
            let codes = meanings::<S>(cells, kind);
            let mut codes: Vec<&str> =
                codes.into_iter().filter(|c| fits(*c, counted_as)).map(Code::as_str).collect();
            if kind == BOTH.0 {
                codes = match BOTH.2.iter().all(|one| codes.contains(one)) {
                    true => vec![BOTH.1],
                    false if codes.is_empty() => vec!["not_yet_classified"],
                    false => codes,
                };
            }
            codes.join("; ")
        }
        _ => match S::text_column(field).and_then(|column| cells.get(column)) {
            Some(text) if !S::is_empty(text) => text.trim().to_owned(),
            _ => String::new(),
        },
    };
    Field::of(RecordKind::Victim).iter().map(text).collect()
}

/// The codes of a kind that the cells mean, each once.
fn meanings<S: Shape>(cells: &Cells, kind: Kind) -> BTreeSet<Code> {
    let mut found = BTreeSet::new();
    for column in crosswalk::columns(S::STANDARD, kind) {
        for value in S::values(cells, column) {
            found.extend(crosswalk::meaning(S::STANDARD, kind, column, value));
        }
    }
    found
}

/// Whether a status is one of what the person is counted as; every other code fits.
fn fits(code: Code, counted_as: Code) -> bool {
    let of = code.entry().attribute("counted_unit");
    code.entry().kind != Kind::Status || of == Some(counted_as.as_str())
}

/// The kinds of codes that a victim's fields hold.
fn kinds() -> impl Iterator<Item = Kind> {
    Field::of(RecordKind::Victim).iter().filter_map(|field| match field.holds {
        Holds::Code(kind) | Holds::Codes(kind) => Some(kind),
        _ => None,
    })
}

/// Adds what the cells say and the record does not.
fn unsaid<S: Shape>(cells: &Cells, record: &AgencyRecord, row: u64, unsaid: &mut Vec<Unsaid>) {
    let texts: BTreeSet<_> =
        Field::of(RecordKind::Victim).iter().filter_map(S::text_column).collect();
    let counted_as = record.code("counted_as");
    for column in S::columns() {
        let text = cells.get(column).map_or("", String::as_str);
        let values = S::values(cells, column);
        let own_number = column == IDENTITY && text.trim() == record.own_reference().inside();
        let says_nothing = S::is_empty(text) && values.is_empty();
        if says_nothing || own_number || texts.contains(column) || S::repeats(column) {
            continue;
        }
        let mut add = |code: Shown, why: &'static str| {
            unsaid.push(Unsaid { row, field: column, code, why });
        };
        let of: Vec<Kind> =
            kinds().filter(|k| crosswalk::columns(S::STANDARD, *k).contains(column)).collect();
        for value in &values {
            let means = |kind: &Kind| crosswalk::meaning(S::STANDARD, *kind, column, value);
            let codes: Vec<Code> = of.iter().filter_map(means).collect();
            if codes.iter().any(|code| says(record, *code)) {
                continue;
            }
            let other = codes.iter().any(|code| counted_as.is_some_and(|unit| !fits(*code, unit)));
            let why = match (other, of.is_empty()) {
                (true, _) => OTHER_COUNT,
                (false, true) => NO_FIELD,
                (false, false) => NO_CODE,
            };
            add(Shown::value(value), why);
        }
        if of.is_empty() && values.is_empty() {
            add(Shown::Withheld, NO_FIELD);
        }
    }
}

/// Whether a record says a code, alone or in what stands for two.
fn says(record: &AgencyRecord, code: Code) -> bool {
    record.cells().iter().any(|cell| codes_of(cell).contains(&code))
}

/// The codes of a cell, with what stands for two taken apart.
pub(super) fn codes_of(cell: &Cell) -> Vec<Code> {
    match cell {
        Cell::Code(code) if (code.entry().kind, code.as_str()) == (BOTH.0, BOTH.1) => {
            BOTH.2.iter().filter_map(|one| Code::get(BOTH.0, one)).collect()
        }
        Cell::Code(code) => vec![*code],
        Cell::Codes(codes) => codes.clone(),
        _ => Vec::new(),
    }
}
