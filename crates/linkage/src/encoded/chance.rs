//! What a distance of diffused filters says of the filters before diffusion.
//!
//! In: bits of a diffused filter, inputs of each. Out: the logarithm of the chance of a distance
//! when so many positions of the filters are set on one side alone.
//!
//! The parts of a group set W = 240 positions of B = 1,024 at random. When a of them differ on each
//! side, the filters differ in the share x = 2 e^(-W/B) (1 - e^(-a/B)) of their bits, and their
//! diffused forms in h = (1 - (1 - 2x)^t) / 2 of theirs; the count of these is binomial.

/// Positions that the parts of a group set.
pub(super) const POSITIONS: usize = 240;
/// Bits of a filter before diffusion.
const INNER_BITS: f64 = 1024.0;
/// The number of positions is taken in steps.
const STEP: usize = 2;
const STEPS: usize = POSITIONS / STEP + 1;
/// The count spreads more than a binomial one: tokens of two words coincide, rows share inputs.
const SPREAD: f64 = 1.6;

/// Logarithms of chances by positions and distance.
pub(super) struct DistanceChances {
    /// Row after row of positions.
    logs: Vec<f32>,
    distances: usize,
}

impl DistanceChances {
    /// Tables the chances.
    pub(super) fn new(outer_bits: usize, inputs: f64) -> DistanceChances {
        let distances = outer_bits + 1;
        let logs = (0..STEPS)
            .flat_map(|step| {
                let share = expected_share((step * STEP) as f64, inputs);
                // Rounding of weights moves a few positions even where nothing differs.
                let share = share.max(0.001);
                let bits = outer_bits as f64;
                let variance = bits * share * (1.0 - share) * SPREAD + 4.0;
                (0..distances).map(move |distance| {
                    let off = distance as f64 - bits * share;
                    (-off * off / (2.0 * variance) - 0.5 * libm::log(variance)) as f32
                })
            })
            .collect();
        DistanceChances { logs, distances }
    }

    /// The chances of all numbers of positions at one distance.
    pub(super) fn log(&self, positions: usize, distance: usize) -> f32 {
        let step = (positions / STEP).min(STEPS - 1);
        self.logs[step * self.distances + distance.min(self.distances - 1)]
    }
}

/// The share of diffused bits in which filters differ that differ in some positions on each side.
fn expected_share(positions: f64, inputs: f64) -> f64 {
    let kept = libm::exp(-(POSITIONS as f64) / INNER_BITS);
    let inner = 2.0 * kept * (1.0 - libm::exp(-positions / INNER_BITS));
    (1.0 - libm::pow(1.0 - 2.0 * inner, inputs)) / 2.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The likeliest number of positions is the one whose distance was seen.
        #[test]
        fn a_distance_says_how_much_differs(step in 0..70_usize) {
            let inputs = 8.0;
            let chances = DistanceChances::new(512, inputs);
            let positions = step * STEP;
            let distance = (512.0 * expected_share(positions as f64, inputs)).round() as usize;
            let likeliest = (0..STEPS)
                .map(|step| (step * STEP, chances.log(step * STEP, distance)))
                .fold((0, f32::NEG_INFINITY), |best, one| if one.1 > best.1 { one } else { best });
            prop_assert!(likeliest.0.abs_diff(positions) <= 8, "{} {}", positions, likeliest.0);
        }
    }

    #[test]
    fn what_differs_wholly_looks_like_chance() {
        assert!((expected_share(240.0, 8.0) - 0.5).abs() < 0.01);
        assert!(expected_share(0.0, 8.0).abs() < 1e-12);
    }
}
