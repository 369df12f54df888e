//! Why there is no cube.

use super::cube::MOST_CELLS;
use crate::read::LARGEST_AMOUNT;

/// Why there is no cube.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CubeError {
    /// No rows, or no table asked for.
    #[error("the table is empty: there is nothing to release")]
    Empty,
    /// A table without dimensions, or one that the schema lacks, or twice the same.
    #[error(
        "table \"{table}\" cannot have the dimensions {dimensions:?}: each must be a column of the schema, once"
    )]
    Dimensions {
        /// The table.
        table: String,
        /// What was asked for.
        dimensions: Vec<String>,
    },
    /// Two tables of one name.
    #[error("two tables are named \"{0}\"")]
    TableTwice(String),
    /// A dimension whose groups are not those of the column, or form a cycle.
    #[error("the groups given for column \"{0}\" are not groups of its categories")]
    Groups(String),
    /// Dimensions of different tables of which one, the first of a pair, follows from the other.
    #[error("{}", .0.iter().map(follows).collect::<Vec<_>>().join("; "))]
    Follows(Vec<(String, String)>),
    /// More cells than [`MOST_CELLS`].
    #[error(
        "the tables would have more than {MOST_CELLS} cells; leave out a dimension or publish fewer at once"
    )]
    TooManyCells,
    /// Amounts that add up to more than [`LARGEST_AMOUNT`].
    #[error(
        "the amounts add up to {total}, and are reckoned with up to {LARGEST_AMOUNT}; give them in a larger unit, such as thousands"
    )]
    TooLarge {
        /// What they add up to.
        total: u64,
    },
    /// Not one amount for each row.
    #[error("{rows} rows, but {found} amounts")]
    Lengths {
        /// Rows.
        rows: usize,
        /// Amounts.
        found: usize,
    },
}

fn follows((of, by): &(String, String)) -> String {
    format!(
        "column \"{of}\" follows from column \"{by}\" in every row, and they are in different tables: whoever knows how takes one table from the other; put \"{of}\" only where \"{by}\" is too, give \"{by}\" groups with --hierarchy and leave \"{of}\" out, or publish one of them"
    )
}
