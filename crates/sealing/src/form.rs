//! How everything that is stored begins: one byte that says what it is, one for the version of how
//! it is written.

use crate::SealingError;

/// What some stored bytes are.
pub(crate) struct Form {
    kind: u8,
    what: &'static str,
}

/// The only version so far.
const VERSION: u8 = 1;

pub(crate) const COMPARTMENT_PUBLIC_KEY: Form =
    Form { kind: 1, what: "public key of a compartment" };
pub(crate) const MEMBER_PUBLIC_KEY: Form = Form { kind: 2, what: "public key of a member" };
pub(crate) const SEALED: Form = Form { kind: 3, what: "sealed text" };
pub(crate) const GRANT: Form = Form { kind: 4, what: "grant" };
pub(crate) const WRAPPED: Form = Form { kind: 5, what: "wrapped key" };
pub(crate) const SEALED_SHARE: Form = Form { kind: 6, what: "recovery share" };
pub(crate) const HANDED_SHARE: Form = Form { kind: 7, what: "handed share" };
pub(crate) const RECORD: Form = Form { kind: 8, what: "sealed record" };
pub(crate) const KEY_FILE: Form = Form { kind: 9, what: "sealed key" };
pub(crate) const LOCK: Form = Form { kind: 10, what: "lock" };

impl Form {
    /// The first two bytes.
    pub(crate) fn begin(&self) -> Vec<u8> {
        vec![self.kind, VERSION]
    }

    /// Reads the first two bytes.
    pub(crate) fn read<'bytes>(&self, bytes: &'bytes [u8]) -> Result<Reader<'bytes>, SealingError> {
        let mut reader = Reader { what: self.what, rest: bytes };
        if reader.byte()? != self.kind {
            return Err(reader.damaged());
        }
        match reader.byte()? {
            VERSION => Ok(reader),
            version => Err(SealingError::UnknownVersion { what: self.what, version }),
        }
    }

    pub(crate) fn damaged(&self) -> SealingError {
        SealingError::Damaged { what: self.what }
    }

    pub(crate) fn does_not_open(&self) -> SealingError {
        SealingError::DoesNotOpen { what: self.what }
    }
}

/// Reads stored bytes from the front.
pub(crate) struct Reader<'bytes> {
    what: &'static str,
    rest: &'bytes [u8],
}

impl<'bytes> Reader<'bytes> {
    pub(crate) fn take<const N: usize>(&mut self) -> Result<[u8; N], SealingError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or_else(|| self.damaged())?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, SealingError> {
        self.take().map(|[byte]| byte)
    }

    pub(crate) fn number(&mut self) -> Result<i64, SealingError> {
        self.take().map(i64::from_be_bytes)
    }

    pub(crate) fn count(&mut self) -> Result<u32, SealingError> {
        self.take().map(u32::from_be_bytes)
    }

    /// All that is left.
    pub(crate) fn rest(self) -> &'bytes [u8] {
        self.rest
    }

    /// Nothing may be left.
    pub(crate) fn end(self) -> Result<(), SealingError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.damaged()) }
    }

    pub(crate) fn damaged(&self) -> SealingError {
        SealingError::Damaged { what: self.what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_never_read_as_another() {
        let bytes = GRANT.begin();
        assert!(GRANT.read(&bytes).unwrap().end().is_ok());
        let damaged = SealingError::Damaged { what: "sealed text" };
        assert_eq!(SEALED.read(&bytes).err(), Some(damaged.clone()));
        assert_eq!(SEALED.read(&[3]).err(), Some(damaged));
        let later = SealingError::UnknownVersion { what: "sealed text", version: 2 };
        assert_eq!(SEALED.read(&[3, 2]).err(), Some(later));
    }
}
