//! What an agency writes down about a person of a people set.
//!
//! In: who somebody truly is, and the agency. Out: a [`PeopleSetRow`] without its own number. The
//! errors of names and dates are those of every simulation (`identity`), more often by a factor;
//! the others stand in `data/people_set_rates.csv`. Errors of two rows are independent, but rows
//! of one person share her changes of address and phone.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::chance::Chance;
use crate::identity::{Corruption, Draft, spelling_variant, typo};
use crate::world::{GivenNames, Profile, World};

use super::family::TruePerson;
use super::numbers::{formatted, mistyped_digit};
use super::place::{Address, Stay};
use super::{PeopleSetRow, Set};

const FIRST_DAY: Date = Date::constant(2024, 10, 1);
const LAST_DAY: i64 = 729;

/// An error is made at most this often, whatever the factor.
const MOST_OFTEN: f64 = 0.95;

/// Writes a row.
pub(super) fn write(
    set: &Set,
    person: &TruePerson,
    agency: usize,
    truth: u64,
    chance: &mut Chance,
) -> PeopleSetRow {
    let listed = &set.agencies[agency];
    let writer = Writer { world: set.world, profile: listed.profile };
    let [given_name, middle_name, surname, alias, sex, birth_date] = writer.who(person, chance);
    let [phone, street, city, zip] = writer.place(person, agency, chance);
    let origin = writer.origin(person, chance);
    let cells = [
        String::new(),
        listed.name.clone(),
        given_name,
        middle_name,
        surname,
        alias,
        sex,
        birth_date,
        phone,
        street,
        city,
        zip,
        origin,
        format!("P{truth}"),
    ];
    PeopleSetRow { cells, agency, truth }
}

struct Writer {
    world: &'static World,
    profile: Profile,
}

impl Writer {
    fn happens(&self, rates: &[f64; Profile::ALL.len()], chance: &mut Chance) -> bool {
        chance.happens(rates[self.profile as usize])
    }

    /// Given name, middle name, surname, alias, sex, birth date.
    fn who(&self, person: &TruePerson, chance: &mut Chance) -> [String; 6] {
        let rates = &self.world.people_set.rates;
        let on = FIRST_DAY.saturating_add(chance.between(0, LAST_DAY).days());
        let mut draft = Draft {
            given: person.given.clone(),
            surname: person.surname.clone(),
            between: person.between,
            other_names: person.aliases.clone(),
            birth: Some(person.birth),
            gender: Some(person.gender),
            adult_claimed: false,
        };
        let missing = &self.world.rates.missing;
        if self.happens(&missing.other_names_missing, chance) {
            // What the agency does not know, it cannot use instead of the name either.
            draft.other_names.clear();
        }
        if self.happens(&rates.false_name, chance) {
            self.give_false_name(&mut draft, chance);
        } else {
            self.change_surname(&mut draft, chance);
        }
        let swapped = self.corrupt(&mut draft, on, chance);
        if draft.given != person.given
            && !person.aliases.is_empty()
            && draft.other_names.is_empty()
            && draft.given.first().is_some_and(|given| person.aliases.contains(given))
            && self.happens(&rates.true_name_as_alias, chance)
        {
            draft.other_names = person.given.iter().take(1).cloned().collect();
        }
        if self.happens(&rates.name_heard_otherwise, chance) {
            let part = if chance.happens(0.5) { &mut draft.given } else { &mut draft.surname };
            if let Some(first) = part.first_mut() {
                *first = spelling_variant(&self.world.names, first, chance);
            }
        }
        let (mut given_name, middle_name) = self.given_and_middle(&draft, swapped, chance);
        if self.happens(&rates.given_name_missing, chance) {
            given_name = String::new();
        }
        let gender = draft.gender.and_then(|at| self.world.people.genders.get(at));
        let sex = match gender.map(|gender| gender.slk_sex) {
            Some(1) => "M",
            Some(2) => "F",
            Some(_) => "X",
            None => "",
        };
        let surname = draft.surname.join(if swapped { " " } else { draft.between });
        let alias = draft.other_names.join("; ");
        let birth_date = self.birth_date(draft.birth, chance);
        [given_name, middle_name, surname, alias, sex.to_owned(), birth_date]
    }

    /// Another person's names, mostly with another birth date, as somebody gives who is afraid.
    fn give_false_name(&self, draft: &mut Draft, chance: &mut Chance) {
        let heritage = self.world.people.us.pick(chance).heritage;
        let names = &self.world.names.heritages[heritage];
        let gender = draft.gender.and_then(|at| self.world.people.genders.get(at));
        let kind = gender.map_or(GivenNames::Any, |row| row.names);
        draft.given = vec![names.given(kind, chance.happens(0.5)).pick(chance).clone()];
        draft.surname = vec![names.surnames.pick(chance).clone()];
        let parameters = &self.world.people_set.parameters;
        if chance.happens(parameters.false_birth_date) {
            let (years, days) = (chance.between(-3, 3), chance.between(0, 364));
            let moved = draft.birth.map(|birth| birth.saturating_add(years.years()));
            draft.birth = moved.map(|birth| birth.saturating_sub(days.days()));
        }
    }

    /// Other surnames, or the same ones in another way.
    fn change_surname(&self, draft: &mut Draft, chance: &mut Chance) {
        let rates = &self.world.people_set.rates;
        if self.happens(&rates.surname_changed, chance) {
            let heritage = self.world.people.us.pick(chance).heritage;
            let names = &self.world.names.heritages[heritage];
            draft.surname = vec![names.surnames.pick(chance).clone()];
        } else if draft.surname.len() > 1 {
            if self.happens(&rates.surnames_reversed, chance) {
                draft.surname.reverse();
            } else if self.happens(&rates.first_surname_dropped, chance) {
                draft.surname.remove(0);
            }
        }
    }

    /// Makes the errors of every simulation; says whether the names changed places.
    fn corrupt(&self, draft: &mut Draft, on: Date, chance: &mut Chance) -> bool {
        let factor = self.world.people_set.parameters.error_multiplier;
        let mut swapped = false;
        for corruption in Corruption::ALL {
            if draft.can(corruption, self.world, on) {
                let style =
                    [Corruption::AccentsStripped, Corruption::CaseChanged].contains(&corruption);
                let rate = self.world.rates.corruption(corruption, self.profile);
                let rate = if style { rate } else { (rate * factor).min(MOST_OFTEN) };
                let made = chance.happens(rate) && draft.make(corruption, self.world, on, chance);
                swapped |= made && corruption == Corruption::Swapped;
            }
        }
        swapped
    }

    fn given_and_middle(
        &self,
        draft: &Draft,
        swapped: bool,
        chance: &mut Chance,
    ) -> (String, String) {
        let rates = &self.world.people_set.rates;
        let Some((first, more)) = draft.given.split_first() else {
            return (String::new(), String::new());
        };
        if swapped {
            return (draft.given.join(draft.between), String::new());
        }
        let middle = more.join(" ");
        if self.happens(&rates.middle_name_with_given, chance) {
            return (draft.given.join(" "), String::new());
        }
        let middle = if self.happens(&rates.middle_name_missing, chance) {
            String::new()
        } else if self.happens(&rates.middle_name_initial, chance) {
            middle.chars().next().map(String::from).unwrap_or_default()
        } else {
            middle
        };
        (first.clone(), middle)
    }

    fn birth_date(&self, birth: Option<Date>, chance: &mut Chance) -> String {
        let rates = &self.world.people_set.rates;
        let Some(birth) = birth else { return String::new() };
        if self.happens(&rates.birth_year_only, chance) {
            return format!("{:04}", birth.year());
        }
        if self.happens(&rates.birth_day_mistyped, chance) {
            let off = if chance.happens(0.5) { 1 } else { 10 };
            let off = if chance.happens(0.5) { off } else { -off };
            return birth.saturating_add(off.days()).to_string();
        }
        birth.to_string()
    }

    /// Phone, street, city, zip.
    fn place(&self, person: &TruePerson, agency: usize, chance: &mut Chance) -> [String; 4] {
        let rates = &self.world.people_set.rates;
        let (parameters, missing) = (&self.world.people_set.parameters, &self.world.rates.missing);
        let stay = version(&person.stays, parameters.address_changed, chance);
        let own = version(&person.phones, parameters.phone_changed, chance);
        let own = own.map(String::as_str).unwrap_or_default();
        let of_place = stay.and_then(|stay: &Stay| stay.phone.as_deref());
        let mut phone = of_place.unwrap_or(own).to_owned();
        if self.happens(&rates.phone_of_agency, chance) {
            phone = format!("9160{:06}", agency * 1_111);
        }
        if self.happens(&rates.phone_mistyped, chance) {
            phone = mistyped_digit(&phone, chance);
        }
        let phone = if self.happens(&missing.phone_missing, chance) {
            String::new()
        } else {
            formatted(&phone, chance)
        };
        let Some(Stay { address, .. }) = stay else {
            return [phone, String::new(), String::new(), String::new()];
        };
        let street = self.street(address, chance);
        let city = if self.happens(&rates.city_missing, chance) {
            String::new()
        } else if self.happens(&rates.city_mistyped, chance) {
            typo(&self.world.names, &address.city.name, chance)
        } else {
            address.city.name.clone()
        };
        let zip = if self.happens(&missing.postcode_missing, chance) || street.is_none() {
            String::new()
        } else if self.happens(&rates.zip_mistyped, chance) {
            mistyped_digit(&address.zip, chance)
        } else {
            address.zip.clone()
        };
        [phone, street.flatten().unwrap_or_default(), city, zip]
    }

    /// None where there is no home; none inside where it was not written.
    #[expect(clippy::option_option, reason = "no home and nothing written differ")]
    fn street(&self, address: &Address, chance: &mut Chance) -> Option<Option<String>> {
        let rates = &self.world.people_set.rates;
        let street = address.street.as_ref()?;
        if self.happens(&rates.street_missing, chance) {
            return Some(None);
        }
        let short = self.happens(&rates.street_shortened, chance);
        let mut words = vec![street.house.to_string()];
        let named = [street.direction, Some(street.name), Some(street.kind)];
        words.extend(
            named
                .into_iter()
                .flatten()
                .map(|word| if short { word.short.clone() } else { word.text.clone() }),
        );
        if let Some(unit) = street.unit
            && !self.happens(&rates.unit_missing, chance)
        {
            words.push(if short { format!("#{unit}") } else { format!("Apt {unit}") });
        }
        let mut written = words.join(" ");
        if self.happens(&rates.street_mistyped, chance) {
            written = typo(&self.world.names, &written, chance);
        }
        Some(Some(written))
    }

    fn origin(&self, person: &TruePerson, chance: &mut Chance) -> String {
        if self.happens(&self.world.rates.missing.origin_missing, chance) {
            String::new()
        } else if self.happens(&self.world.people_set.rates.origin_wrong, chance) {
            self.world.people.other_countries.pick(chance).code.clone()
        } else {
            person.country.to_owned()
        }
    }
}

/// The first thing, or one of the later ones.
fn version<'a, T>(things: &'a [T], changed: f64, chance: &mut Chance) -> Option<&'a T> {
    let (first, later) = things.split_first()?;
    if chance.happens(changed) { chance.one_of(later) } else { Some(first) }
}
