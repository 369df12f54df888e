//! What the store refuses, as words beside a form.
//!
//! In: an error of the store. Out: the words for what a person can do something about; everything else is
//! a [`Problem`] with a page of its own.

use jiff::Timestamp;
use sealing::{PasskeyError, PassphraseError};
use store::StoreError;

use crate::frame::Page;
use crate::problem::Problem;

/// The words for a person.
///
/// # Errors
///
/// The problem, when there is nothing that she can do about it on this page.
pub(crate) fn refused(page: &Page, error: StoreError, now: Timestamp) -> Result<String, Problem> {
    let key = match &error {
        StoreError::TooManyTries { until } => {
            let seconds =
                until.parse().map_or(0, |until: Timestamp| until.as_second() - now.as_second());
            let minutes = u32::try_from((seconds.max(1) + 59) / 60).unwrap_or(1);
            return Ok(page.say_with("refused-tries", "minutes", minutes));
        }
        StoreError::Passphrase(why) => of_passphrase(why),
        StoreError::NotSignedIn => "refused-sign-in",
        StoreError::PasskeyNotTaken => "refused-passkey",
        StoreError::PasskeyCopied => "refused-passkey-copied",
        StoreError::PasskeyLate => "refused-passkey-late",
        StoreError::Passkey(PasskeyError::NobodyAsked) => "refused-passkey-nobody",
        StoreError::Passkey(_) => "refused-passkey-made",
        StoreError::PasskeyThere => "refused-passkey-there",
        StoreError::PasskeyLabel => "refused-passkey-label",
        StoreError::TooManyPasskeys(_) => "refused-passkeys-many",
        StoreError::NoSuchPasskey => "refused-passkey-gone",
        StoreError::NoIdentityProvider => "refused-identity-none",
        StoreError::IdentityLate => "refused-identity-late",
        StoreError::IdentityNotLinked => "refused-identity-not-linked",
        StoreError::IdentityThere => "refused-identity-there",
        StoreError::MemberOff => "refused-off",
        StoreError::RoleNotHeld => "refused-role",
        StoreError::NoInvitation => "refused-invitation",
        StoreError::MemberName => "refused-name",
        StoreError::MemberThere(_) => "refused-name-taken",
        StoreError::NoSuchMember(_) => "refused-no-member",
        StoreError::RolesConflict => "refused-roles",
        StoreError::AtTheTerminal => "refused-terminal",
        StoreError::TwoOfficers(_) => "refused-two-officers",
        StoreError::CompartmentThere(_) => "refused-compartment-there",
        StoreError::FilingWaits => "refused-filing-waits",
        StoreError::DraftChanged { .. } => "refused-draft-changed",
        StoreError::NoKeyToCompartment => "refused-no-key",
        StoreError::NoSuchRecovery => "refused-no-share",
        StoreError::NotConfirmed(_) => "refused-not-confirmed",
        StoreError::MailAddress => "refused-address",
        StoreError::NotLive(_) => "refused-not-live",
        StoreError::JoiningUnfinished(_) => "refused-unfinished",
        StoreError::NotATest => "refused-no-test",
        StoreError::LeavingAsked => "refused-leaving-asked",
        StoreError::NotLeaving => "refused-not-leaving",
        StoreError::SecondAdministrator => "refused-second",
        StoreError::ClearinghouseStays => "refused-clearinghouse",
        StoreError::HandoverFirst(_) => "refused-handover",
        _ => return Err(error.into()),
    };
    Ok(page.say(key))
}

fn of_passphrase(why: &PassphraseError) -> &'static str {
    match why {
        PassphraseError::TooShort { .. } => "refused-passphrase-short",
        PassphraseError::TooLong => "refused-passphrase-long",
        PassphraseError::Common => "refused-passphrase-common",
        PassphraseError::Pattern => "refused-passphrase-pattern",
        PassphraseError::AccountName => "refused-passphrase-name",
        PassphraseError::OurName => "refused-passphrase-clearway",
        _ => "refused-passphrase-character",
    }
}
