//! How two people agree, in words for a reviewer: never what is written in a field.

use crate::compare::{BIRTH, Comparison, MIDDLE, NAME, NameLevels, ORIGIN, contact};

const GIVEN: [&str; 12] = [
    "missing",
    "different",
    "first letter",
    "a letter apart",
    "sounds alike or nickname",
    "one of several",
    "alias",
    "aliases agree",
    "changed places with the surname",
    "same, common",
    "same",
    "same, rare",
];
const SURNAME: [&str; 10] = [
    "missing",
    "different",
    "a letter apart",
    "sounds alike",
    "one of two, common",
    "one of two",
    "two words agree",
    "same, common",
    "same",
    "same, rare",
];
const SEX: [&str; 3] = ["missing", "same", "different"];
const BIRTH_DATE: [&str; 13] = [
    "missing",
    "years differ",
    "years one apart",
    "same year",
    "different",
    "within a year",
    "another year, day near",
    "another year, same day",
    "same year, day or month",
    "one digit wrong",
    "day and month swapped",
    "same, a day written often",
    "same",
];
const PHONE: [&str; 6] = [
    "missing",
    "different",
    "one digit wrong",
    "same, shared widely",
    "same, shared by some",
    "same",
];
const ADDRESS: [&str; 11] = [
    "missing",
    "another town",
    "same town",
    "same postcode",
    "another town",
    "same town, another street",
    "same postcode, another street",
    "nearly the same",
    "same, shared widely",
    "same, shared by some",
    "same",
];
const THREE: [&str; 4] = ["missing", "different", "same", "same, rare"];

/// Each field and how the two agree in it.
pub(crate) fn in_words(pair: &Comparison) -> Vec<(&'static str, &'static str)> {
    let cell = |field: usize| usize::from(pair.cells[field]);
    let name = NameLevels::of(cell(NAME));
    let contact = cell(crate::compare::CONTACT);
    let word =
        |words: &[&'static str], level: usize| words.get(level).copied().unwrap_or("missing");
    vec![
        ("given_name", word(&GIVEN, name.given)),
        ("middle_name", word(&THREE, cell(MIDDLE))),
        ("surname", word(&SURNAME, name.surname)),
        ("sex", word(&SEX, name.sex)),
        ("birth_date", word(&BIRTH_DATE, cell(BIRTH))),
        ("phone", word(&PHONE, contact / contact::ADDRESS_LEVELS)),
        ("address", word(&ADDRESS, contact % contact::ADDRESS_LEVELS)),
        ("origin", word(&THREE, cell(ORIGIN) / 4)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{birth, contact, given, surname};

    #[test]
    fn every_level_has_a_word() {
        assert_eq!((GIVEN.len(), SURNAME.len()), (given::LEVELS, surname::LEVELS));
        assert_eq!(BIRTH_DATE.len(), birth::LEVELS);
        assert_eq!(PHONE.len(), contact::PHONE_LEVELS);
        assert_eq!(ADDRESS.len(), contact::ADDRESS_LEVELS);
    }
}
