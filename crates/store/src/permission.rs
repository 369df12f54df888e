//! Roles, and what each may do.
//!
//! In: a [`Role`] and a [`Permission`]. Out: yes or no, by one table. Every transaction of the store
//! names the permission that it needs before it begins, so that no function can forget to ask.

use std::fmt;

use serde::Serialize;

/// In what role somebody acts. A person may hold several, and acts in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Whoever runs the command line on the machine that holds the data: everything, and every act
    /// of it in the audit.
    Operator,
    /// Agencies, members and papers; no content.
    Administrator,
    /// The audit; no content.
    Auditor,
    /// Signed returns of totals and how late they are; nothing else.
    Collector,
    /// Submissions, linkage and counts of the state.
    Analyst,
    /// Pairs of coded records that a linkage left to a person.
    Reviewer,
    /// Counts and releases; no casework.
    Publisher,
    /// An agency's returns, records and submissions.
    Coordinator,
    /// Signs what the coordinator has prepared, and sees the state.
    Commander,
    /// Leads and cases.
    Investigator,
    /// Calls and tips.
    Hotline,
    /// People who are helped.
    Caseworker,
    /// Training and attendance.
    Trainer,
}

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See returns of totals and the figures in them; of an agency its own, what is published, and the
    /// state's sums.
    ReadReturns,
    /// See what agencies have signed, and how late they are; of an agency, its own.
    ReadFilings,
    /// Take returns in, correct, withdraw and restore them, answer questions of classification.
    AcceptReturns,
    /// Prepare an agency's return, as a draft that only the agency reads.
    FileReturns,
    /// Sign an agency's return.
    SignReturns,
    /// Say where the agency is reminded of its returns.
    ManageContact,
    /// Send the reminders that are due.
    SendReminders,
    /// See an agency's own records, with names.
    ReadOwnRecords,
    /// Import, withdraw and restore an agency's own records; apply orders and releases to them.
    ChangeOwnRecords,
    /// See what an agency is, its imports, papers and what it has sent: no record.
    ReadOwnAgency,
    /// Say what an agency is; sign and revoke what may leave it.
    SignPapers,
    /// Send submissions and withdrawals.
    SendSubmissions,
    /// See what the clearinghouse has received.
    ReadSubmissions,
    /// Take submissions in, refuse, withdraw and restore them, remove what must go.
    ReceiveSubmissions,
    /// See linkages and what reviewers decided.
    ReadLinkage,
    /// Link, and accept a linkage.
    Link,
    /// Decide whether two records are of one person.
    ReviewPairs,
    /// See counts of people.
    ReadCounts,
    /// Count people.
    Count,
    /// See the cards of agencies.
    ReadAgencies,
    /// Accept and forget cards of agencies; let an agency begin anew.
    ManageAgencies,
    /// See and verify the audit.
    ReadAudit,
    /// Destroy a reason in the audit by order.
    DestroyReasons,
    /// Copy everything into a backup, and bring it back.
    BackUp,
    /// See how far agencies are with joining; of an agency, its own.
    ReadJoining,
    /// See who is a member, in which roles, and who reads what: no content.
    ReadMembers,
    /// Ask to read in an emergency what one was not let in to.
    AskInEmergency,
    /// Invite members, give them roles, turn them off and on.
    ManageMembers,
    /// Let agencies in and go; make administrators.
    ManageInstallation,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 13] = [
        Role::Operator,
        Role::Administrator,
        Role::Auditor,
        Role::Collector,
        Role::Analyst,
        Role::Reviewer,
        Role::Publisher,
        Role::Coordinator,
        Role::Commander,
        Role::Investigator,
        Role::Hotline,
        Role::Caseworker,
        Role::Trainer,
    ];

    /// Its word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Operator => "operator",
            Role::Administrator => "administrator",
            Role::Auditor => "auditor",
            Role::Collector => "collector",
            Role::Analyst => "analyst",
            Role::Reviewer => "reviewer",
            Role::Publisher => "publisher",
            Role::Coordinator => "coordinator",
            Role::Commander => "commander",
            Role::Investigator => "investigator",
            Role::Hotline => "hotline",
            Role::Caseworker => "caseworker",
            Role::Trainer => "trainer",
        }
    }

    /// The role of a word.
    pub fn from_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether it is one of the clearinghouse: in it one sees what all agencies have sent.
    pub fn is_of_the_state(self) -> bool {
        matches!(self, Role::Collector | Role::Analyst | Role::Reviewer | Role::Publisher)
    }

    /// Whether somebody in this role may do it.
    pub fn may(self, permission: Permission) -> bool {
        self == Role::Operator || permission.roles().contains(&self)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Permission {
    /// Whether it is about the records and papers of the one agency whose installation this is.
    pub(crate) fn is_of_the_installation(self) -> bool {
        matches!(
            self,
            Permission::ReadOwnRecords
                | Permission::ChangeOwnRecords
                | Permission::ReadOwnAgency
                | Permission::SignPapers
                | Permission::SendSubmissions
        )
    }

    /// Every permission.
    pub const ALL: [Permission; 29] = [
        Permission::ReadReturns,
        Permission::ReadFilings,
        Permission::AcceptReturns,
        Permission::FileReturns,
        Permission::SignReturns,
        Permission::ManageContact,
        Permission::SendReminders,
        Permission::ReadOwnRecords,
        Permission::ChangeOwnRecords,
        Permission::ReadOwnAgency,
        Permission::SignPapers,
        Permission::SendSubmissions,
        Permission::ReadSubmissions,
        Permission::ReceiveSubmissions,
        Permission::ReadLinkage,
        Permission::Link,
        Permission::ReviewPairs,
        Permission::ReadCounts,
        Permission::Count,
        Permission::ReadAgencies,
        Permission::ManageAgencies,
        Permission::ReadAudit,
        Permission::DestroyReasons,
        Permission::BackUp,
        Permission::ReadJoining,
        Permission::ReadMembers,
        Permission::AskInEmergency,
        Permission::ManageMembers,
        Permission::ManageInstallation,
    ];

    /// The roles that have it. The operator has every one.
    fn roles(self) -> &'static [Role] {
        use Role::*;
        match self {
            Permission::ReadReturns => &[Collector, Analyst, Publisher, Coordinator, Commander],
            Permission::ReadFilings => &[Collector, Coordinator, Commander],
            Permission::AcceptReturns => &[Collector],
            Permission::FileReturns => &[Coordinator, Commander],
            Permission::SignReturns => &[Commander],
            Permission::ManageContact => &[Administrator, Coordinator],
            Permission::SendReminders => &[],
            Permission::ReadOwnRecords => &[Coordinator, Investigator, Caseworker],
            Permission::ChangeOwnRecords => &[Coordinator],
            Permission::ReadOwnAgency => &[Administrator, Auditor, Coordinator, Commander],
            Permission::SignPapers => &[Commander],
            Permission::SendSubmissions => &[Coordinator, Commander],
            Permission::ReadSubmissions => &[Analyst, Reviewer],
            Permission::ReceiveSubmissions => &[Analyst],
            Permission::ReadLinkage => &[Analyst, Reviewer],
            Permission::Link => &[Analyst],
            Permission::ReviewPairs => &[Reviewer],
            Permission::ReadCounts => &[Analyst, Publisher],
            Permission::Count => &[Analyst],
            Permission::ReadAgencies => &[Collector, Analyst, Reviewer, Publisher],
            Permission::ManageAgencies => &[Analyst],
            Permission::ReadAudit => &[Auditor],
            Permission::DestroyReasons | Permission::BackUp | Permission::ManageInstallation => &[],
            Permission::ReadJoining => &[Administrator, Collector, Coordinator, Commander],
            Permission::ReadMembers => &[Administrator, Auditor],
            Permission::AskInEmergency => {
                &[Coordinator, Commander, Investigator, Hotline, Caseworker]
            }
            Permission::ManageMembers => &[Administrator],
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Permission::ReadReturns => "see returns",
            Permission::ReadFilings => "see filings",
            Permission::AcceptReturns => "accept returns",
            Permission::FileReturns => "prepare returns",
            Permission::SignReturns => "sign returns",
            Permission::ManageContact => "say where the agency is reminded",
            Permission::SendReminders => "send reminders",
            Permission::ReadOwnRecords => "see the agency's records",
            Permission::ChangeOwnRecords => "change the agency's records",
            Permission::ReadOwnAgency => "see the agency's papers",
            Permission::SignPapers => "sign the agency's papers",
            Permission::SendSubmissions => "send submissions",
            Permission::ReadSubmissions => "see submissions",
            Permission::ReceiveSubmissions => "receive submissions",
            Permission::ReadLinkage => "see linkages",
            Permission::Link => "link people",
            Permission::ReviewPairs => "review pairs",
            Permission::ReadCounts => "see counts of people",
            Permission::Count => "count people",
            Permission::ReadAgencies => "see the cards of agencies",
            Permission::ManageAgencies => "change the cards of agencies",
            Permission::ReadAudit => "see the audit",
            Permission::DestroyReasons => "destroy reasons in the audit",
            Permission::BackUp => "make backups",
            Permission::ReadJoining => "see how agencies join",
            Permission::ReadMembers => "see members",
            Permission::AskInEmergency => "ask in an emergency",
            Permission::ManageMembers => "change members",
            Permission::ManageInstallation => "let agencies in or make administrators",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn of(role: Role) -> HashSet<Permission> {
        Permission::ALL.into_iter().filter(|permission| role.may(*permission)).collect()
    }

    #[test]
    fn every_role_and_permission_is_listed_once_and_found_by_its_word() {
        let words: HashSet<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        assert_eq!(words.len(), Role::ALL.len());
        for role in Role::ALL {
            assert_eq!(Role::from_word(role.as_str()), Some(role));
        }
        let said: HashSet<String> = Permission::ALL.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), Permission::ALL.len());
        assert_eq!(of(Role::Operator).len(), Permission::ALL.len());
    }

    #[test]
    fn those_without_content_have_none() {
        let content = [
            Permission::ReadReturns,
            Permission::ReadOwnRecords,
            Permission::ReadSubmissions,
            Permission::ReadLinkage,
            Permission::ReadCounts,
        ];
        for role in [Role::Administrator, Role::Auditor, Role::Trainer, Role::Hotline] {
            assert!(content.iter().all(|permission| !role.may(*permission)), "{role}");
        }
    }

    #[test]
    fn a_collector_has_returns_only_and_a_publisher_no_record() {
        let collector = [
            Permission::ReadReturns,
            Permission::ReadFilings,
            Permission::AcceptReturns,
            Permission::ReadAgencies,
            Permission::ReadJoining,
        ];
        assert_eq!(of(Role::Collector), collector.into());
        let records = [Permission::ReadOwnRecords, Permission::ReadSubmissions];
        assert!(records.iter().all(|permission| !Role::Publisher.may(*permission)));
    }

    #[test]
    fn whoever_sees_submissions_is_of_the_state_or_at_the_machine() {
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Operator) {
            for permission in [Permission::ReadSubmissions, Permission::ReceiveSubmissions] {
                assert!(!role.may(permission) || role.is_of_the_state(), "{role}");
            }
        }
    }

    #[test]
    fn whoever_counts_does_not_also_review_and_nobody_but_the_operator_destroys() {
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Operator) {
            assert!(!(role.may(Permission::Link) && role.may(Permission::ReviewPairs)), "{role}");
            assert!(!role.may(Permission::DestroyReasons), "{role}");
            let sees_audit = role.may(Permission::ReadAudit);
            assert!(!(sees_audit && role.may(Permission::ManageMembers)), "{role}");
        }
    }
}
