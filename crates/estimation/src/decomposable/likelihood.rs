//! How likely a table is under a decomposable graph, for any number of unseen people.
//!
//! In: the table and how many people the prior puts into each cell. Out: for a graph, the
//! logarithm of the marginal likelihood times the prior 1 / N (Madigan and York 1997):
//!
//! ```text
//! (N - 1)! / x! * product over cliques of D(C) / product over separators of D(S)
//! D(A) = Γ(α) / Γ(α + N) * product over the cells i of A's table of Γ(α_i + n_i) / Γ(α_i)
//! ```
//!
//! with x people unseen, N = n + x in all, and α_i the prior's people in the cells summed into i.
//! The factors of the seen histories' own factorials are the same for all and left out. Of each
//! D(A) only the cell of those on none of A's lists changes with x, so a row of numbers for every
//! set of lists is made once, and each graph adds up a few rows.

use super::graphs::Graph;
use super::points::Point;
use crate::histories::{CaptureHistories, ListSet};

/// What D(A) is made of.
struct Margin {
    /// All that does not change with the unseen.
    fixed: f64,
    /// People seen, but on none of A's lists, and the prior's people of that cell.
    on_none: f64,
}

/// A table's marginal tables, summed up.
pub(super) struct Likelihood {
    /// How many people were seen.
    seen: f64,
    /// How many people the prior has in all.
    prior_people: f64,
    /// By set of lists; the first, of no list, stands for nothing.
    margins: Vec<Margin>,
}

/// The rows of numbers of which graphs are made, at some points: by set of lists; the first row
/// is common to all graphs.
pub(super) struct Rows(Vec<Vec<f64>>);

impl Likelihood {
    pub(super) fn new(histories: &CaptureHistories, prior_count: f64) -> Likelihood {
        let (cells, lists) = (histories.cells(), histories.lists().len());
        let prior_people = prior_count * cells.len() as f64;
        let margin = |set: usize| {
            let mut counts = vec![0.0; cells.len()];
            for (history, count) in cells.iter().enumerate() {
                counts[history & set] += count;
            }
            let within = ListSet(set as u16).len();
            let each = prior_count * f64::from(1_u32 << (lists - within));
            let seen_cells = (1..cells.len()).filter(|cell| cell & set == *cell);
            let fixed = libm::lgamma(prior_people) - libm::lgamma(each)
                + seen_cells
                    .map(|cell| libm::lgamma(counts[cell] + each) - libm::lgamma(each))
                    .sum::<f64>();
            Margin { fixed, on_none: counts[0] + each }
        };
        let margins = (0..cells.len()).map(margin).collect();
        Likelihood { seen: histories.people() as f64, prior_people, margins }
    }

    /// The rows at some points, each point weighted with its width.
    pub(super) fn rows(&self, points: &[Point]) -> Rows {
        let over = |of: &dyn Fn(&Point) -> f64| points.iter().map(of).collect::<Vec<f64>>();
        // Γ(x + 1) is taken out of every gamma of x: what remains stays exact however many are unseen.
        let ratio = |point: &Point, beyond: f64| log_gamma_ratio(point.unseen + 1.0, beyond - 1.0);
        let all = over(&|point| ratio(point, self.seen + self.prior_people));
        let common = over(&|point| ratio(point, self.seen) + libm::log(point.width));
        let own = self.margins.iter().skip(1).map(|margin| {
            let cell = over(&|point| ratio(point, margin.on_none) + margin.fixed);
            cell.iter().zip(&all).map(|(cell, all)| cell - all).collect()
        });
        Rows(std::iter::once(common).chain(own).collect())
    }

    /// The power of the number unseen with which a graph's posterior falls in the end; above 1.
    pub(super) fn last_power(&self, graph: &Graph) -> f64 {
        let all = self.seen + self.prior_people;
        1.0 - self.seen + graph.sum(|set| all - self.margins[set.cell()].on_none)
    }
}

impl Rows {
    /// The logarithms for one graph, put into `logs`.
    pub(super) fn add_up(&self, graph: &Graph, logs: &mut Vec<f64>) {
        logs.clone_from(&self.0[0]);
        for clique in &graph.cliques {
            for (log, row) in logs.iter_mut().zip(&self.0[clique.cell()]) {
                *log += row;
            }
        }
        for separator in &graph.separators {
            for (log, row) in logs.iter_mut().zip(&self.0[separator.cell()]) {
                *log -= row;
            }
        }
    }
}

/// From where the asymptotic series of ln Γ has all digits.
const LARGE: f64 = 64.0;

/// ln Γ(from + by) - ln Γ(from), without taking two large numbers from one another.
fn log_gamma_ratio(from: f64, by: f64) -> f64 {
    if from < LARGE || from + by < LARGE {
        return libm::lgamma(from + by) - libm::lgamma(from);
    }
    // Stirling's series (Abramowitz and Stegun 1964, 6.1.41); the next term is under 1e-15.
    let series = |at: f64| {
        let square = at * at;
        (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * square)) / square) / at
    };
    let to = from + by;
    (from - 0.5) * libm::log1p(by / from) + by * (libm::log(to) - 1.0) + series(to) - series(from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::graphs::decomposable_graphs;
    use super::*;

    fn lists(count: usize) -> Vec<String> {
        (0..count).map(|list| format!("list{list}")).collect()
    }

    proptest! {
        #[test]
        fn ratios_are_sums_of_logarithms(from in 1_u32..5_000, by in 0_u32..300, part in 0.0..1.0_f64) {
            let from = f64::from(from) + part;
            let sum: f64 = (0..by).map(|step| libm::log(from + f64::from(step))).sum();
            let ratio = log_gamma_ratio(from, f64::from(by));
            prop_assert!((ratio - sum).abs() <= 1e-12 * (1.0 + sum), "{} {}", ratio, sum);
        }

        /// Under the complete graph the table is one Dirichlet-multinomial: people come one after the
        /// other, each into a cell in proportion to those already there and the prior's.
        #[test]
        fn the_complete_graph_is_an_urn(
            counts in proptest::collection::vec(0_u64..6, 7),
            unseen in 1_u64..30,
        ) {
            let histories = CaptureHistories::new(
                lists(3),
                counts.iter().enumerate().map(|(at, count)| (ListSet(at as u16 + 1), *count)),
            ).unwrap();
            let seen = histories.people();
            prop_assume!(seen > 0);
            let mut urn = 0.0;
            let mut people = 0.0;
            for count in std::iter::once(&unseen).chain(&counts) {
                for already in 0..*count {
                    urn += libm::log((already as f64 + 0.125) / (people + 1.0));
                    people += 1.0;
                }
            }
            let factorial = |number: u64| (1..=number).map(|i| libm::log(i as f64)).sum::<f64>();
            urn += factorial(seen + unseen - 1) - factorial(unseen);
            let likelihood = Likelihood::new(&histories, 0.125);
            let complete = decomposable_graphs(3).pop().unwrap();
            prop_assert!(complete.is_complete());
            let mut logs = Vec::new();
            likelihood.rows(&[Point::whole(unseen)]).add_up(&complete, &mut logs);
            prop_assert!((logs[0] - urn).abs() < 1e-9, "{} {}", logs[0], urn);
        }

        /// Far out a posterior is the power of the unseen that is promised.
        #[test]
        fn the_last_power_is_that_of_the_far_end(
            counts in proptest::collection::vec(0_u64..9, 15),
        ) {
            let histories = CaptureHistories::new(
                lists(4),
                counts.iter().enumerate().map(|(at, count)| (ListSet(at as u16 + 1), *count)),
            ).unwrap();
            prop_assume!(histories.people() > 0);
            let likelihood = Likelihood::new(&histories, 0.3);
            let far = [Point::whole(1 << 40), Point::whole(1 << 41)];
            let rows = likelihood.rows(&far);
            let mut logs = Vec::new();
            for graph in decomposable_graphs(4) {
                rows.add_up(&graph, &mut logs);
                let power = (logs[0] - logs[1]) / std::f64::consts::LN_2;
                let promised = likelihood.last_power(&graph);
                prop_assert!(promised > 1.0);
                prop_assert!((power - promised).abs() < 1e-6 * promised, "{} {}", power, promised);
            }
        }
    }
}
