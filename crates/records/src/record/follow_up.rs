//! What somebody must ask again about a record.

use serde::Serialize;

use super::{AgencyRecord, RecordKind};
use crate::register::Register;

/// Why a record needs somebody to look again. A task stands as long as its record says so; a
/// corrected record closes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUp {
    /// The type of trafficking is "not yet classified".
    NotYetClassified,
    /// The section is one under which people who are sold are charged: 653.22 before its repeal,
    /// 647(b). The person may be a victim and never counts as a trafficker.
    MayBeVictim,
    /// The person is called an adult, and by the date of birth was under 18 that day.
    MinorByBirthDate,
    /// The section is known and nobody has said what was done.
    ConductNotDetermined,
}

impl FollowUp {
    /// What is to be asked about a record, in a fixed order.
    pub fn of(record: &AgencyRecord) -> Vec<FollowUp> {
        let mut found = Vec::new();
        let classified = record.code("trafficking_type");
        if classified.is_some_and(|code| code.entry().is("needs_follow_up")) {
            found.push(FollowUp::NotYetClassified);
        }
        let offender = matches!(
            record.kind(),
            RecordKind::Arrest | RecordKind::Charge | RecordKind::Disposition
        );
        if offender && record.code("statute").is_some_and(|code| targets_person_sold(code.as_str()))
        {
            found.push(FollowUp::MayBeVictim);
        }
        if record.code("age").is_some_and(|age| age.as_str() == "adult") && is_under_18(record) {
            found.push(FollowUp::MinorByBirthDate);
        }
        if record.code("conduct").is_some_and(|code| code.as_str() == "not_yet_determined") {
            found.push(FollowUp::ConductNotDetermined);
        }
        found
    }

    /// The question, in a sentence.
    pub fn question(self) -> &'static str {
        match self {
            FollowUp::NotYetClassified => "is it sex trafficking, labor trafficking or both?",
            FollowUp::MayBeVictim => {
                "the person may be a victim: has anybody asked, and has help been offered?"
            }
            FollowUp::MinorByBirthDate => {
                "by the date of birth the person was under 18 and is called an adult: which is it?"
            }
            FollowUp::ConductNotDetermined => "what was done, whatever section was written?",
        }
    }
}

fn is_under_18(record: &AgencyRecord) -> bool {
    let eighteenth = || {
        let birth = record.birth_date()?;
        Some(record.date("date")? < birth.checked_add(jiff::Span::new().years(18)).ok()?)
    };
    eighteenth().unwrap_or(false)
}

/// Whether people who are sold are charged under a section.
fn targets_person_sold(statute: &str) -> bool {
    let entry = Register::embedded().rule_statute(statute);
    entry.is_some_and(|entry| entry.list("targets").any(|target| target == "person_sold"))
}
