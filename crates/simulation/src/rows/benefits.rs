//! Rows of `letters.csv`. In: a person of another country and what she was granted or denied. Out:
//! letters of the federal office, which names nobody, and decisions of the state programme, which
//! names those whom it has as recipients.

use std::borrow::Cow;

use crate::chance::{Chance, Stream};
use crate::path::{PersonPath, Seen};
use crate::person::{Household, Person};
use crate::record::Record;
use crate::state::{MadeUpState, REGISTRATIONS};
use crate::tally::Count;
use crate::world::Role;

use super::{Made, age_code, origin_code};

/// Letters and benefits, in the words of the register.
const CERTIFICATION: &str = "tvpa_certification";
const ELIGIBILITY: &str = "tvpa_eligibility";
const CASH: &str = "tcvap_cash_assistance";
const CALWORKS: &str = "tcvap_calworks";
const ISSUED: &str = "issued";
const DENIED: &str = "denied";

/// A letter before its row is written.
struct Letter {
    seen: Seen,
    index: u64,
    victim: String,
    benefit: &'static str,
    denied: bool,
}

pub(super) fn letters(
    state: &MadeUpState,
    household: &Household,
    person: &Person,
    path: &PersonPath,
    made: &mut Made,
) {
    if household.us {
        return;
    }
    let chance = &mut state.chance(Stream::Letter, person.number);
    let parameters = &state.world.parameters;
    let mut push = |letter: Letter| {
        let agency = letter.seen.agency;
        let cells = vec![
            Cow::Owned(state.numbers(agency, Record::Letter).at(letter.index)),
            Cow::Owned(letter.victim),
            Cow::Owned(state.calendar.written(letter.seen.day)),
            Cow::Borrowed(letter.benefit),
            Cow::Borrowed(if letter.denied { DENIED } else { ISSUED }),
            Cow::Borrowed(age_code(person.minor())),
            Cow::Borrowed(origin_code(household.us)),
        ];
        made.push(agency, Record::Letter, Some(person.number), cells);
    };
    let index = person.number * REGISTRATIONS;
    let mut counts = Vec::new();
    if let Some(seen) = path.letter {
        let denied = chance.happens(parameters.letter_denied);
        counts.push(if denied { Count::LettersDenied } else { Count::LettersIssued });
        let benefit = if person.minor() { ELIGIBILITY } else { CERTIFICATION };
        push(Letter { seen, index, victim: String::new(), benefit, denied });
    }
    // A recipient since before the period had her decision then.
    for registration in path.registrations.iter().filter(|registration| !registration.before) {
        let agency = registration.agency;
        if state.agencies[agency].role == Role::StateProgramme {
            counts.push(Count::BenefitsGranted);
            push(Letter {
                seen: Seen { agency, quarter: registration.first, day: registration.day },
                index: registration.index,
                victim: state.numbers(agency, Record::Victim).at(registration.index),
                benefit: programme_benefit(parameters.programme_cash, chance),
                denied: false,
            });
        }
    }
    if let Some(seen) = path.denied {
        counts.push(Count::BenefitsDenied);
        let benefit = programme_benefit(parameters.programme_cash, chance);
        push(Letter { seen, index, victim: String::new(), benefit, denied: true });
    }
    counts.into_iter().for_each(|count| made.tally.count(count));
}

fn programme_benefit(cash: f64, chance: &mut Chance) -> &'static str {
    if chance.happens(cash) { CASH } else { CALWORKS }
}
