//! Text as the typefaces can print it.
//!
//! In: any text. Out: text that every face can print. Line breaks, tabs and other spaces become
//! spaces; invisible marks of direction and joining are left out; any other character that the
//! faces lack is written as its code point, `[U+1F600]`, and counted in [`Printer::replaced`].
//! PDF/UA forbids a glyph that stands for nothing, so without this one emoji would stop a report.

use std::collections::BTreeSet;

use crate::typefaces;

/// Beyond so many characters without a place to break, a word gets some.
const LONG_WORD: usize = 24;
/// So many characters stand between two such places.
const PIECE: usize = 12;
/// A place to break that is not seen.
const BREAK: char = '\u{200B}';

/// Makes text fit to print, and keeps what it had to replace.
#[derive(Debug, Default)]
pub(crate) struct Printer {
    /// Characters that were written as code points.
    pub(crate) replaced: BTreeSet<char>,
}

impl Printer {
    /// Text as it can be printed, with places to break in words too long for a column.
    pub(crate) fn text(&mut self, text: &str) -> String {
        breakable(&self.plain(text))
    }

    /// Text as it can be printed, with nothing put in: for titles, which are also metadata, and
    /// for what lies within a drawing.
    pub(crate) fn plain(&mut self, text: &str) -> String {
        let mut printed = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                _ if is_space(character) => printed.push(' '),
                _ if is_invisible(character) => {}
                _ if !character.is_control() && typefaces::has(character) => {
                    printed.push(character);
                }
                _ => {
                    self.replaced.insert(character);
                    printed.push_str(&format!("[U+{:04X}]", u32::from(character)));
                }
            }
        }
        printed
    }
}

/// Text that is only heard: any script, but no control character and no noncharacter.
pub(crate) fn spoken(text: &str) -> String {
    text.chars()
        .filter(|c| !is_invisible(*c) && u32::from(*c) & 0xFFFE != 0xFFFE)
        .map(|c| if is_space(c) || c.is_control() { ' ' } else { c })
        .collect()
}

/// Blanks of every width; a no-break space stays what it is.
fn is_space(character: char) -> bool {
    character != '\u{A0}' && character.is_whitespace()
}

/// Marks that have no shape of their own: joiners, directions, variants.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0000}'..='\u{E0FFF}')
}

fn breakable(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    for piece in text.split_inclusive(' ') {
        let long = piece.chars().count() > LONG_WORD;
        let mut since = 0;
        for character in piece.chars() {
            // Never before an accent that stands on what is before it.
            if long && since >= PIECE && character.is_alphanumeric() {
                broken.push(BREAK);
                since = 0;
            }
            broken.push(character);
            since += 1;
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> (String, String) {
        let mut printer = Printer::default();
        (printer.plain(text), printer.replaced.iter().collect())
    }

    #[test]
    fn what_the_faces_have_stays_and_what_they_lack_is_named() {
        assert_eq!(printed("Año #1 [\"$x\\\"]*"), ("Año #1 [\"$x\\\"]*".into(), "".into()));
        assert_eq!(printed("a😀b"), ("a[U+1F600]b".into(), "😀".into()));
        assert_eq!(printed("a\u{7}b"), ("a[U+0007]b".into(), "\u{7}".into()));
    }

    #[test]
    fn breaks_become_spaces_and_marks_of_direction_are_left_out() {
        assert_eq!(printed("a\n\tb\u{2003}c"), ("a  b c".into(), "".into()));
        assert_eq!(printed("cod\u{202E}exe.\u{2069}"), ("codexe.".into(), "".into()));
    }

    #[test]
    fn only_a_long_word_gets_places_to_break() {
        let mut printer = Printer::default();
        assert_eq!(printer.text("a short sentence of words"), "a short sentence of words");
        let long = printer.text(&"x".repeat(40));
        assert_eq!(long.matches(BREAK).count(), 3);
        assert_eq!(long.replace(BREAK, ""), "x".repeat(40));
    }

    #[test]
    fn what_is_heard_may_be_of_any_script() {
        assert_eq!(spoken("人口 😀\u{0}\n\u{FFFF}"), "人口 😀  ");
    }
}
