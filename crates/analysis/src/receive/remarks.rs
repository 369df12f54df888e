//! What is no fault of a submission and should be looked at.
//!
//! In: an opened submission, its answer so far, when its releases end, and what came before. Out:
//! remarks, in a fixed order: late, what a count cannot use yet, what contradicts itself, what ends
//! soon. It changes nothing: the submission is in with them as without.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use records::Quarter;
use records::disclosure::Mode;
use records::record::RecordKind;
use submission::{Manifest, ManifestKind, Opened, State, Total};

use super::answer::{Answer, Remark, TableAnswer};
use super::content::Coming;
use super::{History, ReceiveError, Receiver};

/// Releases and modes that end within so many days are told of.
const SOON_DAYS: i32 = 90;
/// A field that is empty in more than one record in so many is told of.
const MISSING_SHARE: u64 = 5;
/// Of a person there is one of each; what differs between rows contradicts itself.
const ONE_TO_A_PERSON: [&str; 3] = ["age", "gender", "origin"];

pub(super) async fn of(
    receiver: &Receiver<'_>,
    history: &History,
    opened: &Opened,
    coming: Coming<'_>,
) -> Result<Vec<Remark>, ReceiveError> {
    let Coming { answer, releases, people } = coming;
    let manifest = &opened.manifest;
    let mut found = Vec::new();
    found.extend(late(receiver, manifest, answer));
    found.extend(days(receiver, manifest));
    found.extend(quarters_between(history, manifest));
    found.extend(from_before(history, manifest));
    if opened.totals.iter().all(|total| total.records == 0) {
        let what = "it says that there is nothing of any kind".to_owned();
        found.push(Remark::new("empty", None, what, "check that the records were imported"));
    }
    for table in &answer.tables {
        found.extend(not_filled_in(table));
    }
    found.extend(encodings(manifest, people, answer.encoded));
    found.extend(other_key(receiver, manifest).await?);
    found.extend(described_twice(&opened.totals));
    found.extend(releases_end(receiver.today, releases));
    found.extend(modes_end(receiver.today, manifest));
    Ok(found)
}

/// What came before the agency began anew: what this takes the place of, and what goes on counting.
fn from_before(history: &History, manifest: &Manifest) -> Vec<Remark> {
    let named = |known: &submission::Known| match known.first_quarter == known.last_quarter {
        true => format!("file {} ({})", known.sequence, known.first_quarter),
        false => {
            format!("file {} ({} to {})", known.sequence, known.first_quarter, known.last_quarter)
        }
    };
    let mut found = Vec::new();
    let replaced: Vec<String> = history.displaced(manifest).map(named).collect();
    if !replaced.is_empty() {
        let what = format!("it takes the place of what came before: {}", replaced.join(", "));
        let fix = "nothing, when these are the quarters that were to be sent again";
        found.push(Remark::new("earlier_replaced", None, what, fix));
    }
    let beside: Vec<String> = history.beside(manifest).map(named).collect();
    if !beside.is_empty() {
        let what = format!("what came before goes on counting: {}", beside.join(", "));
        let fix = "nothing, when your records of it are the same; otherwise send its quarters \
                   again, all of one file together";
        found.push(Remark::new("earlier_counts", None, what, fix));
    }
    found
}

fn late(receiver: &Receiver<'_>, manifest: &Manifest, answer: &Answer) -> Option<Remark> {
    // A correction is late by what it corrects.
    if answer.corrects.is_some() {
        return None;
    }
    let end = manifest.last_quarter.period().end()?;
    let due = end.saturating_add(receiver.due_days.days());
    let days = due.until(receiver.today).ok()?.get_days();
    (days > 0).then(|| {
        let s = if days == 1 { "" } else { "s" };
        let what =
            format!("{} was due on {due}; this came {days} day{s} later", manifest.last_quarter);
        Remark::new("late", None, what, "tell the clearinghouse when something keeps you from it")
    })
}

fn days(receiver: &Receiver<'_>, manifest: &Manifest) -> Vec<Remark> {
    let mut found = Vec::new();
    if receiver.today < manifest.as_of {
        let what = format!("it speaks of {}, a day that has not come yet", manifest.as_of);
        let fix = "check the date of the computer that made it";
        found.push(Remark::new("from_the_future", None, what, fix));
    }
    if manifest.last_quarter.period().end().is_some_and(|end| manifest.as_of <= end) {
        let what = format!("{} was not over when it was made", manifest.last_quarter);
        let fix = "send a correction when the quarter is over";
        found.push(Remark::new("quarter_not_over", None, what, fix));
    }
    found
}

/// Quarters of which nothing has come, between those that stand and this one.
fn quarters_between(history: &History, manifest: &Manifest) -> Option<Remark> {
    let before = history
        .known
        .iter()
        .filter(|known| known.kind == ManifestKind::Submission && known.state == State::Stands)
        .map(|known| known.last_quarter)
        .filter(|last| *last < manifest.first_quarter)
        .max()?;
    let missing: Vec<Quarter> = before
        .next()
        .up_to(manifest.first_quarter)
        .filter(|quarter| *quarter < manifest.first_quarter)
        .collect();
    let (first, last) = (missing.first()?, missing.last()?);
    let what = match missing.len() {
        1 => format!("nothing has come for {first}"),
        _ => format!("nothing has come for {first} to {last}"),
    };
    let fix = "send those quarters too, or tell the clearinghouse that there will be nothing";
    Some(Remark::new("quarters_missing", None, what, fix))
}

fn not_filled_in(table: &TableAnswer) -> Vec<Remark> {
    let of = described(table);
    let mut found = Vec::new();
    let mut empty = Vec::new();
    for field in &table.fields {
        let name = field.field.replace('_', " ");
        if field.not_yet_classified > 0 {
            let records = counted(field.not_yet_classified, "record", "records");
            let what = format!("{of}: {name} is open in {records}");
            let fix = "ask again, correct the records, and send a correction";
            found.push(Remark::new("not_yet_classified", Some(table.record), what, fix));
        }
        let records = field.missing + field.unknown;
        if records.saturating_mul(MISSING_SHARE) > table.records {
            empty.push(name);
        }
    }
    if !empty.is_empty() {
        let what =
            format!("{of}: empty or unknown in more than one record of five: {}", empty.join(", "));
        let fix = "fill them in where they are known";
        found.push(Remark::new("mostly_empty", Some(table.record), what, fix));
    }
    found
}

/// `1 record`, `2 records`.
pub(super) fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// A kind of record, and of victims the count, as people read it.
pub(super) fn described(table: &TableAnswer) -> String {
    match &table.counted_as {
        Some(counted_as) => counted_as.replace('_', " "),
        None => table.record.plural().replace('_', " "),
    }
}

fn encodings(manifest: &Manifest, people: u64, encoded: u64) -> Option<Remark> {
    if people > 0 && manifest.encodings.is_none() {
        let what = "victims came without encodings: nobody among them can be found on another \
                    agency's list"
            .to_owned();
        let fix = "get the state's linkage key from another agency (`clearway keys accept`)";
        return Some(Remark::new("no_encodings", Some(RecordKind::Victim), what, fix));
    }
    let without = people.saturating_sub(encoded);
    (without > 0).then(|| {
        let what = format!("{without} of {people} people in coded rows have no encoding");
        let fix = "an encoding needs three of names, date of birth, phone and postcode that tell \
                   people apart: fill in what is known";
        Remark::new("encodings_missing", Some(RecordKind::Victim), what, fix)
    })
}

/// Encodings under another key than the others' never meet theirs.
async fn other_key(
    receiver: &Receiver<'_>,
    manifest: &Manifest,
) -> Result<Option<Remark>, ReceiveError> {
    let Some(key) = &manifest.linkage_key_fingerprint else { return Ok(None) };
    let mut keys: BTreeSet<String> = BTreeSet::new();
    for other in receiver.store.standing_submissions(receiver.scope).await? {
        if other.agency != manifest.agency && other.practice == manifest.practice {
            let read = super::manifest(&other.manifest_json, &other.agency, other.sequence)?;
            keys.extend(read.linkage_key_fingerprint);
        }
    }
    if keys.is_empty() || keys.contains(key) {
        return Ok(None);
    }
    let what = "its encodings are under a linkage key that no other agency uses: nobody in it can \
                be found on another list"
        .to_owned();
    let fix = "compare the linkage key's fingerprint with another agency (`clearway keys \
               fingerprint`)";
    Ok(Some(Remark::new("other_linkage_key", Some(RecordKind::Victim), what, fix)))
}

/// People who are in two codes of a field that has one for each person.
fn described_twice(totals: &[Total]) -> Vec<Remark> {
    let whole =
        totals.iter().filter(|total| total.record == RecordKind::Victim && total.quarter.is_none());
    let mut found = Vec::new();
    for all in whole.clone().filter(|total| total.field.is_none()) {
        for field in ONE_TO_A_PERSON {
            let codes = whole.clone().filter(|total| {
                total.counted_as == all.counted_as
                    && total.field == Some(field)
                    && total.code.is_some_and(|code| code != "unknown")
            });
            let sum: u64 = codes.map(|total| total.people).sum();
            if sum > all.people {
                let of = all.counted_as.unwrap_or("victims").replace('_', " ");
                let what =
                    format!("{of}: some people have more than one {field} in different rows");
                let fix = "look which one is right, and correct the others";
                found.push(Remark::new("contradictory", Some(RecordKind::Victim), what, fix));
            }
        }
    }
    found
}

fn releases_end(today: Date, releases: &BTreeMap<RecordKind, BTreeMap<Date, u64>>) -> Vec<Remark> {
    let soon = today.saturating_add(SOON_DAYS.days());
    let mut found = Vec::new();
    for (record, days) in releases {
        let of = record.plural().replace('_', " ");
        let ended: u64 = days.range(..today).map(|(_, rows)| rows).sum();
        if ended > 0 {
            let rows = counted(ended, "row", "rows");
            let what = format!("{of}: the releases of {rows} have ended, and they were removed");
            let fix = "they are counted with those that stay with you; a new release can be sent \
                       with a correction";
            found.push(Remark::new("releases_ended", Some(*record), what, fix));
        }
        let ending: u64 = days.range(today..=soon).map(|(_, rows)| rows).sum();
        if ending > 0 {
            let rows = counted(ending, "row", "rows");
            let what = format!("{of}: the releases of {rows} end by {soon}");
            let fix = "ask whether the people wish to sign again; otherwise the rows are removed \
                       that day";
            found.push(Remark::new("releases_end_soon", Some(*record), what, fix));
        }
    }
    found
}

fn modes_end(today: Date, manifest: &Manifest) -> Vec<Remark> {
    let soon = today.saturating_add(SOON_DAYS.days());
    let mut found = Vec::new();
    for mode in manifest.modes.iter().filter(|mode| mode.mode != Mode::TotalsOnly) {
        let of = mode.record.plural().replace('_', " ");
        let fix = "have it signed again before the next submission";
        match mode.expires_on {
            Some(day) if day < today => {
                let what = format!("{of}: the disclosure mode ended on {day}");
                found.push(Remark::new("mode_ended", Some(mode.record), what, fix));
            }
            Some(day) if day <= soon => {
                let what = format!("{of}: the disclosure mode ends on {day}");
                found.push(Remark::new("mode_ends_soon", Some(mode.record), what, fix));
            }
            _ => {}
        }
    }
    found
}
