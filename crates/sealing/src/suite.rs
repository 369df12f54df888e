//! The two ways in which text is encrypted.

/// With what a compartment's text is encrypted. The agreement is X25519 and the derivation
/// HKDF-SHA256 in both (RFC 9180 §7.1, §7.2).
///
/// The suite is part of the compartment's public key, stands in what is sealed, and is bound to it:
/// HPKE derives its keys from the suite's number (RFC 9180 §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suite {
    /// ChaCha20-Poly1305 (RFC 8439): compartments of victim-service providers. As fast and as safe
    /// on machines without instructions for AES.
    ChaCha20Poly1305,
    /// AES-256 in GCM (NIST SP 800-38D): compartments with criminal-justice information, for which
    /// the CJIS Security Policy (version 5.9.5) names AES with keys of 256 bits where it is kept
    /// outside of a physically secure location. Whether an auditor wants a certified module is
    /// another question: the library that this program is built with is not certified.
    Aes256Gcm,
}

impl Suite {
    /// As it is stored.
    pub(crate) fn byte(self) -> u8 {
        match self {
            Suite::ChaCha20Poly1305 => 1,
            Suite::Aes256Gcm => 2,
        }
    }

    pub(crate) fn read(byte: u8) -> Option<Suite> {
        match byte {
            1 => Some(Suite::ChaCha20Poly1305),
            2 => Some(Suite::Aes256Gcm),
            _ => None,
        }
    }
}
