//! Which reminders are due, and that each goes once.
//!
//! In: where agencies stand with their returns, and a day. Out: [`Reminder`]s, each of which names an
//! agency, a quarter and a day, and nothing else. Whoever sends them is called within the change that
//! writes down that they went: one that cannot be sent is due again.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use records::Quarter;
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::database::{Transaction, query, scalar};
use crate::filings::lateness;
use crate::{FilingState, Lateness, MailAddress, Permission, Scope, Store, StoreError, office_day};

/// What an agency is reminded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReminderKind {
    /// A return is due within a week.
    DueSoon,
    /// It is a day late.
    Overdue1,
    /// A week.
    Overdue7,
    /// Two weeks.
    Overdue14,
    /// A month.
    Overdue30,
    /// The collector gave it back with a question.
    GivenBack,
    /// The collector accepted it.
    Accepted,
    /// The collector entered what came by mail, and the agency's commander is to confirm it.
    ToConfirm,
}

impl ReminderKind {
    /// Every kind.
    pub const ALL: [ReminderKind; 8] = [
        ReminderKind::DueSoon,
        ReminderKind::Overdue1,
        ReminderKind::Overdue7,
        ReminderKind::Overdue14,
        ReminderKind::Overdue30,
        ReminderKind::GivenBack,
        ReminderKind::Accepted,
        ReminderKind::ToConfirm,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            ReminderKind::DueSoon => "due_soon",
            ReminderKind::Overdue1 => "overdue_1",
            ReminderKind::Overdue7 => "overdue_7",
            ReminderKind::Overdue14 => "overdue_14",
            ReminderKind::Overdue30 => "overdue_30",
            ReminderKind::GivenBack => "given_back",
            ReminderKind::Accepted => "accepted",
            ReminderKind::ToConfirm => "to_confirm",
        }
    }

    fn from_word(word: &str) -> Option<ReminderKind> {
        ReminderKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What a return that is still to be signed calls for, by the days until it is due; a stage that was
    /// missed by a week is passed by, so that a new contact is not written to about old quarters.
    fn of_days(until_due: i32) -> Option<ReminderKind> {
        match until_due {
            0..=7 => Some(ReminderKind::DueSoon),
            -6..=-1 => Some(ReminderKind::Overdue1),
            -13..=-7 => Some(ReminderKind::Overdue7),
            -20..=-14 => Some(ReminderKind::Overdue14),
            -36..=-30 => Some(ReminderKind::Overdue30),
            _ => None,
        }
    }
}

/// One reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reminder {
    /// The agency, by its code.
    pub agency: String,
    /// Where it is sent.
    #[serde(skip)]
    pub address: MailAddress,
    /// In which language: `en` or `es`.
    pub language: String,
    /// The quarter.
    pub quarter: Quarter,
    /// Of what.
    pub kind: ReminderKind,
    /// The last day of the return.
    pub due_on: Date,
    /// What tells it from another of its kind: the last day, or the number of the filing.
    pub about: String,
}

/// A reminder that has gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SentReminder {
    /// The quarter.
    pub quarter: String,
    /// Of what.
    pub kind: ReminderKind,
    /// When (UTC).
    pub sent_at: String,
}

/// How far back filings and due days are looked at.
const DAYS_BACK: i64 = 400;
/// How long after a decision its reminder still goes.
const DECIDED_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Store {
    /// The reminders that are due and have not gone.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn reminders_due(
        &self,
        scope: &Scope,
        at: Timestamp,
    ) -> Result<Vec<Reminder>, StoreError> {
        due(&mut self.read(scope, Permission::SendReminders).await?, at).await
    }

    /// Sends the reminders that are due. Nobody changes anything meanwhile, so that two that run at once
    /// send none twice.
    ///
    /// # Errors
    ///
    /// The first of `send`, after which those before it are written down as sent; those of
    /// [`Store::reminders_due`].
    pub async fn send_reminders<E: From<StoreError>>(
        &self,
        scope: &Scope,
        at: Timestamp,
        mut send: impl FnMut(&Reminder) -> Result<(), E>,
    ) -> Result<Vec<Reminder>, E> {
        let mut transaction = self.change(scope, Permission::SendReminders).await?;
        let due = due(&mut transaction, at).await?;
        let mut sent = Vec::new();
        let mut failed = None;
        for reminder in due {
            if let Err(error) = send(&reminder) {
                failed = Some(error);
                break;
            }
            write_down(&mut transaction, scope, &reminder, at).await?;
            sent.push(reminder);
        }
        transaction.commit().await.map_err(StoreError::from)?;
        match failed {
            Some(error) => Err(error),
            None => Ok(sent),
        }
    }

    /// What the scope's agency was reminded of, newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn reminders_sent(&self, scope: &Scope) -> Result<Vec<SentReminder>, StoreError> {
        let rows = query("SELECT * FROM reminder WHERE agency = $1 ORDER BY id DESC")
            .bind(scope.agency())
            .fetch_all(&mut self.read(scope, Permission::ManageContact).await?)
            .await?;
        let read = |row| {
            let columns = crate::columns::Columns::of("reminder", "id", row)?;
            Ok(SentReminder {
                quarter: columns.text("quarter")?,
                kind: columns.word("kind", ReminderKind::from_word)?,
                sent_at: columns.text("sent_at")?,
            })
        };
        rows.iter().map(read).collect()
    }
}

/// What is due to the agencies that have a contact, by agency, quarter and kind.
async fn due(transaction: &mut Transaction, at: Timestamp) -> Result<Vec<Reminder>, StoreError> {
    let today = office_day(at);
    let back = jiff::Span::new().days(DAYS_BACK);
    let quarters = (Quarter::containing(today.saturating_sub(back)), Quarter::containing(today));
    let contacts = query("SELECT agency, address, language FROM contact ORDER BY agency")
        .fetch_all(transaction)
        .await?;
    let mut due = Vec::new();
    for contact in &contacts {
        let agency: String = contact.try_get("agency")?;
        let (address, language): (&str, &str) =
            (contact.try_get("address")?, contact.try_get("language")?);
        for late in lateness(transaction, Some(&agency), quarters, today).await? {
            let Some((kind, about)) = called_for(transaction, &late, today, at).await? else {
                continue;
            };
            let reminder = Reminder {
                agency: agency.clone(),
                address: address.parse()?,
                language: language.to_owned(),
                quarter: late.quarter,
                kind,
                due_on: late.due_on,
                about,
            };
            if !has_gone(transaction, &reminder).await? {
                due.push(reminder);
            }
        }
    }
    Ok(due)
}

/// What an agency is to be told about a quarter now, and what tells it from another of its kind.
async fn called_for(
    transaction: &mut Transaction,
    late: &Lateness,
    today: Date,
    at: Timestamp,
) -> Result<Option<(ReminderKind, String)>, StoreError> {
    let about_filing = late.filing.unwrap_or_default().to_string();
    if late.awaits_its_agency {
        return Ok(Some((ReminderKind::ToConfirm, about_filing)));
    }
    let decided: Option<String> = scalar("SELECT decided_at FROM filing WHERE id = $1")
        .bind(late.filing)
        .fetch_optional(transaction)
        .await?
        .flatten();
    let is_news = decided
        .and_then(|text| text.parse::<Timestamp>().ok())
        .is_some_and(|decided| at.duration_since(decided) < DECIDED_WITHIN);
    let days = today.until(late.due_on).map_or(i32::MAX, |span| span.get_days());
    let by_days = ReminderKind::of_days(days).filter(|_| late.owed);
    let by_days = by_days.map(|kind| (kind, late.due_on.to_string()));
    Ok(match late.state {
        Some(FilingState::Returned) if is_news => Some((ReminderKind::GivenBack, about_filing)),
        Some(FilingState::Accepted) if is_news => Some((ReminderKind::Accepted, about_filing)),
        Some(FilingState::Accepted | FilingState::Waiting) => None,
        Some(FilingState::Returned) | None => by_days,
    })
}

async fn has_gone(transaction: &mut Transaction, reminder: &Reminder) -> Result<bool, StoreError> {
    let found: Option<i64> = scalar(
        "SELECT id FROM reminder
         WHERE agency = $1 AND quarter = $2 AND kind = $3 AND about = $4",
    )
    .bind(&reminder.agency)
    .bind(reminder.quarter.to_string())
    .bind(reminder.kind.as_str())
    .bind(&reminder.about)
    .fetch_optional(transaction)
    .await?;
    Ok(found.is_some())
}

async fn write_down(
    transaction: &mut Transaction,
    scope: &Scope,
    reminder: &Reminder,
    at: Timestamp,
) -> Result<(), StoreError> {
    let id: i64 = scalar(
        "INSERT INTO reminder (agency, quarter, kind, about, sent_at)
         VALUES ($1, $2, $3, $4, $5) RETURNING id",
    )
    .bind(&reminder.agency)
    .bind(reminder.quarter.to_string())
    .bind(reminder.kind.as_str())
    .bind(&reminder.about)
    .bind(at.to_string())
    .fetch_one(transaction)
    .await?;
    let why = format!("{} {} {}", reminder.agency, reminder.quarter, reminder.kind.as_str());
    audit::write(transaction, (Subject::Reminder, id), "reminded", scope, at, &why).await
}

#[cfg(test)]
mod tests;
