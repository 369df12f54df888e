//! From rho to epsilon at a delta, and back; what an attacker can gain.

use super::{Delta, Epsilon, Rho};

/// More than the sum of what is lost to rounding in the formulas below, in relative terms.
const ROUNDING: f64 = 1e-12;

/// The smallest epsilon that is proved for a mechanism of cost `rho`, at `delta`; rounded up.
///
/// The least, over α above 1, of ρα + ln(1 - 1/α) + (ln(1/δ) - ln α) / (α - 1). Source: Canonne,
/// Kamath, Steinke (2020), corollary 13 (proposition 12 holds for every α, so that a minimum that
/// is not quite met errs to the private side).
pub fn epsilon_at(rho: Rho, delta: Delta) -> f64 {
    if rho == Rho::ZERO {
        return 0.0;
    }
    let rho = rho.value();
    let loss = libm::log(1.0 / delta.value());
    // With α - 1 = e^x; ln(1 - 1/α) = x - ln α.
    let epsilon = |x: f64| {
        let above = libm::exp(x);
        let log_order = libm::log1p(above);
        rho * (1.0 + above) + x - log_order + (loss - log_order) / above
    };
    // Around the order that is best without the small terms, √(ln(1/δ)/ρ); the curve falls, then
    // rises. Golden section.
    let middle = 0.5 * libm::log(loss / rho);
    let (mut low, mut high) = (middle - 12.0, middle + 12.0);
    let golden = 0.5 * (5_f64.sqrt() - 1.0);
    for _ in 0..80 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if epsilon(left) <= epsilon(right) { high = right } else { low = left }
    }
    let x = 0.5 * (low + high);
    let largest_term = rho * (1.0 + libm::exp(x)) + x.abs() + loss / libm::exp(x) + 1.0;
    (epsilon(x) + ROUNDING * largest_term).max(0.0)
}

/// The largest rho whose epsilon at `delta` is at most `epsilon`; rounded down.
pub fn largest_rho(epsilon: Epsilon, delta: Delta) -> Rho {
    // ρ ≤ ε is necessary: epsilon is never below the mean loss, which is near rho, at any delta
    // that is used; the end is wider than that, for deltas that nobody should use.
    let end = epsilon.value() * 4.0 + 10.0;
    let (mut low, mut high) = (0_u64, (end.min(1e6) * 1e9) as u64);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if epsilon_at(Rho::from_billionths(middle), delta) <= epsilon.value() {
            low = middle;
        } else {
            high = middle;
        }
    }
    Rho::from_billionths(low)
}

/// The most that anybody can be right about whether one person is in the data, who guesses by a
/// fair coin before and sees everything that was published for `rho`; rounded up.
///
/// ½ + ½ TV, where TV is the total variation between the two cases: at most √(ρ/2) by Pinsker's
/// inequality and √(1 - e^-ρ) by Bretagnolle and Huber's (Tsybakov 2009, "Introduction to
/// nonparametric estimation", lemmas 2.5 and 2.6), since the Kullback-Leibler divergence is at most
/// ρ (Bun and Steinke 2016, definition 1.1, α → 1).
pub fn attack_success_bound(rho: Rho) -> f64 {
    let rho = rho.value();
    let pinsker = (rho / 2.0).sqrt();
    let bretagnolle_huber = (-libm::expm1(-rho)).sqrt();
    (0.5 + 0.5 * pinsker.min(bretagnolle_huber) * (1.0 + ROUNDING)).min(1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rho(value: f64) -> Rho {
        Rho::from_billionths((value * 1e9).round() as u64)
    }

    /// The least over a fine net of orders, by the formula as printed.
    fn by_a_net(rho: f64, delta: f64) -> f64 {
        (1..400_000)
            .map(|step| 1.0 + libm::exp(f64::from(step) * 5e-5 - 8.0))
            .map(|order| {
                rho * order
                    + (libm::log(1.0 / delta) + (order - 1.0) * libm::log(1.0 - 1.0 / order)
                        - libm::log(order))
                        / (order - 1.0)
            })
            .fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn epsilon_is_the_least_over_all_orders() {
        for (cost, delta) in [(0.01, 1e-6), (0.25, 1e-6), (0.5, 1e-10), (2.56, 1e-10), (20.0, 1e-5)]
        {
            let (found, net) =
                (epsilon_at(rho(cost), Delta::new(delta).unwrap()), by_a_net(cost, delta));
            assert!((found - net).abs() < 1e-7 * net, "{cost} {delta}: {found} {net}");
            // Below the simple bound of Bun and Steinke 2016, proposition 1.3.
            assert!(found < cost + 2.0 * (cost * libm::log(1.0 / delta)).sqrt());
        }
    }

    /// The United States Census Bureau announced for the redistricting data of 2020, at δ = 1e-10,
    /// ε = 17.14 for people with ρ = 2.56, and ε = 2.47 for housing units with ρ = 0.07 (press release
    /// of 9 June 2021); both are within what two decimals of ρ allow.
    #[test]
    fn published_values() {
        let delta = Delta::new(1e-10).unwrap();
        for (cost, announced) in [(2.56, 17.14), (0.07, 2.47)] {
            let (low, high) =
                (epsilon_at(rho(cost - 0.005), delta), epsilon_at(rho(cost + 0.005), delta));
            assert!(
                low < announced + 0.005 && announced - 0.005 < high,
                "{low} {announced} {high}"
            );
        }
    }

    /// What the issue asks to be told: twelve quarters at ρ = 0.25, and ε = 4 at two deltas.
    #[test]
    fn what_common_budgets_amount_to() {
        assert!((epsilon_at(rho(0.25), Delta::LEDGER) - 3.5423).abs() < 1e-4);
        let four = Epsilon::new(4.0).unwrap();
        assert!((largest_rho(four, Delta::LEDGER).value() - 0.311_065).abs() < 1e-6);
        let own = Delta::for_people(50_000);
        assert!((largest_rho(four, own).value() - 0.325_576).abs() < 1e-5);
    }

    #[test]
    fn an_attacker_is_bounded_as_the_issue_says() {
        assert!((attack_success_bound(rho(0.25)) - 0.676_776_695).abs() < 1e-9);
        assert!((attack_success_bound(Rho::ZERO) - 0.5).abs() < 1e-12);
        assert!(attack_success_bound(rho(1000.0)) <= 1.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Back and forth: never above what was asked, and not a thousand-millionth to spare.
        #[test]
        fn the_largest_rho_is_the_largest(epsilon in 0.001..30.0_f64, power in 2.0..14.0_f64) {
            let epsilon = Epsilon::new(epsilon).unwrap();
            let delta = Delta::new(libm::pow(10.0, -power)).unwrap();
            let largest = largest_rho(epsilon, delta);
            prop_assert!(epsilon_at(largest, delta) <= epsilon.value());
            let more = largest.plus(Rho::from_billionths(1));
            prop_assert!(epsilon_at(more, delta) > epsilon.value());
        }

        #[test]
        fn more_rho_and_less_delta_cost_more_epsilon(
            cost in 1..5_000_000_000_u64, more in 1..1_000_000_000_u64, power in 2.0..14.0_f64,
        ) {
            let delta = Delta::new(libm::pow(10.0, -power)).unwrap();
            let less_delta = Delta::new(libm::pow(10.0, -power - 1.0)).unwrap();
            let (small, large) = (Rho::from_billionths(cost), Rho::from_billionths(cost + more));
            prop_assert!(epsilon_at(small, delta) <= epsilon_at(large, delta) + 1e-9);
            prop_assert!(epsilon_at(small, delta) <= epsilon_at(small, less_delta));
            prop_assert!(attack_success_bound(small) <= attack_success_bound(large));
        }
    }
}
