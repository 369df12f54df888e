//! Encodings to clusters of the same person.
//!
//! In: nodes, each a person as one agency knows her, with the encodings that the agency sent for
//! her, in the order of the encodings; a node may have none, or several when her record was
//! corrected. Out: a cluster for every node ([`Clusters`]). Nodes that share an encoding, directly
//! or through others, are one cluster; a node without an encoding is alone.
//!
//! Encodings are taken one by one and none is kept but the last, so that a caller with more of them
//! than fit into memory sorts them on the disk. Cost for e encodings and n nodes: time close to
//! linear in e + n, memory four bytes for each node.

use crate::Encoding;

/// The share of true links, in percent, that an exact key is assumed to find at least. Assumed,
/// not measured: published evaluations of such keys on administrative data find more, on people
/// who are settled and give their own name; people on these lists often are not and do not.
/// A count states its range with it, and says that it is assumed.
pub const ASSUMED_LEAST_SENSITIVITY_PERCENT: u64 = 60;

/// Which node is in which cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    /// For each node its cluster. Clusters are numbered from 0 by their smallest node.
    pub cluster_of: Vec<u32>,
    /// How many clusters there are.
    pub clusters: u32,
}

/// Puts nodes that share an encoding into one cluster.
#[derive(Debug)]
pub struct ExactLinking {
    /// A node's parent is never larger than the node, so the root of a tree is its smallest node.
    parent: Vec<u32>,
    last: Option<(Encoding, u32)>,
}

impl ExactLinking {
    /// So many nodes, each alone.
    ///
    /// # Panics
    ///
    /// When there are more than 4,294,967,295: the caller numbers them.
    #[must_use]
    pub fn new(nodes: usize) -> ExactLinking {
        assert!(u32::try_from(nodes).is_ok(), "{nodes} nodes are more than can be numbered");
        ExactLinking { parent: (0..).take(nodes).collect(), last: None }
    }

    /// Takes the next encoding, and whose it is.
    ///
    /// # Panics
    ///
    /// When the encoding is smaller than the one before, or there is no such node: equal encodings
    /// would not meet, and people would be counted twice without anybody noticing.
    pub fn take(&mut self, encoding: Encoding, node: u32) {
        assert!((node as usize) < self.parent.len(), "no node {node}");
        if let Some((before, other)) = self.last {
            assert!(before.0 <= encoding.0, "encodings that are not in their order");
            if before == encoding {
                let (one, two) = (root(&mut self.parent, node), root(&mut self.parent, other));
                self.parent[one.max(two) as usize] = one.min(two);
            }
        }
        self.last = Some((encoding, node));
    }

    /// The clusters, when every encoding was taken.
    #[must_use]
    pub fn finish(self) -> Clusters {
        // From here on an entry below the node at hand is a cluster and no longer a parent.
        let mut parent = self.parent;
        let mut clusters = 0;
        for node in 0..parent.len() {
            let up = parent[node] as usize;
            parent[node] = if up == node {
                clusters += 1;
                clusters - 1
            } else {
                parent[up]
            };
        }
        Clusters { cluster_of: parent, clusters }
    }
}

/// The root of a node's tree; the way there is halved for whoever comes next.
fn root(parent: &mut [u32], node: u32) -> u32 {
    let mut at = node as usize;
    while parent[at] as usize != at {
        let up = parent[at] as usize;
        parent[at] = parent[up];
        at = parent[at] as usize;
    }
    // An index that came from a u32.
    at as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoding(number: u8) -> Encoding {
        Encoding([number; 16])
    }

    /// Groups nodes by looking at all pairs again and again until nothing changes.
    fn naive(nodes: usize, encodings: &[(u32, u8)]) -> Vec<u32> {
        let mut smallest: Vec<u32> = (0..nodes as u32).collect();
        loop {
            let before = smallest.clone();
            for (node, one) in encodings {
                for (other, two) in encodings {
                    if one == two {
                        let least = smallest[*node as usize].min(smallest[*other as usize]);
                        smallest[*node as usize] = least;
                        smallest[*other as usize] = least;
                    }
                }
            }
            if before == smallest {
                return smallest;
            }
        }
    }

    fn link(nodes: usize, encodings: &[(u32, u8)]) -> Clusters {
        let mut sorted = encodings.to_vec();
        sorted.sort_by_key(|(_, number)| *number);
        let mut linking = ExactLinking::new(nodes);
        for (node, number) in sorted {
            linking.take(encoding(number), node);
        }
        linking.finish()
    }

    #[test]
    #[should_panic(expected = "not in their order")]
    fn unsorted_encodings_are_refused() {
        let mut linking = ExactLinking::new(2);
        linking.take(encoding(2), 0);
        linking.take(encoding(1), 1);
    }

    #[test]
    fn nodes_meet_through_others() {
        // 0 and 2 share nothing; 1 was corrected and shares one encoding with each. 4 has none.
        let encodings = [(0, 7), (1, 7), (1, 9), (2, 9), (3, 5)];
        let clusters = link(5, &encodings);
        assert_eq!(clusters, Clusters { cluster_of: vec![0, 0, 0, 1, 2], clusters: 3 });
    }

    #[test]
    fn nobody_and_nobody_encoded() {
        assert_eq!(link(0, &[]), Clusters { cluster_of: vec![], clusters: 0 });
        assert_eq!(link(2, &[]), Clusters { cluster_of: vec![0, 1], clusters: 2 });
    }

    proptest! {
        #[test]
        fn the_clusters_are_the_transitive_closure(
            nodes in 1usize..40,
            drawn in prop::collection::vec((any::<u32>(), 0u8..30), 0..60),
        ) {
            let encodings: Vec<(u32, u8)> =
                drawn.into_iter().map(|(node, number)| (node % nodes as u32, number)).collect();
            let found = link(nodes, &encodings);
            // Numbered by the smallest node of each, without gaps.
            let smallest = naive(nodes, &encodings);
            let mut number = std::collections::BTreeMap::new();
            for least in &smallest {
                let next = number.len() as u32;
                number.entry(*least).or_insert(next);
            }
            let expected: Vec<u32> = smallest.iter().map(|least| number[least]).collect();
            prop_assert_eq!(&found.cluster_of, &expected);
            prop_assert_eq!(found.clusters as usize, number.len());
            // The order of nodes with one encoding cannot matter.
            let backwards: Vec<(u32, u8)> = encodings.iter().rev().copied().collect();
            prop_assert_eq!(link(nodes, &backwards), found);
        }
    }
}
