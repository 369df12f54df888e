use proptest::prelude::*;

use super::*;

fn faults(file: &[u8]) -> (Vec<Fault>, usize) {
    match read_people(file, None) {
        Err(PeopleError::Faults { faults, count, .. }) => (faults, count),
        other => panic!("{other:?}"),
    }
}

#[test]
fn columns_in_any_order_and_unknown_ones_named() {
    let file = "\u{feff}surname,Given_Name,shoe_size,truth_id\nGarcía,Ana,38,x\nLee,Min-ji,36,\nGARCIA,ana,,x\n";
    let read = read_people(file.as_bytes(), Some("truth_id")).unwrap();
    assert_eq!(read.ignored, ["shoe_size"]);
    assert_eq!(read.people.len(), 3);
    assert_eq!(read.people.rec_id(1), "3");
    let whole =
        |record: usize| read.people.names.names[read.people.rows[record].surname as usize].whole;
    assert_eq!(whole(0), whole(2));
    let truth = read.truth.unwrap();
    assert_eq!(truth.person_of[0], truth.person_of[2]);
    assert_ne!(truth.person_of[0], truth.person_of[1]);
    assert_eq!(truth.people, 2);
}

#[test]
fn all_faults_at_once_and_no_value() {
    let mut file =
        b"rec_id,agency,surname,birth_date\n1,a,Secret,1999-02-30\n1,a,Secret,\n2,a,".to_vec();
    file.extend_from_slice(b"Secr\xff\xfeet,1999\n3,b,Secret\n1,b,Secret,2000-01-01\n");
    let (found, count) = faults(&file);
    assert_eq!(count, 4);
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(shown[0].starts_with("row 2, column birth_date: expected a day"), "{shown:?}");
    assert!(shown[1].starts_with("row 3, column rec_id: expected ids that differ"), "{shown:?}");
    assert!(shown[2].starts_with("row 4, column surname: expected text in UTF-8"), "{shown:?}");
    assert!(shown[3].starts_with("row 5: expected 4 cells"), "{shown:?}");
    let all = read_people(&file, None).unwrap_err().to_string();
    assert!(!all.contains("Secr") && !all.contains("02-30"), "{all}");
}

#[test]
fn faults_are_counted_beyond_those_listed() {
    let file = format!("birth_date\n{}", "soon\n".repeat(1000));
    let (found, count) = faults(file.as_bytes());
    assert_eq!((found.len(), count), (FAULTS_LISTED, 1000));
    assert!(read_people(file.as_bytes(), None).unwrap_err().to_string().ends_with("and 900 more"));
}

#[test]
fn a_cell_of_ten_megabytes() {
    let file = format!("given_name,surname\nAna,\"{}\nBea,Lee\n", "x\n".repeat(5_000_000));
    let (found, _) = faults(file.as_bytes());
    let too_long =
        |fault: &Fault| matches!(fault.kind, FaultKind::TooLong { bytes, .. } if bytes > 9_999_999);
    assert!(found.iter().any(too_long), "{found:?}");
}

#[test]
fn headers_that_do_not_do() {
    for (file, truth, said) in [
        ("", None, "row 1: expected a header with any of rec_id, agency, "),
        ("Ana,García,1999\n", None, "row 1: expected a header with any of rec_id, agency, "),
        ("sex,SEX\nF,F\n", None, "row 1: the column sex is there twice"),
        (
            "sex\nF\n",
            Some("who"),
            "row 1: there is no column who, which was said to hold the truth",
        ),
    ] {
        let error = read_people(file.as_bytes(), truth).unwrap_err();
        assert!(matches!(error, PeopleError::Header(_)) && error.to_string().starts_with(said));
    }
    assert_eq!(read_people(b"sex\n", None).unwrap().people.len(), 0);
}

/// A file with other names of columns and the same people with ours are one.
#[test]
fn columns_of_other_names_are_read_by_a_schema() {
    let schema = PeopleSchema::from_toml(
        r#"
        rec_id = "id"
        agency = "unit"
        surname = "family"
        street = ["no", "road"]
        birth_date = { column = "born", format = "%Y%m%d" }
        "#,
    );
    let settings = ReadSettings { schema: schema.unwrap(), ..ReadSettings::default() };
    let theirs =
        "id, family, road, no, born, unit\n1, Lee, Elm St, 12, 19991231, b\n2, Ng, , 7, , a\n";
    let ours = "rec_id,agency,surname,street,birth_date\n1,b,Lee,12 Elm St,1999-12-31\n2,a,Ng,7,\n";
    let theirs = read_people_of(theirs.as_bytes(), &settings).unwrap().people;
    let ours = read_people(ours.as_bytes(), None).unwrap().people;
    for record in 0..2 {
        let row = |people: &PersonTable| {
            let row = people.rows[record as usize];
            (row.surname, row.house, row.street, row.birth.0, row.agency)
        };
        assert_eq!(row(&theirs), row(&ours));
        assert_eq!(theirs.rec_id(record), ours.rec_id(record));
    }
    // Faults name the columns as the file does.
    let wrong = "id,family,road,no,born,unit\n1,Lee,Elm St,12,19991232,b\n1,Lee,,,,b\n";
    assert_eq!(
        read_people_of(wrong.as_bytes(), &settings).unwrap_err().to_string(),
        "row 2, column born: expected a date as %Y%m%d, from 1850 to 2150; correct or empty it\n\
         row 3, column id: expected ids that differ within an agency, but row 2 has the same one; \
         correct the id or remove one row"
    );
}

#[test]
fn dates_that_are_none_can_be_taken_as_not_given() {
    let row =
        |row: usize| if row.is_multiple_of(400) { "Lee,1945-09-32\n" } else { "Lee,1945-09-30\n" };
    let file: String =
        std::iter::once("surname,birth_date\n").chain((2..100_002).map(row)).collect();
    assert!(cut(file.as_bytes()).len() > 3);
    let Err(PeopleError::Faults { count, dates, .. }) = read_people(file.as_bytes(), None) else {
        panic!("dates that are none are faults");
    };
    assert_eq!((count, dates), (250, 250));
    let settings = ReadSettings { bad_dates_as_missing: true, ..ReadSettings::default() };
    let read = read_people_of(file.as_bytes(), &settings).unwrap();
    assert_eq!(read.dates_left_out.count, 250);
    let rows: Vec<usize> = (1..=FAULTS_LISTED).map(|number| number * 400).collect();
    assert_eq!(read.dates_left_out.rows, rows);
    assert_eq!((read.people.rows[398].birth.0, read.people.rows[399].birth.day()), (0, 30));
    // Another fault is one still.
    let file = "surname,birth_date\nLee,1945-09-32\nLee\n";
    let error = read_people_of(file.as_bytes(), &settings).unwrap_err();
    assert!(matches!(error, PeopleError::Faults { count: 1, dates: 0, .. }), "{error}");
}

#[test]
fn a_file_in_pieces_is_one_file() {
    // Cells with line ends and quotation marks; long enough for several pieces.
    let row = |number: usize| {
        format!("{number},\"Line\nend \"\"{}\"\" and, comma\",Name{}\n", number % 7, number % 1000)
    };
    let file: String =
        std::iter::once("rec_id,street,surname\n".to_owned()).chain((0..40_000).map(row)).collect();
    assert!(cut(file.as_bytes()).len() > 3);
    let people = read_people(file.as_bytes(), None).unwrap().people;
    assert_eq!(people.len(), 40_000);
    assert_eq!(people.rec_id(39_999), "39999");
    let name = |record: usize| people.rows[record].surname;
    assert_eq!(name(7), name(39_007));
    assert_ne!(name(7), name(39_008));
    // A fault in the last piece has its row.
    let (found, _) = faults(format!("{file}7,x,y\n").as_bytes());
    assert_eq!((found[0].row, &found[0].kind), (40_002, &FaultKind::SameId { first: 9 }));
}

proptest! {
    #[test]
    fn nothing_panics(file in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_people(&file, None);
        let with_header = [b"rec_id,birth_date,street,alias\n".as_slice(), &file].concat();
        let _ = read_people(&with_header, Some("alias"));
    }
}
