//! The whole published report in one language, as parts.

use disclosure::PublishedValue;

use super::check::{PublicFault, faults};
use super::end_notes::end_notes;
use super::in_words::InWords;
use super::section::{KeyFigure, PublicDocument};
use super::sections::{self, PEOPLE};
use super::slice::Slice;
use super::{Language, PublicReport};

impl PublicDocument {
    /// Makes the parts of a report, from which a page or a PDF is made.
    ///
    /// # Errors
    ///
    /// Every fault of the released tables at once.
    pub fn of(
        report: &PublicReport<'_>,
        language: Language,
    ) -> Result<PublicDocument, Vec<PublicFault>> {
        let faults = faults(report);
        if !faults.is_empty() {
            return Err(faults);
        }
        let words = InWords::new(report, language);
        let frame = &words.words.frame;
        let day = (words.words.dates.day)(report.day);
        Ok(PublicDocument {
            language,
            title: (frame.title)(words.state(), &words.period()),
            period: words.period(),
            introduction: (frame.introduction)(words.state(), &words.period()),
            made_up: report.made_up.then(|| frame.made_up.to_owned()),
            key_figures: key_figures(&words),
            sections: sections::all(&words),
            end_notes: end_notes(&words),
            colophon: (frame.colophon)(&day, &report.definitions_version),
        })
    }
}

/// Everybody identified, then each kind of trafficking, then the range of the estimate.
fn key_figures(words: &InWords<'_>) -> Vec<KeyFigure> {
    let mut figures = Vec::new();
    let figure = |value: PublishedValue, what: String| KeyFigure {
        number: words.number(value),
        range: words.interval(value),
        what,
    };
    let total = |by: &[&str]| Slice::of(words.report, PEOPLE, by).and_then(|slice| slice.total);
    // The total that stands under the first table, where there is one.
    let all = total(&["quarter"]).or_else(|| total(&[]));
    figures.extend(all.map(|all| figure(all, (words.words.messages.identified)(&words.period()))));
    if let Some(kinds) = Slice::of(words.report, PEOPLE, &["exploitation"]) {
        for kind in ["sex", "labor", "both"] {
            let value = kinds.at(&[kind]);
            figures.extend(value.map(|value| figure(value, words.category("exploitation", kind))));
        }
    }
    let range = words.report.estimate.and_then(|estimate| estimate.value().range());
    figures.extend(range.map(|range| KeyFigure {
        number: words.span(range.low, range.high),
        range: None,
        what: words.words.estimate.heading.to_owned(),
    }));
    figures
}
