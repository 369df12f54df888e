//! Rows of the audit, as a page says them.

use store::{AuditRow, Role};

use crate::frame::Page;

/// One row.
pub(crate) struct ShownAct {
    /// As computers read it.
    pub(crate) at: String,
    /// As people do.
    pub(crate) when: String,
    pub(crate) who: String,
    pub(crate) role: String,
    pub(crate) act: String,
    pub(crate) about: String,
}

impl ShownAct {
    pub(crate) fn of(page: &Page, row: &AuditRow) -> ShownAct {
        let numbered = row.subject_id != 0;
        let subject = numbered.then(|| page.subject(&row.subject, row.subject_id));
        let why = match &row.why {
            Some(why) => why.clone(),
            None => page.say("act-reason-gone"),
        };
        let about: Vec<String> =
            subject.into_iter().chain([why]).filter(|part| !part.is_empty()).collect();
        ShownAct {
            at: row.at.clone(),
            when: moment(&row.at),
            who: row.who.clone(),
            role: role(page, &row.role),
            act: page.act(&row.act),
            about: about.join(": "),
        }
    }
}

/// The words for a role in a row.
fn role(page: &Page, word: &str) -> String {
    Role::from_word(word).map_or_else(|| word.to_owned(), |role| page.role(&role))
}

/// A moment to the minute, in Greenwich.
pub(crate) fn moment(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}
