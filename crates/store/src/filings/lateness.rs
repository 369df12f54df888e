//! When returns are due, who was given more time, and who is late.
//!
//! In: filings and extensions. Out: where each agency stands with each quarter ([`Lateness`]). A quarter
//! is owed when it ended after its agency went live: nobody is late with what she was never asked for.

use jiff::Timestamp;
use jiff::civil::Date;
use records::Quarter;
use serde::Serialize;

use super::FilingState;
use crate::accounts::agencies;
use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{Row, Transaction, query};
use crate::{Permission, Scope, Store, StoreError};

/// Days after the end of a quarter until its return is due.
const DUE_DAYS: i64 = 30;

/// Where an agency stands with one quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lateness {
    /// The agency.
    pub agency: String,
    /// The quarter.
    pub quarter: Quarter,
    /// The last day, with what was granted.
    pub due_on: Date,
    /// Why it was given more time; nothing where the last day is the usual one.
    pub extended: Option<String>,
    /// The number of the last filing.
    pub filing: Option<i64>,
    /// Its state; nothing when there is none.
    pub state: Option<FilingState>,
    /// Whether it is owed: its quarter ended after the agency went live (one that is made up: after it
    /// was let in), or the agency was given a day for it.
    pub owed: bool,
    /// Days after the last day on which it was signed, or until today while nothing was or it was
    /// given back; 0 in time, and where it is not owed.
    pub days_late: i64,
    /// Whether the last filing came by mail and waits for the agency's commander.
    pub awaits_its_agency: bool,
}

impl Store {
    /// Gives an agency more time; a later extension takes the place of an earlier one.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAgencyHere`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn extend(
        &self,
        scope: &Scope,
        agency: &str,
        quarter: Quarter,
        due_on: Date,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::AcceptReturns).await?;
        let id = agencies::number(&mut transaction, agency).await?;
        query(
            "INSERT INTO extension (agency, quarter, due_on, why) VALUES ($1, $2, $3, $4)
             ON CONFLICT (agency, quarter) DO UPDATE SET
                due_on = excluded.due_on, why = excluded.why",
        )
        .bind(agency)
        .bind(quarter.to_string())
        .bind(due_on.to_string())
        .bind(why)
        .execute(&mut transaction)
        .await?;
        let why = format!("{quarter} until {due_on}: {why}");
        audit::write(&mut transaction, (Subject::Joined, id), "extended", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Where every agency that files returns, or ever did, stands with the quarters from `first` to `last`,
    /// by quarter and agency; an agency sees itself. A return that came in as a file counts as accepted.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn lateness(
        &self,
        scope: &Scope,
        (first, last): (Quarter, Quarter),
        today: Date,
    ) -> Result<Vec<Lateness>, StoreError> {
        let mut moment = self.read(scope, Permission::ReadFilings).await?;
        lateness(&mut moment, scope.reach(), (first, last), today).await
    }
}

/// Where the agencies that file returns stand, those that are live or made up; of one agency, or of all.
pub(crate) async fn lateness(
    transaction: &mut Transaction,
    agency: Option<&str>,
    (first, last): (Quarter, Quarter),
    today: Date,
) -> Result<Vec<Lateness>, StoreError> {
    let mut found = Vec::new();
    // Of one agency it is asked at every pause of somebody who types: PostgreSQL keeps its plan only where
    // the condition is the same whatever the value.
    let of_whom = if agency.is_some() { "AND agency.code = $2" } else { "" };
    for quarter in first.up_to(last) {
        let asked = query(format!(
            "SELECT agency.id, agency.code, COALESCE(agency.live_at, agency.added_at) AS since,
                extension.due_on, extension.why, filing.id AS filing, filing.state,
                filing.signed_at, filing.received_by, filing.confirmed_by,
                (SELECT MIN(return_file.received_at)
                    FROM figure JOIN return_file ON return_file.id = figure.return_id
                    WHERE figure.reporter = agency.code AND figure.quarter = $1
                        AND return_file.state = 'accepted') AS came_in_at
             FROM agency
             LEFT JOIN extension ON extension.agency = agency.code AND extension.quarter = $1
             LEFT JOIN filing ON filing.id = (SELECT MAX(latest.id) FROM filing AS latest
                WHERE latest.agency = agency.code AND latest.quarter = $1)
             WHERE agency.left_at IS NULL {of_whom}
                AND (agency.practice = 1 OR agency.live_at IS NOT NULL)
                AND (EXISTS (SELECT 1 FROM compartment
                        WHERE compartment.agency = agency.code AND compartment.name = 'returns')
                    OR EXISTS (SELECT 1 FROM filing AS any_of
                        WHERE any_of.agency = agency.code))
             ORDER BY agency.code",
        ))
        .bind(quarter.to_string());
        let asked = match agency {
            Some(agency) => asked.bind(agency),
            None => asked,
        };
        for row in &asked.fetch_all(transaction).await? {
            found.push(late(row, quarter, today)?);
        }
    }
    Ok(found)
}

/// The day in California's offices, winter time all year: a day there lasts until eight in the morning in
/// Greenwich, or seven.
pub fn office_day(at: Timestamp) -> Date {
    at.to_zoned(jiff::tz::Offset::constant(-8).to_time_zone()).date()
}

fn late(row: &Row, quarter: Quarter, today: Date) -> Result<Lateness, StoreError> {
    let columns = Columns::of("agency", "id", row)?;
    let due_on = match columns.optional_day("due_on")? {
        Some(day) => day,
        None => usual_due_day(quarter).ok_or_else(|| columns.damaged("a quarter without end"))?,
    };
    let day = |column| match columns.optional_text(column)? {
        Some(text) => {
            let at: Timestamp = text.parse().map_err(|_| columns.damaged("a time that is none"))?;
            Ok(Some(office_day(at)))
        }
        None => Ok::<_, StoreError>(None),
    };
    let (state, signed) = match (columns.optional_text("state")?, day("came_in_at")?) {
        (Some(word), _) => {
            let state = FilingState::from_word(&word)
                .ok_or_else(|| columns.damaged("a state that is none"))?;
            (Some(state), day("signed_at")?)
        }
        (None, Some(came_in)) => (Some(FilingState::Accepted), Some(came_in)),
        (None, None) => (None, None),
    };
    let done = signed.filter(|_| state != Some(FilingState::Returned)).unwrap_or(today);
    let days = due_on.until(done).map_or(0, |span| i64::from(span.get_days()));
    let extended = columns.optional_text("why")?;
    let owed = extended.is_some() || quarter.period().end() >= day("since")?;
    Ok(Lateness {
        agency: columns.text("code")?,
        quarter,
        due_on,
        extended,
        filing: columns.optional_integer("filing")?,
        state,
        owed,
        days_late: if owed { days.max(0) } else { 0 },
        awaits_its_agency: state == Some(FilingState::Waiting)
            && columns.optional_text("received_by")?.is_some()
            && columns.optional_text("confirmed_by")?.is_none(),
    })
}

/// The last day for the return of a quarter; nothing beyond the calendar.
fn usual_due_day(quarter: Quarter) -> Option<Date> {
    quarter.period().end()?.checked_add(jiff::Span::new().days(DUE_DAYS)).ok()
}
