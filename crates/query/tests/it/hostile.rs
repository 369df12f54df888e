//! Files that somebody made to break the reader: errors, and no panic.

use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, new_null_array};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_writer::ArrowWriterOptions;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::metadata::KeyValue;
use datafusion::parquet::file::properties::WriterProperties;
use query::{QueryError, TableChecked, check_table};
use records::record::RecordKind;

use crate::made::{coded, expected, victim, write};

fn good(path: &Path) -> Vec<u8> {
    let rows: Vec<_> = (0..300)
        .map(|at| {
            let cells = [("sector", "hotels; factories"), ("gender", "female")];
            let record =
                victim(&format!("V-{:03}", at / 2), ["2026-Q2", "2026-Q3"][at % 2], &cells);
            coded(&record, 7)
        })
        .collect();
    write(path, RecordKind::Victim, &rows);
    std::fs::read(path).unwrap()
}

fn look(path: &Path, bytes: &[u8]) -> Result<TableChecked, QueryError> {
    std::fs::write(path, bytes).unwrap();
    check_table(path, &expected(RecordKind::Victim, 300))
}

#[test]
fn cut_off_anywhere_it_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("victims.parquet");
    let bytes = good(&path);
    for length in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
        let refused = look(&path, &bytes[..length]).unwrap_err();
        assert!(matches!(refused, QueryError::NotATable { .. }), "{length}: {refused}");
    }
}

#[test]
fn a_changed_byte_is_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("victims.parquet");
    let bytes = good(&path);
    let mut refused = 0;
    for at in (0..bytes.len()).step_by(29) {
        for flip in [1u8 << (at % 8), 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            match look(&path, &changed) {
                Err(QueryError::NotATable { .. }) => refused += 1,
                Ok(_) => {}
                Err(other) => panic!("{at}: {other}"),
            }
        }
    }
    assert!(refused > 0);
}

#[test]
fn what_is_no_file_is_an_error_of_the_disk() {
    let missing = check_table(Path::new("/no/such.parquet"), &expected(RecordKind::Victim, 1));
    assert!(matches!(missing, Err(QueryError::File { .. })));
}

#[test]
fn a_table_of_another_kind_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("victims.parquet");
    good(&path);
    let refused = check_table(&path, &expected(RecordKind::Letter, 300)).unwrap_err();
    assert!(refused.to_string().ends_with("it says that its records are of another kind"));
}

/// Writes columns of any shape as a table of contacts.
fn stranger(
    path: &Path,
    columns: Vec<(&str, ArrayRef)>,
    compression: Compression,
    described: bool,
) {
    let fields =
        columns.iter().map(|(name, cells)| Field::new(*name, cells.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let cells = columns.into_iter().map(|(_, cells)| cells).collect();
    let batch = RecordBatch::try_new(schema.clone(), cells).unwrap();
    let of_kind = KeyValue::new("clearway.kind".to_owned(), "contact".to_owned());
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_key_value_metadata(Some(vec![of_kind]))
        .build();
    let options =
        ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(!described);
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new_with_options(file, schema, options).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn texts(text: &str) -> ArrayRef {
    Arc::new(StringArray::from(vec![text]))
}

/// The columns of a contact, with one row of nothing but these.
fn contact(cells: &[(&'static str, ArrayRef)]) -> Vec<(&'static str, ArrayRef)> {
    let types = [
        ("reference", DataType::FixedSizeBinary(16)),
        ("date", DataType::Utf8),
        ("caller", DataType::Utf8),
        ("status", DataType::Utf8),
        ("trafficking_type", DataType::Utf8),
        ("age", DataType::Utf8),
        ("county", DataType::Utf8),
        ("connected", DataType::Boolean),
        ("expires_on", DataType::Date32),
    ];
    let of = |(name, cell_type): (&'static str, DataType)| {
        let given = cells.iter().find(|(given, _)| *given == name);
        (name, given.map_or_else(|| new_null_array(&cell_type, 1), |(_, cell)| cell.clone()))
    };
    types.map(of).into()
}

#[test]
fn columns_must_be_those_of_the_kind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contacts.parquet");
    let refused = |columns, compression| {
        stranger(&path, columns, compression, false);
        let refused = check_table(&path, &expected(RecordKind::Contact, 1)).unwrap_err();
        let QueryError::NotATable { what, .. } = refused else { panic!("{refused}") };
        what
    };
    let plain = Compression::UNCOMPRESSED;
    let mut other_name = contact(&[]);
    other_name[2].0 = "Marisol Quispe";
    assert_eq!(refused(other_name, plain), "column 3 must be `caller`, of text");
    let number: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    assert_eq!(refused(contact(&[("age", number)]), plain), "column 6 must be `age`, of text");
    let mut more = contact(&[]);
    more.push(("notes", texts("Marisol Quispe")));
    assert_eq!(refused(more, plain), "it has more than its 9 columns");
    assert_eq!(
        refused(contact(&[]), Compression::SNAPPY),
        "it is compressed, and coded tables are not"
    );
}

/// A description of the columns by other types would decide how they are read later.
#[test]
fn a_file_says_nothing_else_about_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contacts.parquet");
    stranger(&path, contact(&[]), Compression::UNCOMPRESSED, true);
    let refused = check_table(&path, &expected(RecordKind::Contact, 1)).unwrap_err();
    assert!(refused.to_string().ends_with("and nothing else about itself"), "{refused}");
}

#[test]
fn no_text_but_codes_gets_through() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contacts.parquet");
    let cells = [
        ("date", texts("2026-Q5")),
        ("caller", texts("Marisol Quispe")),
        // A code of the register that the field does not take.
        ("status", texts("confirmed")),
        // The label is no code.
        ("age", texts("Minor")),
    ];
    stranger(&path, contact(&cells), Compression::UNCOMPRESSED, false);
    let checked = check_table(&path, &expected(RecordKind::Contact, 1)).unwrap();
    let columns: Vec<&str> = checked.problems.iter().map(|one| one.column.as_str()).collect();
    assert_eq!(columns, ["reference", "date", "caller", "status", "age"]);
    assert!(!format!("{checked:?}").contains("Marisol"));
}
