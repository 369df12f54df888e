//! `POST /returns/{quarter}/draft`: what was typed is saved, exactly, whatever it is.
//!
//! A script sends the form a moment after typing stops, and asks for JSON; without it there is a button. Who
//! saves over what she has not seen is shown both, and what she typed stays in her form.

use analysis::filing::Draft;
use axum::extract::Path;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use store::StoreError;

use super::opened::{Instead, Opened};
use super::{quarter, shown, words};
use crate::acts::moment;
use crate::form::Fields;
use crate::problem::Problem;
use crate::session::{SignedForm, SignedIn};

/// Saves it.
pub(crate) async fn save(
    Path(quarter): Path<String>,
    headers: HeaderMap,
    form: SignedForm,
) -> Result<Response, Instead> {
    let SignedForm { signed_in, fields } = form;
    let by_script = headers
        .get(ACCEPT)
        .and_then(|wish| wish.to_str().ok())
        .is_some_and(|wish| wish.contains("application/json"));
    let mut opened = Opened::of(&signed_in, &quarter).await?;
    if opened.state.waits() {
        return Ok(match by_script {
            true => refused(signed_in.page.say("refused-filing-waits")),
            false => signed_in.go(&opened.path("")),
        });
    }
    let seen: i64 =
        fields.get("version").parse().map_err(|_| Problem::Unreadable(StatusCode::BAD_REQUEST))?;
    let stored = opened.draft.clone();
    take_in(&mut opened, &fields);
    let (store, session, now) = (signed_in.store(), &signed_in.session, signed_in.now);
    let body = opened.draft.encode();
    match store.save_draft(session, opened.quarter, &body, seen, now).await {
        Ok(version) => {
            opened.version = version;
            opened.saved = Some((signed_in.scope().who().to_owned(), now.to_string()));
        }
        Err(StoreError::DraftChanged { by }) => {
            return Ok(match by_script {
                true => refused(signed_in.page.say_with("return-conflict-script", "name", by)),
                false => {
                    quarter::form(&signed_in, opened, (false, None), Some((&stored, by))).await?
                }
            });
        }
        Err(error) => return Err(error.into()),
    }
    Ok(match fields.get("act") {
        _ if by_script => saved(&signed_in, &opened),
        "sign" => signed_in.go(&opened.path("/sign")),
        _ => signed_in.go(&opened.path("?done=saved")),
    })
}

/// Takes in what was typed, and leaves out the rows of one's own that were ticked.
fn take_in(opened: &mut Opened, fields: &Fields) {
    let mut draft: Draft = opened.draft.clone();
    for (name, typed) in fields.typed() {
        draft.set(&opened.form, name, typed);
    }
    for row in fields.all("leave_out") {
        if row.starts_with("own.") {
            draft.leave_out(row);
        }
    }
    opened.draft = draft;
}

/// What the script is told.
fn saved(signed_in: &SignedIn, opened: &Opened) -> Response {
    let page = &signed_in.page;
    let looked = opened.look_over();
    let problems: Vec<_> = shown::said_now(&looked, false)
        .map(|one| json!({ "field": one.field, "words": words::of_problem(page, one) }))
        .collect();
    let odd: Vec<_> = looked
        .odd
        .iter()
        .map(|one| json!({ "field": one.field, "words": words::of_odd(page, one) }))
        .collect();
    let sums: serde_json::Map<_, _> =
        shown::sums(opened).into_iter().map(|(id, sum)| (id, json!(sum))).collect();
    let at = opened.saved.as_ref().map_or("", |(_, at)| at);
    let said = page.say_with("return-saved-now", "time", moment(at));
    let body = json!({
        "version": opened.version, "saved_at": at, "said": said,
        "problems": problems, "odd": odd, "sums": sums,
    });
    answer(StatusCode::OK, &body)
}

/// What the script is told when nothing was saved.
fn refused(said: String) -> Response {
    answer(StatusCode::CONFLICT, &json!({ "said": said }))
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
