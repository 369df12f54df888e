use proptest::prelude::*;

use super::*;

fn dimensions() -> Vec<PublishedDimension> {
    let dimension = |name: &str, categories: &[&str], parents: &[Option<usize>]| {
        let categories = categories.iter().map(|&word| word.to_owned()).collect();
        PublishedDimension { name: name.to_owned(), categories, parents: parents.to_vec() }
    };
    vec![
        dimension("county", &["", "Yolo", "North, all"], &[None, Some(2), None]),
        dimension("sex", &["f", "m"], &[]),
    ]
}

fn values() -> impl Strategy<Value = PublishedValue> {
    prop_oneof![
        any::<u64>().prop_map(PublishedValue::Exact),
        (0..u64::MAX / 2, 0..100_u64)
            .prop_map(|(value, within)| PublishedValue::Rounded { value, within }),
        [0_u64..9, 9..99, 99..999].prop_map(|[low, value, high]| PublishedValue::Noised {
            value,
            low,
            high
        }),
        Just(PublishedValue::Hidden(WhyHidden::Suppressed)),
        Just(PublishedValue::Hidden(WhyHidden::NotReported)),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(values in proptest::collection::vec(values(), 12)) {
        let places = (0..12).map(|n: usize| vec![(n / 3).checked_sub(1), (n % 3).checked_sub(1)]);
        let cells = places.zip(values).map(|(at, value)| PublishedCell { at, value }).collect();
        let (name, counted) = ("t".to_owned(), "people".to_owned());
        let table = PublishedTable { name, counted, amount: None, dimensions: dimensions(), cells };
        let mut bytes = Vec::new();
        write_table(&table, &mut bytes).unwrap();
        let read = read_table(bytes.as_slice(), "t".into(), "people".into(), dimensions());
        prop_assert_eq!(read.unwrap(), table);
    }
}

#[test]
fn every_fault_is_said_with_its_line() {
    let file = "county,sex,count,low,high,status\nYolo,f,3,,,exact\nYolo,f,4,,,exact\nKern,x,4,,,noised\nYolo,m\nYolo,m,4,6,5,noised\n";
    let error = read_table(file.as_bytes(), "t".into(), "people".into(), dimensions());
    let Err(TableFileError::Lines(faults)) = error else { panic!("{error:?}") };
    assert_eq!(
        faults,
        [
            TableFileFault::Twice { line: 3 },
            TableFileFault::Category { line: 4, column: "county".into() },
            TableFileFault::Category { line: 4, column: "sex".into() },
            TableFileFault::Value { line: 4 },
            TableFileFault::Cells { line: 5, found: 2, expected: 6 },
            TableFileFault::Value { line: 6 },
        ]
    );
}

#[test]
fn a_category_named_as_the_total_is_refused() {
    let mut dimensions = dimensions();
    dimensions[1].categories.push(TOTAL.to_owned());
    let file = "county,sex,count,low,high,status\n";
    let error = read_table(file.as_bytes(), "t".into(), "people".into(), dimensions);
    assert!(matches!(error, Err(TableFileError::Name(name)) if name == "sex"));
}
