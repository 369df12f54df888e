//! Agreement of birth dates.

use crate::compare::Frequencies;
use crate::people::BirthDate;

/// Levels, from 0 missing; then with a year alone on one side, then of two full dates.
pub(crate) const LEVELS: usize = 13;
/// A year alone: another year, the next year, the same.
pub(crate) const YEAR_DIFFERENT: usize = 1;
const YEAR_NEAR: usize = 2;
const YEAR_SAME: usize = 3;
pub(crate) const DIFFERENT: usize = 4;
/// At most one year apart, nothing else.
const NEAR: usize = 5;
/// Another year; the month the same and the day at most one off.
const OTHER_YEAR_NEAR: usize = 6;
/// Day and month the same.
const OTHER_YEAR: usize = 7;
/// The year, and the day or the month, the same.
const OTHER_DAY_OR_MONTH: usize = 8;
/// One digit wrong, or two neighbours swapped.
const ONE_DIGIT: usize = 9;
/// Day and month swapped.
const SWAPPED: usize = 10;
/// The same, on a day far more common than others; on an ordinary day.
pub(crate) const EXACT_HEAPED: usize = 11;
pub(crate) const EXACT: usize = 12;

/// The level of two dates, and how common the date is relative to what is usual.
#[inline]
pub(crate) fn level(one: BirthDate, other: BirthDate, frequencies: &Frequencies) -> (usize, f32) {
    if one.0 == 0 || other.0 == 0 {
        return (0, 1.0);
    }
    let years = one.year().abs_diff(other.year());
    let first_of_january = |date: BirthDate| date.month() == 1 && date.day() == 1;
    if one.year_only() || other.year_only() || first_of_january(one) != first_of_january(other) {
        let level = match years {
            0 => YEAR_SAME,
            1 => YEAR_NEAR,
            _ => YEAR_DIFFERENT,
        };
        return (level, 1.0);
    }
    if one == other {
        let (heaped, relative) = frequencies.birth(one);
        return (if heaped { EXACT_HEAPED } else { EXACT }, relative);
    }
    let (month, day) = (one.month() == other.month(), one.day() == other.day());
    let level = if years == 0 && one.month() == other.day() && one.day() == other.month() {
        SWAPPED
    } else if (years == 0 || (month && day)) && one_digit(one, other) {
        ONE_DIGIT
    } else if years == 0 && (month || day) {
        OTHER_DAY_OR_MONTH
    } else if month && day {
        OTHER_YEAR
    } else if month && one.day().abs_diff(other.day()) <= 1 {
        OTHER_YEAR_NEAR
    } else if years <= 1 {
        NEAR
    } else {
        DIFFERENT
    };
    (level, 1.0)
}

/// Whether two dates differ in one digit, or in two neighbours that are swapped.
fn one_digit(one: BirthDate, other: BirthDate) -> bool {
    let digits = |date: BirthDate| {
        let (year, month, day) = (date.year(), date.month(), date.day());
        [
            year / 1000,
            year / 100 % 10,
            year / 10 % 10,
            year % 10,
            month / 10,
            month % 10,
            day / 10,
            day % 10,
        ]
    };
    let (one, other) = (digits(one), digits(other));
    let mut wrong = (0..8).filter(|at| one[*at] != other[*at]);
    match (wrong.next(), wrong.next(), wrong.next()) {
        (_, None, _) => true,
        (Some(a), Some(b), None) => b == a + 1 && one[a] == other[b] && one[b] == other[a],
        _ => false,
    }
}

/// The pattern of missing values of a level.
pub(crate) fn group(level: usize) -> usize {
    match level {
        0 => 0,
        1..=3 => 1,
        _ => 2,
    }
}
