use proptest::prelude::*;

use super::*;
use crate::aggregates::aggregates;
use crate::rows::Rows;
use crate::schema::SchemaColumn;

fn schema() -> Schema {
    let column = |name: &str, categories: &[&str]| SchemaColumn {
        name: name.to_owned(),
        categories: categories.iter().map(|&word| word.to_owned()).collect(),
    };
    Schema { columns: vec![column("a;b", &["x:y", "\\", "z;"]), column("c:", &["1", "2, 3"])] }
}

const PLAN: AggregatePlan = AggregatePlan { k: 3, precision: 2, length: 2 };

proptest! {
    #[test]
    fn what_is_written_is_read_again(codes in proptest::collection::vec((0_u16..4, 0_u16..3), 0..80)) {
        let (a, c): (Vec<u16>, Vec<u16>) = codes.into_iter().unzip();
        let shown = aggregates(&Rows::new(schema(), vec![a, c]), PLAN).unwrap();
        let mut bytes = Vec::new();
        write_aggregates(&shown, &mut bytes).unwrap();
        prop_assert_eq!(read_aggregates(bytes.as_slice(), schema(), PLAN).unwrap(), shown);
    }

    #[test]
    fn no_text_is_a_panic(text in "(selections|a|c|:|;|,|\\\\|x|y|z|[0-9]|\n){0,60}") {
        let file = format!("selections,protected_count\n{text}");
        let _ = read_aggregates(file.as_bytes(), schema(), PLAN);
    }
}

#[test]
fn every_fault_is_said_with_its_line() {
    let file = "selections,protected_count\nc\\::1,3\nc\\::9,4\nc\\::1;c\\::1,4\nc\\::1,4,5\nc\\::1,4\nc\\::1,4\n";
    let error = read_aggregates(file.as_bytes(), schema(), PLAN).unwrap_err();
    let AggregateFileError::Lines(faults) = error else { panic!("{error}") };
    assert_eq!(
        faults,
        [
            AggregateFileFault::Count { line: 2, k: 3, precision: 2 },
            AggregateFileFault::Selections { line: 3, length: 2 },
            AggregateFileFault::Selections { line: 4, length: 2 },
            AggregateFileFault::Cells { line: 5, found: 3 },
            AggregateFileFault::Twice { line: 7 },
            AggregateFileFault::NoRows,
        ]
    );
}
