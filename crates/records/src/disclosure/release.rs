//! A person's own release.

use jiff::civil::Date;

use crate::record::Personal;

/// That one client has agreed, in writing, to one recipient, for one purpose, until a day. It can
/// be revoked at any time and is never a condition of help (34 U.S.C. 12291(b)(2)(B)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The person's own number at the provider.
    pub victim: Personal,
    /// To whom.
    pub recipient: String,
    /// For what.
    pub purpose: String,
    /// When it was signed.
    pub signed_on: Date,
    /// Its last day.
    pub expires_on: Date,
    /// The day on which it was revoked.
    pub revoked_on: Option<Date>,
}

impl Release {
    /// Whether it stands on a day.
    pub fn is_active_on(&self, day: Date) -> bool {
        self.signed_on <= day
            && day <= self.expires_on
            && self.revoked_on.is_none_or(|revoked| day < revoked)
    }
}
