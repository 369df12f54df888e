//! The normal distribution, with the same digits on every machine.

use std::f64::consts::SQRT_2;

/// The chance that a standard normal variable is below `value`.
pub(crate) fn below(value: f64) -> f64 {
    0.5 * libm::erfc(-value / SQRT_2)
}

/// What a standard normal variable is below with a chance strictly between zero and one.
pub(crate) fn quantile(chance: f64) -> f64 {
    if chance == 0.5 {
        return 0.0;
    }
    if chance > 0.5 {
        return -quantile(1.0 - chance);
    }
    // Halved until the ends are neighbours; erfc keeps all digits in the lower tail.
    let (mut low, mut high) = (-40.0, 0.0);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if below(middle) < chance { low = middle } else { high = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_the_tables() {
        // Abramowitz and Stegun 1964, table 26.5.
        for (chance, value) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.995, 2.575_829_303_548_901),
            (0.001, -3.090_232_306_167_814),
            (1e-9, -5.997_807_015_007_686),
        ] {
            assert!((quantile(chance) - value).abs() < 1e-12, "{chance}: {}", quantile(chance));
            assert!((below(quantile(chance)) - chance).abs() < 1e-15);
        }
    }
}
