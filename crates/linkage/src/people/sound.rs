//! How a name sounds, whatever the spelling or romanisation.
//!
//! In: a name folded to plain capitals. Out: a hash of its sounds ([`sound`]). After Soundex
//! (Russell 1918), with classes that join what the usual romanisations of one name differ in:
//! Wade-Giles and Pinyin (Chang, Zhang), Revised Romanization and McCune-Reischauer (Jeong, Chung),
//! Vietnamese without marks, Thai (Porn, Phon), Russian and Ukrainian (Yevgeny, Evgenii), Arabic
//! (Mohammed, Muhamad), and Spanish spelling (Vasquez, Bazques). Long names are told apart by
//! consonants alone; in names with at most two consonants the vowels count, or Li and Lu would be
//! one. Letters of Cyrillic are romanised first; other scripts are kept.
//!
//! Rules by hand from general knowledge of these systems, not from a corpus; how much the key is
//! worth in a file is measured there, like every other level of agreement.

use crate::people::intern::hash_bytes;

/// Cyrillic to Latin, from А to Я.
const CYRILLIC: [&str; 32] = [
    "A", "B", "V", "G", "D", "E", "ZH", "Z", "I", "Y", "K", "L", "M", "N", "O", "P", "R", "S", "T",
    "U", "F", "KH", "TS", "CH", "SH", "SHCH", "", "Y", "", "E", "YU", "YA",
];

/// Letters of Cyrillic as Latin ones; everything else as it is.
pub(crate) fn romanise(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            'А'..='Я' => {
                plain.push_str(CYRILLIC[(u32::from(letter) - u32::from('А')) as usize % 32])
            }
            'Ё' => plain.push('E'),
            'І' | 'Ї' => plain.push('I'),
            'Є' => plain.push_str("YE"),
            'Ґ' => plain.push('G'),
            _ => plain.push(letter),
        }
    }
    plain
}

/// A hash of how a name of plain capitals sounds.
pub(crate) fn sound(name: &str) -> u32 {
    let mut consonants = [0; 12];
    let mut all = [0; 16];
    let (mut consonant_count, mut all_count, mut last) = (0, 0, 0);
    let letters = name.as_bytes();
    let mut at = 0;
    while at < letters.len() && all_count < all.len() {
        let (class, taken) = class(letters, at);
        at += taken;
        if class == b'-' {
            continue;
        }
        let vowel = matches!(class, b'a' | b'i' | b'u');
        // Vowels that stand together count as the first of them, doubled consonants as one.
        let goes_on = if vowel { matches!(last, b'a' | b'i' | b'u') } else { last == class };
        last = class;
        if goes_on {
            continue;
        }
        all[all_count] = class;
        all_count += 1;
        if (!vowel || at == taken) && consonant_count < consonants.len() {
            // At the start it only counts that there is a vowel.
            consonants[consonant_count] = if vowel { b'v' } else { class };
            consonant_count += 1;
        }
    }
    let count = consonants[..consonant_count].iter().filter(|&&class| class != b'v').count();
    let key = if count <= 2 { &all[..all_count] } else { &consonants[..consonant_count] };
    hash_bytes(key) as u32
}

/// The class of the sound at a place, and how many letters it takes; `-` is silent.
fn class(letters: &[u8], at: usize) -> (u8, usize) {
    let here = letters[at];
    let next = letters.get(at + 1).copied().unwrap_or(0);
    let after = letters.get(at + 2).copied().unwrap_or(0);
    let soft = |letter: u8| matches!(letter, b'E' | b'I' | b'Y');
    match (here, next) {
        (b'S', b'C') if after == b'H' => (b's', 3),
        (b'S', b'H' | b'Z') => (b's', 2),
        (b'S', b'C') if soft(after) => (b's', 2),
        (b'T', b'C') if after == b'H' => (b'j', 3),
        (b'T', b'S' | b'Z') => (b'j', 2),
        (b'T', b'H') => (b't', 2),
        (b'C', b'H') if matches!(after, b'R' | b'L') => (b'k', 2),
        (b'C', b'H' | b'Z') | (b'Z', b'H') | (b'D', b'Z' | b'J') => (b'j', 2),
        (b'C', b'K') | (b'K', b'H') | (b'G', b'H') | (b'Q', b'U') => (b'k', 2),
        (b'C', _) if soft(next) => (b's', 1),
        (b'G', _) if soft(next) => (b'j', 1),
        (b'D', b'H') => (b't', 2),
        (b'P', b'H') | (b'B', b'H') => (b'p', 2),
        (b'N', b'G') if at == 0 || !is_vowel(after) => (b'n', 2),
        (b'N', b'H') => (b'n', 2),
        // Before a vowel it is part of it: Yevgeny and Evgeny, Wu and Woo.
        (b'Y', _) if is_vowel(next) && at > 0 => (b'-', 1),
        (b'E', b'O' | b'U') | (b'O', b'O' | b'U') => (b'u', 2),
        (b'A', b'E') => (b'i', 2),
        (b'W', _) if is_vowel(next) => (b'p', 1),
        (b'W' | b'H', _) => (b'-', 1),
        (b'B' | b'P' | b'V' | b'F', _) => (b'p', 1),
        (b'C' | b'K' | b'G' | b'Q', _) => (b'k', 1),
        (b'X', _) if at == 0 => (b's', 1),
        (b'X' | b'J', _) => (b'j', 1),
        (b'S' | b'Z', _) => (b's', 1),
        (b'D' | b'T', _) => (b't', 1),
        (b'L' | b'R', _) => (b'l', 1),
        (b'M', _) => (b'm', 1),
        (b'N', _) => (b'n', 1),
        (b'A', _) => (b'a', 1),
        (b'E' | b'I' | b'Y', _) => (b'i', 1),
        (b'O' | b'U', _) => (b'u', 1),
        (other, _) => (other, 1),
    }
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'A' | b'E' | b'I' | b'O' | b'U' | b'Y')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn romanisations_of_one_name_meet() {
        for (one, other) in [
            ("CHANG", "ZHANG"),
            ("LEE", "LI"),
            ("JEONG", "CHUNG"),
            ("PARK", "BARK"),
            ("PHON", "PON"),
            ("NGUYEN", "NGUYEN"),
            ("SHEVCHENKO", "SZEVCZENKO"),
            ("SERGEY", "SERGEI"),
            ("MOHAMMED", "MUHAMAD"),
            ("HUSSEIN", "HUSEYIN"),
            ("VASQUEZ", "BASQUES"),
            ("GONZALEZ", "GONSALES"),
            ("KHALED", "KALED"),
            ("PHILIP", "FILIP"),
            ("KRISTINA", "CHRISTINA"),
        ] {
            assert_eq!(sound(one), sound(other), "{one} {other}");
        }
        assert_eq!(sound(&romanise("ШЕВЧЕНКО")), sound("SHEVCHENKO"));
        for (one, other) in [("LI", "LU"), ("CHANG", "CHUNG"), ("MARIA", "MARTA"), ("ANA", "EVA")] {
            assert_ne!(sound(one), sound(other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn doubled_letters_change_nothing(name in "[BDFKLMNPRSTV]{1,3}[A-Z]{0,8}", at in 0usize..1) {
            let mut doubled = name.clone();
            doubled.insert(at, char::from(name.as_bytes()[at]));
            // But for what the doubled letter makes with the next one.
            if !matches!(&name[..1], "T" | "D" | "S" | "N" | "P" | "B" | "K") {
                prop_assert_eq!(sound(&name), sound(&doubled));
            }
        }

        #[test]
        fn nothing_panics(name in "\\PC{0,30}") {
            sound(&romanise(&name));
        }
    }
}
