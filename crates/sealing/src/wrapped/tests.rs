use proptest::prelude::*;

use super::*;
use crate::{CompartmentId, CompartmentKey, MemberId, Suite};

const COST: PassphraseCost = PassphraseCost::OF_TESTS;

fn key() -> MemberKey {
    MemberKey::generate(MemberId(7)).unwrap()
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::entered(text).unwrap()
}

fn passkey(byte: u8) -> PasskeySecret {
    PasskeySecret::new(&[byte; 32]).unwrap()
}

/// One of each way, and what unlocks it.
fn each_way(key: &MemberKey) -> [(Wrapped, Secret); 3] {
    let (typed, passkey, session) =
        (passphrase("made up"), passkey(5), SessionSecret::generate().unwrap());
    let by_passphrase = Wrapped::by_passphrase(key, &typed, &COST).unwrap();
    let stretched = stretch::stretch(&typed, &by_passphrase.salt, &COST).unwrap();
    [
        (by_passphrase, stretched),
        (Wrapped::by_passkey(key, &passkey).unwrap(), passkey.secret().duplicate()),
        (Wrapped::by_session(key, &session).unwrap(), session.secret().duplicate()),
    ]
}

fn again(wrapped: &Wrapped) -> Wrapped {
    let read = Wrapped::from_bytes(&wrapped.to_bytes()).unwrap();
    assert_eq!(&read, wrapped);
    read
}

#[test]
fn the_same_secret_unlocks_and_no_other() {
    let key = key();
    let unlocked = |result: Result<MemberKey, SealingError>| {
        result.map(|unlocked| assert_eq!(unlocked.secret().bytes(), key.secret().bytes()))
    };

    let wrapped = again(&Wrapped::by_passphrase(&key, &passphrase("made up"), &COST).unwrap());
    let open = |text| unlocked(wrapped.unlock_by_passphrase(key.public(), &passphrase(text)));
    assert_eq!(open("made up"), Ok(()));
    assert_eq!(open("made up "), Err(SealingError::WrongSecret));

    let wrapped = again(&Wrapped::by_passkey(&key, &passkey(5)).unwrap());
    let open = |byte| unlocked(wrapped.unlock_by_passkey(key.public(), &passkey(byte)));
    assert_eq!(open(5), Ok(()));
    assert_eq!(open(6), Err(SealingError::WrongSecret));

    let session = SessionSecret::generate().unwrap();
    let wrapped = again(&Wrapped::by_session(&key, &session).unwrap());
    let open = |session: &SessionSecret| unlocked(wrapped.unlock_by_session(key.public(), session));
    assert_eq!(open(&session), Ok(()));
    assert_eq!(open(&SessionSecret::generate().unwrap()), Err(SealingError::WrongSecret));
}

#[test]
fn ways_are_not_exchanged() {
    let key = key();
    let same = SessionSecret::from_cookie(&"05".repeat(32)).unwrap();
    let by_passkey = Wrapped::by_passkey(&key, &passkey(5)).unwrap();
    let refused = by_passkey.unlock_by_session(key.public(), &same).unwrap_err();
    assert_eq!(refused.to_string(), "the key is wrapped by a passkey, not by a session");
    let refused = by_passkey.unlock_by_passphrase(key.public(), &passphrase("x")).unwrap_err();
    assert_eq!(refused.to_string(), "the key is wrapped by a passkey, not by a passphrase");
    let by_session = Wrapped::by_session(&key, &same).unwrap();
    let refused = by_session.unlock_by_passkey(key.public(), &passkey(5)).unwrap_err();
    assert_eq!(refused.to_string(), "the key is wrapped by a session, not by a passkey");
    let relabelled = Wrapped { by: WrappedBy::Session, ..by_passkey };
    let refused = relabelled.unlock_by_session(key.public(), &same).unwrap_err();
    assert_eq!(refused, SealingError::WrongSecret);
}

#[test]
fn a_wrapped_key_is_bound_to_its_member_and_her_public_key() {
    let key = key();
    let same_key = MemberKey::of(key.secret().duplicate(), MemberId(8));
    let others = [same_key, super::tests::key()];
    for (wrapped, secret) in each_way(&key) {
        assert!(wrapped.unlock(key.public(), &secret).is_ok());
        for other in &others {
            let refused = wrapped.unlock(other.public(), &secret).unwrap_err();
            assert_eq!(refused, SealingError::WrongSecret);
        }
    }
}

#[test]
fn every_changed_bit_and_every_cut_is_damage() {
    let damaged = Some(SealingError::Damaged { what: "wrapped key" });
    for ((wrapped, _), length) in each_way(&key()).iter().zip([119, 107, 107]) {
        let whole = wrapped.to_bytes();
        assert_eq!(whole.len(), length);
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            let refused = Wrapped::from_bytes(&bytes).err();
            let unknown = matches!(refused, Some(SealingError::UnknownVersion { .. }));
            assert!(refused == damaged || (at == 1 && unknown), "byte {at}");
            assert_eq!(Wrapped::from_bytes(&whole[..at]).err(), damaged, "cut at {at}");
        }
    }
}

/// The checksum can be made by anybody; the rest cannot.
#[test]
fn what_is_changed_with_its_checksum_does_not_unlock() {
    let key = key();
    for (wrapped, secret) in each_way(&key) {
        let whole = wrapped.to_bytes();
        let end = whole.len() - CHECKSUM_BYTES;
        for at in 0..end {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            let sum = checksum(&bytes[..end]);
            bytes[end..].copy_from_slice(&sum);
            if let Ok(changed) = Wrapped::from_bytes(&bytes) {
                assert!(changed.unlock(key.public(), &secret).is_err(), "byte {at}");
            }
        }
    }
}

#[test]
fn a_hostile_row_cannot_ask_for_more_than_the_bounds() {
    let [(wrapped, _), ..] = each_way(&key());
    let mut bytes = wrapped.to_bytes();
    bytes[3..7].copy_from_slice(&(100u32 << 20).to_be_bytes());
    let end = bytes.len() - CHECKSUM_BYTES;
    let sum = checksum(&bytes[..end]);
    bytes[end..].copy_from_slice(&sum);
    let refused = SealingError::CostOutOfBounds { memory_kib: 100 << 20, passes: 1, lanes: 1 };
    assert_eq!(Wrapped::from_bytes(&bytes).err(), Some(refused));
}

#[test]
fn a_changed_passphrase_leaves_the_grants_as_they_are() {
    let key = key();
    let compartment = CompartmentKey::generate(CompartmentId(3), Suite::Aes256Gcm).unwrap();
    let grant = compartment.grant(key.public()).unwrap();
    let (old, new) = (passphrase("the old one"), passphrase("the new one"));
    let before = Wrapped::by_passphrase(&key, &old, &COST).unwrap();
    assert_eq!(before.rewrap(key.public(), &new, &new, &COST), Err(SealingError::WrongSecret));

    let after = before.rewrap(key.public(), &old, &new, &COST).unwrap();
    let unlocked = after.unlock_by_passphrase(key.public(), &new).unwrap();
    assert!(unlocked.accept(&grant, compartment.public()).is_ok());
    let refused = after.unlock_by_passphrase(key.public(), &old).unwrap_err();
    assert_eq!(refused, SealingError::WrongSecret);
}

#[test]
fn a_raised_cost_is_taken_over() {
    let (key, typed) = (key(), passphrase("made up"));
    let before = Wrapped::by_passphrase(&key, &typed, &COST).unwrap();
    assert!(before.is_below(&PassphraseCost::LEAST));
    let after = before.rewrap(key.public(), &typed, &typed, &PassphraseCost::LEAST).unwrap();
    assert!(!after.is_below(&PassphraseCost::LEAST));
    assert_eq!(after.by(), WrappedBy::Passphrase(PassphraseCost::LEAST));
    assert!(again(&after).unlock_by_passphrase(key.public(), &typed).is_ok());
    assert!(!Wrapped::by_passkey(&key, &passkey(5)).unwrap().is_below(&PassphraseCost::DEFAULT));
}

proptest! {
    #[test]
    fn any_bytes_can_be_read(
        by in 0..5u8, bytes in prop::collection::vec(any::<u8>(), 0..130), summed: bool,
    ) {
        let _ = Wrapped::from_bytes(&bytes);
        let mut bytes = [&[5, 1, by][..], &bytes].concat();
        if summed {
            bytes.extend_from_slice(&checksum(&bytes));
        }
        if let Ok(read) = Wrapped::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
