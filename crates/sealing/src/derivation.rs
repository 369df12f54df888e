//! Keys from secrets: HKDF-SHA256 (RFC 5869).

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// The longest output (RFC 5869 §2.3): 255 digests of 32 bytes.
const MOST_BYTES: usize = 255 * 32;

/// Derives bytes from a secret. Outputs of different purposes say nothing about each other or the
/// secret.
pub(crate) fn derive<const N: usize>(
    secret: &Secret,
    salt: &[u8],
    purpose: &[u8],
) -> Zeroizing<[u8; N]> {
    const { assert!(N <= MOST_BYTES) };
    let mut derived = Zeroizing::new([0; N]);
    Hkdf::<Sha256>::new(Some(salt), secret.bytes())
        .expand(purpose, &mut derived[..])
        .expect("the length was compared when this was compiled");
    derived
}
