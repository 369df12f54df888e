//! In whose name a caller acts.

/// Who asks or changes something. Every public function of the store takes one, so that no
/// change is without a name. Until there is a sign-in, the command line makes it from `--by` or
/// the account that runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    who: String,
}

impl Scope {
    /// The scope of a person at the command line of the installation that holds the data.
    pub fn command_line(who: impl Into<String>) -> Scope {
        Scope { who: who.into() }
    }

    /// The name that is written beside a change.
    pub fn who(&self) -> &str {
        &self.who
    }

    /// The role in which it is done.
    pub fn role(&self) -> &'static str {
        "operator"
    }

    /// The purpose for which it is done.
    pub fn purpose(&self) -> &'static str {
        "at the command line"
    }
}
