//! Scored pairs to people, with draws: the path through the parts of this module.

use rayon::prelude::*;

use super::Clusters;
use super::agencies::penalties;
use super::balance::balance;
use super::components::components;
use super::draws::shifts;
use super::evidence::Edge;
use super::one_component::{FLOOR, MOST_SURE, Part, Shared};
use super::review::{Undecided, keep_most_telling};
use super::settings::{ClusterError, ClusterSettings, Constraints, MOST_LISTS};
use super::tally::{Draw, Tally};
use super::threshold::{best_expected_f1, of_shares, probability, share};
use super::uncertain::{CERTAIN, Uncertain, uncertain};
use super::{Merge, ScoredPair};
use crate::trees::Trees;

/// Records in the sample from which the shift is learnt.
const BALANCED: usize = 100_000;

/// People, how sure they are, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// Which record is which person.
    pub clusters: Clusters,
    /// For each record how probable it is that it belongs where it is: for one with others, the
    /// mean share of these that are with it, over the draws; for one alone, the share of draws in
    /// which it is alone. Between 0.001 and 0.999: draws do not tell more.
    pub probability: Vec<f32>,
    /// Every merge, in order within each person, but for those that reviewers decided.
    pub merges: Vec<Merge>,
    /// The log odds from which groups became one.
    pub threshold: f32,
    /// What was added to the support of all groups, so that the draws hold as many matches as the
    /// probabilities of the pairs say.
    pub shift: f32,
    /// For each agency the log odds taken off for a second record of it in one person.
    pub penalties: Vec<f32>,
    /// How often records were kept apart because the person would have been too large.
    pub refused_for_size: u32,
    /// What a reviewer could settle, from the one that would move the count most.
    pub undecided: Vec<Undecided>,
    /// The draws.
    pub draws: Vec<Draw>,
}

/// What a component of the sample shows: matches expected (a sum of [`share`]s), scored pairs that
/// are certain, and what is uncertain with the smallest record of each part.
pub(super) type Looked = (u64, u64, Vec<(u32, Uncertain)>);

/// Links records whose pairs were scored.
///
/// `agency` gives the agency of each record. `log_odds` scores a pair that was no candidate; it is
/// asked only where two groups of records with at most 8 pairs are compared, once for each pair. The
/// answer depends neither on the order of the pairs nor on the number of threads.
///
/// # Errors
///
/// [`ClusterError`] when a pair, a decision or a list is not as expected, and when decisions
/// contradict each other.
pub fn link_pairs(
    agency: &[u16],
    pairs: &[ScoredPair],
    log_odds: &(impl Fn(u32, u32) -> f32 + Sync),
    constraints: &Constraints,
    settings: &ClusterSettings,
) -> Result<Linked, ClusterError> {
    check(agency, pairs, constraints, settings)?;
    // Half of the best F1 is never above even odds; where no pair lies between, the threshold found
    // is that of the least likely pair above, which several records together might not reach.
    let best = || best_expected_f1(pairs).threshold.min(0.0);
    let threshold = settings.threshold.unwrap_or_else(best);
    let penalties = penalties(agency, pairs);
    let components = components(agency.len(), pairs, FLOOR, &constraints.same);
    let mut shared = Shared {
        numbers: None,
        agency,
        pairs,
        components: &components,
        log_odds,
        settings,
        constraints,
        penalties: &penalties,
        threshold,
        shift: 0.0,
        shifts: Vec::new(),
    };
    shared.shift = shared.balanced();
    shared.shifts =
        shifts(settings.draws.max(1), settings.seed, shared.shift, settings.shared_error);
    let parts: Vec<Part> =
        components.parts(32).into_par_iter().map(|part| shared.part(part)).collect();
    Ok(shared.assemble(parts))
}

fn check(
    agency: &[u16],
    pairs: &[ScoredPair],
    constraints: &Constraints,
    settings: &ClusterSettings,
) -> Result<(), ClusterError> {
    let records = agency.len();
    if u32::try_from(records).is_err() || records as u32 == u32::MAX {
        return Err(ClusterError::TooManyRecords { records });
    }
    let wrong = |pair: &ScoredPair| {
        pair.first >= pair.second || pair.second as usize >= records || pair.log_odds.is_nan()
    };
    if let Some(index) = pairs.iter().position(wrong) {
        let ScoredPair { first, second, .. } = pairs[index];
        return Err(ClusterError::Pair { index, first, second, records });
    }
    if !settings.lists.is_empty() {
        let listed = |agency: &u16| {
            settings.lists.get(usize::from(*agency)).is_some_and(|list| *list < MOST_LISTS)
        };
        if let Some(agency) = agency.iter().copied().find(|agency| !listed(agency)) {
            return Err(ClusterError::List { agency });
        }
    }
    let beyond =
        |(first, second): &&(u32, u32)| first == second || *first.max(second) as usize >= records;
    if let Some((first, second)) =
        constraints.same.iter().chain(&constraints.different).find(beyond)
    {
        return Err(ClusterError::Decision { first: *first, second: *second, records });
    }
    if constraints.same.is_empty() || constraints.different.is_empty() {
        return Ok(());
    }
    let mut trees = Trees::new(records);
    for (one, two) in &constraints.same {
        trees.join(*one, *two);
    }
    for (first, second) in constraints.different.iter().copied() {
        if trees.root(first) == trees.root(second) {
            return Err(ClusterError::Contradiction { first, second });
        }
    }
    Ok(())
}

impl<F: Fn(u32, u32) -> f32 + Sync> Shared<'_, F> {
    /// Links the components of one part.
    pub(super) fn part(&self, range: std::ops::Range<usize>) -> Part {
        let mut part = Part {
            smallest: Vec::new(),
            probability: Vec::new(),
            merges: Vec::new(),
            undecided: Vec::new(),
            refused_for_size: 0,
            tally: Tally::new(self.settings),
        };
        let mut edges = Vec::new();
        for component in range {
            self.component(component, &mut edges, &mut part);
        }
        keep_most_telling(&mut part.undecided, self.settings.review);
        part
    }

    /// The shift, from as many components as hold [`BALANCED`] records, spread evenly.
    fn balanced(&self) -> f32 {
        let step = step(self.components.records.len());
        let looked = self.look((0..self.components.len()).step_by(step).collect());
        let all = self.pairs.iter().map(|pair| self.probable(pair)).sum();
        let within = self.components.pairs.iter();
        let in_components = within.map(|pair| self.probable(&self.pairs[*pair as usize])).sum();
        self.shift_from(looked, all, in_components)
    }

    /// How probable it is that a pair is one person, as a [`share`].
    fn probable(&self, pair: &ScoredPair) -> u64 {
        let agency = |record: u32| self.agency[record as usize];
        let within = agency(pair.first) == agency(pair.second);
        let penalty = if within { self.penalties[usize::from(agency(pair.first))] } else { 0.0 };
        share(pair.log_odds + penalty)
    }

    /// Looks at components of the sample.
    pub(super) fn look(&self, sample: Vec<usize>) -> Vec<Looked> {
        sample
            .into_par_iter()
            .map_init(Vec::new, |edges, component| {
                let (records, pairs) = self.components.get(component);
                let probable = |pair: &u32| self.probable(&self.pairs[*pair as usize]);
                let expected = pairs.iter().map(probable).sum();
                let (same, forbidden) = self.decided(component, edges);
                let mut work = self.start(component, edges, &same, &forbidden, (0.0, CERTAIN));
                work.merge_down_to(CERTAIN);
                let together = |edge: &&Edge| work.groups.of(edge.one) == work.groups.of(edge.two);
                let certain = edges.iter().filter(together).count() as u64;
                let (parts, _) = uncertain(&mut work, edges, FLOOR);
                (
                    expected,
                    certain,
                    parts.into_iter().map(|part| (self.name(&part, records), part)).collect(),
                )
            })
            .collect()
    }

    /// The shift, from what the sample shows and the matches expected among all scored pairs and
    /// among those within components.
    pub(super) fn shift_from(&self, looked: Vec<Looked>, all: u64, in_components: u64) -> f32 {
        let expected = of_shares(looked.iter().map(|looked| looked.0).sum());
        let certain: u64 = looked.iter().map(|looked| looked.1).sum();
        let wanted = expected * of_shares(all) / of_shares(in_components).max(1.0) - certain as f64;
        let parts: Vec<(u32, Uncertain)> = looked.into_iter().flat_map(|looked| looked.2).collect();
        balance(&parts, wanted, self.draw_settings())
    }

    /// Puts the parts together and numbers the people.
    fn assemble(&self, parts: Vec<Part>) -> Linked {
        let records = self.agency.len();
        let mut cluster_of: Vec<u32> = (0..records as u32).collect();
        let mut probability = vec![MOST_SURE; records];
        let mut in_component = self.components.records.iter();
        let mut tally = Tally::new(self.settings);
        let (mut merges, mut undecided, mut refused_for_size) = (Vec::new(), Vec::new(), 0);
        for part in parts {
            let found = part.smallest.into_iter().zip(part.probability);
            for ((smallest, probable), record) in found.zip(&mut in_component) {
                cluster_of[*record as usize] = smallest;
                probability[*record as usize] = probable;
            }
            tally.merge(&part.tally);
            merges.extend(part.merges);
            undecided.extend(part.undecided);
            refused_for_size += part.refused_for_size;
        }
        keep_most_telling(&mut undecided, self.settings.review);
        let mut alone: Vec<bool> = vec![true; records];
        self.components.records.iter().for_each(|record| alone[*record as usize] = false);
        for record in (0..records as u32).filter(|record| alone[*record as usize]) {
            tally.add_to_all(self.list(self.agency[record as usize]));
        }
        let clusters = number(&mut cluster_of);
        Linked {
            clusters: Clusters { cluster_of, clusters },
            probability,
            merges,
            threshold: self.threshold,
            shift: self.shift,
            penalties: self.penalties.to_vec(),
            refused_for_size,
            undecided,
            draws: tally.draws(),
        }
    }
}

/// Of so many records in components, every so many-th component is in the sample.
pub(super) fn step(records: usize) -> usize {
    records.div_ceil(BALANCED).max(1)
}

/// Numbers people, given for each record the smallest of its person; how many there are.
pub(super) fn number(cluster_of: &mut [u32]) -> u32 {
    // The smallest record of a person comes before the others of it.
    let mut clusters = 0;
    for record in 0..cluster_of.len() {
        let smallest = cluster_of[record] as usize;
        cluster_of[record] = if smallest == record {
            clusters += 1;
            clusters - 1
        } else {
            cluster_of[smallest]
        };
    }
    clusters
}

/// The probability of a merge, for whoever shows it.
impl Merge {
    /// The probability that the two groups were one person, as the draws take it.
    pub fn probability(&self) -> f64 {
        probability(self.support)
    }
}
