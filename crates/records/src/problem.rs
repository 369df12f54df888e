//! What is wrong with a file, cell by cell, and what is odd about it.
//!
//! A [`CellProblem`] refuses its file; a [`Finding`] lets it in and says what a reader should
//! know. Both name file, row, column and value, and say what to do. Values of columns that are or
//! may be about a person never get this far: they are [`Shown::Withheld`].

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// A cell's value, or the fact that it may not be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The value, control and bidirectional characters written as `\u{…}`, cut at 80 characters.
    Value(String),
    /// The column is or may be about a person.
    Withheld,
}

impl Shown {
    /// Makes a value safe to print.
    pub fn value(text: &str) -> Shown {
        let mut safe = String::new();
        for (position, c) in text.chars().enumerate() {
            if position == 80 {
                safe.push('…');
                break;
            }
            if is_invisible(c) {
                safe.extend(c.escape_unicode());
            } else {
                safe.push(c);
            }
        }
        Shown::Value(safe)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Shown::Value(value) => value,
            Shown::Withheld => "[withheld]",
        })
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whether a character is a control, bidirectional or invisible formatting character, none of
/// which has a place in a cell: they make text read otherwise than it is stored.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
}

/// One reason why a file is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellProblem {
    /// The file as it was named.
    pub file: String,
    /// The row, counted from 1, the header being row 1; 0 speaks of the whole file.
    pub row: u64,
    /// The column's header, empty when the row or file is meant.
    pub column: String,
    /// What stands there.
    pub value: Shown,
    /// What was expected.
    pub expected: String,
    /// How to mend it.
    pub fix: String,
}

impl fmt::Display for CellProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.row > 0 {
            write!(f, ", row {}", self.row)?;
        }
        if !self.column.is_empty() {
            write!(f, ", column \"{}\"", self.column)?;
        }
        write!(f, ": found \"{}\", expected {}; {}", self.value, self.expected, self.fix)
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Should be asked about.
    Query,
    /// Two numbers cannot both be right.
    Contradiction,
}

/// Something odd that a rule saw in the figures, or that the source itself says of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule that saw it (`cross_foot`, `served_exceeds_identified`, …), or `source_note`.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What was seen, in a sentence.
    pub text: String,
    /// What to do about it.
    pub advice: String,
    /// The figures it touches.
    pub figures: Vec<crate::FigureId>,
    /// Its words in Spanish, for reading; nothing where a part of them is there in English only.
    #[serde(skip)]
    pub spanish: Option<InSpanish>,
}

/// The words of a [`Finding`] in Spanish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InSpanish {
    /// What was seen.
    pub text: String,
    /// What to do about it.
    pub advice: String,
}

impl Finding {
    /// The same with its words in Spanish.
    #[must_use]
    pub fn in_spanish(mut self, text: String, advice: &str) -> Finding {
        self.spanish = Some(InSpanish { text, advice: advice.to_owned() });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(Shown::value("12\u{202E}34").to_string(), "12\\u{202e}34");
        assert_eq!(Shown::value(&"x".repeat(100)).to_string().chars().count(), 81);
    }
}
