//! A cell checked and brought into the one form that is encoded.
//!
//! In: a cell and the format that the schema gives its feature. Out: the text to cut into tokens,
//! or what was expected instead. The cell itself is never part of an error.

use regex::Regex;
use zeroize::Zeroizing;

use crate::date_pattern::DatePattern;

/// What a cell must be.
#[derive(Debug, Clone)]
pub(super) enum Format {
    /// A text that a regular expression matches as a whole.
    Pattern(Regex),
    /// A text of some length and case.
    Text { case: Case, least: usize, most: Option<usize> },
    /// A whole number.
    Integer { least: Option<i128>, most: Option<i128> },
    /// A date.
    Date { pattern: DatePattern, written: String },
    /// One of some words.
    Word(Vec<String>),
}

/// How letters must be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Case {
    Upper,
    Lower,
    Mixed,
}

/// The characters as bytes, before they are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub(super) enum Characters {
    #[serde(rename = "ascii")]
    Ascii,
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "utf-16")]
    Utf16,
    #[serde(rename = "utf-32")]
    Utf32,
}

/// What was expected in a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Expected {
    /// A text that matches the schema's regular expression.
    #[error("a text that matches the pattern {0}")]
    Pattern(String),
    /// A text in one case.
    #[error("{0} letters only")]
    Case(&'static str),
    /// A text that is not too short.
    #[error("at least {0} characters")]
    AtLeast(usize),
    /// A text that is not too long.
    #[error("at most {0} characters")]
    AtMost(usize),
    /// Characters of ASCII.
    #[error("characters of ASCII only; declare the encoding utf-8 for others")]
    Ascii,
    /// A whole number.
    #[error("a whole number of at most 36 digits")]
    Integer,
    /// A number that is not too small.
    #[error("a number of at least {0}")]
    NumberAtLeast(i128),
    /// A number that is not too large.
    #[error("a number of at most {0}")]
    NumberAtMost(i128),
    /// A number, whole or not.
    #[error("a number")]
    Number,
    /// A date.
    #[error("a date from the year 1000 on, written as {0}")]
    Date(String),
    /// One of the words of an enum.
    #[error("one of the {0} values that the schema lists")]
    Word(usize),
    /// As many cells as the schema has features.
    #[error("{0} cells, one for each feature of the schema")]
    Cells(usize),
    /// A cell of a size that a person's data has.
    #[error("at most {0} bytes")]
    Bytes(usize),
}

/// A row that cannot be encoded. Says where and what was expected, never what stands there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {row}, column {column}: expected {expected}; correct the row, or the schema")]
pub struct RowError {
    /// The row, counted from 1 without the header.
    pub row: usize,
    /// The feature's identifier.
    pub column: String,
    /// What was expected.
    pub expected: Expected,
}

impl Format {
    /// Puts the text that stands for a cell into `text`, which is empty.
    pub(super) fn read(&self, cell: &str, text: &mut Zeroizing<String>) -> Result<(), Expected> {
        let mut same = || text.push_str(cell);
        match self {
            Format::Pattern(pattern) => match pattern.is_match(cell) {
                true => {
                    same();
                    Ok(())
                }
                false => Err(Expected::Pattern(pattern.as_str().to_owned())),
            },
            Format::Text { case, least, most } => {
                let length = cell.chars().count();
                if length < *least {
                    return Err(Expected::AtLeast(*least));
                }
                if let Some(most) = most.filter(|&most| length > most) {
                    return Err(Expected::AtMost(most));
                }
                match case {
                    Case::Upper if Zeroizing::new(cell.to_uppercase()).as_str() != cell => {
                        Err(Expected::Case("upper-case"))
                    }
                    Case::Lower if Zeroizing::new(cell.to_lowercase()).as_str() != cell => {
                        Err(Expected::Case("lower-case"))
                    }
                    _ => {
                        same();
                        Ok(())
                    }
                }
            }
            Format::Integer { least, most } => {
                let number = integer(cell).ok_or(Expected::Integer)?;
                if let Some(least) = least.filter(|&least| number < least) {
                    return Err(Expected::NumberAtLeast(least));
                }
                if let Some(most) = most.filter(|&most| number > most) {
                    return Err(Expected::NumberAtMost(most));
                }
                text.push_str(&Zeroizing::new(number.to_string()));
                Ok(())
            }
            Format::Date { pattern, written } => match pattern.read(cell) {
                Some(date) => {
                    text.push_str(&Zeroizing::new(date));
                    Ok(())
                }
                None => Err(Expected::Date(written.clone())),
            },
            Format::Word(words) => match words.iter().any(|word| word == cell) {
                true => {
                    same();
                    Ok(())
                }
                false => Err(Expected::Word(words.len())),
            },
        }
    }
}

impl Characters {
    /// Adds a text in bytes: as Python writes them, with the mark of the byte order where it does.
    pub(super) fn encode(self, text: &str, bytes: &mut Vec<u8>) {
        match self {
            Characters::Ascii | Characters::Utf8 => bytes.extend(text.as_bytes()),
            Characters::Utf16 => {
                bytes.extend([0xFF, 0xFE]);
                text.encode_utf16().for_each(|unit| bytes.extend(unit.to_le_bytes()));
            }
            Characters::Utf32 => {
                bytes.extend([0xFF, 0xFE, 0, 0]);
                text.chars().for_each(|c| bytes.extend(u32::from(c).to_le_bytes()));
            }
        }
    }
}

/// A whole number as Python's `int` reads it: blanks around it, a sign, single underscores between
/// digits. At most 36 digits, so that nothing that is computed with it overflows.
pub(super) fn integer(text: &str) -> Option<i128> {
    let text = text.trim_matches(is_blank);
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let plain = without_underscores(digits)?;
    let all_digits = !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit());
    if !all_digits || plain.trim_start_matches('0').len() > 36 {
        return None;
    }
    let number: i128 = plain.parse().ok()?;
    Some(if negative { -number } else { number })
}

/// What Python strips: the blanks of Unicode and four separators of ASCII.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// The text without the underscores between digits; nothing when one stands elsewhere.
pub(super) fn without_underscores(text: &str) -> Option<Zeroizing<String>> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let misplaced = bytes
        .iter()
        .enumerate()
        .any(|(at, &byte)| byte == b'_' && !(digit(at.checked_sub(1)) && digit(at.checked_add(1))));
    (!misplaced).then(|| Zeroizing::new(text.replace('_', "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line checked against `int` of Python 3.11.
    #[test]
    fn integers_as_python_reads_them() {
        for (text, number) in [
            (" 21", Some(21)),
            ("+23", Some(23)),
            ("-0", Some(0)),
            ("\t007\n", Some(7)),
            ("1_000", Some(1000)),
            ("1__0", None),
            ("_1", None),
            ("1_", None),
            ("+_1", None),
            ("", None),
            ("+", None),
            ("1 2", None),
            ("2.0", None),
            ("- 1", None),
            ("--1", None),
        ] {
            assert_eq!(integer(text), number, "{text:?}");
        }
    }

    #[test]
    fn an_error_never_holds_the_cell() {
        let cells = ["Xochitl", "31/02/1999"];
        let formats = [
            Format::Integer { least: None, most: None },
            Format::Date { pattern: DatePattern::new("%Y").unwrap(), written: "%Y".to_owned() },
            Format::Word(vec!["F".to_owned()]),
            Format::Text { case: Case::Upper, least: 20, most: None },
        ];
        for format in formats {
            for cell in cells {
                let expected = format.read(cell, &mut Zeroizing::default()).unwrap_err();
                let error = RowError { row: 3, column: "given".to_owned(), expected };
                assert!(!format!("{error} {error:?}").contains(cell));
            }
        }
    }
}
