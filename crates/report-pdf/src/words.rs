//! The report's own words, in each language.

use crate::Language;

/// What the template says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Words {
    /// The tag of the language, BCP 47.
    pub(crate) tag: &'static str,
    /// Above the contents.
    pub(crate) contents: &'static str,
    /// "page" and "of" in "page 2 of 9".
    pub(crate) page: [&'static str; 2],
    /// Before the number of a figure.
    pub(crate) figure: &'static str,
    /// Before the number of a table.
    pub(crate) table: &'static str,
    /// Before where numbers come from.
    pub(crate) source: &'static str,
}

/// The words of a language.
pub(crate) fn words(language: Language) -> Words {
    match language {
        Language::English => Words {
            tag: "en",
            contents: "Contents",
            page: ["Page", "of"],
            figure: "Figure",
            table: "Table",
            source: "Source:",
        },
        Language::Spanish => Words {
            tag: "es",
            contents: "Contenido",
            page: ["Página", "de"],
            figure: "Figura",
            table: "Tabla",
            source: "Fuente:",
        },
    }
}
