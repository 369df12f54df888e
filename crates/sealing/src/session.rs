//! The secret that only a session's cookie carries.
//!
//! In: nothing. Out: a secret for the cookie ([`SessionSecret`]), and an id by which the store finds
//! the session's row ([`SessionId`]). The store holds the id and the member's key wrapped by the
//! secret, never the secret: whoever reads the store finds sessions and opens none.

use zeroize::Zeroizing;

use crate::bound::Bound;
use crate::secret::Secret;
use crate::withheld::withhold;
use crate::{SealingError, derivation, hex};

const PURPOSE_OF_ID: &str = "Clearway 2026-11 id of a session";

/// 32 random bytes. Wiped when dropped; prints `[withheld]`.
pub struct SessionSecret(Secret);

withhold!(SessionSecret);

/// The id of a session: 32 bytes, derived from its secret by HKDF-SHA256 (RFC 5869).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId([u8; 32]);

impl SessionSecret {
    /// Makes the secret of a new session, from the operating system's randomness.
    ///
    /// # Errors
    ///
    /// [`SealingError::Chance`] when there is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use sealing::SessionSecret;
    ///
    /// let secret = SessionSecret::generate()?;
    /// let cookie = secret.to_cookie();
    /// assert_eq!(cookie.len(), 64);
    /// assert_eq!(SessionSecret::from_cookie(&cookie).map(|it| it.id()), Some(secret.id()));
    /// assert_eq!(format!("{secret:?}"), "[withheld]");
    /// # Ok::<(), sealing::SealingError>(())
    /// ```
    pub fn generate() -> Result<SessionSecret, SealingError> {
        Secret::random().map(SessionSecret)
    }

    /// Reads the value of a cookie; `None` when it is no secret.
    pub fn from_cookie(value: &str) -> Option<SessionSecret> {
        let bytes = Zeroizing::new(hex::decode::<32>(value)?);
        Secret::copy_of(&bytes[..]).map(SessionSecret)
    }

    /// The value of the cookie: 64 lower-case hex digits.
    pub fn to_cookie(&self) -> Zeroizing<String> {
        hex::encode_secret(self.0.bytes())
    }

    /// By what the store finds the session.
    pub fn id(&self) -> SessionId {
        SessionId(*derivation::derive(&self.0, &[], &Bound::new(PURPOSE_OF_ID).finish()))
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }
}

impl SessionId {
    /// As the store keeps it.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_never_changes() {
        let secret = SessionSecret::from_cookie(&"07".repeat(32)).unwrap();
        assert_eq!(
            hex::encode(secret.id().bytes()),
            "1944a338b0f19e77576b4210b1eb8da9415cf8658e060857f2ba1a2d59a10356"
        );
    }

    #[test]
    fn other_values_are_no_secret() {
        for value in ["", "07", &"07".repeat(33), &"0G".repeat(32), &"AB".repeat(32)] {
            assert!(SessionSecret::from_cookie(value).is_none());
        }
    }
}
