//! Where somebody lives and can be called.
//!
//! In: the cities and streets of the world. Out: [`Address`]es and phone numbers. Shelters and
//! motels are places that many strangers share; each has a stream of chance of its own. Phone
//! numbers have an exchange that begins with 0 or 1, which no telephone has.

use crate::chance::{Chance, Stream};
use crate::world::{City, Word};

use super::Set;

/// An address.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) street: Option<Street>,
    pub(super) city: &'static City,
    pub(super) zip: String,
}

/// A house on a street.
#[derive(Clone)]
pub(super) struct Street {
    pub(super) house: usize,
    pub(super) direction: Option<&'static Word>,
    pub(super) name: &'static Word,
    pub(super) kind: &'static Word,
    pub(super) unit: Option<usize>,
}

/// A place to stay, and the phone that answers there.
#[derive(Clone)]
pub(super) struct Stay {
    pub(super) address: Address,
    pub(super) phone: Option<String>,
}

const HOUSES: usize = 9_900;
const UNITS: usize = 240;

/// A phone number of a city: ten digits.
pub(super) fn phone(city: &City, chance: &mut Chance) -> String {
    format!("{}{:07}", city.area_code, chance.below(2_000_000))
}

fn address(set: &Set, city: &'static City, chance: &mut Chance) -> Address {
    let (streets, parameters) = (&set.world.people_set.streets, &set.world.people_set.parameters);
    let street = Street {
        house: 1 + chance.below(HOUSES),
        direction: chance
            .happens(parameters.street_with_direction)
            .then(|| streets.directions.pick(chance)),
        name: streets.names.pick(chance),
        kind: streets.types.pick(chance),
        unit: chance.happens(parameters.street_with_unit).then(|| 1 + chance.below(UNITS)),
    };
    let zips = (city.weight * parameters.zips_for_each_weight).ceil() as usize;
    let zip = format!("{}{:02}", city.zip_prefix, 1 + chance.below(zips.clamp(1, 98)));
    Address { street: Some(street), city, zip }
}

/// A shelter or motel.
fn shared(set: &Set, place: usize) -> Stay {
    let chance = &mut set.chance(Stream::SharedPlace, place as u64);
    let city = set.world.people_set.cities.pick(chance);
    let mut address = address(set, city, chance);
    if let Some(street) = &mut address.street {
        street.unit = None;
    }
    Stay { phone: Some(phone(city, chance)), address }
}

/// Where somebody of a city stays.
pub(super) fn stay(set: &Set, city: &'static City, chance: &mut Chance) -> Stay {
    let parameters = &set.world.people_set.parameters;
    let kind = chance.unit();
    if kind < parameters.shared_place {
        // A few places are large: the square of a draw puts more people into the first ones.
        let drawn = chance.unit();
        let place = (drawn * drawn * set.places as f64) as usize;
        let mut stay = shared(set, place);
        if !chance.happens(parameters.phone_of_place) {
            stay.phone = None;
        }
        return stay;
    }
    let mut address = address(set, city, chance);
    if kind < parameters.shared_place + parameters.no_address {
        address.street = None;
    }
    Stay { address, phone: None }
}
