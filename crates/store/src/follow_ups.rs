//! What must be asked again, as the current records say.
//!
//! In: the questions that were written beside each record when it came in. Out: a list of open
//! tasks, which the next import of a corrected record closes.

use jiff::civil::Date;
use records::record::{FollowUp, Personal, RecordKind};

use crate::columns::Columns;
use crate::database::query;
use crate::{Permission, Scope, Store, StoreError};

/// Every question there is; `word` knows them all, and the test compares the two.
const ALL: [FollowUp; 4] = [
    FollowUp::NotYetClassified,
    FollowUp::MayBeVictim,
    FollowUp::MinorByBirthDate,
    FollowUp::ConductNotDetermined,
];

/// Something that somebody must ask again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenFollowUp {
    /// The kind of record.
    pub record: RecordKind,
    /// Its own number at the agency; a person has one task for all her records.
    pub reference: Personal,
    /// The question.
    pub follow_up: FollowUp,
    /// The day of the earliest record that raises it.
    pub since: Date,
}

impl Store {
    /// Every open task, by kind of record and own number.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn follow_ups(&self, scope: &Scope) -> Result<Vec<OpenFollowUp>, StoreError> {
        let rows = query(
            "SELECT id, kind, key, day, follow_ups FROM agency_record
             WHERE current = 1 AND follow_ups IS NOT NULL ORDER BY kind, key",
        )
        .fetch_all(&mut self.read(scope, Permission::ReadOwnRecords).await?)
        .await?;
        let mut open: Vec<OpenFollowUp> = Vec::with_capacity(rows.len());
        for row in &rows {
            let columns = Columns::of("agency_record", "id", row)?;
            let (record, since) = (columns.kind("kind")?, columns.day("day")?);
            let reference = reference_of(row.try_get("key")?);
            for word in columns.text("follow_ups")?.split(' ') {
                let follow_up =
                    from_word(word).ok_or_else(|| columns.damaged("an unknown question"))?;
                open.push(OpenFollowUp { record, reference: reference.clone(), follow_up, since });
            }
        }
        open.sort_by(|a, b| order(a).cmp(&order(b)));
        open.dedup_by(|later, first| {
            (later.record, &later.reference, later.follow_up)
                == (first.record, &first.reference, first.follow_up)
        });
        Ok(open)
    }
}

fn order(open: &OpenFollowUp) -> (RecordKind, &Personal, FollowUp, Date) {
    (open.record, &open.reference, open.follow_up, open.since)
}

/// The own number in a record's key.
pub(crate) fn reference_of(key: &str) -> Personal {
    Personal::new(key.split('\u{1f}').next().unwrap_or_default())
}

/// The questions of a record as the database holds them; nothing when there are none.
pub(crate) fn words(follow_ups: &[FollowUp]) -> Option<String> {
    let words: Vec<&str> = follow_ups.iter().copied().map(word).collect();
    Some(words.join(" ")).filter(|words| !words.is_empty())
}

fn word(follow_up: FollowUp) -> &'static str {
    match follow_up {
        FollowUp::NotYetClassified => "not_yet_classified",
        FollowUp::MayBeVictim => "may_be_victim",
        FollowUp::MinorByBirthDate => "minor_by_birth_date",
        FollowUp::ConductNotDetermined => "conduct_not_determined",
    }
}

fn from_word(text: &str) -> Option<FollowUp> {
    ALL.into_iter().find(|follow_up| word(*follow_up) == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_its_question() {
        for follow_up in ALL {
            assert_eq!(from_word(word(follow_up)), Some(follow_up));
        }
        assert_eq!(from_word("not_asked"), None);
    }

    #[test]
    fn no_question_is_no_text() {
        assert_eq!(words(&[]), None);
        assert_eq!(
            words(&[FollowUp::MayBeVictim, FollowUp::ConductNotDetermined]).as_deref(),
            Some("may_be_victim conduct_not_determined")
        );
    }

    #[test]
    fn a_victims_key_begins_with_her_number() {
        let key = "V-7\u{1f}victim_served\u{1f}2026-Q3";
        assert_eq!(reference_of(key), Personal::new("V-7"));
        assert_eq!(reference_of("A-1"), Personal::new("A-1"));
    }
}
