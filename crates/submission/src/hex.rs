//! Bytes as hex digits, lower case, and back.

/// The digits of some bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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

/// The bytes of some lower-case digits, two for each.
pub(crate) fn decode_any(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(value(*pair.first()?)? << 4 | value(*pair.get(1)?)?)).collect()
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// Whether a text is a BLAKE3 digest as this crate writes it.
pub(crate) fn is_digest(text: &str) -> bool {
    decode::<32>(text).is_some()
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
            assert!(decode_any(text).is_none_or(|bytes| bytes.len() != 2), "{text}");
        }
    }

    proptest! {
        #[test]
        fn digits_round_trip(bytes: [u8; 16]) {
            prop_assert_eq!(decode::<16>(&encode(&bytes)), Some(bytes));
            prop_assert_eq!(decode_any(&encode(&bytes)), Some(bytes.to_vec()));
        }
    }
}
