//! A person's cells to tokens that stand typing errors.
//!
//! In: the cells of a person as they were typed. Out: for each part of a person (given name,
//! surname, birth date, …) its tokens with weights, and one coarse word for exact keys. A part
//! that is missing has none.
//!
//! Names are folded ([`crate::name`]) and cut into words without particles; every word is its
//! bigrams, its sound and its plain form, so a typing error, another spelling and a nickname each
//! leave most of it standing. Surnames are a bag of words: order and hyphens do not count. Day and
//! month are in the date twice, with and without saying which is which, so that swapping them
//! costs half of what another day would.

use zeroize::Zeroizing;

use super::birth::Birth;
use super::words::{given_form, is_particle, sound};
use crate::name::fold;

/// A person's cells, as typed; empty is missing. Wiped by whoever owns them.
#[derive(Clone, Copy, Default)]
pub struct PersonCells<'r> {
    /// Given name or names.
    pub given_name: &'r str,
    /// Surname or surnames.
    pub surname: &'r str,
    /// Other names, separated by `;`.
    pub alias: &'r str,
    /// `F`, `M` or `X`.
    pub sex: &'r str,
    /// `YYYY-MM-DD` or `YYYY`.
    pub birth_date: &'r str,
    /// A phone number.
    pub phone: &'r str,
    /// House number and street.
    pub street: &'r str,
    /// Five digits, or nine.
    pub zip: &'r str,
}

impl std::fmt::Debug for PersonCells<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[withheld]")
    }
}

impl<'r> PersonCells<'r> {
    /// The cells with the names of their columns.
    pub(super) fn columns(&self) -> [(&'static str, &'r str); 8] {
        [
            ("given_name", self.given_name),
            ("surname", self.surname),
            ("alias", self.alias),
            ("sex", self.sex),
            ("birth_date", self.birth_date),
            ("phone", self.phone),
            ("street", self.street),
            ("zip", self.zip),
        ]
    }

    /// How each of the names sounds, given names first; none twice.
    pub(super) fn any_names(&self) -> Vec<Zeroizing<String>> {
        let mut names: Vec<Zeroizing<String>> = Vec::new();
        let mut of = |cell: &str, most: usize| {
            for word in words(cell).iter().take(most) {
                let sound = sound(&given_form(word));
                if sound.len() > 1 && !names.contains(&sound) {
                    names.push(sound);
                }
            }
        };
        of(self.given_name, 1);
        of(self.surname, 2);
        of(self.alias, 2);
        of(self.given_name, 2);
        names
    }

    /// Given names and aliases with surnames, each two in the order of the alphabet: the first of
    /// each, then the second surname, the first alias, the second given name.
    pub(super) fn two_names(&self, form: fn(&str) -> Zeroizing<String>) -> Vec<Zeroizing<String>> {
        let forms = |cell: &str| -> Vec<Zeroizing<String>> {
            let long = |word: &&Zeroizing<String>| word.chars().nth(1).is_some();
            words(cell).iter().filter(long).take(2).map(|word| form(&given_form(word))).collect()
        };
        let (given, surnames, aliases) =
            (forms(self.given_name), forms(self.surname), forms(self.alias));
        let two = |one: Option<&Zeroizing<String>>, other: Option<&Zeroizing<String>>| {
            let (one, other) = (one?.as_str(), other?.as_str());
            Some(Zeroizing::new([one.min(other), " ", one.max(other)].concat()))
        };
        let names = [
            two(given.first(), surnames.first()),
            two(given.first(), surnames.get(1)),
            two(aliases.first(), surnames.first()),
            two(given.get(1), surnames.first()),
        ];
        names.into_iter().flatten().collect()
    }
}

/// A part of a person: what one cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Part {
    Given,
    Surname,
    Sex,
    Birth,
    Phone,
    Street,
    Zip,
}

/// Text of a token, and how much of the part's bits it gets.
pub(super) type WeightedToken = (Zeroizing<String>, u32);

impl Part {
    /// The cell that says it.
    pub(super) fn cell<'r>(self, person: &PersonCells<'r>) -> &'r str {
        match self {
            Part::Given => person.given_name,
            Part::Surname => person.surname,
            Part::Sex => person.sex,
            Part::Birth => person.birth_date,
            Part::Phone => person.phone,
            Part::Street => person.street,
            Part::Zip => person.zip,
        }
    }

    /// The tokens of a cell, or none when it says nothing.
    pub(super) fn tokens(self, cell: &str) -> Vec<WeightedToken> {
        match self {
            Part::Given => given_tokens(cell),
            Part::Surname => surname_tokens(cell),
            Part::Sex => sex(cell).map(|sex| (token("x", sex), 1)).into_iter().collect(),
            Part::Birth => Birth::read(cell).map_or_else(Vec::new, Birth::tokens),
            Part::Phone => phone(cell).map_or_else(Vec::new, |digits| phone_tokens(&digits)),
            Part::Street => street(cell).map_or_else(Vec::new, |(house, word)| {
                let mut tokens = word_tokens(&word, 3, &[]);
                tokens.push((token("h", &house), 3 * 60));
                tokens
            }),
            Part::Zip => zip(cell).map_or_else(Vec::new, |zip| {
                let place = |(place, digit): (usize, char)| {
                    (token(&place.to_string(), &digit.to_string()), 20)
                };
                let mut tokens: Vec<WeightedToken> = zip.chars().enumerate().map(place).collect();
                tokens.push((token("z", &zip), 100));
                tokens
            }),
        }
    }

    /// The weight at which a part sets all its bits; with less, as for a date of which only the
    /// year is known, it sets fewer, and those that are set are where a whole one has them.
    pub(super) fn least_weight(self) -> u32 {
        if self == Part::Birth { 840 } else { 1 }
    }

    /// One word that most spellings of a cell have in common.
    pub(super) fn coarse(self, cell: &str) -> Option<Zeroizing<String>> {
        match self {
            Part::Given => {
                let words = words(cell);
                words.first().map(|word| sound(&given_form(word)))
            }
            Part::Surname => words(cell)
                .iter()
                .min_by_key(|word| word.as_str().to_owned())
                .map(|word| sound(word)),
            Part::Sex => sex(cell).map(|sex| Zeroizing::new(sex.to_owned())),
            Part::Birth => Birth::read(cell)?.unswapped(),
            Part::Phone => phone(cell),
            Part::Street => {
                let (house, word) = street(cell)?;
                Some(Zeroizing::new([house.as_str(), " ", sound(&word).as_str()].concat()))
            }
            Part::Zip => zip(cell),
        }
    }
}

pub(super) fn token(kind: &str, text: &str) -> Zeroizing<String> {
    Zeroizing::new([kind, ":", text].concat())
}

/// The words of a name, folded, without particles; at most four.
pub(super) fn words(name: &str) -> Vec<Zeroizing<String>> {
    let apart = |c: char| c.is_whitespace() || matches!(c, '-' | ',' | ';' | '/' | '.' | '–');
    let folded = name.split(apart).map(fold).filter(|word| !word.is_empty());
    let mut words: Vec<_> = folded.collect();
    if words.iter().any(|word| !is_particle(word)) {
        words.retain(|word| !is_particle(word));
    }
    words.truncate(4);
    words
}

fn given_tokens(cell: &str) -> Vec<WeightedToken> {
    let words = words(cell);
    // A lone initial is no name: too many share it.
    if words.iter().all(|word| word.chars().nth(1).is_none()) {
        return Vec::new();
    }
    let mut tokens = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let weight = if place == 0 { 3 } else { 1 };
        tokens.extend(word_tokens(word, weight, &[&given_form(word)]));
    }
    tokens
}

fn surname_tokens(cell: &str) -> Vec<WeightedToken> {
    let words = words(cell);
    if words.iter().all(|word| word.chars().nth(1).is_none()) {
        return Vec::new();
    }
    words.iter().flat_map(|word| word_tokens(word, 1, &[word])).collect()
}

/// A word as its bigrams (three fifths of its weight), its sound and its plain forms.
fn word_tokens(word: &str, weight: u32, forms: &[&str]) -> Vec<WeightedToken> {
    let letters: Zeroizing<Vec<char>> =
        Zeroizing::new(std::iter::once('_').chain(word.chars()).chain(['_']).collect());
    let bigrams = u32::try_from(letters.len() - 1).unwrap_or(1);
    let each = (weight * 180 / bigrams).max(1);
    let mut tokens: Vec<WeightedToken> = letters
        .windows(2)
        .map(|two| (Zeroizing::new(['b', ':', two[0], two[1]].iter().collect()), each))
        .collect();
    tokens.push((token("s", &sound(word)), weight * 60));
    tokens.extend(forms.iter().map(|form| (token("f", form), weight * 60)));
    tokens
}

fn sex(cell: &str) -> Option<&'static str> {
    match cell.trim() {
        "F" | "f" => Some("F"),
        "M" | "m" => Some("M"),
        "X" | "x" => Some("X"),
        _ => None,
    }
}

/// The last ten digits; nothing when there are fewer than seven or all are the same.
fn phone(cell: &str) -> Option<Zeroizing<String>> {
    let digits: Zeroizing<String> =
        Zeroizing::new(cell.chars().filter(char::is_ascii_digit).collect());
    let last = Zeroizing::new(digits[digits.len().saturating_sub(10)..].to_owned());
    let first = last.chars().next()?;
    (last.len() >= 7 && last.chars().any(|digit| digit != first)).then_some(last)
}

fn phone_tokens(digits: &str) -> Vec<WeightedToken> {
    let mut tokens = vec![(token("w", &digits[digits.len() - 7..]), 180)];
    let places = digits.as_bytes().windows(3).rev().enumerate();
    tokens.extend(places.map(|(place, three)| {
        let three = three.iter().map(|&digit| char::from(digit)).collect::<String>();
        (token(&place.to_string(), &three), 40)
    }));
    tokens
}

/// The first five digits; nothing when there are fewer.
fn zip(cell: &str) -> Option<Zeroizing<String>> {
    let digits: String = cell.chars().take_while(char::is_ascii_digit).take(5).collect();
    (digits.len() == 5).then(|| Zeroizing::new(digits))
}

/// House number and the street's first word; without a word, the number says nothing.
fn street(cell: &str) -> Option<(Zeroizing<String>, Zeroizing<String>)> {
    let cell = cell.trim();
    let digits = cell.len() - cell.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (house, rest) = cell.split_at(digits);
    let direction =
        |word: &str| matches!(word, "N" | "S" | "E" | "W" | "NORTH" | "SOUTH" | "EAST" | "WEST");
    let word = rest
        .split(|c: char| c.is_whitespace() || c == '.' || c == ',')
        .map(|word| {
            // Numbered streets: the digits are the name.
            let number = word.trim_end_matches(|c: char| c.is_alphabetic());
            let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            if is_number { Zeroizing::new(number.to_owned()) } else { fold(word) }
        })
        .find(|word| !word.is_empty() && !direction(word))?;
    Some((Zeroizing::new(house.to_owned()), word))
}
