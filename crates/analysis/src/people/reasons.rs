//! Why the number of people is a range, and what happened since earlier counts, in sentences.
//!
//! Every number of people in them is a [`ShownCount`]: one under 11 is not said.

use linkage::ASSUMED_LEAST_SENSITIVITY_PERCENT;
use query::PeopleAnswer;
use report::ShownCount;
use store::StoredCount;

use super::range::{ListPeople, Range};

/// The reasons, in the order of their weight.
pub(super) fn why(lists: &[ListPeople], answer: &PeopleAnswer, range: &Range) -> Vec<String> {
    let left_behind: u64 = lists.iter().map(|list| list.left_behind).sum();
    let encoded: u64 = answer.agencies.iter().map(|agency| agency.encoded).sum();
    let mut why = Vec::new();
    if left_behind > 0 {
        why.push(format!(
            "people who came as totals only, because their agency may send no more or because they \
             signed no release: {}. Whether they are on another list too is not known. The most \
             takes none of them to be; the least takes them to be on other lists half as often \
             again as those of the same kind of list who came in codes, and all of them where \
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
    if answer.records > 0 {
        why.push(format!(
            "an exact key finds a person again only where fourteen characters of names, date of \
             birth and sex agree. The most takes every link to be found, the least \
             {ASSUMED_LEAST_SENSITIVITY_PERCENT}% of them (assumed, not measured)"
        ));
    }
    if answer.records > encoded {
        why.push(format!(
            "people in codes without enough of a name or date of birth for a key, who can be \
             linked with nobody: {}",
            ShownCount::of(answer.records - encoded)
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
