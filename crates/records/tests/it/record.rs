//! Records of an agency: read from its tables, kept in its store, and what is asked again.

use proptest::prelude::*;
use records::record::{AgencyRecord, Cell, Columns, Field, FollowUp, Holds, Personal, RecordKind};
use records::{CellProblem, Shown};

use crate::made::{any_kind, any_record, columns, record_of, row, texts};

/// A row of a victim with every required cell.
fn victim(cells: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![
        ("reference", "V-1"),
        ("counted_as", "victim_identified"),
        ("date", "2026-07-01"),
        ("trafficking_type", "labor"),
        ("age", "adult"),
    ];
    all.extend(cells);
    row(RecordKind::Victim, &all)
}

fn arrest(cells: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![
        ("reference", "A-1"),
        ("date", "2022-06-30"),
        ("statute", "236.1"),
        ("conduct", "human_trafficking"),
    ];
    all.extend(cells);
    row(RecordKind::Arrest, &all)
}

fn problems(kind: RecordKind, texts: &[String]) -> Vec<CellProblem> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut problems = Vec::new();
    assert_eq!(columns(kind).record(7, &texts, &mut problems), None);
    problems
}

fn lines(problems: &[CellProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_problem_of_a_row_is_listed() {
    let texts = victim(&[
        ("reference", ""),
        ("birth_date", "31/12/2009"),
        ("gender", "femal"),
        ("counted_as", "hotline_case"),
        ("date", "2026-7-1"),
        ("trafficking_type", "other"),
        ("age", "Marisol Quispe"),
        ("sector", "farming; farmin; Marisol Quispe"),
        ("means", "det"),
        ("given_name", "Mari\u{202e}sol"),
    ]);
    let found = lines(&problems(RecordKind::Victim, &texts));
    insta::assert_snapshot!(found, @r#"
    table.csv, row 7, column "reference": found "[withheld]", expected a value: The number by which the agency knows this person: the same person has the same number in every period, another person another one.; fill it in
    table.csv, row 7, column "given_name": found "[withheld]", expected text without control or invisible characters; type the cell again
    table.csv, row 7, column "birth_date": found "[withheld]", expected a day such as 2026-07-01; write year, month, day
    table.csv, row 7, column "gender": found "femal", expected a code or label of gender; did you mean female? `clearway definitions list gender` lists them
    table.csv, row 7, column "counted_as": found "hotline_case", expected victim_identified | victim_served | benefit_recipient; `clearway definitions list counted_unit` lists them
    table.csv, row 7, column "date": found "2026-7-1", expected a day such as 2026-07-01; write year, month, day
    table.csv, row 7, column "trafficking_type": found "other", expected a code or label of trafficking_type; did you mean not_yet_classified? `clearway definitions list trafficking_type` lists them
    table.csv, row 7, column "age": found "[withheld]", expected a code or label of age; `clearway definitions list age` lists them
    table.csv, row 7, column "sector": found "[withheld]", expected a code or label of sector; did you mean farming? `clearway definitions list sector` lists them
    table.csv, row 7, column "means": found "det", expected a code or label of means; did you mean debt? `clearway definitions list means` lists them
    "#);
    assert!(!found.contains("Mari") && !found.contains("2009"));
    let texts = row(
        RecordKind::TrainingSession,
        &[("hours", "7.55"), ("people", "-3"), ("seats", "12.5"), ("date", "July")],
    );
    insta::assert_snapshot!(lines(&problems(RecordKind::TrainingSession, &texts)), @r#"
    table.csv, row 7, column "reference": found "[withheld]", expected a value: The number of the session.; fill it in
    table.csv, row 7, column "date": found "[withheld]", expected a day such as 2026-07-01; write year, month, day
    table.csv, row 7, column "audience": found "", expected a value: For whom it was held.; fill it in
    table.csv, row 7, column "hours": found "7.55", expected hours with at most one decimal, such as 7.5; write the hours
    table.csv, row 7, column "people": found "-3", expected a whole number from 0 to 1,000,000,000,000; write digits only
    table.csv, row 7, column "seats": found "12.5", expected a whole number from 0 to 1,000,000,000,000; write digits only
    "#);
    let texts = row(RecordKind::Contact, &[("connected", "perhaps"), ("status", "potential")]);
    insta::assert_snapshot!(lines(&problems(RecordKind::Contact, &texts)), @r#"
    table.csv, row 7, column "reference": found "[withheld]", expected a value: The number of the call, message or report.; fill it in
    table.csv, row 7, column "date": found "", expected a value: The day of the contact.; fill it in
    table.csv, row 7, column "status": found "potential", expected high_information; `clearway definitions list status` lists them
    table.csv, row 7, column "connected": found "[withheld]", expected yes or no; write one of the two, or leave it empty
    "#);
    let mut cells = Vec::new();
    columns(RecordKind::Letter).record(3, &["1", "2"], &mut cells);
    insta::assert_snapshot!(lines(&cells), @r#"table.csv, row 3: found "2 cells", expected 7 cells, as in the header; a comma too many or too few; put quotes around text that holds commas"#);
}

#[test]
fn cells_that_cannot_both_be_so_are_refused() {
    for cells in [
        &[("status", "new")][..],
        &[("birth_date", "2026-07-02")],
        &[("counted_as", "victim_served"), ("status", "confirmed")],
    ] {
        let found = problems(RecordKind::Victim, &victim(cells));
        assert_eq!(found.len(), 1, "{found:?}");
    }
    let texts = row(
        RecordKind::Incident,
        &[
            ("reference", "1"),
            ("date", "2026-07-02"),
            ("closed", "2026-07-01"),
            ("trafficking_type", "sex"),
        ],
    );
    insta::assert_snapshot!(lines(&problems(RecordKind::Incident, &texts)), @r#"table.csv, row 7, column "closed": found "[withheld]", expected a day that is not before the day opened; check both days"#);
}

#[test]
fn every_type_of_cell_is_read() {
    let record = record_of(
        RecordKind::Victim,
        &victim(&[
            ("given_name", " María "),
            ("birth_date", "2009-12-31"),
            ("gender", "Woman"),
            ("means", "debt bondage; debt;branding | "),
            ("sector", " ; "),
        ]),
    );
    assert_eq!(record.cell("given_name"), &Cell::Personal(Personal::new("María")));
    assert_eq!(record.code("gender").map(|code| code.as_str()), Some("female"));
    let Cell::Codes(means) = record.cell("means") else { panic!("{:?}", record.cell("means")) };
    assert_eq!(means.iter().map(|code| code.as_str()).collect::<Vec<_>>(), ["branding", "debt"]);
    assert_eq!(record.cell("sector"), &Cell::Empty);
    assert_eq!(record.cell("no such field"), &Cell::Empty);
    assert_eq!(record.quarter().map(|quarter| quarter.to_string()).as_deref(), Some("2026-Q3"));
    let session = record_of(
        RecordKind::TrainingSession,
        &row(
            RecordKind::TrainingSession,
            &[
                ("reference", "1"),
                ("date", "2026-07-01"),
                ("audience", "police"),
                ("hours", "7.5"),
                ("seats", "1000000000000"),
            ],
        ),
    );
    assert_eq!(session.number("hours"), Some(75));
    assert_eq!(session.number("seats"), Some(1_000_000_000_000));
}

#[test]
fn headers_are_read_by_name_or_label_and_every_problem_is_listed() {
    let header = ["Own number", "AUDIENCE", "date", "seats", "Hours"];
    assert!(Columns::of(RecordKind::TrainingSession, "t.csv", &header).is_ok());
    assert_eq!(Columns::fit(RecordKind::TrainingSession, &header), Some(5));
    assert_eq!(Columns::fit(RecordKind::Victim, &header), None);
    let wrong = ["reference", "Date", "date", "Marisol Qwzxlopez", "hour"];
    let found = Columns::of(RecordKind::TrainingSession, "t.csv", &wrong).unwrap_err();
    insta::assert_snapshot!(lines(&found), @r#"
    t.csv, row 1, column "date": found "[withheld]", expected each column once; delete one of the two
    t.csv, row 1, column "number 4": found "[withheld]", expected a field of training_session: reference, date, audience, hours, people, seats, county, programme; rename the column, or delete it: what is no field is not taken in
    t.csv, row 1, column "number 5": found "[withheld]", expected a field of training_session: reference, date, audience, hours, people, seats, county, programme; did you mean "hours"? otherwise rename the column, or delete it: what is no field is not taken in
    t.csv, row 1, column "audience": found "[withheld]", expected the column "audience": For whom it was held.; add the column
    t.csv, row 1, column "seats": found "[withheld]", expected the column "seats": People in the room: each once for each session.; add the column
    "#);
}

#[test]
fn a_table_without_a_header_shows_nobody() {
    let first_row = ["V-1", "Marisol", "Quispe", "", "2009-12-31"];
    let found = Columns::of(RecordKind::Victim, "v.csv", &first_row).unwrap_err();
    let found = lines(&found);
    assert!(!found.contains("Marisol") && !found.contains("2009"), "{found}");
    assert_eq!(found.lines().count(), 1);
}

#[test]
fn sections_stand_as_on_the_day_of_the_offense() {
    let day = |day: &str, offense: &str| {
        arrest(&[("statute", "653.22"), ("date", day), ("offense_date", offense)])
    };
    for texts in [day("2022-12-31", ""), day("2023-05-01", "2022-11-01")] {
        let record = record_of(RecordKind::Arrest, &texts);
        assert_eq!(FollowUp::of(&record), [FollowUp::MayBeVictim]);
    }
    for texts in [day("2023-01-01", ""), day("2022-12-31", "2023-01-01")] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(lines(&problems(RecordKind::Arrest, &texts)), @r#"table.csv, row 7, column "statute": found "653.22", expected a section in force on the day of the offense; section 653.22 was in force until 2022-12-31, before 2023-01-01; it is historical and has no successor"#);
        }
    }
}

#[test]
fn somebody_asks_again() {
    let of_victim =
        |cells: &[(&str, &str)]| FollowUp::of(&record_of(RecordKind::Victim, &victim(cells)));
    assert_eq!(of_victim(&[]), []);
    assert_eq!(
        of_victim(&[("trafficking_type", "not_yet_classified")]),
        [FollowUp::NotYetClassified]
    );
    // Her eighteenth birthday is the day of the record.
    assert_eq!(of_victim(&[("birth_date", "2008-07-01")]), []);
    assert_eq!(of_victim(&[("birth_date", "2008-07-02")]), [FollowUp::MinorByBirthDate]);
    assert_eq!(of_victim(&[("birth_date", "2008-07-02"), ("age", "minor")]), []);
    let of_arrest =
        |cells: &[(&str, &str)]| FollowUp::of(&record_of(RecordKind::Arrest, &arrest(cells)));
    assert_eq!(of_arrest(&[]), []);
    assert_eq!(of_arrest(&[("statute", "647(b)")]), [FollowUp::MayBeVictim]);
    assert_eq!(of_arrest(&[("statute", "266h")]), []);
    assert_eq!(
        of_arrest(&[("statute", "653.22(A)"), ("conduct", "not_yet_determined")]),
        [FollowUp::MayBeVictim, FollowUp::ConductNotDetermined]
    );
}

#[test]
fn a_person_in_two_quarters_is_two_records_with_one_number() {
    let key = |cells: &[(&str, &str)]| record_of(RecordKind::Victim, &victim(cells)).key();
    assert_eq!(key(&[]), key(&[("date", "2026-09-30")]));
    assert_ne!(key(&[]), key(&[("date", "2026-10-01")]));
    assert_ne!(key(&[]), key(&[("counted_as", "victim_served")]));
    let person = |record: AgencyRecord| record.person().cloned();
    let victim = person(record_of(RecordKind::Victim, &victim(&[])));
    let service = row(
        RecordKind::Service,
        &[("reference", "S-1"), ("victim", "V-1"), ("date", "2026-07-01"), ("service", "shelter")],
    );
    assert_eq!(person(record_of(RecordKind::Service, &service)), victim);
    assert_eq!(person(record_of(RecordKind::Arrest, &arrest(&[]))), None);
}

proptest! {
    /// What is written into the agency's own store or table reads back as the same record.
    #[test]
    fn a_record_comes_back_from_its_own_store(record in any_record()) {
        let line = record.to_own_store();
        prop_assert!(!line.contains('\n'));
        let back = AgencyRecord::from_own_store(record.kind(), &line);
        prop_assert_eq!(back.as_ref(), Some(&record));
        let again = record_of(record.kind(), &record.in_own_table());
        prop_assert_eq!(&again, &record);
    }

    /// No text makes the store's reading panic.
    #[test]
    fn any_line_is_a_record_or_not(kind in any_kind(), line in ".{0,40}") {
        AgencyRecord::from_own_store(kind, &line);
    }

    /// A name is shown nowhere, in whatever column it stands.
    #[test]
    fn a_name_is_never_part_of_a_problem(
        name in "[A-Z][a-z]{9,12} [A-Z][a-z]{9,12}", kind in any_kind(), as_list: bool,
    ) {
        let text = if as_list { format!("{name}; {name}") } else { name.clone() };
        let found = problems(kind, &vec![text; Field::of(kind).len()]);
        let wrong = Field::of(kind).iter().filter(|field| !matches!(
            field.holds,
            Holds::OwnReference | Holds::Reference(_) | Holds::Name | Holds::Text
        ));
        prop_assert_eq!(found.len(), wrong.count());
        prop_assert!(found.iter().all(|problem| problem.value == Shown::Withheld));
        prop_assert!(!lines(&found).contains(&name));
    }

    /// A phone, an own number or a name is shown nowhere, in whatever column a slipped row puts it.
    #[test]
    fn what_slipped_is_never_part_of_a_problem(
        number in "([A-Z][a-z]{9,12} [A-Z][a-z]{9,12}|[0-9]{7,14}|[0-9]{3}-[0-9]{3}-[0-9]{4}|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{2}[-/ ][0-9]{5,6})",
        kind in any_kind(),
    ) {
        for field in Field::of(kind) {
            let mut texts = row(kind, &[("date", "2010-07-01"), ("reference", "1")]);
            let (at, _) = Field::find(kind, field.name).unwrap();
            texts[at].clone_from(&number);
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let mut found = Vec::new();
            columns(kind).record(7, &texts, &mut found);
            prop_assert!(!lines(&found).contains(&number), "{}", field.name);
        }
    }

    /// One wrong cell is one problem, in its row and column, and hides no other.
    #[test]
    fn each_wrong_cell_is_one_problem(
        (kind, texts) in any_kind().prop_flat_map(|kind| (Just(kind), texts(kind))),
        wrong in prop::collection::btree_set(0..21usize, 1..5),
    ) {
        let mut texts = texts;
        let wrong: Vec<usize> = wrong.into_iter().filter(|at| *at < texts.len()).collect();
        for at in &wrong {
            texts[*at] = "\u{200b}".to_owned();
        }
        prop_assume!(!wrong.is_empty());
        let found = problems(kind, &texts);
        let expected: Vec<&str> = wrong.iter().map(|at| Field::of(kind)[*at].name).collect();
        let columns: Vec<&str> = found.iter().map(|problem| problem.column.as_str()).collect();
        // A statute is read by the day of the offense, so a bad day may trouble it too.
        prop_assert!(expected.iter().all(|name| columns.contains(name)), "{columns:?}");
        prop_assert!(found.iter().all(|problem| problem.row == 7));
    }

    /// A record's own debug text shows no text of its own.
    #[test]
    fn debug_shows_no_person(record in any_record()) {
        let shown = format!("{record:?}");
        for field in Field::of(record.kind()).iter().filter(|field| field.is_personal()) {
            if let Some(text) = record.personal(field.name) {
                prop_assert!(!shown.contains(text.in_own_store()), "{}", field.name);
            }
        }
    }
}
