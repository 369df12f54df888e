//! Explain: a figure's name → where the number comes from.
//!
//! In: a [`FigureId`], as the report prints it. Out: [`Explanation`]: the definition and its
//! version, what was filtered, the returns by digest, who reported, every earlier answer, and the
//! findings that touch it.

use std::collections::BTreeMap;

use records::register::{Kind, Register};
use records::{Dimension, FigureId, Finding};
use report::ReportedFigure;
use serde::Serialize;
use store::{Scope, Store, StoreError};

use crate::report::{Material, figure};

/// Where a number comes from.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The figure, with its sources, coverage and revisions.
    pub figure: ReportedFigure,
    /// What its counted unit means.
    pub definition: String,
    /// Where that definition comes from.
    pub definition_source: String,
    /// What was filtered, in words.
    pub filters: BTreeMap<String, String>,
    /// What rules saw, and what the source says of it.
    pub findings: Vec<Finding>,
}

/// A name that no figure has.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// No figure is called that.
    #[error("there is no figure \"{name}\"{}", .near.iter().map(|id| format!("\n  did you mean {id}")).collect::<String>())]
    NoSuchFigure {
        /// The name asked for.
        name: String,
        /// Names that begin alike.
        near: Vec<FigureId>,
    },
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Explains a figure.
///
/// # Errors
///
/// [`ExplainError`].
pub async fn run(
    store: &Store,
    scope: &Scope,
    register: &Register,
    material: &Material,
    name: &str,
) -> Result<Explanation, ExplainError> {
    let Some(figure) = figure(store, scope, register, material, name).await? else {
        return Err(ExplainError::NoSuchFigure {
            name: name.to_owned(),
            near: near(material, name),
        });
    };
    let version =
        register.version(&figure.definition_version).unwrap_or_else(|| register.current_version());
    let unit = register.get_at(version, Kind::CountedUnit, &figure.measure);
    let mut filters: BTreeMap<String, String> = figure
        .dimensions
        .iter()
        .map(|(dimension, (_, label))| (dimension.as_str().to_owned(), label.clone()))
        .collect();
    filters.insert("period".to_owned(), figure.period.to_string());
    filters.insert("reporter".to_owned(), figure.reporter.1.clone());
    let section = figure.dimensions.get(&Dimension::Statute);
    if let Some(caution) = section
        .and_then(|(code, _)| register.get_at(version, Kind::Statute, code))
        .and_then(|entry| entry.attribute("caution"))
    {
        filters.insert("caution".to_owned(), caution.to_owned());
    }
    let touching = |finding: &&Finding| finding.figures.contains(&figure.id);
    let all =
        material.findings.iter().chain(&material.practice_findings).chain(&material.source_notes);
    Ok(Explanation {
        definition: unit.map(crate::report::definition_text).unwrap_or_default(),
        definition_source: unit.map(|entry| entry.source.clone()).unwrap_or_default(),
        filters,
        findings: all.filter(touching).cloned().collect(),
        figure,
    })
}

/// Names that share the measure asked for, at most ten, those that begin most alike first.
fn near(material: &Material, name: &str) -> Vec<FigureId> {
    let measure = name.split(':').next().unwrap_or(name);
    let totals = material.totals.totals.iter().chain(&material.practice.totals);
    let names =
        material.figures.iter().map(|stored| &stored.id).chain(totals.map(|total| &total.id));
    let alike = |id: &FigureId| name.chars().zip(id.0.chars()).take_while(|(a, b)| a == b).count();
    let mut near: Vec<FigureId> = names
        .filter(|id| id.0.split(':').next() == Some(measure) || id.0.contains(name))
        .cloned()
        .collect();
    near.sort_by_key(|id| std::cmp::Reverse(alike(id)));
    near.truncate(10);
    near
}
