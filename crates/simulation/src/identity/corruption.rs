//! The errors of identity that agencies make, and how often each was made.
//!
//! In: one error after the other, made or not. Out: [`CorruptionCounts`]. How an error is made stands
//! in `recorded`; its rates stand in `data/corruptions.csv`.

use crate::world::Profile;

/// An error of identity, in the order in which they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Corruption {
    SurnameMissing,
    BirthDateMissing,
    GenderMissing,
    AliasUsed,
    Nickname,
    SecondGivenNameDropped,
    SecondSurnameDropped,
    SurnamesRunTogether,
    SpellingVariant,
    Typo,
    AccentsStripped,
    Swapped,
    GenderWrong,
    AdultClaimed,
    PlaceholderBirthDate,
    DayMonthSwapped,
    BirthYearOff,
    CaseChanged,
}

impl Corruption {
    pub(crate) const ALL: [Corruption; 18] = [
        Corruption::SurnameMissing,
        Corruption::BirthDateMissing,
        Corruption::GenderMissing,
        Corruption::AliasUsed,
        Corruption::Nickname,
        Corruption::SecondGivenNameDropped,
        Corruption::SecondSurnameDropped,
        Corruption::SurnamesRunTogether,
        Corruption::SpellingVariant,
        Corruption::Typo,
        Corruption::AccentsStripped,
        Corruption::Swapped,
        Corruption::GenderWrong,
        Corruption::AdultClaimed,
        Corruption::PlaceholderBirthDate,
        Corruption::DayMonthSwapped,
        Corruption::BirthYearOff,
        Corruption::CaseChanged,
    ];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Corruption::SurnameMissing => "surname_missing",
            Corruption::BirthDateMissing => "birth_date_missing",
            Corruption::GenderMissing => "gender_missing",
            Corruption::AliasUsed => "alias_used",
            Corruption::Nickname => "nickname",
            Corruption::SecondGivenNameDropped => "second_given_name_dropped",
            Corruption::SecondSurnameDropped => "second_surname_dropped",
            Corruption::SurnamesRunTogether => "surnames_run_together",
            Corruption::SpellingVariant => "spelling_variant",
            Corruption::Typo => "typo",
            Corruption::AccentsStripped => "accents_stripped",
            Corruption::Swapped => "swapped",
            Corruption::GenderWrong => "gender_wrong",
            Corruption::AdultClaimed => "adult_claimed",
            Corruption::PlaceholderBirthDate => "placeholder_birth_date",
            Corruption::DayMonthSwapped => "day_month_swapped",
            Corruption::BirthYearOff => "birth_year_off",
            Corruption::CaseChanged => "case_changed",
        }
    }
}

/// How often an error was made, and on how many records it could have been, by kind of agency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CorruptionCounts([[(u64, u64); Profile::ALL.len()]; Corruption::ALL.len()]);

impl CorruptionCounts {
    /// Records with the error, and records on which it could have been made.
    pub(crate) fn of(&self, corruption: Corruption, profile: Profile) -> (u64, u64) {
        self.0[corruption as usize][profile as usize]
    }

    pub(super) fn count(&mut self, corruption: Corruption, profile: Profile, made: bool) {
        let (records, out_of) = &mut self.0[corruption as usize][profile as usize];
        *records += u64::from(made);
        *out_of += 1;
    }

    pub(crate) fn add(&mut self, other: &CorruptionCounts) {
        for (row, more) in self.0.iter_mut().zip(&other.0) {
            for (counts, more) in row.iter_mut().zip(more) {
                *counts = (counts.0 + more.0, counts.1 + more.1);
            }
        }
    }
}
