//! Rows that were sent under a mode that has ended since.
//!
//! In: what was sent, and the modes that stand on a day. Out: the files whose rows lie at the
//! clearinghouse though they could not leave today. A mode that ends keeps rows back from then on
//! and takes none back: for that the agency sends a correction.

use std::fmt;

use jiff::civil::Date;
use records::disclosure::{CLEARINGHOUSE, Disclosure, Mode};
use records::record::RecordKind;
use serde::Serialize;
use store::{Scope, Store};

use super::AgencyError;
use super::plan::standing;

/// Rows of one file and kind that could not leave today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EndedRows {
    /// The kind of record.
    pub record: RecordKind,
    /// The number of the file.
    pub sequence: u64,
    /// How many records.
    pub records: u64,
}

impl fmt::Display for EndedRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EndedRows { record, sequence, records } = self;
        let (lie, mode) = if *records == 1 { ("lies", "its") } else { ("lie", "their") };
        write!(
            f,
            "{records} of {} sent in file {sequence} {lie} at the clearinghouse, and {mode} mode has \
             ended: sign a new one, or take the rows back with clearway submit --corrects {sequence}",
            record.plural().replace('_', " ")
        )
    }
}

/// The rows that lie at the clearinghouse under modes that have ended by a day.
///
/// # Errors
///
/// [`AgencyError::Store`].
pub async fn rows_of_ended_modes(
    store: &Store,
    scope: &Scope,
    day: Date,
) -> Result<Vec<EndedRows>, AgencyError> {
    let modes = store.standing_modes(scope).await?;
    let disclosure = Disclosure::on(day, CLEARINGHOUSE, &modes, []);
    let sent = store.sent(scope).await?;
    let stands = |sequence| standing(&sent).any(|one| one.sent.sequence == sequence);
    let rows = store.sent_rows(scope).await?;
    let ended = rows.into_iter().filter(|(record, sequence, _)| {
        disclosure.mode(*record) == Mode::TotalsOnly && stands(*sequence)
    });
    Ok(ended.map(|(record, sequence, records)| EndedRows { record, sequence, records }).collect())
}
