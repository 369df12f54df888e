//! In which language a page speaks, and its words.

mod accept;
#[cfg(test)]
mod keys;
mod words;

pub(crate) use accept::preferred;
pub(crate) use words::{Value, say, say_linked};

/// A language that every page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Spanish,
}

impl Language {
    /// The language of a code as in an address.
    pub(crate) fn of(code: &str) -> Option<Language> {
        match code {
            "en" => Some(Language::English),
            "es" => Some(Language::Spanish),
            _ => None,
        }
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Spanish => "es",
        }
    }

    /// Its own name for itself.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Spanish => "Español",
        }
    }

    /// Which way it is written: the style sheet mirrors itself for `rtl`.
    pub(crate) fn direction(self) -> &'static str {
        match self {
            Language::English | Language::Spanish => "ltr",
        }
    }

    pub(crate) fn other(self) -> Language {
        match self {
            Language::English => Language::Spanish,
            Language::Spanish => Language::English,
        }
    }
}
