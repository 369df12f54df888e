//! What was received: files that are in, and files whose content was refused.

use records::Quarter;
use serde::Serialize;
use store::{ReceivedState, SentKind};

use super::answer::Answer;
use super::{ReceiveError, Receiver, words};

/// A file that was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its number here; nothing when its content was refused.
    pub number: Option<i64>,
    /// The agency's code.
    pub agency: String,
    /// The agency's number of it.
    pub sequence: u64,
    /// Its place among everything of the agency; another than its number after a new beginning.
    pub place: u64,
    /// Whether everything in it is made up.
    pub practice: bool,
    /// Submission or withdrawal.
    pub kind: SentKind,
    /// Its first state quarter.
    pub first_quarter: Quarter,
    /// Its last state quarter.
    pub last_quarter: Quarter,
    /// `accepted`, `replaced`, `withdrawn` or `refused`.
    pub state: &'static str,
    /// The number of the one that took its place.
    pub replaced_by: Option<i64>,
    /// Rows that are here now.
    pub rows: u64,
    /// Rows that came and had to be removed.
    pub removed: u64,
    /// When it came in (UTC).
    pub received_at: String,
    /// Its answer in a few words.
    pub answer: String,
}

/// Everything that was received, by agency and the order of its files.
///
/// # Errors
///
/// [`ReceiveError`].
pub async fn list(receiver: &Receiver<'_>) -> Result<Vec<Listed>, ReceiveError> {
    let mut listed = Vec::new();
    let purged = receiver.store.purged_rows(receiver.scope).await?;
    for file in receiver.store.received(receiver.scope).await? {
        let answer = Answer::read(&file.answer_json, &file.agency, file.own_sequence)?;
        let of_file = purged.iter().filter(|((id, ..), _)| *id == file.id);
        listed.push(Listed {
            number: Some(file.id),
            place: file.sequence,
            rows: file.tables.iter().map(|table| table.rows).sum(),
            removed: of_file.map(|(_, rows)| rows).sum(),
            state: file.state.as_str(),
            replaced_by: file.replaced_by.filter(|_| file.state == ReceivedState::Replaced),
            kind: file.kind,
            received_at: file.received_at,
            ..of(&answer)
        });
    }
    for file in receiver.store.refused_files(receiver.scope, None).await? {
        let answer = Answer::read(&file.answer_json, &file.agency, file.own_sequence)?;
        let place = file.sequence;
        listed.push(Listed { place, received_at: file.refused_at, ..of(&answer) });
    }
    listed.sort_by(|a, b| (&a.agency, a.place).cmp(&(&b.agency, b.place)));
    Ok(listed)
}

fn of(answer: &Answer) -> Listed {
    Listed {
        number: None,
        agency: answer.agency.clone(),
        sequence: answer.sequence,
        place: answer.sequence,
        practice: answer.practice,
        kind: SentKind::Submission,
        first_quarter: answer.first_quarter,
        last_quarter: answer.last_quarter,
        state: "refused",
        replaced_by: None,
        rows: 0,
        removed: 0,
        received_at: String::new(),
        answer: words::summary(answer),
    }
}
