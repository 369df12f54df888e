//! Accounts at an agency's identity provider, as the store keeps them: on both databases.

use sealing::RecordsKey;

use super::made::*;
use super::*;
use crate::stores::with_store;
use crate::{AuditFilter, Permission, Purpose, Role, Store};

const ISSUER: &str = "http://127.0.0.1:8180/realms/kern";

fn provider(agency: &str, issuer: &str) -> NewIdentityProvider {
    let (agency, client_id) = (agency.to_owned(), "clearway".to_owned());
    NewIdentityProvider { agency, issuer: issuer.parse().unwrap(), client_id }
}

async fn sets(store: &Store, agency: &str, issuer: &str) -> Result<(), StoreError> {
    store.set_identity_provider(&operator(), &provider(agency, issuer), None, start()).await
}

/// Goes there to sign in and comes back as `subject`, in one browser.
async fn comes_in_as(
    store: &Store,
    subject: &str,
    at: Timestamp,
) -> Result<zeroize::Zeroizing<String>, StoreError> {
    let id = store.offered_providers().await.unwrap()[0].id;
    let asked = store.ask_identity(id, (None, Purpose::Other), "/account", at).await?;
    let taken = store.take_identity(&asked.browser, &asked.state, at).await?;
    store.sign_in_by_identity(&taken, subject, at).await
}

/// Links an account; a code is good once, so she does it a minute later than she came in.
async fn links(
    store: &Store,
    person: &Person,
    session: &Session,
    subject: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let code = code(&person.totp, at);
    let asked = store.ask_identity_to_link(session, (PASSPHRASE, &code), "/account", at).await?;
    let taken = store.take_identity(&asked.browser, &asked.state, at).await?;
    assert!(taken.is_to_link());
    store.link_identity(session, &taken, subject, at).await
}

async fn acts(store: &Store, act: &str) -> usize {
    let rows = store.audit(&operator(), &AuditFilter::default()).await.unwrap();
    rows.iter().filter(|row| row.act == act).count()
}

async fn linked(store: &Store) -> Vec<u64> {
    let all = store.identity_providers(&operator()).await.unwrap();
    all.iter().map(|one| one.links).collect()
}

#[test]
fn an_account_says_who_she_is_and_unlocks_nothing() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        sets(&store, "kern-da", ISSUER).await.unwrap();
        let ana = joins(&store, "kern-da", "ana", Role::Coordinator).await;
        let session = ana.comes_in(&store, start()).await.unwrap().session;
        let at = start() + minutes(1);
        links(&store, &ana, &session, "of ana", at).await.unwrap();
        let cookie = comes_in_as(&store, "of ana", at).await.unwrap();
        let resumed = store.resume(&cookie, at).await.unwrap();
        assert!(matches!(&resumed, Some(Resumed::Locked { name }) if name == "ana"), "{resumed:?}");
        // The row has no key in it, not one that only the cookie opens.
        let keys: i64 =
            crate::database::scalar("SELECT COUNT(*) FROM session WHERE by_session IS NOT NULL")
                .fetch_one(&mut store.window().await.unwrap())
                .await
                .unwrap();
        assert_eq!(keys, 1, "that of the session in which she typed her passphrase");
        let wrong = store.unlock(&cookie, "not hers at all, really", at).await;
        assert!(matches!(wrong, Err(StoreError::NotSignedIn)));
        store.unlock(&cookie, PASSPHRASE, at).await.unwrap();
        let resumed = store.resume(&cookie, at).await.unwrap();
        assert!(matches!(resumed, Some(Resumed::Open { .. })));
        assert_eq!(
            store.identity_link(&session).await.unwrap().unwrap().used_on.unwrap(),
            "2026-11-30"
        );
    });
}

#[test]
fn whoever_comes_in_so_shares_out_anew_when_she_unlocks() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        sets(&store, "kern-da", ISSUER).await.unwrap();
        for name in ["first", "second"] {
            joins(&store, "kern-da", name, Role::Administrator).await;
        }
        let ana = joins(&store, "kern-da", "ana", Role::Coordinator).await;
        let session = ana.comes_in(&store, start()).await.unwrap().session;
        store.make_compartment(&session, CompartmentName::Returns, start()).await.unwrap();
        let at = start() + minutes(1);
        links(&store, &ana, &session, "of ana", at).await.unwrap();
        // A third officer has no half until somebody shares out who reads it.
        joins(&store, "kern-da", "third", Role::Administrator).await;
        let cookie = comes_in_as(&store, "of ana", at).await.unwrap();
        assert_eq!(acts(&store, "shared_anew").await, 0, "without her key nothing is shared out");
        store.unlock(&cookie, PASSPHRASE, at).await.unwrap();
        assert_eq!(acts(&store, "shared_anew").await, 1);
    });
}

#[test]
fn one_account_is_one_members_and_another_agency_has_none_of_it() {
    with_store(async |store| {
        for code in ["kern-da", "fresno-da"] {
            agency(&store, code, "prosecutor").await.unwrap();
        }
        sets(&store, "kern-da", ISSUER).await.unwrap();
        let ana = joins(&store, "kern-da", "ana", Role::Coordinator).await;
        let bob = joins(&store, "kern-da", "bob", Role::Coordinator).await;
        let zoe = joins(&store, "fresno-da", "zoe", Role::Administrator).await;
        let [anas, bobs, zoes] = [&ana, &bob, &zoe];
        let anas = anas.comes_in(&store, start()).await.unwrap().session;
        let bobs = bobs.comes_in(&store, start()).await.unwrap().session;
        let zoes = zoes.comes_in(&store, start()).await.unwrap().session;
        let at = start() + minutes(1);
        links(&store, &ana, &anas, "of ana", at).await.unwrap();
        let twice = links(&store, &ana, &anas, "another of ana", at + minutes(1)).await;
        assert!(matches!(twice, Err(StoreError::IdentityThere)));
        let hers = links(&store, &bob, &bobs, "of ana", at).await;
        assert!(matches!(hers, Err(StoreError::IdentityThere)), "{hers:?}");
        let none = links(&store, &zoe, &zoes, "of zoe", at).await;
        assert!(matches!(none, Err(StoreError::NoIdentityProvider)), "{none:?}");

        // What was asked for by one is not taken for another.
        let code = code(&bob.totp, at + minutes(1));
        let shown = (PASSPHRASE, &*code);
        let asked = store.ask_identity_to_link(&bobs, shown, "/", at + minutes(1)).await.unwrap();
        let taken =
            store.take_identity(&asked.browser, &asked.state, at + minutes(1)).await.unwrap();
        for other in [&anas, &zoes] {
            let stolen = store.link_identity(other, &taken, "of bob", at).await;
            assert!(matches!(stolen, Err(StoreError::IdentityLate)), "{stolen:?}");
        }
        let signed_in = store.sign_in_by_identity(&taken, "of ana", at).await;
        assert!(matches!(signed_in, Err(StoreError::IdentityLate)));
        // Once: it is gone.
        let again = store.take_identity(&asked.browser, &asked.state, at + minutes(1)).await;
        assert!(matches!(again, Err(StoreError::IdentityLate)));

        // An administrator sees her own agency's, and sets none.
        let server = store.clone().for_server();
        assert!(server.identity_providers(zoes.scope()).await.unwrap().is_empty());
        let own = provider("fresno-da", ISSUER);
        let refused = server.set_identity_provider(zoes.scope(), &own, None, at).await;
        let Err(StoreError::NotPermitted { permission, .. }) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(permission, Permission::ManageInstallation);
        let removed = server.remove_identity_provider(zoes.scope(), "kern-da", "why", at).await;
        assert!(matches!(removed, Err(StoreError::NotPermitted { .. })));
        // The same account at another agency's provider is another.
        sets(&store, "fresno-da", "http://127.0.0.1:8180/realms/fresno").await.unwrap();
        let fresno = store.own_provider(&zoes).await.unwrap().unwrap();
        let asked = store.ask_identity(fresno.id, (None, Purpose::Other), "/", at).await.unwrap();
        let taken = store.take_identity(&asked.browser, &asked.state, at).await.unwrap();
        let other = store.sign_in_by_identity(&taken, "of ana", at).await;
        assert!(matches!(other, Err(StoreError::IdentityNotLinked)));
    });
}

#[test]
fn on_postgresql_the_rows_of_an_agency_are_its_own_whatever_a_statement_says() {
    with_store(async |store| {
        if !store.database.keeps_apart() {
            return;
        }
        for code in ["kern-da", "fresno-da"] {
            agency(&store, code, "prosecutor").await.unwrap();
        }
        sets(&store, "kern-da", ISSUER).await.unwrap();
        let ana = joins(&store, "kern-da", "ana", Role::Coordinator).await;
        let session = ana.comes_in(&store, start()).await.unwrap().session;
        let at = start() + minutes(1);
        links(&store, &ana, &session, "of ana", at).await.unwrap();
        let id = store.offered_providers().await.unwrap()[0].id;
        store.ask_identity(id, (None, Purpose::Other), "/", at).await.unwrap();
        for table in ["identity_provider", "identity_link", "identity_asked"] {
            let count = async |agency: &str| -> i64 {
                let mut moment = store.database.read(Some(agency)).await.unwrap();
                let sql = format!("SELECT COUNT(*) FROM {table}");
                crate::database::scalar(sql).fetch_one(&mut moment).await.unwrap()
            };
            assert_eq!((count("kern-da").await, count("fresno-da").await), (1, 0), "{table}");
        }
    });
}

#[test]
fn a_link_ends_with_the_provider_the_member_and_the_agency() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        sets(&store, "kern-da", ISSUER).await.unwrap();
        let ana = joins(&store, "kern-da", "ana", Role::Coordinator).await;
        let link = async |minute: i64| {
            let at = start() + minutes(minute);
            let session = ana.comes_in(&store, at).await.unwrap().session;
            links(&store, &ana, &session, "of ana", at + minutes(1)).await.unwrap();
            assert_eq!(linked(&store).await, [1]);
        };
        link(0).await;
        // Set again it stays; another provider or client is another.
        sets(&store, "kern-da", ISSUER).await.unwrap();
        assert_eq!(linked(&store).await, [1]);
        sets(&store, "kern-da", "http://127.0.0.1:8180/realms/other").await.unwrap();
        assert_eq!(linked(&store).await, [0]);
        link(5).await;
        let other = NewIdentityProvider {
            client_id: "other".to_owned(),
            ..provider("kern-da", "http://127.0.0.1:8180/realms/other")
        };
        store.set_identity_provider(&operator(), &other, None, start()).await.unwrap();
        assert_eq!(linked(&store).await, [0]);
        link(10).await;
        store.remove_identity_provider(&operator(), "kern-da", "moves", start()).await.unwrap();
        let gone = store.remove_identity_provider(&operator(), "kern-da", "moves", start()).await;
        assert!(matches!(gone, Err(StoreError::NoIdentityProvider)));
        assert!(store.offered_providers().await.unwrap().is_empty());
        sets(&store, "kern-da", ISSUER).await.unwrap();

        // Invited anew she links anew.
        link(15).await;
        let again = store.invite_again(&operator(), "ana", "lost", start()).await.unwrap();
        assert_eq!(linked(&store).await, [1], "a code that nobody uses destroys nothing");
        let off = comes_in_as(&store, "of ana", start() + minutes(17)).await;
        assert!(matches!(off, Err(StoreError::MemberOff)), "{off:?}");
        let joined =
            store.accept_invitation("ana", &again.code, PASSPHRASE, start()).await.unwrap();
        assert_eq!(linked(&store).await, [0]);
        let ana = Person::of("ana", &joined);
        let at = start() + minutes(20);
        let session = ana.comes_in(&store, at).await.unwrap().session;
        links(&store, &ana, &session, "of ana", at + minutes(1)).await.unwrap();

        // Her agency leaves: nobody comes in, and after thirty days nothing is kept.
        store.let_agency_go(&operator(), "kern-da", "agreement over", at).await.unwrap();
        assert!(store.offered_providers().await.unwrap().is_empty());
        let count = async |sql: &'static str| -> i64 {
            crate::database::scalar(sql)
                .fetch_one(&mut store.window().await.unwrap())
                .await
                .unwrap()
        };
        assert_eq!(count("SELECT COUNT(*) FROM identity_link").await, 1);
        store.destroy_what_left(at + minutes(31 * 24 * 60)).await.unwrap();
        assert_eq!(count("SELECT COUNT(*) FROM identity_link").await, 0);
        assert_eq!(count("SELECT COUNT(*) FROM identity_provider").await, 0);
        assert_eq!(acts(&store, "identity_linked").await, 5);
        assert_eq!(acts(&store, "identity_removed").await, 1);
    });
}

#[test]
fn a_client_secret_is_sealed_and_opened_by_the_key_of_the_records_only() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        let (key, secret) = (RecordsKey::new(&[7; 32]), ClientSecret::new("qwzx-secret").unwrap());
        assert_eq!(format!("{secret:?}"), "[withheld]");
        let new = provider("kern-da", ISSUER);
        let set = async |secret| {
            store.set_identity_provider(&operator(), &new, secret, start()).await.unwrap();
        };
        set(Some((&key, &secret))).await;
        let offered = async || store.offered_providers().await.unwrap().remove(0);
        let secrets = store.client_secrets(&operator(), &key).await.unwrap();
        let known = |one: &OfferedProvider, secrets: &ClientSecrets| {
            one.secret(secrets).map(|secret| secret.map(|it| it.to_provider().to_owned()))
        };
        let one = offered().await;
        assert_eq!(known(&one, &secrets), Some(Some("qwzx-secret".to_owned())));
        assert_eq!(known(&one, &ClientSecrets::default()), None);
        let other = store.client_secrets(&operator(), &RecordsKey::new(&[8; 32])).await;
        assert!(matches!(other, Err(StoreError::OtherRecordsKey)));
        // Set again, it is not mistaken for the one before; without one, none is needed.
        set(Some((&key, &secret))).await;
        assert_eq!(known(&offered().await, &secrets), None);
        assert!(store.identity_providers(&operator()).await.unwrap()[0].has_secret);
        set(None).await;
        assert_eq!(known(&offered().await, &ClientSecrets::default()), Some(None));
        if !store.database.keeps_apart() {
            set(Some((&key, &secret))).await;
            for file in std::fs::read_dir(&store.folder).unwrap() {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                assert!(!bytes.windows(11).any(|window| window == b"qwzx-secret"));
            }
        }
        for bad in ["", "a b", "señal", &"x".repeat(501)] {
            assert!(matches!(ClientSecret::new(bad), Err(StoreError::ClientCredential)), "{bad}");
        }
    });
}

#[test]
fn what_is_made_up_has_a_provider_on_this_machine_and_what_is_real_has_none_there() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        let real = sets(&store, "kern-da", "https://id.kern.example.org").await;
        assert!(matches!(real, Err(StoreError::IssuerOfOtherWorld { practice: true, .. })));
        let nobody = sets(&store, "nowhere", ISSUER).await;
        assert!(matches!(nobody, Err(StoreError::NoSuchAgencyHere(_))));
    });
    with_store(async |store| {
        real_agency(&store, "kern-da", "prosecutor").await.unwrap();
        for here in [ISSUER, "https://localhost/realms/kern"] {
            let refused = sets(&store, "kern-da", here).await.unwrap_err();
            assert!(refused.to_string().contains("reached over https"), "{refused}");
        }
        sets(&store, "kern-da", "https://id.kern.example.org").await.unwrap();
        let all = store.identity_providers(&operator()).await.unwrap();
        assert_eq!((all.len(), &all[0].issuer[..]), (1, "https://id.kern.example.org"));
        assert_eq!(acts(&store, "identity_set").await, 1);
    });
}

#[test]
fn what_is_asked_for_by_nobody_is_bounded_and_refusals_do_not_fill_the_audit() {
    with_store(async |store| {
        agency(&store, "kern-da", "prosecutor").await.unwrap();
        sets(&store, "kern-da", ISSUER).await.unwrap();
        let offered = store.offered_providers().await.unwrap().remove(0);
        for _ in 0..150 {
            store.say_identity_refused(&offered, "ID token: made up", start()).await.unwrap();
        }
        let said = acts(&store, "identity_refused").await;
        assert!((90..=101).contains(&said), "{said}");
        // An account that nobody has linked is tried five times, like any name.
        let at = start() + minutes(20);
        for _ in 0..5 {
            let unknown = comes_in_as(&store, "of nobody", at).await;
            assert!(matches!(unknown, Err(StoreError::IdentityNotLinked)), "{unknown:?}");
        }
        let sixth = comes_in_as(&store, "of nobody", at).await;
        assert!(matches!(sixth, Err(StoreError::TooManyTries { .. })), "{sixth:?}");
        // Two ask the same; nothing that one has is good for the other.
        let ask =
            async || store.ask_identity(offered.id, (None, Purpose::Other), "/", at).await.unwrap();
        let (one, two) = (ask().await, ask().await);
        assert_ne!(one.state, two.state);
        assert_ne!(one.nonce, two.nonce);
        assert_ne!(one.verifier, two.verifier);
        assert!(one.state != one.nonce && one.nonce != *one.verifier && one.state != *one.browser);
        for (browser, state) in [
            (&one.browser[..], &two.state[..]),
            (&one.browser[..], ""),
            ("", &one.state[..]),
            ("x", "x"),
        ] {
            let late = store.take_identity(browser, state, at).await;
            assert!(matches!(late, Err(StoreError::IdentityLate)));
        }
        let late = store.take_identity(&one.browser, &one.state, at + minutes(10)).await;
        assert!(matches!(late, Err(StoreError::IdentityLate)));
        assert!(store.take_identity(&two.browser, &two.state, at + minutes(9)).await.is_ok());
        let nothing = store.ask_identity(99, (None, Purpose::Other), "/", at).await;
        assert!(matches!(nothing, Err(StoreError::NoIdentityProvider)));
    });
}
