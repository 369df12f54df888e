//! A dimension of a table: the categories of a column, and the groups above them.

use crate::schema::SchemaColumn;

/// One dimension: its categories and the groups above them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// The column's name.
    pub name: String,
    /// The blank as an empty word, the column's categories in order, then groups: the first are
    /// the column's codes.
    pub categories: Vec<String>,
    /// For each category the place of its group, or nothing at the top.
    pub parents: Vec<Option<usize>>,
}

impl Dimension {
    /// A dimension without groups.
    pub fn flat(column: &SchemaColumn) -> Dimension {
        let mut categories = vec![String::new()];
        categories.extend(column.categories.iter().cloned());
        Dimension { name: column.name.clone(), parents: vec![None; categories.len()], categories }
    }

    /// For each category the places it counts towards: itself, its groups, and the total last.
    pub(super) fn chains(&self) -> Vec<Vec<Option<usize>>> {
        (0..self.categories.len())
            .map(|category| {
                let mut chain = Vec::new();
                let mut at = Some(category);
                while let Some(place) = at {
                    chain.push(at);
                    at = self.parents[place];
                }
                chain.push(None);
                chain
            })
            .collect()
    }

    /// Each total or group with its parts.
    pub(super) fn families(&self) -> Vec<(Option<usize>, Vec<usize>)> {
        let parts_of = |group: Option<usize>| -> Vec<usize> {
            (0..self.parents.len()).filter(|&place| self.parents[place] == group).collect()
        };
        let groups = std::iter::once(None).chain((0..self.categories.len()).map(Some));
        groups
            .map(|group| (group, parts_of(group)))
            .filter(|(_, parts)| !parts.is_empty())
            .collect()
    }
}

/// Whether the dimension is the flat one with groups above, none of which contains itself.
pub(super) fn groups_categories(dimension: &Dimension, flat: &Dimension) -> bool {
    let count = dimension.categories.len();
    dimension.categories.starts_with(&flat.categories)
        && dimension.parents.len() == count
        && dimension.parents.iter().flatten().all(|&p| p >= flat.categories.len() && p < count)
        && (0..count).all(|start| {
            let mut at = Some(start);
            (0..=count).any(|_| {
                at = at.and_then(|place| dimension.parents[place]);
                at.is_none()
            })
        })
}
