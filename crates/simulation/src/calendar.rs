//! The days of a period. In: a first quarter and how many. Out: days, counted from the first day
//! of the period, and their quarters and reporting years. Assumes state quarters; an agency whose
//! own quarter starts later dates its registrations in the days that both quarters share.

use jiff::ToSpan;
use jiff::civil::Date;
use records::Quarter;

use crate::error::SimulationError;

/// A day of the period, the first being 0; days before the period are below 0.
pub(crate) type Day = i64;

/// Years in which a period may start: births lie before it and agreements reach beyond it.
const YEARS: std::ops::RangeInclusive<i16> = 1000..=9000;

/// The days and quarters of a period.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    first: Date,
    quarters: Vec<QuarterDays>,
    /// The days of the period as they are written, so that writing one is a copy.
    written: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
struct QuarterDays {
    first: Day,
    last: Day,
    reporting_year: i16,
}

impl Calendar {
    /// The calendar of `quarters` quarters, at least one.
    pub(crate) fn new(from: Quarter, quarters: usize) -> Result<Calendar, SimulationError> {
        let beyond = || SimulationError::BeyondCalendar;
        let first = from.period().start().ok_or_else(beyond)?;
        if !YEARS.contains(&first.year()) {
            return Err(beyond());
        }
        let mut days = Vec::with_capacity(quarters);
        let (mut quarter, mut next) = (from, 0);
        for _ in 0..quarters {
            let period = quarter.period();
            let length = i64::from(period.days().ok_or_else(beyond)?);
            let start = period.start().ok_or_else(beyond)?;
            // The reporting year starts on 1 July and is named for the year in which it starts.
            let reporting_year = start.year() - i16::from(start.month() < 7);
            days.push(QuarterDays { first: next, last: next + length - 1, reporting_year });
            next += length;
            quarter = quarter.next();
        }
        let written = (0..next).map(|day| first.saturating_add(day.days()).to_string()).collect();
        Ok(Calendar { first, quarters: days, written })
    }

    /// How many quarters there are.
    pub(crate) fn quarters(&self) -> usize {
        self.quarters.len()
    }

    /// The first and last day of a quarter for an agency whose own quarters start later.
    pub(crate) fn shared_days(&self, quarter: usize, offset_days: i64) -> (Day, Day) {
        let days = self.quarters[quarter];
        ((days.first + offset_days).min(days.last), days.last)
    }

    /// The last day of the period.
    pub(crate) fn last_day(&self) -> Day {
        self.quarters.last().map_or(0, |quarter| quarter.last)
    }

    /// The reporting year of a quarter, named for the year in which it starts.
    pub(crate) fn reporting_year(&self, quarter: usize) -> i16 {
        self.quarters[quarter].reporting_year
    }

    /// A day as a date.
    pub(crate) fn date(&self, day: Day) -> Date {
        self.first.saturating_add(day.days())
    }

    /// A day as it is written.
    pub(crate) fn written(&self, day: Day) -> String {
        let inside = usize::try_from(day).ok().and_then(|day| self.written.get(day));
        inside.cloned().unwrap_or_else(|| self.date(day).to_string())
    }

    /// The quarter in which a day lies, which may be before the period.
    pub(crate) fn quarter_of(&self, day: Day) -> Quarter {
        Quarter::containing(self.date(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_follow_each_other() {
        let calendar = Calendar::new("2024-Q4".parse().unwrap(), 8).unwrap();
        assert_eq!(calendar.quarters(), 8);
        assert_eq!(calendar.written(0), "2024-10-01");
        assert_eq!(calendar.written(calendar.last_day()), "2026-09-30");
        assert_eq!(calendar.written(-1), "2024-09-30");
        let years: Vec<i16> = (0..8).map(|quarter| calendar.reporting_year(quarter)).collect();
        assert_eq!(years, [2024, 2024, 2024, 2025, 2025, 2025, 2025, 2026]);
        for quarter in 1..8 {
            let (first, last) = calendar.shared_days(quarter, 0);
            assert_eq!(first, calendar.shared_days(quarter - 1, 0).1 + 1);
            assert_eq!(calendar.quarter_of(first), calendar.quarter_of(last));
            let own = calendar.shared_days(quarter, 15);
            assert_eq!(own, (first + 15, last));
        }
    }

    #[test]
    fn the_end_of_the_calendar_is_refused() {
        assert!(Calendar::new("9999-Q4".parse().unwrap(), 8).is_err());
        assert!(Calendar::new("0001-Q1".parse().unwrap(), 8).is_err());
    }
}
