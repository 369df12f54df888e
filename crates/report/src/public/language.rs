//! The two languages, and numbers as each writes them.

use super::Bilingual;
use super::words::{ENGLISH, SPANISH, Words};
use crate::words::grouped;

/// A language of the published report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, as in the United States.
    English,
    /// Spanish.
    Spanish,
}

/// What groups the thousands in Spanish: a narrow space that does not break. A full stop would be a
/// decimal point to readers from Mexico, a comma one to readers from Spain.
const NARROW_SPACE: &str = "\u{202F}";

impl Language {
    /// Both, the first language first.
    pub const ALL: [Language; 2] = [Language::English, Language::Spanish];

    /// Its code (BCP 47).
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Spanish => "es",
        }
    }

    /// The other one.
    pub fn other(self) -> Language {
        match self {
            Language::English => Language::Spanish,
            Language::Spanish => Language::English,
        }
    }

    /// Its words.
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Language::English => &ENGLISH,
            Language::Spanish => &SPANISH,
        }
    }

    /// A number: `1,234` or `1 234`.
    pub fn number(self, number: u64) -> String {
        let english = grouped(&number.to_string());
        match self {
            Language::English => english,
            Language::Spanish => english.replace(',', NARROW_SPACE),
        }
    }

    /// A probability: `95%` or `95 %`.
    pub(crate) fn percent(self, share: f64) -> String {
        let number = (share * 1000.0).round() / 10.0;
        match self {
            Language::English => format!("{number}%"),
            Language::Spanish => format!("{number}\u{A0}%").replace('.', ","),
        }
    }
}

impl Bilingual {
    /// The text in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Spanish => &self.spanish,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_as_each_language_does() {
        assert_eq!(Language::English.number(1_234_567), "1,234,567");
        assert_eq!(Language::Spanish.number(1_234_567), "1\u{202F}234\u{202F}567");
        assert_eq!(Language::ALL.map(|language| language.number(999)), ["999", "999"]);
    }
}
