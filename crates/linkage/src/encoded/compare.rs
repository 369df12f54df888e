//! Two records to what can be said of their parts.
//!
//! In: the distances of the groups and the exact keys that two records share. Out: a
//! [`Comparison`]: a level for the names, the birth date, the sex, phone and street, zip, and how
//! common the shared names are.
//!
//! No part has a filter of its own, but every part is in several groups with weights that are
//! public: given + birth, surname + birth and given + surname + birth tell the three apart. All
//! combinations of levels of all parts are tried, and the one under which the distances, and the
//! keys that are shared, are most likely is taken: a distance alone says little where much differs,
//! and three together say more. Cost: some 700 look-ups.

use std::ops::Range;

use super::chance::DistanceChances;
use super::rows::{Rows, slots_of};
use crate::encode::hardened::{DiffusionSettings, GROUPS, KEYS, KINDS};

/// Levels of a given name: same, near, half, nickname, different.
pub(super) const GIVEN: usize = 5;
/// Levels of a surname: same, near, half, different.
pub(super) const SURNAME: usize = 4;
/// Names shared exactly: none, one with something else, two with something else.
pub(super) const SHARED: usize = 3;
/// Levels of a birth date: missing, same, near, same day, same year, different.
pub(super) const BIRTH: usize = 6;
/// Levels of phone and of street: missing, same, near, different.
pub(super) const PLACE: usize = 4;
/// How common the shared names are: none shared; five sizes of blocks for one and for two names.
pub(super) const COMMON: usize = 5;

/// How much of a part's positions differ at each level.
const GIVEN_SHARES: [f64; GIVEN] = [0.0, 0.25, 0.5, 0.78, 0.93];
const SURNAME_SHARES: [f64; SURNAME] = [0.0, 0.25, 0.5, 0.93];
const BIRTH_SHARES: [f64; BIRTH - 1] = [0.0, 0.3, 0.41, 0.57, 0.95];
const PHONE_SHARES: [f64; PLACE - 1] = [0.0, 0.55, 0.97];
const STREET_SHARES: [f64; PLACE - 1] = [0.0, 0.4, 0.95];
const ZIP_SHARES: [f64; 2] = [0.0, 0.75];

/// How much rather levels are believed where the distances say nothing, as logarithms.
const GIVEN_LEANING: [f32; GIVEN] = [-0.7, -2.5, -2.8, -2.8, -1.2];
const SURNAME_LEANING: [f32; SURNAME] = [-0.7, -2.5, -2.5, -1.2];
const BIRTH_LEANING: [f32; BIRTH - 1] = [-0.7, -2.5, -3.0, -3.0, -1.2];
const SEX_LEANING: [f32; 2] = [-0.1, -2.3];
const PLACE_LEANING: [f32; PLACE - 1] = [-1.2, -3.0, -0.5];
const ZIP_LEANING: [f32; 2] = [-0.7, -0.7];

/// What a combination is worth less that contradicts a key: keys are exact.
const CONTRADICTION: f32 = 1000.0;

/// Kinds of keys, in the order of the layout.
const NAME_BIRTH_SEX: usize = 0;
const TWO_NAMES_YEAR_SEX: usize = 1;
const TWO_NAMES_DAY: usize = 2;
const TWO_NAMES_ZIP: usize = 3;
const NAME_PHONE_SEX: usize = 4;
const TWO_NAMES_STREET: usize = 5;
const BIRTH_PHONE_SEX: usize = 6;
const BIRTH_STREET_SEX: usize = 7;
const TWO_NAMES: [usize; 4] = [TWO_NAMES_YEAR_SEX, TWO_NAMES_DAY, TWO_NAMES_ZIP, TWO_NAMES_STREET];

/// What is said of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Comparison {
    /// Level of the given name; all names as different when no group says anything of them.
    pub(super) given: u8,
    pub(super) surname: u8,
    /// Names shared exactly.
    pub(super) shared: u8,
    /// How common they are.
    pub(super) common: u8,
    pub(super) birth: u8,
    /// Sex: missing, same, different.
    pub(super) sex: u8,
    pub(super) phone: u8,
    pub(super) street: u8,
    /// Zip: missing, same, different.
    pub(super) zip: u8,
    /// Whether both are of one agency.
    pub(super) within: bool,
    /// Whether there were distances of names.
    pub(super) named: bool,
}

/// Compares records.
pub(super) struct Comparer<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) slots: [Range<usize>; KINDS],
    pub(super) block_sizes: &'a [[u8; KEYS]],
    chances: DistanceChances,
}

/// Positions that differ when a part of so many bits differs in some share.
fn positions(parts: &[(f64, f64)]) -> usize {
    parts.iter().map(|(bits, share)| bits * share).sum::<f64>() as usize
}

impl<'a> Comparer<'a> {
    pub(super) fn new(rows: &'a Rows<'a>, block_sizes: &'a [[u8; KEYS]]) -> Comparer<'a> {
        let chances = DistanceChances::new(rows.bits(), DiffusionSettings::BUILT_IN.inputs as f64);
        Comparer { rows, slots: slots_of(rows), block_sizes, chances }
    }

    /// Compares two records.
    pub(super) fn compare(&self, one: u32, other: u32) -> Comparison {
        let keys = self.shared_keys(one, other);
        let distances = self.distances(one, other);
        let mut said = self.decode(&distances, keys.kinds);
        said.shared = keys.names;
        said.common = keys.common;
        said.within = self.rows.agency[one as usize] == self.rows.agency[other as usize];
        said
    }

    fn distances(&self, one: u32, other: u32) -> [Option<usize>; GROUPS] {
        let both = self.rows.present(one) & self.rows.present(other);
        std::array::from_fn(|group| {
            (both >> group & 1 == 1).then(|| {
                let words = self.rows.filter(one, group).iter().zip(self.rows.filter(other, group));
                words.map(|(one, other)| (one ^ other).count_ones() as usize).sum()
            })
        })
    }

    /// Whether two records meet by two names, and whether by the birth date.
    pub(super) fn meets(&self, one: u32, other: u32) -> (bool, bool) {
        let kinds = self.shared_keys(one, other).kinds;
        let any = |of: &[usize]| of.iter().any(|kind| kinds >> kind & 1 == 1);
        (any(&TWO_NAMES), any(&[NAME_BIRTH_SEX, BIRTH_PHONE_SEX, BIRTH_STREET_SEX]))
    }

    /// Which kinds of keys are shared, and how common the names in them are.
    fn shared_keys(&self, one: u32, other: u32) -> SharedKeys {
        let (keys, theirs) = (self.rows.keys(one), self.rows.keys(other));
        let sizes = self.block_sizes.get(one as usize);
        let (mut kinds, mut one_name, mut two_names) = (0_u16, u8::MAX, u8::MAX);
        for (kind, range) in self.slots.iter().enumerate() {
            for slot in range.clone() {
                if keys[slot] != 0 && theirs[range.clone()].contains(&keys[slot]) {
                    kinds |= 1 << kind;
                    let size = sizes.map_or(2, |sizes| sizes[slot].max(2));
                    if TWO_NAMES.contains(&kind) {
                        two_names = two_names.min(size);
                    } else if matches!(kind, NAME_BIRTH_SEX | NAME_PHONE_SEX) {
                        one_name = one_name.min(size);
                    }
                }
            }
        }
        let (names, size) = match (two_names, one_name) {
            (u8::MAX, u8::MAX) => (0, 2),
            (u8::MAX, size) => (1, size),
            (size, _) => (2, size),
        };
        let common = match size {
            0..=2 => 0,
            3 => 1,
            4..=5 => 2,
            6..=9 => 3,
            _ => 4,
        };
        SharedKeys { kinds, names, common }
    }

    /// The most likely combination of levels.
    fn decode(&self, distances: &[Option<usize>; GROUPS], kinds: u16) -> Comparison {
        let has = |kind: usize| kinds >> kind & 1 == 1;
        let log = |group: usize, parts: &[(f64, f64)]| {
            distances[group].map_or(0.0, |distance| self.chances.log(positions(parts), distance))
        };
        let sure = |is: bool, agrees: bool| if is && !agrees { -CONTRADICTION } else { 0.0 };
        let same_birth = has(NAME_BIRTH_SEX) || has(BIRTH_PHONE_SEX) || has(BIRTH_STREET_SEX);
        let same_sex = same_birth || has(TWO_NAMES_YEAR_SEX) || has(NAME_PHONE_SEX);
        let same_phone = has(NAME_PHONE_SEX) || has(BIRTH_PHONE_SEX);
        let same_street = has(TWO_NAMES_STREET) || has(BIRTH_STREET_SEX);

        // Birth and sex with given name, and with surname.
        let mut with_given = [[[0.0; 2]; BIRTH - 1]; GIVEN];
        let mut with_surname = [[[0.0; 2]; BIRTH - 1]; SURNAME];
        for birth in 0..BIRTH - 1 {
            let own = BIRTH_LEANING[birth]
                + sure(same_birth, birth <= 1)
                + sure(has(TWO_NAMES_YEAR_SEX), matches!(birth, 0 | 1 | 3))
                + sure(has(TWO_NAMES_DAY), birth <= 2);
            for sex in 0..2 {
                let own = own + SEX_LEANING[sex] + sure(same_sex, sex == 0);
                let rest = [(110.0, BIRTH_SHARES[birth]), (20.0, sex as f64)];
                for given in 0..GIVEN {
                    with_given[given][birth][sex] =
                        own + log(0, &[(110.0, GIVEN_SHARES[given]), rest[0], rest[1]]);
                }
                for surname in 0..SURNAME {
                    with_surname[surname][birth][sex] =
                        log(1, &[(110.0, SURNAME_SHARES[surname]), rest[0], rest[1]]);
                }
            }
        }
        let mut best = (f32::NEG_INFINITY, [0; 7]);
        for given in 0..GIVEN {
            for surname in 0..SURNAME {
                let mut sum = GIVEN_LEANING[given] + SURNAME_LEANING[surname];
                let names = GIVEN_SHARES[given] + SURNAME_SHARES[surname];
                let mut levels = [given, surname, 0, 0, 0, 0, 0];
                let of_birth = (0..BIRTH - 1).flat_map(|birth| {
                    let three = log(2, &[(80.0, names + BIRTH_SHARES[birth])]);
                    let sexes = with_given[given][birth].iter().zip(&with_surname[surname][birth]);
                    sexes.enumerate().map(move |(sex, (one, two))| (one + two + three, birth, sex))
                });
                let (more, birth, sex) = most(of_birth);
                sum += more;
                levels[2..4].copy_from_slice(&[birth, sex]);
                let phones = (0..PLACE - 1).map(|level| {
                    let leaning = PLACE_LEANING[level] + sure(same_phone, level == 0);
                    (leaning + log(3, &[(70.0, names), (100.0, PHONE_SHARES[level])]), level, 0)
                });
                let streets = (0..PLACE - 1).map(|level| {
                    let leaning = PLACE_LEANING[level] + sure(same_street, level <= 1);
                    (leaning + log(4, &[(70.0, names), (100.0, STREET_SHARES[level])]), level, 0)
                });
                let zips = (0..2).map(|level| {
                    let leaning = ZIP_LEANING[level] + sure(has(TWO_NAMES_ZIP), level == 0);
                    (leaning + log(5, &[(100.0, names), (40.0, ZIP_SHARES[level])]), level, 0)
                });
                for (place, (more, level, _)) in
                    [most(phones), most(streets), most(zips)].into_iter().enumerate()
                {
                    sum += more;
                    levels[4 + place] = level;
                }
                if sum > best.0 {
                    best = (sum, levels);
                }
            }
        }
        let there = |group: usize| distances[group].is_some();
        let level = |there: bool, level: usize| if there { level as u8 + 1 } else { 0 };
        let [given, surname, birth, sex, phone, street, zip] = best.1;
        let any_birth = there(0) || there(1) || there(2);
        Comparison {
            given: given as u8,
            surname: surname as u8,
            shared: 0,
            common: 0,
            birth: level(any_birth || same_birth, birth),
            sex: level(there(0) || there(1) || same_sex, sex),
            phone: level(there(3) || same_phone, phone),
            street: level(there(4) || same_street, street),
            zip: level(there(5), zip),
            within: false,
            named: there(2) || there(3) || there(4) || there(5) || there(0) && there(1),
        }
    }
}

/// What keys say.
struct SharedKeys {
    /// A bit for each kind that is shared.
    kinds: u16,
    names: u8,
    common: u8,
}

/// The likeliest of some levels; the first of equals.
fn most(levels: impl Iterator<Item = (f32, usize, usize)>) -> (f32, usize, usize) {
    levels.fold((f32::NEG_INFINITY, 0, 0), |best, one| if one.0 > best.0 { one } else { best })
}
