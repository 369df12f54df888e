//! `GET` and `POST /members`: who is a member of the agency, and somebody is invited.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Invitation, Member, NewMember, Role, StoreError};

use crate::acts::moment;
use crate::form::{Fields, Mistakes};
use crate::frame::{Page, roles_of_members};
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn, refused};

#[derive(Template)]
#[template(path = "members.html")]
struct Members {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    members: Vec<Member>,
    name: String,
    chosen: Vec<Role>,
}

impl Members {
    fn roles(&self) -> impl Iterator<Item = Role> {
        roles_of_members()
    }
}

/// The code of an invitation, once.
#[derive(Template)]
#[template(path = "invited.html")]
struct Invited {
    page: Page,
    desk: Desk,
    name: String,
    code: String,
    until: String,
}

/// The roles that were chosen in a form.
pub(super) fn chosen(fields: &Fields) -> Vec<Role> {
    fields.all("roles").filter_map(Role::from_word).collect()
}

/// Shows them.
pub(crate) async fn show(signed_in: SignedIn) -> Result<Response, Problem> {
    page(&signed_in, Mistakes::default(), String::new(), Vec::new()).await
}

/// Invites somebody.
pub(crate) async fn invite(form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let (name, roles) = (fields.get("name").to_lowercase(), chosen(&fields));
    let agency = signed_in.scope().agency().unwrap_or_default().to_owned();
    let new = NewMember { agency, name: name.clone(), roles: roles.clone() };
    match signed_in.store().invite(signed_in.scope(), &new, signed_in.now).await {
        Ok(invitation) => invited(&signed_in, name, &invitation).await,
        Err(error) => {
            let field = if matches!(error, StoreError::RolesConflict) { "roles" } else { "name" };
            let mistakes = Mistakes::one(field, refused(&signed_in.page, error, signed_in.now)?);
            page(&signed_in, mistakes, name, roles).await
        }
    }
}

/// Shows a code that is shown to nobody again.
pub(super) async fn invited(
    signed_in: &SignedIn,
    name: String,
    invitation: &Invitation,
) -> Result<Response, Problem> {
    let shown = Invited {
        page: signed_in.page.clone(),
        desk: signed_in.desk(),
        name,
        code: invitation.code.to_string(),
        until: moment(&invitation.until),
    };
    signed_in.show(StatusCode::OK, &[invitation.member], &shown).await
}

async fn page(
    signed_in: &SignedIn,
    mistakes: Mistakes,
    name: String,
    chosen: Vec<Role>,
) -> Result<Response, Problem> {
    let members = signed_in.store().members(signed_in.scope()).await?;
    let numbers: Vec<i64> = members.iter().map(|member| member.id).collect();
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let shown = Members { page, desk, mistakes, members, name, chosen };
    signed_in.show(shown.mistakes.status(), &numbers, &shown).await
}
