use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;

const ASKED: u8 = 0b101;

fn party() -> RelyingParty {
    "https://clearway.example.gov".parse().unwrap()
}

/// An authenticator of either kind, with what it says.
enum Key {
    P256(p256::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
}

impl Key {
    fn both() -> [Key; 2] {
        [
            Key::P256(p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap()),
            Key::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[7; 32])),
        ]
    }

    fn cose(&self) -> Vec<u8> {
        match self {
            Key::P256(key) => {
                let point = key.verifying_key().to_encoded_point(false);
                let head = [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20];
                let (x, y) = (point.x().unwrap(), point.y().unwrap());
                [&head[..], x, &[0x22, 0x58, 0x20], y].concat()
            }
            Key::Ed25519(key) => {
                let head = [0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 0x20];
                [&head[..], key.verifying_key().as_bytes()].concat()
            }
        }
    }

    fn signs(&self, data: &[u8], client: &[u8]) -> Vec<u8> {
        let signed = [data, &Sha256::digest(client)].concat();
        match self {
            Key::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(&signed);
                signature.to_der().as_bytes().to_vec()
            }
            Key::Ed25519(key) => key.sign(&signed).to_vec(),
        }
    }
}

fn client(what: &str, challenge: &PasskeyChallenge, origin: &str) -> Vec<u8> {
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(challenge.bytes());
    format!(
        r#"{{"type":"{what}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#
    )
    .into_bytes()
}

fn data(host: &str, flags: u8, counter: u32) -> Vec<u8> {
    [&Sha256::digest(host)[..], &[flags], &counter.to_be_bytes()].concat()
}

fn data_with(key: &Key, flags: u8) -> Vec<u8> {
    let id = [9; 20];
    let head = data("clearway.example.gov", flags, 0);
    [&head[..], &[0; 16], &[0, 20], &id, &key.cose()].concat()
}

fn made(key: &Key, challenge: &PasskeyChallenge) -> Credential {
    let client_data = client("webauthn.create", challenge, party().origin());
    let authenticator_data = &data_with(key, ASKED | 1 << 6)[..];
    let made = Made { client_data: &client_data, authenticator_data };
    Credential::made(&made, &party(), challenge).unwrap()
}

#[test]
fn a_passkey_is_made_kept_and_answers() {
    for key in Key::both() {
        let challenge = PasskeyChallenge::generate().unwrap();
        let credential = made(&key, &challenge);
        assert_eq!((credential.id(), credential.counter()), (&[9; 20][..], 0));
        assert_eq!(credential.key(), key.cose());
        let kept = Credential::kept(credential.id().to_vec(), &credential.key(), 4).unwrap();

        let challenge = PasskeyChallenge::generate().unwrap();
        let answer = |flags: u8, counter: u32, host: &str, client: &[u8], key: &Key| {
            let authenticator_data = data(host, flags, counter);
            let signature = key.signs(&authenticator_data, client);
            let answered = Answered {
                client_data: client,
                authenticator_data: &authenticator_data,
                signature: &signature,
            };
            kept.check(&answered, &party(), &challenge)
        };
        let host = "clearway.example.gov";
        let good = client("webauthn.get", &challenge, party().origin());
        assert_eq!(answer(ASKED, 5, host, &good, &key), Ok(5));
        assert_eq!(answer(ASKED, 4, host, &good, &key), Err(PasskeyError::Copied));
        assert_eq!(answer(ASKED, 0, host, &good, &key), Err(PasskeyError::Copied));
        assert_eq!(answer(0b001, 5, host, &good, &key), Err(PasskeyError::NobodyAsked));
        assert_eq!(answer(0b100, 5, host, &good, &key), Err(PasskeyError::NobodyAsked));
        assert_eq!(answer(ASKED | 1 << 4, 5, host, &good, &key), Err(PasskeyError::Unreadable));
        assert_eq!(answer(ASKED | 3 << 3, 5, host, &good, &key), Ok(5));
        assert_eq!(answer(ASKED, 5, "example.gov", &good, &key), Err(PasskeyError::OtherSite));
        let elsewhere = client("webauthn.get", &challenge, "https://evil.example.gov");
        assert_eq!(answer(ASKED, 5, host, &elsewhere, &key), Err(PasskeyError::OtherSite));
        let other = PasskeyChallenge::generate().unwrap();
        let earlier = client("webauthn.get", &other, party().origin());
        assert_eq!(answer(ASKED, 5, host, &earlier, &key), Err(PasskeyError::OtherChallenge));
        let making = client("webauthn.create", &challenge, party().origin());
        assert_eq!(answer(ASKED, 5, host, &making, &key), Err(PasskeyError::Unreadable));
        let framed = String::from_utf8(good.clone()).unwrap().replace("false", "true");
        assert_eq!(answer(ASKED, 5, host, framed.as_bytes(), &key), Err(PasskeyError::OtherSite));

        // Somebody else's key, or another text than was signed.
        let others = match &key {
            Key::P256(_) => Key::P256(p256::ecdsa::SigningKey::from_slice(&[8; 32]).unwrap()),
            Key::Ed25519(_) => Key::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[8; 32])),
        };
        assert_eq!(answer(ASKED, 5, host, &good, &others), Err(PasskeyError::Signature));
        let [one, two] = [5, 6].map(|counter| data(host, ASKED, counter));
        let signature = key.signs(&one, &good);
        let answered =
            Answered { client_data: &good, authenticator_data: &two, signature: &signature };
        let refused = kept.check(&answered, &party(), &challenge);
        assert_eq!(refused, Err(PasskeyError::Signature));
    }
}

#[test]
fn what_signs_otherwise_or_is_cut_off_is_not_taken() {
    let challenge = PasskeyChallenge::generate().unwrap();
    let client_data = client("webauthn.create", &challenge, party().origin());
    let take = |authenticator_data: &[u8]| {
        let made = Made { client_data: &client_data, authenticator_data };
        Credential::made(&made, &party(), &challenge).map(|_| ())
    };
    for key in Key::both() {
        let whole = data_with(&key, ASKED | 1 << 6);
        assert_eq!(take(&whole), Ok(()));
        for end in 0..whole.len() {
            assert!(take(&whole[..end]).is_err(), "{end}");
        }
        // Something more is good only where it is said that there is.
        let more = [&whole[..], &[0xa0]].concat();
        assert_eq!(take(&more), Err(PasskeyError::Unreadable));
        let mut said = more;
        said[32] |= 1 << 7;
        assert_eq!(take(&said), Ok(()));
        // Without the bit that there is a key.
        assert_eq!(take(&data_with(&key, ASKED)), Err(PasskeyError::Unreadable));
    }
    // RS256.
    let head = data("clearway.example.gov", ASKED | 1 << 6, 0);
    let rsa = [&head[..], &[0; 16], &[0, 1, 9], &[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59]].concat();
    assert_eq!(take(&rsa), Err(PasskeyError::OtherKind));
    // A point beside the curve.
    let mut beside = data_with(&Key::both()[0], ASKED | 1 << 6);
    let last = beside.len() - 1;
    beside[last] ^= 1;
    assert_eq!(take(&beside), Err(PasskeyError::Unreadable));
}

proptest! {
    /// Whatever comes, there is an answer.
    #[test]
    fn nothing_makes_it_panic(
        client in "\\PC{0,60}",
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        signature in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let challenge = PasskeyChallenge::generate().unwrap();
        let credential = made(&Key::both()[0], &challenge);
        let good = self::client("webauthn.get", &challenge, party().origin());
        let head = data("clearway.example.gov", ASKED | 1 << 6, 0);
        for client_data in [client.as_bytes(), &good] {
            for data in [&bytes[..], &[&head[..], &bytes].concat()] {
                let answered = Answered {
                    client_data, authenticator_data: data, signature: &signature,
                };
                prop_assert!(credential.check(&answered, &party(), &challenge).is_err());
                let made = Made { client_data, authenticator_data: data };
                prop_assert!(Credential::made(&made, &party(), &challenge).is_err());
                let _ = Credential::kept(Vec::new(), data, 0);
            }
        }
    }
}
