//! Fingerprints: short enough to be read out over the phone, long enough that nobody makes a
//! second one (128 bits).

use blake3::Hasher;

const OF_PUBLIC_KEYS: &str = "Clearway 2026-10 fingerprint of the public keys of a card";
const OF_LINKAGE_KEY: &str = "Clearway 2026-10 fingerprint of a linkage key";

/// The fingerprint of an installation's public keys.
pub(crate) fn of_public_keys(signing: &[u8; 32], recipient: &str) -> String {
    let mut hasher = Hasher::new_derive_key(OF_PUBLIC_KEYS);
    hasher.update(signing).update(recipient.as_bytes());
    grouped(&hasher)
}

/// The fingerprint of a linkage key: agencies that read out the same one hold the same key.
///
/// Eight groups of four hex digits. It says nothing about the key, which is random.
///
/// # Examples
///
/// ```
/// let key = submission::new_linkage_key()?;
/// let fingerprint = submission::linkage_fingerprint(&key);
/// assert_eq!(fingerprint.split(' ').count(), 8);
/// # Ok::<(), submission::KeysError>(())
/// ```
pub fn linkage_fingerprint(key: &[u8; 32]) -> String {
    grouped(Hasher::new_derive_key(OF_LINKAGE_KEY).update(key))
}

/// Whether a text has the form of a fingerprint.
pub(crate) fn is_fingerprint(text: &str) -> bool {
    let group = |group: &str| {
        group.len() == 4 && group.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
    };
    text.split(' ').count() == 8 && text.split(' ').all(group)
}

fn grouped(hasher: &Hasher) -> String {
    let digits = hasher.finalize().to_hex();
    let digits: Vec<char> = digits.chars().take(32).collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_never_changes_and_hangs_on_every_part() {
        let first = of_public_keys(&[1; 32], "age1x");
        insta::assert_snapshot!(first, @"7a35 9f72 6104 23a0 b7c6 7bf7 3a8f fae8");
        assert!(is_fingerprint(&first));
        assert_ne!(first, of_public_keys(&[2; 32], "age1x"));
        assert_ne!(first, of_public_keys(&[1; 32], "age1y"));
        insta::assert_snapshot!(linkage_fingerprint(&[1; 32]), @"b9fa c88d f38d 1552 2d37 0c8e 0076 19b9");
    }

    #[test]
    fn other_texts_are_no_fingerprint() {
        for text in ["", "abcd", "ABCD abcd abcd abcd abcd abcd abcd abcd", "abcd  abcd"] {
            assert!(!is_fingerprint(text), "{text}");
        }
    }
}
