//! Tails of the Poisson distribution.

/// The smaller of the chances that a Poisson variable is at most, and at least, what was seen, when
/// that is below `threshold`, which is at most one half.
///
/// The tail away from the mean is summed, in about as many terms as the mean's standard deviation;
/// the other one is never below one half (Choi 1994, "On the medians of gamma distributions").
pub(crate) fn smaller_tail(seen: f64, expected: f64, threshold: f64) -> Option<f64> {
    if expected <= 0.0 {
        return None;
    }
    let mut term = libm::exp(seen * libm::log(expected) - expected - libm::lgamma(seen + 1.0));
    let mut chance = term;
    let mut at = seen;
    while chance < threshold && term > chance * f64::EPSILON {
        if seen > expected {
            at += 1.0;
            term *= expected / at;
        } else {
            term *= at / expected;
            at -= 1.0;
        }
        chance += term;
    }
    (chance < threshold).then_some(chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_those_of_r() {
        // R 4.2.2: ppois(q, mean), and with lower.tail = FALSE at q - 1.
        let chances = [
            (0.0, 4.5, 1.110_899_653_824_230_6e-2),
            (3.0, 0.2, 1.148_481_244_862_132_5e-3),
            (120.0, 90.5, 1.745_411_051_764_623_3e-3),
            (60.0, 90.5, 4.207_726_610_487_466e-4),
            (40000.0, 41000.0, 3.605_104_003_386_824_3e-7),
            (1.0, 0.0001, 9.999_500_016_666_25e-5),
        ];
        for (seen, expected, chance) in chances {
            let found = smaller_tail(seen, expected, 0.5).unwrap();
            assert!((found - chance).abs() < 1e-9 * chance, "{seen} {expected}: {found}");
            assert_eq!(smaller_tail(seen, expected, chance * 0.999), None);
        }
        assert_eq!(smaller_tail(0.0, 0.01, 0.5), None);
        assert_eq!(smaller_tail(1.0, 0.95, 0.5), None);
        assert_eq!(smaller_tail(3.0, 0.0, 0.5), None);
    }
}
