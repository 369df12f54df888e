//! How much of the population the lists cover, and what follows.
//!
//! In: a table of three lists or more. Out: the sample coverage, two estimates of the population and
//! how any two lists depend on one another ([`SampleCoverage`]). A check beside the models: it fits
//! none, and looks at dependence from another side.
//! Assumes that two lists depend on one another in the same way whatever other lists say, a closed
//! population and exact linkage.

use serde::Serialize;

use crate::histories::{CaptureHistories, ListSet};

/// From this coverage on the estimate for high coverage is worth more than the careful one, as the
/// authors advise.
pub const ENOUGH_COVERAGE: f64 = 0.55;

/// What the lists cover.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleCoverage {
    /// Of those on a list, the part that is on another list too, averaged over the lists; 0 to 1.
    pub coverage: f64,
    /// How many people there are if lists are independent.
    pub independent: f64,
    /// How many people there are, dependence taken out once: careful, too low under positive
    /// dependence (equation 13).
    pub one_step: f64,
    /// How many people there are, dependence taken out in full (equation 12); none when the
    /// dependence is too strong for it.
    pub high_coverage: Option<f64>,
    /// For each two lists the coefficient of covariation at the one-step population: 0 when
    /// independent, above when people on one are more often on the other.
    pub dependences: Vec<Dependence>,
}

/// How two lists depend on one another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dependence {
    /// Their names, joined by a colon.
    pub lists: String,
    /// The coefficient of covariation: N m / (n1 n2) - 1.
    pub coefficient: f64,
}

impl SampleCoverage {
    /// The estimate to look at: for high coverage when there is enough of it, else the careful one.
    pub fn population(&self) -> f64 {
        match self.high_coverage {
            Some(population) if self.coverage >= ENOUGH_COVERAGE => population,
            _ => self.one_step,
        }
    }
}

/// Why there is no sample coverage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SampleCoverageError {
    /// Two lists say nothing of their dependence.
    #[error("expected at least 3 lists, found {found}; for two use their overlap")]
    Lists {
        /// How many lists there are.
        found: usize,
    },
    /// A list without people.
    #[error("nobody is on {name}; leave that list out")]
    EmptyList {
        /// The list's name.
        name: String,
    },
    /// Nobody is on two lists.
    #[error(
        "nobody is on two lists, so nothing is covered; add a list that overlaps, or check the linkage"
    )]
    NoOverlap,
}

/// The sample coverage and the population that it suggests.
///
/// With t lists, M people seen, Z_i of them on list i alone and Z_ij on lists i and j alone:
///
/// ```text
/// C = 1 - mean of Z_i / n_i         D = M - mean of Z_i
/// N = D / C + 1 / (t C) * sum over pairs of (Z_i + Z_j + 2 Z_ij) (N m_ij / (n_i n_j) - 1)
/// ```
///
/// D / C is the estimate under independence. The equation put in twice, from there, is the one-step
/// estimate; solved for N it is the estimate for high coverage. Source: Chao and Tsay (1998), JASA
/// 93(441), 283–293, equation 14 for C; Chao, Tsay, Lin, Shau and Chao (2001), Statistics in Medicine
/// 20, 3123–3157, equations 9, 12 and 13, written for three lists; the same argument gives the
/// weights for more. Cost: lists² × histories.
///
/// There is no interval: theirs is a bootstrap, and of the one-step estimate it would be one around
/// a number that is too low by construction.
///
/// # Where it fails
///
/// Coverage under 0.55: the full estimate swings, and the one-step estimate is only a lower bound
/// under positive dependence. Dependence of three lists at once is not in it.
///
/// # Errors
///
/// [`SampleCoverageError`]: fewer than three lists, a list without people, nobody on two lists.
pub fn sample_coverage(
    histories: &CaptureHistories,
) -> Result<SampleCoverage, SampleCoverageError> {
    let lists = histories.lists().len();
    if lists < 3 {
        return Err(SampleCoverageError::Lists { found: lists });
    }
    let on: Vec<f64> = (0..lists).map(|list| histories.on_all(ListSet::one(list)) as f64).collect();
    if let Some(empty) = on.iter().position(|people| *people == 0.0) {
        return Err(SampleCoverageError::EmptyList { name: histories.lists()[empty].clone() });
    }
    if histories.counts().iter().all(|(history, _)| history.len() < 2) {
        return Err(SampleCoverageError::NoOverlap);
    }
    let cells = histories.cells();
    let alone = |list: usize| cells[ListSet::one(list).cell()];
    let t = lists as f64;
    let coverage = 1.0 - (0..lists).map(|list| alone(list) / on[list]).sum::<f64>() / t;
    let covered = histories.people() as f64 - (0..lists).map(alone).sum::<f64>() / t;

    let pairs: Vec<(ListSet, usize, usize)> = (0..lists)
        .flat_map(|second| (0..second).map(move |first| (first, second)))
        .map(|(first, second)| {
            (ListSet(ListSet::one(first).0 | ListSet::one(second).0), first, second)
        })
        .collect();
    let overlap = |pair: &(ListSet, usize, usize)| {
        histories.on_all(pair.0) as f64 / (on[pair.1] * on[pair.2])
    };
    let weight =
        |pair: &(ListSet, usize, usize)| alone(pair.1) + alone(pair.2) + 2.0 * cells[pair.0.cell()];
    // N = D / C + (slope N - constant) / (t C)
    let slope: f64 = pairs.iter().map(|pair| weight(pair) * overlap(pair)).sum();
    let constant: f64 = pairs.iter().map(weight).sum();
    let put_in = |population: f64| (covered + (slope * population - constant) / t) / coverage;
    let independent = covered / coverage;
    let first = put_in(independent);
    let one_step = put_in(first);
    let left = 1.0 - slope / (t * coverage);
    let high_coverage = (left > 0.0).then(|| (covered - constant / t) / coverage / left);
    let dependences = pairs
        .iter()
        .map(|pair| Dependence {
            lists: histories.named(pair.0).to_string(),
            coefficient: one_step * overlap(pair) - 1.0,
        })
        .collect();
    Ok(SampleCoverage { coverage, independent, one_step, high_coverage, dependences })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(lists: usize, counts: impl Fn(ListSet) -> u64) -> CaptureHistories {
        let names = (0..lists).map(|list| format!("list{list}")).collect();
        let histories = (1..1_u16 << lists).map(ListSet);
        CaptureHistories::new(names, histories.map(|set| (set, counts(set)))).unwrap()
    }

    proptest! {
        /// Lists without any dependence: all estimates are the truth, up to rounded counts.
        #[test]
        fn independent_lists_give_the_truth(chances in proptest::collection::vec(0.1..0.9_f64, 3..6)) {
            let truth = 1e9;
            let histories = table(chances.len(), |set| {
                let each = chances.iter().enumerate().map(|(list, chance)| {
                    if set.holds(ListSet::one(list)) { *chance } else { 1.0 - chance }
                });
                (truth * each.product::<f64>()).round() as u64
            });
            let found = sample_coverage(&histories).unwrap();
            for population in [found.independent, found.one_step, found.high_coverage.unwrap()] {
                prop_assert!((population / truth - 1.0).abs() < 1e-4, "{}", population);
            }
            for dependence in &found.dependences {
                prop_assert!(dependence.coefficient.abs() < 1e-4, "{:?}", dependence);
            }
        }

        /// Three lists: the published equation 12 as it is written, by overlaps of two.
        #[test]
        fn three_lists_are_equation_12(counts in proptest::collection::vec(1_u64..200, 7)) {
            let histories = table(3, |set| counts[usize::from(set.0) - 1]);
            let found = sample_coverage(&histories).unwrap();
            let on = |lists: u16| histories.on_all(ListSet(lists)) as f64;
            let (n1, n2, n3) = (on(0b001), on(0b010), on(0b100));
            let (m12, m13, m23) = (on(0b011), on(0b101), on(0b110));
            let below = 1.0 - ((n1 - m13 + n2 - m23) * m12 / (n1 * n2)
                + (n1 - m12 + n3 - m23) * m13 / (n1 * n3)
                + (n3 - m13 + n2 - m12) * m23 / (n2 * n3)) / (3.0 * found.coverage);
            let published = (m12 + m13 + m23) / (3.0 * found.coverage) / below;
            match found.high_coverage {
                Some(population) => prop_assert!((population / published - 1.0).abs() < 1e-9),
                None => prop_assert!(below <= 1e-9),
            }
        }
    }

    #[test]
    fn what_cannot_be_answered_is_said() {
        let two = table(2, |_| 5);
        assert_eq!(sample_coverage(&two), Err(SampleCoverageError::Lists { found: 2 }));
        let empty = table(3, |set| u64::from(!set.holds(ListSet(0b100))));
        let name = "list2".to_owned();
        assert_eq!(sample_coverage(&empty), Err(SampleCoverageError::EmptyList { name }));
        let apart = table(3, |set| u64::from(set.len() == 1));
        assert_eq!(sample_coverage(&apart), Err(SampleCoverageError::NoOverlap));
    }
}
