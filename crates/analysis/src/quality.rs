//! Quality: figures and returns → findings, each by a rule.
//!
//! In: the figures that stand and the register. Out: [`Finding`]s. What the tables carry is seen
//! by a rule here; what rests on the source's words alone is a source note of the register, marked
//! so. A finding never changes a figure.
//!
//! A finding is said in English and in Spanish, but for those that quote what is there in English only: labels
//! of published sources, and the sources' own notes.
//!
//! To add a rule: a function of [`Facts`] in one of the files below, and its line in `RULES`.

mod between_figures;
mod within_figures;

use std::collections::BTreeMap;

use records::register::{Entry, Kind, Register};
use records::{Answer, Figure, Finding, Severity, Standing};
use store::{ClassificationQuery, StoredFigure, StoredReturn};
pub(crate) use within_figures::for_an_agency;

/// What the rules see.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The definitions.
    pub register: &'a Register,
    /// The figures that stand, of one standing or several; rules compare only within one.
    pub figures: &'a [StoredFigure],
    /// Every return.
    pub returns: &'a [StoredReturn],
    /// Where agencies and the state classify differently.
    pub queries: &'a [ClassificationQuery],
}

/// The rules, in the order in which their findings are listed.
const RULES: [fn(&Facts<'_>) -> Vec<Finding>; 17] = [
    between_figures::served_exceeds_identified,
    within_figures::joined_later,
    within_figures::not_classified,
    between_figures::section_is_part_of_conduct,
    within_figures::dated_to_the_arrest,
    within_figures::may_be_victims,
    between_figures::low_data_quality_of_reporters,
    between_figures::reporter_kind_shapes_the_type,
    between_figures::text_against_table,
    between_figures::two_definitions_side_by_side,
    between_figures::stated_by_different_sources,
    between_figures::shares_of_a_whole,
    between_figures::two_periods_in_one_quarter,
    within_figures::not_answered,
    within_figures::classified_differently,
    within_figures::missing_quarters,
    within_figures::changed_definitions,
];

/// Runs every rule.
pub fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    RULES.iter().flat_map(|rule| rule(facts)).collect()
}

/// What the source says of its own figures and no table carries, marked as such.
pub fn source_notes(register: &Register, figures: &[StoredFigure]) -> Vec<Finding> {
    let note = |entry: &&Entry| {
        let touches: Vec<&str> = entry.list("touches_measures").collect();
        let touched = |stored: &&StoredFigure| {
            stored.standing == Standing::Published
                && touches.contains(&stored.figure.measure.as_str())
        };
        Finding {
            rule: "source_note".to_owned(),
            severity: Severity::Note,
            text: format!("{} ({})", entry.definition, entry.source),
            advice: entry.attribute("use_in_software").unwrap_or_default().to_owned(),
            figures: figures.iter().filter(touched).map(|stored| stored.id.clone()).collect(),
            spanish: None,
        }
    };
    register.source_notes().iter().map(note).collect()
}

/// A finding of a rule, in English.
fn finding(
    rule: &str,
    severity: Severity,
    text: String,
    advice: &str,
    figures: &[&StoredFigure],
) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity,
        text,
        advice: advice.to_owned(),
        figures: figures.iter().map(|stored| stored.id.clone()).collect(),
        spanish: None,
    }
}

impl<'a> Facts<'a> {
    /// The figures of a measure.
    fn of(&self, measure: &'a str) -> impl Iterator<Item = &'a StoredFigure> {
        self.figures.iter().filter(move |stored| stored.figure.measure == measure)
    }

    /// The counted unit of a figure.
    fn unit(&self, figure: &Figure) -> Option<&'a Entry> {
        self.register.get(Kind::CountedUnit, &figure.measure)
    }

    /// What readers see of a reporter.
    fn reporter(&self, code: &str) -> String {
        self.register.reporter(code).map_or_else(|| code.to_owned(), |entry| entry.label.clone())
    }
}

/// Figures in groups, in the order of their keys.
fn grouped<'a, K: Ord>(
    figures: impl Iterator<Item = &'a StoredFigure>,
    key: impl Fn(&'a StoredFigure) -> Option<K>,
) -> BTreeMap<K, Vec<&'a StoredFigure>> {
    let mut groups: BTreeMap<K, Vec<&StoredFigure>> = BTreeMap::new();
    for stored in figures {
        if let Some(key) = key(stored) {
            groups.entry(key).or_default().push(stored);
        }
    }
    groups
}

/// A number as a reader expects it, with commas between thousands.
pub fn with_commas(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// A figure's answer as a reader expects it.
fn said(stored: &StoredFigure) -> String {
    exactly(stored).unwrap_or_else(|| stored.figure.answer.to_string())
}

/// An answer that is a number and needs no words.
fn exactly(stored: &StoredFigure) -> Option<String> {
    match &stored.figure.answer {
        Answer::Exactly { amount } if amount.decimals == 0 => Some(with_commas(amount.scaled)),
        Answer::Exactly { amount } => Some(amount.to_string()),
        _ => None,
    }
}
