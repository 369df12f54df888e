//! Agreement of phone and address, and how widely they are shared.
//!
//! A phone that a few records have is a person's or a household's; one that dozens have is a
//! shelter's, a motel's or an agency's, and says little.

use crate::people::{Row, mix};

/// Levels of the phone: missing, different, one digit wrong, the same and shared widely, by some,
/// by few.
pub(crate) const PHONE_LEVELS: usize = 6;
/// Levels of the address: missing; without a street on one side: different, same town, same
/// postcode; with streets: different, same town, same postcode, nearly the same, the same and
/// shared widely, by some, by few.
pub(crate) const ADDRESS_LEVELS: usize = 11;

/// The cell of two people's phones and addresses.
#[inline]
pub(crate) fn cell(one: &Row, other: &Row) -> usize {
    phone(one, other) * ADDRESS_LEVELS + address(one, other)
}

#[inline]
fn phone(one: &Row, other: &Row) -> usize {
    if one.phone == 0 || other.phone == 0 {
        0
    } else if one.phone == other.phone {
        5 - usize::from(one.phone_shared)
    } else if one_digit(one.phone, other.phone) {
        2
    } else {
        1
    }
}

/// Whether two numbers differ in one digit, or in two neighbours that are swapped.
#[inline]
fn one_digit(one: u64, other: u64) -> bool {
    let mut apart = one.abs_diff(other);
    // A digit is d · 10ᵏ; a swap of neighbours d · 9 · 10ᵏ.
    while apart.is_multiple_of(10) {
        apart /= 10;
    }
    if apart >= 10 && (!apart.is_multiple_of(9) || apart > 81) {
        // Carries may hide nothing: a single digit leaves a single digit.
        return false;
    }
    let (mut one, mut other) = (one, other);
    let (mut wrong, mut sum) = (0, 0i64);
    let mut places = [0usize; 2];
    for place in 0..10 {
        let (a, b) = ((one % 10) as i64, (other % 10) as i64);
        if a != b {
            if wrong == 2 {
                return false;
            }
            places[wrong] = place;
            wrong += 1;
            sum += a - b;
        }
        one /= 10;
        other /= 10;
    }
    wrong == 1 || (wrong == 2 && sum == 0 && places[1] == places[0] + 1)
}

#[inline]
fn address(one: &Row, other: &Row) -> usize {
    let zips = one.zip != 0 && other.zip != 0;
    let same_zip = zips && one.zip == other.zip;
    let cities = one.city != 0 && other.city != 0;
    let same_city = cities && one.city == other.city;
    let area = match (same_zip, same_city) {
        (true, _) => 2,
        (_, true) => 1,
        _ => 0,
    };
    if one.street == 0 || other.street == 0 {
        return if zips || cities { 1 + area } else { 0 };
    }
    let same_house = one.house == other.house && one.house != 0;
    let elsewhere = (zips || cities) && area == 0;
    let same_name = one.street == other.street;
    let like_name = same_name || one.street_sound == other.street_sound;
    if same_house && same_name && !elsewhere {
        10 - usize::from(one.address_shared.max(other.address_shared))
    } else if (same_house && (like_name || same_zip)) || (like_name && area == 2) {
        7
    } else {
        4 + area
    }
}

/// Numbers an address for counting and blocking; 0 when there is none.
#[inline]
pub(crate) fn address_key(row: &Row) -> u64 {
    if row.street == 0 || row.house == 0 {
        return 0;
    }
    mix(u64::from(row.house) << 32 | u64::from(row.street), 0x9e37_79b9_7f4a_7c15) | 1
}

/// The pattern of missing values of a cell.
pub(crate) fn group(cell: usize) -> usize {
    let address = match cell % ADDRESS_LEVELS {
        0 => 0,
        1..=3 => 1,
        _ => 2,
    };
    usize::from(cell / ADDRESS_LEVELS == 0) * 3 + address
}

/// Whether a cell says the same phone or address, and not one that is shared widely.
pub(crate) fn same_place(cell: usize) -> bool {
    cell / ADDRESS_LEVELS >= 4 || matches!(cell % ADDRESS_LEVELS, 7 | 9 | 10)
}

/// Likewise, or one that is shared widely: where people meet who have nothing to do with one
/// another, and families too.
pub(crate) fn same_or_shared_place(cell: usize) -> bool {
    same_place(cell) || cell / ADDRESS_LEVELS == 3 || cell % ADDRESS_LEVELS == 8
}

/// Whether a cell says the same phone or the very same address, shared by few enough for a block.
pub(crate) fn own_place(cell: usize) -> bool {
    cell / ADDRESS_LEVELS >= 4 || cell % ADDRESS_LEVELS >= 9
}

/// How widely a phone or an address is shared, by the records that have it: 0 by few, 1 by some,
/// 2 widely.
pub(crate) fn shared_by(records: u32) -> u8 {
    match records {
        0..=4 => 0,
        5..=16 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn one_digit_wrong_is_found(number in 1_000_000_000u64..9_999_999_999, place in 0u32..9, digit in 0u64..10, more in 0u64..1_000_000) {
            let power = 10u64.pow(place);
            let changed = number - number / power % 10 * power + digit * power;
            prop_assert!(changed == number || one_digit(number, changed));
            let (low, high) = (number / power % 10, number / power / 10 % 10);
            let swapped = number - low * power - high * power * 10 + high * power + low * power * 10;
            prop_assert!(swapped == number || one_digit(number, swapped));
            let text = |number: u64| format!("{number:010}");
            let other = number - number % 1_000_000 + more;
            let wrong = text(number).bytes().zip(text(other).bytes()).filter(|(a, b)| a != b).count();
            prop_assert!(wrong < 3 || !one_digit(number, other));
        }
    }
}
