//! Single cells: dates, phones, postcodes, sexes.
//!
//! In: the bytes of a cell. Out: a number that compares fast; 0 is missing throughout.

use std::ops::RangeInclusive;

use crate::calendar::days_in;
use crate::people::intern::hash_bytes;

/// A date of birth as year · 512 + month · 32 + day; month and day are 0 when only the year is
/// known. 0 is missing.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct BirthDate(pub(crate) u32);

impl BirthDate {
    /// Years in which somebody may be born.
    pub(crate) const YEARS: RangeInclusive<u32> = 1850..=2150;

    pub(crate) fn new(year: u32, month: u32, day: u32) -> BirthDate {
        BirthDate(year << 9 | month << 5 | day)
    }

    /// Reads `YYYY-MM-DD` or `YYYY`; nothing is missing. None when it is no date.
    pub(crate) fn read(cell: &[u8]) -> Option<BirthDate> {
        let digits = |from: usize, to: usize| {
            cell.get(from..to)?.iter().try_fold(0, |number, digit| {
                digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
            })
        };
        let year = match cell.len() {
            0 => return Some(BirthDate(0)),
            4 | 10 => digits(0, 4).filter(|year| BirthDate::YEARS.contains(year))?,
            _ => return None,
        };
        if cell.len() == 4 {
            return Some(BirthDate::new(year, 0, 0));
        }
        let (month, day) = (digits(5, 7)?, digits(8, 10)?);
        let dashes = cell[4] == b'-' && cell[7] == b'-';
        (dashes && (1..=days_in(year, month)).contains(&day))
            .then(|| BirthDate::new(year, month, day))
    }

    /// As [`BirthDate::read`] reads it.
    pub(crate) fn written(self) -> String {
        match self {
            BirthDate(0) => String::new(),
            date if date.year_only() => format!("{:04}", date.year()),
            date => format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()),
        }
    }

    #[inline]
    pub(crate) fn year(self) -> u32 {
        self.0 >> 9
    }

    #[inline]
    pub(crate) fn month(self) -> u32 {
        self.0 >> 5 & 15
    }

    #[inline]
    pub(crate) fn day(self) -> u32 {
        self.0 & 31
    }

    /// Only the year is known.
    #[inline]
    pub(crate) fn year_only(self) -> bool {
        self.0 != 0 && self.0 & 511 == 0
    }

    /// The date with the smaller of day and month as the month, when both could be: the same for a
    /// date and for the date with day and month swapped.
    #[inline]
    pub(crate) fn unswapped(self) -> u32 {
        let (month, day) = (self.month(), self.day());
        if day <= 12 && day < month { BirthDate::new(self.year(), day, month).0 } else { self.0 }
    }
}

/// The last ten digits of a phone number; 0 when there are fewer than seven, or all are the same.
pub(crate) fn phone(cell: &[u8]) -> u64 {
    let mut number = 0;
    let mut count = 0;
    let mut differ = false;
    for digit in cell.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| u64::from(byte - b'0'))
    {
        differ |= count > 0 && number % 10 != digit;
        number = (number * 10 + digit) % 10_000_000_000;
        count += 1;
    }
    if count >= 7 && differ { number } else { 0 }
}

/// A postcode: its first five digits plus one when it starts with five, otherwise a hash of its
/// letters and digits; 0 when there are none.
pub(crate) fn zip(cell: &[u8]) -> u32 {
    if let Some(five) = cell.get(..5)
        && five.iter().all(u8::is_ascii_digit)
    {
        return five.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')) + 1;
    }
    let mut letters = [0; 12];
    let mut count = 0;
    for byte in cell.iter().filter(|byte| byte.is_ascii_alphanumeric()).take(12) {
        letters[count] = byte.to_ascii_uppercase();
        count += 1;
    }
    if count == 0 { 0 } else { hash_bytes(&letters[..count]) as u32 | 1 << 31 }
}

/// 1 male, 2 female, 3 another; 0 not stated.
pub(crate) fn sex(cell: &[u8]) -> u8 {
    match cell.first().map(u8::to_ascii_lowercase) {
        Some(b'm' | b'1' | b'h') => 1,
        Some(b'f' | b'2' | b'w') => 2,
        Some(b'x' | b'3' | b'o' | b't' | b'n') => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates() {
        for (cell, date) in [
            ("", Some((0, 0, 0))),
            ("1999", Some((1999, 0, 0))),
            ("1999-02-28", Some((1999, 2, 28))),
            ("2000-02-29", Some((2000, 2, 29))),
            ("1900-02-29", None),
            ("1999-13-01", None),
            ("1999-04-31", None),
            ("1999-00-00", None),
            ("1999/01/01", None),
            ("01-01-1999", None),
            ("199", None),
            ("0099", None),
            ("19é9", None),
        ] {
            let read = BirthDate::read(cell.as_bytes());
            assert_eq!(read.map(|d| (d.year(), d.month(), d.day())), date, "{cell}");
            assert!(read.is_none_or(|date| date.written() == cell), "{cell}");
        }
        assert!(BirthDate::new(1999, 0, 0).year_only());
        assert!(!BirthDate(0).year_only());
    }

    #[test]
    fn phones_postcodes_sexes() {
        assert_eq!(phone(b"+1 (510) 555-0134"), 5_105_550_134);
        assert_eq!(phone(b"555-0134"), 5_550_134);
        assert_eq!(phone(b"000-000-0000"), 0);
        assert_eq!(phone(b"n/a"), 0);
        assert_eq!(zip(b"94501-1234"), 94_502);
        assert_eq!(zip(b"00000"), 1);
        assert_eq!(zip(b"ab1 2cd"), zip(b"AB12CD"));
        assert_eq!(zip(b" - "), 0);
        assert_eq!([&b"F"[..], b"male", b"X", b"", b"?"].map(sex), [2, 1, 3, 0, 0]);
    }

    proptest! {
        #[test]
        fn nothing_panics(cell in prop::collection::vec(any::<u8>(), 0..40)) {
            BirthDate::read(&cell);
            phone(&cell);
            zip(&cell);
            sex(&cell);
        }

        /// A date and its swapped form meet, and nothing is lost otherwise.
        #[test]
        fn swapped_dates_meet(year in 1900u32..2020, month in 1u32..13, day in 1u32..13, late in 13u32..32) {
            let (date, swapped) = (BirthDate::new(year, month, day), BirthDate::new(year, day, month));
            prop_assert_eq!(date.unswapped(), swapped.unswapped());
            prop_assert_eq!(BirthDate::new(year, month, late).unswapped(), BirthDate::new(year, month, late).0);
        }
    }
}
