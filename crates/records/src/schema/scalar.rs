//! Cells that are not free text, read from their bytes.
//!
//! In: a cell. Out: its rank, a whole number in the order of the type's values: trillionths for
//! integers and numbers (so that sums are exact), `yyyymmdd`, `yyyymm` and `yyyy` for dates, months
//! and years, 0 and 1 for false and true. `None` when the cell is none of these.

/// One, in the ranks of integers and numbers.
pub(super) const ONE: i128 = 1_000_000_000_000;
/// Decimal places that a number may have.
const PLACES: i32 = 12;
/// Numbers have at most 18 digits before the point, so that no sum of them overflows.
const BOUND: i128 = 1_000_000_000_000_000_000 * ONE;

/// `12`, `-3`, `+007`; any that fits in 64 bits.
pub(super) fn integer(cell: &[u8]) -> Option<i64> {
    let (negative, digits) = sign(cell);
    if digits.is_empty() || digits.len() > 18 {
        return if cell.is_ascii() && !digits.is_empty() { long_integer(cell) } else { None };
    }
    let mut value = 0_i64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

#[cold]
fn long_integer(cell: &[u8]) -> Option<i64> {
    std::str::from_utf8(cell).ok()?.parse().ok()
}

fn sign(cell: &[u8]) -> (bool, &[u8]) {
    match cell {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    }
}

/// `12`, `-0.5`, `.5`, `1.5e3`: up to 18 digits before the point and 12 behind it, exactly.
pub(super) fn number(cell: &[u8]) -> Option<i128> {
    let (negative, digits) = sign(cell);
    let (mut mantissa, mut used, mut zeros, mut places) = (0_i128, 0_i32, 0_i32, 0_i32);
    let (mut any, mut after_point, mut exponent) = (false, false, 0_i32);
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                any = true;
                places += i32::from(after_point);
                let digit = i128::from(byte - b'0');
                if digit != 0 {
                    used += zeros + 1;
                    if used > 30 {
                        return None;
                    }
                    mantissa = mantissa * 10_i128.pow(zeros.unsigned_abs() + 1) + digit;
                    zeros = 0;
                } else if mantissa != 0 {
                    zeros += 1;
                }
            }
            b'.' if !after_point => after_point = true,
            b'e' | b'E' if any => {
                exponent = power(&digits[at + 1..])?;
                break;
            }
            _ => return None,
        }
    }
    if !any {
        return None;
    }
    if mantissa == 0 {
        return Some(0);
    }
    // The mantissa ends in a digit other than 0, so a negative power would lose it.
    let power = u32::try_from(zeros - places + exponent + PLACES).ok().filter(|&by| by <= 30)?;
    let value = mantissa.checked_mul(10_i128.pow(power)).filter(|&value| value < BOUND)?;
    Some(if negative { -value } else { value })
}

fn power(cell: &[u8]) -> Option<i32> {
    integer(cell).and_then(|power| i32::try_from(power).ok()).filter(|power| power.abs() < 1000)
}

/// Digits only, no sign.
fn digits(cell: &[u8]) -> Option<u32> {
    cell.iter().try_fold(0, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit <= 9).then(|| value * 10 + u32::from(digit))
    })
}

/// `2012`.
pub(super) fn year(cell: &[u8]) -> Option<u32> {
    if cell.len() == 4 { digits(cell) } else { None }
}

/// `2012-03`.
pub(super) fn year_month(cell: &[u8]) -> Option<u32> {
    let [y @ .., b'-', m1, m2] = cell else { return None };
    let month = digits(&[*m1, *m2]).filter(|month| (1..=12).contains(month))?;
    Some(year(y)? * 100 + month)
}

/// `2012-03-31`, a day that exists.
pub(super) fn date(cell: &[u8]) -> Option<u32> {
    let [y_m @ .., b'-', d1, d2] = cell else { return None };
    let year_month = year_month(y_m).filter(|&year_month| year_month > 100)?;
    let day = digits(&[*d1, *d2])?;
    let last = match (year_month % 100, year_month / 100) {
        (4 | 6 | 9 | 11, _) => 30,
        (2, year) if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        (2, _) => 28,
        _ => 31,
    };
    (1..=last).contains(&day).then_some(year_month * 100 + day)
}

/// `true`, `TRUE`, `1` and the like, as Table Schema lists them.
pub(super) fn boolean(cell: &[u8]) -> Option<bool> {
    match cell {
        b"true" | b"True" | b"TRUE" | b"1" => Some(true),
        b"false" | b"False" | b"FALSE" | b"0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn edges() {
        assert_eq!(integer(b"-9223372036854775808"), Some(i64::MIN));
        assert_eq!(integer(b"9223372036854775808"), None);
        for not in ["", "-", "+", "1,277", " 1", "1.0", "--1", "\u{661}", "1_0"] {
            assert_eq!(integer(not.as_bytes()), None, "{not}");
        }
        assert_eq!(number(b"1.5e3"), Some(1500 * ONE));
        assert_eq!(number(b"1.10000000000000000000000000000000000000"), Some(ONE + ONE / 10));
        assert_eq!(number(b"999999999999999999.999999999999"), Some(BOUND - 1));
        for not in [
            "",
            ".",
            "-",
            "e5",
            "1e",
            "1e1.5",
            "1..2",
            "0.0000000000001",
            "1e18",
            "NaN",
            "INF",
            "5%",
        ] {
            assert_eq!(number(not.as_bytes()), None, "{not}");
        }
        assert_eq!(date(b"2012-02-29"), Some(20_120_229));
        for not in
            ["2011-02-29", "1900-02-29", "0000-01-01", "2011-2-01", "2011-04-31", "2011-13-01"]
        {
            assert_eq!(date(not.as_bytes()), None, "{not}");
        }
        assert_eq!((year(b"2012"), year(b"+012"), year(b"12")), (Some(2012), None, None));
        assert_eq!(year_month(b"2012-00"), None);
    }

    /// Shifts the point in the text of a number, by hand.
    fn slow_number(whole: &str, fraction: &str, exponent: i32) -> Option<i128> {
        let mut all = format!("{whole}{fraction}");
        let mut point = whole.len() as i32 + exponent;
        while point < 0 {
            all.insert(0, '0');
            point += 1;
        }
        while (all.len() as i32) < point {
            all.push('0');
        }
        let (whole, fraction) = all.split_at(point as usize);
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        if whole.len() > 18 || fraction.len() > 12 {
            return None;
        }
        format!("0{whole}{fraction:0<12}").parse().ok()
    }

    proptest! {
        #[test]
        fn integers_are_those_of_the_standard_library(text in "[+-]?[0-9]{0,21}|.{0,4}") {
            let slow = text.parse::<i64>().ok();
            prop_assert_eq!(integer(text.as_bytes()), slow);
        }

        #[test]
        fn numbers_are_shifted_by_hand(
            whole in "[0-9]{1,25}", fraction in "0{0,14}[0-9]{0,14}", exponent in -30..30_i32, minus: bool,
        ) {
            let text = format!("{}{whole}.{fraction}e{exponent}", if minus { "-" } else { "" });
            let slow = slow_number(&whole, &fraction, exponent).map(|v| if minus { -v } else { v });
            // Thirty digits are enough for any number that fits.
            prop_assert_eq!(number(text.as_bytes()), slow);
        }

        #[test]
        fn dates_are_those_of_the_calendar(y in 0..10_000_i16, m in 0..15_i8, d in 0..40_i8) {
            let real = jiff::civil::Date::new(y, m, d).is_ok() && y > 0;
            prop_assert_eq!(date(format!("{y:04}-{m:02}-{d:02}").as_bytes()).is_some(), real);
        }

        #[test]
        fn ranks_keep_the_order(a in -1_000_000..1_000_000_i64, b in -1_000_000..1_000_000_i64) {
            let rank = |v: i64| number(format!("{}.{:03}", v / 1000, (v % 1000).abs()).as_bytes());
            if a / 1000 != b / 1000 && a / 1000 != 0 && b / 1000 != 0 {
                prop_assert_eq!(rank(a).cmp(&rank(b)), a.cmp(&b));
            }
        }

        #[test]
        fn no_bytes_panic(cell in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = (integer(&cell), number(&cell), date(&cell), year_month(&cell), boolean(&cell));
        }
    }
}
