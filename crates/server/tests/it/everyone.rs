//! One installation with somebody of every role in two agencies, signed in. Tests only look at it.

use std::sync::LazyLock;

use records::Standing;
use records::returns::Checked;
use store::{CompartmentName, JobKind, JobState, NewIdentityProvider, NewReturn, Role, Session};

use crate::ask::block_on;
use crate::made_returns::{PRACTICE_SUM, of_practice};
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
    /// A job that has made a report.
    pub(crate) job: i64,
    pub(crate) members: Vec<Member>,
    /// What came by mail from each agency, by number.
    pub(crate) filings: Vec<(&'static str, i64)>,
}

impl Everyone {
    pub(crate) fn filing(&self, agency: &str) -> i64 {
        self.filings.iter().find(|(of, _)| *of == agency).unwrap().1
    }

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
    let (members, filings, job) = block_on(async {
        of_practice(&here).await;
        // Nobody answers there; the pages offer it.
        let own = NewIdentityProvider {
            agency: OURS.to_owned(),
            issuer: "http://127.0.0.1:1/realms/practice".parse().unwrap(),
            client_id: "clearway".to_owned(),
        };
        here.store.set_identity_provider(&operator(), &own, None, here.now()).await.unwrap();
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
        let collector = members.iter().find(|one| one.role == Role::Collector).unwrap();
        let collector = here.session(&collector.cookie).await;
        let mut filings = Vec::new();
        for agency in [OURS, THEIRS] {
            let quarter = "2026-Q3".parse().unwrap();
            let csv =
                format!("reporter,period,measure,value\n{agency},2026-Q3,victim_identified,1\n");
            let (scope, mail) = (collector.scope(), (&csv[..], &nothing_read()));
            let entered = here.store.receive_filing(scope, (agency, quarter), mail, here.now());
            filings.push((agency, entered.await.unwrap()));
        }
        let analyst = |one: &&Member| one.role == Role::Analyst;
        let session = here.session(&members.iter().find(analyst).unwrap().cookie).await;
        let (store, scope, at) = (&here.store, session.scope(), here.now());
        let job = store.ask_job(scope, JobKind::Report, at).await.unwrap();
        store.begin_job(scope, job, 5, at).await.unwrap();
        store.end_job(scope, job, JobState::Done, "1", at).await.unwrap();
        let folder = here.folder.path().join(format!("report/{job}"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("index.html"), "<!doctype html>\n").unwrap();
        (members, filings, job)
    });
    Everyone { here, job, members, filings }
});

/// A return without figures: these agencies are in no register.
fn nothing_read() -> NewReturn {
    NewReturn {
        digest: String::new(),
        file_name: String::new(),
        mapping: String::new(),
        document: None,
        definition_version: String::new(),
        standing: Standing::Synthetic,
        checked: Checked::default(),
    }
}

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
        (Role::Coordinator, "/returns"),
        (Role::Coordinator, "/returns/2026-Q3"),
        (Role::Coordinator, "/returns/2026-Q3?all=yes"),
        (Role::Coordinator, "/returns/2026-Q3/sign"),
        // He was not let in.
        (Role::Commander, "/returns/2026-Q3"),
        (Role::Coordinator, "/agency"),
        (Role::Commander, "/state"),
        (Role::Analyst, "/state"),
        (Role::Collector, "/state/explain/FIGURE"),
        (Role::Analyst, "/jobs"),
        (Role::Publisher, "/jobs"),
        (Role::Analyst, "/jobs/JOB"),
        (Role::Administrator, "/joining"),
        (Role::Commander, "/joining?done=test"),
        (Role::Collector, "/joining"),
        (Role::Administrator, "/leaving"),
        (Role::Administrator, "/contact"),
        (Role::Collector, "/filings"),
        (Role::Collector, "/filings/FILING"),
        (Role::Collector, "/filings/receive"),
        (Role::Collector, "/late"),
        (Role::Commander, "/filings/FILING"),
        (Role::Auditor, "/audit"),
        (Role::Auditor, "/audit?from=nonsense"),
    ] {
        let cookie = &everyone.of(role, OURS).cookie;
        let other = everyone.of(Role::Trainer, OURS).id;
        for language in ["en", "es"] {
            let path = path
                .replace("ID", &other.to_string())
                .replace("FIGURE", PRACTICE_SUM)
                .replace("JOB", &everyone.job.to_string())
                .replace("FILING", &everyone.filing(OURS).to_string());
            let mark = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{mark}language={language}");
            let page = everyone.here.get(cookie, &path).body;
            pages.push((format!("{role} GET {path}"), page, cookie.as_str()));
        }
    }
    pages
});
