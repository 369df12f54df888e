//! All decomposable graphs on the lists.
//!
//! A graph is decomposable when it is chordal: no circle of four or more lists without a chord.
//! Maximum cardinality search (Tarjan and Yannakakis 1984, SIAM J. Comput. 13(3)) takes
//! the lists one by one, always one with the most neighbours among those taken; the graph is
//! chordal exactly when these neighbours are all joined with one another each time. The
//! probability of a history is then the product over the lists of p(list and its taken
//! neighbours) / p(taken neighbours), and what is left after cancelling are the cliques above and
//! the separators of the junction tree below (Lauritzen 1996, Graphical
//! Models).

use crate::histories::ListSet;

/// A decomposable graph: lists are joined where they may depend on one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Graph {
    /// The largest sets of lists that are all joined, ascending.
    pub(super) cliques: Vec<ListSet>,
    /// Where cliques meet, as often as they do, ascending; empty ones are left out.
    pub(super) separators: Vec<ListSet>,
}

impl Graph {
    /// Whether all lists are joined: such a graph asks nothing of the table.
    pub(super) fn is_complete(&self) -> bool {
        self.cliques.len() == 1
    }

    /// The sum over the cliques less the sum over the separators.
    pub(super) fn sum(&self, of: impl Fn(ListSet) -> f64) -> f64 {
        let over = |sets: &[ListSet]| sets.iter().map(|set| of(*set)).sum::<f64>();
        over(&self.cliques) - over(&self.separators)
    }
}

/// Every decomposable graph on `lists` lists, in the order of their edges as a binary number.
///
/// Looks at all `2^(lists (lists - 1) / 2)` graphs, `lists^2` steps each.
pub(super) fn decomposable_graphs(lists: usize) -> Vec<Graph> {
    let edges: Vec<(usize, usize)> =
        (0..lists).flat_map(|second| (0..second).map(move |first| (first, second))).collect();
    let joined = |graph: u32| {
        let mut neighbours = vec![ListSet::default(); lists];
        for (bit, (first, second)) in edges.iter().enumerate() {
            if graph >> bit & 1 == 1 {
                neighbours[*first].0 |= ListSet::one(*second).0;
                neighbours[*second].0 |= ListSet::one(*first).0;
            }
        }
        neighbours
    };
    (0..1_u32 << edges.len()).filter_map(|graph| decomposed(&joined(graph))).collect()
}

/// The cliques and separators, when the graph is decomposable.
fn decomposed(neighbours: &[ListSet]) -> Option<Graph> {
    let mut times = vec![0_i8; 1 << neighbours.len()];
    let mut taken = ListSet::default();
    for _ in neighbours {
        let taken_neighbours = |list: usize| ListSet(neighbours[list].0 & taken.0);
        let next = (0..neighbours.len())
            .filter(|list| !taken.holds(ListSet::one(*list)))
            .max_by_key(|list| taken_neighbours(*list).len())?;
        let before = taken_neighbours(next);
        let with_itself = |list: usize| ListSet(neighbours[list].0 | ListSet::one(list).0);
        if !before.lists().all(|list| with_itself(list).holds(before)) {
            return None;
        }
        times[before.cell() | ListSet::one(next).cell()] += 1;
        times[before.cell()] -= 1;
        taken.0 |= ListSet::one(next).0;
    }
    let sets = |sign: i8| {
        let sets = times.iter().enumerate().skip(1);
        sets.flat_map(|(set, times)| (0..times * sign).map(move |_| ListSet(set as u16))).collect()
    };
    Some(Graph { cliques: sets(1), separators: sets(-1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labelled chordal graphs, OEIS A058862.
    #[test]
    fn there_are_as_many_as_counted_by_others() {
        let counts: Vec<usize> = (1..=6).map(|lists| decomposable_graphs(lists).len()).collect();
        assert_eq!(counts, [1, 2, 8, 61, 822, 18154]);
    }

    /// No set of lists may be counted twice: with 1 for the lists of a set, the sum over cliques less
    /// separators is the number of lists; every clique but the first of a component has a separator.
    #[test]
    fn cliques_less_separators_cover_every_list_once() {
        for graph in decomposable_graphs(5) {
            for list in 0..5 {
                let once = graph.sum(|set| f64::from(u8::from(set.holds(ListSet::one(list)))));
                assert_eq!(once, 1.0, "{graph:?}");
            }
            for (at, clique) in graph.cliques.iter().enumerate() {
                let others = graph.cliques[at + 1..].iter();
                assert!(others.clone().all(|other| !other.holds(*clique) && !clique.holds(*other)));
            }
            for separator in &graph.separators {
                let holding = graph.cliques.iter().filter(|clique| clique.holds(*separator));
                assert!(holding.count() >= 2, "{graph:?}");
            }
        }
    }

    #[test]
    fn a_chain_has_its_inner_lists_as_separators() {
        let chain = Graph {
            cliques: vec![ListSet(0b0011), ListSet(0b0110), ListSet(0b1100)],
            separators: vec![ListSet(0b0010), ListSet(0b0100)],
        };
        let graphs = decomposable_graphs(4);
        assert!(graphs.contains(&chain));
        assert_eq!(graphs.iter().filter(|graph| graph.is_complete()).count(), 1);
        let circle = [(0, 1), (1, 2), (2, 3), (3, 0)];
        let mut neighbours = vec![ListSet::default(); 4];
        for (first, second) in circle {
            neighbours[first].0 |= ListSet::one(second).0;
            neighbours[second].0 |= ListSet::one(first).0;
        }
        assert_eq!(decomposed(&neighbours), None);
    }
}
