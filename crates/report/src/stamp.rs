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
    made_up: MadeUp,
}

/// How much of a page is made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum MadeUp {
    Nothing,
    Part,
    All,
}

impl Stamp {
    /// The stamp of the report's own pages.
    pub fn of(report: &StateReport) -> Stamp {
        let made_up = |figure: &ReportedFigure| figure.standing == Standing::Synthetic;
        let any = report.figures.iter().any(made_up);
        Stamp { made_up: if any { MadeUp::All } else { MadeUp::Nothing } }
    }

    /// The stamp of a page that also shows figures of this standing.
    #[must_use]
    pub fn with(self, standing: Standing) -> Stamp {
        self.at_least(MadeUp::All, standing)
    }

    /// The stamp of a page that shows numbers of this standing in one marked place among others.
    #[must_use]
    pub fn with_part(self, standing: Standing) -> Stamp {
        self.at_least(MadeUp::Part, standing)
    }

    fn at_least(self, much: MadeUp, standing: Standing) -> Stamp {
        match standing {
            Standing::Synthetic => Stamp { made_up: self.made_up.max(much) },
            _ => self,
        }
    }

    /// Its words.
    pub fn words(self) -> &'static str {
        INTERNAL
    }

    /// Whether the page holds made-up figures and must say so.
    pub fn synthetic(self) -> bool {
        self.made_up != MadeUp::Nothing
    }

    /// Whether only what is marked on the page is made up.
    pub fn synthetic_in_part(self) -> bool {
        self.made_up == MadeUp::Part
    }

    /// The class of the page, which also puts the words on every printed sheet.
    pub fn class(self) -> &'static str {
        match self.made_up {
            MadeUp::Nothing => "stamp-internal",
            MadeUp::Part => "stamp-internal stamp-part",
            MadeUp::All => "stamp-internal stamp-synthetic",
        }
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
