//! Between the columns of a row and the field's words.
//!
//! In: a row of the database. Out: kinds, codes, days, quarters and opaque ids, or
//! [`StoreError::DamagedRow`], which names the table and the row and never what stands there.

use jiff::civil::Date;
use records::Quarter;
use records::record::{OpaqueId, RecordKind};

use crate::StoreError;
use crate::database::Row;
use crate::own_key::Pseudonym;

/// A row of a table, by its number.
pub(crate) struct Columns<'r> {
    row: &'r Row,
    table: &'static str,
    id: i64,
}

impl<'r> Columns<'r> {
    /// Reads a row whose number is in the column `id`.
    pub(crate) fn of(
        table: &'static str,
        id: &str,
        row: &'r Row,
    ) -> Result<Columns<'r>, StoreError> {
        Ok(Columns { row, table, id: row.try_get(id)? })
    }

    pub(crate) fn number(&self) -> i64 {
        self.id
    }

    pub(crate) fn damaged(&self, what: &'static str) -> StoreError {
        StoreError::DamagedRow { table: self.table, id: self.id, what }
    }

    pub(crate) fn text(&self, column: &str) -> Result<String, StoreError> {
        Ok(self.row.try_get(column)?)
    }

    pub(crate) fn optional_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(self.row.try_get(column)?)
    }

    pub(crate) fn integer(&self, column: &str) -> Result<i64, StoreError> {
        Ok(self.row.try_get(column)?)
    }

    pub(crate) fn optional_integer(&self, column: &str) -> Result<Option<i64>, StoreError> {
        Ok(self.row.try_get(column)?)
    }

    pub(crate) fn count(&self, column: &str) -> Result<u64, StoreError> {
        u64::try_from(self.integer(column)?).map_err(|_| self.damaged("a count below zero"))
    }

    pub(crate) fn flag(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.integer(column)? != 0)
    }

    /// What a word stands for.
    pub(crate) fn word<T>(
        &self,
        column: &str,
        meaning: impl Fn(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let word: &str = self.row.try_get(column)?;
        meaning(word).ok_or_else(|| self.damaged("a word that means nothing"))
    }

    pub(crate) fn kind(&self, column: &str) -> Result<RecordKind, StoreError> {
        self.word(column, RecordKind::from_word)
    }

    pub(crate) fn day(&self, column: &str) -> Result<Date, StoreError> {
        self.word(column, |text| text.parse().ok())
    }

    pub(crate) fn optional_day(&self, column: &str) -> Result<Option<Date>, StoreError> {
        match self.row.try_get::<Option<&str>>(column)? {
            Some(_) => self.day(column).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn optional_quarter(&self, column: &str) -> Result<Option<Quarter>, StoreError> {
        match self.row.try_get::<Option<&str>>(column)? {
            Some(_) => self.word(column, |text| text.parse().ok()).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn bytes(&self, column: &str) -> Result<&'r [u8], StoreError> {
        Ok(self.row.try_get(column)?)
    }

    /// What stands for an own number: of a longer key, its beginning.
    pub(crate) fn mark(&self, column: &str) -> Result<Pseudonym, StoreError> {
        let found = self.bytes(column)?.first_chunk();
        found.copied().ok_or_else(|| self.damaged("a key that is too short"))
    }

    pub(crate) fn opaque_id(&self, column: &str) -> Result<OpaqueId, StoreError> {
        let bytes: &[u8] = self.row.try_get(column)?;
        bytes.try_into().map(OpaqueId).map_err(|_| self.damaged("an id that is not 16 bytes long"))
    }
}

/// A count as the database holds it.
pub(crate) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_beyond_the_database_does_not_become_negative() {
        assert_eq!(signed(u64::MAX), i64::MAX);
        assert_eq!(signed(7), 7);
    }
}
