//! How long months are.

/// The days of a month of a year of the Gregorian calendar; 0 of what is no month.
pub(crate) fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn februaries_and_what_is_no_month() {
        assert_eq!([1900, 1999, 2000, 2024].map(|year| days_in(year, 2)), [28, 28, 29, 29]);
        assert_eq!((1..=12).map(|month| days_in(1999, month)).sum::<u32>(), 365);
        assert_eq!([days_in(1999, 0), days_in(1999, 13)], [0, 0]);
    }
}
