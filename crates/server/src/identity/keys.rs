//! By what a provider's signatures are checked.
//!
//! In: its key set (RFC 7517). Out: the keys in it that sign by RS256 or ES256 (RFC 7518); others are left
//! out, so that a token that names another algorithm finds no key. What a key is decides how it checks, never
//! the token alone.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::Value;

use super::{Refused, object};

/// More keys than a provider has.
const MOST: usize = 100;

/// How an ID token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, keys of 2048 to 8192 bits.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl Algorithm {
    /// The algorithm of a name; `none` and those with a shared secret are none here.
    pub(super) fn of(name: &str) -> Option<Algorithm> {
        match name {
            "RS256" => Some(Algorithm::Rs256),
            "ES256" => Some(Algorithm::Es256),
            _ => None,
        }
    }
}

/// The keys of a provider.
#[derive(Debug)]
pub(super) struct Keys(Vec<Key>);

#[derive(Debug)]
struct Key {
    id: Option<String>,
    public: Public,
}

#[derive(Debug)]
enum Public {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Ec(Vec<u8>),
}

impl Keys {
    pub(super) fn read(bytes: &[u8]) -> Result<Keys, Refused> {
        let what = "key set";
        let fields = object(what, bytes)?;
        let refused = |found| Refused::Answer { what, found, expected: "keys for RS256 or ES256" };
        let all = fields.get("keys").and_then(Value::as_array).ok_or(refused("no keys"))?;
        if all.len() > MOST {
            return Err(refused("hundreds of keys"));
        }
        let keys: Vec<Key> = all.iter().filter_map(key).collect();
        if keys.is_empty() { Err(refused("no keys of these sorts")) } else { Ok(Keys(keys)) }
    }

    /// Those that may have signed: of this algorithm, and with this id where the token says one.
    fn of(&self, algorithm: Algorithm, id: Option<&str>) -> impl Iterator<Item = &Public> {
        self.0
            .iter()
            .filter(move |key| id.is_none() || key.id.as_deref() == id)
            .map(|key| &key.public)
            .filter(move |public| public.algorithm() == algorithm)
    }

    /// Whether one of them may have signed.
    pub(super) fn has(&self, algorithm: Algorithm, id: Option<&str>) -> bool {
        self.of(algorithm, id).next().is_some()
    }

    /// Whether one of them has signed.
    pub(super) fn have_signed(
        &self,
        (algorithm, id): (Algorithm, Option<&str>),
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        self.of(algorithm, id).any(|public| public.has_signed(message, signature))
    }
}

impl Public {
    fn algorithm(&self) -> Algorithm {
        match self {
            Public::Rsa { .. } => Algorithm::Rs256,
            Public::Ec(_) => Algorithm::Es256,
        }
    }

    fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let checked = match self {
            Public::Rsa { n, e } => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
            Public::Ec(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
        };
        checked.is_ok()
    }
}

/// A key of a set, if it is one that signs by what is taken here.
fn key(said: &Value) -> Option<Key> {
    let text = |field: &str| said.get(field).and_then(Value::as_str);
    let bytes = |field: &str| {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text(field)?).ok()?;
        // Some write a zero before a number.
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        Some(bytes[zeros..].to_vec())
    };
    if text("use").is_some_and(|use_| use_ != "sig") {
        return None;
    }
    let public = match (text("kty")?, text("crv")) {
        ("RSA", _) => Public::Rsa { n: bytes("n")?, e: bytes("e")? },
        ("EC", Some("P-256")) => {
            let coordinate = |field| {
                let bytes = bytes(field)?;
                let missing = 32_usize.checked_sub(bytes.len())?;
                Some([vec![0; missing], bytes].concat())
            };
            Public::Ec([vec![4], coordinate("x")?, coordinate("y")?].concat())
        }
        _ => return None,
    };
    // A key that is for another algorithm signs by no other.
    let own = text("alg").is_none_or(|name| Algorithm::of(name) == Some(public.algorithm()));
    own.then(|| Key { id: text("kid").map(str::to_owned), public })
}
