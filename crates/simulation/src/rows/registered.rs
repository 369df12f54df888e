//! What one registration says of a person.
//!
//! In: a person and a registration. Out: the cells that stay the same from quarter to quarter:
//! the recorded identity, how she may be reached, what was done to her, and what is missing.

use std::borrow::Cow;

use crate::chance::{Chance, Weighted};
use crate::identity::{CorruptionCounts, Identity, Recorded, phone_number, postcode};
use crate::own_number::mix;
use crate::path::Registration;
use crate::person::{Household, Person};
use crate::record::Record;
use crate::state::{MadeUpState, VICE};
use crate::world::{Exploitation, Profile, Role};

use super::{Cell, EMPTY, age_code, origin_code, when};

const NOT_CLASSIFIED: &str = "not_yet_classified";
const UNKNOWN: &str = "unknown";

/// A person whose registrations are written down.
pub(super) struct About<'a> {
    pub(super) state: &'a MadeUpState,
    pub(super) household: &'a Household,
    pub(super) person: &'a Person,
    pub(super) identity: Identity,
}

/// What one registration says in every quarter.
pub(super) struct Registered<'a> {
    pub(super) agency: usize,
    pub(super) registration: &'a Registration,
    pub(super) reference: String,
    pub(super) trafficking_type: &'static str,
    pub(super) age: &'static str,
    pub(super) origin: &'static str,
    pub(super) county: &'static str,
    pub(super) status_when_identified: &'static str,
    pub(super) identity: Recorded,
    pub(super) phone: Cell,
    pub(super) postcode: Cell,
    pub(super) country: Cell,
    pub(super) sector: Cell,
    pub(super) means: Cell,
    pub(super) identified_by: Cell,
    pub(super) unit_kind: &'static str,
    pub(super) own_word: &'static str,
}

impl About<'_> {
    /// Writes a registration down at an agency of a kind.
    pub(super) fn registered<'a>(
        &self,
        registration: &'a Registration,
        profile: Profile,
        chance: &mut Chance,
        corruptions: &mut CorruptionCounts,
    ) -> Registered<'a> {
        let (state, person, at) = (self.state, self.person, registration.agency);
        let (agency, world) = (&state.agencies[at], state.world);
        let (missing, kind) = (&world.rates.missing, profile as usize);
        let met = state.calendar.date(registration.day);
        let mut identity = self.identity.recorded(state, met, profile, chance, corruptions);
        if chance.happens(missing.other_names_missing[kind]) {
            identity.other_names.clear();
        }
        let age = if identity.adult_claimed {
            age_code(false)
        } else if chance.happens(missing.age_unknown[kind]) {
            UNKNOWN
        } else {
            age_code(person.minor())
        };
        let classified = !chance.happens(missing.type_not_classified[kind]);
        let origin_known = !chance.happens(missing.origin_missing[kind]);
        let county = agency.county.unwrap_or(&state.area(self.household.area).county);
        let county_known = !chance.happens(missing.county_missing[kind]);
        let potential = chance.happens(missing.status_potential[kind]);
        let (phone, postcode) = self.reached_at(at, profile, chance);
        let (sectors, means) = (&world.work.sectors, &world.work.means);
        let wanted = (world.numbers.sectors.count(chance), world.numbers.means.count(chance));
        let sector = several(sectors.of(person.exploitation), wanted.0, chance);
        let means = several(means.of(person.exploitation), wanted.1, chance);
        let own_word = !classified || chance.happens(world.parameters.own_word);
        Registered {
            agency: at,
            registration,
            reference: state.numbers(at, Record::Victim).at(registration.index),
            trafficking_type: if classified { person.exploitation.code() } else { NOT_CLASSIFIED },
            age,
            origin: if origin_known { origin_code(self.household.us) } else { "" },
            county: if county_known { county } else { "" },
            status_when_identified: if potential { "potential" } else { "confirmed" },
            identity,
            phone,
            postcode,
            country: when(origin_known, self.identity.country),
            sector: if chance.happens(missing.sector_missing[kind]) { EMPTY } else { sector },
            means: if chance.happens(missing.means_missing[kind]) { EMPTY } else { means },
            identified_by: identified_by(state, at, profile, chance),
            unit_kind: agency.unit_kind,
            own_word: if own_word { own_word_for(state, person.exploitation, chance) } else { "" },
        }
    }

    /// A phone and a postcode: her own, or those of the shelter where she stays.
    fn reached_at(&self, at: usize, profile: Profile, chance: &mut Chance) -> (Cell, Cell) {
        let (state, missing) = (self.state, &self.state.world.rates.missing);
        let agency = &state.agencies[at];
        let no_phone = chance.happens(missing.phone_missing[profile as usize]);
        let no_postcode = chance.happens(missing.postcode_missing[profile as usize]);
        let stays =
            agency.role == Role::Shelter && chance.happens(state.world.parameters.shelter_postcode);
        let (phone, postcode) = match agency.area {
            Some(area) if stays => {
                let (area, drawn) = (state.area(area), mix(state.plan.seed ^ mix(at as u64)));
                (phone_number(area, drawn), postcode(area, drawn))
            }
            _ => (self.identity.phone.clone(), self.identity.postcode.clone()),
        };
        let written = |missing, text| if missing { EMPTY } else { Cow::Owned(text) };
        (written(no_phone, phone), written(no_postcode, postcode))
    }
}

/// Several different codes in one cell.
fn several(codes: &'static Weighted<String>, wanted: usize, chance: &mut Chance) -> Cell {
    let mut drawn: Vec<&'static str> = Vec::with_capacity(wanted);
    for _ in 0..wanted {
        let code = codes.pick(chance).as_str();
        if !drawn.contains(&code) {
            drawn.push(code);
        }
    }
    match drawn.as_slice() {
        [single] => Cow::Borrowed(single),
        _ => Cow::Owned(drawn.join("; ")),
    }
}

fn identified_by(state: &MadeUpState, at: usize, profile: Profile, chance: &mut Chance) -> Cell {
    let world = state.world;
    let vice = state.agencies[at].unit_kind == VICE;
    let column = if vice { "police_vice" } else { profile.word() };
    let recorded = !chance.happens(world.rates.missing.identified_by_missing[profile as usize]);
    let codes = world.work.first_identifiers.get(column).filter(|_| recorded);
    codes.map_or(EMPTY, |codes| Cow::Borrowed(codes.pick(chance)))
}

/// An agency's own word for what happened.
pub(super) fn own_word_for(
    state: &MadeUpState,
    exploitation: Exploitation,
    chance: &mut Chance,
) -> &'static str {
    let labor = exploitation == Exploitation::Labor;
    let words = if labor { "own_word_labor" } else { "own_word_sex" };
    state.world.work.phrase(words, chance)
}
