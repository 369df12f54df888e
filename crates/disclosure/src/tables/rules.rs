//! What makes a cell sensitive, and what an attacker must not be able to say about it.

use serde::{Deserialize, Serialize};

/// What is done about cells without anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zeros {
    /// They are published: that nobody is in a cell betrays nobody in particular.
    Published,
    /// They are hidden like small counts: that nobody is in a cell says something of everybody in
    /// its margins.
    Sensitive,
}

/// When few contributors dominate an amount (Hundepool et al. 2012, "Statistical Disclosure
/// Control", section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dominance {
    /// (n, k): the `largest` contributors add more than `percent` of the cell.
    Share {
        /// n, 1 to 10.
        largest: usize,
        /// k, between 0 and 100.
        percent: f64,
    },
    /// p %: the second largest contributor can estimate the largest to within `percent` of it.
    Percent(f64),
}

/// What the search for cells to hide besides makes small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    /// The number of cells that are hidden besides.
    Cells,
    /// What is hidden with them: people, or the amount.
    Hidden,
}

/// The rules of a release by suppression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Cells of 1 to `threshold − 1` people (contributors, of amounts) are sensitive. At least 2.
    pub threshold: u64,
    /// Cells without anybody.
    pub zeros: Zeros,
    /// For amounts.
    pub dominance: Option<Dominance>,
    /// Whether a person who is alone in a cell, and so knows its count, must not find out another
    /// sensitive cell by it. Amounts are always protected so.
    pub singletons: bool,
    /// Every hidden cell could have at least `width + 1` different whole values, as far as an
    /// attacker can say who knows all that is published. At least 1; a cell that cannot be below the
    /// threshold needs no more than 1. With `threshold − 1` as many values are left as "small" has;
    /// that hides about a third more cells than 2.
    pub width: u64,
    /// What is made small.
    pub cost: Cost,
    /// How long the search for fewer hidden cells goes on, in rounds.
    pub rounds: u32,
    /// How much work suppression and audit may each do, in millions of entries touched; what is not
    /// decided by then fails.
    pub work_millions: u64,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            threshold: 10,
            zeros: Zeros::Published,
            dominance: None,
            singletons: false,
            width: 2,
            cost: Cost::Cells,
            rounds: 200,
            work_millions: 500_000,
        }
    }
}

/// Rules that say nothing, or what cannot be kept.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RulesError {
    /// A threshold below 2 hides nobody.
    #[error(
        "a threshold of {0} hides nobody: every cell with people has as many; choose 2 or more"
    )]
    Threshold(u64),
    /// A width of zero lets every hidden cell be recovered.
    #[error("a width of 0 allows every hidden cell to be recovered; choose 1 or more")]
    Width,
    /// A share that is not between 0 and 100 percent, or of no or too many contributors.
    #[error(
        "dominance must be between 0 and 100 percent, of 1 to {} contributors",
        super::aggregate::LARGEST_KEPT
    )]
    Dominance,
    /// Dominance among people.
    #[error("dominance is about amounts; a table of counts has none")]
    DominanceOfCounts,
}

impl Rules {
    /// The same for tables of amounts as they are seen from outside: none is so large that it cannot be about
    /// few.
    pub(super) fn of_amounts(&self) -> Rules {
        Rules { threshold: u64::MAX, ..self.clone() }
    }

    /// Everything that is wrong with the rules.
    pub fn faults(&self) -> Vec<RulesError> {
        let mut faults = Vec::new();
        if self.threshold < 2 {
            faults.push(RulesError::Threshold(self.threshold));
        }
        if self.width == 0 {
            faults.push(RulesError::Width);
        }
        let percent_is_bad = |percent: f64| !(percent > 0.0 && percent < 100.0);
        let bad = match self.dominance {
            None => false,
            Some(Dominance::Percent(percent)) => percent_is_bad(percent),
            Some(Dominance::Share { largest, percent }) => {
                percent_is_bad(percent) || !(1..=super::aggregate::LARGEST_KEPT).contains(&largest)
            }
        };
        if bad {
            faults.push(RulesError::Dominance);
        }
        faults
    }
}
