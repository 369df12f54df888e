//! Tables of exact counts: what follows from them, and what they show outright.

use serde::{Deserialize, Serialize};

use super::attack::{Attack, AttackError};
use crate::published::{PublishedTable, PublishedValue};

/// What the audit by linear programming found in all tables together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditOutcome {
    /// Cells that are hidden.
    pub hidden: u64,
    /// Of those, the cells whose interval is too narrow, those that follow exactly among them.
    pub recovered: u64,
}

/// The audit as an attack: one hidden cell that follows is too many.
pub fn audit(outcome: AuditOutcome) -> Attack {
    Attack::certain(
        "audit of tables",
        "which hidden cells follow, exactly or nearly, from everything that is shown?",
        outcome.recovered,
        outcome.hidden,
    )
}

/// Tables that add up the amounts of a column that a release before added up: what the two give away of one
/// person's amount depends on how few came or went, and the amounts do not say that.
pub fn amounts_again(tables: &[PublishedTable], earlier: &[&[PublishedTable]]) -> Attack {
    let before = || earlier.iter().flat_map(|tables| tables.iter());
    let again = |table: &&PublishedTable| {
        table.amount.is_some() && before().any(|before| before.amount == table.amount)
    };
    let of_amounts = tables.iter().filter(|table| table.amount.is_some());
    Attack::certain(
        "amounts again",
        "does an earlier release add up the same amounts, so that a difference may be one person's?",
        tables.iter().filter(again).count() as u64,
        of_amounts.count() as u64,
    )
}

/// Cells that show fewer people than the threshold, but not none.
///
/// # Errors
/// Cells with noise: whether they are harmless is another question.
pub fn small_cells(tables: &[PublishedTable], threshold: u64) -> Result<Attack, AttackError> {
    let noised = |table: &&PublishedTable| {
        table.cells.iter().any(|cell| matches!(cell.value, PublishedValue::Noised { .. }))
    };
    if let Some(table) = tables.iter().find(noised) {
        return Err(AttackError::Kind(table.name.clone()));
    }
    let shown = || {
        let counts = tables.iter().filter(|table| table.amount.is_none());
        counts.flat_map(|table| &table.cells).filter_map(|cell| match cell.value {
            PublishedValue::Exact(count) if count > 0 => Some(count),
            _ => None,
        })
    };
    Ok(Attack::certain(
        "small cells",
        "does a cell show, exactly, fewer people than the threshold?",
        shown().filter(|&count| count < threshold).count() as u64,
        shown().count() as u64,
    ))
}
