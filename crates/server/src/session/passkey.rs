//! The site that passkeys are for, and what forms carry of one.
//!
//! In: a request; the hidden fields that `static/passkey.js` fills, base64url (RFC 4648 §5). Out: the site,
//! or nothing where browsers have no passkeys; what a passkey says, and its secret, which is wiped.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sealing::{Answered, Made, PasskeySecret, RelyingParty};
use store::{NewPasskey, PasskeyAnswer};
use zeroize::Zeroizing;

use crate::form::Fields;
use crate::site::Site;

/// For which site passkeys are on the page that is asked for; nothing where there are none.
pub(crate) struct PasskeySite(Option<RelyingParty>);

impl PasskeySite {
    pub(crate) fn here(&self) -> Option<&RelyingParty> {
        self.0.as_ref()
    }

    /// For which input a passkey gives out its secret.
    pub(crate) fn input(&self) -> &'static str {
        PasskeySecret::INPUT
    }
}

/// The site as the installation was told; else `http://localhost`, where the browser is on this machine.
/// Whoever sends another name in `Host` gets no passkeys, and what a passkey signs names the site again.
impl FromRequestParts<Site> for PasskeySite {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<PasskeySite, Infallible> {
        if site.party.is_some() || site.installation.behind_tls {
            return Ok(PasskeySite(site.party.clone()));
        }
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        Ok(PasskeySite(host.and_then(|host| format!("http://{host}").parse().ok())))
    }
}

/// What a form carries of a passkey that answered.
pub(crate) struct SentAnswer {
    credential: Vec<u8>,
    handle: Vec<u8>,
    client_data: Vec<u8>,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    secret: PasskeySecret,
}

impl SentAnswer {
    /// Nothing when a part is not there or is something else.
    pub(crate) fn of(fields: &Fields) -> Option<SentAnswer> {
        Some(SentAnswer {
            credential: bytes(fields, "credential")?,
            handle: bytes(fields, "handle")?,
            client_data: bytes(fields, "client_data")?,
            authenticator_data: bytes(fields, "authenticator_data")?,
            signature: bytes(fields, "signature")?,
            secret: secret(fields)?,
        })
    }

    /// As the store takes it.
    pub(crate) fn to<'a>(&'a self, party: &'a RelyingParty, browser: &'a str) -> PasskeyAnswer<'a> {
        PasskeyAnswer {
            browser,
            party,
            credential: &self.credential,
            handle: &self.handle,
            answered: Answered {
                client_data: &self.client_data,
                authenticator_data: &self.authenticator_data,
                signature: &self.signature,
            },
            secret: &self.secret,
        }
    }
}

/// What a form carries of a passkey that was just made.
pub(crate) struct SentNew {
    client_data: Vec<u8>,
    authenticator_data: Vec<u8>,
    secret: PasskeySecret,
}

impl SentNew {
    /// Nothing when a part is not there or is something else.
    pub(crate) fn of(fields: &Fields) -> Option<SentNew> {
        Some(SentNew {
            client_data: bytes(fields, "client_data")?,
            authenticator_data: bytes(fields, "authenticator_data")?,
            secret: secret(fields)?,
        })
    }

    /// As the store takes it.
    pub(crate) fn to<'a>(
        &'a self,
        party: &'a RelyingParty,
        browser: &'a str,
        label: &'a str,
    ) -> NewPasskey<'a> {
        let (client_data, authenticator_data) = (&self.client_data, &self.authenticator_data);
        let made = Made { client_data, authenticator_data };
        NewPasskey { label, browser, party, made, secret: &self.secret }
    }
}

/// Bytes as a page says them.
pub(crate) fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(fields: &Fields, name: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(fields.get(name)).ok().filter(|bytes| !bytes.is_empty())
}

fn secret(fields: &Fields) -> Option<PasskeySecret> {
    let mut bytes = Zeroizing::new([0; 32]);
    let read = BASE64_URL_SAFE_NO_PAD.decode_slice(fields.get("secret"), &mut bytes[..]).ok()?;
    PasskeySecret::new(&bytes[..read]).ok()
}
