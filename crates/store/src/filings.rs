//! Returns that are filed in the browser: drafted, signed, accepted or given back.
//!
//! In: a draft, saved as it is typed and sealed to its agency; then what the commander signs, which holds
//! totals and nothing about a person. Out: what waits for the collector, what she said to it, and which
//! agency is late. One filing of an agency and quarter waits at a time; every earlier one is kept.

use jiff::Timestamp;
use records::Quarter;
use sealing::{CompartmentKey, Place, Row as PlaceRow, Sealed};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::accounts::{CompartmentName, Session, compartments, joining};
use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{Row, Transaction, query, scalar};
use crate::{Accepted, NewReturn, Permission, Scope, Store, StoreError, returns};

pub(crate) use lateness::lateness;
pub use lateness::{Lateness, office_day};
pub use own_quarter::OwnQuarter;

/// What is being prepared.
#[derive(Debug)]
pub struct Draft {
    /// What was typed, as the page understands it.
    pub body: Zeroizing<String>,
    /// How often it was saved.
    pub version: i64,
    /// By whom last.
    pub saved_by: String,
    /// When (UTC).
    pub saved_at: String,
}

/// What became of what was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FilingState {
    /// The collector has not seen it yet.
    Waiting,
    /// It is a return.
    Accepted,
    /// It was given back with a question.
    Returned,
}

impl FilingState {
    fn from_word(word: &str) -> Option<FilingState> {
        match word {
            "waiting" => Some(FilingState::Waiting),
            "accepted" => Some(FilingState::Accepted),
            "returned" => Some(FilingState::Returned),
            _ => None,
        }
    }
}

/// What a commander signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filing {
    /// Its number.
    pub id: i64,
    /// Its agency.
    pub agency: String,
    /// Its quarter.
    pub quarter: String,
    /// The return.
    pub csv: String,
    /// BLAKE3 of it.
    pub digest: String,
    /// Who signed it; of one that came by mail, the collector who entered it.
    pub signed_by: String,
    /// When (UTC).
    pub signed_at: String,
    /// The collector who entered it, when it came by mail.
    pub received_by: Option<String>,
    /// The commander who said that what came by mail is what the agency sent.
    pub confirmed_by: Option<String>,
    /// When he said so (UTC).
    pub confirmed_at: Option<String>,
    /// What became of it.
    pub state: FilingState,
    /// What the collector asked.
    pub question: Option<String>,
    /// The return that it became.
    pub return_id: Option<i64>,
    /// Why it corrects what was accepted before.
    pub reason: Option<String>,
}

/// A draft as a list shows it: not what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSaved {
    /// Its quarter.
    pub quarter: Quarter,
    /// By whom it was saved last.
    pub saved_by: String,
    /// When (UTC).
    pub saved_at: String,
}

impl Filing {
    /// Whether it waits for the agency's commander, as it came by mail.
    pub fn awaits_its_agency(&self) -> bool {
        self.state == FilingState::Waiting
            && self.received_by.is_some()
            && self.confirmed_by.is_none()
    }
}

impl Store {
    /// Saves a draft over the version that was seen; 0 for the first. Returns the new version.
    ///
    /// # Errors
    ///
    /// [`StoreError::DraftChanged`] when somebody has saved meanwhile: nothing is lost, as nothing is
    /// written; [`StoreError::NoKeyToCompartment`], [`StoreError::NotPermitted`],
    /// [`StoreError::Database`].
    pub async fn save_draft(
        &self,
        session: &Session,
        quarter: Quarter,
        body: &str,
        seen: i64,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let scope = session.scope();
        let mut transaction = self.change(scope, Permission::FileReturns).await?;
        let agency = scope.agency().unwrap_or_default();
        // Whoever cannot read it does not write it.
        let known = compartments::expect_reader(&mut transaction, session, RETURNS, at).await?;
        let sealed = known.public.seal(&place(quarter_number(quarter)), body.as_bytes())?;
        // One statement, as it is done at every pause of somebody who types.
        let id: Option<i64> = scalar(
            "INSERT INTO draft (agency, quarter, body, version, saved_by, saved_at)
             SELECT $1, $2, $3, $4 + 1, $5, $6 WHERE $4 = 0
                OR EXISTS (SELECT 1 FROM draft WHERE agency = $1 AND quarter = $2)
             ON CONFLICT (agency, quarter) DO UPDATE SET
                body = excluded.body, version = excluded.version, saved_by = excluded.saved_by,
                saved_at = excluded.saved_at
             WHERE draft.version = $4
             RETURNING id",
        )
        .bind(agency)
        .bind(quarter.to_string())
        .bind(sealed.to_bytes())
        .bind(seen)
        .bind(scope.who())
        .bind(at.to_string())
        .fetch_optional(&mut transaction)
        .await?;
        let Some(id) = id else {
            let found = find_draft(&mut transaction, agency, quarter).await?;
            expect_version(found.as_ref(), seen)?;
            return Err(StoreError::DraftChanged { by: scope.who().to_owned() });
        };
        let why = quarter.to_string();
        audit::write(&mut transaction, (Subject::Draft, id), "saved", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(seen + 1)
    }

    /// The drafts of the scope's agency, without what is in them, by quarter.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn drafts_saved(&self, scope: &Scope) -> Result<Vec<DraftSaved>, StoreError> {
        let rows = query(
            "SELECT id, quarter, saved_by, saved_at FROM draft WHERE agency = $1 ORDER BY quarter",
        )
        .bind(scope.agency())
        .fetch_all(&mut self.read(scope, Permission::FileReturns).await?)
        .await?;
        let saved = |row: &Row| -> Result<DraftSaved, StoreError> {
            let columns = Columns::of("draft", "id", row)?;
            Ok(DraftSaved {
                quarter: columns.word("quarter", |word| word.parse().ok())?,
                saved_by: columns.text("saved_by")?,
                saved_at: columns.text("saved_at")?,
            })
        };
        rows.iter().map(saved).collect()
    }

    /// The draft from which a return of the session's agency was signed; nothing where it came by mail.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchFiling`], [`StoreError::NoKeyToCompartment`], [`StoreError::NotPermitted`],
    /// [`StoreError::Database`].
    pub async fn typed(
        &self,
        session: &Session,
        filing: i64,
        at: Timestamp,
    ) -> Result<Option<Zeroizing<String>>, StoreError> {
        let scope = session.scope();
        let mut moment = self.read(scope, Permission::FileReturns).await?;
        let agency = scope.agency().unwrap_or_default();
        let (key, _) = compartments::opened(&mut moment, session, RETURNS, at).await?;
        let row = query("SELECT * FROM filing WHERE id = $1 AND agency = $2")
            .bind(filing)
            .bind(agency)
            .fetch_optional(&mut moment)
            .await?;
        let row = row.ok_or(StoreError::NoSuchFiling(filing))?;
        let columns = Columns::of("filing", "id", &row)?;
        let quarter = columns.word("quarter", |word| word.parse().ok())?;
        let typed: Option<&[u8]> = row.try_get("typed")?;
        typed.map(|bytes| open(&key, quarter, bytes, &columns)).transpose()
    }

    /// The quarters for which figures of the scope's own agency stand, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn own_quarters(&self, scope: &Scope) -> Result<Vec<Quarter>, StoreError> {
        let rows = query(
            "SELECT DISTINCT quarter FROM current_figure
             WHERE reporter = $1 AND quarter IS NOT NULL ORDER BY quarter",
        )
        .bind(scope.agency())
        .fetch_all(&mut self.read(scope, Permission::ReadFilings).await?)
        .await?;
        let quarters = rows.iter().map(|row| row.try_get::<&str>("quarter"));
        Ok(quarters.filter_map(|word| word.ok()?.parse().ok()).collect())
    }

    /// Signs a return, which then waits for the collector; the draft of the version that was seen (0: there
    /// is none) is done with. Where a return of the quarter stands, [`Store::sign_correction`] says why.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotLive`] while its agency is still joining; [`StoreError::FilingWaits`] while an earlier one waits; [`StoreError::DraftChanged`] when somebody has
    /// saved another version; [`StoreError::NoKeyToCompartment`], [`StoreError::NotPermitted`],
    /// [`StoreError::Database`].
    pub async fn sign_return(
        &self,
        session: &Session,
        quarter: Quarter,
        csv: &str,
        seen: i64,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        self.sign(session, quarter, (csv, None), seen, at).await
    }

    /// Signs a correction of the return that stands, with its reason. The old return keeps its values.
    ///
    /// # Errors
    ///
    /// Those of [`Store::sign_return`].
    pub async fn sign_correction(
        &self,
        session: &Session,
        quarter: Quarter,
        (csv, reason): (&str, &str),
        seen: i64,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        self.sign(session, quarter, (csv, Some(reason)), seen, at).await
    }

    async fn sign(
        &self,
        session: &Session,
        quarter: Quarter,
        (csv, reason): (&str, Option<&str>),
        seen: i64,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let scope = session.scope();
        let mut transaction = self.change(scope, Permission::SignReturns).await?;
        let agency = scope.agency().unwrap_or_default();
        compartments::opened(&mut transaction, session, RETURNS, at).await?;
        joining::expect_live(&mut transaction, agency).await?;
        let found = find_draft(&mut transaction, agency, quarter).await?;
        expect_version(found.as_ref(), seen)?;
        let typed: Option<Vec<u8>> = match &found {
            Some(row) => Some(row.try_get::<&[u8]>("body")?.to_vec()),
            None => None,
        };
        let id: Option<i64> = scalar(
            "INSERT INTO filing
                (agency, quarter, csv, digest, signed_by, signed_at, state, reason, typed)
             VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8) ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(agency)
        .bind(quarter.to_string())
        .bind(csv)
        .bind(blake3::hash(csv.as_bytes()).to_hex().to_string())
        .bind(scope.who())
        .bind(at.to_string())
        .bind(reason)
        .bind(typed)
        .fetch_optional(&mut transaction)
        .await?;
        let id = id.ok_or(StoreError::FilingWaits)?;
        query("DELETE FROM draft WHERE agency = $1 AND quarter = $2")
            .bind(agency)
            .bind(quarter.to_string())
            .execute(&mut transaction)
            .await?;
        let why = quarter.to_string();
        audit::write(&mut transaction, (Subject::Filing, id), "signed", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// What was signed, newest first: of the scope's own agency, or to the collector of all.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn filings(&self, scope: &Scope) -> Result<Vec<Filing>, StoreError> {
        let rows = query(
            "SELECT * FROM filing WHERE ($1 = '*' OR agency = $1) ORDER BY signed_at DESC, id DESC",
        )
        .bind(scope.reach().unwrap_or("*"))
        .fetch_all(&mut self.read(scope, Permission::ReadFilings).await?)
        .await?;
        rows.iter().map(read).collect()
    }

    /// One filing: of the scope's own agency, or to the collector of any.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn filing(&self, scope: &Scope, id: i64) -> Result<Option<Filing>, StoreError> {
        let row = query("SELECT * FROM filing WHERE id = $1 AND ($2 = '*' OR agency = $2)")
            .bind(id)
            .bind(scope.reach().unwrap_or("*"))
            .fetch_optional(&mut self.read(scope, Permission::ReadFilings).await?)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Accepts what waits: it becomes a return, in the same transaction. A filing that gives a reason
    /// corrects the return of its quarter that stands, with that reason, unless `corrects` says another.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchFiling`] when nothing of this number waits, or `new` was read from other bytes;
    /// [`StoreError::NotConfirmed`] when it came by mail and its commander has not confirmed it;
    /// [`StoreError::OtherReturn`] when it speaks of another agency or quarter;
    /// those of [`Store::accept`].
    pub async fn accept_filing(
        &self,
        scope: &Scope,
        id: i64,
        new: &NewReturn,
        corrects: Option<(i64, &str)>,
        at: Timestamp,
    ) -> Result<Accepted, StoreError> {
        let mut transaction = self.change(scope, Permission::AcceptReturns).await?;
        let filing = waiting(&mut transaction, id).await?;
        if filing.digest != new.digest {
            return Err(StoreError::NoSuchFiling(id));
        }
        if filing.awaits_its_agency() {
            return Err(StoreError::NotConfirmed(id));
        }
        expect_own((&filing.agency, &filing.quarter), new)?;
        let stands = corrected(&mut transaction, &filing).await?;
        let reason = filing.reason.as_deref();
        let corrects = corrects.or(stands.zip(reason));
        let accepted = returns::accept(&mut transaction, scope, new, corrects, at).await?;
        let (Accepted::New(return_id) | Accepted::Already(return_id, _)) = accepted;
        query(
            "UPDATE filing SET state = 'accepted', return_id = $1, decided_by = $2, decided_at = $3
             WHERE id = $4",
        )
        .bind(return_id)
        .bind(scope.who())
        .bind(at.to_string())
        .bind(id)
        .execute(&mut transaction)
        .await?;
        audit::write(&mut transaction, (Subject::Filing, id), "accepted", scope, at, "").await?;
        transaction.commit().await?;
        Ok(accepted)
    }

    /// Gives back what waits, with a question.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchFiling`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn give_back(
        &self,
        scope: &Scope,
        id: i64,
        question: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::AcceptReturns).await?;
        waiting(&mut transaction, id).await?;
        query(
            "UPDATE filing SET state = 'returned', question = $1, decided_by = $2, decided_at = $3
             WHERE id = $4",
        )
        .bind(question)
        .bind(scope.who())
        .bind(at.to_string())
        .bind(id)
        .execute(&mut transaction)
        .await?;
        let subject = (Subject::Filing, id);
        audit::write(&mut transaction, subject, "given_back", scope, at, question).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// The version of a draft, when it is the one that was seen.
fn expect_version(draft: Option<&Row>, seen: i64) -> Result<i64, StoreError> {
    let version = draft.map_or(Ok(0), |row| row.try_get("version"))?;
    if version != seen {
        let by = draft.map_or(Ok("somebody"), |row| row.try_get("saved_by"))?;
        return Err(StoreError::DraftChanged { by: by.to_owned() });
    }
    Ok(version)
}

/// An agency files its own figures, for the quarter that it names.
fn expect_own((agency, quarter): (&str, &str), new: &NewReturn) -> Result<(), StoreError> {
    let named: Option<Quarter> = quarter.parse().ok();
    let other = new
        .checked
        .figures
        .iter()
        .find(|figure| figure.reporter != agency || figure.period.state_quarter() != named);
    match other {
        None => Ok(()),
        Some(figure) => Err(StoreError::OtherReturn {
            what: format!("{} in {}", figure.reporter, figure.period),
            agency: agency.to_owned(),
            quarter: quarter.to_owned(),
        }),
    }
}

/// The one return that stands for a filing's agency and quarter, and speaks of nothing else.
async fn corrected(
    transaction: &mut Transaction,
    filing: &Filing,
) -> Result<Option<i64>, StoreError> {
    let rows = query(
        "SELECT DISTINCT return_id FROM current_figure WHERE reporter = $1 AND quarter = $2
            AND NOT EXISTS (SELECT 1 FROM figure WHERE figure.return_id = current_figure.return_id
                AND (figure.reporter <> $1 OR figure.quarter IS DISTINCT FROM $2))",
    )
    .bind(&filing.agency)
    .bind(&filing.quarter)
    .fetch_all(transaction)
    .await?;
    match &rows[..] {
        [row] => Ok(Some(row.try_get("return_id")?)),
        _ => Ok(None),
    }
}

/// Opens what was sealed as the body of a draft.
fn open(
    key: &CompartmentKey,
    quarter: Quarter,
    sealed: &[u8],
    columns: &Columns<'_>,
) -> Result<Zeroizing<String>, StoreError> {
    let opened = key.open(&place(quarter_number(quarter)), &Sealed::from_bytes(sealed)?)?;
    let text = opened.text().ok_or_else(|| columns.damaged("no text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Where the body of a draft is sealed: there is one for each quarter of an agency.
fn place(quarter: i64) -> Place<'static> {
    Place { table: "draft", row: PlaceRow::Number(quarter), field: "body" }
}

/// A number that no other quarter has.
fn quarter_number(quarter: Quarter) -> i64 {
    let first = quarter.period().start().unwrap_or_default();
    i64::from(first.year()) * 12 + i64::from(first.month())
}

/// The compartment in which drafts are.
const RETURNS: CompartmentName = CompartmentName::Returns;

async fn find_draft(
    transaction: &mut Transaction,
    agency: &str,
    quarter: Quarter,
) -> Result<Option<Row>, StoreError> {
    Ok(query("SELECT * FROM draft WHERE agency = $1 AND quarter = $2")
        .bind(agency)
        .bind(quarter.to_string())
        .fetch_optional(transaction)
        .await?)
}

async fn waiting(transaction: &mut Transaction, id: i64) -> Result<Filing, StoreError> {
    let row = query("SELECT * FROM filing WHERE id = $1 AND state = 'waiting'")
        .bind(id)
        .fetch_optional(transaction)
        .await?;
    read(&row.ok_or(StoreError::NoSuchFiling(id))?)
}

fn read(row: &Row) -> Result<Filing, StoreError> {
    let columns = Columns::of("filing", "id", row)?;
    Ok(Filing {
        id: columns.number(),
        agency: columns.text("agency")?,
        quarter: columns.text("quarter")?,
        csv: columns.text("csv")?,
        digest: columns.text("digest")?,
        signed_by: columns.text("signed_by")?,
        signed_at: columns.text("signed_at")?,
        received_by: columns.optional_text("received_by")?,
        confirmed_by: columns.optional_text("confirmed_by")?,
        confirmed_at: columns.optional_text("confirmed_at")?,
        state: columns.word("state", FilingState::from_word)?,
        question: columns.optional_text("question")?,
        return_id: columns.optional_integer("return_id")?,
        reason: columns.optional_text("reason")?,
    })
}

mod lateness;
#[cfg(test)]
pub(crate) mod made;
mod own_quarter;
mod received;
#[cfg(test)]
mod tests;
