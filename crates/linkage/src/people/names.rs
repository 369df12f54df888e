//! Names, each distinct one normalised once.
//!
//! In: the distinct cells of the columns of names. Out: [`Names`]: for each cell up to three words
//! without particles ("de la", "bin", "van", "Jr") and the word they make together, so that "Min-ji",
//! "Min Ji" and "Minji" are one; for each distinct word its letters, sound and nickname groups, so
//! that two people are compared by numbers first and by letters last.

use rayon::prelude::*;

use crate::name::fold;
use crate::people::intern::Interner;
use crate::people::nickname::{GROUPS, Nicknames};
use crate::people::sound::{romanise, sound};

/// Words of a name that are kept.
pub(crate) const WORDS: usize = 3;

/// Letters of a word that are compared.
pub(crate) const LETTERS: usize = 20;

/// No word.
pub(crate) const NONE: u32 = 0;

/// Words that say nothing of who it is.
const PARTICLES: &[&str] = &[
    "DE", "LA", "LAS", "LOS", "DEL", "Y", "E", "DA", "DO", "DOS", "DAS", "DI", "VAN", "VON", "DER",
    "DEN", "TER", "BIN", "BINT", "IBN", "BEN", "AL", "EL", "UL", "JR", "SR", "II", "III", "IV",
];

/// A name as numbers of words; [`NONE`] where there is none.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// All words together.
    pub(crate) whole: u32,
    /// The words, one after the other.
    pub(crate) words: [u32; WORDS],
}

/// A word.
#[derive(Clone, Copy, Default)]
pub(crate) struct Word {
    /// The first letters, then zeros.
    pub(crate) letters: [u8; LETTERS],
    /// How many letters are kept.
    pub(crate) length: u8,
    /// A bit for each letter that is in it.
    pub(crate) mask: u32,
    /// How it sounds.
    pub(crate) sound: u32,
    /// The groups of nicknames it is in; 0 is none.
    pub(crate) groups: [u16; GROUPS],
}

/// All names of a table. Number 0 is the missing name and the missing word.
pub(crate) struct Names {
    pub(crate) names: Vec<Name>,
    pub(crate) words: Vec<Word>,
}

impl Names {
    /// Normalises each of the distinct cells; cell 0 is the empty one.
    pub(crate) fn new(cells: &Interner) -> Names {
        let mut interner = Interner::default();
        interner.number(b"");
        let mut names = Vec::with_capacity(cells.len());
        // Splitting and folding is most of the work and is done by all threads; the numbers are
        // given in order. So many at once, because words by themselves take room.
        const AT_ONCE: usize = 1 << 14;
        for from in (0..cells.len()).step_by(AT_ONCE) {
            let cells_at_once = from as u32..cells.len().min(from + AT_ONCE) as u32;
            let split: Vec<Vec<String>> = cells_at_once
                .into_par_iter()
                .map(|cell| split(&String::from_utf8_lossy(cells.text(cell))))
                .collect();
            names.extend(split.iter().map(|words| {
                let mut name = Name::default();
                for (number, word) in name.words.iter_mut().zip(words) {
                    *number = interner.number(word.as_bytes());
                }
                name.whole = match words.len() {
                    0 | 1 => name.words[0],
                    _ => interner.number(words.concat().as_bytes()),
                };
                name
            }));
        }
        let nicknames = Nicknames::built_in();
        let words = (0..interner.len() as u32)
            .into_par_iter()
            .map(|number| word(interner.text(number), &nicknames))
            .collect();
        Names { names, words }
    }
}

/// The words of a name in plain capitals, without particles unless there is nothing else.
fn split(name: &str) -> Vec<String> {
    let separates =
        |c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '–' | '/' | ',' | '.' | ';' | '_');
    let all: Vec<String> = name
        .split(separates)
        .map(|word| romanise(&fold(word)))
        .filter(|word| !word.is_empty())
        .collect();
    let telling: Vec<String> =
        all.iter().filter(|word| !PARTICLES.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

fn word(text: &[u8], nicknames: &Nicknames) -> Word {
    let mut word = Word::default();
    if text.is_empty() {
        return word;
    }
    let length = text.len().min(LETTERS);
    word.letters[..length].copy_from_slice(&text[..length]);
    word.length = length as u8;
    word.mask = text.iter().fold(0, |mask, letter| mask | 1 << (letter & 31));
    let text = String::from_utf8_lossy(text);
    word.sound = sound(&text) | 1;
    word.groups = nicknames.groups(&text);
    word
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(cells: &[&str]) -> Names {
        let mut interner = Interner::default();
        interner.number(b"");
        for cell in cells {
            interner.number(cell.as_bytes());
        }
        Names::new(&interner)
    }

    #[test]
    fn one_name_in_many_ways() {
        let names = of(&[
            "Min-ji",
            "MIN JI",
            "Minji",
            "de la Cruz",
            "Cruz",
            "Do",
            "Шевченко",
            "Shevchenko",
            "?",
        ])
        .names;
        assert_eq!(names[1].whole, names[2].whole);
        assert_eq!(names[1].whole, names[3].whole);
        assert_eq!(names[4].whole, names[5].whole);
        assert_ne!(names[6].whole, NONE);
        assert_eq!(names[7].whole, names[8].whole);
        assert!(names[9] == Name::default());
        assert!(names[0] == Name::default());
    }

    proptest! {
        #[test]
        fn nothing_panics(name in "\\PC{0,60}") {
            of(&[&name]);
        }
    }
}
