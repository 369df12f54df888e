//! At which numbers of unseen people a posterior is looked at.
//!
//! Whole numbers one by one while they are few, then cells of a width that grows with what can be
//! told apart. With `n` people seen and `x` unseen, the logarithm of a decomposable graph's
//! likelihood bends by at most 1 / (x (1 + x / n)): the multinomial coefficient bends by that, and
//! each clique less its separator takes from it, since a larger set has fewer people on none of
//! its lists. So no posterior is narrower than sqrt(x (1 + x / n)), and in
//! t = 2 sqrt(n) asinh(sqrt(x / n)), whose steps are that wide, none is narrower than 1. The
//! midpoint rule in t with steps of 1/8 is exact for practical ends.

/// A number of unseen people and the numbers for which it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// Where the posterior is looked at, people.
    pub(super) unseen: f64,
    /// By how much the posterior there is multiplied.
    pub(super) width: f64,
    /// Where its cell ends; a whole number's cell reaches half a person down and up.
    pub(super) low: f64,
    /// See `low`.
    pub(super) high: f64,
}

impl Point {
    /// A whole number that stands for itself.
    pub(super) fn whole(unseen: u64) -> Point {
        let unseen = unseen as f64;
        Point { unseen, width: 1.0, low: unseen - 0.5, high: unseen + 0.5 }
    }
}

/// How far, in people seen, points reach where nothing bounds the number unseen; what is beyond is
/// a power of the number unseen by then and is added from its formula.
const REACH: f64 = 1e9;

/// Points from one unseen person to `most`, ascending, `step` of the narrowest posterior apart.
///
/// About `2 asinh(sqrt(most / seen)) sqrt(seen) / step` of them.
pub(super) fn points(seen: u64, most: Option<u64>, step: f64) -> Vec<Point> {
    let seen = seen as f64;
    let root = seen.sqrt();
    let end = most.map_or(seen * REACH, |most| most as f64) + 0.5;
    // Where steps are one person wide, the cells take over from the whole numbers without a jump.
    let takes_over = unseen_at(libm::asinh(2.0 / (step * root)) * root, seen).ceil();
    let ones = takes_over.min(end - 0.5);
    let mut points: Vec<Point> = (1..=ones as u64).map(Point::whole).collect();
    let (from, to) = (place_of(ones + 0.5, seen), place_of(end, seen));
    let cells = ((to - from) / step).ceil();
    let step = (to - from) / cells;
    for cell in 0..cells as u64 {
        let at = |part: f64| from + (cell as f64 + part) * step;
        points.push(Point {
            unseen: unseen_at(at(0.5), seen),
            width: step * 0.5 * root * libm::sinh(at(0.5) / root),
            low: unseen_at(at(0.0), seen),
            high: unseen_at(at(1.0), seen),
        });
    }
    points
}

/// x = n sinh(t / (2 sqrt n))^2.
fn unseen_at(place: f64, seen: f64) -> f64 {
    let sinh = libm::sinh(place / (2.0 * seen.sqrt()));
    seen * sinh * sinh
}

/// t = 2 sqrt(n) asinh(sqrt(x / n)).
fn place_of(unseen: f64, seen: f64) -> f64 {
    2.0 * seen.sqrt() * libm::asinh((unseen / seen).sqrt())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cells_touch_and_end_where_told(seen in 1_u64..100_000, most in 1_u64..10_000_000) {
            let points = points(seen, Some(most), 0.125);
            prop_assert_eq!(points[0], Point::whole(1));
            for pair in points.windows(2) {
                prop_assert!((pair[0].high - pair[1].low).abs() <= 1e-9 * pair[1].low);
                prop_assert!(pair[0].unseen < pair[1].unseen);
            }
            let end = points[points.len() - 1].high;
            prop_assert!((end - most as f64 - 0.5).abs() <= 1e-9 * end);
        }

        /// A sum over all whole numbers, of a posterior as narrow as there can be one.
        #[test]
        fn few_points_stand_for_all_numbers(
            seen in 10_u64..5_000,
            middle in 0.0..3.0_f64,
            wider in 1.0..4.0_f64,
        ) {
            let n = seen as f64;
            let middle = n * middle;
            let sd = wider * (middle * (1.0 + middle / n)).sqrt().max(1.0);
            let bell = |x: f64| libm::exp(-0.5 * ((x - middle) / sd) * ((x - middle) / sd));
            let most = (middle + 12.0 * sd) as u64 + 1;
            let all: f64 = (1..=most).map(|unseen| bell(unseen as f64)).sum();
            let some: f64 =
                points(seen, Some(most), 0.125).iter().map(|at| at.width * bell(at.unseen)).sum();
            prop_assert!((some / all - 1.0).abs() < 1e-4, "{} of {}", some, all);
        }
    }

    #[test]
    fn without_a_bound_they_reach_a_thousand_million_times_as_many() {
        let points = points(2_744, None, 0.125);
        assert!(points.len() < 10_000, "{}", points.len());
        assert!(points[points.len() - 1].high > 2.7e12);
    }
}
