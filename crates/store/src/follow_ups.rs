//! What must be asked again, as the current records say.
//!
//! In: the questions that were written beside each record when it came in. Out: a list of open
//! tasks, which the next import of a corrected record closes; with the key, by own number.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use records::record::{FollowUp, Personal, RecordKind};
use sealing::RecordsKey;

use crate::columns::Columns;
use crate::database::query;
use crate::own_key::{self, Pseudonym};
use crate::{Permission, Scope, Store, StoreError};

/// Every question there is; `word` knows them all, and the test compares the two.
const ALL: [FollowUp; 4] = [
    FollowUp::NotYetClassified,
    FollowUp::MayBeVictim,
    FollowUp::MinorByBirthDate,
    FollowUp::ConductNotDetermined,
];

/// Something that somebody must ask again, of a record that only the key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FollowUpMark {
    /// The kind of record.
    pub record: RecordKind,
    /// The question.
    pub follow_up: FollowUp,
    /// What stands for its own number at the agency; a person has one task for all her records.
    mark: Pseudonym,
}

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
    /// Every open task, with the day of the earliest record that raises it. Needs no key.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn follow_up_marks(
        &self,
        scope: &Scope,
    ) -> Result<BTreeMap<FollowUpMark, Date>, StoreError> {
        let rows = query(
            "SELECT id, kind, key, day, follow_ups FROM agency_record
             WHERE current = 1 AND follow_ups IS NOT NULL",
        )
        .fetch_all(&mut self.read(scope, Permission::ReadOwnRecords).await?)
        .await?;
        let mut open: BTreeMap<FollowUpMark, Date> = BTreeMap::new();
        for row in &rows {
            let columns = Columns::of("agency_record", "id", row)?;
            let (record, day) = (columns.kind("kind")?, columns.day("day")?);
            let mark = columns.mark("key")?;
            for word in columns.text("follow_ups")?.split(' ') {
                let follow_up =
                    from_word(word).ok_or_else(|| columns.damaged("an unknown question"))?;
                let since = open.entry(FollowUpMark { record, follow_up, mark }).or_insert(day);
                *since = day.min(*since);
            }
        }
        Ok(open)
    }

    /// Every open task, by kind of record and own number.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherRecordsKey`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn follow_ups(
        &self,
        scope: &Scope,
        key: &RecordsKey,
    ) -> Result<Vec<OpenFollowUp>, StoreError> {
        let mut moment = self.read(scope, Permission::ReadOwnRecords).await?;
        own_key::known_key(&mut moment, key).await?;
        let rows = query(
            "SELECT agency_record.id, agency_record.kind, agency_record.key,
                agency_record.content_id, record_content.content
             FROM agency_record JOIN record_content ON record_content.id = agency_record.content_id
             WHERE agency_record.current = 1 AND agency_record.follow_ups IS NOT NULL",
        )
        .fetch_all(&mut moment)
        .await?;
        let mut numbers: HashMap<(RecordKind, Pseudonym), Personal> = HashMap::new();
        for row in &rows {
            let columns = Columns::of("agency_record", "id", row)?;
            let (kind, mark) = (columns.kind("kind")?, columns.mark("key")?);
            if let Entry::Vacant(number) = numbers.entry((kind, mark)) {
                let record = own_key::open_record(key, kind, &columns)?;
                number.insert(record.own_reference().clone());
            }
        }
        let marks = self.follow_up_marks(scope).await?;
        let mut open: Vec<OpenFollowUp> = marks
            .into_iter()
            .filter_map(|(FollowUpMark { record, follow_up, mark }, since)| {
                // A record that came in between the two statements is shown next time.
                let reference = numbers.get(&(record, mark))?.clone();
                Some(OpenFollowUp { record, reference, follow_up, since })
            })
            .collect();
        open.sort_by(|a, b| order(a).cmp(&order(b)));
        Ok(open)
    }
}

fn order(open: &OpenFollowUp) -> (RecordKind, &Personal, FollowUp, Date) {
    (open.record, &open.reference, open.follow_up, open.since)
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
}
