//! A real agency joins, step by step, on both databases.

use std::collections::BTreeMap;

use jiff::civil::date;
use records::returns::Checked;
use records::{Answer, Figure, Origin, Part, Quarter, Standing, Unit};

use super::*;
use crate::accounts::made::{Person, agency, joins, minutes, operator, real_agency, start};
use crate::accounts::{ModesPaper, PaperProblem};
use crate::stores::with_store;
use crate::{AuditFilter, NewReturn};

fn quarter() -> Quarter {
    "2026-Q3".parse().unwrap()
}

fn read_return(reporter: &str, standing: Standing) -> NewReturn {
    let figure = Figure {
        measure: "victim_identified".to_owned(),
        reporter: reporter.to_owned(),
        unit: Unit::Count,
        period: quarter().period(),
        dimensions: BTreeMap::new(),
        answer: Answer::exactly(12),
        as_said: "12".to_owned(),
        as_of: None,
        part: Part::Cell,
        origin: Origin { row: 2, column: "value".to_owned() },
        note: None,
    };
    NewReturn {
        digest: blake3::hash(reporter.as_bytes()).to_hex().to_string(),
        file_name: "2026-Q3.csv".to_owned(),
        mapping: "clearway-return".to_owned(),
        document: None,
        definition_version: "2026.1".to_owned(),
        standing,
        checked: Checked { rows: 1, figures: vec![figure], ..Checked::default() },
    }
}

fn paper() -> Agreement {
    Agreement {
        title: "Agreement on statistics".to_owned(),
        reference: "file 12/2026".to_owned(),
        signatory: "District Attorney".to_owned(),
        signed_on: date(2026, 11, 1),
        valid_until: date(2027, 10, 31),
        withdraws: true,
    }
}

fn modes_paper() -> ModesPaper {
    ModesPaper {
        signatory: "District Attorney".to_owned(),
        signed_on: date(2026, 11, 1),
        expires_on: date(2027, 10, 31),
    }
}

fn all(mode: Mode, basis: &str) -> Vec<(RecordKind, Mode, Code)> {
    let basis = Code::get(Kind::LegalBasis, basis).unwrap();
    RecordKind::ALL.into_iter().map(|kind| (kind, mode, basis)).collect()
}

async fn session(store: &Store, person: &Person, at: Timestamp) -> Session {
    person.comes_in(store, at).await.unwrap().session
}

async fn missing(store: &Store) -> Vec<JoiningStep> {
    store.joinings(&operator(), start()).await.unwrap().remove(0).missing
}

#[test]
fn a_real_agency_goes_live_when_every_step_holds_and_two_consent() {
    with_store(async |store| {
        use JoiningStep::{Administrators, GoLive, KeyCeremony, Modes, TestReturn};
        real_agency(&store, "kern-da", "prosecutor").await.unwrap();
        assert_eq!(missing(&store).await, JoiningStep::ALL);
        let first = joins(&store, "kern-da", "first", Role::Administrator).await;
        let at = start();
        let one = session(&store, &first, at).await;

        // A paper that is not whole is refused with everything that is wrong with it.
        let empty = Agreement {
            title: " ".to_owned(),
            reference: String::new(),
            signatory: String::new(),
            signed_on: date(2027, 1, 1),
            valid_until: date(2026, 1, 1),
            withdraws: false,
        };
        let refused = store.enter_agreement(one.scope(), &empty, at).await.unwrap_err();
        let StoreError::PaperIncomplete(problems) = &refused else { panic!("{refused:?}") };
        assert_eq!(
            problems[..],
            [
                PaperProblem::NoTitle,
                PaperProblem::NoReference,
                PaperProblem::NoSignatory,
                PaperProblem::SignedLater,
                PaperProblem::Over
            ]
        );
        let over = Agreement { valid_until: date(2026, 11, 29), ..paper() };
        assert!(store.enter_agreement(one.scope(), &over, at).await.is_err(), "it is over");
        store.enter_agreement(one.scope(), &paper(), at).await.unwrap();
        assert_eq!(missing(&store).await, [Modes, Administrators, KeyCeremony, TestReturn, GoLive]);

        // What the law does not open is refused, and says why.
        let release = all(Mode::WithRelease, "vawa_release");
        let refused = store.agree_modes(one.scope(), &release, &modes_paper(), at).await;
        let Err(StoreError::ModesNotOpen(refused)) = refused else { panic!("{refused:?}") };
        assert_eq!(refused.len(), RecordKind::ALL.len());
        let mut some = all(Mode::Encoded, "statistics_agreement");
        let last = some.pop();
        store.agree_modes(one.scope(), &some, &modes_paper(), at).await.unwrap();
        assert!(missing(&store).await.contains(&Modes), "one kind has none");
        let last = last.as_slice();
        store.agree_modes(one.scope(), last, &modes_paper(), at).await.unwrap();
        assert_eq!(missing(&store).await, [Administrators, KeyCeremony, TestReturn, GoLive]);

        let second = joins(&store, "kern-da", "second", Role::Administrator).await;
        let two = session(&store, &second, at).await;
        let commander = joins(&store, "kern-da", "ben", Role::Commander).await;
        let ben = session(&store, &commander, at).await;
        // Nothing is prepared for returns yet, so nothing can be tried.
        let made_up = read_return("practice-1", Standing::Synthetic);
        let early = store.take_test_return(&ben, quarter(), &made_up, at).await;
        assert!(matches!(early, Err(StoreError::NoKeyToCompartment)), "{early:?}");
        store.make_compartment(&ben, CompartmentName::Returns, at).await.unwrap();
        assert_eq!(missing(&store).await, [KeyCeremony, TestReturn, GoLive]);

        // Each hears the other's fingerprint, and nobody her own.
        let compare = async |by: &Session, of: &Person, print: &str| {
            store.compare_keys(by, of.name, print, at).await
        };
        assert!(compare(&one, &first, &first.fingerprint).await.is_err());
        assert!(compare(&one, &second, &first.fingerprint).await.is_err());
        assert!(compare(&one, &commander, &commander.fingerprint).await.is_err());
        compare(&one, &second, &second.fingerprint).await.unwrap();
        assert!(missing(&store).await.contains(&KeyCeremony), "one has said so");
        compare(&two, &first, &first.fingerprint).await.unwrap();
        assert_eq!(missing(&store).await, [TestReturn, GoLive]);

        let unfinished = store.go_live(&one, at).await;
        assert!(matches!(
            unfinished,
            Err(StoreError::JoiningUnfinished(steps)) if steps == [TestReturn]
        ));
        let signed = store.sign_return(&ben, quarter(), "csv", 0, at).await;
        assert!(matches!(signed, Err(StoreError::NotLive(code)) if code == "kern-da"));
        // What would count is no test, and neither is nothing.
        let real = read_return("kern-da", Standing::Submitted);
        for bad in [real, NewReturn { checked: Checked::default(), ..made_up.clone() }] {
            let refused = store.take_test_return(&ben, quarter(), &bad, at).await;
            assert!(matches!(refused, Err(StoreError::NotATest)), "{refused:?}");
        }
        store.take_test_return(&ben, quarter(), &made_up, at).await.unwrap();
        assert!(store.returns(&operator()).await.unwrap().is_empty(), "a test is in no count");
        assert!(store.filings(ben.scope()).await.unwrap().is_empty());

        // One asks, and asking twice is not two.
        for _ in 0..2 {
            assert_eq!(store.go_live(&one, at).await.unwrap(), GoneLive::Asked);
        }
        // With another paper it is asked for anew.
        store.enter_agreement(two.scope(), &paper(), at).await.unwrap();
        assert_eq!(store.go_live(&two, at).await.unwrap(), GoneLive::Asked);
        assert_eq!(store.go_live(&one, at).await.unwrap(), GoneLive::Live);
        assert!(missing(&store).await.is_empty());
        assert_eq!(store.go_live(&two, at).await.unwrap(), GoneLive::Live);
        store.sign_return(&ben, quarter(), "csv", 0, at).await.unwrap();
        let of =
            AuditFilter { subject: Some(("joined_agency".into(), None)), ..Default::default() };
        let acts: Vec<String> =
            store.audit(&operator(), &of).await.unwrap().into_iter().map(|row| row.act).collect();
        let ends = ["tested", "live_asked", "live_asked", "agreement", "live_asked", "live"];
        assert_eq!(acts[acts.len() - 6..], ends);
        assert!(store.verify_audit(&operator(), &[]).await.unwrap().findings.is_empty());
    });
}

#[test]
fn a_new_key_is_compared_anew_and_an_agreement_that_is_over_is_missing() {
    with_store(async |store| {
        real_agency(&store, "kern-da", "prosecutor").await.unwrap();
        let first = joins(&store, "kern-da", "first", Role::Administrator).await;
        let second = joins(&store, "kern-da", "second", Role::Administrator).await;
        let commander = joins(&store, "kern-da", "ben", Role::Commander).await;
        let at = start();
        let (one, two) = (session(&store, &first, at).await, session(&store, &second, at).await);
        let ben = session(&store, &commander, at).await;
        store.enter_agreement(one.scope(), &paper(), at).await.unwrap();
        store.make_compartment(&ben, CompartmentName::Returns, at).await.unwrap();
        store.compare_keys(&one, "second", &second.fingerprint, at).await.unwrap();
        store.compare_keys(&two, "first", &first.fingerprint, at).await.unwrap();
        assert!(!missing(&store).await.contains(&JoiningStep::KeyCeremony));
        let seen = store.joinings(one.scope(), at).await.unwrap();
        assert_eq!(seen[0].compared.len(), 2);

        let again = store.invite_again(&operator(), "second", "lost", at).await.unwrap();
        let passphrase = crate::accounts::made::PASSPHRASE;
        store.accept_invitation("second", &again.code, passphrase, at).await.unwrap();
        assert!(missing(&store).await.contains(&JoiningStep::KeyCeremony), "her key is another");
        let later = "2027-11-01T12:00:00Z".parse().unwrap();
        let joining = store.joinings(&operator(), later).await.unwrap().remove(0);
        assert!(!joining.holds(JoiningStep::Agreement));
    });
}

#[test]
fn made_up_agencies_work_without_joining_and_nobody_sees_how_others_join() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        agency(&store, "fresno-da", "prosecutor").await.unwrap();
        for name in ["first", "second"] {
            joins(&store, "kern-da", name, Role::Administrator).await;
        }
        let commander = joins(&store, "kern-da", "ben", Role::Commander).await;
        let ben = session(&store, &commander, start()).await;
        store.make_compartment(&ben, CompartmentName::Returns, start()).await.unwrap();
        store.sign_return(&ben, quarter(), "csv", 0, start() + minutes(1)).await.unwrap();
        let seen = store.joinings(ben.scope(), start()).await.unwrap();
        let codes: Vec<&str> = seen.iter().map(|one| one.agency.code.as_str()).collect();
        assert_eq!(codes, ["kern-da"]);
        let refused = store.enter_agreement(ben.scope(), &paper(), start()).await;
        assert!(matches!(refused, Err(StoreError::NotPermitted { .. })));
        assert_eq!(store.joinings(&operator(), start()).await.unwrap().len(), 2);
        // What is real does not come among them, by whichever door.
        let real = real_agency(&store, "kern-pd", "police").await;
        assert!(matches!(real, Err(StoreError::OtherWorld { practice: false, .. })), "{real:?}");
        let submitted = read_return("kern-da", Standing::Submitted);
        let refused = store.accept(&operator(), &submitted, None, start()).await;
        assert!(matches!(refused, Err(StoreError::OtherWorld { .. })), "{refused:?}");
        let synthetic = read_return("practice-1", Standing::Synthetic);
        store.accept(&operator(), &synthetic, None, start()).await.unwrap();
        let published = read_return("cal-ema", Standing::Published);
        store.accept(&operator(), &published, None, start()).await.unwrap();
    });
}

#[test]
fn a_real_store_takes_nothing_made_up() {
    with_store(async |store| {
        let submitted = read_return("kern-da", Standing::Submitted);
        store.accept(&operator(), &submitted, None, start()).await.unwrap();
        let made_up = agency(&store, "kern-da", "prosecutor").await;
        assert!(matches!(made_up, Err(StoreError::OtherWorld { practice: true, .. })));
        real_agency(&store, "kern-da", "prosecutor").await.unwrap();
        let synthetic = read_return("practice-1", Standing::Synthetic);
        let refused = store.accept(&operator(), &synthetic, None, start()).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "2026-Q3.csv is made up, for practice, and this store is real: use another --data"
        );
    });
}
