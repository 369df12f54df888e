//! The codes that a text field may hold.
//!
//! In: a list of texts. Out: whether a cell is one of them. Codes of up to eight bytes, which most
//! are, are compared as one number each.

/// A set of texts.
#[derive(Debug, Clone)]
pub(super) struct Codes {
    /// Codes of 1 to 8 bytes, packed, sorted.
    short: Vec<u64>,
    /// Longer codes and the empty one, sorted.
    long: Vec<Box<[u8]>>,
}

impl Codes {
    pub(super) fn new<'a>(codes: impl IntoIterator<Item = &'a str>) -> Codes {
        let (mut short, mut long) = (Vec::new(), Vec::new());
        for code in codes {
            match pack(code.as_bytes()) {
                Some(packed) => short.push(packed),
                None => long.push(code.as_bytes().into()),
            }
        }
        short.sort_unstable();
        long.sort_unstable();
        Codes { short, long }
    }

    pub(super) fn contains(&self, cell: &[u8]) -> bool {
        match pack(cell) {
            Some(packed) => self.short.binary_search(&packed).is_ok(),
            None => self.long.binary_search_by(|code| code.as_ref().cmp(cell)).is_ok(),
        }
    }
}

/// A cell with a zero byte is never packed, so that padding cannot be mistaken for it.
fn pack(cell: &[u8]) -> Option<u64> {
    if cell.is_empty() || cell.len() > 8 {
        return None;
    }
    let mut packed = 0;
    for &byte in cell {
        if byte == 0 {
            return None;
        }
        packed = packed << 8 | u64::from(byte);
    }
    Some(packed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_same_as_a_list(
            codes in prop::collection::vec("[ab\\x00é]{0,10}", 0..20), cell in "[ab\\x00é]{0,10}",
        ) {
            let set = Codes::new(codes.iter().map(String::as_str));
            prop_assert_eq!(set.contains(cell.as_bytes()), codes.contains(&cell));
            for code in &codes {
                prop_assert!(set.contains(code.as_bytes()));
            }
        }
    }
}
