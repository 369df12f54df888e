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
    definitions: Vec<Shown<'a>>,
}

/// A definition as the page prints it.
#[derive(Debug)]
struct Shown<'a> {
    anchor: String,
    definition: &'a DefinitionShown,
    /// What is counted.
    text: &'a str,
    /// What is in, what is out, what dates it: each with its name.
    rules: Vec<(&'static str, &'a str)>,
}

/// How the register's text names its rules.
const RULES: [&str; 3] = ["Counts", "Does not count", "Dated by"];

/// Makes the page.
///
/// # Errors
///
/// [`ReportError::Page`] when the template fails.
pub(crate) fn page(report: &StateReport) -> Result<String, ReportError> {
    let mut definitions: Vec<Shown<'_>> =
        report.definitions.iter().enumerate().map(|at| shown(named(report, at))).collect();
    definitions.sort_by_key(|shown| (&shown.definition.label, &shown.definition.version));
    let page = Page {
        layout: Layout::new(report, Stamp::of(report), "definitions.html", "Definitions"),
        version: &report.definition_version,
        definitions,
    };
    Ok(page.render()?)
}

/// Takes the rules out of a definition's text, so that each stands on a line of its own.
fn shown((anchor, definition): (String, &DefinitionShown)) -> Shown<'_> {
    let starts: Vec<(usize, &'static str)> = RULES
        .into_iter()
        .filter_map(|rule| Some((definition.text.find(&format!(" {rule}: "))?, rule)))
        .collect();
    let ends = starts.iter().map(|(at, _)| *at).skip(1).chain([definition.text.len()]);
    let in_order = starts.is_sorted();
    let rules = starts.iter().zip(ends).map(|((at, rule), end)| {
        (*rule, definition.text[at + rule.len() + 3..end].trim_end_matches('.'))
    });
    let text = &definition.text;
    Shown {
        text: if in_order {
            &text[..starts.first().map_or(text.len(), |(at, _)| *at)]
        } else {
            text
        },
        rules: if in_order { rules.collect() } else { Vec::new() },
        anchor,
        definition,
    }
}

/// A definition with its name on the page; a later version of the same code gets a name of its own.
pub(super) fn named<'a>(
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
