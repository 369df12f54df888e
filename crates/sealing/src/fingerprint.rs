//! Fingerprints: short enough to be read out over the phone, long enough that nobody makes a
//! second one (128 bits).

use std::fmt;

use sha2::{Digest, Sha256};

use crate::bound::Bound;

/// The fingerprint of a public key: eight groups of four hex digits, for people to compare aloud.
///
/// The first 16 bytes of SHA-256 over the key, its suite, and the number of its member or
/// compartment. Whoever can write the store can put another key in a row; the fingerprint of that
/// key is another one.
///
/// # Examples
///
/// ```
/// use sealing::{MemberId, MemberKey};
///
/// let key = MemberKey::generate(MemberId(7))?;
/// let read_out = key.public().fingerprint().to_string();
/// assert_eq!(read_out.split(' ').count(), 8);
/// # Ok::<(), sealing::SealingError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Of what a public key is bound as.
    pub(crate) fn of(key: Bound) -> Fingerprint {
        let digest: [u8; 32] = Sha256::digest(key.finish()).into();
        let mut first = [0; 16];
        first.iter_mut().zip(digest).for_each(|(byte, of_digest)| *byte = of_digest);
        Fingerprint(first)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            let space = if place > 0 && place % 2 == 0 { " " } else { "" };
            write!(f, "{space}{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{CompartmentId, CompartmentPublicKey, MemberId, MemberPublicKey};

    #[test]
    fn a_fingerprint_never_changes_and_hangs_on_every_part() {
        let mut bytes = [9; 34];
        (bytes[0], bytes[1]) = (2, 1);
        let member = |id| MemberPublicKey::from_bytes(MemberId(id), &bytes).unwrap().fingerprint();
        assert_eq!(member(7).to_string(), "4bb4 5b67 f357 e8b0 2542 e5f6 21bb 4fc2");
        let mut bytes = [9; 35];
        (bytes[0], bytes[1], bytes[2]) = (1, 1, 2);
        let compartment = |id, bytes: &[u8; 35]| {
            CompartmentPublicKey::from_bytes(CompartmentId(id), bytes).unwrap().fingerprint()
        };
        let first = compartment(7, &bytes);
        assert_eq!(first.to_string(), "2e42 a499 8713 fd3d fee1 bf12 783b d576");
        let mut others = vec![member(7), member(8), compartment(8, &bytes)];
        bytes[2] = 1;
        others.push(compartment(7, &bytes));
        bytes[3] = 8;
        others.push(compartment(7, &bytes));
        assert!(!others.contains(&first));
    }
}
