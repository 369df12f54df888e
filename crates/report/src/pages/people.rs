//! `people.html`: how many people are on the lists of agencies, nobody counted twice.
//!
//! In: a [`StateReport`] and its [`PeopleCounted`]. Out: the page, and the short [`Panel`] by which
//! the report's first page leads to it. Types of trafficking stand apart before any other
//! breakdown; what is true of a made-up state stands at the very end, never beside the count.

use askama::Template;

use super::Layout;
use crate::charts::Drawing;
use crate::exhibits::Exhibit;
use crate::exhibits::people::{self, People};
use crate::phrase::Phrase;
use crate::stamp::{Badge, Stamp};
use crate::{PeopleCounted, ReportError, ShownCount, StateReport};

/// The page's file.
pub(crate) const FILE: &str = "people.html";

/// What the page is called.
pub(crate) const TITLE: &str = "Nobody counted twice";

/// A part of the page.
#[derive(Debug)]
struct Section {
    anchor: &'static str,
    title: &'static str,
    intro: &'static str,
    exhibits: Vec<Exhibit>,
}

#[derive(Debug, Template)]
#[template(path = "people.html")]
struct Page<'a> {
    layout: Layout,
    badge: Badge,
    finding: Phrase,
    types: Option<Phrase>,
    why: &'a [String],
    range: Exhibit,
    sections: Vec<Section>,
    annotations: &'a [String],
    check: Option<Exhibit>,
    examples: [(Phrase, &'static str); 2],
}

/// The count in short, for the report's first page.
#[derive(Debug)]
pub(crate) struct Panel {
    pub(crate) badge: Badge,
    pub(crate) finding: Phrase,
    pub(crate) types: Option<Phrase>,
    pub(crate) when: String,
    pub(crate) drawing: Drawing,
}

impl Panel {
    /// The panel of a count.
    pub(crate) fn of(people: &People<'_>) -> Panel {
        Panel {
            badge: Badge::from(people.standing()),
            finding: people::finding(people),
            types: types(people),
            when: people.period(),
            drawing: people::drawing(people, "people-panel-drawn"),
        }
    }
}

/// Makes the page.
///
/// # Errors
///
/// [`ReportError::Page`] when the template fails.
pub(crate) fn page(report: &StateReport, counted: &PeopleCounted) -> Result<String, ReportError> {
    let people = People::of(report, counted);
    let stamp = Stamp::of(report).with(people.standing());
    let page = Page {
        layout: Layout::new(report, stamp, FILE, TITLE),
        badge: Badge::from(people.standing()),
        finding: people::finding(&people),
        types: types(&people),
        why: &counted.why,
        range: people::range(&people),
        sections: sections(&people),
        annotations: &counted.annotations,
        check: people::check(&people),
        examples: people::examples(),
    };
    Ok(page.render()?)
}

/// Sex and labor trafficking, before the breakdowns: `Sex trafficking: at most 812 people.`
fn types(people: &People<'_>) -> Option<Phrase> {
    let by = people.counted().by.iter().find(|by| by.field == "trafficking_type")?;
    let of = |code: &str| by.rows.iter().find(|row| row.code == code).map(|row| row.cell.people);
    let most = |number: ShownCount| if number.number().is_some() { "at most " } else { "" };
    let (sex, labor) = (of("sex")?, of("labor")?);
    let said = Phrase::of(format!("Sex trafficking: {}", most(sex)));
    let said = people.say_people(said, sex);
    let said = said.words(format!(" people. Labor trafficking: {}", most(labor)));
    Some(people.say_people(said, labor).words(" people."))
}

fn sections(people: &People<'_>) -> Vec<Section> {
    let section = |anchor, title, intro, exhibits| Section { anchor, title, intro, exhibits };
    let mut sections = vec![
        section(
            "who",
            "Who they are",
            "Records beside people: where the two differ much, the same people are on the lists of \
             several agencies.",
            people::breakdowns(people),
        ),
        section(
            "which-lists",
            "Which lists they are on",
            "Each kind of list sees other people. What two lists share tells how often the same \
             person is seen, and what they do not share tells how much each would miss alone.",
            [people::lists(people), people::overlaps(people), people::seen_by(people)]
                .into_iter()
                .flatten()
                .collect(),
        ),
        section(
            "over-time",
            "Quarter by quarter",
            "",
            people::quarters(people).into_iter().collect(),
        ),
        section(
            "coverage",
            "What came from whom",
            "Every agency that was expected to send, in an order that says nothing about them.",
            people::agencies(people).into_iter().collect(),
        ),
    ];
    sections.retain(|section| !section.exhibits.is_empty());
    sections
}
