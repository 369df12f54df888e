//! `GET` and `POST /leaving`: an agency leaves, when two of its administrators say so.
//!
//! It is said before what stays and what is destroyed. With the second consent every session of the agency
//! ends; the answer to it is the receipt.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Leaving, LeavingCounts, LeavingReceipt};

use crate::acts::moment;
use crate::form::{Asked, Mistakes};
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn, refused};

#[derive(Template)]
#[template(path = "leaving.html")]
struct Leave {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    counts: LeavingCounts,
    asked: Option<Leaving>,
    why: String,
    done: Option<&'static str>,
}

impl Leave {
    fn asked_by(&self, asked: &Leaving) -> String {
        let said = vec![
            ("name", asked.asked_by.clone()),
            ("time", moment(&asked.asked_at)),
            ("why", asked.why.clone()),
        ];
        self.page.say_with_all("leaving-asked", said)
    }
}

/// The receipt.
#[derive(Template)]
#[template(path = "left.html")]
struct Left {
    page: Page,
    lines: Vec<String>,
}

/// Shows what leaving means.
pub(crate) async fn show(signed_in: SignedIn, Asked(asked): Asked) -> Result<Response, Problem> {
    let done = match asked.get("done") {
        "asked" => Some("leaving-done-asked"),
        "stay" => Some("leaving-done-stay"),
        _ => None,
    };
    page(&signed_in, Mistakes::default(), String::new(), done).await
}

/// Asks, takes it back, or consents.
pub(crate) async fn change(form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let (store, scope, now) = (signed_in.store(), signed_in.scope(), signed_in.now);
    let why = fields.get("why").to_owned();
    let (field, done) = match fields.get("act") {
        "ask" if why.is_empty() => {
            let mistakes = Mistakes::one("why", signed_in.page.say("member-error-why"));
            return page(&signed_in, mistakes, why, None).await;
        }
        "ask" => ("why", store.ask_to_leave(scope, &why, now).await.map(|()| "asked")),
        "stay" => ("leave", store.stay(scope, now).await.map(|()| "stay")),
        // She types the agency's code: one click too many must not send everybody home.
        "agree" if Some(fields.get("code")) != scope.agency() => {
            let mistakes = Mistakes::one("code", signed_in.page.say("leaving-error-code"));
            return page(&signed_in, mistakes, why, None).await;
        }
        "agree" => match store.agree_to_leave(scope, now).await {
            Ok(receipt) => {
                let lines = lines(&signed_in.page, &receipt);
                let left = Left { page: signed_in.page.clone(), lines };
                return signed_in.show(StatusCode::OK, &[], &left).await;
            }
            Err(error) => ("leave", Err(error)),
        },
        _ => return Err(Problem::Unreadable(StatusCode::BAD_REQUEST)),
    };
    match done {
        Ok(done) => Ok(signed_in.go(&format!("/leaving?done={done}"))),
        Err(error) => {
            let mistakes = Mistakes::one(field, refused(&signed_in.page, error, now)?);
            page(&signed_in, mistakes, why, None).await
        }
    }
}

/// The receipt in the reader's language, line by line.
fn lines(page: &Page, receipt: &LeavingReceipt) -> Vec<String> {
    let LeavingCounts { returns, submissions, withdraws, drafts, keys, members } = receipt.counts;
    let submissions_key =
        if withdraws { "leaving-submissions-go" } else { "leaving-submissions-stay" };
    let left = vec![
        ("agency", format!("{} ({})", receipt.label, receipt.agency)),
        ("time", moment(&receipt.left_at)),
        ("names", receipt.by.join(", ")),
    ];
    vec![
        page.say_with_all("left-by", left),
        page.say_with("left-until", "time", moment(&receipt.destroy_after)),
        page.say_with("leaving-members", "number", members),
        page.say_with("leaving-drafts", "number", drafts),
        page.say_with("leaving-keys", "number", keys),
        page.say_with(submissions_key, "number", submissions),
        page.say_with("leaving-returns", "number", returns),
        page.say("leaving-audit"),
    ]
}

async fn page(
    signed_in: &SignedIn,
    mistakes: Mistakes,
    why: String,
    done: Option<&'static str>,
) -> Result<Response, Problem> {
    let (counts, asked) = signed_in.store().leaving(signed_in.scope()).await?;
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let shown = Leave { page, desk, mistakes, counts, asked, why, done };
    signed_in.show(shown.mistakes.status(), &[], &shown).await
}
