//! Which lists interact.

use crate::histories::{CaptureHistories, ListSet};

/// A hierarchical log-linear model: every list has its own effect, and these interact.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Model {
    lists: usize,
    /// Sets of two lists or more, by size and then ascending; with a set all its subsets of two
    /// or more.
    interactions: Vec<ListSet>,
}

impl Model {
    /// The model in which no lists interact.
    pub fn independence(lists: usize) -> Model {
        Model { lists, interactions: Vec::new() }
    }

    /// The smallest hierarchical model with these interactions. Sets of less than two lists say
    /// nothing and are passed over.
    pub fn of(lists: usize, generators: impl IntoIterator<Item = ListSet>) -> Model {
        let mut interactions = Vec::new();
        for generator in generators {
            let mut subset = generator.0;
            while subset != 0 {
                if subset.count_ones() >= 2 {
                    interactions.push(ListSet(subset));
                }
                subset = (subset - 1) & generator.0;
            }
        }
        interactions.sort_unstable_by_key(|set| in_order(*set));
        interactions.dedup();
        Model { lists, interactions }
    }

    /// The model with another interaction and all its subsets.
    #[must_use]
    pub fn with(&self, interaction: ListSet) -> Model {
        Model::of(self.lists, self.interactions.iter().copied().chain([interaction]))
    }

    /// How many lists it is about.
    pub fn lists(&self) -> usize {
        self.lists
    }

    /// All its interactions, by size and then ascending.
    pub fn interactions(&self) -> &[ListSet] {
        &self.interactions
    }

    /// Its largest terms: sets of lists that are in no other of its terms; single lists among them.
    pub fn generators(&self) -> Vec<ListSet> {
        let singles = (0..self.lists).map(ListSet::one);
        let terms = singles.chain(self.interactions.iter().copied());
        let covered =
            |set: ListSet| self.interactions.iter().any(|other| *other != set && other.holds(set));
        terms.filter(|set| !covered(*set)).collect()
    }

    /// Interactions as names of lists joined by colons.
    pub fn names(&self, histories: &CaptureHistories) -> Vec<String> {
        self.interactions.iter().map(|set| histories.named(*set).to_string()).collect()
    }

    /// The usual short form: the largest terms as digits of lists, such as `[12,13,4]`.
    pub fn notation(&self) -> String {
        let mut generators: Vec<String> = self
            .generators()
            .into_iter()
            .map(|set| {
                let wide = self.lists > 9;
                let digits: Vec<String> = set.lists().map(|list| (list + 1).to_string()).collect();
                digits.join(if wide { "." } else { "" })
            })
            .collect();
        generators.sort();
        format!("[{}]", generators.join(","))
    }
}

/// The order of terms: by size, then by their lists as read from the left.
pub(crate) fn in_order(set: ListSet) -> (usize, u16) {
    (set.len(), set.0.reverse_bits() ^ u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subsets_come_with_a_set() {
        let model = Model::of(4, [ListSet(0b0111), ListSet(0b1100)]);
        let sets: Vec<u16> = model.interactions().iter().map(|set| set.0).collect();
        assert_eq!(sets, [0b0011, 0b0101, 0b0110, 0b1100, 0b0111]);
        assert_eq!(model.notation(), "[123,34]");
        assert_eq!(Model::of(4, [ListSet(0b0011)]).notation(), "[12,3,4]");
        assert_eq!(Model::independence(3).with(ListSet(0b110)).notation(), "[1,23]");
    }
}
