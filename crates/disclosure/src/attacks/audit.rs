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

/// Amounts beside other exact releases of the same data set: what they give away together of one person's
/// amount depends on how few came or went, and on who has any, and amounts do not say that. `earlier`:
/// whether each earlier exact release is of amounts.
pub fn amounts_beside_others(tables: &[PublishedTable], earlier: &[bool]) -> Attack {
    let of_amounts = tables.iter().filter(|table| table.amount.is_some()).count();
    let found = match (of_amounts, tables.len()) {
        (0, _) => earlier.iter().filter(|amounts| **amounts).count(),
        (some, all) => earlier.len() + usize::from(some < all),
    };
    Attack::certain(
        "amounts beside others",
        "are amounts and another exact release of the same data set known together?",
        found as u64,
        (earlier.len() + 1) as u64,
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
