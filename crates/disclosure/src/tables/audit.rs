//! What an attacker can work out from everything that is published together.
//!
//! In: published tables about the same people, earlier releases included ([`audit`]). Out: for
//! every hidden cell the interval of its possible values, given every published number, every total,
//! that counts are whole and not negative, and that a hidden cell is not zero where zeros are published
//! ([`Audit`]). Fails closed: tables that are
//! incomplete, contradict one another or take too much work are not called safe.
//!
//! The intervals are those of linear programmes (Hundepool et al. 2012, section 4.3.1), tightened
//! to whole numbers. The true interval of whole numbers lies within; in tables of three and more
//! dimensions it may be smaller. Solutions met on the way to one answer are used for the others.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::attack::Attack;
use super::intervals::{Counted, Interval, intervals, is_wide_enough};
use super::joint::MOST_COMBINATIONS;
use super::rules::{Rules, RulesError};
use crate::attacks::Stop;
use crate::published::PublishedTable;

/// What is known about every hidden cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// Every hidden cell.
    pub cells: Vec<AuditedCell>,
    /// How many of them an attacker can work out exactly.
    pub recovered: usize,
    /// How many have an interval that is too narrow, the recovered ones aside.
    pub too_narrow: usize,
}

/// A hidden cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditedCell {
    /// The table it is hidden in.
    pub table: String,
    /// Where it stands: dimension and category; dimensions at their total are left out.
    pub at: Vec<(String, String)>,
    /// The least that it can be,
    pub low: u64,
    /// and the most; nothing if there is no limit.
    pub high: Option<u64>,
    /// Whether the interval is exact, or only known to be at least this wide.
    pub exact: bool,
    /// Whether that is wide enough.
    pub verdict: Verdict,
}

/// Whether an interval is wide enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is.
    WideEnough,
    /// It is not, though the cell cannot be worked out exactly.
    TooNarrow,
    /// The cell can be worked out exactly.
    Recovered(Recovery),
}

/// How a hidden cell is worked out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recovery {
    /// Another table shows it.
    Shown {
        /// That table.
        by: String,
    },
    /// One total less its other parts.
    Subtraction {
        /// The table with the total.
        table: String,
        /// The dimension along which it is taken.
        dimension: String,
    },
    /// Several totals put together.
    SeveralTotals,
    /// Totals, and that no count is negative or broken.
    Bounds,
}

/// Why there is no audit. Nothing may be published then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditFailure {
    /// No table.
    #[error("there is no table to audit")]
    Nothing,
    /// The rules are at fault.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Rules(Vec<String>),
    /// Cells are missing, twice or elsewhere than the dimensions allow.
    #[error(
        "table \"{table}\" is not complete: it must have every combination of its categories and totals once"
    )]
    Incomplete {
        /// The table.
        table: String,
    },
    /// No counts at all satisfy what is published.
    #[error(
        "what is published contradicts itself in or around table \"{table}\": the tables are not about the same people, or a number is wrong"
    )]
    Contradiction {
        /// A table that takes part.
        table: String,
    },
    /// A noised table.
    #[error(
        "table \"{table}\" is noised: its protection is the noise, and it must not be mixed with exact tables"
    )]
    Noised {
        /// The table.
        table: String,
    },
    /// Too many counts behind the tables.
    #[error(
        "the dimensions of these tables go around in a ring (as a,b and b,c and c,a do), with more than {MOST_COMBINATIONS} combinations of categories behind it: what these rule out cannot all be tried; leave one of the tables out, or one dimension of it"
    )]
    TooManyCombinations,
    /// Whoever asked for it stopped it.
    #[error("the audit was stopped before it was finished")]
    Stopped,
    /// The work ran out.
    #[error(
        "the audit was not finished within {work_millions} million entries of work: {undecided} cells are undecided; allow more work or publish fewer tables at once"
    )]
    OutOfWork {
        /// What was allowed.
        work_millions: u64,
        /// How many cells have no verdict.
        undecided: usize,
    },
}

impl From<Vec<RulesError>> for AuditFailure {
    fn from(faults: Vec<RulesError>) -> AuditFailure {
        AuditFailure::Rules(faults.iter().map(ToString::to_string).collect())
    }
}

impl Audit {
    /// Whether everything may be published together.
    pub fn passed(&self) -> bool {
        self.recovered == 0 && self.too_narrow == 0
    }
}

/// Works out what an attacker can, from all tables together. Ends soon after `stop` is set.
///
/// # Errors
/// [`AuditFailure`]: then nothing may be published.
pub fn audit(
    published: &[PublishedTable],
    rules: &Rules,
    stop: &Stop,
) -> Result<Audit, AuditFailure> {
    if published.is_empty() {
        return audit_from(published, rules, None, stop);
    }
    // Nothing is known of how amounts of one column and those of another, or counts, hang together.
    let mut alike: BTreeMap<Option<&str>, Vec<PublishedTable>> = BTreeMap::new();
    for table in published {
        alike.entry(table.amount.as_deref()).or_default().push(table.clone());
    }
    let mut all = Audit { cells: Vec::new(), recovered: 0, too_narrow: 0 };
    for (amount, tables) in alike {
        let rules = if amount.is_some() { rules.of_amounts() } else { rules.clone() };
        let audit = audit_from(&tables, &rules, None, stop)?;
        all.cells.extend(audit.cells);
        all.recovered += audit.recovered;
        all.too_narrow += audit.too_narrow;
    }
    Ok(all)
}

/// As [`audit`], of tables that all count, or all add up the same, by whoever knows what was counted: that saves looking for a first solution, and
/// changes no verdict. Numbers that do not agree with what is published are a contradiction.
pub(super) fn audit_from(
    published: &[PublishedTable],
    rules: &Rules,
    counted: Option<Counted<'_>>,
    stop: &Stop,
) -> Result<Audit, AuditFailure> {
    let faults = rules.faults();
    if !faults.is_empty() {
        return Err(faults.into());
    }
    if published.is_empty() {
        return Err(AuditFailure::Nothing);
    }
    let attack = Attack::new(published, rules.zeros)?;
    let intervals = intervals(&attack, rules, published, counted, stop)?;
    Ok(verdicts(published, &attack, intervals, rules))
}

fn verdicts(
    published: &[PublishedTable],
    attack: &Attack,
    intervals: Vec<Interval>,
    rules: &Rules,
) -> Audit {
    let mut audit = Audit { cells: Vec::new(), recovered: 0, too_narrow: 0 };
    for (unknown, interval) in attack.unknown.iter().zip(intervals) {
        if !unknown.suppressed && unknown.rounded.is_none() {
            continue;
        }
        let table = &published[unknown.table];
        let verdict = if interval.high == Some(interval.low) {
            audit.recovered += 1;
            let shown =
                unknown.shown_by.map(|by| Recovery::Shown { by: published[by].name.clone() });
            Verdict::Recovered(shown.or(interval.how).unwrap_or(Recovery::Bounds))
        } else if is_wide_enough(&interval, unknown, rules) {
            Verdict::WideEnough
        } else {
            audit.too_narrow += 1;
            Verdict::TooNarrow
        };
        let at = table.cells[unknown.cell].at.iter().zip(&table.dimensions);
        let at = at.filter_map(|(place, dimension)| {
            place.map(|place| (dimension.name.clone(), dimension.categories[place].clone()))
        });
        audit.cells.push(AuditedCell {
            table: table.name.clone(),
            at: at.collect(),
            low: interval.low,
            high: interval.high,
            exact: interval.exact,
            verdict,
        });
    }
    audit
}
