//! An agency's own classification where it disagrees with the state's: a query, until answered.

use jiff::Timestamp;
use records::FigureId;
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::database::{query, scalar};
use crate::{Permission, Scope, Store, StoreError};

/// One disagreement between an agency's classification and the state's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassificationQuery {
    /// Its number.
    pub id: i64,
    /// The return.
    pub return_id: i64,
    /// The figure.
    pub figure: FigureId,
    /// The agency's own word.
    pub agency: String,
    /// The state's code.
    pub state: Option<String>,
    /// How it was answered.
    pub answer: Option<String>,
    /// By whom.
    pub answered_by: Option<String>,
    /// When (UTC).
    pub answered_at: Option<String>,
}

impl Store {
    /// Every disagreement in the returns that stand, open or answered; of an agency, about its own figures.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn classification_queries(
        &self,
        scope: &Scope,
    ) -> Result<Vec<ClassificationQuery>, StoreError> {
        let rows = query(
            "SELECT classification.* FROM classification
             JOIN return_file ON return_file.id = classification.return_id
             WHERE classification.agrees = 0 AND return_file.state = 'accepted'
                AND ($1 = '*' OR EXISTS (SELECT 1 FROM figure
                    WHERE figure.return_id = classification.return_id
                        AND figure.figure_id = classification.figure_id AND figure.reporter = $1))
             ORDER BY classification.id",
        )
        .bind(scope.reach().unwrap_or("*"))
        .fetch_all(&mut self.read(scope, Permission::ReadReturns).await?)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ClassificationQuery {
                    id: row.try_get("id")?,
                    return_id: row.try_get("return_id")?,
                    figure: FigureId(row.try_get("figure_id")?),
                    agency: row.try_get("agency_word")?,
                    state: row.try_get("state_code")?,
                    answer: row.try_get("answer")?,
                    answered_by: row.try_get("answered_by")?,
                    answered_at: row.try_get("answered_at")?,
                })
            })
            .collect()
    }

    /// Answers a disagreement; a later answer takes the place of an earlier one, and both stay
    /// among the acts of the return.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchQuery`], [`StoreError::Database`].
    pub async fn answer_query(
        &self,
        scope: &Scope,
        id: i64,
        answer: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::AcceptReturns).await?;
        let return_id: Option<i64> =
            scalar("SELECT return_id FROM classification WHERE id = $1 AND agrees = 0")
                .bind(id)
                .fetch_optional(&mut transaction)
                .await?;
        let return_id = return_id.ok_or(StoreError::NoSuchQuery(id))?;
        query(
            "UPDATE classification SET answer = $1, answered_by = $2, answered_at = $3
             WHERE id = $4",
        )
        .bind(answer)
        .bind(scope.who())
        .bind(at.to_string())
        .bind(id)
        .execute(&mut transaction)
        .await?;
        audit::write(&mut transaction, (Subject::Return, return_id), "answered", scope, at, answer)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
