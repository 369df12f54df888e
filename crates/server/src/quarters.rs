//! Quarters, counted back from a day.

use std::iter::successors;

use jiff::civil::Date;
use records::Quarter;

/// The quarter before; nothing before the calendar.
pub(crate) fn before(quarter: Quarter) -> Option<Quarter> {
    Some(Quarter::containing(quarter.period().start()?.yesterday().ok()?))
}

/// The quarters that are over on a day, the latest first.
pub(crate) fn over(today: Date) -> impl Iterator<Item = Quarter> {
    successors(before(Quarter::containing(today)), |quarter| before(*quarter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_over_when_the_next_has_begun() {
        let four = |day: &str| -> Vec<String> {
            over(day.parse().unwrap()).take(4).map(|quarter| quarter.to_string()).collect()
        };
        assert_eq!(four("2026-11-30"), ["2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4"]);
        assert_eq!(four("2026-01-01"), ["2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1"]);
        assert_eq!(over(Date::MIN).count(), 0);
    }
}
