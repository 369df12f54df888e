//! `GET` and `POST /recoveries`: members who lost their passphrase, and an officer hands her half over.
//!
//! The fingerprint of the new key is never shown here: the officer types what the member has read out to
//! her. Whoever had to compare what is on the screen would press the button.

use askama::Template;
use axum::response::Response;
use store::OpenRecovery;

use crate::acts::moment;
use crate::form::{Asked, Mistakes};
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn, grouped, refused};

#[derive(Template)]
#[template(path = "recoveries.html")]
struct Recoveries {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    open: Vec<OpenRecovery>,
    /// The request to whose form the mistakes belong.
    tried: String,
    done: Option<&'static str>,
}

impl Recoveries {
    fn moment(&self, at: &str) -> String {
        moment(at)
    }
}

/// Shows the requests that wait.
pub(crate) async fn show(signed_in: SignedIn, Asked(asked): Asked) -> Result<Response, Problem> {
    let done = (asked.get("done") == "handed").then_some("recoveries-done");
    let open = signed_in.store().open_recoveries(signed_in.scope()).await?;
    page(&signed_in, open, Mistakes::default(), String::new(), done).await
}

/// Hands over, when the fingerprint that was read out is the right one.
pub(crate) async fn hand_over(form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let store = signed_in.store();
    let open = store.open_recoveries(signed_in.scope()).await?;
    let asked = fields.get("request");
    let request = open.iter().find(|request| request.id == asked).ok_or(Problem::NotFound)?;
    let typed = grouped(fields.get("fingerprint"));
    let wrong = if typed == request.fingerprint {
        let (session, now) = (&signed_in.session, signed_in.now);
        match store.hand_over(session, &request.id, &typed, now).await {
            Ok(()) => return Ok(signed_in.go("/recoveries?done=handed")),
            Err(error) => refused(&signed_in.page, error, now)?,
        }
    } else {
        signed_in.page.say("recoveries-error-fingerprint")
    };
    let tried = request.id.clone();
    page(&signed_in, open, Mistakes::one("fingerprint", wrong), tried, None).await
}

async fn page(
    signed_in: &SignedIn,
    open: Vec<OpenRecovery>,
    mistakes: Mistakes,
    tried: String,
    done: Option<&'static str>,
) -> Result<Response, Problem> {
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let shown = Recoveries { page, desk, mistakes, open, tried, done };
    signed_in.show(shown.mistakes.status(), &[], &shown).await
}
