//! `GET` and `POST /contact`: where the agency is reminded of its returns, and of what it was.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Contact as Kept, MailAddress, ReminderKind, SentReminder};

use crate::acts::moment;
use crate::form::{Asked, Mistakes};
use crate::frame::Page;
use crate::language::Language;
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn, refused};

#[derive(Template)]
#[template(path = "contact.html")]
struct Contact {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    kept: Option<Kept>,
    sent: Vec<SentReminder>,
    address: String,
    language: String,
    done: Option<&'static str>,
}

impl Contact {
    fn languages(&self) -> [Language; 2] {
        [Language::English, Language::Spanish]
    }

    fn kind(&self, kind: &ReminderKind) -> String {
        self.page.say(match kind {
            ReminderKind::DueSoon => "reminder-due-soon",
            ReminderKind::Overdue1 => "reminder-overdue-1",
            ReminderKind::Overdue7 => "reminder-overdue-7",
            ReminderKind::Overdue14 => "reminder-overdue-14",
            ReminderKind::Overdue30 => "reminder-overdue-30",
            ReminderKind::GivenBack => "reminder-given-back",
            ReminderKind::Accepted => "reminder-accepted",
            ReminderKind::ToConfirm => "reminder-to-confirm",
        })
    }

    fn when(&self, at: &str) -> String {
        moment(at)
    }
}

/// Shows it.
pub(crate) async fn show(signed_in: SignedIn, Asked(asked): Asked) -> Result<Response, Problem> {
    let done = match asked.get("done") {
        "set" => Some("contact-done-set"),
        "forgotten" => Some("contact-done-forgotten"),
        _ => None,
    };
    page(&signed_in, None, Mistakes::default(), done).await
}

/// Sets it, or forgets it.
pub(crate) async fn change(form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let (store, scope, now) = (signed_in.store(), signed_in.scope(), signed_in.now);
    match fields.get("act") {
        "set" => {
            let (typed, language) = (fields.get("address"), fields.get("language"));
            let language =
                Language::of(language).ok_or(Problem::Unreadable(StatusCode::BAD_REQUEST))?;
            let set = match typed.parse::<MailAddress>() {
                Ok(address) => store.set_contact(scope, &address, language.code(), now).await,
                Err(error) => Err(error),
            };
            match set {
                Ok(()) => Ok(signed_in.go("/contact?done=set")),
                Err(error) => {
                    let said = refused(&signed_in.page, error, now)?;
                    let typed = Some((typed.to_owned(), language.code().to_owned()));
                    page(&signed_in, typed, Mistakes::one("address", said), None).await
                }
            }
        }
        "forget" => {
            store.forget_contact(scope, now).await?;
            Ok(signed_in.go("/contact?done=forgotten"))
        }
        _ => Err(Problem::Unreadable(StatusCode::BAD_REQUEST)),
    }
}

async fn page(
    signed_in: &SignedIn,
    typed: Option<(String, String)>,
    mistakes: Mistakes,
    done: Option<&'static str>,
) -> Result<Response, Problem> {
    let (store, scope) = (signed_in.store(), signed_in.scope());
    let kept = store.contact(scope).await?;
    let sent = store.reminders_sent(scope).await?;
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let (address, language) = typed.unwrap_or_else(|| match &kept {
        Some(kept) => (kept.address.expose().to_owned(), kept.language.clone()),
        None => (String::new(), page.language().code().to_owned()),
    });
    let shown = Contact { page, desk, mistakes, kept, sent, address, language, done };
    signed_in.show(shown.mistakes.status(), &[], &shown).await
}
