//! Which parts of a person are mixed in which filter.
//!
//! A filter of one field is a code book: its values repeat, the most frequent filter is the most
//! frequent name, and similar filters are similar names. So every filter and every exact key here
//! mixes at least three fields and has an effective domain of at least 2²⁰: the chance that two
//! different persons have the same one is at most 2⁻²⁰. Measured so on 100,000 made-up records of
//! nine agencies, relatives and shelters included (`cargo run --release -p linkage --example
//! encode_study -- FILE`), in bits: the groups in the order below 21.6, 21.6, 27.8, 23.7, 22.9,
//! 22.1; the kinds of exact keys 21.1, 20.4, 21.7, 20.6, 20.3, 22.2, 23.8, 23.5. That ruled out
//! groups of surname, street and town (17.7: households) and given name, surname, town and sex
//! (19.5).
//!
//! Of a person a group is made only when all its fields are there and their collision entropies
//! add up to 20 bits: a birth year alone does not do for a birth date, an initial not for a name.
//!
//! Which fields stand together is chosen so that a receiver who sees only distances of groups can
//! tell who differs from whom: given + birth and surname + birth part relatives and twins from one
//! person; the three together leave the third by subtraction; phone, street and zip stand with both
//! names, so that what is left of their distance after the names is that of the phone or place.

use super::birth::Birth;
use super::person::{Part, PersonCells};

/// Filters of a person.
pub const GROUPS: usize = 6;
/// Kinds of exact keys.
pub const KINDS: usize = 8;
/// Exact keys of a person, of all kinds together.
pub const KEYS: usize = 28;

/// The least domain of a filter or key, in tenths of bits.
const LEAST_DOMAIN: u32 = 200;

/// A filter: its name, and its parts with the bits that each sets.
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) parts: &'static [(Part, u32)],
}

pub(super) const LAYOUT: [Group; GROUPS] = [
    Group {
        name: "given+birth+sex",
        parts: &[(Part::Given, 110), (Part::Birth, 110), (Part::Sex, 20)],
    },
    Group {
        name: "surname+birth+sex",
        parts: &[(Part::Surname, 110), (Part::Birth, 110), (Part::Sex, 20)],
    },
    Group {
        name: "given+surname+birth",
        parts: &[(Part::Given, 80), (Part::Surname, 80), (Part::Birth, 80)],
    },
    Group {
        name: "given+surname+phone",
        parts: &[(Part::Given, 70), (Part::Surname, 70), (Part::Phone, 100)],
    },
    Group {
        name: "given+surname+street",
        parts: &[(Part::Given, 70), (Part::Surname, 70), (Part::Street, 100)],
    },
    Group {
        name: "given+surname+zip",
        parts: &[(Part::Given, 100), (Part::Surname, 100), (Part::Zip, 40)],
    },
];

/// A kind of exact key. Its slots hold the keys of alternatives (one for each name of a person);
/// two persons meet when any slot of one equals any slot of the other.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) slots: usize,
    /// Which names are put in.
    pub(super) names: Names,
    /// What is the same in all slots.
    pub(super) parts: &'static [KeyPart],
}

/// The names in the slots of a kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Each of the given names, surnames and aliases.
    Any,
    /// The sounds of a given name or alias and a surname, whichever is which.
    Two,
    /// Their letters.
    TwoPlain,
    /// None: the parts are the key.
    None,
}

/// A part of an exact key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyPart {
    Whole(Part),
    BirthYear,
    BirthDay,
}

use KeyPart::{BirthDay, BirthYear, Whole};

pub(super) const COARSE: [Kind; KINDS] = [
    Kind {
        name: "name+birth+sex",
        slots: 6,
        names: Names::Any,
        parts: &[Whole(Part::Birth), Whole(Part::Sex)],
    },
    Kind {
        name: "two names+year+sex",
        slots: 2,
        names: Names::TwoPlain,
        parts: &[BirthYear, Whole(Part::Sex)],
    },
    Kind { name: "two names+day", slots: 4, names: Names::Two, parts: &[BirthDay] },
    Kind { name: "two names+zip", slots: 4, names: Names::Two, parts: &[Whole(Part::Zip)] },
    Kind {
        name: "name+phone+sex",
        slots: 4,
        names: Names::Any,
        parts: &[Whole(Part::Phone), Whole(Part::Sex)],
    },
    Kind { name: "two names+street", slots: 4, names: Names::Two, parts: &[Whole(Part::Street)] },
    Kind {
        name: "birth+phone+sex",
        slots: 1,
        names: Names::None,
        parts: &[Whole(Part::Birth), Whole(Part::Phone), Whole(Part::Sex)],
    },
    Kind {
        name: "birth+street+sex",
        slots: 1,
        names: Names::None,
        parts: &[Whole(Part::Birth), Whole(Part::Street), Whole(Part::Sex)],
    },
];

/// Collision entropy of a part, in tenths of bits; a birth date of which only the year is known
/// has less.
fn domain(part: Part, person: &PersonCells) -> u32 {
    match part {
        Part::Given | Part::Surname => 82,
        Part::Sex => 7,
        Part::Birth if Birth::read(person.birth_date).is_some_and(Birth::is_whole) => 120,
        Part::Birth => 50,
        Part::Phone => 130,
        Part::Street => 120,
        Part::Zip => 70,
    }
}

impl Group {
    /// Whether what is present of a person is enough; all parts must be there.
    pub(super) fn is_wide_enough(&self, person: &PersonCells) -> bool {
        self.parts.iter().map(|&(part, _)| domain(part, person)).sum::<u32>() >= LEAST_DOMAIN
    }
}
