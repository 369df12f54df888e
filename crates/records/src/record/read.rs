//! A table's header and rows to records, every problem at once.
//!
//! In: a header and rows of text, from whatever format. Out: [`AgencyRecord`]s, or what is wrong
//! with each cell. A value that is or may be about a person is never part of a problem: also in a
//! column of codes, days or numbers, where a slipped row puts names and numbers of people, only
//! what looks like one of these is shown.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{AgencyRecord, Cell, Code, Field, Holds, Personal, RecordKind};
use crate::person::looks_personal;
use crate::register::{Kind, Register, StatuteError};
use crate::{CellProblem, Shown, is_invisible, unknown_column};

/// The largest number a record may hold.
const LARGEST_NUMBER: i64 = 1_000_000_000_000;
/// Days outside these years are typing errors.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// Which column of a table is which field.
#[derive(Debug, Clone)]
pub struct Columns {
    file: String,
    kind: RecordKind,
    /// For each field, its place in a row.
    places: Vec<Option<usize>>,
    width: usize,
}

impl Columns {
    /// Matches a header by field names and labels, whatever the case and order.
    ///
    /// # Errors
    ///
    /// A problem for each column that is unknown, named twice, or required and missing.
    pub fn of(kind: RecordKind, file: &str, header: &[&str]) -> Result<Columns, Vec<CellProblem>> {
        let fields = Field::of(kind);
        let mut places = vec![None; fields.len()];
        let mut problems = Vec::new();
        let object = |column: &str, expected: String, fix: &str| CellProblem {
            file: file.to_owned(),
            row: 1,
            column: column.to_owned(),
            value: Shown::Withheld,
            expected,
            fix: fix.to_owned(),
        };
        if !header.iter().any(|column| fields.iter().any(|field| is_named(field, column))) {
            // The first row may be one of people, so none of its cells is shown.
            let expected = format!("a header with fields of {kind}: {}", names(fields));
            return Err(vec![object("", expected, "add a first line that names the columns")]);
        }
        for (at, column) in header.iter().enumerate() {
            let known = fields.iter().position(|field| is_named(field, column));
            match known {
                Some(field) if places[field].is_none() => places[field] = Some(at),
                Some(field) => problems.push(object(
                    fields[field].name,
                    "each column once".into(),
                    "delete one of the two",
                )),
                None => {
                    let known = fields.iter().flat_map(|field| [field.name, field.label]);
                    let (place, meant) = unknown_column(at, column, known);
                    problems.push(object(
                        &place,
                        format!("a field of {kind}: {}", names(fields)),
                        &format!(
                            "{meant}rename the column, or delete it: what is no field is not taken in"
                        ),
                    ));
                }
            }
        }
        for (field, place) in fields.iter().zip(&places) {
            if field.required && place.is_none() {
                problems.push(object(
                    field.name,
                    format!("the column \"{}\": {}", field.name, field.definition),
                    "add the column",
                ));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Columns { file: file.to_owned(), kind, places, width: header.len() })
    }

    /// How well a header fits a kind: how many of its columns are fields of it, if the required
    /// ones are all there.
    pub fn fit(kind: RecordKind, header: &[&str]) -> Option<usize> {
        let fields = Field::of(kind);
        let known = |field: &Field| header.iter().any(|column| is_named(field, column));
        let required = fields.iter().filter(|field| field.required).all(known);
        required.then(|| header.iter().filter(|c| fields.iter().any(|f| is_named(f, c))).count())
    }

    /// Reads one row; its problems go to `problems`, all of them.
    pub fn record(
        &self,
        row: u64,
        cells: &[&str],
        problems: &mut Vec<CellProblem>,
    ) -> Option<AgencyRecord> {
        if cells.len() != self.width {
            problems.push(CellProblem {
                file: self.file.clone(),
                row,
                column: String::new(),
                value: Shown::value(&format!("{} cells", cells.len())),
                expected: format!("{} cells, as in the header", self.width),
                fix: "a comma too many or too few; put quotes around text that holds commas".into(),
            });
            return None;
        }
        let texts: Vec<&str> =
            self.places.iter().map(|place| place.map_or("", |at| cells[at])).collect();
        record(self.kind, &texts, BTreeMap::new(), &mut |field, wrong| {
            problems.push(CellProblem {
                file: self.file.clone(),
                row,
                column: field.name.to_owned(),
                value: wrong.value,
                expected: wrong.expected,
                fix: wrong.fix,
            });
        })
    }
}

fn is_named(field: &Field, column: &str) -> bool {
    let column = column.trim().trim_start_matches('\u{feff}');
    column.eq_ignore_ascii_case(field.name)
        || column.replace([' ', '-'], "_").eq_ignore_ascii_case(field.name)
        || column.eq_ignore_ascii_case(field.label)
}

fn names(fields: &[Field]) -> String {
    fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
}

/// What is wrong with one cell.
pub(crate) struct Wrong {
    pub(crate) value: Shown,
    pub(crate) expected: String,
    pub(crate) fix: String,
}

/// Reads the texts of a record, in the order of [`Field::of`]; nothing when anything is wrong.
pub(crate) fn record(
    kind: RecordKind,
    texts: &[&str],
    carried: BTreeMap<String, Personal>,
    object: &mut dyn FnMut(&Field, Wrong),
) -> Option<AgencyRecord> {
    let fields = Field::of(kind);
    let mut good = true;
    let mut cells = Vec::with_capacity(fields.len());
    let day = |name: &str| {
        let (at, _) = Field::find(kind, name)?;
        texts[at].trim().parse::<Date>().ok()
    };
    let offense = day("offense_date").or_else(|| day("date"));
    for (field, text) in fields.iter().zip(texts) {
        match cell(field, text.trim(), offense) {
            Ok(cell) => cells.push(cell),
            Err((expected, fix)) => {
                object(field, Wrong { value: shown(field, text.trim()), expected, fix });
                good = false;
            }
        }
    }
    if !good {
        return None;
    }
    let record = AgencyRecord::new(kind, cells, carried);
    if let Some((name, expected, fix)) = contradiction(&record)
        && let Some((_, field)) = Field::find(kind, name)
    {
        let value = match record.code(name) {
            Some(code) => Shown::value(code.as_str()),
            None => Shown::Withheld,
        };
        object(field, Wrong { value, expected, fix: fix.to_owned() });
        return None;
    }
    Some(record)
}

/// A value that cannot stand, when nothing about it may be about a person. Where a row has slipped,
/// a phone or an own number stands in a column of codes, days or numbers: digits are shown only as
/// the day or the short number that the column wants, and never for being near a code.
fn shown(field: &Field, text: &str) -> Shown {
    let register = Register::embedded();
    let is_code = |kind: Kind, part: &str| {
        register.resolve_any(kind, part).is_some()
            || (!is_like_an_own_number(part) && !register.nearest_codes(kind, part).is_empty())
    };
    let harmless = looks_personal(text).is_none()
        && match field.holds {
            Holds::Code(kind) | Holds::Codes(kind) => {
                split_list(text).all(|part| is_code(kind, part))
            }
            Holds::Date => is_like_a_day(text) || is_short_number(text),
            Holds::Count | Holds::Hours | Holds::Dollars => is_short_number(text),
            _ => false,
        };
    if harmless { Shown::value(text) } else { Shown::Withheld }
}

/// Whether a text without a letter may be a phone or an own number; a section has one point.
fn is_like_an_own_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_section = text.matches('.').count() == 1 && digits <= 6;
    !text.chars().any(char::is_alphabetic) && !is_section
}

/// Whether a text is divided as days are: `3/14/26`, `2026.3.14`; a phone is divided otherwise.
fn is_like_a_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3
        && parts.iter().all(digits)
        && matches!(
            [parts[0].len(), parts[1].len(), parts[2].len()],
            [1 | 2, 1 | 2, 2 | 4] | [4, 1 | 2, 1 | 2]
        )
}

/// Whether a text is a number of at most four digits.
fn is_short_number(text: &str) -> bool {
    let number = |c: char| c.is_ascii_digit() || "-.,".contains(c);
    text.chars().all(number) && text.chars().filter(char::is_ascii_digit).count() <= 4
}

/// What two cells of a record say that cannot both be so.
fn contradiction(record: &AgencyRecord) -> Option<(&'static str, String, &'static str)> {
    if let (Some(counted_as), Some(status)) = (record.code("counted_as"), record.code("status")) {
        let of = status.entry().attribute("counted_unit").unwrap_or_default();
        if of != counted_as.as_str() {
            return Some((
                "status",
                format!("a status of {}, or nothing", counted_as.as_str()),
                "potential and confirmed go with victim_identified; new, continuing and carried_over with victim_served",
            ));
        }
    }
    if let (Some(opened), Some(closed)) = (record.date("date"), record.date("closed"))
        && closed < opened
    {
        return Some((
            "closed",
            "a day that is not before the day opened".into(),
            "check both days",
        ));
    }
    if let (Some(birth), Some(on)) = (record.birth_date(), record.date("date"))
        && birth > on
    {
        return Some((
            "birth_date",
            "a day before the date of the record".into(),
            "check both days",
        ));
    }
    None
}

/// One cell, or what was expected and how to mend it.
fn cell(field: &Field, text: &str, offense: Option<Date>) -> Result<Cell, (String, String)> {
    if text.is_empty() {
        if field.required {
            return Err((format!("a value: {}", field.definition), "fill it in".into()));
        }
        return Ok(Cell::Empty);
    }
    if text.chars().any(is_invisible) {
        return Err((
            "text without control or invisible characters".into(),
            "type the cell again".into(),
        ));
    }
    match field.holds {
        Holds::OwnReference | Holds::Reference(_) | Holds::Name | Holds::Text => {
            Ok(Cell::Personal(Personal::new(text)))
        }
        Holds::BirthDate => day(text).map(|day| Cell::Personal(Personal::new(day.to_string()))),
        Holds::Date => day(text).map(Cell::Date),
        Holds::Code(Kind::Statute) => statute(text, offense).map(Cell::Code),
        Holds::Code(kind) => code(field, kind, text).map(Cell::Code),
        Holds::Codes(kind) => {
            let mut codes = Vec::new();
            for part in split_list(text) {
                codes.push(code(field, kind, part)?);
            }
            codes.sort_unstable();
            codes.dedup();
            Ok(if codes.is_empty() { Cell::Empty } else { Cell::Codes(codes) })
        }
        Holds::Count | Holds::Dollars => number(text).map(Cell::Number).ok_or_else(|| {
            ("a whole number from 0 to 1,000,000,000,000".into(), "write digits only".into())
        }),
        Holds::Hours => tenths(text).map(Cell::Number).ok_or_else(|| {
            ("hours with at most one decimal, such as 7.5".into(), "write the hours".into())
        }),
        Holds::YesNo => match text.to_ascii_lowercase().as_str() {
            "yes" | "y" | "true" | "1" => Ok(Cell::YesNo(true)),
            "no" | "n" | "false" | "0" => Ok(Cell::YesNo(false)),
            _ => Err(("yes or no".into(), "write one of the two, or leave it empty".into())),
        },
    }
}

/// The parts of a cell with several values.
pub fn split_list(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '|']).map(str::trim).filter(|part| !part.is_empty())
}

/// A day of the field's time, or what was expected and how to mend it.
pub(crate) fn day(text: &str) -> Result<Date, (String, String)> {
    let expected = || ("a day such as 2026-07-01".to_owned(), "write year, month, day".to_owned());
    let day: Date = text.parse().map_err(|_| expected())?;
    if !YEARS.contains(&day.year()) || text.len() != 10 {
        return Err(expected());
    }
    Ok(day)
}

fn code(field: &Field, kind: Kind, text: &str) -> Result<Code, (String, String)> {
    let register = Register::embedded();
    let allowed = |code: &str| field.only.is_empty() || field.only.contains(&code);
    match Code::resolve(kind, text) {
        Some(code) if allowed(code.as_str()) => Ok(code),
        _ => {
            let mut near = register.nearest_codes(kind, text);
            near.retain(|code| allowed(code));
            let expected = match &*field.only {
                [] => format!("a code or label of {kind}"),
                only => only.join(" | "),
            };
            let fix = match near.first() {
                Some(near) => {
                    format!("did you mean {near}? `clearway definitions list {kind}` lists them")
                }
                None => format!("`clearway definitions list {kind}` lists them"),
            };
            Err((expected, fix))
        }
    }
}

fn statute(text: &str, offense: Option<Date>) -> Result<Code, (String, String)> {
    let register = Register::embedded();
    let found = match offense {
        Some(on) => register.statute_on(text, on),
        None => return resolve_statute(text),
    };
    match found {
        Ok(entry) => Ok(Code::of(entry)),
        // The wording of a subdivision is not checked; what the agency wrote is still what it wrote.
        Err(StatuteError::Unverified { .. }) => resolve_statute(text),
        // Its own words repeat the text, which may be a name in a slipped row.
        Err(StatuteError::Unknown { near, .. }) => Err(no_section(near.first())),
        Err(error) => {
            Err(("a section in force on the day of the offense".into(), error.to_string()))
        }
    }
}

fn resolve_statute(text: &str) -> Result<Code, (String, String)> {
    Code::resolve(Kind::Statute, text).ok_or_else(|| no_section(None::<&str>))
}

fn no_section(near: Option<impl std::fmt::Display>) -> (String, String) {
    let meant = near.map_or(String::new(), |near| format!("did you mean {near}? "));
    (
        "a section of the register".into(),
        format!("{meant}`clearway definitions list statute` lists them"),
    )
}

fn number(text: &str) -> Option<i64> {
    let digits = text.len() <= 13 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number <= LARGEST_NUMBER)
}

fn tenths(text: &str) -> Option<i64> {
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    let tenth = if tenth.len() == 1 { number(tenth)? } else { return None };
    Some(number(whole)?.checked_mul(10)? + tenth)
}
