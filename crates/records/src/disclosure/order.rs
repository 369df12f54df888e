//! Orders that take a record out of every later count.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::record::{Personal, RecordKind};

/// What a court or the law has ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// The record is sealed.
    Sealing,
    /// The arrest, charge or conviction is vacated (Penal Code 236.14).
    Vacatur,
    /// The record is to be destroyed.
    Destruction,
    /// The person has revoked the release under which the record left.
    ReleaseRevoked,
}

impl OrderKind {
    /// All of them.
    pub const ALL: [OrderKind; 4] =
        [OrderKind::Sealing, OrderKind::Vacatur, OrderKind::Destruction, OrderKind::ReleaseRevoked];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            OrderKind::Sealing => "sealing",
            OrderKind::Vacatur => "vacatur",
            OrderKind::Destruction => "destruction",
            OrderKind::ReleaseRevoked => "release_revoked",
        }
    }

    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<OrderKind> {
        OrderKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// An order about one record of the agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The kind of record.
    pub record: RecordKind,
    /// Its own number at the agency.
    pub reference: Personal,
    /// What is ordered.
    pub order: OrderKind,
    /// By whom: a court, a statute.
    pub authority: String,
    /// When.
    pub ordered_on: Date,
}
