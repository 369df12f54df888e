//! What an agency writes down about who a person is.
//!
//! In: a true identity, the kind of agency, the day of the contact. Out: a [`Recorded`] identity.
//! Each error is drawn on its own, in the order of [`Corruption::ALL`]; what is missing cannot
//! also be misspelt.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::chance::Chance;
use crate::person::ADULT_YEARS;
use crate::state::MadeUpState;
use crate::world::{Profile, World};

use super::{Corruption, CorruptionCounts, Identity, LinkageKey, linkage_key, spelling};

/// What an agency has written down about who a person is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Recorded {
    pub(crate) given_name: String,
    pub(crate) surname: String,
    pub(crate) other_names: String,
    pub(crate) birth_date: Option<Date>,
    /// A code of the register; empty when nothing is written.
    pub(crate) gender: &'static str,
    /// Whether a minor is written down as an adult.
    pub(crate) adult_claimed: bool,
    pub(crate) key: Option<LinkageKey>,
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorded([withheld])")
    }
}

/// An identity while it is written down.
pub(crate) struct Draft {
    pub(crate) given: Vec<String>,
    pub(crate) surname: Vec<String>,
    pub(crate) between: &'static str,
    pub(crate) other_names: Vec<String>,
    pub(crate) birth: Option<Date>,
    pub(crate) gender: Option<usize>,
    pub(crate) adult_claimed: bool,
}

impl Identity {
    /// What an agency writes down that makes no error.
    pub(crate) fn faithful(&self, state: &MadeUpState) -> Recorded {
        self.draft().finish(state)
    }

    /// What an agency writes down.
    pub(crate) fn recorded(
        &self,
        state: &MadeUpState,
        on: Date,
        profile: Profile,
        chance: &mut Chance,
        counts: &mut CorruptionCounts,
    ) -> Recorded {
        let mut draft = self.draft();
        for corruption in Corruption::ALL {
            if draft.can(corruption, state.world, on) {
                let rate = state.world.rates.corruption(corruption, profile);
                let made = chance.happens(rate) && draft.make(corruption, state.world, on, chance);
                counts.count(corruption, profile, made);
            }
        }
        draft.finish(state)
    }

    fn draft(&self) -> Draft {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Draft {
            given: owned(&self.given),
            surname: owned(&self.surname),
            between: self.between,
            other_names: owned(&self.other_names),
            birth: Some(self.birth),
            gender: Some(self.gender),
            adult_claimed: false,
        }
    }
}

fn age_on(birth: Date, on: Date) -> i64 {
    let birthday_passed = (birth.month(), birth.day()) <= (on.month(), on.day());
    i64::from(on.year()) - i64::from(birth.year()) - i64::from(!birthday_passed)
}

/// The youngest age to which a slip of the year leads.
const YOUNGEST_YEARS: i64 = 5;

impl Draft {
    fn parts(&self) -> impl Iterator<Item = &String> {
        self.given.iter().chain(&self.surname)
    }

    /// Whether an error can be made here.
    pub(crate) fn can(&self, corruption: Corruption, world: &World, on: Date) -> bool {
        let names = &world.names;
        match corruption {
            Corruption::SurnameMissing | Corruption::BirthDateMissing => true,
            Corruption::GenderMissing | Corruption::Typo | Corruption::CaseChanged => true,
            Corruption::AliasUsed => !self.other_names.is_empty(),
            Corruption::Nickname => {
                self.given.first().is_some_and(|given| names.nicknames.contains_key(given))
            }
            Corruption::SecondGivenNameDropped => self.given.len() > 1,
            Corruption::SecondSurnameDropped => self.surname.len() > 1,
            Corruption::SurnamesRunTogether => {
                self.surname.len() > 1 || self.surname.iter().any(|part| part.contains(' '))
            }
            Corruption::SpellingVariant => {
                self.parts().any(|part| spelling::has_variant(names, part))
            }
            Corruption::AccentsStripped => self.parts().any(|part| spelling::has_marks(part)),
            Corruption::Swapped => !self.surname.is_empty() && self.given != self.surname,
            Corruption::GenderWrong => self.gender.is_some(),
            Corruption::AdultClaimed => {
                self.birth.is_some_and(|birth| age_on(birth, on) < ADULT_YEARS)
            }
            Corruption::PlaceholderBirthDate => {
                self.birth.is_some_and(|birth| (birth.month(), birth.day()) != (1, 1))
            }
            Corruption::DayMonthSwapped => {
                self.birth.is_some_and(|birth| birth.day() <= 12 && birth.day() != birth.month())
            }
            Corruption::BirthYearOff => self.birth.is_some(),
        }
    }

    /// Makes an error, and says whether anything changed.
    pub(crate) fn make(
        &mut self,
        corruption: Corruption,
        world: &World,
        on: Date,
        chance: &mut Chance,
    ) -> bool {
        let names = &world.names;
        match corruption {
            Corruption::SurnameMissing => self.surname.clear(),
            Corruption::BirthDateMissing => self.birth = None,
            Corruption::GenderMissing => self.gender = None,
            Corruption::AliasUsed => {
                self.given = std::mem::take(&mut self.other_names);
            }
            Corruption::Nickname => {
                let known = self.given.first().and_then(|given| names.nicknames.get(given));
                let nickname = known.and_then(|nicknames| chance.one_of(nicknames));
                self.given = nickname.into_iter().cloned().collect();
            }
            Corruption::SecondGivenNameDropped => self.given.truncate(1),
            Corruption::SecondSurnameDropped => self.surname.truncate(1),
            Corruption::SurnamesRunTogether => {
                let joined: String = self.surname.concat().split(' ').collect();
                self.surname = vec![spelling::capitalized(&joined)];
            }
            Corruption::SpellingVariant => {
                let with_variant: Vec<&mut String> =
                    self.parts_mut().filter(|part| spelling::has_variant(names, part)).collect();
                return change_one(with_variant, chance, |part, chance| {
                    spelling::spelling_variant(names, part, chance)
                });
            }
            Corruption::Typo => {
                let parts = self.parts_mut().collect();
                return change_one(parts, chance, |part, chance| {
                    spelling::typo(names, part, chance)
                });
            }
            Corruption::AccentsStripped => {
                self.parts_mut().for_each(|part| *part = spelling::without_marks(names, part));
            }
            Corruption::Swapped => std::mem::swap(&mut self.given, &mut self.surname),
            Corruption::GenderWrong => {
                let now = self.gender;
                let others: Vec<usize> =
                    binary_genders(world).filter(|at| Some(*at) != now).collect();
                self.gender = chance.one_of(&others).copied();
            }
            Corruption::CaseChanged => {
                let upper = chance.happens(0.5);
                self.parts_mut().for_each(|part| {
                    *part = if upper { part.to_uppercase() } else { part.to_lowercase() };
                });
            }
            Corruption::AdultClaimed
            | Corruption::PlaceholderBirthDate
            | Corruption::DayMonthSwapped
            | Corruption::BirthYearOff => return self.change_birth(corruption, world, on, chance),
        }
        true
    }

    fn change_birth(
        &mut self,
        corruption: Corruption,
        world: &World,
        on: Date,
        chance: &mut Chance,
    ) -> bool {
        let Some(birth) = self.birth else { return false };
        let changed = match corruption {
            Corruption::AdultClaimed => {
                self.adult_claimed = true;
                let claimed = ADULT_YEARS + chance.between(0, 2);
                birth.saturating_sub((claimed - age_on(birth, on)).years())
            }
            Corruption::PlaceholderBirthDate => birth.first_of_year(),
            Corruption::DayMonthSwapped => {
                Date::new(birth.year(), birth.day(), birth.month()).unwrap_or(birth)
            }
            _ => {
                let years = world.numbers.years_off.draw(chance);
                let young = age_on(birth, on) < YOUNGEST_YEARS + years;
                if young || chance.happens(0.5) {
                    birth.saturating_sub(years.years())
                } else {
                    birth.saturating_add(years.years())
                }
            }
        };
        self.birth = Some(changed);
        changed != birth
    }

    fn parts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.given.iter_mut().chain(&mut self.surname)
    }

    fn finish(self, state: &MadeUpState) -> Recorded {
        let gender = self.gender.and_then(|at| state.world.people.genders.get(at));
        let (given_name, surname) = (self.given.join(" "), self.surname.join(self.between));
        let sex = gender.map_or(SEX_NOT_STATED, |gender| gender.slk_sex);
        let key = linkage_key(&state.world.names, &given_name, &surname, self.birth, sex);
        Recorded {
            given_name,
            surname,
            other_names: self.other_names.join(", "),
            birth_date: self.birth,
            gender: gender.map_or("", |gender| &gender.code),
            adult_claimed: self.adult_claimed,
            key,
        }
    }
}

/// SLK-581's code for a sex that is not stated.
const SEX_NOT_STATED: u8 = 9;

/// The genders that a form with two boxes knows.
fn binary_genders(world: &World) -> impl Iterator<Item = usize> {
    let genders = world.people.genders.iter().enumerate();
    genders.filter(|(_, row)| ["female", "male"].contains(&row.code.as_str())).map(|(at, _)| at)
}

fn change_one(
    parts: Vec<&mut String>,
    chance: &mut Chance,
    change: impl Fn(&str, &mut Chance) -> String,
) -> bool {
    let at = chance.below(parts.len());
    let Some(part) = parts.into_iter().nth(at) else { return false };
    let changed = change(part, chance);
    let differs = changed != *part;
    *part = changed;
    differs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Stream;
    use crate::person::Household;
    use crate::plan::Plan;

    #[test]
    fn every_error_changes_what_is_written_or_leaves_the_same_key() {
        let state = MadeUpState::new(&Plan::default()).unwrap();
        let mut made = [0; Corruption::ALL.len()];
        for head in 0..3_000 {
            let household = Household::make(&state, head, 1);
            let identity = Identity::of(&state, &household, &household.people[0]);
            let on = state.calendar.date(100);
            let faithful = identity.faithful(&state);
            for corruption in Corruption::ALL {
                let mut draft = identity.draft();
                let chance = &mut state.chance(Stream::Record, head);
                if !draft.can(corruption, state.world, on)
                    || !draft.make(corruption, state.world, on, chance)
                {
                    continue;
                }
                made[corruption as usize] += 1;
                let recorded = draft.finish(&state);
                assert!(recorded != faithful, "{}", corruption.word());
                let same_key = recorded.key == faithful.key;
                match corruption {
                    Corruption::SurnameMissing | Corruption::BirthDateMissing => {
                        assert!(recorded.key.is_none());
                    }
                    Corruption::AccentsStripped | Corruption::CaseChanged => assert!(same_key),
                    Corruption::AdultClaimed => assert!(recorded.adult_claimed && !same_key),
                    Corruption::PlaceholderBirthDate | Corruption::BirthYearOff => {
                        assert!(!same_key)
                    }
                    _ => {}
                }
            }
        }
        for (corruption, times) in Corruption::ALL.into_iter().zip(made) {
            assert!(times > 20, "{} was made {times} times", corruption.word());
        }
    }

    #[test]
    fn a_minor_who_is_written_down_as_an_adult_is_18_or_more() {
        let (birth, on) = (Date::constant(2010, 2, 28), Date::constant(2025, 5, 1));
        assert_eq!(age_on(birth, on), 15);
        assert_eq!(age_on(on, on), 0);
        assert_eq!(age_on(Date::constant(2010, 5, 2), on), 14);
        let state = MadeUpState::new(&Plan::default()).unwrap();
        for seed in 0..200 {
            let chance = &mut Chance::of(seed, Stream::Record, 0);
            let mut draft = Draft {
                given: vec!["Ana".to_owned()],
                surname: vec!["Cruz".to_owned()],
                between: " ",
                other_names: Vec::new(),
                birth: Some(birth),
                gender: Some(0),
                adult_claimed: false,
            };
            assert!(draft.change_birth(Corruption::AdultClaimed, state.world, on, chance));
            assert!((18..=20).contains(&age_on(draft.birth.unwrap(), on)));
        }
    }
}
