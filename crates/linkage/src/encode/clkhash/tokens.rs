//! A value cut into tokens.
//!
//! In: a value in its one form. Out: its tokens in order, repeated ones repeated, since how often
//! each is inserted depends on its place. An empty value has none.
//!
//! A number's tokens are its neighbourhood, so that near numbers share some: Vatsalan and Christen
//! (2016), Privacy-preserving matching of similar patients, J. Biomed. Inform. 59, 285–298.

use zeroize::Zeroizing;

use super::format::{Expected, integer, is_blank, without_underscores};

/// How values are compared, and so cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Comparison {
    /// Runs of `n` characters, with blanks at both ends; with their place when positional.
    Ngram { n: usize, positional: bool },
    /// The whole value.
    Exact,
    /// `2 resolution + 1` steps of `interval` around the number times `2 resolution`; the number
    /// is taken with `precision` digits after the point.
    Numeric { interval: i128, resolution: i128, precision: u32 },
}

/// Tokens, one after the other in one buffer that is used again and wiped at the end.
#[derive(Default)]
pub(super) struct Tokens {
    text: Zeroizing<String>,
    /// Where each ends.
    ends: Vec<usize>,
    letters: Zeroizing<Vec<char>>,
}

impl Tokens {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The tokens in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end])
    }

    fn end(&mut self) {
        self.ends.push(self.text.len());
    }

    fn push_ngrams(&mut self, value: &str, n: usize, positional: bool) {
        let blanks = || std::iter::repeat_n(' ', n - 1);
        self.letters.clear();
        self.letters.extend(blanks().chain(value.chars()).chain(blanks()));
        for (place, run) in self.letters.windows(n).enumerate() {
            if positional {
                let mut digits = [0; 20];
                self.text.push_str(decimal(place + 1, &mut digits));
                self.text.push(' ');
            }
            self.text.extend(run);
            self.ends.push(self.text.len());
        }
    }
}

impl Comparison {
    /// Cuts a value.
    pub(super) fn cut(&self, value: &str, tokens: &mut Tokens) -> Result<(), Expected> {
        tokens.text.clear();
        tokens.ends.clear();
        if value.is_empty() {
            return Ok(());
        }
        match *self {
            Comparison::Exact => {
                tokens.text.push_str(value);
                tokens.end();
            }
            Comparison::Ngram { n, positional } => tokens.push_ngrams(value, n, positional),
            Comparison::Numeric { interval, resolution, precision } => {
                let number = number(value, precision).ok_or(Expected::Number)?;
                for step in neighbourhood(number, interval, resolution) {
                    tokens.text.push_str(&step.ok_or(Expected::Number)?.to_string());
                    tokens.end();
                }
            }
        }
        Ok(())
    }
}

/// A number in digits, without the allocation of `to_string`.
fn decimal(mut number: usize, digits: &mut [u8; 20]) -> &str {
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    std::str::from_utf8(&digits[at..]).unwrap_or_default()
}

/// The number times ten to the power of the precision, as a whole number.
fn number(value: &str, precision: u32) -> Option<i128> {
    let scale = 10_i128.checked_pow(precision)?;
    if let Some(whole) = integer(value) {
        return whole.checked_mul(scale);
    }
    let plain = without_underscores(value.trim_matches(is_blank))?;
    let float: f64 = plain.parse().ok().filter(|float: &f64| float.is_finite())?;
    // Powers of ten up to 10²² are exact.
    let scaled = match precision {
        0 => float.trunc(),
        _ => (float * 10_f64.powi(i32::try_from(precision).ok()?)).round_ties_even(),
    };
    (scaled.abs() < 1e36).then_some(scaled as i128)
}

/// The steps, each `None` when it is beyond what is computed with.
fn neighbourhood(
    number: i128,
    interval: i128,
    resolution: i128,
) -> impl Iterator<Item = Option<i128>> {
    let middle = || {
        let scaled = number.checked_mul(resolution.checked_mul(2)?)?;
        let residue = scaled.rem_euclid(interval);
        match residue.checked_mul(2)? < interval {
            true => scaled.checked_sub(residue),
            false => scaled.checked_add(interval - residue),
        }
    };
    let middle = middle();
    (-resolution..=resolution).map(move |i| middle?.checked_add(i.checked_mul(interval)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(comparison: &Comparison, value: &str) -> Vec<String> {
        let mut tokens = Tokens::default();
        comparison.cut(value, &mut tokens).unwrap();
        tokens.iter().map(str::to_owned).collect()
    }

    /// The examples in the documentation of clkhash.
    #[test]
    fn examples_of_the_reference() {
        let plain = Comparison::Ngram { n: 2, positional: false };
        assert_eq!(cut(&plain, "clkhash"), [" c", "cl", "lk", "kh", "ha", "as", "sh", "h "]);
        let positional = Comparison::Ngram { n: 2, positional: true };
        assert_eq!(cut(&positional, "cl"), ["1  c", "2 cl", "3 l "]);
        assert_eq!(cut(&positional, "clkhashclk")[9..], ["10 lk", "11 k "]);
        let near = Comparison::Numeric { interval: 8, resolution: 2, precision: 0 };
        assert_eq!(cut(&near, "25"), ["88", "96", "104", "112", "120"]);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        let near = Comparison::Numeric { interval: 8, resolution: 2, precision: 1 };
        for value in ["x", "inf", "nan", "1e300", "1__0.5", "٣"] {
            let refused = near.cut(value, &mut Tokens::default());
            assert_eq!(refused, Err(Expected::Number), "{value}");
        }
    }

    proptest! {
        /// There are as many n-grams as characters plus n - 1, whatever the characters.
        #[test]
        fn as_many_as_characters(value in "\\PC{1,12}", n in 1usize..5, positional: bool) {
            let tokens = cut(&Comparison::Ngram { n, positional }, &value);
            prop_assert_eq!(tokens.len(), value.chars().count() + n - 1);
        }

        /// Whatever the number, there is a neighbourhood of the stated size, or an error.
        #[test]
        fn numbers_never_panic(value in "[-+]?[0-9_]{0,45}(\\.[0-9]{0,3})?(e[0-9]{1,3})?", interval in 1i128..1000, resolution in 1i128..50, precision in 0u32..20) {
            let near = Comparison::Numeric { interval, resolution, precision };
            let mut tokens = Tokens::default();
            if near.cut(&value, &mut tokens).is_ok() {
                let size = usize::try_from(2 * resolution + 1).unwrap();
                prop_assert!(tokens.len() == size || value.is_empty());
            }
        }
    }
}
