//! `GET` and `POST /compartments`: which sorts of sealed text the agency has, who reads them, and a colleague
//! is let in.
//!
//! An administrator sees who reads and who waits; she reads nothing, and makes none. Whoever reads one has
//! made it, or was let in by a colleague to whom she has read out her fingerprint.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Compartment, CompartmentName, Permission, StoreError};

use crate::form::{Asked, Mistakes};
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn, grouped, refused};

#[derive(Template)]
#[template(path = "compartments.html")]
struct Compartments {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    /// Those of the agency; for whoever is no administrator, those that her role reads.
    listed: Vec<Compartment>,
    /// Those that she may make, as nobody has yet.
    missing: Vec<CompartmentName>,
    /// Those that she does not read, and may ask for in an emergency.
    closed: Vec<CompartmentName>,
    /// Whether she reads, and so may let others in.
    reads: bool,
    typed: Typed,
    done: Option<&'static str>,
}

#[derive(Default)]
struct Typed {
    number: String,
    name: String,
    fingerprint: String,
    why: String,
}

/// Shows them.
pub(crate) async fn show(signed_in: SignedIn, Asked(asked): Asked) -> Result<Response, Problem> {
    let done = match asked.get("done") {
        "made" => Some("compartments-done-made"),
        "let_in" => Some("compartments-done-let-in"),
        "emergency" => Some("emergency-asked"),
        _ => None,
    };
    page(&signed_in, Mistakes::default(), Typed::default(), done).await
}

/// Makes one, or lets somebody in.
pub(crate) async fn change(form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let (store, scope, now) = (signed_in.store(), signed_in.scope(), signed_in.now);
    let sees = scope.role().may(Permission::ManageMembers);
    match fields.get("act") {
        "make" if !sees => {
            let name = CompartmentName::from_word(fields.get("sort"))
                .ok_or(Problem::Unreadable(StatusCode::BAD_REQUEST))?;
            match store.make_compartment(&signed_in.session, name, now).await {
                Ok(_) => Ok(signed_in.go("/compartments?done=made")),
                Err(error) => {
                    let mistakes = Mistakes::one("sort", refused(&signed_in.page, error, now)?);
                    page(&signed_in, mistakes, Typed::default(), None).await
                }
            }
        }
        "let_in" if !sees => {
            let typed = Typed {
                number: fields.get("number").to_owned(),
                name: fields.get("name").to_lowercase(),
                fingerprint: fields.get("fingerprint").to_owned(),
                ..Typed::default()
            };
            let (number, print) = (typed.number.parse().unwrap_or(0), grouped(&typed.fingerprint));
            let let_in = store.let_in(&signed_in.session, number, &typed.name, &print, now).await;
            let error = match let_in {
                Ok(()) => return Ok(signed_in.go("/compartments?done=let_in")),
                Err(error) => error,
            };
            let field = match error {
                StoreError::NoKeyToCompartment => "number",
                _ => "fingerprint",
            };
            let mistakes = Mistakes::one(field, refused(&signed_in.page, error, now)?);
            page(&signed_in, mistakes, typed, None).await
        }
        "emergency" if scope.role().may(Permission::AskInEmergency) => {
            let name = CompartmentName::from_word(fields.get("closed"))
                .ok_or(Problem::Unreadable(StatusCode::BAD_REQUEST))?;
            let why = fields.get("why").trim();
            if why.is_empty() {
                let said = signed_in.page.say("emergency-error-why");
                let mistakes = Mistakes::one("why", said);
                return page(&signed_in, mistakes, Typed::default(), None).await;
            }
            match store.ask_in_emergency(&signed_in.session, name, why, now).await {
                Ok(()) => Ok(signed_in.go("/compartments?done=emergency")),
                Err(error) => {
                    let typed = Typed { why: why.to_owned(), ..Typed::default() };
                    let mistakes = Mistakes::one("why", refused(&signed_in.page, error, now)?);
                    page(&signed_in, mistakes, typed, None).await
                }
            }
        }
        _ => Err(Problem::Unreadable(StatusCode::BAD_REQUEST)),
    }
}

async fn page(
    signed_in: &SignedIn,
    mistakes: Mistakes,
    typed: Typed,
    done: Option<&'static str>,
) -> Result<Response, Problem> {
    let role = signed_in.scope().role();
    let sees = role.may(Permission::ManageMembers);
    let (listed, missing) = if sees {
        (signed_in.store().compartments(signed_in.scope()).await?, Vec::new())
    } else {
        let listed = signed_in.store().compartments_of_role(&signed_in.session).await?;
        let there: Vec<CompartmentName> = listed.iter().map(|one| one.name).collect();
        let may = |name: &CompartmentName| name.roles().contains(&role) && !there.contains(name);
        (listed, CompartmentName::ALL.into_iter().filter(may).collect())
    };
    let reads = !sees && !listed.is_empty();
    let own = signed_in.scope().who();
    let open = |name: &CompartmentName| {
        listed.iter().any(|one| one.name == *name && one.readers.iter().any(|reader| reader == own))
    };
    let closed = match role.may(Permission::AskInEmergency) {
        true => CompartmentName::ALL.into_iter().filter(|name| !open(name)).collect(),
        false => Vec::new(),
    };
    let numbers: Vec<i64> = listed.iter().map(|compartment| compartment.id).collect();
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let shown = Compartments { page, desk, mistakes, listed, missing, closed, reads, typed, done };
    signed_in.show(shown.mistakes.status(), &numbers, &shown).await
}
