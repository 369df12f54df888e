//! The columns of a coded table, by kind of record.
//!
//! In: a kind of record. Out: the columns of its coded table, in order: every field that leaves,
//! then the last day of the release. A column of codes is text;
//! several codes in one cell are sorted and joined by `; `. No column is made to hold other text.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field as Column, Schema, SchemaRef};
use records::record::{Field, Holds, Leaves, RecordKind};

/// How many bytes an id has.
pub(crate) const ID_BYTES: i32 = 16;
/// The column of the last day of the release.
pub(crate) const EXPIRES_ON: &str = "expires_on";
/// What stands between two codes in one cell.
pub(crate) const BETWEEN_CODES: &str = "; ";
/// The name under which a file says of which kind its records are.
pub(crate) const KIND_KEY: &str = "clearway.kind";

/// The columns of a kind's coded table.
pub(crate) fn columns(kind: RecordKind) -> SchemaRef {
    // Which cells must be filled is checked, not declared: a table that breaks it is to be read
    // and every such row named.
    let fields = Field::leaving(kind).map(|field| Column::new(field.name, cell_type(field), true));
    let expires_on = Column::new(EXPIRES_ON, DataType::Date32, true);
    Arc::new(Schema::new(fields.chain([expires_on]).collect::<Vec<_>>()))
}

/// The same columns as they are read: a view of a text repeats no byte of a dictionary, so that a
/// batch stays small whatever a file holds.
pub(crate) fn columns_read(kind: RecordKind) -> SchemaRef {
    let columns = columns(kind);
    let read = columns.fields().iter().map(|column| match column.data_type() {
        DataType::Utf8 => column.as_ref().clone().with_data_type(DataType::Utf8View),
        _ => column.as_ref().clone(),
    });
    Arc::new(Schema::new(read.collect::<Vec<_>>()))
}

fn cell_type(field: &Field) -> DataType {
    match (field.leaves, field.holds) {
        (Leaves::Opaque, _) => DataType::FixedSizeBinary(ID_BYTES),
        (Leaves::Number, _) => DataType::Int64,
        (_, Holds::YesNo) => DataType::Boolean,
        _ => DataType::Utf8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_first_and_the_end_of_the_release_last() {
        for kind in RecordKind::ALL {
            let columns = columns(kind);
            let names: Vec<&str> = columns.fields().iter().map(|c| c.name().as_str()).collect();
            assert_eq!((names[0], names[names.len() - 1]), ("reference", EXPIRES_ON));
        }
    }
}
