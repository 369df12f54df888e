//! A number of people or records as it may be printed.
//!
//! In: a number. Out: a [`ShownCount`], which only [`ShownCount::of`] makes: a number under 11,
//! zero included, is gone for good, so that no page, drawing or file can print it.

use std::fmt;

use serde::Serialize;

use crate::{SMALLEST_SHOWN, words};

/// What may be printed of a number of people or records.
///
/// As text it is `1,742` or `fewer than 11, hidden`; as data `{"shown": "whole", "number": 1742}`
/// or `{"shown": "hidden"}`. A sentence that names a number of people is written with it.
///
/// # Examples
///
/// ```
/// use report::ShownCount;
///
/// assert_eq!(ShownCount::of(1742).to_string(), "1,742");
/// assert_eq!(ShownCount::of(7).to_string(), "fewer than 11, hidden");
/// assert_eq!(ShownCount::of(7), ShownCount::of(0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ShownCount(Inner);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "shown")]
enum Inner {
    Whole { number: u64 },
    Hidden,
}

impl ShownCount {
    /// Decides what may be shown of a number.
    pub fn of(number: u64) -> ShownCount {
        if number < SMALLEST_SHOWN.unsigned_abs() {
            ShownCount(Inner::Hidden)
        } else {
            ShownCount(Inner::Whole { number })
        }
    }

    /// The number, absent when it is hidden.
    pub fn number(self) -> Option<u64> {
        match self.0 {
            Inner::Whole { number } => Some(number),
            Inner::Hidden => None,
        }
    }

    /// The length it is drawn to, absent when it is hidden.
    pub(crate) fn length(self) -> Option<f64> {
        self.number().map(|number| number as f64)
    }
}

impl From<u64> for ShownCount {
    fn from(number: u64) -> ShownCount {
        ShownCount::of(number)
    }
}

impl fmt::Display for ShownCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number() {
            Some(number) => f.write_str(&words::grouped(&number.to_string())),
            None => write!(f, "fewer than {SMALLEST_SHOWN}, hidden"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Exactly the numbers under 11 are gone, from text and from data.
        #[test]
        fn a_small_number_is_gone(number in prop_oneof![0u64..30, any::<u64>()]) {
            let shown = ShownCount::of(number);
            prop_assert_eq!(shown.number(), (number >= 11).then_some(number));
            let text = shown.to_string().replace(',', "");
            prop_assert_eq!(text == number.to_string(), number >= 11);
            let data = serde_json::to_value(shown).unwrap();
            prop_assert_eq!(data["number"].as_u64(), shown.number());
        }
    }
}
