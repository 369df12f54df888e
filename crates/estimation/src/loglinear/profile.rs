//! Profile likelihood of the population.
//!
//! Given a population of `n` people, the counts of all histories, the one on no list included, are
//! multinomial. The profile is the highest likelihood of a model for each `n`; the interval holds
//! the populations that are not rejected by a likelihood ratio test on one degree of freedom
//! (Cormack 1992, "Interval estimation for mark-recapture studies of closed populations",
//! Biometrics 48). Ends are real numbers, not whole ones, as in Rcapture (Baillargeon and Rivest
//! 2007, J. Stat. Softw. 19(5)).

use super::reduce::reduce;
use super::{Existence, FitError, Fitter, Model, Table, existence::existence_of};
use crate::estimate::{Interval, IntervalKind};
use crate::histories::{CaptureHistories, ListSet};
use crate::normal;

/// A population by the multinomial likelihood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    /// The population of the highest multinomial likelihood, not rounded. It is a little below the
    /// Poisson likelihood's ([`super::fit`]), which is the one that reports give.
    pub population: f64,
    /// The populations not rejected.
    pub interval: Interval,
}

/// The profile likelihood interval of a level strictly between zero and one, for one model.
///
/// It fails where the model was chosen by the same table: the choice is not in it, and it is far too
/// narrow ([`crate::bootstrap`] has the choice in it). An end is the number of people seen, or
/// infinite, where no population that low, or that high, is rejected. About a hundred fits of two
/// or three Newton steps.
///
/// # Errors
///
/// [`FitError`]: the model has no estimate for this table.
///
/// # Panics
///
/// When the model is not about as many lists as the table has.
///
/// # Examples
///
/// ```
/// use estimation::loglinear::{Model, profile};
/// use estimation::read_histories;
///
/// let file = "P,Q,E,count\n1,0,0,69\n0,1,0,55\n0,0,1,63\n1,1,0,21\n1,0,1,17\n0,1,1,18\n1,1,1,28\n";
/// let read = read_histories(file.as_bytes(), None)?;
/// let found = profile(&read.tables[0].histories, &Model::independence(3), 0.95)?;
/// assert_eq!([found.interval.low.round(), found.interval.high.round()], [350.0, 435.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn profile(
    histories: &CaptureHistories,
    model: &Model,
    level: f64,
) -> Result<Profile, FitError> {
    assert_eq!(histories.lists().len(), model.lists(), "a model of as many lists");
    let table = Table::new(histories);
    match existence_of(model, &table) {
        Existence::Estimable => {}
        other => return Err(FitError::Existence(other)),
    }
    let poisson = super::fit(histories, model)?;
    let mut curve = Curve::new(table, model);
    let people = curve.seen;
    let start = libm::log(poisson.population - people).clamp(curve.least, curve.most);
    let (peak, highest) = curve.peak(start).ok_or(FitError::Unsettled)?;
    let half = normal::quantile(0.5 + 0.5 * level);
    let cut = highest - 0.5 * half * half;
    let low = curve.crossing(peak, -1.0, cut).ok_or(FitError::Unsettled)?;
    let high = curve.crossing(peak, 1.0, cut).ok_or(FitError::Unsettled)?;
    Ok(Profile {
        population: people + libm::exp(peak),
        interval: Interval {
            level,
            low: people + low.map_or(0.0, libm::exp),
            high: people + high.map_or(f64::INFINITY, libm::exp),
            kind: IntervalKind::Profile,
        },
    })
}

/// This many unseen people for each one seen are none, and this many are without end.
const LEAST_UNSEEN: f64 = 1e-9;
const MOST_UNSEEN: f64 = 1e6;

/// The profile likelihood over the logarithm of how many people no list has seen.
struct Curve {
    seen: f64,
    /// The least and the most logarithms looked at.
    least: f64,
    most: f64,
    table: Table,
    model: Model,
    fitter: Fitter,
}

impl Curve {
    fn new(table: Table, model: &Model) -> Curve {
        let fitter = Fitter::new(table.lists);
        let seen = table.people();
        let (least, most) = (libm::log(seen * LEAST_UNSEEN), libm::log(seen * MOST_UNSEEN));
        Curve { seen, least, most, table, model: model.clone(), fitter }
    }

    /// The logarithm of the highest multinomial likelihood, but for what does not depend on the
    /// population. With `n` people given, the fit to all histories is the Poisson one to a table
    /// whose history on no list is counted too, and its means sum to `n`.
    fn at(&mut self, log_unseen: f64) -> Option<f64> {
        let unseen = libm::exp(log_unseen);
        let all = self.seen + unseen;
        self.table.cells[0] = unseen;
        self.table.add_up();
        let mut reduced = reduce(&self.model, &self.table);
        reduced.cells.insert(0, ListSet::default());
        // sum(count log mean) - sum of means; the means sum to the population.
        let poisson = self.fitter.maximise(&self.table, &reduced, None)?;
        let arrangements = libm::lgamma(all + 1.0) - libm::lgamma(unseen + 1.0);
        Some(poisson + all - all * libm::log(all) + arrangements)
    }

    /// Where the profile is highest, from a first guess: golden sections of ever wider bounds.
    fn peak(&mut self, start: f64) -> Option<(f64, f64)> {
        let (mut low, mut high) = (start - 1.0, start + 1.0);
        while low > self.least && self.at(low)? > self.at(low + 1.0)? {
            low -= 1.0;
        }
        while high < self.most && self.at(high)? > self.at(high - 1.0)? {
            high += 1.0;
        }
        let section = 0.5 * (5.0_f64.sqrt() - 1.0);
        let (mut left, mut right) = (high - section * (high - low), low + section * (high - low));
        let (mut at_left, mut at_right) = (self.at(left)?, self.at(right)?);
        while high - low > 1e-7 {
            if at_left >= at_right {
                (high, right, at_right) = (right, left, at_left);
                left = high - section * (high - low);
                at_left = self.at(left)?;
            } else {
                (low, left, at_left) = (left, right, at_right);
                right = low + section * (high - low);
                at_right = self.at(right)?;
            }
        }
        let middle = 0.5 * (low + high);
        Some((middle, self.at(middle)?))
    }

    /// Where the profile falls to `cut` on one side of the peak; None inside when it stays above it
    /// as far as there are populations.
    fn crossing(&mut self, peak: f64, side: f64, cut: f64) -> Option<Option<f64>> {
        let (mut inside, mut outside) = (peak, peak + 0.25 * side);
        while self.at(outside)? > cut {
            if outside < self.least && side < 0.0 || outside > self.most {
                return Some(None);
            }
            (inside, outside) = (outside, peak + 2.0 * (outside - peak));
        }
        while (outside - inside).abs() > 1e-9 {
            let middle = 0.5 * (inside + outside);
            if self.at(middle)? > cut { inside = middle } else { outside = middle }
        }
        Some(Some(0.5 * (inside + outside)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn two_lists(first: u64, second: u64, both: u64) -> CaptureHistories {
        let seen = [(ListSet(1), first), (ListSet(2), second), (ListSet(3), both)];
        CaptureHistories::new(["A", "B"].map(str::to_owned).to_vec(), seen).expect("a table")
    }

    proptest! {
        /// Given `n`, the likelihood of two independent lists with margins `a` and `b` is
        /// `n! / (n - seen)! (a/n)^a (1 - a/n)^(n - a) (b/n)^b (1 - b/n)^(n - b)`.
        #[test]
        fn two_lists_by_the_formula(first in 1_u64..300, second in 1_u64..300, both in 1_u64..200) {
            let histories = two_lists(first, second, both);
            let found = profile(&histories, &Model::independence(2), 0.9).expect("an estimate");
            let seen = (first + second + both) as f64;
            let by_margins = |n: f64| -> f64 {
                let log = |of: f64| if of > 0.0 { of * libm::log(of / n) } else { 0.0 };
                let margins = [(first + both) as f64, (second + both) as f64];
                let lists: f64 = margins.iter().map(|on| log(*on) + log(n - on)).sum();
                libm::lgamma(n + 1.0) - libm::lgamma(n - seen + 1.0) + lists
            };
            let highest = by_margins(found.population);
            for near in [0.99, 1.01] {
                let other = by_margins(seen + near * (found.population - seen));
                prop_assert!(highest >= other - 1e-6, "{} by {}", found.population, near);
            }
            // Half the quantile of chi squared at 0.9; rounding grows with the counts.
            let fall = |end: f64| highest - by_margins(end);
            prop_assert!((fall(found.interval.high) - 1.352_771_727_0).abs() < 1e-5);
            if found.interval.low > seen {
                prop_assert!((fall(found.interval.low) - 1.352_771_727_0).abs() < 1e-5);
            } else {
                prop_assert!(found.interval.low == seen && fall(seen) < 1.352_772);
            }
        }
    }

    #[test]
    fn wider_levels_hold_narrower_ones() {
        let histories = two_lists(40, 30, 10);
        let at = |level| {
            profile(&histories, &Model::independence(2), level).expect("an estimate").interval
        };
        let (wide, narrow) = (at(0.95), at(0.8));
        assert!(80.0 <= wide.low && wide.low < narrow.low);
        assert!(narrow.high < wide.high && wide.kind == IntervalKind::Profile);
        assert!(profile(&two_lists(4, 3, 0), &Model::independence(2), 0.95).is_err());
    }
}
