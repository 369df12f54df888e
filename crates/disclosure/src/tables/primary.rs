//! Which cells are sensitive in themselves, and what interval each needs.

use std::collections::BTreeMap;

use super::cube::{Cube, CubeCell, Relation};
use super::rules::{Dominance, Rules, Zeros};

/// What an attacker's interval for a sensitive cell must contain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Need {
    /// A value as low as this,
    pub(super) low: f64,
    /// one as high as this,
    pub(super) high: f64,
    /// and values as far apart as this.
    pub(super) width: f64,
}

/// For each cell what it needs, or nothing if it is not sensitive.
pub(super) fn primary(cube: &Cube, rules: &Rules) -> Vec<Option<Need>> {
    cube.cells.iter().map(|cell| need(cell, rules)).collect()
}

/// Of amounts, the shown totals whose hidden parts together are known, by subtracting the others, and are
/// sensitive as one cell would be: parts of one contributor, or of two who know one another's.
pub(super) fn known_together(cube: &Cube, hidden: &[bool], rules: &Rules) -> Vec<usize> {
    let known = |relation: &&Relation| {
        let of = relation.parts.iter().filter(|&&part| hidden[part]);
        let mut shares: BTreeMap<u32, u64> = BTreeMap::new();
        for (contributor, amount) in of.flat_map(|&part| &cube.shares[part]) {
            *shares.entry(*contributor).or_default() += amount;
        }
        let shares: Vec<(u32, u64)> = shares.into_iter().collect();
        let mut all = CubeCell { at: Vec::new(), value: 0, contributors: 0, largest: Vec::new() };
        all.add_up(&shares);
        !hidden[relation.total] && all.contributors > 0 && need(&all, rules).is_some()
    };
    cube.relations.iter().filter(known).map(|relation| relation.total).collect()
}

fn need(cell: &CubeCell, rules: &Rules) -> Option<Need> {
    let value = cell.value as f64;
    let width = rules.width as f64;
    if cell.contributors == 0 {
        let sensitive = rules.zeros == Zeros::Sensitive;
        return sensitive.then_some(Need { low: value, high: value, width });
    }
    let few = cell.contributors < rules.threshold;
    let dominated = rules.dominance.and_then(|dominance| dominated(cell, dominance));
    if dominated.is_none() && !few {
        return None;
    }
    // Of amounts, the distance by which the true value must be missed on either side.
    let of_few = match rules.dominance {
        Some(dominance) if few => value * safety_percent(dominance) / 100.0,
        _ => 0.0,
    };
    let distance = dominated.unwrap_or(0.0).max(of_few).ceil();
    let low = (value - distance).max(0.0);
    Some(Need { low, high: value + distance, width: width.max(distance) })
}

/// The distance to which the largest contributor's amount could be estimated too closely, if it
/// could: p % of it for the p % rule, and what brings the share below k % for the (n, k) rule
/// (Hundepool et al. 2012, table 4.3).
fn dominated(cell: &CubeCell, dominance: Dominance) -> Option<f64> {
    let total = cell.value as f64;
    let sum = |count: usize| cell.largest.iter().take(count).map(|&amount| amount as f64).sum();
    let distance: f64 = match dominance {
        Dominance::Share { largest, percent } => {
            let largest: f64 = sum(largest);
            largest * 100.0 / percent - total
        }
        Dominance::Percent(percent) => {
            let (first, two): (f64, f64) = (sum(1), sum(2));
            first * percent / 100.0 - (total - two)
        }
    };
    (distance > 0.0).then_some(distance)
}

/// By how many percent the amount of few contributors must be missed, whether or not one dominates it: the
/// safety range of the rule of frequency (Hundepool et al. 2012, section 4.2.2).
fn safety_percent(dominance: Dominance) -> f64 {
    match dominance {
        Dominance::Share { percent, .. } => 100.0 - percent,
        Dominance::Percent(percent) => percent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(amounts: &[u64]) -> CubeCell {
        CubeCell {
            at: Vec::new(),
            value: amounts.iter().sum(),
            contributors: amounts.len() as u64,
            largest: amounts.to_vec(),
        }
    }

    fn rules(dominance: Dominance) -> Rules {
        Rules { threshold: 2, dominance: Some(dominance), ..Rules::default() }
    }

    /// The distances of Hundepool et al. 2012, table 4.3, worked by hand.
    #[test]
    fn dominance_by_hand() {
        let judge = |dominance| need(&cell(&[90, 5, 5]), &rules(dominance));
        // 90 % of 100: above 80 %; 90 / 0.8 = 112.5, so 12.5 on either side.
        let share = judge(Dominance::Share { largest: 1, percent: 80.0 }).unwrap();
        assert_eq!((share.low, share.high), (87.0, 113.0));
        assert!(judge(Dominance::Share { largest: 1, percent: 91.0 }).is_none());
        // The second estimates the first as 95 at most: within 5.6 %.
        let percent = judge(Dominance::Percent(10.0)).unwrap();
        assert_eq!((percent.low, percent.high), (96.0, 104.0));
        assert!(judge(Dominance::Percent(5.0)).is_none());
    }

    #[test]
    fn amounts_of_few_are_missed_by_a_share_of_them() {
        let few = Rules { threshold: 4, ..rules(Dominance::Percent(10.0)) };
        let need = need(&cell(&[40, 30, 30]), &few).unwrap();
        assert_eq!((need.low, need.high, need.width), (90.0, 110.0, 10.0));
    }

    #[test]
    fn few_contributors_and_zeros() {
        let rules = Rules { threshold: 3, ..Rules::default() };
        assert!(need(&cell(&[4, 4]), &rules).is_some());
        assert!(need(&cell(&[4, 4, 4]), &rules).is_none());
        assert!(need(&cell(&[]), &rules).is_none());
        let rules = Rules { zeros: Zeros::Sensitive, ..rules };
        assert!(need(&cell(&[]), &rules).is_some());
    }
}
