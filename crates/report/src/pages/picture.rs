//! The report as parts that another page takes over: the first numbers, every exhibit, who sent what.
//!
//! In: a [`StateReport`], and where the page's links are to lead ([`Links`]). Out: [`Picture`], whose
//! markup is that of `index.html`. It stands in `<div class="report" lang="en">` under
//! [`crate::STYLE_OF_PARTS`], and is as internal as the report.

use askama::Template;

use super::headline::Headline;
use super::index::{Section, sections};
use super::name;
use crate::exhibits::Context;
use crate::html::Links;
use crate::{ReportError, ReportingRecord, StateReport};

/// The report without the pages around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `The State of Human Trafficking in California, July 2010 to June 2012`.
    pub title: String,
    /// The first numbers, as markup.
    pub headline: String,
    /// The parts, in reading order.
    pub parts: Vec<PicturePart>,
    /// Who sent which quarter, as markup; absent when nobody has sent one.
    pub record: Option<String>,
}

/// A part of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PicturePart {
    /// Its name on the page.
    pub anchor: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// What to know before reading it; may be empty.
    pub intro: String,
    /// Its charts, maps and tables, each as markup.
    pub exhibits: Vec<String>,
    /// The exhibits for which there is no figure.
    pub absent: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "headline.html")]
struct First<'a> {
    headline: Headline,
    links: Links<'a>,
}

#[derive(Template)]
#[template(path = "record.html")]
struct Record<'a> {
    record: &'a ReportingRecord,
}

/// Makes the parts.
///
/// # Errors
///
/// [`ReportError::Page`] when a template fails.
pub fn picture(report: &StateReport, links: Links<'_>) -> Result<Picture, ReportError> {
    let context = Context::new(report);
    let headline = First { headline: Headline::of(&context), links }.render()?;
    let part = |section: Section| {
        let exhibits = section.exhibits.iter().map(|exhibit| exhibit.on(links).render());
        Ok(PicturePart {
            anchor: section.anchor,
            title: section.title,
            exhibits: exhibits.collect::<Result<_, askama::Error>>()?,
            intro: section.intro,
            absent: section.absent,
        })
    };
    Ok(Picture {
        title: name(report),
        headline,
        parts: sections(&context).into_iter().map(part).collect::<Result<_, ReportError>>()?,
        record: report.record.as_ref().map(|record| Record { record }.render()).transpose()?,
    })
}
