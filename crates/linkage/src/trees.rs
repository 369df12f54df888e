//! Trees by which those who belong together are found (disjoint sets; Galler and Fischer 1964).
//!
//! In: pairs that belong together. Out: for each one the smallest of those with whom it belongs
//! together, directly or through others. Cost: close to linear; four bytes each.

/// So many, each alone until it is joined with others.
#[derive(Debug, Clone)]
pub struct Trees {
    /// Never larger than the one itself, so the root of a tree is its smallest.
    parent: Vec<u32>,
}

impl Trees {
    /// So many, numbered from 0, each alone.
    ///
    /// # Panics
    ///
    /// When there are more than 4,294,967,295: the caller numbers them.
    #[must_use]
    pub fn new(many: usize) -> Trees {
        assert!(u32::try_from(many).is_ok(), "{many} are more than can be numbered");
        Trees { parent: (0..).take(many).collect() }
    }

    /// Two belong together.
    ///
    /// # Panics
    ///
    /// When one of them is not there.
    pub fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        self.parent[one.max(other) as usize] = one.min(other);
    }

    /// The smallest of those with whom one belongs together; the way there is halved for whoever
    /// comes next.
    ///
    /// # Panics
    ///
    /// When it is not there.
    pub fn root(&mut self, one: u32) -> u32 {
        let mut at = one as usize;
        while self.parent[at] as usize != at {
            let up = self.parent[at] as usize;
            self.parent[at] = self.parent[up];
            at = self.parent[at] as usize;
        }
        // An index that came from a u32.
        at as u32
    }

    /// The root of each.
    #[must_use]
    pub fn into_roots(self) -> Vec<u32> {
        let mut parent = self.parent;
        // What stands below was looked up already: pointing at the root needs one pass upwards.
        for one in 0..parent.len() {
            parent[one] = parent[parent[one] as usize];
        }
        parent
    }
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
            let mut trees = Trees::new(20);
            let mut naive: Vec<u32> = (0..20).collect();
            for (one, other) in pairs {
                trees.join(one, other);
                let (from, to) = (naive[one as usize], naive[other as usize]);
                let least = from.min(to);
                naive.iter_mut().filter(|at| **at == from || **at == to).for_each(|at| *at = least);
            }
            let roots: Vec<u32> = (0..20).map(|record| trees.root(record)).collect();
            prop_assert_eq!(&roots, &naive);
            prop_assert_eq!(trees.into_roots(), naive);
        }
    }
}
