//! What was stored once opens for ever: bytes that were made when each form was first written.

use crate::secret::Secret;
use crate::{
    CompartmentId, CompartmentPublicKey, Grant, HandedShare, MemberId, MemberKey, MemberPublicKey,
    PasskeySecret, Passphrase, Place, RecoveryRequest, RequestId, Row, Sealed, SealedShare,
    SessionSecret, Wrapped, hex,
};

/// What each is of, what it is, and its bytes. The secrets are 32 times 1 (member 7), 2 and 3 (officers
/// 21 and 22), 4 (compartment 3) and 5 (passkey, cookie); the request's id is 16 times 6.
const VERSION_1: &str = include_str!("stored/version_1.txt");

fn stored(of: &str, what: &str) -> Vec<u8> {
    let digits = VERSION_1.lines().find_map(|line| {
        let mut words = line.split(' ');
        (words.next() == Some(of) && words.next() == Some(what)).then(|| words.next())?
    });
    let digits = digits.unwrap().as_bytes().chunks(2);
    let byte = |pair| hex::decode::<1>(std::str::from_utf8(pair).unwrap()).unwrap();
    digits.flat_map(byte).collect()
}

fn member(id: i64, byte: u8) -> MemberKey {
    MemberKey::of(Secret::copy_of(&[byte; 32]).unwrap(), MemberId(id))
}

#[test]
fn wrapped_keys_unlock() {
    let public = MemberPublicKey::from_bytes(MemberId(7), &stored("member", "public")).unwrap();
    assert_eq!(&public, member(7, 1).public());
    let wrapped = |what| Wrapped::from_bytes(&stored("member", what)).unwrap();
    let passphrase = Passphrase::entered("made up").unwrap();
    let passkey = PasskeySecret::new(&[5; 32]).unwrap();
    let session = SessionSecret::from_cookie(&"05".repeat(32)).unwrap();
    let unlocked = [
        wrapped("by_passphrase").unlock_by_passphrase(&public, &passphrase),
        wrapped("by_passkey").unlock_by_passkey(&public, &passkey),
        wrapped("by_session").unlock_by_session(&public, &session),
    ];
    for key in unlocked {
        assert_eq!(key.unwrap().secret().bytes(), &[1; 32]);
    }
}

#[test]
fn texts_grants_and_shares_open() {
    let (key, officers) = (member(7, 1), [member(21, 2), member(22, 3)]);
    for suite in ["chacha20poly1305", "aes256gcm"] {
        let public =
            CompartmentPublicKey::from_bytes(CompartmentId(3), &stored(suite, "public")).unwrap();
        let grant = Grant::from_bytes(&stored(suite, "grant")).unwrap();
        let granted = key.accept(&grant, &public).unwrap();
        assert_eq!(granted.secret().bytes(), &[4; 32]);

        let place = Place { table: "tip", row: Row::Number(12), field: "what_happened" };
        let sealed = Sealed::from_bytes(&stored(suite, "sealed")).unwrap();
        assert_eq!(granted.open(&place, &sealed).unwrap().text(), Some("made up"));

        let request = RecoveryRequest::new(RequestId::from_bytes([6; 16]), *key.public(), public);
        let [one, two] = ["handed_by_21", "handed_by_22"]
            .map(|what| HandedShare::from_bytes(&stored(suite, what)).unwrap());
        assert!(request.combine(&key, &one, &two).is_ok());
        for (officer, what) in officers.iter().zip(["share_of_21", "share_of_22"]) {
            let share = SealedShare::from_bytes(&stored(suite, what)).unwrap();
            assert!(share.hand_over(officer, &request).is_ok());
        }
    }
}
