//! The words of a page for what the store calls by a code: roles, states, sorts of text, acts.
//!
//! A code that is not here is shown as it is, so that the audit leaves nothing out.

use store::{CompartmentName, MemberState, Purpose, Role};

/// The key of the words for a role.
pub(super) fn role_key(role: Role) -> &'static str {
    match role {
        Role::Operator => "role-operator",
        Role::Administrator => "role-administrator",
        Role::Auditor => "role-auditor",
        Role::Collector => "role-collector",
        Role::Analyst => "role-analyst",
        Role::Reviewer => "role-reviewer",
        Role::Publisher => "role-publisher",
        Role::Coordinator => "role-coordinator",
        Role::Commander => "role-commander",
        Role::Investigator => "role-investigator",
        Role::Hotline => "role-hotline",
        Role::Caseworker => "role-caseworker",
        Role::Trainer => "role-trainer",
    }
}

/// The roles that a member can have.
pub(crate) fn roles_of_members() -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| *role != Role::Operator)
}

/// The key of the words for whether a member can sign in.
pub(super) fn state_key(state: MemberState) -> &'static str {
    match state {
        MemberState::Invited => "state-invited",
        MemberState::Active => "state-active",
        MemberState::Off => "state-off",
    }
}

/// The key of the words for a sort of text.
pub(super) fn compartment_key(name: CompartmentName) -> &'static str {
    match name {
        CompartmentName::Returns => "compartment-returns",
        CompartmentName::Leads => "compartment-leads",
        CompartmentName::Care => "compartment-care",
    }
}

/// The key of the words for an act of the audit; nothing for one that is said by its code.
pub(super) fn act_key(act: &str) -> Option<&'static str> {
    Some(match act {
        "viewed" => "act-viewed",
        "signed_in" => "act-signed-in",
        "failed_to_sign_in" => "act-failed-to-sign-in",
        "signed_out" => "act-signed-out",
        "locked" => "act-locked",
        "unlocked" => "act-unlocked",
        "ended" => "act-ended",
        "acts_as" => "act-acts-as",
        "new_passphrase" => "act-new-passphrase",
        "passkey_added" => "act-passkey-added",
        "passkey_removed" => "act-passkey-removed",
        "passkey_copied" => "act-passkey-copied",
        "identity_set" => "act-identity-set",
        "identity_removed" => "act-identity-removed",
        "identity_linked" => "act-identity-linked",
        "identity_unlinked" => "act-identity-unlinked",
        "identity_refused" => "act-identity-refused",
        "invited" => "act-invited",
        "invited_again" => "act-invited-again",
        "enrolled" => "act-enrolled",
        "roles" => "act-roles",
        "turned_on" => "act-turned-on",
        "turned_off" => "act-turned-off",
        "made" => "act-made",
        "let_in" => "act-let-in",
        "shared_anew" => "act-shared-anew",
        "handed_over" => "act-handed-over",
        "recovered" => "act-recovered",
        "was_refused" => "act-was-refused",
        "emergency_asked" => "act-emergency-asked",
        "emergency_began" => "act-emergency-began",
        "saved" => "act-saved",
        "signed" => "act-signed",
        "accepted" => "act-accepted",
        "given_back" => "act-given-back",
        "extended" => "act-extended",
        "received" => "act-received",
        "confirmed" => "act-confirmed",
        "disputed" => "act-disputed",
        "reminded" => "act-reminded",
        "contact_set" => "act-contact-set",
        "contact_forgotten" => "act-contact-forgotten",
        "restored" => "act-restored",
        "joined" => "act-joined",
        "left" => "act-left",
        "asked" => "act-asked",
        "done" => "act-done",
        "failed" => "act-failed",
        "cancelled" => "act-cancelled",
        "interrupted" => "act-interrupted",
        "agreement" => "act-agreement",
        "agreed_modes" => "act-agreed-modes",
        "compared" => "act-compared",
        "tested" => "act-tested",
        "live_asked" => "act-live-asked",
        "live" => "act-live",
        "leaving_asked" => "act-leaving-asked",
        "stays" => "act-stays",
        "came_back" => "act-came-back",
        "destroyed" => "act-destroyed",
        "has_left" => "act-has-left",
        _ => return None,
    })
}

/// The key of the words for a purpose.
pub(super) fn purpose_key(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::CommandLine => "purpose-command-line",
        Purpose::SignIn => "purpose-sign-in",
        Purpose::Returns => "purpose-returns",
        Purpose::Cases => "purpose-cases",
        Purpose::Review => "purpose-review",
        Purpose::Accounts => "purpose-accounts",
        Purpose::Audit => "purpose-audit",
        Purpose::Training => "purpose-training",
        Purpose::Other => "purpose-other",
    }
}

/// The key of the words for what an act was done to; nothing for what is said by its code.
pub(super) fn subject_key(subject: &str) -> Option<&'static str> {
    Some(match subject {
        "return" => "subject-return",
        "agency" => "subject-agency",
        "import" => "subject-import",
        "mode" => "subject-mode",
        "release" => "subject-release",
        "order" => "subject-order",
        "sent" => "subject-sent",
        "known_agency" => "subject-known-agency",
        "received" => "subject-received",
        "refused" => "subject-refused",
        "count" => "subject-count",
        "link" => "subject-link",
        "audit" => "subject-audit",
        "member" => "subject-member",
        "joined_agency" => "subject-joined-agency",
        "compartment" => "subject-compartment",
        "page" => "subject-page",
        "draft" => "subject-draft",
        "filing" => "subject-filing",
        "job" => "subject-job",
        "reminder" => "subject-reminder",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_audit_is_about_has_words() {
        for subject in store::audit_subjects() {
            assert!(subject_key(subject).is_some(), "{subject}");
        }
    }
}
