//! A return in, corrected, withdrawn, restored: all of it or nothing.
//!
//! In: a checked return with the digest of its bytes. Out: its number. Nothing is ever deleted:
//! a correction is another return that takes the place of the first, a withdrawal a state, and
//! both keep the old values with who, when and why.

use std::collections::HashSet;
use std::fmt;

use jiff::Timestamp;
use records::returns::Checked;
use records::{Answer, Dimension, Figure, FigureId, Standing};
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::database::{Transaction, query, scalar};
use crate::figures::{AnswerColumns, unsigned};
use crate::world::expect_same_world;
use crate::{Permission, Scope, Store, StoreError};

/// A checked return, ready to go in.
#[derive(Debug, Clone)]
pub struct NewReturn {
    /// BLAKE3 of the file's bytes, in hexadecimal.
    pub digest: String,
    /// The file's name.
    pub file_name: String,
    /// The mapping that read it.
    pub mapping: String,
    /// The published document behind it.
    pub document: Option<String>,
    /// The register's version its figures follow.
    pub definition_version: String,
    /// How far its figures may be shown.
    pub standing: Standing,
    /// What the check read.
    pub checked: Checked,
}

/// What became of a return that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It is in, under this number.
    New(i64),
    /// The same bytes were in already, under this number; nothing has changed.
    Already(i64, ReturnState),
}

/// The state of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnState {
    /// Its figures count.
    Accepted,
    /// Another return has taken its place.
    Corrected,
    /// Taken back.
    Withdrawn,
}

impl ReturnState {
    fn from_word(word: &str) -> ReturnState {
        match word {
            "corrected" => ReturnState::Corrected,
            "withdrawn" => ReturnState::Withdrawn,
            _ => ReturnState::Accepted,
        }
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            ReturnState::Accepted => "accepted",
            ReturnState::Corrected => "corrected",
            ReturnState::Withdrawn => "withdrawn",
        }
    }
}

/// Two returns that answer one question differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The question.
    pub figure: FigureId,
    /// The new answer, in the cell's own words.
    pub said: String,
    /// Where it stands.
    pub row: u64,
    /// Its column.
    pub column: String,
    /// The return that has answered it.
    pub return_id: i64,
    /// That return's file.
    pub file_name: String,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in return {} ({})", self.figure, self.return_id, self.file_name)
    }
}

/// A return as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredReturn {
    /// Its number.
    pub id: i64,
    /// BLAKE3 of its bytes.
    pub digest: String,
    /// Its file name.
    pub file_name: String,
    /// The mapping that read it.
    pub mapping: String,
    /// The published document behind it.
    pub document: Option<String>,
    /// The register's version its figures follow.
    pub definition_version: String,
    /// How far its figures may be shown.
    pub standing: Standing,
    /// Its state.
    pub state: ReturnState,
    /// The return that took its place.
    pub corrected_by: Option<i64>,
    /// Rows read.
    pub rows: u64,
    /// Its figures.
    pub figures: u64,
    /// Totals cross-footed and found right.
    pub cross_footed: u64,
    /// When it came in (UTC).
    pub received_at: String,
    /// What was done to it, in order.
    pub acts: Vec<Act>,
}

/// One thing done to a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Act {
    /// `received`, `corrected`, `withdrawn`, `restored`, `answered`.
    pub act: String,
    /// Who did it.
    pub who: String,
    /// When (UTC).
    pub at: String,
    /// Why.
    pub why: String,
}

impl Store {
    /// Takes a return in, in one transaction.
    ///
    /// A figure that another accepted return has answered otherwise is a conflict, unless the new
    /// answer has a later as-of date (a revision) or `corrects` names that return: then the old
    /// return becomes `corrected` and keeps its values.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflicts`] with all of them; [`StoreError::NoSuchReturn`],
    /// [`StoreError::WrongState`] and [`StoreError::CorrectsNothing`] for `corrects`; [`StoreError::Database`].
    pub async fn accept(
        &self,
        scope: &Scope,
        new: &NewReturn,
        corrects: Option<(i64, &str)>,
        at: Timestamp,
    ) -> Result<Accepted, StoreError> {
        let mut transaction = self.change(scope, Permission::AcceptReturns).await?;
        let accepted = accept(&mut transaction, scope, new, corrects, at).await?;
        transaction.commit().await?;
        Ok(accepted)
    }

    /// Withdraws an accepted return: its figures count no more and are kept.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchReturn`], [`StoreError::WrongState`], [`StoreError::Database`].
    pub async fn withdraw(
        &self,
        scope: &Scope,
        id: i64,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::AcceptReturns).await?;
        expect_state(&mut transaction, id, &[ReturnState::Accepted]).await?;
        query("UPDATE return_file SET state = 'withdrawn' WHERE id = $1")
            .bind(id)
            .execute(&mut transaction)
            .await?;
        audit::write(&mut transaction, (Subject::Return, id), "withdrawn", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Brings a withdrawn return back, or one whose correction was itself withdrawn.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflicts`] when another return has answered its questions meanwhile;
    /// [`StoreError::NoSuchReturn`], [`StoreError::WrongState`], [`StoreError::Database`].
    pub async fn restore(
        &self,
        scope: &Scope,
        id: i64,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::AcceptReturns).await?;
        expect_state(&mut transaction, id, &[ReturnState::Withdrawn, ReturnState::Corrected])
            .await?;
        let kept = crate::figures::of_return(&mut transaction, id).await?;
        let standing = kept.first().map_or(Standing::Submitted, |figure| figure.standing);
        let figures: Vec<Figure> = kept.into_iter().map(|stored| stored.figure).collect();
        let conflicts = conflicts(&mut transaction, &figures, standing, None).await?;
        if !conflicts.is_empty() {
            return Err(StoreError::Conflicts(conflicts));
        }
        query("UPDATE return_file SET state = 'accepted', corrected_by = NULL WHERE id = $1")
            .bind(id)
            .execute(&mut transaction)
            .await?;
        audit::write(&mut transaction, (Subject::Return, id), "restored", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The number of a return, by its number or the first letters of its digest (at least six).
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchReturn`] when none or several fit; [`StoreError::Database`].
    pub async fn find_return(&self, scope: &Scope, name: &str) -> Result<StoredReturn, StoreError> {
        let by_digest = name.len() >= 6;
        let mut found: Vec<StoredReturn> = self.returns(scope).await?;
        found.retain(|one| {
            one.id.to_string() == name || (by_digest && one.digest.starts_with(name))
        });
        match found.len() {
            1 => Ok(found.remove(0)),
            _ => Err(StoreError::NoSuchReturn(name.to_owned())),
        }
    }

    /// Every return, in the order in which they came in. Somebody of an agency sees those that were
    /// published and those in which her agency reports.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn returns(&self, scope: &Scope) -> Result<Vec<StoredReturn>, StoreError> {
        let mut moment = self.read(scope, Permission::ReadReturns).await?;
        let rows = query(
            "SELECT return_file.*,
                (SELECT COUNT(*) FROM figure WHERE return_id = return_file.id) AS figures,
                (SELECT COUNT(*) FROM cross_foot WHERE return_id = return_file.id) AS cross_footed
             FROM return_file
             WHERE $1 = '*' OR standing = 'published' OR EXISTS
                (SELECT 1 FROM figure WHERE return_id = return_file.id AND reporter = $1)
             ORDER BY id",
        )
        .bind(scope.reach().unwrap_or("*"))
        .fetch_all(&mut moment)
        .await?;
        let mut returns = Vec::with_capacity(rows.len());
        for row in rows {
            let standing: String = row.try_get("standing")?;
            returns.push(StoredReturn {
                id: row.try_get("id")?,
                digest: row.try_get("digest")?,
                file_name: row.try_get("file_name")?,
                mapping: row.try_get("mapping")?,
                document: row.try_get("document")?,
                definition_version: row.try_get("definition_version")?,
                standing: Standing::from_word(&standing).unwrap_or(Standing::Submitted),
                state: ReturnState::from_word(row.try_get("state")?),
                corrected_by: row.try_get("corrected_by")?,
                rows: unsigned(row.try_get("data_rows")?),
                figures: unsigned(row.try_get("figures")?),
                cross_footed: unsigned(row.try_get("cross_footed")?),
                received_at: row.try_get("received_at")?,
                acts: Vec::new(),
            });
        }
        let acts = audit::of(&mut moment, Subject::Return).await?;
        for (id, act) in acts {
            if let Some(one) = returns.iter_mut().find(|one| one.id == id) {
                one.acts.push(act);
            }
        }
        Ok(returns)
    }
}

/// Takes a return in, within a change.
pub(crate) async fn accept(
    transaction: &mut Transaction,
    scope: &Scope,
    new: &NewReturn,
    corrects: Option<(i64, &str)>,
    at: Timestamp,
) -> Result<Accepted, StoreError> {
    let already = query("SELECT id, state FROM return_file WHERE digest = $1")
        .bind(&new.digest)
        .fetch_optional(transaction)
        .await?;
    if let Some(row) = already {
        let state = ReturnState::from_word(row.try_get("state")?);
        return Ok(Accepted::Already(row.try_get("id")?, state));
    }
    // What its source has published is in practice too.
    if new.standing != Standing::Published {
        let practice = new.standing == Standing::Synthetic;
        expect_same_world(transaction, &new.file_name, practice).await?;
    }
    if let Some((old, _)) = corrects {
        expect_state(transaction, old, &[ReturnState::Accepted]).await?;
        let answered = crate::figures::of_return(transaction, old).await?;
        let new_questions: HashSet<FigureId> = new.checked.figures.iter().map(Figure::id).collect();
        if !answered.iter().any(|stored| new_questions.contains(&stored.id)) {
            return Err(StoreError::CorrectsNothing(old));
        }
    }
    let conflicts =
        conflicts(transaction, &new.checked.figures, new.standing, corrects.map(|c| c.0)).await?;
    if !conflicts.is_empty() {
        return Err(StoreError::Conflicts(conflicts));
    }
    let id = insert_return(transaction, new, at).await?;
    for figure in &new.checked.figures {
        insert_figure(transaction, id, figure).await?;
    }
    insert_checks(transaction, id, &new.checked).await?;
    audit::write(transaction, (Subject::Return, id), "received", scope, at, "sent").await?;
    if let Some((old, why)) = corrects {
        query("UPDATE return_file SET state = 'corrected', corrected_by = $1 WHERE id = $2")
            .bind(id)
            .bind(old)
            .execute(transaction)
            .await?;
        audit::write(transaction, (Subject::Return, old), "corrected", scope, at, why).await?;
    }
    Ok(Accepted::New(id))
}

async fn expect_state(
    connection: &mut Transaction,
    id: i64,
    wanted: &[ReturnState],
) -> Result<(), StoreError> {
    let state: Option<String> = scalar("SELECT state FROM return_file WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    let state = state.ok_or_else(|| StoreError::NoSuchReturn(id.to_string()))?;
    if wanted.iter().any(|one| one.as_str() == state) {
        return Ok(());
    }
    let fix = match wanted {
        [ReturnState::Accepted] => "only an accepted return can be corrected or withdrawn",
        _ => "it counts already, and there is nothing to undo",
    };
    Err(StoreError::WrongState { id, state, fix: fix.to_owned() })
}

/// The figures that another accepted return answers otherwise, with no later as-of date to tell
/// which answer stands.
async fn conflicts(
    transaction: &mut Transaction,
    figures: &[Figure],
    standing: Standing,
    corrects: Option<i64>,
) -> Result<Vec<Conflict>, StoreError> {
    let mut conflicts = Vec::new();
    for figure in figures {
        let id = figure.id();
        let answer = AnswerColumns::of(&figure.answer);
        let as_of = figure.as_of.map(|day| day.to_string());
        let row = query(
            "SELECT return_file.id AS id, return_file.file_name AS file_name
             FROM figure JOIN return_file ON return_file.id = figure.return_id
             WHERE figure.figure_id = $1 AND return_file.standing = $2
               AND return_file.state = 'accepted' AND return_file.id <> $3
               AND NOT (figure.answer = $4 AND figure.scaled IS NOT DISTINCT FROM $5 AND figure.decimals IS NOT DISTINCT FROM $6
                        AND figure.qualifier IS NOT DISTINCT FROM $7)
               AND ($8 IS NULL OR figure.as_of IS NOT DISTINCT FROM $8)
             ORDER BY return_file.id LIMIT 1",
        )
        .bind(&id.0)
        .bind(standing.as_str())
        .bind(corrects.unwrap_or(-1))
        .bind(answer.answer)
        .bind(answer.scaled)
        .bind(answer.decimals)
        .bind(answer.qualifier)
        .bind(as_of)
        .fetch_optional(transaction)
        .await?;
        if let Some(row) = row {
            conflicts.push(Conflict {
                figure: id,
                said: figure.as_said.clone(),
                row: figure.origin.row,
                column: figure.origin.column.clone(),
                return_id: row.try_get("id")?,
                file_name: row.try_get("file_name")?,
            });
        }
    }
    Ok(conflicts)
}

async fn insert_return(
    transaction: &mut Transaction,
    new: &NewReturn,
    at: Timestamp,
) -> Result<i64, StoreError> {
    let id = scalar(
        "INSERT INTO return_file (digest, file_name, mapping, document, definition_version,
            standing, state, data_rows, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'accepted', $7, $8) RETURNING id",
    )
    .bind(&new.digest)
    .bind(&new.file_name)
    .bind(&new.mapping)
    .bind(&new.document)
    .bind(&new.definition_version)
    .bind(new.standing.as_str())
    .bind(i64::try_from(new.checked.rows).unwrap_or(i64::MAX))
    .bind(at.to_string())
    .fetch_one(transaction)
    .await?;
    Ok(id)
}

async fn insert_figure(
    transaction: &mut Transaction,
    return_id: i64,
    figure: &Figure,
) -> Result<(), StoreError> {
    let answer = AnswerColumns::of(&figure.answer);
    let mut insert = query(
        "INSERT INTO figure (return_id, figure_id, measure, reporter, unit, period, period_start,
            period_end, quarter, signature, breakdowns, answer, scaled, decimals, qualifier,
            as_said, as_of, part, row_number, column_name, note,
            place, county, task_force, agency, trafficking_type, statute, conduct, age, status,
            service, benefit, origin, programme, category)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)",
    )
    .bind(return_id)
    .bind(figure.id().0)
    .bind(&figure.measure)
    .bind(&figure.reporter)
    .bind(figure.unit.as_str())
    .bind(figure.period.to_string())
    .bind(figure.period.start().map(|day| day.to_string()))
    .bind(figure.period.end().map(|day| day.to_string()))
    .bind(figure.period.state_quarter().map(|quarter| quarter.to_string()))
    .bind(i64::from(figure.signature()))
    .bind(i64::from(figure.signature().count_ones()))
    .bind(answer.answer)
    .bind(answer.scaled)
    .bind(answer.decimals)
    .bind(answer.qualifier)
    .bind(match &figure.answer {
        Answer::Said { text } => text.clone(),
        _ => figure.as_said.clone(),
    })
    .bind(figure.as_of.map(|day| day.to_string()))
    .bind(match figure.part {
        records::Part::Cell => "cell",
        records::Part::Total => "total",
    })
    .bind(i64::try_from(figure.origin.row).unwrap_or(i64::MAX))
    .bind(&figure.origin.column)
    .bind(&figure.note);
    for dimension in Dimension::ALL {
        insert = insert.bind(figure.dimensions.get(&dimension));
    }
    insert.execute(transaction).await?;
    Ok(())
}

async fn insert_checks(
    transaction: &mut Transaction,
    return_id: i64,
    checked: &Checked,
) -> Result<(), StoreError> {
    for foot in &checked.cross_footed {
        query("INSERT INTO cross_foot VALUES ($1, $2, $3, $4, $5)")
            .bind(return_id)
            .bind(&foot.total.0)
            .bind(foot.stated)
            .bind(foot.summed)
            .bind(i64::try_from(foot.cells).unwrap_or(i64::MAX))
            .execute(transaction)
            .await?;
    }
    for one in &checked.classifications {
        query(
            "INSERT INTO classification (return_id, figure_id, agency_word, state_code, agrees)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(return_id)
        .bind(&one.figure.0)
        .bind(&one.agency)
        .bind(&one.state)
        .bind(i64::from(one.agrees))
        .execute(transaction)
        .await?;
    }
    Ok(())
}
