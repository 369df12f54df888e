//! The whole report as one JSON document: tables and estimate as released, findings and notes in
//! both languages.

use std::collections::BTreeMap;

use disclosure::{PublishedEstimate, PublishedTable, Receipt};
use serde::Serialize;

use super::csvw::title_in_both;
use crate::ReportError;
use crate::public::section::PublicDocument;
use crate::public::{Bilingual, Coverage, Licence, PublicReport};

#[derive(Serialize)]
struct ReportJson<'a> {
    title: Bilingual,
    state: &'a Bilingual,
    period: String,
    day: String,
    made_up: bool,
    definitions_version: &'a str,
    licence: &'a Licence,
    coverage: &'a Coverage,
    interval_percent: Option<u8>,
    findings: BTreeMap<&'static str, FindingJson>,
    notes: BTreeMap<&'static str, NotesJson>,
    tables: Vec<TableJson<'a>>,
    estimate: Option<EstimateJson<'a>>,
}

#[derive(Serialize)]
struct FindingJson {
    message: Bilingual,
    data: String,
}

#[derive(Serialize)]
struct NotesJson {
    en: Vec<String>,
    es: Vec<String>,
}

#[derive(Serialize)]
struct TableJson<'a> {
    title: Bilingual,
    receipt: &'a Receipt,
    #[serde(flatten)]
    table: &'a PublishedTable,
}

#[derive(Serialize)]
struct EstimateJson<'a> {
    receipt: &'a Receipt,
    #[serde(flatten)]
    estimate: &'a PublishedEstimate,
}

/// Writes the document; `english` and `spanish` are the report in each language.
///
/// # Errors
///
/// [`ReportError::Json`] when it cannot be written.
pub(in crate::public) fn report_json(
    report: &PublicReport<'_>,
    english: &PublicDocument,
    spanish: &PublicDocument,
) -> Result<String, ReportError> {
    let both = |english: &str, spanish: &str| Bilingual {
        english: english.to_owned(),
        spanish: spanish.to_owned(),
    };
    let findings = english.sections.iter().zip(&spanish.sections).map(|(english, spanish)| {
        let message = both(&english.message, &spanish.message);
        (english.id, FindingJson { message, data: english.data.clone() })
    });
    let notes = english.end_notes.iter().zip(&spanish.end_notes).map(|(english, spanish)| {
        let paragraphs =
            NotesJson { en: english.paragraphs.clone(), es: spanish.paragraphs.clone() };
        (english.id, paragraphs)
    });
    let tables = report.tables.iter().map(|released| TableJson {
        title: title_in_both(report, released.value()),
        receipt: released.receipt(),
        table: released.value(),
    });
    let document = ReportJson {
        title: both(&english.title, &spanish.title),
        state: &report.state,
        period: report.period.to_string(),
        day: report.day.to_string(),
        made_up: report.made_up,
        definitions_version: &report.definitions_version,
        licence: &report.licence,
        coverage: &report.coverage,
        interval_percent: report.interval_percent,
        findings: findings.collect(),
        notes: notes.collect(),
        tables: tables.collect(),
        estimate: report.estimate.map(|released| EstimateJson {
            receipt: released.receipt(),
            estimate: released.value(),
        }),
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}
