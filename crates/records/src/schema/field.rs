//! One cell against one field.
//!
//! In: a [`Field`] and a cell, valid UTF-8, not missing. Out: its [`Value`], or how it breaks the
//! field ([`Broken`]).

use regex::bytes::Regex;

use super::{codes::Codes, scalar};

/// A type of Table Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Date,
    Year,
    YearMonth,
}

impl Kind {
    /// The name in Table Schema.
    pub(super) fn named(name: &str) -> Option<Kind> {
        Some(match name {
            "string" => Kind::Text,
            "integer" => Kind::Integer,
            "number" => Kind::Number,
            "boolean" => Kind::Boolean,
            "date" => Kind::Date,
            "year" => Kind::Year,
            "yearmonth" => Kind::YearMonth,
            _ => return None,
        })
    }

    /// The cell's place in the order of the type, see [`scalar`]; text has none.
    #[inline]
    pub(super) fn rank(self, cell: &[u8]) -> Option<i128> {
        match self {
            Kind::Text => None,
            Kind::Integer => scalar::integer(cell).map(|value| i128::from(value) * scalar::ONE),
            Kind::Number => scalar::number(cell),
            Kind::Boolean => scalar::boolean(cell).map(i128::from),
            Kind::Date => scalar::date(cell).map(i128::from),
            Kind::Year => scalar::year(cell).map(i128::from),
            Kind::YearMonth => scalar::year_month(cell).map(i128::from),
        }
    }

    /// Whether values are smaller and larger than one another.
    pub(super) fn is_ordered(self) -> bool {
        !matches!(self, Kind::Text | Kind::Boolean)
    }

    /// Whether values can be added.
    pub(super) fn is_counted(self) -> bool {
        matches!(self, Kind::Integer | Kind::Number)
    }

    /// Whether values of the two types can be compared.
    pub(super) fn compares_with(self, other: Kind) -> bool {
        self == other || (self.is_counted() && other.is_counted())
    }
}

/// What a cell says, as far as rules and keys need to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// A missing value, or one that is wrong in itself.
    Absent,
    /// A value with a rank.
    Rank(i128),
    /// The cell's own text.
    Text,
}

/// How a cell breaks its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    Missing,
    Kind,
    Code,
    BelowLeast,
    AboveMost,
    TooShort,
    TooLong,
    Pattern,
}

/// The values an `enum` allows.
#[derive(Debug, Clone)]
pub(super) enum Allowed {
    Any,
    Texts(Codes),
    /// Sorted.
    Ranks(Vec<i128>),
}

/// One field of a schema.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) unique: bool,
    pub(super) allowed: Allowed,
    pub(super) least: i128,
    pub(super) most: i128,
    pub(super) shortest: usize,
    pub(super) longest: usize,
    pub(super) pattern: Option<Regex>,
    /// Whether the header may be about a person, so that no value is ever shown.
    pub(super) is_personal: bool,
    /// Whether a rule or a key needs the value.
    pub(super) is_kept: bool,
    pub(super) words: Words,
}

/// The constraints as the schema words them, for the messages.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    pub(super) least: String,
    pub(super) most: String,
    pub(super) codes: Vec<String>,
    pub(super) pattern: String,
}

impl Field {
    /// Reads a cell that is not missing.
    #[inline]
    pub(super) fn read(&self, cell: &[u8]) -> Result<Value, Broken> {
        if self.kind == Kind::Text {
            return self.read_text(cell);
        }
        let rank = self.kind.rank(cell).ok_or(Broken::Kind)?;
        if rank < self.least {
            return Err(Broken::BelowLeast);
        }
        if rank > self.most {
            return Err(Broken::AboveMost);
        }
        match &self.allowed {
            Allowed::Ranks(codes) if codes.binary_search(&rank).is_err() => Err(Broken::Code),
            _ => Ok(Value::Rank(rank)),
        }
    }

    fn read_text(&self, cell: &[u8]) -> Result<Value, Broken> {
        if let Allowed::Texts(codes) = &self.allowed
            && !codes.contains(cell)
        {
            return Err(Broken::Code);
        }
        // A character has one to four bytes: most lengths need no count.
        if cell.len() > self.longest && characters(cell) > self.longest {
            return Err(Broken::TooLong);
        }
        if cell.len() < self.shortest.saturating_mul(4) && characters(cell) < self.shortest {
            return Err(Broken::TooShort);
        }
        match &self.pattern {
            Some(pattern) if !pattern.is_match(cell) => Err(Broken::Pattern),
            _ => Ok(Value::Text),
        }
    }
}

fn characters(cell: &[u8]) -> usize {
    cell.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}
