//! The columns and cells of HTCDS, and where a day and an age stand in them.

use jiff::civil::Date;

use super::fields::{Field, Holds, field, fields, key, named};
use crate::record::{Code, Field as OurField, Holds as OurHolds, split_list};
use crate::standards::crosswalk::Standard;
use crate::standards::rows::{Cells, Found, IDENTITY, Refused, Shape};
use crate::{Shown, record};

pub(super) struct Htcds;

const STATUS: &str = "vic_TraffickingStatus";
const AGE: &str = "vic_AgeWhenTrafficked";
/// Nobody is older, in whole years.
const OLDEST: u32 = 130;

impl Shape for Htcds {
    const STANDARD: Standard = Standard::Htcds;
    const DAY: &'static str = "cas_IncomingReferralDate";

    fn columns() -> Vec<&'static str> {
        fields().iter().map(|field| field.name).collect()
    }

    fn find(header: &str) -> Found {
        match named(header) {
            [one] => Found::Column(one),
            [] if ["reference", "id", "caseid"].contains(&key(header).as_str()) => Found::Reference,
            [] => Found::Unknown,
            several => Found::Several(several.to_vec()),
        }
    }

    fn is_empty(text: &str) -> bool {
        text.trim().is_empty()
    }

    fn check(column: &'static str, text: &str) -> Result<(), Refused> {
        let refuse = |expected: String, fix: &str| {
            Err(Refused { value: Shown::Withheld, expected, fix: fix.to_owned() })
        };
        let Some(field) = field(column) else { return Ok(()) };
        match field.holds {
            Holds::Date if record::read_day(text).is_err() => {
                refuse("a day such as 2026-07-01".to_owned(), "write year, month, day")
            }
            Holds::Checkbox if checked(text).is_none() => {
                refuse("true or false".to_owned(), "write one of the two, or leave it empty")
            }
            Holds::Number if !is_number(text, limit(column)) || too_old(column, text) => {
                let expected = match column {
                    AGE => format!("an age in years from 0 to {OLDEST}"),
                    _ if limit(column).is_some() => "decimal degrees".to_owned(),
                    _ => "a number from 0 up".to_owned(),
                };
                refuse(expected, "write digits, with a point before decimals")
            }
            Holds::Geolocation if !is_number(text, limit(column)) => refuse(
                "decimal degrees, such as -119.77".to_owned(),
                "write latitude or longitude with a point before decimals",
            ),
            Holds::Picklist | Holds::Multiselect if !field.values.is_empty() => {
                let parts: Vec<&str> = parts(field, text).collect();
                if !parts.is_empty() && parts.iter().all(|part| field.value(part).is_some()) {
                    return Ok(());
                }
                let values: Vec<&str> = field.values.iter().map(|value| value.value).collect();
                let which = match field.holds {
                    Holds::Multiselect => "values, separated by `;`, of",
                    _ => "one of",
                };
                refuse(format!("{which} {}", values.join(", ")), "use the standard's values")
            }
            _ => Ok(()),
        }
    }

    fn contradictions(_: &Cells, _: &dyn Fn(&str) -> bool) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn values(cells: &Cells, column: &str) -> Vec<&'static str> {
        let (Some(field), Some(text)) = (field(column), cells.get(column)) else {
            return Vec::new();
        };
        parts(field, text.trim()).filter_map(|part| field.value(part)).collect()
    }

    fn set_values(cells: &mut Cells, column: &'static str, values: &[&'static str]) {
        match values {
            [] => cells.remove(column),
            values => cells.insert(column, values.join(";")),
        };
    }

    fn holds_several(column: &str) -> bool {
        field(column).is_some_and(|field| field.holds == Holds::Multiselect)
    }

    fn reference(cells: &Cells) -> &str {
        cells.get(IDENTITY).map_or("", |text| text.trim())
    }

    fn day(cells: &Cells) -> &str {
        cells.get(Self::DAY).map_or("", |text| text.trim())
    }

    fn set_day(cells: &mut Cells, day: Date) {
        cells.insert(Self::DAY, day.to_string());
    }

    fn age(cells: &Cells, on: Option<Date>) -> Option<&'static str> {
        let years = match cells.get(AGE).map(|text| text.trim()).filter(|text| !text.is_empty()) {
            Some(years) => years.split('.').next()?.parse::<i64>().ok()?,
            None => {
                let born: Date = cells.get("prs_Birthdate")?.trim().parse().ok()?;
                let eighteenth = born.checked_add(jiff::Span::new().years(18)).ok()?;
                return Some(if on? < eighteenth { "minor" } else { "adult" });
            }
        };
        Some(if years < 18 { "minor" } else { "adult" })
    }

    fn set_age(cells: &mut Cells, _: Code) {
        cells.remove(AGE);
    }

    fn finish(_: &mut Cells) {}

    fn repeats(_: &str) -> bool {
        false
    }

    fn is_no_victim(cells: &Cells) -> bool {
        Self::values(cells, STATUS) == ["NotAVictimOfTrafficking"]
    }

    fn text_column(ours: &'static OurField) -> Option<&'static str> {
        match ours.holds {
            OurHolds::Name | OurHolds::Text | OurHolds::BirthDate | OurHolds::Date => ours.htcds,
            _ => None,
        }
    }
}

/// The values that a cell lists.
fn parts<'t>(field: &Field, text: &'t str) -> impl Iterator<Item = &'t str> {
    let several = field.holds == Holds::Multiselect;
    let one = (!several).then_some(text).filter(|text| !text.is_empty());
    split_list(if several { text } else { "" }).chain(one)
}

fn too_old(column: &str, text: &str) -> bool {
    let years = text.split('.').next().and_then(|whole| whole.parse::<u32>().ok());
    column == AGE && years.is_none_or(|years| years > OLDEST)
}

fn checked(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// The largest number on both sides of 0, for columns in degrees.
fn limit(column: &str) -> Option<u32> {
    match column {
        _ if column.ends_with("Latitude") => Some(90),
        _ if column.ends_with("Longitude") => Some(180),
        _ => None,
    }
}

/// Whether a text is a plain decimal number: within a limit on both sides, or from 0 up.
fn is_number(text: &str, limit: Option<u32>) -> bool {
    let digits = match limit {
        Some(_) => text.strip_prefix('-').unwrap_or(text),
        None => text,
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(whole) || !are_digits(decimals) || decimals.len() > 20 {
        return false;
    }
    let Ok(whole) = whole.parse::<u32>() else { return false };
    let exact = decimals.bytes().all(|byte| byte == b'0');
    limit.is_none_or(|limit| whole < limit || (whole == limit && exact))
}
