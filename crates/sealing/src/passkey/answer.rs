//! What a browser passes on of a passkey, and whether it is said to us, now, by a person who was asked.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{PasskeyChallenge, PasskeyError, RelyingParty};

/// What a browser passes on when a passkey was made.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    /// `clientDataJSON`.
    pub client_data: &'a [u8],
    /// `authenticatorData`, with the new key in it.
    pub authenticator_data: &'a [u8],
}

/// What a browser passes on when a passkey answered.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// `clientDataJSON`.
    pub client_data: &'a [u8],
    /// `authenticatorData`.
    pub authenticator_data: &'a [u8],
    /// The signature over both.
    pub signature: &'a [u8],
}

/// `clientDataJSON`: what the browser says that it was asked for, and by whom.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    what: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    #[serde(default)]
    top_origin: Option<String>,
}

/// Looks whether a browser was asked for this, by us, with this challenge.
pub(super) fn expect_client(
    client_data: &[u8],
    what: &str,
    party: &RelyingParty,
    challenge: &PasskeyChallenge,
) -> Result<(), PasskeyError> {
    let said: ClientData =
        serde_json::from_slice(client_data).map_err(|_| PasskeyError::Unreadable)?;
    let signed = BASE64_URL_SAFE_NO_PAD.decode(said.challenge).unwrap_or_default();
    if said.what != what {
        Err(PasskeyError::Unreadable)
    } else if signed != challenge.bytes() {
        Err(PasskeyError::OtherChallenge)
    } else if said.origin != party.origin() || said.cross_origin || said.top_origin.is_some() {
        Err(PasskeyError::OtherSite)
    } else {
        Ok(())
    }
}

/// The bits of `authenticatorData` that matter here.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const MAY_BE_COPIED: u8 = 1 << 3;
const IS_COPIED: u8 = 1 << 4;
const WITH_KEY: u8 = 1 << 6;
const WITH_EXTENSIONS: u8 = 1 << 7;

/// `authenticatorData`: for whom, whether a person was asked, how often it has signed, and what follows.
pub(super) struct AuthenticatorData<'a> {
    pub(super) counter: u32,
    flags: u8,
    pub(super) rest: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads it, for this site and of a person who was asked.
    pub(super) fn read(
        bytes: &'a [u8],
        party: &RelyingParty,
    ) -> Result<AuthenticatorData<'a>, PasskeyError> {
        let (host, rest) = bytes.split_first_chunk::<32>().ok_or(PasskeyError::Unreadable)?;
        let (flags, rest) = rest.split_first().ok_or(PasskeyError::Unreadable)?;
        let (counter, rest) = rest.split_first_chunk::<4>().ok_or(PasskeyError::Unreadable)?;
        if host[..] != Sha256::digest(party.host())[..] {
            return Err(PasskeyError::OtherSite);
        }
        if flags & PRESENT == 0 || flags & VERIFIED == 0 {
            return Err(PasskeyError::NobodyAsked);
        }
        if flags & IS_COPIED != 0 && flags & MAY_BE_COPIED == 0 {
            return Err(PasskeyError::Unreadable);
        }
        Ok(AuthenticatorData { counter: u32::from_be_bytes(*counter), flags: *flags, rest })
    }

    pub(super) fn has_key(&self) -> bool {
        self.flags & WITH_KEY != 0
    }

    /// Whether something may follow its last part: the answers of extensions, which are not read.
    pub(super) fn may_go_on(&self) -> bool {
        self.flags & WITH_EXTENSIONS != 0
    }
}
