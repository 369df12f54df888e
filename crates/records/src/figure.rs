//! One aggregate figure of a return, and the name by which it is asked for.
//!
//! In: a checked row of a return. Out: a [`Figure`]: what was counted, over which days, for whom,
//! and the answer. Nothing in it is about a person: every dimension is a code of the register or
//! the name of a place, an office or a programme.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Answer, Period, Unit};

/// What a figure may be broken down by.
///
/// The order is the order in which dimensions are named in a [`FigureId`]; the discriminant is
/// its bit in [`Figure::signature`] and never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Dimension {
    /// A place that is no county and no whole state, as the source names it.
    Place = 0,
    /// A county, by its code (`alameda`).
    County = 1,
    /// A task force, by its code.
    TaskForce = 2,
    /// A member agency or a unit of one, by its code or name.
    Agency = 3,
    /// Sex, labor, both, or not yet classified.
    TraffickingType = 4,
    /// The section charged.
    Statute = 5,
    /// The conduct, whatever was charged.
    Conduct = 6,
    /// Minor or adult.
    Age = 7,
    /// Potential or confirmed; new, continuing or carried over; person or seat.
    Status = 8,
    /// One of the kinds of service.
    Service = 9,
    /// A benefit or letter.
    Benefit = 10,
    /// Country or group of countries of origin.
    Origin = 11,
    /// A training programme or other programme.
    Programme = 12,
    /// A division that the source makes in its own words.
    Category = 13,
}

impl Dimension {
    /// All dimensions, in order.
    pub const ALL: [Dimension; 14] = [
        Dimension::Place,
        Dimension::County,
        Dimension::TaskForce,
        Dimension::Agency,
        Dimension::TraffickingType,
        Dimension::Statute,
        Dimension::Conduct,
        Dimension::Age,
        Dimension::Status,
        Dimension::Service,
        Dimension::Benefit,
        Dimension::Origin,
        Dimension::Programme,
        Dimension::Category,
    ];

    /// Its word in files, SQL and figure ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Dimension::Place => "place",
            Dimension::County => "county",
            Dimension::TaskForce => "task_force",
            Dimension::Agency => "agency",
            Dimension::TraffickingType => "trafficking_type",
            Dimension::Statute => "statute",
            Dimension::Conduct => "conduct",
            Dimension::Age => "age",
            Dimension::Status => "status",
            Dimension::Service => "service",
            Dimension::Benefit => "benefit",
            Dimension::Origin => "origin",
            Dimension::Programme => "programme",
            Dimension::Category => "category",
        }
    }

    /// The dimension of that word.
    pub fn from_word(word: &str) -> Option<Dimension> {
        Dimension::ALL.into_iter().find(|dimension| dimension.as_str() == word)
    }

    /// Its bit in a signature.
    pub fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// How far a figure may be shown, by where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Already published by its source: printed whole.
    Published,
    /// Sent in a return: internal, and cells under 11 are hidden.
    Submitted,
    /// Made up for practice: marked wherever it is shown, and never in a real total.
    Synthetic,
}

impl Standing {
    /// Its word in files and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Published => "published",
            Standing::Submitted => "submitted",
            Standing::Synthetic => "synthetic",
        }
    }

    /// The standing of that word.
    pub fn from_word(word: &str) -> Option<Standing> {
        [Standing::Published, Standing::Submitted, Standing::Synthetic]
            .into_iter()
            .find(|standing| standing.as_str() == word)
    }
}

/// Whether a figure is a cell of its table or the table's own total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A cell; cells are summed.
    Cell,
    /// A total that the table states itself: cross-footed against its cells, never summed.
    Total,
}

/// Where in a return a figure stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// The row, counted from 1, the header being row 1.
    pub row: u64,
    /// The column's header.
    pub column: String,
}

/// One aggregate figure of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The counted unit, by its code in the register.
    pub measure: String,
    /// Who states it, by its code in the register.
    pub reporter: String,
    /// What it counts in.
    pub unit: Unit,
    /// The days it covers, as the return states them.
    pub period: Period,
    /// What it is broken down by; an absent dimension means "all together".
    pub dimensions: BTreeMap<Dimension, String>,
    /// The answer.
    pub answer: Answer,
    /// The cell's own words.
    pub as_said: String,
    /// The day on which the figure was true, when the return says so.
    pub as_of: Option<Date>,
    /// Cell or total.
    pub part: Part,
    /// Where it stands in the return.
    pub origin: Origin,
    /// What the return says beside it.
    pub note: Option<String>,
}

/// The name of a figure, as `clearway explain` takes it:
/// `measure:period:reporter[:dimension=value…][:total]`.
///
/// Two figures have the same name exactly when they answer the same question: a later answer to
/// it is a revision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FigureId(pub String);

impl fmt::Display for FigureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Figure {
    /// The figure's name.
    pub fn id(&self) -> FigureId {
        let mut id = format!("{}:{}:{}", self.measure, self.period, self.reporter);
        for (dimension, value) in &self.dimensions {
            let value: String = value
                .to_lowercase()
                .chars()
                .map(|c| if c.is_alphanumeric() || "._-()".contains(c) { c } else { '-' })
                .collect();
            id.push_str(&format!(":{}={value}", dimension.as_str()));
        }
        if self.part == Part::Total {
            id.push_str(":total");
        }
        FigureId(id)
    }

    /// The set of dimensions it is broken down by, one bit each.
    pub fn signature(&self) -> u32 {
        self.dimensions.keys().fold(0, |bits, dimension| bits | dimension.bit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_what_was_counted_when_and_by_whom() {
        let figure = Figure {
            measure: "conviction".into(),
            reporter: "ca-doj".into(),
            unit: Unit::Count,
            period: "2007".parse().unwrap(),
            dimensions: [(Dimension::Statute, "653.22(A)".to_owned())].into(),
            answer: Answer::exactly(1469),
            as_said: "1469".into(),
            as_of: None,
            part: Part::Cell,
            origin: Origin { row: 37, column: "convictions".into() },
            note: None,
        };
        assert_eq!(figure.id().0, "conviction:2007:ca-doj:statute=653.22(a)");
        assert_eq!(figure.signature(), 32);
    }

    #[test]
    fn words_and_dimensions_agree() {
        for (position, dimension) in Dimension::ALL.into_iter().enumerate() {
            assert_eq!(dimension.bit(), 1 << position);
            assert_eq!(Dimension::from_word(dimension.as_str()), Some(dimension));
        }
    }
}
