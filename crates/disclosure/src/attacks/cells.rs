//! Which cells of published tables a person is counted in.

use std::collections::HashMap;

use super::attack::AttackError;
use crate::published::{CellKey, PublishedTable};
use crate::rows::Rows;

/// For one table: from a row's codes to the cells that count it, totals and groups included.
pub(super) struct CellsOf<'a> {
    place_of: HashMap<&'a [Option<usize>], usize>,
    dimensions: Vec<Dimension>,
}

struct Dimension {
    column: usize,
    /// For each code of the column what a cell that counts it may say: the total, the category,
    /// the groups above.
    places: Vec<Vec<Option<usize>>>,
}

impl<'a> CellsOf<'a> {
    /// # Errors
    /// A dimension that is no column of the rows.
    pub(super) fn new(table: &'a PublishedTable, rows: &Rows) -> Result<CellsOf<'a>, AttackError> {
        let mut dimensions = Vec::new();
        for dimension in &table.dimensions {
            let schema = rows.schema();
            let column = schema
                .column(&dimension.name)
                .ok_or_else(|| AttackError::Column(dimension.name.clone()))?;
            let words: HashMap<&str, usize> = dimension
                .categories
                .iter()
                .enumerate()
                .map(|(at, word)| (word.as_str(), at))
                .collect();
            let places = (0..schema.columns[column].codes())
                .map(|code| {
                    let word = schema.columns[column].word(code as u16).unwrap_or("");
                    let mut places = vec![None];
                    let mut at = words.get(word).copied();
                    // No further than there are categories: parents could go in a circle.
                    while let Some(place) =
                        at.filter(|_| places.len() <= dimension.categories.len())
                    {
                        places.push(Some(place));
                        at = dimension.parents.get(place).copied().flatten();
                    }
                    places
                })
                .collect();
            dimensions.push(Dimension { column, places });
        }
        let place_of = table
            .cells
            .iter()
            .enumerate()
            .map(|(place, cell)| (cell.at.as_slice(), place))
            .collect();
        Ok(CellsOf { place_of, dimensions })
    }

    /// The places, in the table's list, of the cells that count a row.
    pub(super) fn row(&self, rows: &Rows, row: usize) -> Vec<usize> {
        let mut keys: Vec<CellKey> = vec![Vec::new()];
        for dimension in &self.dimensions {
            let code = rows.column(dimension.column)[row];
            let places = &dimension.places[usize::from(code)];
            keys = keys
                .iter()
                .flat_map(|key| {
                    places.iter().map(move |&place| {
                        let mut longer = key.clone();
                        longer.push(place);
                        longer
                    })
                })
                .collect();
        }
        keys.iter().filter_map(|key| self.place_of.get(key.as_slice()).copied()).collect()
    }
}
