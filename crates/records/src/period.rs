//! Reporting periods, state quarters, and the mapping from one to the other.
//!
//! In: what a return says of its period (`2007`, `2010-Q3`, `2010-07/2011-06`,
//! `2010-07-01/2012-06-30`, `2010-`). Out: a [`Period`] of whole days, both ends included.
//! Assumes the Gregorian calendar. Knows no clock.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A span of whole days, both ends included; an end that is absent is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    start: Option<Date>,
    end: Option<Date>,
}

/// A text that is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a period such as 2007, 2010-Q3, 2010-07, 2010-07/2011-06, 2010-07-01/2012-06-30 or 2010- (open)"
)]
pub struct NotAPeriod;

/// A calendar quarter, the unit in which the state counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quarter {
    year: i16,
    number: i8,
}

impl Period {
    /// A period that is not stated at all.
    pub const UNDATED: Period = Period { start: None, end: None };

    /// Makes a period from its first and last day.
    ///
    /// # Errors
    ///
    /// [`NotAPeriod`] when it would end before it starts.
    pub fn new(start: Option<Date>, end: Option<Date>) -> Result<Period, NotAPeriod> {
        match (start, end) {
            (Some(first), Some(last)) if last < first => Err(NotAPeriod),
            _ => Ok(Period { start, end }),
        }
    }

    /// The first day, absent when the start is open.
    pub fn start(&self) -> Option<Date> {
        self.start
    }

    /// The last day, absent when the end is open.
    pub fn end(&self) -> Option<Date> {
        self.end
    }

    /// The same period cut short on `last`, for a year reported "through" a date.
    ///
    /// # Errors
    ///
    /// [`NotAPeriod`] when `last` lies before the start or after the end.
    pub fn through(self, last: Date) -> Result<Period, NotAPeriod> {
        if self.end.is_some_and(|end| last > end) {
            return Err(NotAPeriod);
        }
        Period::new(self.start, Some(last))
    }

    /// The number of days both periods share; open ends share nothing that can be counted.
    pub fn overlap_days(&self, other: &Period) -> i32 {
        let (Some(a), Some(b), Some(c), Some(d)) = (self.start, self.end, other.start, other.end)
        else {
            return 0;
        };
        let (first, last) = (a.max(c), b.min(d));
        if last < first { 0 } else { days_between(first, last) + 1 }
    }

    /// Whether `other` lies wholly inside this period.
    pub fn contains(&self, other: &Period) -> bool {
        let starts = match (self.start, other.start) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(a), Some(b)) => a <= b,
        };
        let ends = match (self.end, other.end) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(a), Some(b)) => b <= a,
        };
        starts && ends
    }

    /// Whether the two periods share at least a day; an open end reaches for ever.
    pub fn overlaps(&self, other: &Period) -> bool {
        let before = |end: Option<Date>, start: Option<Date>| matches!((end, start), (Some(e), Some(s)) if e < s);
        !before(self.end, other.start) && !before(other.end, self.start)
    }

    /// The length in days, absent when an end is open.
    pub fn days(&self) -> Option<i32> {
        Some(days_between(self.start?, self.end?) + 1)
    }

    /// The state quarter with which an agency's own quarter shares the most days.
    ///
    /// A tie goes to the earlier quarter. A period that is longer than 135 days or shorter than
    /// 46 is not a quarter and maps to none; neither does one with an open end.
    pub fn state_quarter(&self) -> Option<Quarter> {
        let days = self.days()?;
        if !(46..=135).contains(&days) {
            return None;
        }
        let mut candidate = Quarter::containing(self.start?);
        let mut best = (self.overlap_days(&candidate.period()), candidate);
        while candidate.period().start? <= self.end? {
            let shared = self.overlap_days(&candidate.period());
            if shared > best.0 {
                best = (shared, candidate);
            }
            candidate = candidate.next();
        }
        Some(best.1)
    }
}

fn days_between(first: Date, last: Date) -> i32 {
    // The span between two civil dates in days fits easily: jiff's calendar has about 7.3 million.
    first.until(last).map_or(0, |span| span.get_days())
}

fn last_of_month(year: i16, month: i8) -> Option<Date> {
    Some(Date::new(year, month, 1).ok()?.last_of_month())
}

/// One end of a period as written: a year, a month or a day.
fn ends_of(text: &str) -> Option<(Date, Date)> {
    let digits = |part: &str, wanted: usize| {
        part.len() == wanted && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year] if digits(year, 4) => {
            let year = year.parse().ok()?;
            Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?))
        }
        [year, month] if digits(year, 4) && digits(month, 2) => {
            let (year, month) = (year.parse().ok()?, month.parse().ok()?);
            Some((Date::new(year, month, 1).ok()?, last_of_month(year, month)?))
        }
        [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
            let day = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
            Some((day, day))
        }
        _ => None,
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Period, NotAPeriod> {
        let text = text.trim();
        if text.is_empty() || text == "undated" {
            return if text.is_empty() { Err(NotAPeriod) } else { Ok(Period::UNDATED) };
        }
        if let Ok(quarter) = text.parse::<Quarter>() {
            return Ok(quarter.period());
        }
        if let Some((first, last)) = text.split_once('/') {
            let start =
                if first == ".." { None } else { Some(ends_of(first.trim()).ok_or(NotAPeriod)?.0) };
            let end =
                if last == ".." { None } else { Some(ends_of(last.trim()).ok_or(NotAPeriod)?.1) };
            return Period::new(start, end);
        }
        if let Some(open) = text.strip_suffix('-') {
            return Period::new(Some(ends_of(open).ok_or(NotAPeriod)?.0), None);
        }
        let (start, end) = ends_of(text).ok_or(NotAPeriod)?;
        Period::new(Some(start), Some(end))
    }
}

impl fmt::Display for Period {
    /// The shortest unambiguous label: `2007`, `2010-Q3`, `2010-07-01/2012-06-30`, `undated`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.start, self.end) {
            (None, None) => f.write_str("undated"),
            (Some(start), None) => write!(f, "{start}/.."),
            (None, Some(end)) => write!(f, "../{end}"),
            (Some(start), Some(end)) => {
                let whole_year = (start.month(), start.day(), end.month(), end.day())
                    == (1, 1, 12, 31)
                    && start.year() == end.year();
                let quarter = Quarter::containing(start);
                if whole_year {
                    write!(f, "{:04}", start.year())
                } else if quarter.period() == *self {
                    write!(f, "{quarter}")
                } else if start == end {
                    write!(f, "{start}")
                } else {
                    write!(f, "{start}/{end}")
                }
            }
        }
    }
}

impl TryFrom<String> for Period {
    type Error = NotAPeriod;
    fn try_from(text: String) -> Result<Period, NotAPeriod> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

impl Quarter {
    /// Makes the quarter `number` (1 to 4) of `year`.
    ///
    /// # Errors
    ///
    /// [`NotAPeriod`] when the number is not 1 to 4 or the year not 1 to 9999.
    pub fn new(year: i16, number: i8) -> Result<Quarter, NotAPeriod> {
        if (1..=4).contains(&number) && (1..=9999).contains(&year) {
            Ok(Quarter { year, number })
        } else {
            Err(NotAPeriod)
        }
    }

    /// The quarter in which a day lies.
    pub fn containing(day: Date) -> Quarter {
        Quarter { year: day.year(), number: (day.month() - 1) / 3 + 1 }
    }

    /// The quarter that follows.
    pub fn next(self) -> Quarter {
        if self.number == 4 {
            Quarter { year: self.year + 1, number: 1 }
        } else {
            Quarter { year: self.year, number: self.number + 1 }
        }
    }

    /// Its days.
    pub fn period(&self) -> Period {
        let start = Date::constant(self.year, self.number * 3 - 2, 1);
        let end = start.saturating_add(2.months()).last_of_month();
        Period { start: Some(start), end: Some(end) }
    }

    /// Every quarter from this one to `last`, both included.
    pub fn up_to(self, last: Quarter) -> impl Iterator<Item = Quarter> {
        std::iter::successors(Some(self), |quarter| Some(quarter.next()))
            .take_while(move |quarter| *quarter <= last)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.number)
    }
}

impl FromStr for Quarter {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Quarter, NotAPeriod> {
        let (year, number) = text.split_once("-Q").ok_or(NotAPeriod)?;
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || number.len() != 1 || !plain(year) || !plain(number) {
            return Err(NotAPeriod);
        }
        Quarter::new(year.parse().map_err(|_| NotAPeriod)?, number.parse().map_err(|_| NotAPeriod)?)
    }
}

impl TryFrom<String> for Quarter {
    type Error = NotAPeriod;
    fn try_from(text: String) -> Result<Quarter, NotAPeriod> {
        text.parse()
    }
}

impl From<Quarter> for String {
    fn from(quarter: Quarter) -> String {
        quarter.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn every_form_of_the_source_is_read() {
        for (text, label) in [
            ("2007", "2007"),
            ("2010-Q3", "2010-Q3"),
            ("2010-07/2011-06", "2010-07-01/2011-06-30"),
            ("2010-07-01/2012-06-30", "2010-07-01/2012-06-30"),
            ("2010-07-01/2010-09-30", "2010-Q3"),
            ("2010-", "2010-01-01/.."),
            ("2010-01-", "2010-01-01/.."),
            ("2023/2024", "2023-01-01/2024-12-31"),
            ("2024-01-16", "2024-01-16"),
            ("2012-02", "2012-02-01/2012-02-29"),
        ] {
            assert_eq!(period(text).to_string(), label, "{text}");
        }
        for text in ["", "twice a year", "2010-Q5", "2010-13", "2012-06/2011-07", "20100", "+201"] {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod), "{text}");
        }
    }

    #[test]
    fn an_agency_quarter_goes_to_the_state_quarter_it_overlaps_most() {
        let cases = [
            ("2011-01-01/2011-03-31", Some("2011-Q1")),
            ("2010-12-16/2011-03-15", Some("2011-Q1")),
            ("2011-02-16/2011-05-15", Some("2011-Q2")), // 44 days against 45
            ("2011-01-26/2011-04-25", Some("2011-Q1")),
            ("2011-01-01/2011-06-30", None),
            ("2011-01-01/2011-01-31", None),
        ];
        for (text, quarter) in cases {
            let found = period(text).state_quarter().map(|quarter| quarter.to_string());
            assert_eq!(found.as_deref(), quarter, "{text}");
        }
    }

    fn any_date() -> impl Strategy<Value = Date> {
        (1900i16..2100, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| Date::constant(y, m, d))
    }

    proptest! {
        /// A label says everything: reading it gives the period back.
        #[test]
        fn labels_round_trip(a in any_date(), b in any_date(), open in 0..3u8) {
            let (start, end) = (a.min(b), a.max(b));
            let period = Period::new((open != 1).then_some(start), (open != 2).then_some(end)).unwrap();
            prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
        }

        /// No other quarter shares more days than the one chosen.
        #[test]
        fn the_chosen_quarter_overlaps_most(start in any_date(), length in 46i64..=135) {
            let end = start.checked_add((length - 1).days()).unwrap();
            let period = Period::new(Some(start), Some(end)).unwrap();
            let chosen = period.state_quarter().unwrap();
            let first = Quarter::containing(start);
            for other in first.up_to(Quarter::containing(end)) {
                prop_assert!(period.overlap_days(&other.period()) <= period.overlap_days(&chosen.period()));
            }
        }

        /// No text makes the parser panic.
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,24}") {
            let _ = text.parse::<Period>();
        }
    }
}
