//! Encodings of people received: which stand, and in which somebody is still to be looked for.
//!
//! In: a submission that came with encodings. Out: the files that are to be compared; the people
//! that must go from them; the file that takes the place of another. A file that is gone, because a
//! linkage was accepted, stays gone.

use std::collections::BTreeMap;

use jiff::Timestamp;
use records::record::{OpaqueId, RecordKind};

use crate::audit::{self, Subject};
use crate::columns::{Columns, signed};
use crate::database::query;
use crate::purged::{PurgeKind, taken_back};
use crate::{Permission, Scope, Store, StoreError};

/// Encodings as they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedEncodings {
    /// Their file, in the folder of the submission.
    pub file: String,
    /// How many people.
    pub rows: u64,
    /// The fingerprint of the linkage key.
    pub key_fingerprint: String,
}

/// Encodings that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEncodings {
    /// The submission.
    pub submission: i64,
    /// The agency's code.
    pub agency: String,
    /// Whether everything in it is made up.
    pub practice: bool,
    /// The submission's place among everything of its agency.
    pub sequence: u64,
    /// Where they lie, below the data folder.
    pub folder: String,
    /// What they are.
    pub encodings: ReceivedEncodings,
}

/// Encodings in which somebody is to be looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodingsDue {
    /// The encodings as they are now.
    pub stored: StoredEncodings,
    /// People who were taken back, with why.
    pub ids: BTreeMap<OpaqueId, PurgeKind>,
    /// The last withdrawal that is among them.
    pub through: i64,
}

/// A file of encodings that takes the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEncodings {
    /// The submission.
    pub submission: i64,
    /// The file until now.
    pub old_file: String,
    /// The file from now on.
    pub new_file: String,
    /// How many people are left in it.
    pub rows_left: u64,
    /// How many were removed.
    pub removed: u64,
}

const THERE: &str = "SELECT received_encodings.*, agency, practice, sequence, folder, state,
        (SELECT COALESCE(MAX(id), 0) FROM received_withdrawn) AS through
    FROM received_encodings JOIN received_file ON received_file.id = received_id
    WHERE file IS NOT NULL
    ORDER BY agency, sequence";

impl Store {
    /// The encodings of submissions that count, made up or real, by agency and place.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn standing_encodings(
        &self,
        scope: &Scope,
        practice: bool,
    ) -> Result<Vec<StoredEncodings>, StoreError> {
        let rows =
            query(THERE).fetch_all(&mut self.read(scope, Permission::ReadLinkage).await?).await?;
        let mut standing = Vec::new();
        for row in &rows {
            let columns = Columns::of("received_encodings", "received_id", row)?;
            if columns.text("state")? == "accepted" && columns.flag("practice")? == practice {
                standing.push(stored(&columns)?);
            }
        }
        Ok(standing)
    }

    /// All encodings that are there, whatever became of their submission, with who was taken back
    /// since they were last looked through.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn encodings_due(&self, scope: &Scope) -> Result<Vec<EncodingsDue>, StoreError> {
        let mut moment = self.read(scope, Permission::ReceiveSubmissions).await?;
        let rows = query(THERE).fetch_all(&mut moment).await?;
        let mut due = Vec::new();
        for row in &rows {
            let columns = Columns::of("received_encodings", "received_id", row)?;
            let since = columns.integer("purged_through")?;
            let kind = RecordKind::Victim;
            due.push(EncodingsDue {
                stored: stored(&columns)?,
                ids: taken_back(&mut moment, columns.number(), kind, since).await?,
                through: columns.integer("through")?,
            });
        }
        Ok(due)
    }

    /// Puts a file in the place of another from which people were removed, in one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::TableChanged`], [`StoreError::Database`].
    pub async fn purge_encodings(
        &self,
        scope: &Scope,
        new: &NewEncodings,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ReceiveSubmissions).await?;
        let changed = query(
            "UPDATE received_encodings SET file = $1, row_count = $2
             WHERE received_id = $3 AND file = $4",
        )
        .bind(&new.new_file)
        .bind(signed(new.rows_left))
        .bind(new.submission)
        .bind(&new.old_file)
        .execute(&mut transaction)
        .await?;
        if changed != 1 {
            let (id, record) = (new.submission, RecordKind::Victim);
            return Err(StoreError::TableChanged { id, record });
        }
        let subject = (Subject::Received, new.submission);
        let why = format!("{} encodings", new.removed);
        audit::write(&mut transaction, subject, "purged", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Says that encodings were looked through for everybody taken back until then.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn encodings_purged_through(
        &self,
        scope: &Scope,
        submission: i64,
        through: i64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ReceiveSubmissions).await?;
        query(
            "UPDATE received_encodings SET purged_through =
                CASE WHEN purged_through < $1 THEN $1 ELSE purged_through END
             WHERE received_id = $2",
        )
        .bind(through)
        .bind(submission)
        .execute(&mut transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}

fn stored(columns: &Columns<'_>) -> Result<StoredEncodings, StoreError> {
    Ok(StoredEncodings {
        submission: columns.number(),
        agency: columns.text("agency")?,
        practice: columns.flag("practice")?,
        sequence: columns.count("sequence")?,
        folder: columns.text("folder")?,
        encodings: ReceivedEncodings {
            file: columns.text("file")?,
            rows: columns.count("row_count")?,
            key_fingerprint: columns.text("key_fingerprint")?,
        },
    })
}
