//! `GET` and `POST /members/{id}`: one member; other roles, off and on, invited again, gone.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use store::{CompartmentName, Handover, Member, MemberState, Role, StoreError};

use super::members::{chosen, invited};
use crate::form::{Asked, Mistakes};
use crate::frame::{Page, roles_of_members};
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn, refused};

#[derive(Template)]
#[template(path = "member.html")]
struct OneMember {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    member: Member,
    /// Whether it is she herself.
    own: bool,
    /// What she must hand over before she leaves for good.
    handover: Handover,
    /// The key of what was just done.
    done: Option<&'static str>,
}

impl OneMember {
    fn roles(&self) -> impl Iterator<Item = Role> {
        roles_of_members()
    }

    fn path(&self) -> String {
        format!("/members/{}", self.member.id)
    }

    fn is_administrator(&self) -> bool {
        self.member.roles.contains(&Role::Administrator)
    }

    /// What is taken from her when she leaves.
    fn reads(&self) -> String {
        let names: Vec<String> =
            self.handover.reads.iter().map(|name| self.page.compartment(name)).collect();
        match names.is_empty() {
            true => self.page.say("gone-reads-nothing"),
            false => self.page.say_with("gone-reads", "names", names.join(", ")),
        }
    }

    /// What to do before.
    fn first(&self) -> Vec<String> {
        let say = |key: &'static str, name: &CompartmentName| {
            self.page.say_with(key, "name", self.page.compartment(name))
        };
        let reader = self.handover.only_reader_of.iter().map(|name| say("gone-only-reader", name));
        let officer = self.handover.only_officer_of.iter();
        reader.chain(officer.map(|name| say("gone-only-officer", name))).collect()
    }

    fn is_off(&self) -> bool {
        self.member.state == MemberState::Off
    }
}

/// The member of that number, if she is one of the agency's.
async fn find(signed_in: &SignedIn, id: &str) -> Result<Member, Problem> {
    let members = signed_in.store().members(signed_in.scope()).await?;
    members.into_iter().find(|member| member.id.to_string() == id).ok_or(Problem::NotFound)
}

/// Whether it is she who asks. Nobody changes her own account: the last administrator could turn herself
/// off, and roles that one gives oneself are no check.
fn is_own(signed_in: &SignedIn, member: &Member) -> bool {
    member.name == signed_in.scope().who()
}

/// Shows her.
pub(crate) async fn show(
    Path(id): Path<String>,
    signed_in: SignedIn,
    Asked(asked): Asked,
) -> Result<Response, Problem> {
    let member = find(&signed_in, &id).await?;
    let done = match asked.get("done") {
        "roles" => Some("member-done-roles"),
        "on" => Some("member-done-on"),
        "off" => Some("member-done-off"),
        "gone" => Some("gone-done"),
        _ => None,
    };
    page(&signed_in, member, Mistakes::default(), done).await
}

/// Changes what was asked for.
pub(crate) async fn change(Path(id): Path<String>, form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let member = find(&signed_in, &id).await?;
    if is_own(&signed_in, &member) {
        return Err(Problem::NotFound);
    }
    let (store, scope, now) = (signed_in.store(), signed_in.scope(), signed_in.now);
    let (name, act) = (member.name.as_str(), fields.get("act"));
    let (field, why) = match act {
        "off" | "on" => ("why-off", fields.get("why-off")),
        "invite" => ("why-invite", fields.get("why-invite")),
        "gone" => ("why-gone", fields.get("why-gone")),
        _ => ("roles", "-"),
    };
    if why.is_empty() {
        let mistakes = Mistakes::one(field, signed_in.page.say("member-error-why"));
        return page(&signed_in, member, mistakes, None).await;
    }
    let changed: Result<(), StoreError> = match act {
        "roles" => store.set_roles(scope, name, &chosen(&fields), now).await,
        "off" | "on" => store.turn_member(scope, name, act == "on", why, now).await,
        "gone" => store.member_leaves(scope, name, why, now).await.map(drop),
        "invite" => match store.invite_again(scope, name, why, now).await {
            Ok(invitation) => return invited(&signed_in, name.to_owned(), &invitation).await,
            Err(error) => Err(error),
        },
        _ => return Err(Problem::Unreadable(StatusCode::BAD_REQUEST)),
    };
    match changed {
        Ok(()) => Ok(signed_in.go(&format!("/members/{id}?done={act}"))),
        Err(error) => {
            let words = match error {
                StoreError::NoSuchMember(_) => signed_in.page.say("member-error-on"),
                error => refused(&signed_in.page, error, now)?,
            };
            page(&signed_in, member, Mistakes::one(field, words), None).await
        }
    }
}

async fn page(
    signed_in: &SignedIn,
    member: Member,
    mistakes: Mistakes,
    done: Option<&'static str>,
) -> Result<Response, Problem> {
    let numbers = [member.id];
    let own = is_own(signed_in, &member);
    let handover = signed_in.store().handover(signed_in.scope(), &member.name).await?;
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let shown = OneMember { page, desk, mistakes, member, own, handover, done };
    signed_in.show(shown.mistakes.status(), &numbers, &shown).await
}
