//! `GET` and `POST /returns/{quarter}/sign`: everything that will be signed, every problem at once, and the
//! commander's signature. What is signed is what was shown: another version is not signed.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Permission, StoreError};

use super::State;
use super::opened::{Instead, Opened};
use super::shown::Shown;
use crate::form::Mistakes;
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn, refused};

#[derive(Template)]
#[template(path = "return_sign.html")]
struct Sign {
    page: Page,
    desk: Desk,
    opened: Opened,
    shown: Shown,
    /// What went wrong with the signature.
    mistakes: Mistakes,
    /// Whether her role signs.
    signs: bool,
}

impl Sign {
    /// Whether there is nothing to sign: it waits, or stands and nobody corrects it.
    fn is_done(&self) -> bool {
        self.opened.state.waits() || self.opened.state == State::Accepted
    }

    fn can_be_signed(&self) -> bool {
        !self.is_done() && self.shown.mistakes.is_empty()
    }

    /// The form, with all problems beside their fields.
    fn fields(&self) -> String {
        self.page.link(&self.opened.path("?all=yes"))
    }
}

/// Shows it.
pub(crate) async fn show(
    Path(quarter): Path<String>,
    signed_in: SignedIn,
) -> Result<Response, Instead> {
    let opened = Opened::of(&signed_in, &quarter).await?;
    page(&signed_in, opened, Mistakes::default()).await
}

/// Signs it.
pub(crate) async fn sign(
    Path(quarter): Path<String>,
    form: SignedForm,
) -> Result<Response, Instead> {
    let SignedForm { signed_in, fields } = form;
    let opened = Opened::of(&signed_in, &quarter).await?;
    let seen: i64 =
        fields.get("version").parse().map_err(|_| Problem::Unreadable(StatusCode::BAD_REQUEST))?;
    if !signed_in.scope().role().may(Permission::SignReturns) {
        return Err(Problem::NotFound.into());
    }
    if opened.state.waits() || opened.state == State::Accepted {
        return page(&signed_in, opened, Mistakes::default()).await;
    }
    let looked = opened.look_over();
    if opened.version != seen {
        let words = signed_in.page.say("refused-draft-changed");
        return page(&signed_in, opened, Mistakes::one("sign", words)).await;
    }
    if !looked.problems.is_empty() {
        return page(&signed_in, opened, Mistakes::default()).await;
    }
    let (store, session, now) = (signed_in.store(), &signed_in.session, signed_in.now);
    let reason = opened.draft.reason().trim();
    let signed = match opened.stands.is_empty() {
        true => store.sign_return(session, opened.quarter, &looked.csv, seen, now).await,
        false => {
            let correction = (looked.csv.as_str(), reason);
            store.sign_correction(session, opened.quarter, correction, seen, now).await
        }
    };
    match signed {
        Ok(_) => Ok(signed_in.go(&opened.path("?done=signed"))),
        Err(error @ (StoreError::DraftChanged { .. } | StoreError::FilingWaits)) => {
            let words = refused(&signed_in.page, error, now)?;
            let opened = Opened::of(&signed_in, &quarter).await?;
            page(&signed_in, opened, Mistakes::one("sign", words)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The page.
async fn page(
    signed_in: &SignedIn,
    opened: Opened,
    mistakes: Mistakes,
) -> Result<Response, Instead> {
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let signs = signed_in.scope().role().may(Permission::SignReturns);
    let (numbers, shown) = (opened.numbers(), Shown::of(&page, &opened, true, None));
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    let sign = Sign { page, desk, opened, shown, mistakes, signs };
    Ok(signed_in.show(status, &numbers, &sign).await?)
}
