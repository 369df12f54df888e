//! What happens to numbers between a mouth and a form. In: digits. Out: mistyped or formatted ones.

use crate::chance::Chance;

/// One digit replaced, or two that stand side by side exchanged.
pub(super) fn mistyped_digit(number: &str, chance: &mut Chance) -> String {
    let mut digits: Vec<char> = number.chars().collect();
    if digits.len() < 2 {
        return number.to_owned();
    }
    let at = chance.below(digits.len() - 1);
    if chance.happens(0.4) && digits[at] != digits[at + 1] {
        digits.swap(at, at + 1);
    } else {
        let old = digits[at].to_digit(10).unwrap_or_default() as usize;
        let new = (old + 1 + chance.below(9)) % 10;
        digits[at] = char::from_digit(new as u32, 10).unwrap_or('0');
    }
    digits.into_iter().collect()
}

/// A phone number of ten digits as people write it.
pub(super) fn formatted(phone: &str, chance: &mut Chance) -> String {
    if phone.len() != 10 || !phone.is_ascii() {
        return phone.to_owned();
    }
    let (area, rest) = phone.split_at(3);
    let (exchange, line) = rest.split_at(3);
    match chance.below(4) {
        0 => phone.to_owned(),
        1 => format!("({area}) {exchange}-{line}"),
        2 => format!("{area}-{exchange}-{line}"),
        _ => format!("{area}.{exchange}.{line}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chance::Stream;

    proptest! {
        /// One slip changes a number, and no more than two of its digits.
        #[test]
        fn a_slip_changes_a_number(number in "[0-9]{2,10}", seed: u64) {
            let typed = mistyped_digit(&number, &mut Chance::of(seed, Stream::Family, 0));
            let changed = number.chars().zip(typed.chars()).filter(|(old, new)| old != new);
            prop_assert!((1..=2).contains(&changed.count()));
            prop_assert_eq!(typed.len(), number.len());
        }

        /// A format keeps the digits, and no text makes any of them panic.
        #[test]
        fn a_format_keeps_the_digits(number in "[0-9]{10}", text in ".{0,12}", seed: u64) {
            let chance = &mut Chance::of(seed, Stream::Family, 0);
            let written = formatted(&number, chance);
            let digits: String = written.chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(digits, number);
            formatted(&text, chance);
            mistyped_digit(&text, chance);
        }
    }
}
