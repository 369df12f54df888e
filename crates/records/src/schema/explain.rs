//! What was expected of a cell and how to mend it, in words.

use super::field::{Broken, Field, Kind};
use crate::Shown;

/// Codes listed in one message.
const LISTED: usize = 8;

/// What was expected, and how to mend it.
pub(super) fn cell(field: &Field, broken: Broken) -> (String, &'static str) {
    let words = &field.words;
    match broken {
        Broken::Missing => {
            ("a value: the column is required".into(), "fill in the cell, or ask who reported it")
        }
        Broken::Kind => kind(field.kind),
        Broken::Code => (codes(&words.codes), "use one of the listed codes, spelled exactly so"),
        Broken::BelowLeast => (format!("{} or more", words.least), RANGE_FIX),
        Broken::AboveMost => (format!("{} or less", words.most), RANGE_FIX),
        Broken::TooShort => {
            (format!("at least {} characters", field.shortest), "write the value in full")
        }
        Broken::TooLong => (format!("at most {} characters", field.longest), "shorten the value"),
        Broken::Pattern => (
            format!("text of the form {}", safe(&words.pattern)),
            "write the whole value in this form, with nothing before or behind it",
        ),
    }
}

const RANGE_FIX: &str = "correct the value, or ask who reported it";

fn kind(kind: Kind) -> (String, &'static str) {
    let (expected, fix) = match kind {
        Kind::Text => ("text", "write text"),
        Kind::Integer => {
            ("a whole number, such as 12", "write digits only: no words, points, commas or spaces")
        }
        Kind::Number => (
            "a number, such as 12.5, of at most 18 digits before the point and 12 behind it",
            "write digits and at most one point: no words, commas, signs of percent or spaces",
        ),
        Kind::Boolean => ("true or false", "write true or false"),
        Kind::Date => {
            ("a date that exists, as 2012-03-31", "write year, month and day with hyphens")
        }
        Kind::Year => ("a year, as 2012", "write the four digits of the year"),
        Kind::YearMonth => ("a month, as 2012-03", "write year and month with a hyphen"),
    };
    (expected.into(), fix)
}

fn codes(codes: &[String]) -> String {
    let listed: Vec<String> = codes.iter().take(LISTED).map(|code| safe(code)).collect();
    let listed = listed.join(", ");
    match codes.len() {
        1 => listed,
        all if all > LISTED => format!("one of {listed}, … ({all} codes)"),
        _ => format!("one of {listed}"),
    }
}

/// Text from the schema or a header, fit to be printed.
pub(super) fn safe(text: &str) -> String {
    Shown::value(text).to_string()
}
