//! The values of a report in the words of one language.

use disclosure::{PublishedValue, Receipt, WhyHidden};
use jiff::civil::Date;

use super::section::{CellKind, CellShown};
use super::slice::Bounds;
use super::words::Words;
use super::{Language, PublicReport};

/// How many digits of the hash of a ledger's entry are printed.
const HASH_SHOWN: usize = 12;

/// A report and the language in which it is told.
#[derive(Clone, Copy)]
pub(super) struct InWords<'a> {
    pub(super) report: &'a PublicReport<'a>,
    pub(super) language: Language,
    pub(super) words: &'static Words,
}

impl<'a> InWords<'a> {
    pub(super) fn new(report: &'a PublicReport<'a>, language: Language) -> InWords<'a> {
        InWords { report, language, words: language.words() }
    }

    /// A value as a chart or cell shows it: `1,234`, `hidden`, `not reported`.
    pub(super) fn number(&self, value: PublishedValue) -> String {
        match value {
            PublishedValue::Hidden(WhyHidden::Suppressed) => self.words.values.hidden.to_owned(),
            PublishedValue::Hidden(WhyHidden::NotReported) => {
                self.words.values.not_reported.to_owned()
            }
            PublishedValue::Exact(number)
            | PublishedValue::Rounded { value: number, .. }
            | PublishedValue::Noised { value: number, .. } => self.language.number(number),
        }
    }

    /// A value in a sentence: `1,234`, `about 1,234`, `hidden to protect people`.
    pub(super) fn said(&self, value: PublishedValue) -> String {
        let values = &self.words.values;
        match value {
            PublishedValue::Hidden(WhyHidden::Suppressed) => values.hidden_why.to_owned(),
            PublishedValue::Noised { .. } | PublishedValue::Rounded { .. } => {
                (values.about)(&self.number(value))
            }
            value => self.number(value),
        }
    }

    /// Between what a number that noise or rounding has moved lies.
    pub(super) fn interval(&self, value: PublishedValue) -> Option<String> {
        match value {
            PublishedValue::Noised { low, high, .. } => Some(self.span(low, high)),
            PublishedValue::Rounded { .. } => {
                Bounds::of(value).map(|bounds| self.span(bounds.low, bounds.high))
            }
            PublishedValue::Exact(_) | PublishedValue::Hidden(_) => None,
        }
    }

    pub(super) fn span(&self, low: u64, high: u64) -> String {
        (self.words.values.from_to)(&self.language.number(low), &self.language.number(high))
    }

    /// The name of a category; a blank has one, too.
    pub(super) fn category(&self, dimension: &str, category: &str) -> String {
        if category.is_empty() {
            return self.words.values.blank.to_owned();
        }
        let given = self
            .report
            .names
            .iter()
            .find(|name| name.dimension == dimension && name.category == category);
        if let Some(given) = given {
            return given.name.in_language(self.language).to_owned();
        }
        match (dimension, category.parse()) {
            ("quarter", Ok(quarter)) => self.quarter(quarter),
            ("county", _) => {
                let shape = self.report.counties.iter().find(|shape| shape.code == category);
                shape.map_or_else(|| self.coded(dimension, category), |shape| shape.name.clone())
            }
            _ => self.coded(dimension, category),
        }
    }

    fn coded(&self, dimension: &str, category: &str) -> String {
        self.words.names.or_code(dimension, category)
    }

    pub(super) fn quarter(&self, quarter: records::Quarter) -> String {
        (self.words.dates.period)(&quarter.period())
    }

    pub(super) fn period(&self) -> String {
        (self.words.dates.period)(&self.report.period)
    }

    pub(super) fn state(&self) -> &str {
        self.report.state.in_language(self.language)
    }

    /// A day that a receipt writes as `YYYY-MM-DD`, in words.
    fn day(&self, text: &str) -> String {
        text.parse::<Date>().map_or_else(|_| text.to_owned(), self.words.dates.day)
    }

    /// Where a release stands in its ledger.
    pub(super) fn stamp(&self, receipt: &Receipt) -> String {
        let hash: String = receipt.hash.chars().take(HASH_SHOWN).collect();
        let day = self.day(&receipt.day);
        (self.words.values.stamp)(&receipt.data_set, receipt.entry, &hash, &day, receipt.regime)
    }

    /// The cells of a number: itself, and its interval where the table has intervals.
    pub(super) fn cells(&self, value: PublishedValue, intervals: bool) -> Vec<CellShown> {
        let mut cells =
            vec![CellShown { text: self.number(value), kind: CellKind::Released(value) }];
        if intervals {
            let text = self.interval(value).unwrap_or_default();
            cells.push(CellShown { text, kind: CellKind::Interval });
        }
        cells
    }

    /// What must be said beside these values.
    pub(super) fn value_notes(&self, values: impl Iterator<Item = PublishedValue>) -> Vec<String> {
        let said = &self.words.values;
        let mut notes = [
            (said.noise_note, false),
            (said.rounded_note, false),
            (said.hidden_note, false),
            (said.not_reported_note, false),
        ];
        for value in values {
            match value {
                PublishedValue::Noised { .. } => notes[0].1 = true,
                PublishedValue::Rounded { .. } => notes[1].1 = true,
                PublishedValue::Hidden(WhyHidden::Suppressed) => notes[2].1 = true,
                PublishedValue::Hidden(WhyHidden::NotReported) => notes[3].1 = true,
                PublishedValue::Exact(_) => {}
            }
        }
        notes.iter().filter(|(_, needed)| *needed).map(|(note, _)| (*note).to_owned()).collect()
    }
}
