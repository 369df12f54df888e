//! Members come in, read, lose their passphrase, get it back; on both databases.

use jiff::{SignedDuration, Timestamp};
use sealing::{Place, Row};

use super::made::{
    PASSPHRASE, Person, agency, code, entered, minutes, operator, real_agency, start,
};
use super::*;
use crate::database::scalar;
use crate::stores::with_store;
use crate::{AuditFilter, Permission, Purpose, Role, Store};

async fn joins_kern(store: &Store, name: &'static str, role: Role) -> Person {
    made::joins(store, "kern-da", name, role).await
}

/// The audit of one member: act by act.
async fn acts(store: &Store, member: i64) -> Vec<String> {
    let of = AuditFilter { subject: Some(("member".into(), Some(member))), ..Default::default() };
    let rows = store.audit(&operator(), &of).await.unwrap();
    rows.into_iter().map(|row| row.act).collect()
}

/// What a colleague sees of emergencies.
async fn emergencies(store: &Store, colleague: &Session, at: Timestamp) -> Vec<Emergency> {
    let mut moment = store.window().await.unwrap();
    emergency::shown(&mut moment, colleague.scope(), at).await.unwrap()
}

#[test]
fn a_member_joins_signs_in_is_locked_and_goes() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        let ana = joins_kern(&store, "ana", Role::Coordinator).await;
        let at = start();
        let signed_in = ana.comes_in(&store, at).await.unwrap();
        let scope = signed_in.session.scope();
        assert_eq!(
            (scope.who(), scope.agency(), scope.role()),
            ("ana", Some("kern-da"), Role::Coordinator)
        );
        let server = store.clone().for_server();
        assert!(server.imports(scope).await.is_ok());
        assert!(matches!(
            server.audit_head(scope).await,
            Err(StoreError::NotPermitted {
                role: Role::Coordinator,
                permission: Permission::ReadAudit
            })
        ));
        let cookie = &signed_in.cookie;
        server.viewed(scope, "/imports", &[3, 7], at).await.unwrap();
        let own = server.own_acts(scope, 2).await.unwrap();
        let own: Vec<_> = own.iter().map(|row| (&row.act[..], row.why.as_deref())).collect();
        assert_eq!(own, [("viewed", Some("/imports 3 7")), ("signed_in", Some(""))]);

        // A code is taken once.
        assert!(matches!(ana.comes_in(&store, at).await, Err(StoreError::NotSignedIn)));

        // Within half an hour of the last request it is open; after that the passphrase is asked for.
        for minute in [20, 45, 70] {
            let resumed = store.resume(cookie, at + minutes(minute)).await.unwrap();
            let Some(Resumed::Open { session, .. }) = resumed else { panic!("{resumed:?}") };
            assert_eq!(session.scope(), scope);
        }
        let later = at + minutes(101);
        let resumed = store.resume(cookie, later).await.unwrap();
        assert!(matches!(resumed, Some(Resumed::Locked { name }) if name == "ana"));
        assert!(matches!(
            store.unlock(cookie, "another passphrase than hers", later).await,
            Err(StoreError::NotSignedIn)
        ));
        assert!(matches!(store.resume(cookie, later).await.unwrap(), Some(Resumed::Locked { .. })));
        let unlocked = store.unlock(cookie, PASSPHRASE, later).await.unwrap();
        assert_eq!(unlocked.scope(), scope);

        // Twelve hours after she signed in it has ended, however busy she was.
        assert!(store.resume(cookie, at + minutes(12 * 60)).await.unwrap().is_none());
        assert!(matches!(
            store.unlock(cookie, PASSPHRASE, at + minutes(12 * 60)).await,
            Err(StoreError::NotSignedIn)
        ));
        let acts = acts(&store, 1).await;
        assert_eq!(
            acts,
            [
                "invited",
                "enrolled",
                "signed_in",
                "failed_to_sign_in",
                "locked",
                "failed_to_sign_in",
                "unlocked",
                "ended"
            ]
        );
        assert!(store.verify_audit(&operator(), &[]).await.unwrap().findings.is_empty());
    });
}

#[test]
fn five_tries_in_fifteen_minutes_whoever_has_the_name() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        let ana = joins_kern(&store, "ana", Role::Coordinator).await;
        for name in ["ana", "nobody"] {
            for second in 0..5 {
                let at = start() + SignedDuration::from_secs(second);
                let refused = store.sign_in(&entered(name), at).await;
                assert!(matches!(refused, Err(StoreError::NotSignedIn)), "{refused:?}");
            }
            let refused = store.sign_in(&entered(name), start() + minutes(1)).await;
            let Err(StoreError::TooManyTries { until }) = refused else { panic!("{refused:?}") };
            assert_eq!(until, "2026-11-30T08:15:00Z");
        }
        // The right words do not help before the time is over.
        assert!(matches!(
            ana.comes_in(&store, start() + minutes(14)).await,
            Err(StoreError::TooManyTries { .. })
        ));
        assert!(ana.comes_in(&store, start() + minutes(16)).await.is_ok());
    });
}

#[test]
fn an_invitation_is_good_once_and_for_a_week() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        let new = NewMember {
            agency: "kern-da".to_owned(),
            name: "ana".to_owned(),
            roles: vec![Role::Coordinator],
        };
        let invitation = store.invite(&operator(), &new, start()).await.unwrap();
        assert!(matches!(
            store.invite(&operator(), &new, start()).await,
            Err(StoreError::MemberThere(_))
        ));
        let accept = async |code: &str, passphrase: &str, at| {
            store.accept_invitation("ana", code, passphrase, at).await.map(drop)
        };
        let short = accept(&invitation.code, "too short", start()).await;
        assert!(matches!(short, Err(StoreError::Passphrase(_))));
        let old = accept(&invitation.code, PASSPHRASE, start() + minutes(7 * 24 * 60)).await;
        assert!(matches!(old, Err(StoreError::NoInvitation)));
        assert!(matches!(
            accept("abcd-abcd-abcd-abcd", PASSPHRASE, start()).await,
            Err(StoreError::NoInvitation)
        ));
        accept(&invitation.code, PASSPHRASE, start()).await.unwrap();
        assert!(matches!(
            accept(&invitation.code, PASSPHRASE, start()).await,
            Err(StoreError::NoInvitation)
        ));
    });
}

#[test]
fn roles_stand_alone_where_they_must_and_a_member_is_turned_off_and_on() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        let ana = joins_kern(&store, "ana", Role::Coordinator).await;
        let set = async |roles: &[Role]| store.set_roles(&operator(), "ana", roles, start()).await;
        for roles in [
            &[][..],
            &[Role::Operator],
            &[Role::Administrator, Role::Coordinator],
            &[Role::Auditor, Role::Administrator],
            &[Role::Collector],
            &[Role::Coordinator, Role::Analyst],
        ] {
            assert!(matches!(set(roles).await, Err(StoreError::RolesConflict)), "{roles:?}");
        }
        let signed_in = ana.comes_in(&store, start()).await.unwrap();
        set(&[Role::Coordinator, Role::Trainer]).await.unwrap();
        assert!(store.resume(&signed_in.cookie, start()).await.unwrap().is_none(), "roles are new");
        let at = start() + minutes(5);
        let signed_in = ana.comes_in(&store, at).await.unwrap();
        let session = &signed_in.session;
        let scope = store.act_as(session, Role::Trainer, Purpose::Training, at).await.unwrap();
        assert_eq!((scope.role(), scope.purpose()), (Role::Trainer, Purpose::Training));
        assert!(matches!(
            store.act_as(session, Role::Auditor, Purpose::Audit, at).await,
            Err(StoreError::RoleNotHeld)
        ));
        let off = store.turn_member(&operator(), "ana", false, "left", at).await;
        off.unwrap();
        assert!(store.resume(&signed_in.cookie, at).await.unwrap().is_none());
        let later = at + minutes(5);
        assert!(matches!(ana.comes_in(&store, later).await, Err(StoreError::MemberOff)));
        store.turn_member(&operator(), "ana", true, "is back", later).await.unwrap();
        let later = later + minutes(5);
        ana.comes_in(&store, later).await.unwrap();
        // Ninety days later she is off by herself.
        let idle = later + SignedDuration::from_hours(24 * 91);
        assert!(matches!(ana.comes_in(&store, idle).await, Err(StoreError::MemberOff)));
    });
}

#[test]
fn idle_keys_are_dropped_without_a_request() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        let ana = joins_kern(&store, "ana", Role::Coordinator).await;
        let signed_in = ana.comes_in(&store, start()).await.unwrap();
        let keys = async || -> Vec<i64> {
            let mut moment = store.database.read(None).await.unwrap();
            let sql = "SELECT COUNT(by_session) FROM session";
            scalar(sql).fetch_all(&mut moment).await.unwrap()
        };
        assert_eq!(store.lock_idle(start() + minutes(29)).await.unwrap(), 0);
        assert_eq!(keys().await, [1]);
        assert_eq!(store.lock_idle(start() + minutes(30)).await.unwrap(), 1);
        assert_eq!(keys().await, [0]);
        let resumed = store.resume(&signed_in.cookie, start() + minutes(30)).await.unwrap();
        assert!(matches!(resumed, Some(Resumed::Locked { .. })));
        // A clock that was set back opens nothing and ends nothing.
        let resumed = store.resume(&signed_in.cookie, start() - minutes(600)).await.unwrap();
        assert!(matches!(resumed, Some(Resumed::Locked { .. })));
        assert_eq!(store.lock_idle(start() + minutes(12 * 60)).await.unwrap(), 1);
        assert!(store.resume(&signed_in.cookie, start()).await.unwrap().is_none());
    });
}

const PLACE: Place<'static> = Place { table: "test", row: Row::Number(1), field: "text" };

/// Whether the session opens what was sealed to a compartment.
pub(super) async fn reads(store: &Store, session: &Session, compartment: i64) -> bool {
    reads_at(store, session, compartment, start()).await
}

async fn reads_at(store: &Store, session: &Session, compartment: i64, at: Timestamp) -> bool {
    let mut moment = store.window().await.unwrap();
    let known = compartments::public(&mut moment, compartment).await.unwrap().unwrap();
    let sealed = known.public.seal(&PLACE, b"what she said").unwrap();
    match compartments::opened(&mut moment, session, known.name, at).await {
        Ok((key, _)) => key.open(&PLACE, &sealed).unwrap().text() == Some("what she said"),
        Err(StoreError::NoKeyToCompartment) => false,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_lost_passphrase_is_made_good_by_two_officers_and_by_no_fewer() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        let first = joins_kern(&store, "first", Role::Administrator).await;
        let returns = CompartmentName::Returns;
        let ana = joins_kern(&store, "ana", Role::Coordinator).await;
        let session = ana.comes_in(&store, start()).await.unwrap().session;
        let make = async || store.make_compartment(&session, returns, start()).await;
        assert!(matches!(make().await, Err(StoreError::TwoOfficers(_))));
        let second = joins_kern(&store, "second", Role::Administrator).await;
        let third = joins_kern(&store, "third", Role::Administrator).await;
        let care = store.make_compartment(&session, CompartmentName::Care, start()).await;
        assert!(matches!(care, Err(StoreError::NoKeyToCompartment)), "a coordinator reads no care");
        let compartment = make().await.unwrap();
        assert!(matches!(make().await, Err(StoreError::CompartmentThere("returns"))));
        assert!(reads(&store, &session, compartment).await);

        // Who joins later is let in by somebody who reads it, who has compared the fingerprint.
        let ben = joins_kern(&store, "ben", Role::Commander).await;
        let bens = ben.comes_in(&store, start()).await.unwrap().session;
        assert!(!reads(&store, &bens, compartment).await);
        let listed = store.compartments(&operator()).await.unwrap();
        assert_eq!(
            (&listed[0].readers[..], &listed[0].waiting[..]),
            (&["ana".to_owned()][..], &["ben".to_owned()][..])
        );
        let let_in = async |name: &str, print: &str| {
            store.let_in(&session, compartment, name, print, start()).await
        };
        assert!(let_in("ben", &ana.fingerprint).await.is_err());
        assert!(
            let_in("first", &first.fingerprint).await.is_err(),
            "an administrator reads nothing"
        );
        let_in("ben", &ben.fingerprint).await.unwrap();
        assert!(reads(&store, &bens, compartment).await);

        // Ana has lost her passphrase. A new invitation alone gives her nothing.
        let at = start() + minutes(10);
        let invitation = store.invite_again(&operator(), "ana", "lost", at).await.unwrap();
        assert!(store.open_recoveries(&operator()).await.unwrap().is_empty());
        let enrolled = store
            .accept_invitation("ana", &invitation.code, "nine otters under quick rain", at)
            .await
            .unwrap();
        let ana = Person::of("ana", &enrolled);
        let code = code(&ana.totp, at);
        let passphrase = "nine otters under quick rain";
        let entered = Entered { passphrase, code: &code, ..entered("ana") };
        let anas = store.sign_in(&entered, at).await.unwrap().session;
        assert!(!reads(&store, &anas, compartment).await);
        assert!(store.take_back(&anas, at).await.unwrap().is_empty());

        let request = store.open_recoveries(&operator()).await.unwrap().remove(0);
        assert_eq!((&request.name[..], request.compartment), ("ana", returns));
        assert_eq!(request.fingerprint, ana.fingerprint);
        let firsts = first.comes_in(&store, at).await.unwrap().session;
        let thirds = third.comes_in(&store, at).await.unwrap().session;
        let hand = async |session: &Session, fingerprint: &str| {
            store.hand_over(session, &request.id, fingerprint, at).await
        };
        assert!(hand(&anas, &ana.fingerprint).await.is_err(), "she is no officer");
        assert!(hand(&firsts, &first.fingerprint).await.is_err(), "not her fingerprint");
        hand(&firsts, &ana.fingerprint).await.unwrap();
        hand(&firsts, &ana.fingerprint).await.unwrap();
        assert!(store.take_back(&anas, at).await.unwrap().is_empty(), "one officer is not two");
        hand(&thirds, &ana.fingerprint).await.unwrap();
        assert!(!reads(&store, &firsts, compartment).await, "officers read nothing");
        assert_eq!(store.take_back(&anas, at).await.unwrap(), [returns]);
        assert!(reads(&store, &anas, compartment).await);
        assert!(store.open_recoveries(&operator()).await.unwrap().is_empty());

        // An officer who is gone and one who is new: shared out anew when somebody signs in who reads it.
        let at = at + minutes(5);
        store.turn_member(&operator(), second.name, false, "left", at).await.unwrap();
        joins_kern(&store, "fourth", Role::Administrator).await;
        let generation = async || -> i64 {
            let mut moment = store.window().await.unwrap();
            scalar("SELECT generation FROM compartment").fetch_one(&mut moment).await.unwrap()
        };
        assert_eq!(generation().await, 1);
        for _ in 0..2 {
            let at = at + minutes(generation().await);
            let code = self::code(&ana.totp, at);
            let entered = Entered { passphrase, code: &code, ..self::entered("ana") };
            store.sign_in(&entered, at).await.unwrap();
            assert_eq!(generation().await, 2, "once");
        }
        assert!(store.verify_audit(&operator(), &[]).await.unwrap().findings.is_empty());
    });
}

#[test]
fn a_new_passphrase_keeps_what_the_old_one_opened_and_ends_other_sessions() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        for name in ["first", "second"] {
            joins_kern(&store, name, Role::Administrator).await;
        }
        let ana = joins_kern(&store, "ana", Role::Coordinator).await;
        let name = CompartmentName::Returns;
        let elsewhere = ana.comes_in(&store, start()).await.unwrap();
        let compartment = store.make_compartment(&elsewhere.session, name, start()).await.unwrap();
        let at = start() + minutes(1);
        let here = ana.comes_in(&store, at).await.unwrap();
        let new = "nine otters under quick rain";
        let wrong = store.change_passphrase(&here.session, "not hers at all", new, at).await;
        assert!(matches!(wrong, Err(StoreError::NotSignedIn)));
        store.change_passphrase(&here.session, PASSPHRASE, new, at).await.unwrap();
        assert!(store.resume(&elsewhere.cookie, at).await.unwrap().is_none());
        assert!(store.resume(&here.cookie, at).await.unwrap().is_some());
        let at = at + minutes(1);
        assert!(matches!(ana.comes_in(&store, at).await, Err(StoreError::NotSignedIn)));
        let code = code(&ana.totp, at);
        let entered = Entered { passphrase: new, code: &code, ..entered("ana") };
        let again = store.sign_in(&entered, at).await.unwrap();
        assert!(reads(&store, &again.session, compartment).await);
        store.sign_out(&again.cookie, at).await.unwrap();
        assert!(store.resume(&again.cookie, at).await.unwrap().is_none());

        // Another role reads other things, also after the first is given back.
        for role in [Role::Trainer, Role::Coordinator] {
            store.set_roles(&operator(), "ana", &[role], at).await.unwrap();
        }
        let at = at + minutes(1);
        let code = self::code(&ana.totp, at);
        let entered = Entered { passphrase: new, code: &code, ..self::entered("ana") };
        let again = store.sign_in(&entered, at).await.unwrap();
        assert!(!reads(&store, &again.session, compartment).await);
    });
}

#[test]
fn police_and_providers_do_not_meet_and_an_agency_that_leaves_takes_its_members_along() {
    with_store(async |store| {
        real_agency(&store, "kern-da", "prosecutor").await.unwrap();
        real_agency(&store, "kern-labor", "labor_agency").await.unwrap();
        let refused = real_agency(&store, "kern-shelter", "covered_provider").await;
        assert!(matches!(refused, Err(StoreError::OtherSide { .. })), "{refused:?}");
        assert!(matches!(
            real_agency(&store, "kern-da", "prosecutor").await,
            Err(StoreError::AgencyThere(_))
        ));
        let ana = joins_kern(&store, "ana", Role::Coordinator).await;
        let signed_in = ana.comes_in(&store, start()).await.unwrap();
        store.let_agency_go(&operator(), "kern-da", "agreement over", start()).await.unwrap();
        assert!(store.resume(&signed_in.cookie, start()).await.unwrap().is_none());
        let later = start() + minutes(5);
        assert!(matches!(ana.comes_in(&store, later).await, Err(StoreError::NotSignedIn)));
        // What it left behind still stands here.
        assert!(real_agency(&store, "kern-shelter", "covered_provider").await.is_err());
        assert!(matches!(real_agency(&store, "*", "police").await, Err(StoreError::AgencyCode(_))));
    });
}

#[test]
fn an_administrator_sees_to_her_own_agency_only() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        agency(&store, "fresno-pd", "police").await.unwrap();
        let admin = joins_kern(&store, "admin", Role::Administrator).await;
        let session = admin.comes_in(&store, start()).await.unwrap().session;
        let server = store.clone().for_server();
        let invite = async |agency: &str, name: &str| {
            let new = NewMember {
                agency: agency.to_owned(),
                name: name.to_owned(),
                roles: vec![Role::Coordinator],
            };
            server.invite(session.scope(), &new, start()).await.map(drop)
        };
        assert!(matches!(invite("fresno-pd", "eve").await, Err(StoreError::NoSuchAgencyHere(_))));
        invite("kern-da", "ana").await.unwrap();
        let new = NewMember {
            agency: "fresno-pd".to_owned(),
            name: "other".to_owned(),
            roles: vec![Role::Coordinator],
        };
        store.invite(&operator(), &new, start()).await.unwrap();
        let seen = server.members(session.scope()).await.unwrap();
        let names: Vec<&str> = seen.iter().map(|member| &member.name[..]).collect();
        assert_eq!(names, ["admin", "ana"]);
        let other = server.turn_member(session.scope(), "other", false, "why", start()).await;
        assert!(matches!(other, Err(StoreError::NoSuchMember(_))));
        for roles in [[Role::Administrator], [Role::Coordinator]] {
            let promoted = server.set_roles(session.scope(), "admin", &roles, start()).await;
            assert!(matches!(promoted, Err(StoreError::AtTheTerminal)), "{promoted:?}");
        }
        let own = server.turn_member(session.scope(), "admin", false, "why", start()).await;
        assert!(matches!(own, Err(StoreError::AtTheTerminal)));
        let agency = server.let_agency_go(session.scope(), "fresno-pd", "why", start()).await;
        assert!(matches!(agency, Err(StoreError::NotPermitted { .. })));
        // An auditor of one agency does not see what members of another did, on either database.
        let auditor = joins_kern(&store, "audrey", Role::Auditor).await;
        let audrey = auditor.comes_in(&store, start()).await.unwrap().session;
        made::joins(&store, "fresno-pd", "frank", Role::Coordinator).await;
        let rows = server.audit(audrey.scope(), &AuditFilter::default()).await.unwrap();
        assert!(rows.iter().any(|row| row.who == "admin"));
        assert!(rows.iter().all(|row| row.who != "frank"));
        let again = server.invite_again(session.scope(), "other", "why", start()).await;
        assert!(matches!(again, Err(StoreError::NoSuchMember(_))));
    });
}

#[test]
fn in_an_emergency_two_officers_let_somebody_read_for_four_hours_and_all_see_it() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        let first = joins_kern(&store, "first", Role::Administrator).await;
        let second = joins_kern(&store, "second", Role::Administrator).await;
        let third = joins_kern(&store, "third", Role::Administrator).await;
        let ana = joins_kern(&store, "ana", Role::Investigator).await;
        let anas = ana.comes_in(&store, start()).await.unwrap().session;
        let ben = joins_kern(&store, "ben", Role::Commander).await;
        let cora = joins_kern(&store, "cora", Role::Coordinator).await;
        let leads = CompartmentName::Leads;
        let compartment = store.make_compartment(&anas, leads, start()).await.unwrap();
        let bens = ben.comes_in(&store, start()).await.unwrap().session;
        let thirds = third.comes_in(&store, start()).await.unwrap().session;
        let why = "nobody of the desk is reached, a child is named";
        let ask =
            async |session: &Session| store.ask_in_emergency(session, leads, why, start()).await;
        assert!(matches!(ask(&thirds).await, Err(StoreError::NotPermitted { .. })));
        ask(&bens).await.unwrap();
        ask(&bens).await.unwrap();
        assert!(!reads(&store, &bens, compartment).await);
        let open = store.open_recoveries(&operator()).await.unwrap();
        assert_eq!(open.len(), 1, "asked twice is asked once");
        assert_eq!(open[0].emergency.as_deref(), Some(why));

        // It is loud: a colleague who has nothing to do with it sees it.
        let coras = cora.comes_in(&store, start()).await.unwrap().session;
        let seen = emergencies(&store, &coras, start()).await;
        assert_eq!((seen.len(), &seen[0].name[..], &seen[0].why[..]), (1, "ben", why));
        assert_eq!(seen[0].until, None);

        for officer in [&first, &second] {
            let session = officer.comes_in(&store, start()).await.unwrap().session;
            let (id, print) = (&open[0].id, &ben.fingerprint);
            store.hand_over(&session, id, print, start()).await.unwrap();
        }
        assert_eq!(store.take_back(&bens, start()).await.unwrap(), [leads]);
        assert!(reads(&store, &bens, compartment).await);
        let seen = emergencies(&store, &coras, start()).await;
        assert_eq!(seen[0].until.as_deref(), Some("2026-11-30T12:00:00Z"));
        let print = &cora.fingerprint;
        let passed_on = store.let_in(&bens, compartment, "cora", print, start()).await;
        assert!(matches!(passed_on, Err(StoreError::NoKeyToCompartment)), "he passes nothing on");
        assert!(reads_at(&store, &bens, compartment, start() + minutes(239)).await);
        assert!(!reads_at(&store, &bens, compartment, start() + minutes(240)).await);
        // And is gone from the database, not only refused.
        store.lock_idle(start() + minutes(241)).await.unwrap();
        assert!(!reads(&store, &bens, compartment).await);
        // Everybody sees for a week that it was.
        let later = start() + minutes(6 * 24 * 60);
        assert_eq!(emergencies(&store, &coras, later).await.len(), 1);
        let later = start() + minutes(8 * 24 * 60);
        assert!(emergencies(&store, &coras, later).await.is_empty());
    });
}
