//! X25519 (RFC 7748 §5): which public key belongs to a secret, and which bytes are a public key.

use x25519_dalek::{PublicKey as Point, StaticSecret};

use crate::secret::Secret;

/// A public key of X25519 that something may be sealed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PublicKey([u8; 32]);

impl PublicKey {
    /// The public key that belongs to a secret.
    pub(crate) fn of(secret: &Secret) -> PublicKey {
        PublicKey(Point::from(&StaticSecret::from(*secret.bytes())).to_bytes())
    }

    /// Reads 32 bytes.
    ///
    /// `None` for the points of low order, with which every agreement is the same known secret
    /// (RFC 7748 §6.1), and for a number of 2^255 - 19 or more: HPKE binds the bytes of a public
    /// key, so that what is sealed to another writing of it would never open.
    pub(crate) fn read(bytes: [u8; 32]) -> Option<PublicKey> {
        let [least, middle @ .., most] = &bytes;
        let reduced = *most < 0x7f
            || (*most == 0x7f && (*least < 0xed || middle.iter().any(|byte| *byte != 0xff)));
        // Any secret will do: each is a multiple of the orders of all of these points.
        let any = StaticSecret::from([1; 32]);
        let contributes = any.diffie_hellman(&Point::from(bytes)).was_contributory();
        (reduced && contributes).then_some(PublicKey(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    /// RFC 7748 §6.1.
    #[test]
    fn public_keys_are_those_of_rfc_7748() {
        let secret = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
        let public = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
        let secret = Secret::copy_of(&hex::decode::<32>(secret).unwrap()).unwrap();
        let public = hex::decode::<32>(public).unwrap();
        assert_eq!(PublicKey::of(&secret).bytes(), &public);
        assert_eq!(PublicKey::read(public), Some(PublicKey::of(&secret)));
    }

    #[test]
    fn points_of_low_order_and_other_writings_are_refused() {
        let low = [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ];
        for point in low {
            let mut bytes = hex::decode::<32>(point).unwrap();
            assert!(PublicKey::read(bytes).is_none(), "{point}");
            bytes[31] |= 0x80;
            assert!(PublicKey::read(bytes).is_none(), "{point} with its top bit");
        }
        // 9, the point that every public key is made from, and 9 written as 2^255 - 19 + 9 and
        // with the top bit.
        let nine = |first, middle, last| {
            let mut bytes = [middle; 32];
            (bytes[0], bytes[31]) = (first, last);
            bytes
        };
        assert!(PublicKey::read(nine(9, 0, 0)).is_some());
        assert!(PublicKey::read(nine(0xf6, 0xff, 0x7f)).is_none());
        assert!(PublicKey::read(nine(9, 0, 0x80)).is_none());
    }
}
