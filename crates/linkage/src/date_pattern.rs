//! Dates by a pattern of `strptime`, as Python reads them.
//!
//! In: a pattern such as `%d/%m/%Y`, and a text. Out: the eight digits `YYYYMMDD`, or nothing when
//! the text is no such date; or the day, or the year alone where the pattern has no more. A one-digit day or month is read where Python reads it (`%d` takes
//! `3`, `03` and ` 3`), and, as there, a shorter reading is tried when the longer one leads nowhere.

use std::ops::RangeInclusive;

use crate::calendar::days_in;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// One piece of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Year,
    YearOfCentury,
    Month,
    MonthName,
    MonthAbbreviation,
    Day,
    DayOfYear,
    Blanks,
    Letter(char),
}

/// A pattern, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DatePattern(Vec<Piece>);

#[derive(Default, Clone, Copy)]
struct Parts {
    year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    day_of_year: Option<u32>,
}

impl DatePattern {
    /// Reads a pattern; the directive that is not known is the error.
    pub(crate) fn new(pattern: &str) -> Result<DatePattern, String> {
        let mut pieces = Vec::new();
        let mut letters = pattern.chars().peekable();
        while let Some(letter) = letters.next() {
            pieces.push(match letter {
                '%' => match letters.next() {
                    Some('Y') => Piece::Year,
                    Some('y') => Piece::YearOfCentury,
                    Some('m') => Piece::Month,
                    Some('B') => Piece::MonthName,
                    Some('b') => Piece::MonthAbbreviation,
                    Some('d') => Piece::Day,
                    Some('j') => Piece::DayOfYear,
                    Some('%') => Piece::Letter('%'),
                    Some(other) => return Err(format!("%{other}")),
                    None => return Err("%".to_owned()),
                },
                blank if blank.is_whitespace() => {
                    while letters.peek().is_some_and(|next| next.is_whitespace()) {
                        letters.next();
                    }
                    Piece::Blanks
                }
                other => Piece::Letter(other),
            });
        }
        Ok(DatePattern(pieces))
    }

    /// Whether it reads whole years and, if any more, whole days: what a date of birth may be.
    pub(crate) fn reads_births(&self) -> bool {
        let has = |pieces: &[Piece]| pieces.iter().any(|piece| self.0.contains(piece));
        let month = has(&[Piece::Month, Piece::MonthName, Piece::MonthAbbreviation]);
        // Two digits do not say which century somebody was born in.
        let year = has(&[Piece::Year]) && !has(&[Piece::YearOfCentury]);
        year && month == has(&[Piece::Day])
    }

    /// The year, and month and day where the pattern has them; a day that exists.
    pub(crate) fn read_birth(&self, text: &str) -> Option<(u32, Option<(u32, u32)>)> {
        let parts = read(&self.0, text, Parts::default())?;
        let year = parts.year?;
        let day = match (parts.month, parts.day, parts.day_of_year) {
            (Some(month), Some(day), _) => (day <= days_in(year, month)).then_some((month, day))?,
            (_, _, Some(day)) => month_and_day(year, day)?,
            _ => return Some((year, None)),
        };
        Some((year, Some(day)))
    }

    /// The date in eight digits. Without a month or day it is the first; without a year, 1900.
    pub(crate) fn read(&self, text: &str) -> Option<String> {
        let parts = read(&self.0, text, Parts::default())?;
        let year = parts.year.unwrap_or(1900);
        let (month, day) = match (parts.month, parts.day, parts.day_of_year) {
            (None, None, Some(day)) => month_and_day(year, day)?,
            (month, day, _) => (month.unwrap_or(1), day.unwrap_or(1)),
        };
        let exists = year >= 1000 && (1..=12).contains(&month) && day <= days_in(year, month);
        exists.then(|| format!("{year:04}{month:02}{day:02}"))
    }
}

fn read(pieces: &[Piece], text: &str, parts: Parts) -> Option<Parts> {
    let Some((&piece, rest)) = pieces.split_first() else {
        return text.is_empty().then_some(parts);
    };
    let year_of_century = |y: u32| if y < 69 { 2000 + y } else { 1900 + y };
    match piece {
        Piece::Letter(letter) => {
            let first = text.chars().next()?;
            let same = first == letter || first.to_lowercase().eq(letter.to_lowercase());
            same.then(|| read(rest, &text[first.len_utf8()..], parts))?
        }
        Piece::Blanks => {
            let after = text.trim_start();
            (after.len() < text.len()).then(|| read(rest, after, parts))?
        }
        Piece::Year => number(text, 4..=4, 0..=9999, |year, after| {
            read(rest, after, Parts { year: Some(year), ..parts })
        }),
        Piece::YearOfCentury => number(text, 2..=2, 0..=99, |year, after| {
            read(rest, after, Parts { year: Some(year_of_century(year)), ..parts })
        }),
        Piece::Month => number(text, 1..=2, 1..=12, |month, after| {
            read(rest, after, Parts { month: Some(month), ..parts })
        }),
        Piece::Day => number(text, 1..=2, 1..=31, |day, after| {
            read(rest, after, Parts { day: Some(day), ..parts })
        })
        .or_else(|| {
            let after = text.strip_prefix(' ')?;
            number(after, 1..=1, 1..=9, |day, after| {
                read(rest, after, Parts { day: Some(day), ..parts })
            })
        }),
        Piece::DayOfYear => number(text, 1..=3, 1..=366, |day, after| {
            read(rest, after, Parts { day_of_year: Some(day), ..parts })
        }),
        Piece::MonthName | Piece::MonthAbbreviation => {
            let length = |name: &&str| if piece == Piece::MonthName { name.len() } else { 3 };
            let (month, after) = (1..).zip(&MONTHS).find_map(|(month, name)| {
                let length = length(name);
                let written = text.get(..length)?;
                written.eq_ignore_ascii_case(&name[..length]).then_some((month, &text[length..]))
            })?;
            read(rest, after, Parts { month: Some(month), ..parts })
        }
    }
}

/// Tries the longest run of digits first, then shorter ones.
fn number<T>(
    text: &str,
    lengths: RangeInclusive<usize>,
    values: RangeInclusive<u32>,
    then: impl Fn(u32, &str) -> Option<T>,
) -> Option<T> {
    lengths.rev().find_map(|length| {
        let digits = text.get(..length)?;
        let value = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())??;
        values.contains(&value).then(|| then(value, &text[length..]))?
    })
}

fn month_and_day(year: u32, mut day_of_year: u32) -> Option<(u32, u32)> {
    (1..=12).find_map(|month| {
        let days = days_in(year, month);
        if day_of_year <= days {
            return Some((month, day_of_year));
        }
        day_of_year -= days;
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str, text: &str) -> Option<String> {
        DatePattern::new(pattern).unwrap().read(text)
    }

    /// Each line checked against `datetime.strptime` of Python 3.11.
    #[test]
    fn dates_as_python_reads_them() {
        for (pattern, text, expected) in [
            ("%Y-%m-%d", "1998-03-04", Some("19980304")),
            ("%Y-%m-%d", "1998-3-4", Some("19980304")),
            ("%Y-%m-%d", "1998-03- 4", Some("19980304")),
            ("%Y-%m-%d", "1998-02-30", None),
            ("%Y-%m-%d", "2000-02-29", Some("20000229")),
            ("%Y-%m-%d", "1900-02-29", None),
            ("%Y-%m-%d", "98-03-04", None),
            ("%Y-%m-%d", "1998-03-04 ", None),
            ("%Y-%m-%d", "", None),
            ("%d%m%Y", "1122000", Some("20000211")),
            ("%d/%m/%y", "4/3/68", Some("20680304")),
            ("%d/%m/%y", "4/3/69", Some("19690304")),
            ("%d %B %Y", "4  mArCh 1998", Some("19980304")),
            ("%d %b %Y", "4 Mar 1998", Some("19980304")),
            ("%Y", "1998", Some("19980101")),
            ("%Y %j", "2000 366", Some("20001231")),
            ("%Y-%m-%d", "áé-03-04", None),
        ] {
            assert_eq!(read(pattern, text).as_deref(), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn dates_of_birth() {
        for (pattern, text, expected) in [
            ("%Y%m%d", "19450930", Some((1945, Some((9, 30))))),
            ("%Y%m%d", "19450932", None),
            ("%m/%d/%Y", "2/29/1999", None),
            ("%d %b %Y", "4 Mar 1998", Some((1998, Some((3, 4))))),
            ("%Y-%j", "2000-366", Some((2000, Some((12, 31))))),
            ("%Y-%j", "1999-366", None),
            ("%Y", "1998", Some((1998, None))),
        ] {
            let read = DatePattern::new(pattern).unwrap().read_birth(text);
            assert_eq!(read, expected, "{pattern} {text}");
        }
        let reads_births = |pattern: &&str| DatePattern::new(pattern).unwrap().reads_births();
        let good = ["%Y", "%Y%m%d", "%d.%m.%Y", "%B %d %Y", "%Y %j"];
        assert!(good.iter().all(reads_births));
        let bad = ["", "%m/%Y", "%d %Y", "%d/%m", "%d/%m/%y", "%Y %y %m %d", "%m %j %Y"];
        assert!(!bad.iter().any(reads_births));
    }

    #[test]
    fn a_directive_that_is_not_known_is_named() {
        assert_eq!(DatePattern::new("%H:%M"), Err("%H".to_owned()));
        assert_eq!(DatePattern::new("%"), Err("%".to_owned()));
    }
}
