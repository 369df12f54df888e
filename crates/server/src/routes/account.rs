//! `GET` and `POST /account`: who she is here, another of her roles, a new passphrase, her account at her
//! agency's identity provider, what two officers gave back, and everything that the audit says of her.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use store::{CompartmentName, IdentityLink, Purpose, Role, StoreError};

use crate::acts::ShownAct;
use crate::form::{Asked, Fields, Mistakes};
use crate::frame::{Page, roles_of_members};
use crate::problem::Problem;
use crate::session::{Desk, IdentitySite, SignedForm, SignedIn, go_there, refused};
use crate::site::Site;
use crate::site_address::SiteAddress;

/// How many rows of the audit her page has.
const ROWS: u32 = 100;

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    purpose: String,
    fingerprint: String,
    acts: Vec<ShownAct>,
    /// The key of what was just done.
    done: Option<&'static str>,
    /// How many sorts of text came back when she signed in.
    recovered: usize,
    /// What came back when she asked.
    asked: Option<Vec<CompartmentName>>,
    /// Where she may try things out.
    practice_site: Option<SiteAddress>,
    /// Her account at her agency's provider, linked or not; nothing where the agency has none.
    identity: Option<Option<IdentityLink>>,
}

impl Account {
    fn purposes(&self) -> [Purpose; 7] {
        Purpose::OF_MEMBERS
    }

    /// The roles that somebody can change between; the others stand alone.
    fn roles(&self) -> impl Iterator<Item = Role> {
        roles_of_members().filter(|role| !matches!(role, Role::Administrator | Role::Auditor))
    }

    fn changes_roles(&self) -> bool {
        self.roles().any(|role| role == self.desk.role)
    }
}

/// Shows her page.
pub(crate) async fn show(signed_in: SignedIn, Asked(asked): Asked) -> Result<Response, Problem> {
    let done = match asked.get("done") {
        "role" => Some("account-done-role"),
        "passphrase" => Some("account-done-passphrase"),
        "linked" => Some("account-done-linked"),
        "unlinked" => Some("account-done-unlinked"),
        _ => None,
    };
    page(&signed_in, Mistakes::default(), done, None).await
}

/// Changes what she asked for.
pub(crate) async fn change(
    State(site): State<Site>,
    identity: IdentitySite,
    form: SignedForm,
) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let (changed, done) = match fields.get("act") {
        "role" => (change_role(&signed_in, &fields).await?, "/account?done=role"),
        "passphrase" => (change_passphrase(&signed_in, &fields).await?, "/account?done=passphrase"),
        "link" => match link(&site, &signed_in, &fields, &identity).await? {
            Ok(response) => return Ok(response),
            Err(mistakes) => (mistakes, "/account"),
        },
        "unlink" => (unlink(&signed_in).await?, "/account?done=unlinked"),
        "take_back" => {
            let back = signed_in.store().take_back(&signed_in.session, signed_in.now).await?;
            return page(&signed_in, Mistakes::default(), None, Some(back)).await;
        }
        _ => return Err(Problem::Unreadable(StatusCode::BAD_REQUEST)),
    };
    if changed.is_empty() {
        Ok(signed_in.go(done))
    } else {
        page(&signed_in, changed, None, None).await
    }
}

/// Goes on in another of her roles; what is wrong when she does not.
async fn change_role(signed_in: &SignedIn, fields: &Fields) -> Result<Mistakes, Problem> {
    let Some(purpose) = Purpose::from_word(fields.get("purpose")) else {
        return Ok(Mistakes::one("purpose", signed_in.page.say("sign-in-error-purpose")));
    };
    let (store, session, now) = (signed_in.store(), &signed_in.session, signed_in.now);
    let acted = match Role::from_word(fields.get("role")) {
        Some(role) => store.act_as(session, role, purpose, now).await,
        None => Err(StoreError::RoleNotHeld),
    };
    match acted {
        Ok(_) => Ok(Mistakes::default()),
        Err(error) => Ok(Mistakes::one("role", refused(&signed_in.page, error, now)?)),
    }
}

/// Gives her another passphrase; what is wrong when it does not.
async fn change_passphrase(signed_in: &SignedIn, fields: &Fields) -> Result<Mistakes, Problem> {
    let [old, new, again] = ["old", "new", "again"].map(|field| fields.exactly(field));
    if new != again {
        return Ok(Mistakes::one("again", signed_in.page.say("join-error-again")));
    }
    let (store, now, page) = (signed_in.store(), signed_in.now, &signed_in.page);
    let error = match store.change_passphrase(&signed_in.session, old, new, now).await {
        Ok(()) => return Ok(Mistakes::default()),
        Err(error) => error,
    };
    Ok(match error {
        StoreError::NotSignedIn => Mistakes::one("old", page.say("refused-passphrase")),
        StoreError::Passphrase(_) => Mistakes::one("new", refused(page, error, now)?),
        error => Mistakes::one("old", refused(page, error, now)?),
    })
}

/// Leads her to her agency's provider, to link her account there; what is wrong when it does not.
async fn link(
    site: &Site,
    signed_in: &SignedIn,
    fields: &Fields,
    identity: &IdentitySite,
) -> Result<Result<Response, Mistakes>, Problem> {
    let (store, now, page) = (signed_in.store(), signed_in.now, &signed_in.page);
    let code: String = fields.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    let shown = (fields.exactly("own-passphrase"), &code[..]);
    let next = page.link("/account?done=linked");
    let words = match store.ask_identity_to_link(&signed_in.session, shown, &next, now).await {
        Ok(asked) => match go_there(site, page, &asked, identity).await? {
            Some(response) => return Ok(Ok(response)),
            None => page.say("refused-identity-away"),
        },
        Err(StoreError::NotSignedIn) => page.say("refused-passphrase-or-code"),
        Err(error) => refused(page, error, now)?,
    };
    Ok(Err(Mistakes::one("own-passphrase", words)))
}

/// Unlinks her account there; what is wrong when it does not.
async fn unlink(signed_in: &SignedIn) -> Result<Mistakes, Problem> {
    match signed_in.store().unlink_identity(&signed_in.session, signed_in.now).await {
        // Twice is once.
        Ok(()) | Err(StoreError::IdentityNotLinked) => Ok(Mistakes::default()),
        Err(error) => Err(error.into()),
    }
}

async fn page(
    signed_in: &SignedIn,
    mistakes: Mistakes,
    done: Option<&'static str>,
    asked: Option<Vec<CompartmentName>>,
) -> Result<Response, Problem> {
    let (page, scope) = (signed_in.page.clone(), signed_in.scope());
    let rows = signed_in.store().own_acts(scope, ROWS).await?;
    let here = rows.iter().take_while(|row| row.act != "signed_in");
    let recovered = here.filter(|row| row.act == "recovered").count();
    let (store, session) = (signed_in.store(), &signed_in.session);
    let identity = match store.own_provider(session).await? {
        Some(_) => Some(store.identity_link(session).await?),
        None => None,
    };
    let shown = Account {
        desk: signed_in.desk(),
        mistakes,
        purpose: page.purpose(&scope.purpose()),
        fingerprint: signed_in.session.fingerprint(),
        acts: rows.iter().map(|row| ShownAct::of(&page, row)).collect(),
        done,
        recovered: if asked.is_some() { 0 } else { recovered },
        asked,
        practice_site: signed_in.practice_site(),
        identity,
        page,
    };
    signed_in.show(shown.mistakes.status(), &[], &shown).await
}
