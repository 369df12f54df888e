//! The made-up world: every number and name that the simulation draws from.
//!
//! In: the files of `data/`, compiled in. Out: a [`World`], read and checked once. Assumes nothing:
//! a cell that cannot be used is a [`DataError`]. That the codes in it stand in the definitions
//! register is held by a test.

mod agencies;
mod case_tables;
mod people;
mod people_set;
mod rates;
mod work;

use std::sync::LazyLock;

pub(crate) use agencies::{AgencyRow, AreaRow, Role};
pub(crate) use case_tables::{
    CaseCountry, CaseTables, Contributor, ECONOMIES, Form, Likeness, Recruiter, Sector,
};
pub(crate) use people::{Country, GivenNames, NameList, Names, People};
pub(crate) use people_set::{City, PeopleSetWorld, SetAgency, Word};
pub(crate) use rates::{Chances, Numbers, Parameters, Profile, Rates};
pub(crate) use work::{Section, StatuteRow, Work};

use crate::error::DataError;

/// A true type of trafficking. That a record does not classify it is an error of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exploitation {
    Sex,
    Labor,
    Both,
}

/// Something for each true type.
#[derive(Debug, Clone)]
pub(crate) struct ByType<T>(pub(crate) [T; 3]);

/// Everything that is drawn from.
pub(crate) struct World {
    pub(crate) parameters: Parameters,
    pub(crate) chances: Chances,
    pub(crate) rates: Rates,
    pub(crate) numbers: Numbers,
    pub(crate) people: People,
    pub(crate) names: Names,
    pub(crate) work: Work,
    pub(crate) people_set: PeopleSetWorld,
    pub(crate) cases: CaseTables,
}

impl Exploitation {
    pub(crate) const ALL: [Exploitation; 3] =
        [Exploitation::Sex, Exploitation::Labor, Exploitation::Both];

    /// Its code in the definitions register.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Exploitation::Sex => "sex",
            Exploitation::Labor => "labor",
            Exploitation::Both => "both",
        }
    }

    fn read(text: &str) -> Option<Exploitation> {
        Exploitation::ALL.into_iter().find(|known| known.code() == text)
    }
}

impl<T> ByType<T> {
    pub(crate) fn of(&self, exploitation: Exploitation) -> &T {
        &self.0[exploitation as usize]
    }
}

impl World {
    fn read() -> Result<World, DataError> {
        Ok(World {
            parameters: Parameters::read()?,
            chances: Chances::read()?,
            rates: Rates::read()?,
            numbers: Numbers::read()?,
            people: People::read()?,
            names: Names::read()?,
            work: Work::read()?,
            people_set: PeopleSetWorld::read()?,
            cases: CaseTables::read()?,
        })
    }

    /// The compiled-in world.
    pub(crate) fn get() -> Result<&'static World, DataError> {
        static WORLD: LazyLock<Result<World, DataError>> = LazyLock::new(World::read);
        WORLD.as_ref().map_err(Clone::clone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_form_a_world() {
        if let Err(error) = World::get() {
            panic!("{error}");
        }
    }
}
