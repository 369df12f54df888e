//! What is wrong with a document, with its place; found before anything is typeset.
//!
//! In: a [`Document`]. Out: every [`Problem`] of it, none of which repeats what is written there.

mod blocks;
mod numbered_notes;

use std::fmt;

use crate::printable::Printer;
use crate::{Document, day};

/// Where in a document something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which block, counted from 1; 0 is the cover.
    pub block: usize,
    /// What the block is.
    pub kind: &'static str,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.block {
            0 => f.write_str("the cover"),
            block => write!(f, "block {block} ({})", self.kind),
        }
    }
}

/// Something for which a document is not typeset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The day is none.
    #[error("the cover: the day is no day of the calendar; write it as 2026-11-29")]
    Day,
    /// Something that must be there is empty.
    #[error("{place}: the {part} is empty; {why}")]
    Empty {
        /// Where.
        place: Place,
        /// What is empty.
        part: &'static str,
        /// Why it must not be.
        why: &'static str,
    },
    /// A text is too long for where it stands.
    #[error("{place}: the {part} has {length} characters, more than {most}; shorten or split it")]
    TooLong {
        /// Where.
        place: Place,
        /// What is too long.
        part: &'static str,
        /// How long it is.
        length: usize,
        /// How long it may be.
        most: usize,
    },
    /// A heading skips a level, or is deeper than there are levels.
    #[error("{place}: a heading of level {level} stands here, where levels 1 to {most} can")]
    HeadingLevel {
        /// Where.
        place: Place,
        /// Its level.
        level: u8,
        /// The deepest level that could stand here.
        most: u8,
    },
    /// A table's rows do not fit its columns.
    #[error("{place}: {part} {row} covers {found} columns of {expected}")]
    Columns {
        /// Where.
        place: Place,
        /// "row" or "header row".
        part: &'static str,
        /// Which, counted from 1.
        row: usize,
        /// How many columns it covers.
        found: usize,
        /// How many the table has.
        expected: usize,
    },
    /// A table that no page is wide enough for.
    #[error(
        "{place}: {columns} columns are more than the {most} a page has room for; split the table"
    )]
    TooManyColumns {
        /// Where.
        place: Place,
        /// How many.
        columns: usize,
        /// How many at most.
        most: usize,
    },
    /// A drawing that cannot be set.
    #[error("{place}: the drawing {why}")]
    Drawing {
        /// Where.
        place: Place,
        /// What is wrong with it.
        why: String,
    },
    /// A raised number that leads nowhere.
    #[error("{place}: refers to end note {number}, and there are {notes}")]
    NoSuchNote {
        /// Where.
        place: Place,
        /// The number.
        number: usize,
        /// How many end notes there are.
        notes: usize,
    },
    /// A link that is no address of a page or of a mailbox.
    #[error("{place}: a link does not begin with https:, http: or mailto:")]
    Link {
        /// Where.
        place: Place,
    },
}

/// For what stands in one line at the head of every page.
pub(crate) const LINE: usize = 90;
/// For what stands on one line or few: titles, captions, heads of columns.
pub(crate) const SHORT: usize = 300;
/// For everything else, in UTF-16 units: what one string of a PDF can hold.
pub(crate) const LONG: usize = 16_000;

/// All problems of a document.
pub(crate) fn of(document: &Document) -> Vec<Problem> {
    let mut found = Found::default();
    let cover = Place { block: 0, kind: "cover" };
    found.needed(cover, "title", &document.title, "a reader's window shows it");
    found.needed(cover, "issuer", &document.issuer, "a report says who answers for it");
    found.needed(cover, "period", &document.period, "a report says which time it is about");
    found.line(cover, "period", &document.period);
    found.short(cover, "subtitle", &document.subtitle);
    if let Some(stamp) = &document.stamp {
        found.needed(cover, "stamp", stamp, "leave it away if there is none");
        found.line(cover, "stamp", stamp);
    }
    if day::read(&document.day).is_none() {
        found.problems.push(Problem::Day);
    }
    blocks::check(&document.blocks, &mut found);
    numbered_notes::check(&document.blocks, &mut found);
    found.problems
}

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) problems: Vec<Problem>,
}

impl Found {
    /// A short text that must be there.
    fn needed(&mut self, place: Place, part: &'static str, text: &str, why: &'static str) {
        // What is left away in print may have been all there was.
        if Printer::default().plain(text).trim().is_empty() {
            self.problems.push(Problem::Empty { place, part, why });
        }
        self.short(place, part, text);
    }

    /// A text for one line.
    fn line(&mut self, place: Place, part: &'static str, text: &str) {
        let length = text.chars().count();
        // What is longer than a short text was said already.
        if length <= SHORT {
            self.at_most(place, part, length, LINE);
        }
    }

    /// A short text.
    fn short(&mut self, place: Place, part: &'static str, text: &str) {
        self.at_most(place, part, text.chars().count(), SHORT);
    }

    /// A text of any reasonable length.
    fn long(&mut self, place: Place, part: &'static str, text: &str) {
        self.at_most(place, part, text.encode_utf16().count(), LONG);
    }

    fn at_most(&mut self, place: Place, part: &'static str, length: usize, most: usize) {
        if length > most {
            self.problems.push(Problem::TooLong { place, part, length, most });
        }
    }
}
