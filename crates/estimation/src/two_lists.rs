//! Two lists.
//!
//! In: a table of two lists. Out: the population after Chapman, with Seber's variance and a
//! log-normal interval for those on neither list.
//! Assumes independent lists, people who are alike in at least one of them, a closed population and
//! exact linkage. None of this can be seen in the table: it has three counts, and the estimate uses
//! up all three.

use std::collections::BTreeMap;

use crate::estimate::{Diagnostic, Estimate, Interval, IntervalKind, Method};
use crate::histories::{CaptureHistories, ListSet};
use crate::normal;

/// From so many people on both lists on the bias is negligible (Robson and Regier 1964,
/// Transactions of the American Fisheries Society 93(3)).
const ENOUGH_ON_BOTH: u64 = 7;

/// Why two lists give no estimate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TwoListsError {
    /// More or fewer.
    #[error("expected 2 lists, found {found}; leave out or join some, or use a method for more")]
    Lists {
        /// How many lists there are.
        found: usize,
    },
    /// The population could be anything.
    #[error(
        "nobody is on both {first} and {second}, so nothing tells how many are on neither; take a \
         longer period or a larger area, add a third list, or check the linkage"
    )]
    NoOverlap {
        /// The first list's name.
        first: String,
        /// The second list's name.
        second: String,
    },
    /// No level.
    #[error("expected a level between 0 and 1, such as 0.95, found {found}")]
    Level {
        /// What was given.
        found: f64,
    },
}

/// The population from the overlap of two lists.
///
/// With n1 and n2 people on the lists and m on both: `(n1 + 1)(n2 + 1) / (m + 1) - 1` (Chapman 1951,
/// Univ. Calif. Publ. Statist. 1, 131–160), with the variance
/// `(n1 + 1)(n2 + 1)(n1 - m)(n2 - m) / ((m + 1)^2 (m + 2))` (Seber 1970, Biometrics 26, 313–318). Both
/// are without bias when n1 + n2 is at least the population. The interval takes the number on neither
/// list as log-normal (Chao 1987, Biometrics 43, 783–791, section 3), so that it never ends below the
/// people seen. Diagnostics hold Petersen's `n1 n2 / m` and the standard error. All in people.
///
/// # Where it fails
///
/// - Lists that refer people to one another overlap too much: the estimate is too low. Lists that avoid
///   one another overlap too little: too high. The table cannot show which.
/// - People whom every list finds easily do what referral does.
/// - A missed link counts a person twice and takes her out of the overlap: too high.
/// - One list within the other: as if nobody were unseen; there is no interval then.
///
/// # Errors
///
/// [`TwoListsError`]: more or fewer than two lists, nobody on both, a level that is none.
///
/// # Examples
///
/// ```
/// use estimation::two_lists::chapman;
/// use estimation::{CaptureHistories, ListSet};
///
/// let lists = vec!["police".to_owned(), "shelter".to_owned()];
/// let table = CaptureHistories::new(
///     lists,
///     [(ListSet(0b01), 80), (ListSet(0b10), 60), (ListSet(0b11), 20)],
/// )?;
/// let estimate = chapman(&table, 0.95)?;
/// assert_eq!(estimate.population.round(), 389.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn chapman(histories: &CaptureHistories, level: f64) -> Result<Estimate, TwoListsError> {
    let [first, second] = histories.lists() else {
        return Err(TwoListsError::Lists { found: histories.lists().len() });
    };
    if !(level > 0.0 && level < 1.0) {
        return Err(TwoListsError::Level { found: level });
    }
    let on_both = histories.on_all(ListSet(0b11));
    if on_both == 0 {
        return Err(TwoListsError::NoOverlap { first: first.clone(), second: second.clone() });
    }
    let [n1, n2, m] =
        [ListSet(0b01), ListSet(0b10), ListSet(0b11)].map(|on| histories.on_all(on) as f64);
    let seen = histories.people() as f64;
    let population = (n1 + 1.0) * (n2 + 1.0) / (m + 1.0) - 1.0;
    let variance =
        (n1 + 1.0) * (n2 + 1.0) / (m + 1.0) * (n1 - m) * (n2 - m) / ((m + 1.0) * (m + 2.0));
    let within = n1 == m || n2 == m;
    let interval = (!within).then(|| log_normal(seen, population - seen, variance, level));
    let mut diagnostics = BTreeMap::from([
        ("petersen", Diagnostic::Number(n1 * n2 / m)),
        ("standard_error", Diagnostic::Number(variance.sqrt())),
        ("on_both", Diagnostic::Number(m)),
        (
            "independence",
            Diagnostic::Text("assumed: with two lists it cannot be checked".to_owned()),
        ),
    ]);
    let caution = if within {
        Some("one list lies within the other, as if nobody were unseen; there is no interval")
    } else if on_both < ENOUGH_ON_BOTH {
        Some("fewer than 7 people are on both lists: the estimate tends to be too low")
    } else {
        None
    };
    diagnostics.extend(caution.map(|text| ("caution", Diagnostic::Text(text.to_owned()))));
    Ok(Estimate {
        method: Method::Chapman,
        terms: Vec::new(),
        population,
        interval,
        aic: None,
        bic: None,
        diagnostics,
    })
}

/// An interval of those seen and a log-normal number unseen with this mean and variance.
fn log_normal(seen: f64, unseen: f64, variance: f64, level: f64) -> Interval {
    let z = normal::quantile(0.5 + level / 2.0);
    let spread = libm::exp(z * libm::log1p(variance / (unseen * unseen)).sqrt());
    Interval {
        level,
        low: seen + unseen / spread,
        high: seen + unseen * spread,
        kind: IntervalKind::LogNormal,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn two(n1: u64, n2: u64, m: u64) -> CaptureHistories {
        CaptureHistories::new(
            vec!["police".to_owned(), "shelter".to_owned()],
            [(ListSet(0b01), n1 - m), (ListSet(0b10), n2 - m), (ListSet(0b11), m)],
        )
        .unwrap()
    }

    fn number(estimate: &Estimate, name: &str) -> f64 {
        match &estimate.diagnostics[name] {
            Diagnostic::Number(number) => *number,
            other => panic!("{other:?}"),
        }
    }

    /// Overlaps of independent lists and how probable each is: the hypergeometric law.
    fn overlaps(population: u64, n1: u64, n2: u64) -> Vec<(u64, f64)> {
        let ln_choose = |n: u64, k: u64| {
            let factorial = |number: u64| libm::lgamma(number as f64 + 1.0);
            factorial(n) - factorial(k) - factorial(n - k)
        };
        ((n1 + n2).saturating_sub(population)..=n1.min(n2))
            .map(|m| {
                let ways = ln_choose(n1, m) + ln_choose(population - n1, n2 - m);
                (m, libm::exp(ways - ln_choose(population, n2)))
            })
            .collect()
    }

    #[test]
    fn by_hand() {
        let estimate = chapman(&two(100, 80, 20), 0.95).unwrap();
        assert_eq!(number(&estimate, "petersen"), 400.0);
        assert!((estimate.population - 388.571_428_571).abs() < 1e-9);
        // 101 * 81 * 80 * 60 / (21^2 * 22)
        let error = number(&estimate, "standard_error");
        assert!((error * error - 39_268_800.0 / 9_702.0).abs() < 1e-9);
        assert!(!estimate.diagnostics.contains_key("caution"));
    }

    proptest! {
        /// Chapman: on average the population itself. Seber: on average the variance itself.
        #[test]
        fn neither_has_a_bias(
            population in 20_u64..200,
            part in 0.3..0.9_f64,
            more in 1_u64..10,
        ) {
            let n1 = (population as f64 * part) as u64;
            let n2 = (population - n1 + more).min(population);
            let (mut mean, mut square, mut variance) = (0.0, 0.0, 0.0);
            for (m, probability) in overlaps(population, n1, n2) {
                let estimate = chapman(&two(n1, n2, m), 0.95).unwrap();
                let error = number(&estimate, "standard_error");
                mean += probability * estimate.population;
                square += probability * estimate.population * estimate.population;
                variance += probability * error * error;
            }
            let truth = population as f64;
            prop_assert!((mean - truth).abs() < 1e-8 * truth, "{} {}", mean, truth);
            prop_assert!((square - mean * mean - variance).abs() < 1e-7 * square);
        }

        #[test]
        fn swapping_lists_changes_nothing(n1 in 1_u64..999, n2 in 1_u64..999, part in 0.0..1.0_f64) {
            let m = ((n1.min(n2) as f64 * part) as u64).max(1);
            let (there, back) = (chapman(&two(n1, n2, m), 0.9), chapman(&two(n2, n1, m), 0.9));
            let (there, back) = (there.unwrap(), back.unwrap());
            prop_assert!((there.population / back.population - 1.0).abs() < 1e-14);
            prop_assert!(there.population >= two(n1, n2, m).people() as f64 - 1e-9);
            if let Some(interval) = there.interval {
                prop_assert!(interval.low <= there.population && there.population <= interval.high);
                prop_assert!(interval.low >= two(n1, n2, m).people() as f64);
            }
        }
    }

    /// How often the interval holds the truth, summed exactly over all overlaps.
    #[test]
    fn the_interval_holds_about_what_it_says() {
        for (population, n1, n2) in [(400, 100, 80), (1_000, 200, 150), (5_000, 500, 400)] {
            let held: f64 = overlaps(population, n1, n2)
                .into_iter()
                .filter_map(|(m, probability)| {
                    let interval = chapman(&two(n1, n2, m), 0.95).ok()?.interval?;
                    let truth = population as f64;
                    (interval.low <= truth && truth <= interval.high).then_some(probability)
                })
                .sum();
            assert!((0.93..0.98).contains(&held), "{population}: {held}");
        }
    }

    #[test]
    fn what_cannot_be_answered_is_said() {
        let error = chapman(&two(10, 20, 0), 0.95).unwrap_err();
        assert!(error.to_string().contains("nobody is on both police and shelter"), "{error}");
        assert_eq!(chapman(&two(5, 5, 2), 1.0), Err(TwoListsError::Level { found: 1.0 }));
        let one = two(5, 5, 2).without(0).unwrap();
        assert_eq!(chapman(&one, 0.95), Err(TwoListsError::Lists { found: 1 }));
        let within = chapman(&two(30, 10, 10), 0.95).unwrap();
        assert_eq!((within.population, within.interval), (30.0, None));
        assert!(within.diagnostics.contains_key("caution"));
    }
}
