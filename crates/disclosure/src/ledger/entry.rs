//! What stands in a ledger.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::budget::{Budget, Rho};
use crate::released::Regime;

/// Whose data a ledger is about, and what one person is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSet {
    /// Its name, such as "practice-state".
    pub name: String,
    /// What is protected, such as "one person, as linked".
    pub unit: String,
    /// The most rows that one person may have; sensitivities follow from it.
    pub rows_per_person: u32,
    /// Which two data sets must look alike.
    pub neighbours: Neighbours,
}

/// The neighbouring relation of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Neighbours {
    /// One person with all their rows is there or is not; who is linked with whom is held fixed.
    AddOrRemoveOnePerson,
}

/// A release that somebody wants to make. Nothing in it may come from the data, noise aside: it is
/// kept and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// Its name, once in a data set.
    pub name: String,
    /// How it is protected.
    pub regime: Regime,
    /// The day on which it was begun, `YYYY-MM-DD`.
    pub day: String,
    /// Where its files go.
    pub directory: String,
    /// Everything that is drawn or published, each with what it costs: the number of people and the
    /// selection of what is measured as well.
    pub parts: Vec<Part>,
}

/// One part of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What is measured, such as "people by sex and age".
    pub what: String,
    /// By which mechanism, such as "discrete Gaussian" or "suppression".
    pub mechanism: String,
    /// Its parameters, such as a variance or a threshold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// What it costs; zero for what is exact.
    pub rho: Rho,
}

impl Proposal {
    /// What it costs in all.
    pub fn rho(&self) -> Rho {
        self.parts.iter().map(|part| part.rho).sum()
    }
}

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    /// Its path below the directory of the release, with `/` between its parts.
    pub name: String,
    /// The BLAKE3 digest of its bytes, in hex.
    pub digest: String,
}

/// A release as it stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The number of the line that began it.
    pub number: u64,
    /// What was to be released.
    pub proposal: Proposal,
    /// What became of it; nothing if it was begun only. It counts as spent either way.
    pub completed: Option<Completed>,
}

/// How a release was completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Completed {
    /// The number of the line that says so.
    pub number: u64,
    /// The hash of that line, in hex.
    pub hash: String,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Its files.
    pub files: Vec<FileDigest>,
}

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    /// Its number, from 0.
    pub(super) number: u64,
    /// The hash of the line before, in hex; zeros for the first.
    pub(super) previous: String,
    /// What happened.
    pub(super) event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Event {
    /// The ledger was made.
    Opened { data_set: DataSet, budget: Budget },
    /// A release was begun: spent from here on.
    Begun { proposal: Proposal },
    /// A release was completed.
    Completed { begun: u64, day: String, files: Vec<FileDigest> },
}
