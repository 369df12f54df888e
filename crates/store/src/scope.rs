//! In whose name a caller acts, and whether she may.
//!
//! In: who, of which agency, in which role, for what. Out: a [`Scope`], which every function of the
//! store takes. Only a sign-in makes one with a role; its fields are closed.
//!
//! ```compile_fail
//! // Nobody makes herself an auditor.
//! let mine = store::Scope::command_line("eve");
//! let scope = store::Scope { role: store::Role::Auditor, ..mine };
//! ```

use crate::{Purpose, Role};

/// Who asks or changes something: a person of an agency, in a role, for a purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    who: String,
    agency: Option<String>,
    role: Role,
    purpose: Purpose,
}

impl Scope {
    /// The scope of whoever runs the command line on the machine that holds the data: it is protected
    /// by the machine's own accounts, and `who` is a claim. A store that was opened for the server
    /// refuses it, whoever made it.
    pub fn command_line(who: impl Into<String>) -> Scope {
        Scope::of(who, None, Role::Operator, Purpose::CommandLine)
    }

    /// Of somebody who has signed in.
    pub(crate) fn of(
        who: impl Into<String>,
        agency: Option<String>,
        role: Role,
        purpose: Purpose,
    ) -> Scope {
        Scope { who: who.into(), agency, role, purpose }
    }

    /// The name that is written beside a change.
    pub fn who(&self) -> &str {
        &self.who
    }

    /// The agency whose member she is, by its code; nothing for the operator, who is of the
    /// installation.
    pub fn agency(&self) -> Option<&str> {
        self.agency.as_deref()
    }

    /// The agency whose rows it meets; nothing where it meets all.
    pub fn reach(&self) -> Option<&str> {
        let all = self.role == Role::Operator || self.role.is_of_the_state();
        self.agency().filter(|_| !all)
    }

    /// The role in which it is done.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The purpose for which it is done.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }
}

#[cfg(test)]
mod tests;
