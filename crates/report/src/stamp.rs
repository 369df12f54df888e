//! The stamp on every page: who may see it.
//!
//! In: a [`StateReport`], which is internal by its type. Out: a [`Stamp`], without which no page
//! can be made. A released report will be another type with another stamp; there is no way from
//! this one to it.

use records::Standing;

use crate::{ReportedFigure, StateReport};

/// The words on every page made from a [`StateReport`].
pub const INTERNAL: &str = "internal: not for publication";

/// What every page says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    synthetic: bool,
}

impl Stamp {
    /// The stamp of the report's own pages.
    pub fn of(report: &StateReport) -> Stamp {
        let made_up = |figure: &ReportedFigure| figure.standing == Standing::Synthetic;
        Stamp { synthetic: report.figures.iter().any(made_up) }
    }

    /// The stamp of a page that also shows figures of this standing.
    #[must_use]
    pub fn with(self, standing: Standing) -> Stamp {
        Stamp { synthetic: self.synthetic || standing == Standing::Synthetic }
    }

    /// Its words.
    pub fn words(self) -> &'static str {
        INTERNAL
    }

    /// Whether the page holds made-up figures and must say so.
    pub fn synthetic(self) -> bool {
        self.synthetic
    }

    /// The class of the page, which also puts the words on every printed sheet.
    pub fn class(self) -> &'static str {
        if self.synthetic { "stamp-internal stamp-synthetic" } else { "stamp-internal" }
    }
}

/// What an exhibit says of its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Badge {
    /// All of them were published by their source.
    Published,
    /// At least one was sent in a return and is not published.
    Internal,
    /// At least one is made up.
    Synthetic,
}

impl Badge {
    /// The strictest standing decides.
    pub(crate) fn of<'a>(figures: impl IntoIterator<Item = &'a ReportedFigure>) -> Badge {
        let strictest = figures.into_iter().map(|figure| figure.standing).max();
        strictest.map_or(Badge::Published, Badge::from)
    }

    /// Its words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Badge::Published => "published by its source",
            Badge::Internal => INTERNAL,
            Badge::Synthetic => "synthetic: made up for practice",
        }
    }

    /// Its class in the style sheet.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Badge::Published => "published",
            Badge::Internal => "internal",
            Badge::Synthetic => "synthetic",
        }
    }
}

impl From<Standing> for Badge {
    fn from(standing: Standing) -> Badge {
        match standing {
            Standing::Published => Badge::Published,
            Standing::Submitted => Badge::Internal,
            Standing::Synthetic => Badge::Synthetic,
        }
    }
}
