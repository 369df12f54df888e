//! What a sealed thing is bound to, as bytes in which no two lists of parts are the same.

/// A list of parts, each after its length (8 bytes, big-endian). Reading from the front gives the
/// parts back, so that two lists with the same bytes are the same list.
pub(crate) struct Bound(Vec<u8>);

impl Bound {
    /// Begins with what is bound, so that what was made for one purpose serves no other.
    pub(crate) fn new(purpose: &str) -> Bound {
        Bound(Vec::new()).text(purpose)
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Bound {
        self.0.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn text(self, text: &str) -> Bound {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn number(self, number: i64) -> Bound {
        self.bytes(&number.to_be_bytes())
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn listed(parts: &[Vec<u8>]) -> Vec<u8> {
        parts.iter().fold(Bound(Vec::new()), |bound, part| bound.bytes(part)).finish()
    }

    proptest! {
        /// Few letters and short parts, so that many lists are the same when written together.
        #[test]
        fn other_lists_have_other_bytes(
            one in prop::collection::vec(prop::collection::vec(0..2u8, 0..3), 0..4),
            two in prop::collection::vec(prop::collection::vec(0..2u8, 0..3), 0..4),
        ) {
            prop_assert_eq!(one == two, listed(&one) == listed(&two));
        }
    }
}
