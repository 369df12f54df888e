//! Dates of birth.
//!
//! In: `YYYY-MM-DD` or `YYYY`. Out: tokens for filters, and forms for exact keys in which a date
//! and the same date with day and month swapped are one.

use zeroize::Zeroizing;

use super::person::{WeightedToken, token};
use crate::calendar::days_in;

/// A date of birth, or only its year.
#[derive(Clone, Copy)]
pub(super) struct Birth {
    year: u16,
    month_and_day: Option<(u8, u8)>,
}

impl Birth {
    /// Reads `YYYY-MM-DD` or `YYYY`.
    pub(super) fn read(cell: &str) -> Option<Birth> {
        let cell = cell.trim();
        let number =
            |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?;
        let year = number(cell.get(..4)?).filter(|year| (1850..=2150).contains(year))?;
        if cell.len() == 4 {
            return Some(Birth { year, month_and_day: None });
        }
        let [month, day] =
            <[&str; 2]>::try_from(cell.get(4..)?.strip_prefix('-')?.split('-').collect::<Vec<_>>())
                .ok()?;
        let two = |text: &str| (text.len() == 2).then(|| number(text)).flatten();
        let (month, day) = (two(month)?, two(day)?);
        let days = days_in(u32::from(year), u32::from(month));
        let date = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        (1..=days).contains(&u32::from(day)).then_some(Birth { year, month_and_day: Some(date) })
    }

    /// Whether day and month are known.
    pub(super) fn is_whole(self) -> bool {
        self.month_and_day.is_some()
    }

    /// The year.
    pub(super) fn year(self) -> u16 {
        self.year
    }

    /// Weights add up to 840, or to the year's 360 when only that is known.
    pub(super) fn tokens(self) -> Vec<WeightedToken> {
        let year = format!("{:04}", self.year);
        let mut tokens = vec![
            (token("y", &year), 240),
            (token("t", &year[2..3]), 60),
            (token("u", &year[3..]), 60),
        ];
        if let Some((month, day)) = self.month_and_day {
            tokens.push((token("m", &month.to_string()), 120));
            tokens.push((token("d", &day.to_string()), 120));
            tokens.push((token("n", &month.to_string()), 120));
            tokens.push((token("n", &day.to_string()), 120));
        }
        tokens
    }

    /// The date with the smaller of day and month first, when either could be the month.
    pub(super) fn unswapped(self) -> Option<Zeroizing<String>> {
        let (month, day) = self.month_and_day?;
        let (one, two) = if day <= 12 { (month.min(day), month.max(day)) } else { (month, day) };
        Some(Zeroizing::new(format!("{:04}{one:02}{two:02}", self.year)))
    }

    /// Day and month in the same way, without the year.
    pub(super) fn without_year(self) -> Option<Zeroizing<String>> {
        self.unswapped().map(|date| Zeroizing::new(date[4..].to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_what_is_none() {
        for cell in ["1999-02-03", "2000-02-29", " 1999-02-03 ", "1999", "1999-12-31"] {
            assert!(Birth::read(cell).is_some(), "{cell}");
        }
        for cell in [
            "",
            "199",
            "1999-2-3",
            "1999-02-30",
            "1900-02-29",
            "03/02/1999",
            "1999-02",
            "0000",
            "é999",
        ] {
            assert!(Birth::read(cell).is_none(), "{cell}");
        }
    }

    #[test]
    fn swapped_dates_are_one() {
        let form = |cell: &str| Birth::read(cell).and_then(Birth::unswapped).unwrap();
        assert_eq!(form("1999-02-03"), form("1999-03-02"));
        assert_ne!(form("1999-02-13"), form("1999-02-03"));
        assert_eq!(form("1999-02-13").as_str(), "19990213");
        assert!(Birth::read("1999").and_then(Birth::unswapped).is_none());
    }
}
