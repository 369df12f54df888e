//! How common values are in the table: agreement on a rare one says more.
//!
//! The chance that two strangers agree on a value is its frequency f. A file counts a person as
//! often as she is recorded, so of the c − 1 records that one of a name meets only the strangers
//! count ([`SharingName`]); of dates and origins two records (the pair itself) are taken off and a
//! little is put back: f = (c − 2 + α) / n, never below α / n. Levels "the same" are cut into common, less
//! common and rare names; within a level a pair's chance is scaled by f over the level's mean
//! under agreement, Σf² / Σf (term frequency adjustment; Winkler 2000, "Frequency-based matching").

use rayon::prelude::*;

use crate::compare::by_name::SharingName;
use crate::compare::word::Words;
use crate::compare::{given, surname};
use crate::people::{BirthDate, NONE, Names, PersonTable, Row};

/// Frequencies from which a name is common, and less common.
const COMMON: f32 = 0.003;
const LESS_COMMON: f32 = 0.0004;
const FIRST_YEAR: u32 = 1850;
const YEARS: usize = 301;

/// Frequencies of names, dates and origins in a table.
pub(crate) struct Frequencies {
    given: Vec<f32>,
    surname: Vec<f32>,
    birth: Vec<f32>,
    origin: Vec<f32>,
    given_mean: [f32; 4],
    surname_mean: [f32; 4],
    birth_mean: [f32; 2],
    heaped_from: f32,
    records: f32,
    /// How much more common full names are than their parts make them, by how rare the given name
    /// and the surname are.
    pub(crate) usual_together: [[f32; 3]; 3],
}

/// How often each value stands in a table. Adds up over parts of a table.
pub(crate) struct Counts {
    pub(crate) records: usize,
    /// Of each name of [`Names`].
    given: Vec<u32>,
    surname: Vec<u32>,
    birth: Vec<u32>,
    origin: Vec<u32>,
    years: Vec<u32>,
}

impl Counts {
    pub(crate) fn new() -> Counts {
        Counts {
            records: 0,
            given: Vec::new(),
            surname: Vec::new(),
            birth: vec![0; YEARS << 9],
            origin: vec![0; 1 << 16],
            years: vec![0; FIRST_YEAR as usize + YEARS],
        }
    }

    /// Adds rows; `names` is how many names there are so far.
    pub(crate) fn add(&mut self, rows: &[Row], names: usize) {
        self.records += rows.len();
        self.given.resize(names.max(self.given.len()), 0);
        self.surname.resize(names.max(self.surname.len()), 0);
        for row in rows {
            self.given[row.given as usize] += 1;
            self.surname[row.surname as usize] += 1;
            if let Some(count) = self.birth.get_mut(place(row.birth)) {
                *count += u32::from(row.birth.day() != 0);
            }
            if row.origin != 0 {
                self.origin[usize::from(row.origin)] += 1;
            }
            self.years[row.birth.year() as usize] += 1;
        }
    }

    pub(crate) fn of(people: &PersonTable) -> Counts {
        let mut counts = Counts::new();
        counts.add(&people.rows, people.names.names.len());
        counts
    }

    /// The year of birth of each record, ascending; 0 where it is missing.
    pub(crate) fn years(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.years).flat_map(|(year, count)| std::iter::repeat_n(year, *count as usize))
    }

    /// How often each word is the whole given name.
    pub(crate) fn whole_given(&self, names: &Names) -> Vec<u32> {
        whole(&self.given, names)
    }

    /// How often each word is the whole surname.
    pub(crate) fn whole_surnames(&self, names: &Names) -> Vec<u32> {
        whole(&self.surname, names)
    }
}

/// How often each word is a whole name, from how often each name stands.
fn whole(counts: &[u32], names: &Names) -> Vec<u32> {
    let mut of_word = vec![0u32; names.words.len()];
    for (name, count) in names.names.iter().zip(counts) {
        of_word[name.whole as usize] += count;
    }
    of_word
}

impl Frequencies {
    /// `sharing` is who shares a given name, and who a surname.
    pub(crate) fn new(counts: &Counts, names: &Names, sharing: [&SharingName; 2]) -> Frequencies {
        let [by_given, by_surname] = sharing;
        let count = |of_name: &[u32], sharing: &SharingName| {
            let mut of_word = whole(of_name, names);
            for (name, count) in names.names.iter().zip(of_name) {
                for word in name.words.iter().filter(|word| **word != NONE && **word != name.whole)
                {
                    of_word[*word as usize] += count;
                }
            }
            let known = counts.records as f32 - of_word[NONE as usize] as f32;
            let known = known.max(1.0);
            let strangers = sharing.strangers();
            let frequency = |count: &u32| match count {
                0 => 0.0,
                count => strangers.met(*count) / known,
            };
            (of_word.par_iter().map(frequency).collect::<Vec<f32>>(), of_word)
        };
        let ((given, given_counts), (surname, surname_counts)) =
            rayon::join(|| count(&counts.given, by_given), || count(&counts.surname, by_surname));
        let (birth_counts, origin_counts) = (&counts.birth, &counts.origin);
        let dated: u32 = birth_counts.iter().sum();
        let days = birth_counts.iter().filter(|count| **count > 0).count().max(1);
        // Dates vary less than names: more is put back.
        let birth = frequencies(birth_counts, dated as f32, 2.0);
        let mean_of_all = dated as f32 / days as f32;
        let heaped_from = 5.0 * (mean_of_all + 2.0) / dated.max(1) as f32;
        let origins: u32 = origin_counts.iter().sum();

        let mut of_levels = Frequencies {
            given_mean: means(&given, &given_counts),
            surname_mean: means(&surname, &surname_counts),
            given,
            surname,
            birth_mean: [0.0; 2],
            birth,
            origin: frequencies(origin_counts, origins as f32, 1.0),
            heaped_from,
            records: counts.records as f32,
            usual_together: [[2.0; 3]; 3],
        };
        let (mut sums, mut weights) = ([0.0; 2], [0.0; 2]);
        for (frequency, count) in
            of_levels.birth.iter().zip(birth_counts).filter(|(_, count)| **count > 0)
        {
            let heaped = usize::from(*frequency >= heaped_from);
            sums[heaped] += f64::from(*count) * f64::from(*frequency);
            weights[heaped] += f64::from(*count);
        }
        for level in 0..2 {
            of_levels.birth_mean[level] = (sums[level] / f64::max(weights[level], 1.0)) as f32;
        }
        of_levels
    }

    /// Splits "the same" by how common the name is; the relative frequency of the agreed word. Of
    /// two words that are alike the commoner counts: the other one may be its misspelling.
    #[inline]
    pub(crate) fn given_level(&self, level: usize, words: Words) -> (usize, f32) {
        if words[0] == NONE {
            return (level, 1.0);
        }
        let frequency = commoner(&self.given, words);
        if level == given::EXACT {
            let rarity = rarity(frequency);
            (level + rarity, frequency / self.given_mean[rarity])
        } else {
            (level, softened(frequency / self.given_mean[3]))
        }
    }

    /// Likewise for surnames.
    #[inline]
    pub(crate) fn surname_level(&self, level: usize, words: Words) -> (usize, f32) {
        if words[0] == NONE {
            return (level, 1.0);
        }
        let frequency = commoner(&self.surname, words);
        if level == surname::EXACT {
            let rarity = rarity(frequency);
            (level + rarity, frequency / self.surname_mean[rarity])
        } else if level == surname::SHARED_COMMON {
            let rare = usize::from(frequency < COMMON);
            (level + rare, softened(frequency / self.surname_mean[rare]))
        } else {
            (level, softened(frequency / self.surname_mean[3]))
        }
    }

    /// How much more common a full name is than its parts would make it: names go together (Kim and
    /// Eun-ji). Told by in how many years of birth it is seen, which one person's records do not
    /// add to; two are taken off, for the pair and for an error.
    #[inline]
    pub(crate) fn together(&self, given: u32, surname: u32, years: u8) -> f32 {
        let (given, surname) = (self.given[given as usize], self.surname[surname as usize]);
        let usual = self.usual_together[rarity(given)][rarity(surname)];
        let apart = given * surname * self.records * usual;
        ((f32::from(years) - 2.0) / apart).max(1.0)
    }

    /// The relative frequency of names that changed places. One of the two records has them right;
    /// which one is not known, and it is the way in which they are more common.
    #[inline]
    pub(crate) fn swapped(&self, one: Words, other: Words) -> f32 {
        let way = |given: Words, surname: Words| {
            commoner(&self.given, given) / self.given_mean[3] * commoner(&self.surname, surname)
                / self.surname_mean[3]
        };
        way(one, other).max(way(other, one)).max(1e-6)
    }

    /// Whether a date is far more common than others, and its frequency relative to what is usual.
    #[inline]
    pub(crate) fn birth(&self, date: BirthDate) -> (bool, f32) {
        let frequency = self.birth.get(place(date)).copied().unwrap_or_default();
        let heaped = frequency >= self.heaped_from;
        (heaped, frequency / self.birth_mean[usize::from(heaped)].max(1e-9))
    }

    /// Origins: 0 missing, 1 different, 2 the same and common, 3 the same and rare.
    #[inline]
    pub(crate) fn origin_level(&self, one: u16, other: u16) -> usize {
        match (one, other) {
            (0, _) | (_, 0) => 0,
            _ if one != other => 1,
            _ => 2 + usize::from(self.origin[usize::from(one)] < 0.05),
        }
    }

    /// The chances that two strangers have the same given name, and the same surname: a common, a
    /// less common, and a rare one.
    pub(crate) fn name_agreement(&self, counted: &Counts, names: &Names) -> ([f64; 3], [f64; 3]) {
        let (mut given, mut surname) = ([0.0; 3], [0.0; 3]);
        let (whole_given, whole_surname) =
            (counted.whole_given(names), counted.whole_surnames(names));
        for (counts, frequencies, chances) in
            [(&whole_given, &self.given, &mut given), (&whole_surname, &self.surname, &mut surname)]
        {
            let known = (counted.records as f64 - f64::from(counts[NONE as usize])).max(1.0);
            for (count, frequency) in
                counts.iter().zip(frequencies).skip(1).filter(|(count, _)| **count > 1)
            {
                chances[rarity(*frequency)] += f64::from(*count) / known * f64::from(*frequency);
            }
        }
        (given, surname)
    }

    /// The chance that two strangers have the same ordinary, and the same heaped date.
    pub(crate) fn birth_agreement(&self) -> [f64; 2] {
        let mut chances = [0.0; 2];
        for frequency in &self.birth {
            let heaped = usize::from(*frequency >= self.heaped_from);
            chances[heaped] += f64::from(*frequency) * f64::from(*frequency);
        }
        chances
    }
}

fn commoner(frequencies: &[f32], words: Words) -> f32 {
    frequencies[words[0] as usize].max(frequencies[words[1] as usize])
}

fn place(date: BirthDate) -> usize {
    (date.0 as usize).wrapping_sub((FIRST_YEAR as usize) << 9)
}

fn rarity(frequency: f32) -> usize {
    usize::from(frequency < COMMON) + usize::from(frequency < LESS_COMMON)
}

/// Near agreement depends less on how common the very spelling is.
fn softened(relative: f32) -> f32 {
    relative.sqrt().clamp(0.2, 5.0)
}

fn frequencies(counts: &[u32], known: f32, put_back: f32) -> Vec<f32> {
    let known = known.max(1.0);
    counts
        .par_iter()
        .map(
            |count| {
                if *count == 0 { 0.0 } else { ((*count as f32 - 2.0).max(0.0) + put_back) / known }
            },
        )
        .collect()
}

/// The mean frequency under agreement, of common, less common and rare names, and of all.
fn means(frequencies: &[f32], counts: &[u32]) -> [f32; 4] {
    let (mut sums, mut weights) = ([0.0; 4], [0.0; 4]);
    // What is seen once is what nobody agrees on.
    for (frequency, count) in frequencies.iter().zip(counts).skip(1).filter(|of| *of.1 > 1) {
        for level in [rarity(*frequency), 3] {
            sums[level] += f64::from(*frequency) * f64::from(*count);
            weights[level] += f64::from(*count);
        }
    }
    let mut means = [1.0; 4];
    for level in 0..4 {
        if sums[level] > 0.0 {
            means[level] = (sums[level] / weights[level]) as f32;
        }
    }
    means
}
