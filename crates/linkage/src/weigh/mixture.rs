//! The mixture: chances of every cell in every class, and what they say of a pair.

use crate::compare::{CELLS, Comparison, NAME, group};

/// The classes of pairs.
pub(crate) const CLASSES: usize = 6;
pub(crate) const SAME: usize = 0;
pub(crate) const RELATIVES: usize = 1;
pub(crate) const TWINS: usize = 2;
/// A parent and a child of the same name.
pub(crate) const NAMED_AFTER: usize = 3;
pub(crate) const SHARING: usize = 4;
pub(crate) const STRANGERS: usize = 5;

/// Chances of the cells of each field.
pub(crate) type Chances = [Vec<f64>; 6];

/// The mixture.
#[derive(Clone)]
pub(crate) struct Mixture {
    /// The share of each class among all pairs of the table.
    pub(crate) shares: [f64; CLASSES],
    /// The chances of the cells of each field in each class.
    pub(crate) chances: [Chances; CLASSES],
}

impl Mixture {
    /// The chance of the cells, times the share, for each class; values taken as usual.
    #[inline]
    pub(crate) fn of_cells(&self, cells: &[u16; 6]) -> [f64; CLASSES] {
        let mut chance = self.shares;
        for (class, chance) in chance.iter_mut().enumerate() {
            for (field, cell) in cells.iter().enumerate() {
                *chance *= self.chances[class][field][*cell as usize];
            }
        }
        chance
    }
}

/// The mixture laid out for scoring: for each cell the chances in all classes side by side.
pub(crate) struct Weights {
    shares: [f64; CLASSES],
    cells: [Vec<[f64; CLASSES]>; 6],
    /// Log odds below which pairs are not given back, and a little less as odds.
    floor: f32,
    floor_odds: f64,
}

impl Weights {
    pub(crate) fn new(mixture: &Mixture, floor: f32) -> Weights {
        let of_cell = |field: usize, cell: usize| {
            std::array::from_fn(|class| mixture.chances[class][field][cell])
        };
        let of_field = |field: usize| (0..CELLS[field]).map(|cell| of_cell(field, cell)).collect();
        let floor_odds = (f64::from(floor) - 0.01).exp();
        Weights { shares: mixture.shares, cells: std::array::from_fn(of_field), floor, floor_odds }
    }

    /// The log odds that a pair is one person; none below the floor.
    #[inline]
    pub(crate) fn above_floor(&self, pair: &Comparison) -> Option<f32> {
        let (same, other) = self.chances(pair);
        // Most pairs end here: cheaper than a logarithm.
        if same < other * self.floor_odds {
            return None;
        }
        let log_odds = log_odds(same, other);
        (log_odds >= self.floor).then_some(log_odds)
    }

    /// The log odds that a pair is one person.
    pub(crate) fn log_odds(&self, pair: &Comparison) -> f32 {
        let (same, other) = self.chances(pair);
        log_odds(same, other)
    }

    /// The chances that the two are one person, and two, with how common the values are on which
    /// they agree.
    #[inline]
    fn chances(&self, pair: &Comparison) -> (f64, f64) {
        let mut chance = self.shares;
        for (of_field, cell) in self.cells.iter().zip(pair.cells) {
            let of_cell = &of_field[usize::from(cell)];
            for (chance, of_class) in chance.iter_mut().zip(of_cell) {
                *chance *= of_class;
            }
        }
        let (given, surname, birth) =
            (f64::from(pair.given), f64::from(pair.surname), f64::from(pair.birth));
        let strangers = (chance[SHARING] + chance[STRANGERS]) * given * surname * birth;
        let other = strangers
            + chance[RELATIVES] * given * birth
            + chance[TWINS] * given
            + chance[NAMED_AFTER];
        (chance[SAME], other)
    }
}

fn log_odds(same: f64, other: f64) -> f32 {
    let log_odds = ((same + f64::MIN_POSITIVE) / (other + f64::MIN_POSITIVE)).ln();
    log_odds.clamp(-60.0, 60.0) as f32
}

/// Makes weights add up to one within each pattern of missing values, the whole-missing at one.
pub(crate) fn normalise(field: usize, weights: &mut [f64]) {
    let mut sums = [0.0; 8];
    for (cell, weight) in weights.iter().enumerate() {
        sums[group(field, cell)] += *weight;
    }
    for (cell, weight) in weights.iter_mut().enumerate() {
        let sum = sums[group(field, cell)];
        *weight = if sum > 0.0 { *weight / sum } else { 0.0 };
    }
}

/// Empty chances.
pub(crate) fn zeros() -> Chances {
    CELLS.map(|cells| vec![0.0; cells])
}

/// The sum over the name's cells by a level of theirs.
pub(crate) fn marginal(weights: &[f64], levels: usize, level: impl Fn(usize) -> usize) -> Vec<f64> {
    debug_assert_eq!(weights.len(), CELLS[NAME]);
    let mut sums = vec![0.0; levels];
    for (cell, weight) in weights.iter().enumerate() {
        sums[level(cell)] += weight;
    }
    sums
}
