//! Bytes as hex digits, lower case, and back.

use zeroize::Zeroizing;

/// The digits of some bytes.
#[cfg(test)]
pub(crate) fn encode(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digits of a secret, wiped when dropped.
pub(crate) fn encode_secret(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(2 * bytes.len()));
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

fn digit(value: u8) -> char {
    char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 })
}

/// The bytes of exactly `2 N` lower-case digits.
pub(crate) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(*pair.first()?)? << 4 | value(*pair.last()?)?;
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_lower_case_digits_of_the_right_number_are_read() {
        assert_eq!(decode::<2>("00ff"), Some([0, 255]));
        for text in ["00f", "00ff0", "00FF", "0x00", "00 f", "é0f"] {
            assert_eq!(decode::<2>(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn digits_round_trip(bytes: [u8; 16]) {
            prop_assert_eq!(&*encode_secret(&bytes), &encode(&bytes));
            prop_assert_eq!(decode::<16>(&encode(&bytes)), Some(bytes));
        }
    }
}
