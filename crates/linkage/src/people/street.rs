//! Street lines: the house number and the name of the street.
//!
//! In: a line as it was written. Out: the number, a hash of the normalised name, and one of how
//! its longest word sounds ([`Street`]). Kinds of streets are abbreviated as the United States
//! Postal Service does (Publication 28, appendix C1), directions to a letter; units ("Apt 4") are
//! dropped.

use crate::people::intern::hash_bytes;
use crate::people::sound::sound;

/// A street line; zeros are missing.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Street {
    pub(crate) number: u32,
    pub(crate) name: u32,
    pub(crate) sound: u32,
}

/// What a kind or direction of a street is written as; the last is what is kept.
const ABBREVIATED: &[(&str, &str)] = &[
    ("ALLEY", "ALY"),
    ("AVE", "AV"),
    ("AVENUE", "AV"),
    ("AVENIDA", "AV"),
    ("AVDA", "AV"),
    ("BOULEVARD", "BLVD"),
    ("CALLE", "ST"),
    ("CIRCLE", "CIR"),
    ("COURT", "CT"),
    ("CRESCENT", "CRES"),
    ("DRIVE", "DR"),
    ("DRV", "DR"),
    ("EAST", "E"),
    ("EXPRESSWAY", "EXPY"),
    ("HEIGHTS", "HTS"),
    ("HIGHWAY", "HWY"),
    ("LANE", "LN"),
    ("NORTH", "N"),
    ("PARKWAY", "PKWY"),
    ("PLACE", "PL"),
    ("PLAZA", "PLZ"),
    ("ROAD", "RD"),
    ("SAINT", "ST"),
    ("SOUTH", "S"),
    ("SQUARE", "SQ"),
    ("STR", "ST"),
    ("STREET", "ST"),
    ("TERRACE", "TER"),
    ("TRAIL", "TRL"),
    ("WEST", "W"),
];

const UNITS: &[&str] =
    &["APARTMENT", "APT", "BLDG", "FLAT", "FLOOR", "FL", "RM", "ROOM", "STE", "SUITE", "UNIT"];

/// Reads a street line.
pub(crate) fn street(line: &str) -> Street {
    let mut street = Street::default();
    let mut name = Vec::new();
    let mut longest = String::new();
    let upper = line.to_uppercase();
    let mut words = upper.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '#');
    for word in words.by_ref().filter(|word| !word.is_empty()) {
        if word.starts_with('#') || UNITS.contains(&word) {
            break;
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).take(9);
        let number = digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        if street.number == 0 && number > 0 && name.is_empty() && word.len() < 9 {
            street.number = number;
            continue;
        }
        let folded = crate::name::fold(word);
        let plain = if number > 0 { word } else { &folded };
        let short = ABBREVIATED.iter().find(|(long, _)| *long == plain).map(|(_, short)| *short);
        name.extend_from_slice(short.unwrap_or(plain).as_bytes());
        if short.is_none() && plain.len() > longest.len() {
            longest = plain.to_owned();
        }
    }
    if !name.is_empty() {
        street.name = hash_bytes(&name) as u32 | 1;
        street.sound = sound(&longest) | 1;
    }
    street
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_street_in_many_ways() {
        let plain = street("123 North Main Street");
        for line in ["123 N. Main St", "123 n main st., Apt 4", "123 NORTH MAIN STR #7"] {
            assert!(street(line) == plain, "{line}");
        }
        assert_eq!(plain.number, 123);
        assert!(street("123 Main St") != plain);
        assert_eq!(street("123 N Mainn St").sound, plain.sound);
        assert!(street("") == Street::default());
        // A numbered street is no house number.
        assert_eq!((street("12 5th Ave").number, street("Avenida Juárez 12").number), (12, 0));
    }

    proptest! {
        #[test]
        fn nothing_panics(line in "\\PC{0,40}") {
            street(&line);
        }
    }
}
