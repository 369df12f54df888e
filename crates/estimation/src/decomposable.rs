//! Averaging over decomposable graphs.
//!
//! In: a table of three to six lists. Out: the posterior of the number of people over all ways in
//! which lists may depend on one another, as far as these are decomposable graphs. No chance and
//! no fitting is in it: the marginal likelihoods have closed forms.
//! Assumes a closed population, exact linkage, people who are alike up to the dependences between
//! lists, and that these are a decomposable graph; where it fails is said at
//! [`average_decomposable`].
//!
//! | module | what |
//! |---|---|
//! | `graphs` | all decomposable graphs, their cliques and separators |
//! | `likelihood` | how likely a table is under a graph, for any number unseen |
//! | `dga` | what the R package dga says, for comparison |
//! | `points` | at which numbers of unseen people the posterior is looked at |
//! | `posterior` | sums over graphs, quantiles over points |
//! | `settings` | what is believed beforehand, and what is refused |

mod dga;
mod graphs;
mod likelihood;
mod points;
mod posterior;
mod settings;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use dga::as_dga_says;
use graphs::{Graph, decomposable_graphs};
use likelihood::Likelihood;
use points::{Point, points};
use posterior::{Masses, likely};
use settings::checked;

pub use dga::{DGA_NUMBERS, DGA_TIMES_SEEN};
pub use settings::{
    DecomposableError, DecomposableSettings, MOST_LISTS_OF_GRAPHS, MOST_PEOPLE_OF_GRAPHS,
};

use crate::estimate::{Diagnostic, Estimate, Interval, IntervalKind, Method};
use crate::histories::CaptureHistories;

/// From this weight of the complete graph on a sentence warns of it.
const MUCH_COMPLETE: f64 = 0.05;

/// How far apart points are, in widths of the narrowest posterior, for a first and a closer look.
const FIRST_LOOK: f64 = 1.0;
const CLOSER_LOOK: f64 = 0.125;

/// The population, averaged over all decomposable graphs on the lists.
///
/// Graphs are equally likely beforehand; p(N) is proportional to 1 / N over at least one unseen
/// person; cell probabilities have the hyper-Dirichlet prior of [`DecomposableSettings`]. The
/// population is the posterior median, the interval its quantiles, in whole people. Terms are the
/// cliques of two lists or more of the graph with the highest weight.
/// Source: Madigan and York (1997), Biometrika 84(1), 19–31; hyper-Dirichlet laws: Dawid and Lauritzen
/// (1993), Annals of Statistics 21(3); the prior's size and at least one unseen as in the R package
/// dga, which looks at every whole number that it is given and stops there.
///
/// The number unseen goes over all whole numbers where they matter one by one, and over cells an
/// eighth as wide as the narrowest posterior can be elsewhere, to a thousand million times the
/// people seen; what is beyond is integrated from its power law. `most_unseen` ends it before.
///
/// Cost: `graphs × sqrt(people seen) × 200` exponentials at the very most, of which most graphs are
/// spared by a first look; as much again for every graph at dga's numbers. The five British lists
/// take a tenth of a second, six lists half a second.
///
/// | diagnostic | what |
/// |---|---|
/// | `graphs`, `graphs_left_out` | how many there are; how many a first look gave less than 1e-15 of the best |
/// | `best_graph_weight` | the posterior weight of the graph whose cliques are the terms |
/// | `complete_graph_weight`, `median_without_complete_graph` | see below |
/// | `dga_median`, `dga_low`, `dga_high` | what dga says at [`DGA_NUMBERS`] numbers of unseen people, whatever the bound; people |
/// | `dga_numbers` | a sentence on which numbers these are, and which answer to believe |
/// | `caution` | a sentence, when the complete graph has a weight of 0.05 or more |
/// | `mode` | the point with the highest posterior, people |
/// | `mean` | the posterior mean, people; only with a bound, for without one there is none |
/// | `prior` | the prior in words |
/// | `points`, `share_beyond_points` | how many numbers were looked at; the part of the posterior beyond them |
///
/// # Where it fails
///
/// - The complete graph asks nothing of the table: its answer is the prior's, with half of it close to
///   the people seen and a long tail. It is in the average, as published. Diagnostics tell its weight,
///   and the median without it. The more people, the sooner small departures from every other graph
///   give it all the weight.
/// - Models without a three-list term but with all three pairs, circles of four lists, and people who
///   differ in how visible they are, are not among the graphs. Weights tell which graph is best among
///   these, not whether any is good.
/// - When lists overlap little the median moves with the prior count.
///
/// # Errors
///
/// [`DecomposableError`]: too few or many lists or people, nobody on two lists, settings that are
/// none, an interval that would end beyond all points.
///
/// # Examples
///
/// ```
/// use estimation::decomposable::{DecomposableSettings, average_decomposable};
/// use estimation::{CaptureHistories, ListSet};
///
/// let lists = vec!["police".to_owned(), "shelter".to_owned(), "hotline".to_owned()];
/// let counts = [(1, 69), (2, 55), (4, 63), (3, 21), (5, 17), (6, 18), (7, 4)];
/// let table = CaptureHistories::new(lists, counts.map(|(set, count)| (ListSet(set), count)))?;
/// let estimate = average_decomposable(&table, &DecomposableSettings::default())?;
/// let interval = estimate.interval.unwrap();
/// assert!(interval.low < estimate.population && estimate.population < interval.high);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn average_decomposable(
    histories: &CaptureHistories,
    settings: &DecomposableSettings,
) -> Result<Estimate, DecomposableError> {
    let prior_count = checked(histories, settings)?;
    let (seen, most) = (histories.people(), settings.most_unseen);
    let likelihood = Likelihood::new(histories, prior_count);
    let graphs = decomposable_graphs(histories.lists().len());
    let likely = likely(&likelihood, &graphs, &points(seen, most, FIRST_LOOK));
    let points = points(seen, most, CLOSER_LOOK);
    let incomplete =
        likely.masses(&likelihood, &points, most.is_some(), |graph| !graph.is_complete());
    let complete = likely.masses(&likelihood, &points, most.is_some(), Graph::is_complete);
    let all = incomplete.clone().and(&complete);

    let beyond = all.share_beyond();
    let population = |masses: &Masses, part: f64| {
        let unseen = masses.quantile(&points, part).ok_or(DecomposableError::NoEnd { beyond })?;
        Ok(seen as f64 + unseen)
    };
    let tail = (1.0 - settings.level) / 2.0;
    let (low, high) = (population(&all, tail)?, population(&all, 1.0 - tail)?);
    // The complete graph has all edges and so is last, here and among the likely ones.
    let graphs_and_masses = likely.graphs.iter().zip(&all.by_graph);
    let Some((best, mass)) = graphs_and_masses.max_by(|one, other| one.1.total_cmp(other.1)) else {
        return Err(DecomposableError::NoEnd { beyond });
    };
    let mut diagnostics = without_complete(seen, &points, &incomplete, &complete);
    diagnostics.extend(as_dga_says(&likelihood, &graphs, seen, settings.level));
    diagnostics.extend([
        ("graphs", Diagnostic::Number(graphs.len() as f64)),
        ("graphs_left_out", Diagnostic::Number((graphs.len() - likely.graphs.len()) as f64)),
        ("best_graph_weight", Diagnostic::Number(mass / all.total())),
        ("mode", Diagnostic::Number(seen as f64 + all.mode(&points).round())),
        ("prior", Diagnostic::Text(prior_in_words(prior_count, most))),
        ("points", Diagnostic::Number(points.len() as f64)),
        ("share_beyond_points", Diagnostic::Number(beyond)),
    ]);
    if most.is_some() {
        diagnostics.insert("mean", Diagnostic::Number(seen as f64 + all.mean(&points)));
    }
    let generators = best.cliques.iter().filter(|clique| clique.len() > 1);
    Ok(Estimate {
        method: Method::Decomposable,
        terms: generators.map(|clique| histories.named(*clique).to_string()).collect(),
        population: population(&all, 0.5)?,
        interval: Some(Interval { level: settings.level, low, high, kind: IntervalKind::Credible }),
        aic: None,
        bic: None,
        diagnostics,
    })
}

/// What the complete graph, which only repeats the prior, does to the answer.
fn without_complete(
    seen: u64,
    points: &[Point],
    incomplete: &Masses,
    complete: &Masses,
) -> BTreeMap<&'static str, Diagnostic> {
    let weight = complete.total() / (incomplete.total() + complete.total());
    let mut said = BTreeMap::from([("complete_graph_weight", Diagnostic::Number(weight))]);
    if weight >= MUCH_COMPLETE {
        said.insert("caution", Diagnostic::Text(format!(
            "the complete graph, under which the lists say nothing of those on none, has weight \
             {weight:.2}; so much of the answer is the prior's"
        )));
    }
    if let Some(median) = incomplete.quantile(points, 0.5) {
        let median = seen as f64 + median;
        said.insert("median_without_complete_graph", Diagnostic::Number(median));
    }
    said
}

fn prior_in_words(prior_count: f64, most: Option<u64>) -> String {
    let bound = most.map_or_else(String::new, |most| format!(", at most {most} unseen"));
    format!(
        "decomposable graphs equally likely; hyper-Dirichlet with {prior_count} people in each cell; \
         p(N) proportional to 1/N, at least one person unseen{bound}"
    )
}
