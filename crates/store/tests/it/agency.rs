//! Which agency this is, its signed modes and its clients' releases.

use records::disclosure::{Disclosure, Mode, ModeProblem, Release};
use records::record::RecordKind;
use store::{AgencySelf, SentKind, Store, StoreError};

use crate::made::{at, scope};
use crate::made_records::{agency, imported, keys, mode, new_sent, release, victim};
use crate::stores::with_store;

async fn set(store: &Store, agency: &AgencySelf) -> Result<bool, StoreError> {
    store.set_agency(&scope(), agency, at()).await
}

#[test]
fn an_agency_is_set_once_and_said_again_without_effect() {
    with_store(async |store| {
        assert_eq!(store.agency(&scope()).await.unwrap(), None);
        let harbor = agency("covered_provider");
        assert!(set(&store, &harbor).await.unwrap());
        assert!(!set(&store, &harbor).await.unwrap());
        assert_eq!(store.agency(&scope()).await.unwrap(), Some(harbor.clone()));
        let moved = AgencySelf { county: Some("kern".to_owned()), ..harbor };
        assert!(set(&store, &moved).await.unwrap());
        assert_eq!(store.agency(&scope()).await.unwrap(), Some(moved));
        let acts = store.audit(&scope(), &store::AuditFilter::default()).await.unwrap();
        let acts: Vec<(&str, &str)> =
            acts.iter().map(|act| (act.act.as_str(), act.why.as_deref().unwrap())).collect();
        assert_eq!(acts, [("set", "harbor"), ("changed", "county")]);
    });
}

#[test]
fn the_legal_entity_is_fixed_by_a_signed_mode() {
    with_store(async |store| {
        set(&store, &agency("hotline")).await.unwrap();
        set(&store, &agency("covered_provider")).await.unwrap();
        let signed = mode(Mode::WithRelease, "vawa_release", "2026-01-01");
        store.add_modes(&scope(), &[signed], at()).await.unwrap();
        let refused = set(&store, &agency("police")).await;
        assert!(matches!(refused, Err(StoreError::AgencyFixed { what: "legal entity", .. })));
        let agency = store.agency(&scope()).await.unwrap().unwrap();
        assert_eq!(agency.legal_entity.as_str(), "covered_provider");
    });
}

#[test]
fn the_code_and_the_practice_mark_are_fixed_by_records_and_files() {
    with_store(async |store| {
        let harbor = agency("police");
        set(&store, &harbor).await.unwrap();
        imported(&store, "a", &[victim("V-1", "Ana", "2026-07-01")]).await;
        let real = AgencySelf { practice: false, ..harbor.clone() };
        let refused = set(&store, &real).await;
        assert!(matches!(refused, Err(StoreError::AgencyFixed { what: "practice mark", .. })));
        let sent = new_sent(1, SentKind::Submission);
        store.record_sent(&scope(), &sent, [], &[], at()).await.unwrap();
        let other = AgencySelf { code: "other".to_owned(), ..harbor };
        let refused = set(&store, &other).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the code of the agency cannot change: files were sent under it"
        );
    });
}

#[test]
fn a_mode_needs_an_agency_that_the_law_opens_it_to() {
    with_store(async |store| {
        let signed = [mode(Mode::WithRelease, "vawa_release", "2026-01-01")];
        let refused = store.add_modes(&scope(), &signed, at()).await;
        assert!(matches!(refused, Err(StoreError::NoAgency)), "{refused:?}");
        set(&store, &agency("police")).await.unwrap();
        let refused = store.add_modes(&scope(), &signed, at()).await;
        let Err(StoreError::ModeNotOpen(problems)) = refused else { panic!("{refused:?}") };
        assert!(matches!(problems[0], ModeProblem::NotOpenToEntity { .. }));
        assert!(store.modes(&scope()).await.unwrap().is_empty());
    });
}

#[test]
fn modes_are_added_once_and_a_revoked_one_does_not_give_way_to_an_older_paper() {
    with_store(async |store| {
        set(&store, &agency("covered_provider")).await.unwrap();
        let old = mode(Mode::WithRelease, "vawa_release", "2025-01-01");
        let new = mode(Mode::WithRelease, "vawa_release", "2026-01-01");
        let both = [old.clone(), new.clone()];
        assert_eq!(store.add_modes(&scope(), &both, at()).await.unwrap(), 2);
        assert_eq!(store.add_modes(&scope(), &both, at()).await.unwrap(), 0);
        assert_eq!(store.standing_modes(&scope()).await.unwrap(), both);
        store.revoke_mode(&scope(), 2, "the board has decided", at()).await.unwrap();
        assert!(store.standing_modes(&scope()).await.unwrap().is_empty());
        let again = store.revoke_mode(&scope(), 2, "again", at()).await;
        assert!(matches!(again, Err(StoreError::NoSuchMode(2))), "{again:?}");
        // The same paper sent again stays revoked; a new one stands.
        assert_eq!(store.add_modes(&scope(), &both, at()).await.unwrap(), 0);
        let newest = mode(Mode::WithRelease, "vawa_release", "2026-06-01");
        store.add_modes(&scope(), std::slice::from_ref(&newest), at()).await.unwrap();
        let standing = store.standing_modes(&scope()).await.unwrap();
        assert_eq!(standing, [newest]);
        let today = "2026-11-22".parse().unwrap();
        let disclosure = Disclosure::on(today, "clearinghouse", &standing, []);
        assert_eq!(disclosure.mode(RecordKind::Victim), Mode::WithRelease);
        let kept = store.modes(&scope()).await.unwrap();
        assert_eq!(kept.len(), 3);
        assert_eq!(kept[1].acts[1].why, "the board has decided");
        assert!(kept[0].revoked_at.is_none() && kept[1].revoked_at.is_some());
    });
}

#[test]
fn a_revocation_can_be_added_later_and_is_not_taken_back() {
    with_store(async |store| {
        let signed = release("V-1", "2026-01-01", "2026-12-31");
        let other = release("V-1", "2027-01-01", "2027-12-31");
        let all = [signed.clone(), other.clone()];
        assert_eq!(store.add_releases(&scope(), &all, keys(), at()).await.unwrap(), 2);
        assert_eq!(store.add_releases(&scope(), &all, keys(), at()).await.unwrap(), 0);
        let revoked = Release { revoked_on: Some("2026-09-01".parse().unwrap()), ..signed.clone() };
        let one = [revoked.clone()];
        assert_eq!(store.add_releases(&scope(), &one, keys(), at()).await.unwrap(), 1);
        assert_eq!(store.add_releases(&scope(), &[signed], keys(), at()).await.unwrap(), 0);
        let later = Release { revoked_on: Some("2026-10-01".parse().unwrap()), ..revoked.clone() };
        assert_eq!(store.add_releases(&scope(), &[later], keys(), at()).await.unwrap(), 0);
        assert_eq!(store.releases(&scope(), keys().records).await.unwrap(), [revoked, other]);
    });
}
