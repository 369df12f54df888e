//! Method, coverage, definitions and uncertainty, and what `explain` says of a figure.
//!
//! A public explanation stops at definition, method and coverage: it never names a return, a file
//! or its digest.

use std::collections::BTreeSet;

use disclosure::{PublishedTable, PublishedValue, Regime, WhyHidden};
use serde::Serialize;

use super::check::PublicFault;
use super::in_words::InWords;
use super::section::EndNote;
use super::sections::{self, IDS, PEOPLE};
use super::{Language, PublicReport};

/// What the public is told of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicExplanation {
    /// The figure's name.
    pub figure: String,
    /// Its finding.
    pub message: String,
    /// What is counted.
    pub definition: String,
    /// How the numbers were made and protected.
    pub method: Vec<String>,
    /// Who reported and who is missing.
    pub coverage: Vec<String>,
}

/// A name that no figure of the report has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublicExplainError {
    /// The report has no figure of this name.
    #[error("the published report has no figure {name}; it has {}", known.join(", "))]
    NoSuchFigure {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// The report does not hold together.
    #[error("the released tables do not fit together: {}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Faults {
        /// Every fault.
        faults: Vec<PublicFault>,
    },
}

/// Says what a figure of the published report means.
///
/// # Errors
///
/// [`PublicExplainError`] when the report has no such figure, or its tables do not fit together.
pub fn public_explain(
    report: &PublicReport<'_>,
    figure: &str,
    language: Language,
) -> Result<PublicExplanation, PublicExplainError> {
    let faults = super::check::faults(report);
    if !faults.is_empty() {
        return Err(PublicExplainError::Faults { faults });
    }
    let words = InWords::new(report, language);
    let sections = sections::all(&words);
    let Some(section) = sections.iter().find(|section| section.id == figure) else {
        let known = sections.iter().map(|section| section.id).collect();
        return Err(PublicExplainError::NoSuchFigure { name: figure.to_owned(), known });
    };
    let notes = &words.words.notes;
    let mut method: Vec<String> = notes.method_text.iter().map(|&text| text.to_owned()).collect();
    method.push((notes.protection)(section.receipt.regime).to_owned());
    if section.id == IDS[5] {
        method.push(notes.estimate_method.to_owned());
    }
    Ok(PublicExplanation {
        figure: section.id.to_owned(),
        message: section.message.clone(),
        definition: definition(&words, section.id).to_owned(),
        method,
        coverage: coverage(&words),
    })
}

/// What a section counts.
fn definition(words: &InWords<'_>, id: &str) -> &'static str {
    let notes = &words.words.notes;
    let definitions = [
        notes.definition_identified,
        notes.definition_kind,
        notes.definition_labor,
        notes.definition_age_sex,
        notes.definition_county,
        notes.definition_estimate,
    ];
    let place = IDS.iter().position(|known| *known == id);
    place.map_or(notes.definition_identified, |place| definitions[place])
}

/// The notes at the end of the report.
pub(super) fn end_notes(words: &InWords<'_>) -> Vec<EndNote> {
    let notes = &words.words.notes;
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let mut method = owned(notes.method_text);
    method
        .extend(regimes(words.report).iter().map(|regime| (notes.protection)(*regime).to_owned()));
    if words.report.estimate.is_some() {
        method.push(notes.estimate_method.to_owned());
    }
    let mut definitions = vec![notes.definition_identified.to_owned()];
    definitions.extend(owned(notes.definitions_text));
    let note =
        |id, heading: &str, paragraphs| EndNote { id, heading: heading.to_owned(), paragraphs };
    vec![
        note("method", notes.method, method),
        note("coverage", notes.coverage, coverage(words)),
        note("definitions", notes.definitions, definitions),
        note("uncertainty", notes.uncertainty, uncertainty(words)),
    ]
}

/// What is not known, with what the signs of this report mean.
fn uncertainty(words: &InWords<'_>) -> Vec<String> {
    let notes = &words.words.notes;
    let tables = words.report.tables.iter().map(|released| released.value());
    let values = tables.clone().flat_map(|table| table.cells.iter().map(|cell| cell.value));
    let noised = values.clone().any(|value| matches!(value, PublishedValue::Noised { .. }));
    let hidden = values.clone().any(|value| value == PublishedValue::Hidden(WhyHidden::Suppressed));
    let total = |table: &PublishedTable| table.at(&vec![None; table.dimensions.len()]);
    let totals: BTreeSet<u64> = tables
        .filter(|table| table.counts(PEOPLE))
        .filter_map(|table| total(table)?.number())
        .collect();
    let mut said: Vec<String> =
        notes.uncertainty_text.iter().map(|&text| text.to_owned()).collect();
    said.extend(hidden.then(|| notes.hidden_meaning.to_owned()));
    if noised {
        said.push((notes.noise_meaning)(words.report.interval_percent));
        said.extend(notes.noise_text.iter().map(|&text| text.to_owned()));
    }
    said.extend((noised && totals.len() > 1).then(|| notes.totals_differ.to_owned()));
    said
}

/// How the numbers of a report are protected, each way once.
fn regimes(report: &PublicReport<'_>) -> Vec<Regime> {
    let tables = report.tables.iter().map(|table| table.receipt().regime);
    let estimate = report.estimate.map(|estimate| estimate.receipt().regime);
    let mut seen = BTreeSet::new();
    tables.chain(estimate).filter(|regime| seen.insert(*regime as u8)).collect()
}

/// Who reported and who is missing.
fn coverage(words: &InWords<'_>) -> Vec<String> {
    let notes = &words.words.notes;
    let coverage = &words.report.coverage;
    let number = |number: u32| words.language.number(u64::from(number));
    let mut said =
        vec![(notes.coverage_reported)(&number(coverage.reported), &number(coverage.expected))];
    let missing: Vec<&str> =
        coverage.missing.iter().map(|name| name.in_language(words.language)).collect();
    if !missing.is_empty() {
        said.push((notes.coverage_missing)(&missing.join("; ")));
    } else if coverage.reported == coverage.expected {
        said.push(notes.coverage_all.to_owned());
    }
    let both = coverage.at_both_ends.map(number);
    said.extend(both.map(|both| (words.words.messages.both_ends)(&both)));
    said.extend(coverage.statements.iter().map(|one| one.in_language(words.language).to_owned()));
    said.push(notes.coverage_meaning.to_owned());
    said
}
