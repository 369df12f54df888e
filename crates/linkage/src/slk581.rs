//! The statistical linkage key SLK-581.
//!
//! In: names, date of birth and sex as an agency recorded them. Out: fourteen characters
//! ([`Slk581`]), or which part is missing ([`NoKey`]).
//!
//! Source: Australian Institute of Health and Welfare, "Statistical linkage key 581 cluster"
//! (METeOR; not at hand when this was written: the rules are from general knowledge). The 2nd, 3rd
//! and 5th letter of the family name, the 2nd and 3rd letter of the given name, the date of birth
//! as DDMMYYYY, and the sex. What is no letter does not count as a position; a position beyond the
//! end of a short name is `2`.
//!
//! Where the institute writes `999` or `99` for a name that is missing, no key is made: everybody
//! without a name who was born on the same day would be one person.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::name::fold;

/// The sex of the key, by the codes of the institute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// `1`.
    Male,
    /// `2`.
    Female,
    /// `9`: neither of the two was stated.
    NotStated,
}

impl Sex {
    /// The sex of a code: `1`, `2`; anything else is not stated.
    pub fn from_code(code: &str) -> Sex {
        match code {
            "1" => Sex::Male,
            "2" => Sex::Female,
            _ => Sex::NotStated,
        }
    }

    fn code(self) -> char {
        match self {
            Sex::Male => '1',
            Sex::Female => '2',
            Sex::NotStated => '9',
        }
    }
}

/// Why a record makes no key: the first part that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum NoKey {
    /// There is no letter of a family name.
    #[error("no family name is recorded")]
    FamilyName,
    /// There is no letter of a given name.
    #[error("no given name is recorded")]
    GivenName,
    /// There is no date of birth, or it is no day of the calendar.
    #[error("no date of birth is recorded")]
    BirthDate,
}

/// A statistical linkage key: five letters, a date of birth and a sex. It is about a person; it has
/// no `Display`, its `Debug` withholds it, and it is wiped when it is dropped. Only
/// [`crate::LinkageKey::encode`] reads it.
///
/// ```compile_fail
/// let slk = linkage::Slk581::new("Practice", "Mila", "1999-02-03", linkage::Sex::Female)?;
/// println!("{slk}");
/// # Ok::<(), linkage::NoKey>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Slk581(String);

impl Slk581 {
    /// Makes the key of a person; the date of birth as `YYYY-MM-DD`.
    ///
    /// # Errors
    ///
    /// [`NoKey`] when a part is missing.
    pub fn new(
        family_name: &str,
        given_name: &str,
        birth_date: &str,
        sex: Sex,
    ) -> Result<Slk581, NoKey> {
        let family_name = Some(fold(family_name)).filter(|name| !name.is_empty());
        let family_name = family_name.ok_or(NoKey::FamilyName)?;
        let given_name = Some(fold(given_name)).filter(|name| !name.is_empty());
        let given_name = given_name.ok_or(NoKey::GivenName)?;
        let birth_date = day_month_year(birth_date).ok_or(NoKey::BirthDate)?;
        // Five letters of at most four bytes, eight digits and one: it is never moved.
        let mut key = String::with_capacity(32);
        key.extend([2, 3, 5].map(|place| letter(&family_name, place)));
        key.extend([2, 3].map(|place| letter(&given_name, place)));
        key.push_str(&birth_date);
        key.push(sex.code());
        Ok(Slk581(key))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Slk581 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[withheld]")
    }
}

impl Drop for Slk581 {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The letter at a place, counted from 1; `2` beyond the end of the name.
fn letter(name: &str, place: usize) -> char {
    name.chars().nth(place - 1).unwrap_or('2')
}

/// `YYYY-MM-DD` as `DDMMYYYY`, when it is a day.
fn day_month_year(iso: &str) -> Option<Zeroizing<String>> {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let [year, month, day] = <[&str; 3]>::try_from(iso.split('-').collect::<Vec<_>>()).ok()?;
    if (year.len(), month.len(), day.len()) != (4, 2, 2)
        || ![year, month, day].map(digits).iter().all(|&d| d)
    {
        return None;
    }
    let (y, m, d): (u16, u8, u8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let leap = y.is_multiple_of(4) && (!y.is_multiple_of(100) || y.is_multiple_of(400));
    let days = match m {
        2 => 28 + u8::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&d).then(|| Zeroizing::new([day, month, year].concat()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slk(family: &str, given: &str, birth: &str, sex: Sex) -> String {
        Slk581::new(family, given, birth, sex).unwrap().0.clone()
    }

    /// The names are those by which the institute's guide explains its rules (from general
    /// knowledge): Smith, Jones; the short names Wu and Lu; Lee-Archer, O'Mara and De Vries, whose
    /// hyphen, apostrophe and blank do not count.
    #[test]
    fn names_of_the_institutes_guide() {
        for (family, given, letters) in [
            ("Smith", "John", "MIHOH"),
            ("Jones", "Ann", "ONSNN"),
            ("Lee-Archer", "Jo", "EERO2"),
            ("O'Mara", "Mary", "MAAAR"),
            ("De Vries", "Jan", "EVIAN"),
            ("Wu", "Li", "U22I2"),
            ("Wu", "J", "U2222"),
            ("Hua", "Bo", "UA2O2"),
        ] {
            let expected = format!("{letters}030219992");
            assert_eq!(slk(family, given, "1999-02-03", Sex::Female), expected, "{family}");
        }
    }

    #[test]
    fn the_sex_is_the_last_character() {
        let of = |sex| slk("Smith", "John", "2001-12-31", sex);
        assert_eq!(of(Sex::Male), "MIHOH311220011");
        assert_eq!(of(Sex::from_code("2")), "MIHOH311220012");
        assert_eq!(of(Sex::from_code("nonbinary")), "MIHOH311220019");
    }

    #[test]
    fn without_a_part_there_is_no_key() {
        let of = |family, given, birth| Slk581::new(family, given, birth, Sex::Male).err();
        assert_eq!(of("", "Ana", "1999-02-03"), Some(NoKey::FamilyName));
        assert_eq!(of(" - ", "Ana", "1999-02-03"), Some(NoKey::FamilyName));
        assert_eq!(of("Li", "?", "1999-02-03"), Some(NoKey::GivenName));
        for birth in [
            "",
            "1999",
            "03/02/1999",
            "1999-2-3",
            "1999-02-30",
            "1900-02-29",
            "1999-13-01",
            "+999-01-01",
            "1999-00-10",
            "1999-01-00",
            "1999-01-01-01",
        ] {
            assert_eq!(of("Li", "Ana", birth), Some(NoKey::BirthDate), "{birth}");
        }
        assert_eq!(of("Li", "Ana", "2000-02-29"), None);
    }

    #[test]
    fn debug_does_not_show_it() {
        let slk = Slk581::new("Practice", "Mila", "1999-02-03", Sex::Female);
        assert_eq!(format!("{slk:?}"), "Ok([withheld])");
    }

    proptest! {
        /// Whatever is typed, there is a key of five letters, eight digits and a sex, or a reason.
        #[test]
        fn always_fourteen_characters(family in "\\PC{0,12}", given in "\\PC{0,12}", birth in "\\PC{0,10}|[0-9]{4}-[0-9]{2}-[0-9]{2}") {
            if let Ok(slk) = Slk581::new(&family, &given, &birth, Sex::NotStated) {
                prop_assert_eq!(slk.0.chars().count(), 14);
                prop_assert!(slk.0.len() <= 32);
                prop_assert!(slk.0.chars().skip(5).all(|c| c.is_ascii_digit()));
            }
        }
    }
}
