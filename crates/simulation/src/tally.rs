//! What was really made, counted while it is made.
//!
//! In: registrations, rows and people, in any order. Out: a [`Tally`]; two of them add up. All are
//! integers, so the order of adding changes nothing.

use std::collections::BTreeMap;

use crate::identity::CorruptionCounts;

/// Counts of what was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Distinct people, by the count that they enter, and in any count.
    pub(crate) people: BTreeMap<&'static str, u64>,
    pub(crate) people_listed: u64,
    /// Distinct pairs of agency and own number, by the count that they enter.
    pub(crate) records: BTreeMap<&'static str, u64>,
    /// Numbers by name, see [`Count`].
    counts: [u64; Count::LENGTH],
    /// Distinct people who received a benefit, by reporting year.
    pub(crate) recipients: BTreeMap<i16, u64>,
    /// Types of trafficking on the records of people served.
    pub(crate) served_types: BTreeMap<&'static str, u64>,
    pub(crate) corruptions: CorruptionCounts,
}

/// Names of numbers that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    Incidents,
    IncidentsWithVictims,
    ViceIncidents,
    ViceSexIncidents,
    OtherIncidents,
    OtherSexIncidents,
    Arrests,
    ArrestsOfPeopleSold,
    Charges,
    Dispositions,
    Convictions,
    Services,
    Sessions,
    PeopleTrained,
    SeatsTaken,
    Contacts,
    ContactsHighInformation,
    LettersIssued,
    LettersDenied,
    BenefitsGranted,
    BenefitsDenied,
    ServedAndIdentified,
    ServedFromUs,
    ServedFromOtherCountries,
    TotalsOnly,
    Duplicates,
    WithoutKey,
    Pairs,
    PairsWithKeys,
    PairsAgreeing,
}

impl Count {
    const LENGTH: usize = Count::PairsAgreeing as usize + 1;
}

impl Tally {
    pub(crate) fn count(&mut self, count: Count) {
        self.count_many(count, 1);
    }

    pub(crate) fn count_many(&mut self, count: Count, number: u64) {
        self.counts[count as usize] += number;
    }

    pub(crate) fn of(&self, count: Count) -> u64 {
        self.counts[count as usize]
    }

    pub(crate) fn add(&mut self, other: &Tally) {
        add_up(&mut self.people, &other.people);
        add_up(&mut self.records, &other.records);
        add_up(&mut self.recipients, &other.recipients);
        add_up(&mut self.served_types, &other.served_types);
        self.people_listed += other.people_listed;
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.corruptions.add(&other.corruptions);
    }
}

/// Counts one more of a kind.
pub(crate) fn one_more<K: Ord>(counts: &mut BTreeMap<K, u64>, of: K) {
    *counts.entry(of).or_default() += 1;
}

fn add_up<K: Ord + Copy>(counts: &mut BTreeMap<K, u64>, more: &BTreeMap<K, u64>) {
    for (kind, number) in more {
        *counts.entry(*kind).or_default() += number;
    }
}
