//! One wording of one code, and the register that holds them all.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::Serialize;

use super::Kind;
use crate::Unit;

/// What stands in `source` when nobody has checked a text or a date against its source.
pub const UNVERIFIED: &str = "unverified";

/// A version of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Version {
    /// Its name, as figures and returns carry it (`2026.1`).
    pub name: String,
    /// The day from which it is used.
    pub date: Date,
    /// What it is.
    pub note: String,
    /// Its place among the versions, the oldest being 0.
    #[serde(skip)]
    pub(super) order: usize,
}

/// The definitions register: every wording of every code, in the order of its files.
#[derive(Debug, Clone)]
pub struct Register {
    pub(super) versions: Vec<Version>,
    pub(super) current: Version,
    pub(super) entries: Vec<Entry>,
    /// For each kind, what a code, label or alias reads as, to the wordings it may mean.
    pub(super) readings: HashMap<(Kind, String), Vec<usize>>,
}

/// One wording of one code: a row of a file of `definitions/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// What kind of code it is.
    pub kind: Kind,
    /// The code, unique among its kind in each version.
    pub code: String,
    /// What people read instead of the code.
    pub label: String,
    /// The definition.
    pub definition: String,
    /// Statute, standard or chapter it comes from; [`UNVERIFIED`] when nobody has checked.
    pub source: String,
    /// The first day on which the thing itself is in force; open when absent.
    pub valid_from: Option<Date>,
    /// The last day on which it is in force; open when absent.
    pub valid_to: Option<Date>,
    /// The code that takes its place after `valid_to`.
    pub successor: Option<String>,
    /// The version of the register in which this wording came in.
    pub since: String,
    /// The version in which it was replaced; absent while it is current.
    pub until: Option<String>,
    /// Other spellings and labels that a spreadsheet may use.
    pub aliases: Vec<String>,
    /// The columns that only this kind has, crosswalks included; empty cells are left out.
    pub attributes: BTreeMap<String, String>,
    /// The orders of the versions in which it stands: from the first, up to but without the second.
    #[serde(skip)]
    pub(super) versions: (usize, usize),
    /// Its row in its file, the header being row 1.
    #[serde(skip)]
    pub(super) row: u64,
}

impl Entry {
    /// Whether its text and dates were checked against the source it names. No rule may rely on
    /// one that is not.
    pub fn verified(&self) -> bool {
        self.source != UNVERIFIED
    }

    /// Whether this wording stands in a version.
    pub fn stands_in(&self, version: &Version) -> bool {
        self.stands_at(version.order)
    }

    pub(super) fn stands_at(&self, order: usize) -> bool {
        (self.versions.0..self.versions.1).contains(&order)
    }

    /// Whether the thing itself is in force on a day.
    pub fn in_force_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// A column that only this kind has; absent when the cell is empty.
    pub fn attribute(&self, column: &str) -> Option<&str> {
        self.attributes.get(column).map(String::as_str)
    }

    /// The parts of a column that holds a list, separated by `; `.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        let parts = self.attribute(column).unwrap_or_default().split(';');
        parts.map(str::trim).filter(|part| !part.is_empty())
    }

    /// Whether a yes/no column says yes.
    pub fn is(&self, column: &str) -> bool {
        self.attribute(column) == Some("yes")
    }

    /// A column that holds a day.
    pub fn date(&self, column: &str) -> Option<Date> {
        self.attribute(column)?.parse().ok()
    }

    /// What a counted unit counts in.
    pub fn unit(&self) -> Option<Unit> {
        let word = self.attribute("unit")?;
        UNITS.into_iter().find(|unit| unit.as_str() == word)
    }

    /// Whether figures of this counted unit may be added up over `what`: `quarter`, `year`,
    /// `reporter` or the word of a [`crate::Dimension`]. Adding over reporters never removes people
    /// counted by several of them: the sum is a raw count. See [`super::Register::may_add`] for
    /// figures that have a status.
    pub fn adds_over(&self, what: &str) -> bool {
        self.list("additive_over").any(|word| word == what)
    }
}

const UNITS: [Unit; 6] =
    [Unit::Count, Unit::Percent, Unit::Hours, Unit::Dollars, Unit::Rank, Unit::Words];
