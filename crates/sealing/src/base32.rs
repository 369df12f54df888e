//! Base32 (RFC 4648 §6), without padding, as programs for one-time codes read it.

use zeroize::Zeroizing;

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The letters of a secret, wiped when dropped.
pub(crate) fn encode(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().div_ceil(5) * 8));
    for group in bytes.chunks(5) {
        let filled = group.iter().chain([0; 5].iter()).take(5);
        let number = filled.fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        for place in 0..(group.len() * 8).div_ceil(5) {
            let value = (number >> (35 - 5 * place)) & 31;
            text.push(LETTERS.get(value as usize).copied().map_or('=', char::from));
        }
    }
    text
}

/// The bytes of a text of exactly `N` bytes, in capital or small letters, with or without spaces and
/// padding.
pub(crate) fn decode<const N: usize>(text: &str) -> Option<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    let mut free = bytes.iter_mut();
    let (mut number, mut bits) = (0u32, 0);
    for letter in text.trim_end_matches('=').bytes().filter(|c| *c != b' ') {
        let value = LETTERS.iter().position(|known| *known == letter.to_ascii_uppercase())?;
        number = number << 5 | value as u32;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            *free.next()? = (number >> bits) as u8;
            number &= (1 << bits) - 1;
        }
    }
    (free.next().is_none() && bits < 5 && number == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 4648 §10, without padding.
    #[test]
    fn the_published_vectors_are_met() {
        let cases = [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ];
        for (bytes, text) in cases {
            assert_eq!(*encode(bytes.as_bytes()), text);
        }
        assert_eq!(decode::<6>("mzxw 6ytb oi======").as_deref(), Some(b"foobar"));
        for text in ["MZXW6YTBO", "MZXW6YTBOI2", "MZXW6YTBOJ", "MZXW6YTBO1", "MZXW6YTBOé", ""] {
            assert!(decode::<6>(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_round_trip(bytes: [u8; 20]) {
            let text = encode(&bytes);
            prop_assert_eq!(text.len(), 32);
            let read = decode::<20>(&text);
            prop_assert_eq!(read.as_deref(), Some(&bytes));
        }

        #[test]
        fn any_text_can_be_read(text in ".{0,40}|[A-Z2-7]{0,40}") {
            let _ = decode::<20>(&text);
        }
    }
}
