//! `definitions.html`: what every counted unit means, with its source.
//!
//! In: the definitions behind the figures. Out: a page; a text nobody has checked says so.

use askama::Template;

use super::Layout;
use crate::stamp::Stamp;
use crate::{DefinitionShown, ReportError, StateReport};

#[derive(Debug, Template)]
#[template(path = "definitions.html")]
struct Page<'a> {
    layout: Layout,
    version: &'a str,
    definitions: Vec<(String, &'a DefinitionShown)>,
}

/// Makes the page.
///
/// # Errors
///
/// [`ReportError::Page`] when the template fails.
pub(crate) fn page(report: &StateReport) -> Result<String, ReportError> {
    let page = Page {
        layout: Layout::new(report, Stamp::of(report), "definitions.html", "Definitions"),
        version: &report.definition_version,
        definitions: report.definitions.iter().enumerate().map(|at| named(report, at)).collect(),
    };
    Ok(page.render()?)
}

/// A definition with its name on the page; a later version of the same code gets a name of its own.
fn named<'a>(
    report: &StateReport,
    (position, definition): (usize, &'a DefinitionShown),
) -> (String, &'a DefinitionShown) {
    let code = &definition.code;
    let earlier =
        report.definitions.iter().take(position).filter(|other| other.code == *code).count();
    let name = if earlier == 0 {
        format!("definition-{code}")
    } else {
        format!("definition-{code}-{}", earlier + 1)
    };
    (name, definition)
}
