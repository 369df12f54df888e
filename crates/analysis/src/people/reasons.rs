//! Why the number of people is a range, and what happened since earlier counts, in sentences.
//!
//! Every number of people in them is a [`ShownCount`]: one under 11 is not said.

use report::ShownCount;
use store::{StoredCount, StoredLink};

use super::range::{Compared, ListPeople, Range};

/// The reasons, in the order of their weight.
pub(super) fn why(
    lists: &[ListPeople],
    compared: Compared,
    link: Option<&StoredLink>,
    range: &Range,
) -> Vec<String> {
    let left_behind: u64 = lists.iter().map(|list| list.left_behind).sum();
    let coded: u64 = lists.iter().map(|list| list.coded).sum();
    let mut why = Vec::new();
    if left_behind > 0 {
        why.push(format!(
            "people who came as totals only, because their agency may send no more or because they \
             signed no release: {}. Whether they are on another list too is not known. The most \
             takes none of them to be; the least takes them to be on other lists twice as often \
             as those of the same kind of list who came in codes, and all of them where \
             nobody did (assumed)",
            ShownCount::of(left_behind)
        ));
    }
    let twice: u64 = lists.iter().map(|list| list.left_behind - list.left_behind_least).sum();
    if twice > 0 {
        why.push(format!(
            "some agencies sent totals in several submissions: a person in two of them is in \
             records and in the most twice, and in the least once. This is about {} of those who \
             came as totals",
            ShownCount::of(twice)
        ));
    }
    if compared.records > 0 {
        why.push(format!(
            "people in codes were compared by encodings, which bear errors in names and dates. Who is \
             whom was drawn many times, as probable as the encodings make it: these people are {} \
             to {}, most probably {}. Where two records of a person agree in nothing, no draw holds \
             them together; for these a few in a hundred links are taken off the least (assumed)",
            ShownCount::of(compared.low),
            ShownCount::of(compared.high),
            ShownCount::of(compared.people)
        ));
    }
    if let Some(keys) = link.map(|link| link.link.keys.len()).filter(|keys| *keys > 1) {
        why.push(format!(
            "encodings came under {keys} linkage keys, and those of two keys cannot be compared: \
             people of different keys are one only where the same agency calls them by the same \
             opaque id"
        ));
    }
    if coded > compared.records {
        why.push(format!(
            "people in codes without enough of a name, date of birth, phone or postcode for an \
             encoding, who can be linked with nobody and are taken as those who came as totals: {}",
            ShownCount::of(coded - compared.records)
        ));
    }
    if left_behind > 0 {
        why.push(format!(
            "were everybody in a total somebody on another list, there would be at least {} people",
            ShownCount::of(range.low_without_comparison)
        ));
    }
    why
}

/// For each earlier count, what was taken back since.
pub(super) fn annotations(counts: &[StoredCount], practice: bool) -> Vec<String> {
    counts
        .iter()
        .filter(|one| one.count.practice == practice && one.withdrawn_since > 0)
        .map(|one| {
            format!(
                "since the count {} as of {} ({} to {}), records taken back by order or because a \
                 release was revoked: {}; that count stands as it was",
                one.id,
                one.count.as_of,
                one.count.first_quarter,
                one.count.last_quarter,
                ShownCount::of(one.withdrawn_since)
            )
        })
        .collect()
}
