//! A passkey is made, brings its member in, unlocks, is refused, goes; on both databases.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use jiff::Timestamp;
use sealing::{Answered, Made, PasskeyChallenge, PasskeySecret, RelyingParty};
use sha2::{Digest, Sha256};

use super::made::{PASSPHRASE, Person, agency, code, entered, joins, minutes, operator, start};
use super::tests::reads;
use super::*;
use crate::stores::with_store;
use crate::{AuditFilter, Purpose, Role, Store};

const NEW_PASSPHRASE: &str = "nine otters under quick rain";

/// A passkey as a device holds it.
#[derive(Clone)]
struct Device {
    id: Vec<u8>,
    key: SigningKey,
    handle: Vec<u8>,
    counter: u32,
    gives: [u8; 32],
}

fn party() -> RelyingParty {
    "https://clearway.example.gov".parse().unwrap()
}

fn client(what: &str, challenge: &PasskeyChallenge) -> Vec<u8> {
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(challenge.bytes());
    let origin = party().origin().to_owned();
    format!(r#"{{"type":"webauthn.{what}","challenge":"{challenge}","origin":"{origin}"}}"#).into()
}

impl Device {
    fn new(seed: u8, session: &Session) -> Device {
        Device {
            id: vec![seed; 16],
            key: SigningKey::from_bytes(&[seed; 32]),
            handle: session.passkey_handle().to_vec(),
            counter: 1,
            gives: [seed ^ 0xff; 32],
        }
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let host = Sha256::digest(party().host());
        [&host[..], &[flags], &self.counter.to_be_bytes()].concat()
    }

    async fn is_added(
        &self,
        store: &Store,
        session: &Session,
        asked: &PasskeyAsked,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let head = [0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 0x20];
        let key = [&head[..], self.key.verifying_key().as_bytes()].concat();
        let data = [&self.data(0b100_0101)[..], &[0; 16], &[0, 16], &self.id, &key].concat();
        let client = client("create", &asked.challenge);
        let new = NewPasskey {
            label: "work phone",
            browser: &asked.browser,
            party: &party(),
            made: Made { client_data: &client, authenticator_data: &data },
            secret: &PasskeySecret::new(&self.gives).unwrap(),
        };
        store.add_passkey(session, &new, at).await
    }

    /// Asks for it and makes it, as she does.
    async fn made(seed: u8, store: &Store, session: &Session, at: Timestamp) -> (Device, i64) {
        let device = Device::new(seed, session);
        let asked = store.ask_new_passkey(session, "work phone", PASSPHRASE, at).await.unwrap();
        let id = device.is_added(store, session, &asked, at).await.unwrap();
        (device, id)
    }

    /// What it answers, handed to whatever takes it.
    async fn answers<T>(
        &mut self,
        asked: &PasskeyAsked,
        take: impl AsyncFnOnce(&PasskeyAnswer<'_>) -> T,
    ) -> T {
        self.counter += 1;
        let (data, client) = (self.data(0b101), client("get", &asked.challenge));
        let signed = [&data[..], &Sha256::digest(&client)].concat();
        let signature = self.key.sign(&signed).to_bytes();
        let answer = PasskeyAnswer {
            browser: &asked.browser,
            party: &party(),
            credential: &self.id,
            handle: &self.handle,
            answered: Answered {
                client_data: &client,
                authenticator_data: &data,
                signature: &signature,
            },
            secret: &PasskeySecret::new(&self.gives).unwrap(),
        };
        take(&answer).await
    }

    async fn signs_in(&mut self, store: &Store, at: Timestamp) -> Result<SignedIn, StoreError> {
        let asked = store.ask_passkey(at).await.unwrap();
        self.answers(&asked, async |answer| {
            store.sign_in_by_passkey(answer, None, Purpose::Returns, at).await
        })
        .await
    }

    async fn unlocks(
        &mut self,
        store: &Store,
        cookie: &str,
        at: Timestamp,
    ) -> Result<Session, StoreError> {
        let asked = store.ask_passkey(at).await.unwrap();
        self.answers(&asked, async |answer| store.unlock_by_passkey(cookie, answer, at).await).await
    }
}

async fn acts(store: &Store, member: i64) -> Vec<String> {
    let of = AuditFilter { subject: Some(("member".into(), Some(member))), ..Default::default() };
    let rows = store.audit(&operator(), &of).await.unwrap();
    rows.into_iter().map(|row| row.act).collect()
}

async fn kern(store: &Store) -> Person {
    agency(store, "kern-da", "prosecutor").await.unwrap();
    joins(store, "kern-da", "ana", Role::Coordinator).await
}

#[test]
fn a_passkey_is_both_factors_and_reads_what_the_passphrase_reads() {
    with_store(async |store| {
        let ana = kern(&store).await;
        for name in ["first", "second"] {
            joins(&store, "kern-da", name, Role::Administrator).await;
        }
        let at = start();
        let first = ana.comes_in(&store, at).await.unwrap();
        let name = CompartmentName::Returns;
        let compartment = store.make_compartment(&first.session, name, at).await.unwrap();

        let (mut phone, id) = Device::made(5, &store, &first.session, at).await;
        let listed = store.passkeys(&first.session).await.unwrap();
        assert_eq!((listed.len(), listed[0].id, &listed[0].label[..]), (1, id, "work phone"));
        assert_eq!((&listed[0].made_on[..], &listed[0].used_on), ("2026-11-30", &None));

        let at = at + minutes(1);
        let again = phone.signs_in(&store, at).await.unwrap();
        let scope = again.session.scope();
        assert_eq!((scope.who(), scope.role()), ("ana", Role::Coordinator));
        assert_eq!(scope.purpose(), Purpose::Returns);
        assert!(reads(&store, &again.session, compartment).await);
        let used = store.passkeys(&again.session).await.unwrap().remove(0).used_on;
        assert_eq!(used.as_deref(), Some("2026-11-30"));

        // Locked, and open again.
        store.lock(&again.cookie, at).await.unwrap();
        phone.unlocks(&store, &again.cookie, at).await.unwrap();
        let resumed = store.resume(&again.cookie, at).await.unwrap();
        assert!(matches!(resumed, Some(Resumed::Open { .. })));

        // A new passphrase leaves it; removed, it is good for nothing, and other sessions end.
        store.change_passphrase(&first.session, PASSPHRASE, NEW_PASSPHRASE, at).await.unwrap();
        let third = phone.signs_in(&store, at).await.unwrap();
        store.remove_passkey(&first.session, id, at).await.unwrap();
        assert!(store.resume(&third.cookie, at).await.unwrap().is_none());
        assert!(store.resume(&first.cookie, at).await.unwrap().is_some());
        let gone = phone.signs_in(&store, at).await;
        assert!(matches!(gone, Err(StoreError::PasskeyNotTaken)), "{gone:?}");
        let twice = store.remove_passkey(&first.session, id, at).await;
        assert!(matches!(twice, Err(StoreError::NoSuchPasskey)));
        let acts = acts(&store, first.session.member().0).await;
        let of = |act: &str| acts.iter().filter(|found| *found == act).count();
        assert_eq!((of("passkey_added"), of("passkey_removed"), of("unlocked")), (1, 1, 1));
        assert!(store.verify_audit(&operator(), &[]).await.unwrap().findings.is_empty());
    });
}

#[test]
fn it_is_made_only_after_the_passphrase_in_one_browser_within_five_minutes_once() {
    with_store(async |store| {
        let ana = kern(&store).await;
        let ben = joins(&store, "kern-da", "ben", Role::Coordinator).await;
        let at = start();
        let session = ana.comes_in(&store, at).await.unwrap().session;
        let bens = ben.comes_in(&store, at).await.unwrap().session;
        let wrong = store.ask_new_passkey(&session, "phone", "not hers at all", at).await;
        assert!(matches!(wrong, Err(StoreError::NotSignedIn)), "{wrong:?}");
        for label in ["", " phone", "a\u{7}b", &"x".repeat(41)] {
            let refused = store.ask_new_passkey(&session, label, PASSPHRASE, at).await;
            assert!(matches!(refused, Err(StoreError::PasskeyLabel)), "{label:?}");
        }
        let device = Device::new(5, &session);
        let late = |result: Result<i64, StoreError>| {
            assert!(matches!(result, Err(StoreError::PasskeyLate)), "{result:?}");
        };
        // Asked at the door, where nobody is known: nothing is made of it.
        let at_the_door = store.ask_passkey(at).await.unwrap();
        late(device.is_added(&store, &session, &at_the_door, at).await);
        // By another member in the same browser.
        let ask = async || store.ask_new_passkey(&session, "phone", PASSPHRASE, at).await.unwrap();
        late(device.is_added(&store, &bens, &ask().await, at).await);
        // In another browser.
        let mut elsewhere = ask().await;
        elsewhere.browser = ask().await.browser;
        let other = device.is_added(&store, &session, &elsewhere, at).await;
        assert!(matches!(other, Err(StoreError::Passkey(_))), "{other:?}");
        // Too late, and twice.
        late(device.is_added(&store, &session, &ask().await, at + minutes(5)).await);
        let asked = ask().await;
        device.is_added(&store, &session, &asked, at).await.unwrap();
        late(device.is_added(&store, &session, &asked, at).await);
        let again = device.is_added(&store, &session, &ask().await, at).await;
        assert!(matches!(again, Err(StoreError::PasskeyThere)), "{again:?}");
        // Ten are enough.
        for seed in 10..19 {
            Device::made(seed, &store, &session, at).await;
        }
        let eleventh = store.ask_new_passkey(&session, "phone", PASSPHRASE, at).await;
        assert!(matches!(eleventh, Err(StoreError::TooManyPasskeys(10))), "{eleventh:?}");
        assert_eq!(store.passkeys(&bens).await.unwrap(), []);
        let bens_try = store.remove_passkey(&bens, 1, at).await;
        assert!(matches!(bens_try, Err(StoreError::NoSuchPasskey)));
    });
}

#[test]
fn what_is_not_its_own_answer_is_refused_and_counted() {
    with_store(async |store| {
        let ana = kern(&store).await;
        let ben = joins(&store, "kern-da", "ben", Role::Coordinator).await;
        let at = start();
        let anas = ana.comes_in(&store, at).await.unwrap();
        let bens = ben.comes_in(&store, at).await.unwrap();
        let (mut phone, _) = Device::made(5, &store, &anas.session, at).await;
        let (mut other, _) = Device::made(6, &store, &bens.session, at).await;
        let not_taken = |result: Result<SignedIn, StoreError>| {
            assert!(matches!(result, Err(StoreError::PasskeyNotTaken)), "{result:?}");
        };
        // An answer is good once, for five minutes, in its browser.
        let asked = store.ask_passkey(at).await.unwrap();
        let enter = async |answer: &PasskeyAnswer<'_>, at: Timestamp| {
            store.sign_in_by_passkey(answer, None, Purpose::Other, at).await
        };
        phone
            .answers(&asked, async |answer| {
                enter(answer, at).await.unwrap();
                let again = enter(answer, at).await;
                assert!(matches!(again, Err(StoreError::PasskeyLate)), "{again:?}");
            })
            .await;
        let asked = store.ask_passkey(at).await.unwrap();
        let late = phone.answers(&asked, async |a| enter(a, at + minutes(5)).await).await;
        assert!(matches!(late, Err(StoreError::PasskeyLate)), "{late:?}");
        let mut elsewhere = store.ask_passkey(at).await.unwrap();
        elsewhere.browser = store.ask_passkey(at).await.unwrap().browser;
        not_taken(phone.answers(&elsewhere, async |answer| enter(answer, at).await).await);

        // Signed by another, of another member, another secret; a copy.
        let forged = Device { key: other.key.clone(), ..phone.clone() };
        not_taken(forged.clone().signs_in(&store, at).await);
        not_taken(
            Device { handle: other.handle.clone(), ..phone.clone() }.signs_in(&store, at).await,
        );
        not_taken(Device { gives: [1; 32], ..phone.clone() }.signs_in(&store, at).await);
        phone.signs_in(&store, at).await.unwrap();
        let copied = Device { counter: 0, ..phone.clone() }.signs_in(&store, at).await;
        assert!(matches!(copied, Err(StoreError::PasskeyCopied)), "{copied:?}");
        // That was five; the passphrase is refused too, and after a quarter of an hour it is good again.
        let fifth = phone.signs_in(&store, at).await;
        assert!(matches!(fifth, Err(StoreError::TooManyTries { .. })), "{fifth:?}");
        let by_passphrase = ana.comes_in(&store, at + minutes(1)).await;
        assert!(matches!(by_passphrase, Err(StoreError::TooManyTries { .. })));
        let at = at + minutes(16);
        phone.signs_in(&store, at).await.unwrap();

        // Nobody unlocks another's session.
        store.lock(&anas.cookie, at).await.unwrap();
        let bens_try = other.unlocks(&store, &anas.cookie, at).await;
        assert!(matches!(bens_try, Err(StoreError::PasskeyNotTaken)), "{bens_try:?}");
        phone.unlocks(&store, &anas.cookie, at).await.unwrap();

        // One that nobody has is answered like any other, five times.
        let mut nobodys = Device { id: vec![77; 16], ..phone.clone() };
        for _ in 0..5 {
            not_taken(nobodys.signs_in(&store, at).await);
        }
        let sixth = nobodys.signs_in(&store, at).await;
        assert!(matches!(sixth, Err(StoreError::TooManyTries { .. })), "{sixth:?}");
        let acts = acts(&store, anas.session.member().0).await;
        let of = |act: &str| acts.iter().filter(|found| *found == act).count();
        assert_eq!((of("failed_to_sign_in"), of("passkey_copied")), (5, 1), "{acts:?}");
    });
}

#[test]
fn whoever_is_off_or_joins_anew_has_no_passkey_to_come_in_by() {
    with_store(async |store| {
        let ana = kern(&store).await;
        let at = start();
        let session = ana.comes_in(&store, at).await.unwrap().session;
        let (mut phone, _) = Device::made(5, &store, &session, at).await;
        let off = |result: Result<SignedIn, StoreError>| {
            assert!(matches!(result, Err(StoreError::MemberOff)), "{result:?}");
        };
        store.turn_member(&operator(), "ana", false, "away", at).await.unwrap();
        off(phone.signs_in(&store, at).await);
        store.turn_member(&operator(), "ana", true, "back", at).await.unwrap();
        phone.signs_in(&store, at).await.unwrap();
        // Ninety days away.
        off(phone.signs_in(&store, at + minutes(91 * 24 * 60)).await);

        // Invited again, it waits; joined again, it is gone with the key that it wrapped.
        let invitation = store.invite_again(&operator(), "ana", "lost", at).await.unwrap();
        off(phone.signs_in(&store, at).await);
        let enrolled = store.accept_invitation("ana", &invitation.code, NEW_PASSPHRASE, at).await;
        let ana = Person::of("ana", &enrolled.unwrap());
        let gone = phone.signs_in(&store, at).await;
        assert!(matches!(gone, Err(StoreError::PasskeyNotTaken)), "{gone:?}");
        let code = code(&ana.totp, at);
        let entered = Entered { passphrase: NEW_PASSPHRASE, code: &code, ..entered("ana") };
        let session = store.sign_in(&entered, at).await.unwrap().session;
        assert_eq!(store.passkeys(&session).await.unwrap(), []);
    });
}
