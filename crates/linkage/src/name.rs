//! Names folded to plain letters, so that the same name written in two ways reads the same.
//!
//! In: a name as an agency recorded it. Out: its letters in upper case; Latin letters without
//! accents (é→E, ñ→N, ø→O, đ→D, ß→SS, ễ→E), precomposed or followed by combining marks, also in
//! full width. Hyphens, apostrophes, ʻokina, blanks, digits and everything else that is no letter
//! are dropped. Letters of other scripts stay what they are: nothing is transliterated, so a name
//! in Cyrillic and its Latin spelling do not meet.

use zeroize::Zeroizing;

/// The letters from U+00C0 to U+024F (Latin-1 Supplement, Latin Extended-A and -B), one character
/// each: `+` stands for a letter of [`TWO_LETTERS`], `?` for what has no Latin letter behind it.
const FROM_00C0: &str = "\
AAAAAA+CEEEEIIIIDNOOOOO?OUUUUY++AAAAAA+CEEEEIIIIDNOOOOO?OUUUUY+YAAAAAACCCCCCCCDD\
DDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIII++JJKKKLLLLLLLLLLNNNNNNNNNOOOOOO++RRRRRRSSSSSS\
SSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZSBBBB??OCCDDDDDEEEFFGG+IIKKLLMNNOOO++PPR??SSTTTTU\
UUVYYZZZZZZ????W????+++++++++AAIIOOUUUUUUUUUUEAAAA++GGGGKKOOOOZZJ+++GG+WNNAA++OO\
AAAAEEEEIIIIOOOORRRRUUUUSSTTYYHHND++ZZAAEEOOOOOOOOYYLNTJ++ACCLTSZ??BUVEEJJQQRRYY";

/// The letters from U+1E00 to U+1EFF (Latin Extended Additional, all of Vietnamese), likewise.
const FROM_1E00: &str = "\
AABBBBBBCCDDDDDDDDDDEEEEEEEEEEFFGGHHHHHHHHHHIIIIKKKKKKLLLLLLLLMMMMMMNNNNNNNNOOOO\
OOOOPPPPRRRRRRRRSSSSSSSSSSTTTTTTTTUUUUUUUUUUVVVVWWWWWWWWWWXXXXYYZZZZZZHTWYASSS+D\
AAAAAAAAAAAAAAAAAAAAAAAAEEEEEEEEEEEEEEEEIIIIOOOOOOOOOOOOOOOOOOOOOOOOUUUUUUUUUUUU\
UUYYYYYYYY++VVYY";

/// Letters that are written as two.
const TWO_LETTERS: [(&str, &str); 14] = [
    ("ÆæǢǣǼǽ", "AE"),
    ("Þþ", "TH"),
    ("ßẞ", "SS"),
    ("Œœ", "OE"),
    ("Ĳĳ", "IJ"),
    ("ƕǶ", "HV"),
    ("Ƣƣ", "OI"),
    ("ǄǅǆǱǲǳ", "DZ"),
    ("Ǉǈǉ", "LJ"),
    ("Ǌǋǌ", "NJ"),
    ("Ȣȣ", "OU"),
    ("ȸ", "DB"),
    ("ȹ", "QP"),
    ("Ỻỻ", "LL"),
];

/// The letters of a name, in upper case and without accents.
pub(crate) fn fold(name: &str) -> Zeroizing<String> {
    // Two letters for one, or an upper case of three: room enough never to move what is secret.
    let mut letters = Zeroizing::new(String::with_capacity(name.len() * 3));
    for c in name.chars().flat_map(char::to_uppercase) {
        if let Some(plain) = latin(c) {
            letters.push(plain);
        } else if let Some((_, two)) = TWO_LETTERS.iter().find(|(one, _)| one.contains(c)) {
            letters.push_str(two);
        } else if c.is_alphabetic() && !is_mark(c) {
            letters.push(c);
        }
    }
    letters
}

/// The plain Latin letter behind a letter, when it is one.
fn latin(c: char) -> Option<char> {
    let in_table = |table: &str, first: u32| {
        let at = usize::try_from(u32::from(c).checked_sub(first)?).ok()?;
        table.as_bytes().get(at).map(|&plain| char::from(plain))
    };
    let plain = match c {
        'A'..='Z' | 'a'..='z' => c.to_ascii_uppercase(),
        '\u{00C0}'..='\u{024F}' => in_table(FROM_00C0, 0x00C0)?,
        '\u{1E00}'..='\u{1EFF}' => in_table(FROM_1E00, 0x1E00)?,
        '\u{FF21}'..='\u{FF3A}' => char::from_u32(u32::from(c) - 0xFF21 + u32::from('A'))?,
        '\u{FF41}'..='\u{FF5A}' => char::from_u32(u32::from(c) - 0xFF41 + u32::from('A'))?,
        _ => return None,
    };
    plain.is_ascii_uppercase().then_some(plain)
}

/// Combining marks, and the letter-like apostrophes: Unicode counts some of them as alphabetic.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{02B0}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{A788}'..='\u{A78C}' | 'ª' | 'º')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_tables_reach_from_end_to_end() {
        assert_eq!(FROM_00C0.len(), 0x0250 - 0x00C0);
        assert_eq!(FROM_1E00.len(), 0x1F00 - 0x1E00);
        let two = FROM_00C0.bytes().chain(FROM_1E00.bytes()).filter(|&b| b == b'+').count();
        assert_eq!(two, TWO_LETTERS.iter().map(|(one, _)| one.chars().count()).sum::<usize>());
    }

    #[test]
    fn names_as_people_write_them() {
        for (name, folded) in [
            ("José", "JOSE"),
            ("Jose\u{301}", "JOSE"),
            ("Muñoz", "MUNOZ"),
            ("Sørensen", "SORENSEN"),
            ("Đặng", "DANG"),
            ("Nguyễn", "NGUYEN"),
            ("Weiß", "WEISS"),
            ("Łukasz", "LUKASZ"),
            ("Þórðr", "THORDR"),
            ("Şahin İpek ı", "SAHINIPEKI"),
            ("de la Cruz", "DELACRUZ"),
            ("Lee-Archer", "LEEARCHER"),
            ("O’Mara", "OMARA"),
            ("Kaʻiulani", "KAIULANI"),
            ("ＭＩＬＡ", "MILA"),
            ("иванова", "ИВАНОВА"),
            ("王 小明", "王小明"),
            ("  (?) 12 ", ""),
        ] {
            assert_eq!(fold(name).as_str(), folded, "{name}");
        }
    }

    /// A letter of the Latin ranges, or a part of a name.
    fn letters() -> impl Strategy<Value = String> {
        prop_oneof!["[A-Za-zÀ-ɏḀ-ỿ]{0,12}", "[ '’\\-A-Za-z\u{300}-\u{36f}]{0,12}"]
    }

    proptest! {
        /// How a name is cased cannot matter.
        #[test]
        fn case_changes_nothing(name in letters()) {
            prop_assert_eq!(fold(&name.to_lowercase()), fold(&name.to_uppercase()));
        }

        /// What is folded is folded.
        #[test]
        fn folding_twice_changes_nothing(name in "\\PC{0,20}") {
            let once = fold(&name);
            prop_assert_eq!(fold(&once), once);
        }

        /// Blanks, hyphens, apostrophes and combining marks anywhere cannot matter.
        #[test]
        fn separators_change_nothing(name in "[a-zé]{1,10}", at in 0usize..10, with in "[ '’ʻ\\-\u{301}]") {
            let at = name.char_indices().nth(at).map_or(name.len(), |(at, _)| at);
            let apart = format!("{}{with}{}", &name[..at], &name[at..]);
            prop_assert_eq!(fold(&apart), fold(&name));
        }
    }
}
