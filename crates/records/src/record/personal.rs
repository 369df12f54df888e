//! Text about a person, which is never shown.

use std::fmt;

/// A name, a birth date, a phone, a person's number at the agency, free text: whatever is about a
/// person. It has no `Display` and no `Serialize`, and its `Debug` says that something is withheld.
/// The text is reached in two ways only, and both are named for what they are: for the agency's
/// own store, and by a [`crate::disclosure::Permit`].
///
/// ```compile_fail
/// let name = records::record::Personal::new("somebody");
/// println!("{name}");
/// ```
///
/// ```compile_fail
/// let name = records::record::Personal::new("somebody");
/// serde_json::to_string(&name);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Personal(String);

impl Personal {
    /// Takes text in.
    pub fn new(text: impl Into<String>) -> Personal {
        Personal(text.into())
    }

    /// The text, to be written into the agency's own store or its own files, and nowhere else.
    pub fn in_own_store(&self) -> &str {
        &self.0
    }

    pub(crate) fn inside(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[withheld]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_show_it() {
        assert_eq!(format!("{:?}", Personal::new("Marisol")), "[withheld]");
    }
}
