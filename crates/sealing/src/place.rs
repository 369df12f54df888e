//! Where a sealed text stands.

use crate::bound::Bound;

/// Where a sealed text stands in the store. It opens there and nowhere else; the compartment is
/// that of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place<'a> {
    /// The table, as the store names it.
    pub table: &'a str,
    /// The row.
    pub row: Row,
    /// The field, as the store names it.
    pub field: &'a str,
}

/// How a row is known before its text is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Row {
    /// By its number.
    Number(i64),
    /// By a random id of 16 bytes, made before the row is written.
    Random([u8; 16]),
}

impl Place<'_> {
    /// Adds the place to what is bound. The two sorts of row differ in their length.
    pub(crate) fn bind(&self, bound: Bound) -> Bound {
        let bound = bound.text(self.table);
        match self.row {
            Row::Number(number) => bound.number(number),
            Row::Random(id) => bound.bytes(&id),
        }
        .text(self.field)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row() -> impl Strategy<Value = Row> {
        prop_oneof![
            (0..3i64).prop_map(Row::Number),
            (0..3u8).prop_map(|byte| Row::Random([byte; 16]))
        ]
    }

    proptest! {
        /// Names that are the same when written together (`ab`, `c` and `a`, `bc`) stay apart.
        #[test]
        fn other_places_are_bound_otherwise(
            names in prop::array::uniform4("[ab]{0,2}"), rows in [row(), row()],
        ) {
            let [table, field, other_table, other_field] = &names;
            let place = Place { table, row: rows[0], field };
            let other = Place { table: other_table, row: rows[1], field: other_field };
            let bytes = |place: Place<'_>| place.bind(Bound::new("test")).finish();
            prop_assert_eq!(place == other, bytes(place) == bytes(other));
        }
    }
}
