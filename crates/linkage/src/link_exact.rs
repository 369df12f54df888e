//! Which record is in which cluster, and the trees by which clusters are found.
//!
//! In: records joined pair by pair. Out: [`Clusters`], numbered by the smallest record of each.

/// Which record is in which cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    /// For each record its cluster. Clusters are numbered from 0 by their smallest record.
    pub cluster_of: Vec<u32>,
    /// How many clusters there are.
    pub clusters: u32,
}

/// The root of a record's tree; the way there is halved for whoever comes next.
pub(crate) fn root(parent: &mut [u32], record: u32) -> u32 {
    let mut at = record as usize;
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

    proptest! {
        #[test]
        fn records_that_were_joined_have_one_root(
            pairs in prop::collection::vec((0u32..20, 0u32..20), 0..30),
        ) {
            let mut parent: Vec<u32> = (0..20).collect();
            let mut naive: Vec<u32> = (0..20).collect();
            for (one, other) in pairs {
                let (first, second) = (root(&mut parent, one), root(&mut parent, other));
                parent[first.max(second) as usize] = first.min(second);
                let (from, to) = (naive[one as usize], naive[other as usize]);
                let least = from.min(to);
                naive.iter_mut().filter(|at| **at == from || **at == to).for_each(|at| *at = least);
            }
            let roots: Vec<u32> = (0..20).map(|record| root(&mut parent, record)).collect();
            prop_assert_eq!(roots, naive);
        }
    }
}
