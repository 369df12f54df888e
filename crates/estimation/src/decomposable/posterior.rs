//! The posterior of the number of unseen people, summed over graphs.

use rayon::prelude::*;

use super::graphs::Graph;
use super::likelihood::Likelihood;
use super::points::Point;

/// Points that are looked at together; fixed, so that sums are added in one order on any number
/// of threads.
const TOGETHER: usize = 256;

/// A graph whose highest point is this far below the best, a factor of 1e-15, is left out.
const TOO_UNLIKELY: f64 = 34.54;

/// The logarithm of 1e-26: so little of the highest is not worth an exponential.
const NOTHING: f64 = -60.0;

/// Graphs that are not too unlikely.
pub(super) struct Likely<'a> {
    /// The graphs, in the order in which they came.
    pub(super) graphs: Vec<&'a Graph>,
    /// The logarithm of the highest point of any.
    pub(super) highest: f64,
}

/// Which graphs are worth a closer look, by few points.
///
/// Every graph at every point: graphs × points × cliques and separators additions.
pub(super) fn likely<'a>(
    likelihood: &Likelihood,
    graphs: &'a [Graph],
    points: &[Point],
) -> Likely<'a> {
    let of_some = |points: &[Point]| {
        let (rows, mut logs) = (likelihood.rows(points), Vec::new());
        let highest = |graph| {
            rows.add_up(graph, &mut logs);
            logs.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        };
        graphs.iter().map(highest).collect::<Vec<f64>>()
    };
    let highest = points.par_chunks(TOGETHER).map(of_some).reduce(
        || vec![f64::NEG_INFINITY; graphs.len()],
        |one, other| one.iter().zip(&other).map(|(one, other)| one.max(*other)).collect(),
    );
    let best = highest.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let kept = graphs.iter().zip(&highest).filter(|(_, of)| best - **of < TOO_UNLIKELY);
    Likely { graphs: kept.map(|(graph, _)| graph).collect(), highest: best }
}

/// A posterior, not yet divided by its sum: what of it lies where.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Masses {
    /// At each point, over all graphs.
    by_point: Vec<f64>,
    /// Beyond the last point, over all graphs.
    beyond: f64,
    /// Of each graph, over all points and beyond.
    pub(super) by_graph: Vec<f64>,
}

impl Likely<'_> {
    /// The masses of those graphs that are wanted. `bounded` says that nobody is beyond the last
    /// point; else each graph's posterior falls there with its last power.
    pub(super) fn masses(
        &self,
        likelihood: &Likelihood,
        points: &[Point],
        bounded: bool,
        wanted: impl Fn(&Graph) -> bool,
    ) -> Masses {
        let graphs: Vec<&Graph> =
            self.graphs.iter().copied().filter(|graph| wanted(graph)).collect();
        let chunks: Vec<Chunk> = points
            .par_chunks(TOGETHER)
            .map(|points| Chunk::of(likelihood, &graphs, self.highest, points))
            .collect();
        let mut masses = Masses {
            by_point: chunks.iter().flat_map(|chunk| chunk.by_point.iter().copied()).collect(),
            beyond: 0.0,
            by_graph: vec![0.0; graphs.len()],
        };
        for chunk in &chunks {
            for (mass, of_chunk) in masses.by_graph.iter_mut().zip(&chunk.by_graph) {
                *mass += of_chunk;
            }
        }
        if let (Some(chunk), Some(last), false) = (chunks.last(), points.last(), bounded) {
            for (graph, at_last) in chunk.at_last.iter().enumerate() {
                masses.go_beyond(graph, likelihood.last_power(graphs[graph]), *last, *at_last);
            }
        }
        masses
    }
}

impl Masses {
    /// Adds the integral of a power from the last cell's end to infinity.
    fn go_beyond(&mut self, graph: usize, power: f64, last: Point, at_last: f64) {
        let fallen = libm::pow(last.high / last.unseen, 1.0 - power);
        let beyond = at_last / last.width * last.unseen * fallen / (power - 1.0);
        self.beyond += beyond;
        self.by_graph[graph] += beyond;
    }

    /// With the masses of other graphs at the same points; these graphs come first.
    pub(super) fn and(mut self, other: &Masses) -> Masses {
        for (mass, of_other) in self.by_point.iter_mut().zip(&other.by_point) {
            *mass += of_other;
        }
        self.beyond += other.beyond;
        self.by_graph.extend(&other.by_graph);
        self
    }

    /// The sum of all.
    pub(super) fn total(&self) -> f64 {
        self.by_point.iter().sum::<f64>() + self.beyond
    }

    /// The part beyond the last point.
    pub(super) fn share_beyond(&self) -> f64 {
        self.beyond / self.total()
    }

    /// The smallest number unseen with at least this part of the mass up to it, interpolated
    /// within cells; none when it is beyond the last point.
    pub(super) fn quantile(&self, points: &[Point], part: f64) -> Option<f64> {
        let mut wanted = part * self.total();
        for (mass, point) in self.by_point.iter().zip(points) {
            if wanted <= *mass {
                let within = point.low + (point.high - point.low) * (wanted / mass).max(0.0);
                return Some((within - 0.5).ceil().max(point.low.round()));
            }
            wanted -= mass;
        }
        None
    }

    /// The mean number unseen, of those up to the last point.
    pub(super) fn mean(&self, points: &[Point]) -> f64 {
        let people = self.by_point.iter().zip(points).map(|(mass, point)| mass * point.unseen);
        people.sum::<f64>() / self.by_point.iter().sum::<f64>()
    }

    /// The point where the posterior is highest.
    pub(super) fn mode(&self, points: &[Point]) -> f64 {
        let heights = self.by_point.iter().zip(points).map(|(mass, point)| mass / point.width);
        let highest = heights.zip(points).max_by(|one, other| one.0.total_cmp(&other.0));
        highest.map_or(0.0, |(_, point)| point.unseen)
    }
}

/// The masses at some points.
struct Chunk {
    by_point: Vec<f64>,
    by_graph: Vec<f64>,
    /// Of each graph at the last of the points.
    at_last: Vec<f64>,
}

impl Chunk {
    fn of(likelihood: &Likelihood, graphs: &[&Graph], highest: f64, points: &[Point]) -> Chunk {
        let (rows, mut logs) = (likelihood.rows(points), Vec::new());
        let mut chunk = Chunk {
            by_point: vec![0.0; points.len()],
            by_graph: Vec::with_capacity(graphs.len()),
            at_last: Vec::with_capacity(graphs.len()),
        };
        for graph in graphs {
            rows.add_up(graph, &mut logs);
            let (mut of_graph, mut last) = (0.0, 0.0);
            for (sum, log) in chunk.by_point.iter_mut().zip(&logs) {
                last = if log - highest < NOTHING { 0.0 } else { libm::exp(log - highest) };
                *sum += last;
                of_graph += last;
            }
            chunk.by_graph.push(of_graph);
            chunk.at_last.push(last);
        }
        chunk
    }
}
