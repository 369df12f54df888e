//! The page of the published report in one language.

use askama::Template;
use disclosure::{PublishedValue, WhyHidden};

use super::data;
use super::in_words::InWords;
use super::section::{CellKind, CellShown, PublicDocument};
use super::words::Words;
use super::{Language, PublicReport};
use crate::ReportError;

/// Where somebody goes who must not be seen on this page.
const EXIT: &str = "https://www.weather.gov/";

#[derive(Template)]
#[template(path = "public.html")]
struct Page<'a> {
    document: &'a PublicDocument,
    language: Language,
    words: &'static Words,
    tab: String,
    /// The way to the folder of the whole report.
    root: &'static str,
    own: &'static str,
    other: &'static str,
    exit: &'static str,
    licence: String,
    files: Vec<File<'a>>,
}

/// A table among the files.
struct File<'a> {
    name: &'a str,
    title: String,
}

impl CellShown {
    fn is_interval(&self) -> bool {
        self.kind == CellKind::Interval
    }

    /// The class of a cell without a number.
    fn why(&self) -> Option<&'static str> {
        match self.kind {
            CellKind::Released(PublishedValue::Hidden(WhyHidden::Suppressed)) => {
                Some("hidden-cell")
            }
            CellKind::Released(PublishedValue::Hidden(WhyHidden::NotReported)) => {
                Some("not-reported")
            }
            _ => None,
        }
    }
}

/// Makes the page.
///
/// # Errors
///
/// [`ReportError::Page`] when the template fails.
pub(super) fn page(
    report: &PublicReport<'_>,
    document: &PublicDocument,
) -> Result<String, ReportError> {
    let language = document.language;
    let words = InWords::new(report, language);
    let (root, own, other) = match language {
        Language::English => ("", "index.html", "es/index.html"),
        Language::Spanish => ("../", "index.html", "../index.html"),
    };
    let files = report.tables.iter().map(|released| File {
        name: &released.value().name,
        title: data::title(&words, released.value()),
    });
    let page = Page {
        document,
        language,
        words: words.words,
        tab: (words.words.frame.tab)(words.state(), &words.period()),
        root,
        own,
        other,
        exit: EXIT,
        licence: (words.words.data.licence)(&report.licence.name),
        files: files.collect(),
    };
    Ok(page.render()?)
}
