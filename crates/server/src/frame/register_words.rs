//! What the register says, and the rules that know it, in the language of a page.
//!
//! In: entries of the register, and findings. Out: their words and the language they are in, which the page marks. Words
//! that belong together are in one language: where one of them is not translated, all are in English.

use analysis::filing::Question;
use records::Finding;
use records::register::{Entry, Kind, Register, Translation};

use super::Page;
use crate::language::Language;

/// Words of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RegisterWords {
    pub(crate) text: String,
    /// The code of the language that they are in.
    pub(crate) language: &'static str,
}

impl Page {
    /// A text that only entries of this kind have; nothing where this one has none.
    pub(crate) fn attribute(&self, entry: &Entry, column: &str) -> Option<RegisterWords> {
        let english = entry.attribute(column)?;
        Some(self.words(&[(english, self.translated(entry, column))], |words| words.concat()))
    }

    /// The label of an entry.
    pub(crate) fn label(&self, entry: &Entry) -> RegisterWords {
        self.labels(&[Ok(entry)])
    }

    /// The definition of an entry.
    pub(crate) fn definition(&self, entry: &Entry) -> RegisterWords {
        let own = self.translated(entry, "definition");
        self.words(&[(&entry.definition, own)], |words| words.concat())
    }

    /// Words of our own where those of the register may stand.
    pub(crate) fn own(&self, key: &str) -> RegisterWords {
        RegisterWords { text: self.say(key), language: self.language().code() }
    }

    /// What a rule saw in the figures, and what to do about it.
    pub(crate) fn finding(&self, finding: &Finding) -> RegisterWords {
        let spanish = finding.spanish.as_ref();
        let (text, advice, language) = match (self.language(), spanish) {
            (Language::Spanish, Some(said)) => (&said.text, &said.advice, Language::Spanish),
            _ => (&finding.text, &finding.advice, Language::English),
        };
        let joined = match &**advice {
            "" => text.clone(),
            advice => format!("{text} – {advice}"),
        };
        RegisterWords { text: joined, language: language.code() }
    }

    /// The counted unit of a code.
    pub(crate) fn unit(&self, measure: &str) -> RegisterWords {
        self.labels(&[Register::embedded().get(Kind::CountedUnit, measure).ok_or(measure)])
    }

    /// What a question is broken down by; empty for all together.
    pub(crate) fn breakdown(&self, question: &Question) -> RegisterWords {
        self.labels(&question.parts(Register::embedded()).collect::<Vec<_>>())
    }

    /// The counted unit of a question, and what it is broken down by, which `put` puts together.
    pub(crate) fn question(
        &self,
        question: &Question,
        put: impl Fn(&str, &str) -> String,
    ) -> RegisterWords {
        let unit = Register::embedded().get(Kind::CountedUnit, &question.measure);
        let unit = unit.ok_or(question.measure.as_str());
        let parts: Vec<_> = question.parts(Register::embedded()).collect();
        let all: Vec<_> = [unit].iter().chain(&parts).map(|part| self.both(*part)).collect();
        self.words(&all, |words| put(words[0], &words[1..].join(", ")))
    }

    fn labels(&self, parts: &[Result<&Entry, &str>]) -> RegisterWords {
        let all: Vec<_> = parts.iter().map(|part| self.both(*part)).collect();
        self.words(&all, |words| words.join(", "))
    }

    /// A label in English, and in this page's language. A word that is no code is the name of something.
    fn both<'a>(&self, part: Result<&'a Entry, &'a str>) -> (&'a str, Option<&'a str>) {
        match part {
            Ok(entry) => (&entry.label, self.translated(entry, "label")),
            Err(name) => (name, Some(name)),
        }
    }

    fn translated<'a>(&self, entry: &'a Entry, column: &str) -> Option<&'a str> {
        match self.language() {
            Language::English => None,
            Language::Spanish if column == "label" && is_named(entry.kind) => Some(&entry.label),
            Language::Spanish => Translation::spanish().of(entry, column),
        }
    }

    /// All of them in this page's language, or all of them in English.
    fn words(
        &self,
        all: &[(&str, Option<&str>)],
        put: impl Fn(&[&str]) -> String,
    ) -> RegisterWords {
        let translated: Option<Vec<&str>> = all.iter().map(|(_, own)| *own).collect();
        match translated {
            Some(words) => RegisterWords { text: put(&words), language: self.language().code() },
            None => {
                let english: Vec<&str> = all.iter().map(|(english, _)| *english).collect();
                RegisterWords { text: put(&english), language: Language::English.code() }
            }
        }
    }
}

/// Whether the labels of a kind are names, which are the same in every language.
fn is_named(kind: Kind) -> bool {
    matches!(kind, Kind::County | Kind::Agency | Kind::TaskForce | Kind::PracticeTaskForce)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Uri};
    use records::Dimension;

    use super::*;
    use crate::config::{Config, Installation};

    fn page(language: &str) -> Page {
        let uri: Uri = format!("/returns?language={language}").parse().unwrap();
        let config = Config::new(std::net::SocketAddr::from(([127, 0, 0, 1], 0)));
        Page::of(&uri, &HeaderMap::new(), Installation::of(&config))
    }

    fn question(measure: &str, breakdown: &[(Dimension, &str)]) -> Question {
        let code = |(dimension, code): &(Dimension, &str)| (*dimension, (*code).to_owned());
        Question { measure: measure.to_owned(), breakdown: breakdown.iter().map(code).collect() }
    }

    fn said(page: &Page, question: &Question) -> (String, &'static str) {
        let words = page.question(question, |unit, by| format!("{unit}: {by}"));
        (words.text, words.language)
    }

    #[test]
    fn a_question_is_said_in_the_language_of_the_page() {
        let sex = question("victim_served", &[(Dimension::TraffickingType, "sex")]);
        assert_eq!(said(&page("en"), &sex), ("Victims served: Sex trafficking".to_owned(), "en"));
        let spanish = "Víctimas atendidas: Trata con fines de explotación sexual".to_owned();
        assert_eq!(said(&page("es"), &sex), (spanish, "es"));
    }

    #[test]
    fn names_are_names_in_every_language() {
        let county = question("victim_served", &[(Dimension::County, "alameda")]);
        let spanish = "Víctimas atendidas: Alameda".to_owned();
        assert_eq!(said(&page("es"), &county), (spanish, "es"));
    }

    #[test]
    fn two_languages_are_never_mixed() {
        let conduct = Register::embedded().entries(Kind::Conduct).next().unwrap();
        let untranslated = question("victim_served", &[(Dimension::Conduct, &conduct.code)]);
        let english = format!("Victims served: {}", conduct.label);
        assert_eq!(said(&page("es"), &untranslated), (english, "en"));
    }

    /// Whoever fills the form in reads all of it in one language.
    #[test]
    fn the_form_is_all_in_spanish() {
        let (register, page) = (Register::embedded(), page("es"));
        let form = analysis::filing::Form::of(register).unwrap();
        for row in form.rows() {
            assert_eq!(said(&page, &row.question).1, "es", "{}", row.key);
            for entry in row.question.parts(register) {
                assert_eq!(page.definition(entry.unwrap()).language, "es", "{}", row.key);
            }
        }
        for group in &form.groups {
            let unit = register.get(Kind::CountedUnit, &group.measure).unwrap();
            assert_eq!(page.definition(unit).language, "es", "{}", group.measure);
            for column in ["includes", "excludes", "example_counts", "example_does_not"] {
                let words = page.attribute(unit, column);
                assert!(words.is_none_or(|words| words.language == "es"), "{}", group.measure);
            }
        }
    }

    /// Choices that stand inside a sentence of ours.
    #[test]
    fn whom_a_training_is_for_and_what_a_mode_rests_on_are_in_spanish() {
        for kind in [Kind::Audience, Kind::LegalBasis] {
            for entry in Register::embedded().entries(kind) {
                assert_eq!(page("es").label(entry).language, "es", "{}", entry.code);
            }
        }
    }
}
