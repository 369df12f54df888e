//! One-time codes by time (RFC 6238), from a program on a member's telephone.
//!
//! In: the secret, the code that was typed, the time, the last step of which a code was taken. Out:
//! the step of this one, which the caller keeps, or why it is not taken. A code only identifies; it
//! unlocks nothing, since the server knows its secret too. Six digits can be guessed: the caller
//! counts failures (RFC 6238 §5.1, RFC 4226 §7.3).

use hmac::{Hmac, Mac};
use sha1::Sha1;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::withheld::withhold;
use crate::{SealingError, base32, chance};

/// How long a code lasts (RFC 6238 §5.2).
const STEP_SECONDS: u64 = 30;
const DIGITS: usize = 6;
const SECRET_BYTES: usize = 20;
/// HMAC takes keys of this many bytes as they are, and shorter ones with zeros after them
/// (RFC 2104 §2).
const BLOCK_BYTES: usize = 64;

/// The secret that the server and a member's telephone share: 20 bytes, as RFC 4226 §4 (R6)
/// recommends. Wiped when dropped; prints `[withheld]`.
pub struct TotpSecret(Zeroizing<[u8; SECRET_BYTES]>);

withhold!(TotpSecret);

/// Why a one-time code is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TotpError {
    /// What was typed is no code.
    #[error("a code has six digits")]
    NotACode,
    /// It is not the code of now, of the step before, or of the step after.
    #[error("this is not the code that your telephone shows now; compare its clock")]
    Wrong,
    /// The code, or a later one, was taken before.
    #[error("this code was used; wait for the next one")]
    Used,
}

impl TotpSecret {
    /// Makes a new secret, from the operating system's randomness.
    ///
    /// # Errors
    ///
    /// [`SealingError::Chance`] when there is none.
    pub fn generate() -> Result<TotpSecret, SealingError> {
        let mut secret = Zeroizing::new([0; SECRET_BYTES]);
        chance::fill(&mut secret[..])?;
        Ok(TotpSecret(secret))
    }

    /// Reads the letters of a secret; `None` when they are not those of 20 bytes.
    pub fn from_base32(text: &str) -> Option<TotpSecret> {
        base32::decode(text).map(TotpSecret)
    }

    /// The secret to be typed into a telephone: 32 capital letters and digits (RFC 4648 §6).
    pub fn to_base32(&self) -> Zeroizing<String> {
        base32::encode(&self.0[..])
    }

    /// The secret to be read by a telephone's camera, as programs for codes have agreed on it
    /// (Google Authenticator wiki, "Key Uri Format"): `otpauth://totp/issuer:account?secret=…`.
    ///
    /// # Examples
    ///
    /// ```
    /// use sealing::TotpSecret;
    ///
    /// let secret = TotpSecret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").ok_or("none")?;
    /// assert_eq!(
    ///     *secret.uri("Clearway practice", "m.okafor"),
    ///     "otpauth://totp/Clearway%20practice:m.okafor\
    ///      ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Clearway%20practice\
    ///      &algorithm=SHA1&digits=6&period=30"
    /// );
    /// # Ok::<(), &str>(())
    /// ```
    pub fn uri(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let (issuer, account, secret) = (escaped(issuer), escaped(account), self.to_base32());
        let parts = [
            "otpauth://totp/",
            &issuer,
            ":",
            &account,
            "?secret=",
            &secret,
            "&issuer=",
            &issuer,
            "&algorithm=SHA1&digits=6&period=30",
        ];
        Zeroizing::new(parts.concat())
    }

    /// Takes a code once: that of now, of the step before or of the step after (RFC 6238 §5.2, §6), when
    /// its step is later than the last one of which a code was taken. Returns its step, which the
    /// caller keeps in the same transaction.
    ///
    /// `unix_seconds` are since 1970-01-01 UTC. Spaces in the code are passed over. All three codes
    /// are compared, each in constant time.
    ///
    /// # Errors
    ///
    /// [`TotpError`].
    ///
    /// # Examples
    ///
    /// ```
    /// use sealing::{TotpError, TotpSecret};
    ///
    /// // The secret and a time of RFC 6238, Appendix B.
    /// let secret = TotpSecret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").ok_or("none")?;
    /// assert_eq!(secret.check("287 082", 59, None), Ok(1));
    /// assert_eq!(secret.check("287 082", 59, Some(1)), Err(TotpError::Used));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn check(
        &self,
        code: &str,
        unix_seconds: u64,
        last_used_step: Option<u64>,
    ) -> Result<u64, TotpError> {
        let typed = digits(code).ok_or(TotpError::NotACode)?;
        let now = unix_seconds / STEP_SECONDS;
        let (mut found, mut step_found) = (Choice::from(0), 0);
        for step in now.saturating_sub(1)..=now.saturating_add(1) {
            let same = typed.ct_eq(&self.code(step));
            step_found.conditional_assign(&step, same);
            found |= same;
        }
        if !bool::from(found) {
            Err(TotpError::Wrong)
        } else if last_used_step.is_some_and(|last| step_found <= last) {
            Err(TotpError::Used)
        } else {
            Ok(step_found)
        }
    }

    /// The six digits that an app shows at a moment, for practice and tests. `unix_seconds` are since
    /// 1970-01-01 UTC.
    ///
    /// # Examples
    ///
    /// ```
    /// use sealing::TotpSecret;
    ///
    /// let secret = TotpSecret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").ok_or("none")?;
    /// assert_eq!(&secret.shown_at(59)[..], "287082");
    /// # Ok::<(), &str>(())
    /// ```
    pub fn shown_at(&self, unix_seconds: u64) -> Zeroizing<String> {
        let code = self.code(unix_seconds / STEP_SECONDS);
        Zeroizing::new(code.iter().map(|digit| char::from(b'0' + digit)).collect())
    }

    /// The code of a step (RFC 4226 §5.3).
    fn code(&self, step: u64) -> [u8; DIGITS] {
        let mut number = truncated(&self.mac(step));
        let mut code = [0; DIGITS];
        for digit in code.iter_mut().rev() {
            *digit = (number % 10) as u8;
            number /= 10;
        }
        code
    }

    fn mac(&self, step: u64) -> [u8; 20] {
        let mut key = Zeroizing::new([0; BLOCK_BYTES]);
        key.iter_mut().zip(self.0.iter()).for_each(|(byte, of_secret)| *byte = *of_secret);
        let mut mac = <Hmac<Sha1> as Mac>::new((&*key).into());
        mac.update(&step.to_be_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// Dynamic truncation (RFC 4226 §5.3): the 31 last bits of the four bytes at the place that the last
/// half byte says, which is at most 15.
fn truncated(mac: &[u8; 20]) -> u32 {
    let [.., last] = mac;
    let four = mac.iter().skip(usize::from(last & 15)).take(4);
    four.fold(0u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff
}

/// The digits of what was typed, when it is six of them.
fn digits(code: &str) -> Option<[u8; DIGITS]> {
    let mut typed = code.bytes().filter(|c| *c != b' ');
    let mut digits = [0; DIGITS];
    for digit in &mut digits {
        *digit = typed.next().filter(u8::is_ascii_digit)? - b'0';
    }
    typed.next().is_none().then_some(digits)
}

/// Everything but unreserved characters as `%` and two hex digits (RFC 3986 §2.1, §2.3).
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hex;

    fn published() -> TotpSecret {
        TotpSecret(Zeroizing::new(*b"12345678901234567890"))
    }

    /// RFC 4226 Appendix D: the HMAC, the number it is truncated to, and the code.
    #[test]
    fn the_vectors_of_rfc_4226_are_met() {
        let cases = [
            ("cc93cf18508d94934c64b65d8ba7667fb7cde4b0", 1284755224, "755224"),
            ("75a48a19d4cbe100644e8ac1397eea747a2d33ab", 1094287082, "287082"),
            ("0bacb7fa082fef30782211938bc1c5e70416ff44", 137359152, "359152"),
            ("66c28227d03a2d5529262ff016a1e6ef76557ece", 1726969429, "969429"),
            ("a904c900a64b35909874b33e61c5938a8e15ed1c", 1640338314, "338314"),
            ("a37e783d7b7233c083d4f62926c7a25f238d0316", 868254676, "254676"),
            ("bc9cd28561042c83f219324d3c607256c03272ae", 1918287922, "287922"),
            ("a4fb960c0bc06e1eabb804e5b397cdc4b45596fa", 82162583, "162583"),
            ("1b3c89f65e6c9e883012052823443f048b4332db", 673399871, "399871"),
            ("1637409809a679dc698207310c8c7fc07290d9e5", 645520489, "520489"),
        ];
        for (step, (mac, number, code)) in (0..).zip(cases) {
            let made = published().mac(step);
            assert_eq!(hex::encode(&made), mac);
            assert_eq!(truncated(&made), number);
            assert_eq!(Some(published().code(step)), digits(code));
        }
    }

    /// RFC 6238 Appendix B, the rows of SHA-1. They have eight digits, of which ours are the last six.
    #[test]
    fn the_vectors_of_rfc_6238_are_met() {
        let cases = [
            (59, 0x1, 94287082),
            (1111111109, 0x23523EC, 7081804),
            (1111111111, 0x23523ED, 14050471),
            (1234567890, 0x273EF07, 89005924),
            (2000000000, 0x3F940AA, 69279037),
            (20000000000, 0x27BC86AA, 65353130),
        ];
        for (seconds, step, code) in cases {
            assert_eq!(seconds / STEP_SECONDS, step);
            assert_eq!(truncated(&published().mac(step)) % 100_000_000, code);
            let typed = format!("{:06}", code % 1_000_000);
            assert_eq!(published().check(&typed, seconds, None), Ok(step));
        }
    }

    #[test]
    fn a_code_is_good_for_one_step_each_way() {
        let secret = published();
        let check = |step_of_code: u64, seconds| {
            let code: String = secret.code(step_of_code).map(|d| d.to_string()).concat();
            secret.check(&code, seconds, None)
        };
        let seconds = 1_000_000 * STEP_SECONDS;
        assert_eq!(check(999_998, seconds), Err(TotpError::Wrong));
        assert_eq!(check(999_999, seconds), Ok(999_999));
        assert_eq!(check(1_000_000, seconds), Ok(1_000_000));
        assert_eq!(check(1_000_001, seconds + 29), Ok(1_000_001));
        assert_eq!(check(1_000_002, seconds + 29), Err(TotpError::Wrong));
        assert_eq!(check(0, 0), Ok(0));
        assert_eq!(check(1, 0), Ok(1));
        let last = u64::MAX / STEP_SECONDS;
        assert_eq!(check(last, u64::MAX), Ok(last));
    }

    #[test]
    fn a_code_is_taken_once_and_none_before_it() {
        let secret = published();
        assert_eq!(secret.check("755224", 59, Some(0)), Err(TotpError::Used));
        assert_eq!(secret.check("287082", 59, Some(0)), Ok(1));
        assert_eq!(secret.check("287082", 59, Some(1)), Err(TotpError::Used));
        assert_eq!(secret.check("359152", 59, Some(1)), Ok(2));
        assert_eq!(secret.check("287082", 59, Some(2)), Err(TotpError::Used));
    }

    #[test]
    fn other_texts_are_no_code() {
        for text in ["", "28708", "2870822", "28708x", "２８７０８２", "-87082", "287\n082"] {
            assert_eq!(published().check(text, 59, None), Err(TotpError::NotACode), "{text}");
        }
    }

    #[test]
    fn names_cannot_add_to_the_uri() {
        let uri = published().uri("a:b&secret=x", "é/?#");
        assert!(uri.starts_with("otpauth://totp/a%3Ab%26secret%3Dx:%C3%A9%2F%3F%23?secret=GEZ"));
    }

    proptest! {
        #[test]
        fn any_text_can_be_typed(text in ".{0,20}|[0-9 ]{0,9}", seconds: u64, last: Option<u64>) {
            let _ = published().check(&text, seconds, last);
        }
    }
}
