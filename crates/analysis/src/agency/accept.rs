//! At a clearinghouse: an agency's card comes in, once somebody has heard its fingerprint.
//!
//! In: a card and the fingerprint that was read out over the phone. Out: the agency among those
//! from which submissions are taken.

use std::path::Path;

use jiff::Timestamp;
use store::{AgencyAccepted, NewAgency, Scope, Store};
use submission::{Card, Role};

use super::AgencyError;
use super::setup::own_card;

/// Accepts an agency's card when the fingerprint typed is its own.
///
/// # Errors
///
/// [`AgencyError::WrongRole`], [`AgencyError::NotAnAgencysCard`], [`AgencyError::PracticeMixed`],
/// [`AgencyError::OtherFingerprint`]; nothing has changed then.
pub async fn accept(
    store: &Store,
    scope: &Scope,
    data: &Path,
    card: &Card,
    typed: &str,
    why: &str,
    at: Timestamp,
) -> Result<AgencyAccepted, AgencyError> {
    let own = own_card(data)?;
    if own.about().role != Role::Clearinghouse {
        return Err(AgencyError::WrongRole {
            is: own.about().role.with_article(),
            wanted: Role::Clearinghouse.with_article(),
        });
    }
    let about = card.about();
    let code = || about.code.clone();
    let Some(legal_entity) = about.legal_entity.filter(|_| about.role == Role::Agency) else {
        return Err(AgencyError::NotAnAgencysCard { code: code() });
    };
    if about.practice != own.about().practice {
        return Err(AgencyError::PracticeMixed { code: code() });
    }
    if !same_fingerprint(typed, &card.fingerprint()) {
        let fingerprint = card.fingerprint();
        return Err(AgencyError::OtherFingerprint { code: code(), fingerprint });
    }
    let agency = NewAgency {
        code: code(),
        card: card.to_toml(),
        fingerprint: card.fingerprint(),
        legal_entity: legal_entity.as_str().to_owned(),
        label: about.label.clone(),
        task_force: about.task_force.map(|code| code.as_str().to_owned()),
        county: about.county.map(|code| code.as_str().to_owned()),
        calendar_offset_days: i64::from(about.calendar_offset_days),
        practice: about.practice,
    };
    Ok(store.accept_agency(scope, &agency, why, at).await?)
}

/// Whether two fingerprints are the same, however they were typed: blanks, hyphens and capitals
/// say nothing.
pub fn same_fingerprint(typed: &str, fingerprint: &str) -> bool {
    let digits = |text: &str| -> String {
        let said = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        said.map(|c| c.to_ascii_lowercase()).collect()
    };
    digits(typed) == digits(fingerprint)
}

#[cfg(test)]
mod tests {
    use super::same_fingerprint;

    #[test]
    fn a_fingerprint_is_the_same_however_it_is_typed() {
        let fingerprint = "7a35 9f72 6104 23a0 b7c6 7bf7 3a8f fae8";
        for typed in [
            fingerprint,
            "7A359F72 610423A0 B7C67BF7 3A8FFAE8",
            " 7a35-9f72-6104-23a0-b7c6-7bf7-3a8f-fae8\n",
        ] {
            assert!(same_fingerprint(typed, fingerprint), "{typed}");
        }
        for typed in ["", "7a35", "7a35 9f72 6104 23a0 b7c6 7bf7 3a8f fae9"] {
            assert!(!same_fingerprint(typed, fingerprint), "{typed}");
        }
    }
}
