//! Words of the register in another language, for reading.
//!
//! In: `definitions/translations/es.csv`, compiled in: `kind`, `code`, `since`, `column`, `text`. Out: the text of
//! one column of one entry. What counts is the English text; a translation is of one wording of it, and
//! where that has changed since, there is none until somebody has translated the new one.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::{Entry, Kind};

const SPANISH: &str = include_str!("../../../../definitions/translations/es.csv");

/// The register's words in one other language.
#[derive(Debug)]
pub struct Translation {
    texts: HashMap<(Kind, String, String), Translated>,
}

#[derive(Debug)]
struct Translated {
    /// The version of the wording that was translated.
    since: String,
    text: String,
}

#[derive(Deserialize)]
struct Row {
    kind: String,
    code: String,
    since: String,
    column: String,
    text: String,
}

impl Translation {
    /// The words in Spanish.
    ///
    /// # Panics
    ///
    /// When the compiled file is none of translations. A test reads it, so no tested program does.
    pub fn spanish() -> &'static Translation {
        static TRANSLATION: OnceLock<Translation> = OnceLock::new();
        TRANSLATION.get_or_init(|| match Translation::read(SPANISH) {
            Ok(translation) => translation,
            Err(problem) => panic!("definitions/translations/es.csv: {problem}"),
        })
    }

    fn read(text: &str) -> Result<Translation, String> {
        let mut texts = HashMap::new();
        for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
            let Row { kind, code, since, column, text } =
                row.map_err(|error: csv::Error| error.to_string())?;
            let kind = Kind::from_word(&kind).ok_or_else(|| format!("{kind} is no kind"))?;
            let name = format!("{} {code}, {column}", kind.as_str());
            if texts.insert((kind, code, column), Translated { since, text }).is_some() {
                return Err(format!("{name}: is there twice"));
            }
        }
        Ok(Translation { texts })
    }

    /// The text of a column of an entry: `label`, `definition` or one of its kind's own; nothing where it
    /// is not translated.
    pub fn of(&self, entry: &Entry, column: &str) -> Option<&str> {
        let found = self.texts.get(&(entry.kind, entry.code.clone(), column.to_owned()))?;
        (found.since == entry.since).then_some(&*found.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::Register;

    fn english<'a>(entry: &'a Entry, column: &str) -> Option<&'a str> {
        match column {
            "label" => Some(&entry.label),
            "definition" => Some(&entry.definition),
            own => entry.attribute(own),
        }
    }

    #[test]
    fn each_text_is_of_a_wording_that_stands() {
        let register = Register::embedded();
        for ((kind, code, column), translated) in &Translation::spanish().texts {
            let name = format!("{} {code}, {column}", kind.as_str());
            let entry = register.get(*kind, code).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(entry.since, translated.since, "{name}");
            let english = english(entry, column).unwrap_or_else(|| panic!("{name}"));
            assert_ne!(english, translated.text, "{name}");
        }
    }

    /// An entry is read whole in one language or in the other.
    #[test]
    fn what_is_translated_is_translated_whole() {
        let translation = Translation::spanish();
        let codes: std::collections::BTreeSet<_> =
            translation.texts.keys().map(|(kind, code, _)| (kind.as_str(), code)).collect();
        assert!(codes.len() > 50);
        for (kind, code) in codes {
            let entry = Register::embedded().get(Kind::from_word(kind).unwrap(), code).unwrap();
            let columns = ["includes", "excludes", "example_counts", "example_does_not"];
            for column in ["label", "definition"].into_iter().chain(columns) {
                let is_there = translation.of(entry, column).is_some();
                assert_eq!(is_there, english(entry, column).is_some(), "{kind} {code}, {column}");
            }
        }
    }

    /// Figures are not lost on the way: whatever number stands in the one stands in the other.
    #[test]
    fn numbers_are_the_same_in_both() {
        let numbers = |text: &str| {
            let mut numbers: Vec<String> = text
                .split(|c: char| !c.is_ascii_digit() && c != ',' && c != '.')
                .map(|number| number.trim_matches([',', '.']).to_owned())
                .filter(|number| !number.is_empty())
                .collect();
            numbers.sort_unstable();
            numbers
        };
        for ((kind, code, column), translated) in &Translation::spanish().texts {
            let entry = Register::embedded().get(*kind, code).unwrap();
            let english = english(entry, column).unwrap();
            assert_eq!(numbers(english), numbers(&translated.text), "{code}, {column}");
        }
    }

    #[test]
    fn a_file_that_is_none_is_refused() {
        let header = "kind,code,since,column,text\n";
        for (rows, says) in [
            ("colour,red,2026.1,label,rojo\n", "colour is no kind"),
            ("age,minor,2026.1,label,a\nage,minor,2026.1,label,b\n", "is there twice"),
            ("age,minor\n", "fields"),
        ] {
            let problem = Translation::read(&format!("{header}{rows}")).unwrap_err();
            assert!(problem.contains(says), "{problem}");
        }
    }
}
