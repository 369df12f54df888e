//! For what somebody acts.
//!
//! A closed list: the purpose stands in every row of the audit, and unlike a reason it cannot be destroyed
//! by order. In words of her own a client would be named in it sooner or later.

/// For what somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// At the command line of the machine that holds the data.
    CommandLine,
    /// Coming in: before there is another.
    SignIn,
    /// Returns and figures.
    Returns,
    /// Leads, cases or care.
    Cases,
    /// Checking records.
    Review,
    /// Members and accounts.
    Accounts,
    /// Reviewing the audit.
    Audit,
    /// Training.
    Training,
    /// Something else.
    Other,
}

impl Purpose {
    /// Those that a member chooses from.
    pub const OF_MEMBERS: [Purpose; 7] = [
        Purpose::Returns,
        Purpose::Cases,
        Purpose::Review,
        Purpose::Accounts,
        Purpose::Audit,
        Purpose::Training,
        Purpose::Other,
    ];

    /// Its words in the audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::CommandLine => "at the command line",
            Purpose::SignIn => "sign-in",
            Purpose::Returns => "returns",
            Purpose::Cases => "cases",
            Purpose::Review => "review",
            Purpose::Accounts => "accounts",
            Purpose::Audit => "audit",
            Purpose::Training => "training",
            Purpose::Other => "other",
        }
    }

    /// The purpose of a word that a member has chosen.
    pub fn from_word(word: &str) -> Option<Purpose> {
        Purpose::OF_MEMBERS.into_iter().find(|purpose| purpose.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_chooses_from_the_list_and_nothing_else() {
        for purpose in Purpose::OF_MEMBERS {
            assert_eq!(Purpose::from_word(purpose.as_str()), Some(purpose));
        }
        for word in ["", "at the command line", "sign-in", "for Jane Roe"] {
            assert_eq!(Purpose::from_word(word), None, "{word}");
        }
    }
}
