//! The input of the statistical linkage key SLK-581, to measure how often two records of one
//! person still agree.
//!
//! In: a recorded name, birth date and sex. Out: [`LinkageKey`], or none where a part is missing.
//! Source: SLK-581, Australian Institute of Health and Welfare: letters 2, 3 and 5 of the surname,
//! letters 2 and 3 of the given name, date of birth, sex; "2" for a letter that a short name lacks.

use std::fmt;

use jiff::civil::Date;

use crate::world::Names;

/// What SLK-581 is made from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct LinkageKey {
    letters: [u8; 5],
    birth: Date,
    sex: u8,
}

impl fmt::Debug for LinkageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkageKey([withheld])")
    }
}

/// The key of a record; none without a surname, a given name or a birth date.
pub(crate) fn linkage_key(
    names: &Names,
    given: &str,
    surname: &str,
    birth: Option<Date>,
    sex: u8,
) -> Option<LinkageKey> {
    let [_, second, third, _, fifth] = first_letters(names, surname)?;
    let [_, given_second, given_third, ..] = first_letters(names, given)?;
    let letters = [second, third, fifth, given_second, given_third];
    Some(LinkageKey { letters, birth: birth?, sex })
}

/// The first five letters in plain capitals, "2" where there is none; nothing when there is no
/// letter at all.
fn first_letters(names: &Names, text: &str) -> Option<[u8; 5]> {
    let mut letters = [b'2'; 5];
    let mut count = 0;
    let mut push = |letter: char| {
        if letter.is_ascii_alphabetic() && count < letters.len() {
            letters[count] = letter.to_ascii_uppercase() as u8;
            count += 1;
        }
    };
    for letter in text.chars().flat_map(char::to_lowercase) {
        match names.plain_letters.get(&letter) {
            Some(plain) => plain.chars().for_each(&mut push),
            None => push(letter),
        }
    }
    (count > 0).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    #[test]
    fn letters_are_those_of_the_standard() {
        let names = &World::get().unwrap().names;
        let birth = Some(Date::constant(2007, 3, 9));
        let key = |given, surname| linkage_key(names, given, surname, birth, 2);
        assert_eq!(key("Ana", "García López").map(|k| k.letters), Some(*b"ARINA"));
        assert_eq!(key("Jo", "Ng").map(|k| k.letters), Some(*b"G22O2"));
        assert_eq!(key("Mỹ Linh", "O'Brien").map(|k| k.letters), Some(*b"BREYL"));
        assert_eq!(key("ANA", "GARCIA LOPEZ"), key("Ana", "García-López"));
        assert_eq!(key("Ana", ""), None);
        assert_eq!(linkage_key(names, "Ana", "García", None, 2), None);
    }
}
