//! Reminders of returns, as messages: an agency, a quarter, a day, and where to look.
//!
//! In: what the store says is due. Out: messages, each once. Nothing of a return and nothing about a
//! person is in one: what the collector asked is read on the page.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use store::{Reminder, ReminderKind, Scope, Store, StoreError};

use crate::language::{Language, Value, say};
use crate::mail::{Mail, Message};
use crate::site_address::SiteAddress;

/// How an installation sends reminders.
#[derive(Debug, Clone)]
pub struct Reminders {
    /// Where its pages are.
    pub site: SiteAddress,
    /// The data folder, in which messages are left.
    pub data: PathBuf,
    /// How often it is looked for what is due.
    pub every: Duration,
}

/// Why reminders were not sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RemindError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A message could not be kept; those before it went, and it is due again.
    #[error(
        "a message could not be left in the mail folder; see that there is room and that this user may write there"
    )]
    Mail(#[from] std::io::Error),
}

/// Sends what is due, and says what went.
///
/// # Errors
///
/// [`RemindError`]; what went before it is written down as sent.
pub async fn remind(
    store: &Store,
    scope: &Scope,
    site: &SiteAddress,
    mail: &mut impl Mail,
    at: Timestamp,
) -> Result<Vec<Reminder>, RemindError> {
    let send = |reminder: &Reminder| Ok(mail.send(&message(site, reminder, at))?);
    store.send_reminders(scope, at, send).await
}

/// The words of a kind: subject and body.
fn words(kind: ReminderKind) -> (&'static str, &'static str) {
    match kind {
        ReminderKind::DueSoon => ("mail-due-soon", "mail-due-soon-body"),
        ReminderKind::Overdue1
        | ReminderKind::Overdue7
        | ReminderKind::Overdue14
        | ReminderKind::Overdue30 => ("mail-overdue", "mail-overdue-body"),
        ReminderKind::GivenBack => ("mail-given-back", "mail-given-back-body"),
        ReminderKind::Accepted => ("mail-accepted", "mail-accepted-body"),
        ReminderKind::ToConfirm => ("mail-to-confirm", "mail-to-confirm-body"),
    }
}

/// The page that a reminder leads to.
fn page(reminder: &Reminder) -> String {
    match reminder.kind {
        ReminderKind::GivenBack | ReminderKind::Accepted | ReminderKind::ToConfirm => {
            format!("/filings/{}", reminder.about)
        }
        _ => "/late".to_owned(),
    }
}

fn message(site: &SiteAddress, reminder: &Reminder, at: Timestamp) -> Message {
    let language = Language::of(&reminder.language).unwrap_or(Language::English);
    let values: [(&'static str, Value<'_>); 3] = [
        ("agency", reminder.agency.as_str().into()),
        ("quarter", reminder.quarter.to_string().into()),
        ("day", reminder.due_on.to_string().into()),
    ];
    let (subject, body) = words(reminder.kind);
    let address = site.page(&page(reminder));
    let paragraphs = [say(language, body, &values), address, say(language, "mail-foot", &values)];
    let about = format!(
        "{} {} {} {}",
        reminder.agency,
        reminder.quarter,
        reminder.kind.as_str(),
        reminder.about
    );
    let subject = say(language, subject, &values);
    Message::new(site, &reminder.address, &about, (&subject, &paragraphs), at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reminder(kind: ReminderKind, language: &str, agency: &str, filing: u32) -> Reminder {
        Reminder {
            agency: agency.to_owned(),
            address: "returns@kern.example".parse().unwrap(),
            language: language.to_owned(),
            quarter: "2026-Q4".parse().unwrap(),
            kind,
            due_on: jiff::civil::date(2027, 1, 30),
            about: filing.to_string(),
        }
    }

    fn text(reminder: &Reminder) -> String {
        let site = "https://returns.example.gov".parse().unwrap();
        let at = "2027-01-23T20:00:00Z".parse().unwrap();
        message(&site, reminder, at).text().to_owned()
    }

    /// The body in one line, with the agency and the address of the page left out.
    fn said_to_all(reminder: &Reminder) -> String {
        let text = text(reminder);
        let (_, body) = text.split_once("\r\n\r\n").unwrap();
        let address = format!("https://returns.example.gov{}", page(reminder));
        let words: Vec<&str> = body.split_whitespace().collect();
        words.join(" ").replace(&address, "ADDRESS").replace(&reminder.agency, "AGENCY")
    }

    #[test]
    fn what_an_agency_reads() {
        let read = |kind, language| {
            let text = text(&reminder(kind, language, "kern-da", 12)).replace("\r\n", "\n");
            text.split_once("Subject: ").unwrap().1.to_owned()
        };
        insta::assert_snapshot!(read(ReminderKind::GivenBack, "en"), @"
        Clearway: return 2026-Q4 was given back
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 8bit

        The collector has a question about the return of kern-da for 2026-Q4. It is
        answered here:

        https://returns.example.gov/filings/12

        This message was written by a program, and nobody reads an answer. Your
        administrator or coordinator changes where reminders go.
        ");
        insta::assert_snapshot!(read(ReminderKind::Overdue7, "es"), @"
        Clearway: el informe 2026-Q4 era para el 2027-01-30
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 8bit

        El informe de kern-da de 2026-Q4 era para el 2027-01-30 y falta. Si necesita
        más plazo, pídalo a quien recibe los informes. Se presenta aquí:

        https://returns.example.gov/late

        Este mensaje lo escribió un programa, y nadie lee una respuesta. Quien
        administra o coordina su agencia cambia adónde van los recordatorios.
        ");
    }

    proptest! {
        /// Nothing is in a message but an agency, a quarter, a day, the number of a filing in an address,
        /// and words that are the same for everybody.
        #[test]
        fn a_message_is_about_nobody(agency in "q7x-[a-z-]{1,20}[a-z]", kind in 0..ReminderKind::ALL.len(), filing in 1..99_999u32, spanish in any::<bool>()) {
            let kind = ReminderKind::ALL[kind];
            let language = if spanish { "es" } else { "en" };
            let said = said_to_all(&reminder(kind, language, &agency, filing));
            prop_assert_eq!(&said, &said_to_all(&reminder(kind, language, "q7x-other", 1)));
            let words = said.replace("2026-Q4", "").replace("2027-01-30", "");
            prop_assert!(!words.contains(|c: char| c.is_ascii_digit() || c == '@'), "{}", words);
        }
    }
}
