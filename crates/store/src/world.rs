//! What is made up never meets what is real.
//!
//! In: what would come in, and whether it is made up. Out: nothing, or a refusal: a store holds either. It
//! is decided from what is there: agencies that sign in, that this installation is or knows, and returns.
//! What its source has published is in both.

use crate::StoreError;
use crate::database::{Transaction, scalar};

/// Refuses what is made up in a store with something real in it, and the other way.
///
/// # Errors
///
/// [`StoreError::OtherWorld`], [`StoreError::Database`].
pub(crate) async fn expect_same_world(
    transaction: &mut Transaction,
    what: &str,
    practice: bool,
) -> Result<(), StoreError> {
    let (flag, standing) = match practice {
        true => (0, "submitted"),
        false => (1, "synthetic"),
    };
    let other: bool = scalar(
        "SELECT EXISTS (SELECT 1 FROM agency WHERE practice = $1)
            OR EXISTS (SELECT 1 FROM agency_self WHERE practice = $1 AND code <> $3)
            OR EXISTS (SELECT 1 FROM known_agency WHERE practice = $1 AND state = 'accepted' AND code <> $3)
            OR EXISTS (SELECT 1 FROM return_file WHERE standing = $2 AND state <> 'withdrawn')",
    )
    .bind(i64::from(flag))
    .bind(standing)
    .bind(what)
    .fetch_one(transaction)
    .await?;
    match other {
        true => Err(StoreError::OtherWorld { what: what.to_owned(), practice }),
        false => Ok(()),
    }
}
