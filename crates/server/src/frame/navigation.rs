//! Which pages the frame leads to, and who may open those for people at work. A new page adds its line here.

use store::{CompartmentName, Permission, Role};

/// A link of the frame: where to, and the key of its words.
pub(crate) struct Entry {
    pub(crate) path: &'static str,
    pub(crate) key: &'static str,
}

/// For the public, at the foot of the page.
pub(crate) const PUBLIC: &[Entry] = &[
    Entry { path: "/", key: "navigation-home" },
    Entry { path: "/help", key: "navigation-help" },
    Entry { path: "/report", key: "navigation-report" },
    Entry { path: "/published", key: "navigation-published" },
    Entry { path: "/privacy", key: "navigation-privacy" },
    Entry { path: "/accessibility", key: "navigation-accessibility" },
    Entry { path: "/sign-in", key: "navigation-sign-in" },
];

/// At the head of the page that shows every part, in practice.
pub(crate) const PARTS: &[Entry] = &[
    Entry { path: "/design", key: "navigation-design" },
    Entry { path: "/", key: "navigation-public" },
];

/// For those who come in, at the head of the page.
pub(crate) const DOOR: &[Entry] = &[
    Entry { path: "/", key: "navigation-public" },
    Entry { path: "/sign-in", key: "navigation-sign-in" },
    Entry { path: "/join", key: "navigation-join" },
];

/// A page for people at work, and for whom.
pub(crate) struct DeskEntry {
    /// Its path; what is under it is for the same people.
    pub(crate) path: &'static str,
    /// The key of its words.
    pub(crate) key: &'static str,
    open_to: OpenTo,
}

/// For whom a page is.
enum OpenTo {
    Everyone,
    /// Those whose role has the permission.
    May(Permission),
    /// Those who may read sealed text of some sort, and those who see to accounts.
    Readers,
}

/// Every page for people at work. One that is not here is open to nobody.
const DESK: &[DeskEntry] = &[
    DeskEntry { path: "/account", key: "navigation-account", open_to: OpenTo::Everyone },
    DeskEntry { path: "/passkeys", key: "navigation-passkeys", open_to: OpenTo::Everyone },
    DeskEntry {
        path: "/returns",
        key: "navigation-returns",
        open_to: OpenTo::May(Permission::FileReturns),
    },
    DeskEntry {
        path: "/members",
        key: "navigation-members",
        open_to: OpenTo::May(Permission::ManageMembers),
    },
    DeskEntry { path: "/compartments", key: "navigation-compartments", open_to: OpenTo::Readers },
    DeskEntry {
        path: "/recoveries",
        key: "navigation-recoveries",
        open_to: OpenTo::May(Permission::ManageMembers),
    },
    DeskEntry {
        path: "/agency",
        key: "navigation-agency",
        open_to: OpenTo::May(Permission::FileReturns),
    },
    DeskEntry {
        path: "/filings/receive",
        key: "navigation-receive",
        open_to: OpenTo::May(Permission::AcceptReturns),
    },
    DeskEntry {
        path: "/filings",
        key: "navigation-filings",
        open_to: OpenTo::May(Permission::ReadFilings),
    },
    DeskEntry {
        path: "/late",
        key: "navigation-late",
        open_to: OpenTo::May(Permission::ReadFilings),
    },
    DeskEntry {
        path: "/contact",
        key: "navigation-contact",
        open_to: OpenTo::May(Permission::ManageContact),
    },
    DeskEntry {
        path: "/state",
        key: "navigation-state",
        open_to: OpenTo::May(Permission::ReadReturns),
    },
    DeskEntry {
        path: "/jobs",
        key: "navigation-jobs",
        open_to: OpenTo::May(Permission::ReadCounts),
    },
    DeskEntry {
        path: "/joining",
        key: "navigation-joining",
        open_to: OpenTo::May(Permission::ReadJoining),
    },
    DeskEntry {
        path: "/leaving",
        key: "navigation-leaving",
        open_to: OpenTo::May(Permission::ManageMembers),
    },
    DeskEntry {
        path: "/audit",
        key: "navigation-audit",
        open_to: OpenTo::May(Permission::ReadAudit),
    },
];

impl DeskEntry {
    /// Whether somebody in this role has it.
    pub(crate) fn is_for(&self, role: Role) -> bool {
        match self.open_to {
            OpenTo::Everyone => true,
            OpenTo::May(permission) => role.may(permission),
            OpenTo::Readers => {
                role.may(Permission::ManageMembers)
                    || CompartmentName::ALL.iter().any(|name| name.roles().contains(&role))
            }
        }
    }
}

/// The pages of a role.
pub(crate) fn desk_entries(role: Role) -> impl Iterator<Item = &'static DeskEntry> {
    DESK.iter().filter(move |entry| entry.is_for(role))
}

/// The page at a path, or above it.
pub(crate) fn desk_entry(path: &str) -> Option<&'static DeskEntry> {
    DESK.iter().find(|entry| {
        path.strip_prefix(entry.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_its_path_and_by_what_is_under_it() {
        let found = |path| desk_entry(path).map(|entry| entry.path);
        assert_eq!(found("/members"), Some("/members"));
        assert_eq!(found("/members/12"), Some("/members"));
        assert_eq!(found("/filings/12"), Some("/filings"));
        assert_eq!(found("/filings/receive"), Some("/filings/receive"));
        for nothing in ["/", "/membersx", "/Members", "//members", "/member", "/help", ""] {
            assert_eq!(found(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn every_member_has_a_page_and_the_operator_is_no_member() {
        for role in Role::ALL {
            assert!(desk_entries(role).any(|entry| entry.path == "/account"), "{role}");
        }
        let both = Role::ALL.into_iter().filter(|role| *role != Role::Operator);
        let sees = |role: Role, path: &str| desk_entries(role).any(|entry| entry.path == path);
        assert!(both.clone().all(|role| !(sees(role, "/audit") && sees(role, "/members"))));
    }
}
