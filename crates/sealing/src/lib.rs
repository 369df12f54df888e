//! Member keys, compartments, sealed text, and recovery by two people.
//!
//! Confidential text is sealed to the public key of its compartment when it comes in, and read only by
//! members who have signed in. The store holds what is described here, and none of it opens anything
//! without a passphrase, a passkey or a session's cookie.
//!
//! | module | what |
//! |---|---|
//! | `suite` | with what a compartment's text is encrypted |
//! | `compartment` | the keys of a compartment |
//! | `place`, `sealed`, `padding` | text sealed to a compartment, for one place in the store |
//! | `member` | the keys of a member |
//! | `grant` | a compartment's key, handed to a member |
//! | `records_key` | the key of an agency's own records: texts sealed, numbers replaced |
//! | `lock`, `halves` | the lock before an installation's keys: a passphrase, or a code in two halves |
//! | `wrapped` | a member's key, wrapped by passphrase, passkey or session |
//! | `passphrase`, `passkey`, `session` | by what it is wrapped; whether a passkey's answer is hers |
//! | `recovery` | two officers give a compartment back to a member who lost her passphrase |
//! | `totp` | one-time codes, which identify and unlock nothing |
//! | `fingerprint` | what people compare aloud before they trust a public key |
//! | `encryption`, `agreement`, `derivation`, `symmetric` | HPKE, X25519, HKDF, AES-GCM |
//! | `form`, `bound` | how stored bytes begin, and what they are bound to |
//!
//! What is promised, by which theorem, and what is assumed stands in `notes/`, one file for each
//! promise.
//!
//! # What this crate does not do
//!
//! It knows no database, network or clock. Randomness comes from the operating system. It counts no
//! failed attempts and limits no memory in use: the server does both. Whoever can read the memory of a
//! running server reads what members read meanwhile. Taking a grant away takes no knowledge away: to
//! shut somebody out, make a new key for the compartment. X25519 does not withstand a large quantum
//! computer; what was copied today may be read then.
//!
//! Secrets are wiped when dropped. Copies that the compiler or the libraries leave on the stack or in
//! registers, and the round keys of AES, are not.
//!
//! # Examples
//!
//! From the first key to recovery.
//!
//! ```
//! use sealing::{
//!     CompartmentId, CompartmentKey, Grant, MemberId, MemberKey, Passphrase, PassphraseCost, Place,
//!     RecoveryRequest, RequestId, Row, Sealed, SessionSecret, Suite, Wrapped,
//! };
//!
//! // A member makes her key. The store keeps it wrapped by her passphrase.
//! let key = MemberKey::generate(MemberId(7))?;
//! let member = *key.public();
//! let passphrase = Passphrase::new("seven herons over slow water", "m.okafor")?;
//! let wrapped = Wrapped::by_passphrase(&key, &passphrase, &PassphraseCost::LEAST)?.to_bytes();
//!
//! // A compartment is made, granted to her, and shared out among three recovery officers.
//! let officers =
//!     [MemberKey::generate(MemberId(21))?, MemberKey::generate(MemberId(22))?,
//!      MemberKey::generate(MemberId(23))?];
//! let compartment_key = CompartmentKey::generate(CompartmentId(3), Suite::ChaCha20Poly1305)?;
//! let compartment = *compartment_key.public();
//! let grant = compartment_key.grant(&member)?.to_bytes();
//! let shares = compartment_key.recovery_shares(&officers.each_ref().map(|key| *key.public()), 1)?;
//! assert_eq!(shares.len(), 6);
//! drop((key, compartment_key));
//!
//! // Text comes in and is sealed. Nobody need be signed in.
//! let place = Place { table: "tip", row: Row::Number(12), field: "what_happened" };
//! let sealed = compartment.seal(&place, "made up".as_bytes())?.to_bytes();
//!
//! // She signs in. The cookie carries a secret, the store what it unlocks.
//! let typed = Passphrase::entered("seven herons over slow water")?;
//! let unlocked = Wrapped::from_bytes(&wrapped)?.unlock_by_passphrase(&member, &typed)?;
//! let session = SessionSecret::generate()?;
//! let (cookie, id) = (session.to_cookie(), session.id());
//! let of_session = Wrapped::by_session(&unlocked, &session)?.to_bytes();
//! drop((unlocked, session));
//!
//! // She reads, with nothing but the cookie and the store.
//! let session = SessionSecret::from_cookie(&cookie).ok_or("no secret")?;
//! assert_eq!(session.id(), id);
//! let key = Wrapped::from_bytes(&of_session)?.unlock_by_session(&member, &session)?;
//! let compartment_key = key.accept(&Grant::from_bytes(&grant)?, &compartment)?;
//! let opened = compartment_key.open(&place, &Sealed::from_bytes(&sealed)?)?;
//! assert_eq!(opened.text(), Some("made up"));
//!
//! // She has lost her passphrase. She makes a new key, and two officers compare its fingerprint with
//! // her by telephone and hand their shares over.
//! let new_key = MemberKey::generate(MemberId(7))?;
//! let request = RecoveryRequest::new(RequestId::generate()?, *new_key.public(), compartment);
//! let share_of = |officer: &MemberKey, other: &MemberKey| {
//!     let (officer, other) = (officer.public().member(), other.public().member());
//!     shares.iter().find(|it| it.officer() == officer && it.other_officer() == other)
//! };
//! let [first, _, third] = &officers;
//! let from_first = share_of(first, third).ok_or("no share")?.hand_over(first, &request)?;
//! let from_third = share_of(third, first).ok_or("no share")?.hand_over(third, &request)?;
//!
//! // She has the compartment again, and grants it to her new key.
//! let recovered = request.combine(&new_key, &from_first, &from_third)?;
//! assert_eq!(recovered.open(&place, &Sealed::from_bytes(&sealed)?)?.text(), Some("made up"));
//! let grant = recovered.grant(new_key.public())?;
//! assert!(new_key.accept(&grant, &compartment).is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod agreement;
mod base32;
mod bound;
mod chance;
mod compartment;
mod derivation;
mod encryption;
mod error;
mod fingerprint;
mod form;
mod grant;
mod halves;
mod hex;
mod ids;
mod lock;
mod member;
mod padding;
mod passkey;
mod passphrase;
mod place;
mod records_key;
mod recovery;
mod sealed;
mod secret;
mod session;
#[cfg(test)]
mod stored;
mod suite;
mod symmetric;
mod totp;
mod withheld;
mod wrapped;

pub use compartment::{CompartmentKey, CompartmentPublicKey};
pub use error::SealingError;
pub use fingerprint::Fingerprint;
pub use grant::Grant;
pub use halves::{Half, HalfError};
pub use ids::{CompartmentId, MemberId};
pub use lock::{HalvesError, Lock, LockKey};
pub use member::{MemberKey, MemberPublicKey};
pub use padding::MOST_TEXT_BYTES;
pub use passkey::{
    Answered, Credential, Made, PasskeyChallenge, PasskeyError, PasskeySecret, RelyingParty,
};
pub use passphrase::{
    FEWEST_PASSPHRASE_CHARACTERS, MOST_PASSPHRASE_CHARACTERS, Passphrase, PassphraseError,
};
pub use place::{Place, Row};
pub use records_key::{PSEUDONYM_BYTES, RecordsKey};
pub use recovery::{HandedShare, RecoveryError, RecoveryRequest, RequestId, SealedShare};
pub use sealed::{Opened, Sealed};
pub use session::{SessionId, SessionSecret};
pub use suite::Suite;
pub use totp::{TotpError, TotpSecret};
pub use wrapped::{PassphraseCost, Wrapped, WrappedBy};
