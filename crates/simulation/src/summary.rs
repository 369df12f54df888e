//! The truth of a simulation in one document. In: a state and the counts of what was made. Out: a
//! [`Summary`], written as `truth/summary.json`. Shares are of counts named beside them; a share of
//! nothing is absent.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::identity::Corruption;
use crate::state::MadeUpState;
use crate::tally::{Count, Tally};
use crate::world::Profile;

/// What was made, counted from what was really done.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Says that all of it is made up.
    pub note: &'static str,
    /// The seed.
    pub seed: u64,
    /// The first quarter.
    pub from: String,
    /// How many quarters.
    pub quarters: usize,
    /// How many agencies.
    pub agencies: usize,
    /// People trafficked in the state, seen and unseen.
    pub people_hidden: u64,
    /// Distinct people in at least one agency's `victims.csv`.
    pub people_listed: u64,
    /// Distinct people by the count that they enter.
    pub people_listed_by: BTreeMap<&'static str, u64>,
    /// Distinct pairs of agency and own number in `victims.csv`.
    pub records: u64,
    /// The same by the count that they enter.
    pub records_by: BTreeMap<&'static str, u64>,
    /// `records` for each of `people_listed`.
    pub records_per_person: Option<f64>,
    /// Of `records`, those of agencies or people whose records may leave as totals only.
    pub totals_only_share: Option<f64>,
    /// Second registrations of one person at one agency.
    pub duplicates: u64,
    /// The measures of the 2012 report.
    pub totals: Totals,
    /// How well records of one person agree.
    pub identity: IdentitySummary,
}

/// The measures of the 2012 report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Totals {
    /// Incidents opened.
    pub investigations: u64,
    /// Incidents in which somebody was found.
    pub investigations_with_victims: u64,
    /// Records of victims identified.
    pub victims_identified: u64,
    /// Arrests, those of people sold among them.
    pub arrests: u64,
    /// Arrests under a section that targets the person sold.
    pub arrests_of_people_sold: u64,
    /// Charges filed.
    pub charges: u64,
    /// Dispositions of charges.
    pub dispositions: u64,
    /// Convictions.
    pub convictions: u64,
    /// Training sessions.
    pub training_sessions: u64,
    /// People trained for the first time in the reporting year.
    pub individuals_trained: u64,
    /// Seats taken.
    pub seats: u64,
    /// Records of people served.
    pub victims_served: u64,
    /// Service records.
    pub services: u64,
    /// Records of people served, by recorded type.
    pub victims_served_by_type: BTreeMap<&'static str, u64>,
    /// Of people served whose origin is recorded: from the United States.
    pub served_from_us_share: Option<f64>,
    /// Distinct people served who were also identified by police.
    pub served_and_identified: u64,
    /// Of incidents of vice units: sex trafficking.
    pub vice_sex_share: Option<f64>,
    /// Of incidents of other units: sex trafficking.
    pub other_sex_share: Option<f64>,
    /// Distinct people who received a state benefit, by the year in which the reporting year starts.
    pub benefit_recipients_by_year: BTreeMap<i16, u64>,
    /// Certification and eligibility letters issued.
    pub letters_issued: u64,
    /// Certification and eligibility letters denied.
    pub letters_denied: u64,
    /// State benefits granted in the period.
    pub benefits_granted: u64,
    /// State benefits denied.
    pub benefits_denied: u64,
    /// Contacts with the hotline.
    pub contacts: u64,
    /// Contacts with a high level of critical information.
    pub contacts_high_information: u64,
}

/// How well records of one person agree, and how often they are wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct IdentitySummary {
    /// Pairs of registrations of one person at two agencies.
    pub same_person_pairs: u64,
    /// Pairs whose registrations both have what SLK-581 needs.
    pub pairs_with_keys: u64,
    /// Pairs that agree exactly on the input of SLK-581.
    pub pairs_agreeing: u64,
    /// `pairs_agreeing` of `same_person_pairs`.
    pub agreeing_share: Option<f64>,
    /// `pairs_agreeing` of `pairs_with_keys`.
    pub agreeing_share_with_keys: Option<f64>,
    /// Of registrations: without surname, given name or birth date.
    pub without_key_share: Option<f64>,
    /// Each error by kind of agency.
    pub errors: Vec<IdentityErrors>,
}

/// One error of identity at one kind of agency.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct IdentityErrors {
    /// The error, as in `data/corruptions.csv`.
    pub corruption: &'static str,
    /// The kind of agency.
    pub kind_of_agency: &'static str,
    /// Registrations with the error.
    pub records: u64,
    /// Registrations on which it could be made.
    pub out_of: u64,
    /// `records` of `out_of`.
    pub rate: Option<f64>,
    /// The rate aimed at.
    pub aimed_at: f64,
}

const NOTE: &str = "Everything here is made up: people, agencies and numbers.";

fn share(part: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

impl Summary {
    pub(crate) fn new(state: &MadeUpState, tally: &Tally) -> Summary {
        let records = tally.records.values().sum();
        Summary {
            note: NOTE,
            seed: state.plan.seed,
            from: state.plan.from.to_string(),
            quarters: state.plan.quarters,
            agencies: state.agencies.len(),
            people_hidden: state.plan.people,
            people_listed: tally.people_listed,
            people_listed_by: tally.people.clone(),
            records,
            records_by: tally.records.clone(),
            records_per_person: share(records, tally.people_listed),
            totals_only_share: share(tally.of(Count::TotalsOnly), records),
            duplicates: tally.of(Count::Duplicates),
            totals: Totals::new(tally),
            identity: IdentitySummary::new(state, tally, records),
        }
    }
}

impl Totals {
    fn new(tally: &Tally) -> Totals {
        let records = |unit| tally.records.get(unit).copied().unwrap_or_default();
        let us = tally.of(Count::ServedFromUs);
        Totals {
            investigations: tally.of(Count::Incidents),
            investigations_with_victims: tally.of(Count::IncidentsWithVictims),
            victims_identified: records("victim_identified"),
            arrests: tally.of(Count::Arrests),
            arrests_of_people_sold: tally.of(Count::ArrestsOfPeopleSold),
            charges: tally.of(Count::Charges),
            dispositions: tally.of(Count::Dispositions),
            convictions: tally.of(Count::Convictions),
            training_sessions: tally.of(Count::Sessions),
            individuals_trained: tally.of(Count::PeopleTrained),
            seats: tally.of(Count::SeatsTaken),
            victims_served: records("victim_served"),
            services: tally.of(Count::Services),
            victims_served_by_type: tally.served_types.clone(),
            served_from_us_share: share(us, us + tally.of(Count::ServedFromOtherCountries)),
            served_and_identified: tally.of(Count::ServedAndIdentified),
            vice_sex_share: share(
                tally.of(Count::ViceSexIncidents),
                tally.of(Count::ViceIncidents),
            ),
            other_sex_share: share(
                tally.of(Count::OtherSexIncidents),
                tally.of(Count::OtherIncidents),
            ),
            benefit_recipients_by_year: tally.recipients.clone(),
            letters_issued: tally.of(Count::LettersIssued),
            letters_denied: tally.of(Count::LettersDenied),
            benefits_granted: tally.of(Count::BenefitsGranted),
            benefits_denied: tally.of(Count::BenefitsDenied),
            contacts: tally.of(Count::Contacts),
            contacts_high_information: tally.of(Count::ContactsHighInformation),
        }
    }
}

impl IdentitySummary {
    fn new(state: &MadeUpState, tally: &Tally, records: u64) -> IdentitySummary {
        let (pairs, keyed) = (tally.of(Count::Pairs), tally.of(Count::PairsWithKeys));
        let agreeing = tally.of(Count::PairsAgreeing);
        let mut errors = Vec::new();
        for corruption in Corruption::ALL {
            for profile in Profile::ALL {
                let (made, out_of) = tally.corruptions.of(corruption, profile);
                errors.push(IdentityErrors {
                    corruption: corruption.word(),
                    kind_of_agency: profile.word(),
                    records: made,
                    out_of,
                    rate: share(made, out_of),
                    aimed_at: state.world.rates.corruption(corruption, profile),
                });
            }
        }
        IdentitySummary {
            same_person_pairs: pairs,
            pairs_with_keys: keyed,
            pairs_agreeing: agreeing,
            agreeing_share: share(agreeing, pairs),
            agreeing_share_with_keys: share(agreeing, keyed),
            without_key_share: share(tally.of(Count::WithoutKey), records),
            errors,
        }
    }
}
