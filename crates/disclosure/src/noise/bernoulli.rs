//! Coins whose chance is a fraction, or e to the power of minus a fraction.

use super::{NoiseError, NoiseSource};

/// Denominators are below this, so that thirty-two bits more fit into 128.
const DENOMINATOR_LIMIT: u128 = 1 << 96;

/// True with the chance `numerator / denominator`, which is at most 1 and below 2^96 in both.
///
/// A uniform number is drawn thirty-two bits at a time and compared with the fraction until it is
/// on one side: one word nearly always, and exact however long it takes.
#[inline]
pub(super) fn fraction(
    numerator: u128,
    denominator: u128,
    source: &mut NoiseSource,
) -> Result<bool, NoiseError> {
    debug_assert!(numerator <= denominator && denominator < DENOMINATOR_LIMIT);
    if numerator == denominator {
        return Ok(true);
    }
    let mut rest = numerator;
    loop {
        // The uniform number is from word / 2^32 up to (word + 1) / 2^32.
        let wanted = rest << 32;
        let low = u128::from(source.word()?) * denominator;
        if low >= wanted {
            return Ok(false);
        }
        if low + denominator <= wanted {
            return Ok(true);
        }
        rest = wanted - low;
    }
}

/// True with the chance `exp(-numerator / denominator)`; the denominator is from 1 to 2^96 - 1.
///
/// Canonne, Kamath, Steinke (2020), algorithm 1.
#[inline]
pub(super) fn exponential(
    numerator: u128,
    denominator: u128,
    source: &mut NoiseSource,
) -> Result<bool, NoiseError> {
    if numerator <= denominator {
        return exponential_within_one(numerator, denominator, source);
    }
    let mut whole = numerator / denominator;
    while whole > 0 {
        if !exponential_within_one(1, 1, source)? {
            return Ok(false);
        }
        whole -= 1;
    }
    exponential_within_one(numerator % denominator, denominator, source)
}

/// The same for a fraction of at most 1, by von Neumann's series: the number of coins of chance
/// γ/1, γ/2, γ/3, … before the first that fails is even with the chance exp(-γ).
#[inline]
fn exponential_within_one(
    numerator: u128,
    denominator: u128,
    source: &mut NoiseSource,
) -> Result<bool, NoiseError> {
    let mut coin = 1_u128;
    loop {
        let product = denominator.checked_mul(coin).filter(|&all| all < DENOMINATOR_LIMIT);
        let heads = match product {
            Some(all) => fraction(numerator, all, source)?,
            None => fraction(1, coin, source)? && fraction(numerator, denominator, source)?,
        };
        if !heads {
            return Ok(coin % 2 == 1);
        }
        coin += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Within five standard errors of the chance.
    fn close(chance: f64, mut coin: impl FnMut() -> bool) {
        let throws = 100_000;
        let heads = (0..throws).filter(|_| coin()).count();
        let share = heads as f64 / f64::from(throws);
        let error = (chance * (1.0 - chance) / f64::from(throws)).sqrt();
        assert!((share - chance).abs() <= 5.0 * error, "{share} for {chance}");
    }

    #[test]
    fn coins_fall_as_often_as_they_should() {
        let mut source = NoiseSource::test(3);
        for (top, bottom) in [(1, 3), (7, 8), (1, 1 << 40), ((1 << 95) / 3, 1 << 95)] {
            let chance = top as f64 / bottom as f64;
            close(chance, || fraction(top, bottom, &mut source).unwrap());
            close(libm::exp(-chance), || exponential(top, bottom, &mut source).unwrap());
        }
        for (top, bottom) in [(1, 1), (5, 2), (3, 1), ((1 << 95) + 1, (1 << 95) - 1)] {
            let chance = libm::exp(-(top as f64 / bottom as f64));
            close(chance, || exponential(top, bottom, &mut source).unwrap());
        }
    }

    #[test]
    fn sure_coins_are_sure_and_huge_exponents_end() {
        let mut source = NoiseSource::test(4);
        for _ in 0..1000 {
            assert!(!fraction(0, 5, &mut source).unwrap());
            assert!(fraction(5, 5, &mut source).unwrap());
            assert!(exponential(0, 1, &mut source).unwrap());
            assert!(!exponential(u128::MAX, 1, &mut source).unwrap());
        }
    }
}
