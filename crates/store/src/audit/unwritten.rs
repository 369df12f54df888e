//! Rows of the audit that are not in the database yet.
//!
//! In: what the changes of one group do, in order ([`Unwritten::push`]). Out: their rows at the end of
//! the chain, many in one statement ([`Unwritten::write`]): before the group commits, and before a
//! statement that speaks of the audit. One who is undone takes only her own rows along
//! ([`Unwritten::undo`]), also when the database has forgotten those of others with hers, because she had
//! them written.

use sqlx::Error;

use super::chain::{commitment, hash};
use super::{AuditRow, LAST, end};
use crate::database::{Value, Writes, placeholders};

/// Rows in one statement.
const AT_ONCE: usize = 32;

/// So many wait; whoever does more in one change has them written meanwhile.
const MOST: usize = 1024;

const ROWS: &str = "INSERT INTO audit_row (id, at, who, role, purpose, subject, subject_id, act, reason, hash) VALUES ";
const REASONS: &str = "INSERT INTO audit_reason (row_id, salt, why) VALUES ";

/// A row without its place in the chain.
pub(crate) struct Unnumbered {
    pub(super) row: AuditRow,
    pub(super) salt: [u8; 32],
}

/// The rows of one group of changes.
#[derive(Default)]
pub(crate) struct Unwritten {
    /// In order: first those that are in the database, as far as they may have to be written again.
    rows: Vec<Unnumbered>,
    written: usize,
    /// How many rows there were when the change that is under way began, and how many of them written.
    others: (usize, usize),
}

impl Unwritten {
    /// A change begins, which may be undone.
    pub(crate) fn begin(&mut self) {
        self.others = (self.rows.len(), self.written);
    }

    /// The change was undone, and in the database everything since it began.
    pub(crate) fn undo(&mut self) {
        let (rows, written) = self.others;
        self.rows.truncate(rows);
        self.written = written;
    }

    pub(crate) fn push(&mut self, row: Unnumbered) {
        self.rows.push(row);
    }

    pub(crate) fn are_many(&self) -> bool {
        self.rows.len() - self.written >= MOST
    }

    /// Writes what is not written yet at the end of the chain, which must have one that reads.
    ///
    /// # Errors
    ///
    /// Those of the database; then the change or the group is undone.
    pub(crate) async fn write(&mut self, connection: &mut impl Writes) -> Result<(), Error> {
        if self.rows.len() == self.written {
            return Ok(());
        }
        let found = connection.fetch(LAST.into(), Vec::new()).await?;
        // Whoever waits is told with the group, which fails as the database would.
        let (mut number, mut before) =
            end(&found).map_err(|error| Error::Protocol(error.to_string()))?;
        for chunk in self.rows[self.written..].chunks_mut(AT_ONCE) {
            let (mut acts, mut reasons) = (Vec::<Value>::new(), Vec::<Value>::new());
            for Unnumbered { row, salt } in &mut *chunk {
                number = after(number)?;
                row.id = number;
                let why = row.why.as_deref().unwrap_or_default();
                let reason = commitment(salt, why);
                before = hash(&before, row, &reason);
                let [at, who, role] = [&row.at, &row.who, &row.role].map(Value::from);
                let [purpose, subject, act] =
                    [&row.purpose, &row.subject, &row.act].map(Value::from);
                let (id, of) = (row.id.into(), row.subject_id.into());
                let [reason, hash] = [&reason[..], &before[..]].map(Value::from);
                acts.extend([id, at, who, role, purpose, subject, of, act, reason, hash]);
                reasons.extend([row.id.into(), salt[..].into(), why.into()]);
            }
            for (into, columns, values) in [(ROWS, 10, acts), (REASONS, 3, reasons)] {
                let sql = format!("{into}{}", placeholders(0, chunk.len(), columns));
                connection.execute(sql.into(), values).await?;
            }
        }
        // Of her own, nobody needs them again: with her they are kept, or go.
        self.rows.truncate(self.others.0);
        self.written = self.rows.len();
        Ok(())
    }
}

/// The number after another; nothing here may panic, or nobody writes any more.
fn after(number: i64) -> Result<i64, Error> {
    number.checked_add(1).ok_or_else(|| Error::Protocol("the audit has no number left".into()))
}
