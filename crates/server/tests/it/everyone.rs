//! One installation with somebody of every role in two agencies, signed in. Tests only look at it.

use std::sync::LazyLock;

use store::{CompartmentName, Role, Session};

use crate::ask::block_on;
use crate::people::{Installation, OURS, PASSPHRASE, STATE, THEIRS, operator};

/// Somebody who is signed in.
pub(crate) struct Member {
    pub(crate) role: Role,
    pub(crate) agency: &'static str,
    pub(crate) id: i64,
    pub(crate) cookie: String,
}

pub(crate) struct Everyone {
    pub(crate) here: Installation,
    pub(crate) members: Vec<Member>,
}

impl Everyone {
    pub(crate) fn of(&self, role: Role, agency: &str) -> &Member {
        let agency = if role.is_of_the_state() { STATE } else { agency };
        self.members.iter().find(|one| one.role == role && one.agency == agency).unwrap()
    }
}

/// Every role that a member can have.
pub(crate) fn roles() -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| *role != Role::Operator)
}

fn name(agency: &str, role: &str) -> String {
    format!("{}-{role}", agency.split('-').next().unwrap())
}

pub(crate) static EVERYONE: LazyLock<Everyone> = LazyLock::new(|| {
    let here = Installation::new();
    let members = block_on(async {
        let mut members = Vec::new();
        for agency in [OURS, THEIRS, STATE] {
            here.joins(agency, &name(agency, "second-officer"), Role::Administrator).await;
            for role in roles() {
                let both = matches!(role, Role::Administrator | Role::Auditor);
                if role.is_of_the_state() == (agency == STATE) || both && agency != STATE {
                    let person = here.joins(agency, &name(agency, role.as_str()), role).await;
                    let cookie = here.comes_in(&person).await;
                    members.push(Member { role, agency, id: 0, cookie });
                }
            }
            if agency == STATE {
                continue;
            }
            let session = async |role: Role| {
                let of = |one: &&Member| one.role == role && one.agency == agency;
                here.session(&members.iter().find(of).unwrap().cookie).await
            };
            let coordinator = session(Role::Coordinator).await;
            let make = async |session: &Session, sort: CompartmentName| {
                here.store.make_compartment(session, sort, here.now()).await.unwrap()
            };
            let returns = make(&coordinator, CompartmentName::Returns).await;
            make(&session(Role::Caseworker).await, CompartmentName::Care).await;
            make(&session(Role::Investigator).await, CompartmentName::Leads).await;
            // One who waits for two officers, one who waits to be let in.
            let lost = name(agency, "who-lost");
            let person = here.joins(agency, &lost, Role::Coordinator).await;
            let (print, at) = (&person.fingerprint, here.now());
            here.store.let_in(&coordinator, returns, &lost, print, at).await.unwrap();
            let again = here.store.invite_again(&operator(), &lost, "lost", at).await.unwrap();
            let joined = here.store.accept_invitation(&lost, &again.code, PASSPHRASE, at).await;
            joined.unwrap();
            here.joins(agency, &name(agency, "who-waits"), Role::Coordinator).await;
        }
        for listed in here.store.members(&operator()).await.unwrap() {
            let found =
                members.iter_mut().find(|one| listed.name == name(one.agency, one.role.as_str()));
            if let Some(one) = found {
                one.id = listed.id;
            }
        }
        members
    });
    Everyone { here, members }
});

/// Pages of those at work in both languages, with the cookie that opened them.
pub(crate) static DESK_PAGES: LazyLock<Vec<(String, String, &str)>> = LazyLock::new(|| {
    let everyone = &*EVERYONE;
    let mut pages = Vec::new();
    for (role, path) in [
        (Role::Administrator, "/account"),
        (Role::Administrator, "/members"),
        (Role::Administrator, "/members/ID"),
        (Role::Administrator, "/compartments"),
        (Role::Administrator, "/recoveries"),
        (Role::Coordinator, "/account"),
        (Role::Coordinator, "/passkeys"),
        (Role::Coordinator, "/compartments"),
        (Role::Auditor, "/audit"),
        (Role::Auditor, "/audit?from=nonsense"),
    ] {
        let cookie = &everyone.of(role, OURS).cookie;
        let other = everyone.of(Role::Trainer, OURS).id;
        for language in ["en", "es"] {
            let path = path.replace("ID", &other.to_string());
            let mark = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{mark}language={language}");
            let page = everyone.here.get(cookie, &path).body;
            pages.push((format!("{role} GET {path}"), page, cookie.as_str()));
        }
    }
    pages
});
