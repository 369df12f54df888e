//! Which cells are sensitive in themselves, and what interval each needs.

use super::cube::{Cube, CubeCell, Measure};
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
    cube.cells.iter().map(|cell| need(cell, cube.measure, rules)).collect()
}

fn need(cell: &CubeCell, measure: Measure, rules: &Rules) -> Option<Need> {
    let value = cell.value as f64;
    let width = rules.width as f64;
    if cell.contributors == 0 {
        let sensitive = rules.zeros == Zeros::Sensitive;
        return sensitive.then_some(Need { low: value, high: value, width });
    }
    // Of amounts, the distance by which the true value must be missed on either side.
    let distance = match (measure, rules.dominance) {
        (Measure::Amounts, Some(dominance)) => dominated(cell, dominance),
        _ => None,
    };
    let few = cell.contributors < rules.threshold;
    if distance.is_none() && !few {
        return None;
    }
    let distance = distance.unwrap_or(0.0).ceil();
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
        let judge = |dominance| need(&cell(&[90, 5, 5]), Measure::Amounts, &rules(dominance));
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
    fn few_contributors_and_zeros() {
        let rules = Rules { threshold: 3, ..Rules::default() };
        assert!(need(&cell(&[4, 4]), Measure::Counts, &rules).is_some());
        assert!(need(&cell(&[4, 4, 4]), Measure::Counts, &rules).is_none());
        assert!(need(&cell(&[]), Measure::Counts, &rules).is_none());
        let rules = Rules { zeros: Zeros::Sensitive, ..rules };
        assert!(need(&cell(&[]), Measure::Counts, &rules).is_some());
    }
}
