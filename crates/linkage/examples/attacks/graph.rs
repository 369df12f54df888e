//! Re-identification by matching two similarity graphs.
//!
//! In: similarities of encodings, layer by layer, and of an auxiliary table in the same layers.
//! Out: for every encoded row the auxiliary row that it is taken for.
//!
//! The idea is that of Vidanage, Christen, Ranbaduge and Schnell (2020), A graph matching attack on
//! privacy-preserving record linkage, and of Schäfer, Armknecht and Heng (2024), R+R: Revisiting
//! graph matching attacks: who is like whom does not depend on the key. Nodes are first matched by
//! features of their own neighborhoods (how alike the k-th most alike is, the mean, the deviation),
//! as the first paper does, or by an embedding of each graph and an alignment without known pairs,
//! as the second does (`embedding`: spectral here, node2vec there). From either beginning, nodes are
//! described by their similarity to those matched most surely, and matched again by these profiles;
//! sure pairs grow in number from round to round. The end is an assignment by score (greedy).
//! Written from general knowledge of both papers; the growing from sure pairs is added, and makes
//! the attack stronger than either, as every similarity is used and none is cut.
//!
//! Cost: rows² × layers × seeds for each round.

use rayon::prelude::*;

use super::embedding::{Points, aligned, embed, mapped};
use super::view::Similarities;

/// Ranks at which the similarity to the most alike rows is read.
const RANKS: [usize; 12] = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233];
/// Shares of the mutual best pairs that are taken for sure, round by round.
const SURE: [f32; 7] = [0.1, 0.15, 0.25, 0.4, 0.6, 0.8, 1.0];
/// How often points are laid on each other anew, along how many directions at most.
const FITS: usize = 20;
const MOST_DIRECTIONS: usize = 60;
/// So many nearest ones tell whether a node is near to everybody.
const NEAREST: usize = 10;

/// How hard the attacker tries.
pub(crate) struct Effort {
    /// So many people who were matched surely describe the others.
    pub(crate) most_seeds: usize,
    /// Along how many directions the graphs are first laid on each other, one try after the other.
    pub(crate) directions: &'static [usize],
}

/// The auxiliary row that every encoded one is taken for.
///
/// Several beginnings are tried; that one counts in the end whose pairs lead most clearly.
pub(crate) fn attack(
    seen: &[Similarities],
    known: &[Similarities],
    effort: &Effort,
) -> Vec<Option<usize>> {
    let mut beginnings = vec![Scores::of(&features(seen), &features(known))];
    let points = [seen, known].map(|layers| embed(&sum(layers), MOST_DIRECTIONS));
    beginnings.extend(effort.directions.iter().map(|&first| embedded(&points, first)));
    let ends = beginnings.into_iter().map(|scores| grown(seen, known, scores, effort.most_seeds));
    let best = ends.max_by(|a, b| a.clarity().total_cmp(&b.clarity()));
    best.map_or_else(Vec::new, |scores| scores.assigned())
}

/// All layers in one.
fn sum(layers: &[Similarities]) -> Similarities {
    let rows = layers.first().map_or(0, |layer| layer.rows);
    let mut values = vec![0.0; rows * rows];
    for layer in layers {
        values.iter_mut().zip(&layer.values).for_each(|(sum, value)| *sum += value);
    }
    Similarities { rows, values }
}

/// Scores by points that were laid on each other, first along few directions, then along more.
fn embedded([here, there]: &[Points; 2], first: usize) -> Scores {
    let table = |points: &Points| {
        standardized(Table { width: points.width, values: points.values.clone() }, false)
    };
    let (few, others) = (here.narrowed(first), there.narrowed(first));
    let mut scores = Scores::of(&table(&few), &table(&aligned(&few, &others)));
    let mut directions = first;
    for _ in 0..FITS {
        // Every node with its nearest one, whoever that is: similar people do as well as the same.
        let pairs = scores.nearest();
        directions = (directions + directions.div_ceil(4)).min(MOST_DIRECTIONS);
        let (more, others) = (here.narrowed(directions), there.narrowed(directions));
        scores = Scores::of(&table(&more), &table(&mapped(&more, &others, &pairs)));
    }
    scores
}

/// Sure pairs describe all nodes, and more pairs become sure.
fn grown(
    seen: &[Similarities],
    known: &[Similarities],
    mut scores: Scores,
    most_seeds: usize,
) -> Scores {
    for sure in SURE {
        let mut pairs = scores.mutual();
        pairs.sort_by(|a, b| b.2.total_cmp(&a.2));
        let wanted = ((pairs.len() as f32 * sure) as usize).clamp(10, most_seeds);
        pairs.truncate(wanted);
        let seeds = |pick: fn(&(usize, usize, f32)) -> usize| -> Vec<usize> {
            pairs.iter().map(pick).collect()
        };
        let (here, there) = (seeds(|pair| pair.0), seeds(|pair| pair.1));
        scores = Scores::of(&profiles(seen, &here), &profiles(known, &there));
    }
    scores
}

/// Rows of numbers of one length.
struct Table {
    width: usize,
    values: Vec<f32>,
}

/// What a node's neighborhood looks like, layer by layer; standardized within its graph.
fn features(layers: &[Similarities]) -> Table {
    let rows = layers.first().map_or(0, |layer| layer.rows);
    let width = layers.len() * (RANKS.len() + 3);
    let of_node = |node: usize| {
        let mut features = Vec::with_capacity(width);
        for layer in layers {
            let mut sorted: Vec<f32> = layer.row(node).to_vec();
            sorted.swap_remove(node);
            sorted.sort_by(|a, b| b.total_cmp(a));
            // A rank is a share of the graph, so that graphs of two sizes compare.
            features.extend(RANKS.iter().map(|&rank| sorted.get(rank - 1).copied().unwrap_or(0.0)));
            let mean = sorted.iter().sum::<f32>() / sorted.len().max(1) as f32;
            let squares = sorted.iter().map(|value| (value - mean).powi(2)).sum::<f32>();
            features.push(mean);
            features.push((squares / sorted.len().max(1) as f32).sqrt());
            features.push(layer.row(node)[node]);
        }
        features
    };
    let values: Vec<f32> = (0..rows).into_par_iter().flat_map_iter(of_node).collect();
    standardized(Table { width, values }, true)
}

/// How much every node is like each of the seeds, layer by layer.
fn profiles(layers: &[Similarities], seeds: &[usize]) -> Table {
    let rows = layers.first().map_or(0, |layer| layer.rows);
    let width = layers.len() * seeds.len();
    let of_node = |node: usize| {
        layers.iter().flat_map(move |layer| {
            let row = layer.row(node);
            seeds.iter().map(move |&seed| if seed == node { 1.0 } else { row[seed] })
        })
    };
    let values: Vec<f32> = (0..rows).into_par_iter().flat_map_iter(of_node).collect();
    standardized(Table { width, values }, false)
}

/// Columns with mean 0, and where `each` is set with deviation 1; then rows of length 1.
fn standardized(mut table: Table, each: bool) -> Table {
    let Table { width, values } = &mut table;
    let rows = values.len() / (*width).max(1);
    let mut means = vec![0.0; *width];
    let mut deviations = vec![0.0; *width];
    for row in values.chunks(*width) {
        means.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / rows as f32);
    }
    for row in values.chunks(*width) {
        for ((deviation, mean), value) in deviations.iter_mut().zip(&means).zip(row) {
            *deviation += (value - mean).powi(2) / rows as f32;
        }
    }
    for row in values.chunks_mut(*width) {
        for ((value, mean), deviation) in row.iter_mut().zip(&means).zip(&deviations) {
            *value -= mean;
            if each && *deviation > 1e-12 {
                *value = (*value / deviation.sqrt()).clamp(-4.0, 4.0);
            }
        }
        let length = row.iter().map(|value| value * value).sum::<f32>().sqrt().max(1e-9);
        row.iter_mut().for_each(|value| *value /= length);
    }
    table
}

/// How well every encoded row fits every auxiliary one.
struct Scores {
    columns: usize,
    values: Vec<f32>,
}

impl Scores {
    fn of(seen: &Table, known: &Table) -> Scores {
        let width = seen.width.max(1);
        let columns = known.values.len() / width;
        let of_row = |row: &[f32]| -> Vec<f32> {
            known.values.chunks(width).map(|other| dot(row, other)).collect()
        };
        let values = seen.values.par_chunks(width).flat_map_iter(of_row).collect();
        let mut scores = Scores { columns, values };
        scores.without_hubs();
        scores
    }

    /// Takes off what a row and a column score with their nearest ones on average: some nodes are
    /// near to everybody (cross-domain similarity local scaling).
    fn without_hubs(&mut self) {
        let columns = self.columns;
        let nearest = |mut values: Vec<f32>| {
            let most = NEAREST.min(values.len());
            values.select_nth_unstable_by(most - 1, |a, b| b.total_cmp(a));
            values[..most].iter().sum::<f32>() / most as f32
        };
        let of_rows: Vec<f32> =
            self.values.par_chunks(columns).map(|row| nearest(row.to_vec())).collect();
        let column = |at: usize| self.values.iter().skip(at).step_by(columns).copied().collect();
        let of_columns: Vec<f32> =
            (0..columns).into_par_iter().map(|at| nearest(column(at))).collect();
        self.values.par_chunks_mut(columns).zip(&of_rows).for_each(|(row, mean)| {
            row.iter_mut().zip(&of_columns).for_each(|(value, other)| {
                *value = 2.0 * *value - mean - other;
            });
        });
    }

    /// Every row with its best column.
    fn nearest(&self) -> Vec<(usize, usize, f32)> {
        let rows = self.values.chunks(self.columns).enumerate();
        rows.filter_map(|(row, values)| {
            Scores::best(values).map(|(column, lead)| (row, column, lead))
        })
        .collect()
    }

    /// The best of a row and its lead.
    fn best(row: &[f32]) -> Option<(usize, f32)> {
        let (mut best, mut next) = ((0, f32::MIN), f32::MIN);
        for (at, &value) in row.iter().enumerate() {
            if value > best.1 {
                next = best.1;
                best = (at, value);
            } else if value > next {
                next = value;
            }
        }
        (best.1 > f32::MIN).then_some((best.0, best.1 - next))
    }

    /// Pairs in which each is the other's best, with the lead.
    fn mutual(&self) -> Vec<(usize, usize, f32)> {
        let mut best_of_column = vec![(0, f32::MIN); self.columns];
        for (row, values) in self.values.chunks(self.columns).enumerate() {
            for (best, &value) in best_of_column.iter_mut().zip(values) {
                if value > best.1 {
                    *best = (row, value);
                }
            }
        }
        let rows = self.values.chunks(self.columns).enumerate();
        rows.filter_map(|(row, values)| {
            let (column, lead) = Scores::best(values)?;
            (best_of_column[column].0 == row).then_some((row, column, lead))
        })
        .collect()
    }

    /// How far mutual best pairs are ahead, over all rows.
    fn clarity(&self) -> f32 {
        let rows = self.values.len() / self.columns.max(1);
        self.mutual().iter().map(|(.., lead)| lead).sum::<f32>() / rows.max(1) as f32
    }

    /// One auxiliary row for every encoded one, the best scores first.
    fn assigned(&self) -> Vec<Option<usize>> {
        let rows = self.values.len() / self.columns.max(1);
        let mut all: Vec<(f32, u32, u32)> = Vec::new();
        for (row, values) in self.values.chunks(self.columns).enumerate() {
            let mut order: Vec<usize> = (0..values.len()).collect();
            order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
            let few = order.iter().take(50);
            all.extend(few.map(|&column| (values[column], row as u32, column as u32)));
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let (mut taken, mut guesses) = (vec![false; self.columns], vec![None; rows]);
        for (_, row, column) in all {
            let (row, column) = (row as usize, column as usize);
            if guesses[row].is_none() && !taken[column] {
                taken[column] = true;
                guesses[row] = Some(column);
            }
        }
        guesses
    }
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    // Sixteen sums side by side: the compiler makes vectors of them.
    let mut sums = [0.0_f32; 16];
    let (ones, others) = (one.chunks_exact(16), other.chunks_exact(16));
    let rest = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| a * b).sum::<f32>();
    for (one, other) in ones.zip(others) {
        for at in 0..16 {
            sums[at] += one[at] * other[at];
        }
    }
    sums.iter().sum::<f32>() + rest
}
