//! The CTDC dataset in and out.

use proptest::prelude::*;
use proptest::sample::select;
use records::record::RecordKind;
use records::standards::ctdc::{self, columns};

use super::{cell, changed, defaults, problems, taken_in, there_and_back, unsaid};
use crate::made::record;

const CASE: &str = "\
id,yearOfRegistration,Datasource,gender,ageBroad,majorityStatus,majorityStatusAtExploit,citizenship,meansOfControlDebtBondage,meansOfControlThreats,meansOfControlRestrictsMovement,meansOfControlTakesEarnings,meansOfControlConcatenated,isForcedLabour,isSexualExploit,isSexAndLabour,typeOfExploitConcatenated,typeOfLabourConstruction,typeOfLabourHospitality,typeOfLabourConcatenated,CountryOfExploition,recruiterRelationUknown,RecruiterRelationship
7,2016,Case Management,Female,18--20,Adult,Minor,PE,1,1,1,0,Debt bondage;Threats;Restricts Movement,1,1,1,Forced labour;Sexual exploitation;Combined sexual and labour exploitation,1,1,Construction;Hospitality,US,1,Unknown
8,,-99,-99,NULL,-99,,00,-99,0,,,-99,,0,,,,,,,-99,
";

#[test]
fn a_row_fills_our_fields_and_what_they_cannot_say_is_named() {
    let read = taken_in(ctdc::read, CASE).unwrap_or_else(|problems| panic!("{problems:?}"));
    insta::assert_snapshot!(format!("{:?}", read.records[0].cells()), @"[Personal([withheld]), Empty, Empty, Empty, Empty, Empty, Empty, Personal([withheld]), Code(female), Code(victim_identified), Date(2026-07-15), Empty, Code(both), Code(minor), Empty, Empty, Codes([construction_sites]), Codes([debt]), Empty, Empty, Empty]");
    insta::assert_snapshot!(format!("{:?}", read.records[1].cells()), @"[Personal([withheld]), Empty, Empty, Empty, Empty, Empty, Empty, Personal([withheld]), Empty, Code(victim_identified), Date(2026-07-15), Empty, Code(not_yet_classified), Code(unknown), Empty, Empty, Empty, Empty, Empty, Empty, Empty]");
    insta::assert_snapshot!(unsaid(&read.unsaid), @r"
    CountryOfExploitation [withheld]: no field of ours says it; it is kept with the record
    Datasource [withheld]: no field of ours says it; it is kept with the record
    ageBroad 18--20: no field of ours says it; it is kept with the record
    majorityStatus Adult: no field of ours says it; it is kept with the record
    meansOfControlRestrictsMovement 1: no code of ours means just that; it is kept with the record
    meansOfControlThreats 1: no code of ours means just that; it is kept with the record
    recruiterRelationUnknown 1: no field of ours says it; it is kept with the record
    typeOfLabourHospitality 1: no code of ours means just that; it is kept with the record
    yearOfRegistration [withheld]: no field of ours says it; it is kept with the record
    ");
    let written = ctdc::write(&read.records, &defaults());
    let (header, rows) = super::parsed(CASE);
    for (row, (_, cells)) in rows.iter().enumerate() {
        for (column, text) in header.iter().zip(cells).skip(1) {
            let column = match column.as_str() {
                "CountryOfExploition" => "CountryOfExploitation",
                "recruiterRelationUknown" => "recruiterRelationUnknown",
                known => known,
            };
            assert_eq!(cell(&written, row, column), text, "{column}");
        }
    }
    insta::assert_snapshot!(unsaid(&written.unsaid), @"");
}

#[test]
fn what_an_agency_changes_is_written_and_the_words_follow() {
    let read = taken_in(ctdc::read, CASE).unwrap();
    let record = changed(
        &read.records[0],
        &[
            ("means", "documents_taken; threats_to_family"),
            ("trafficking_type", "labor"),
            ("age", "adult"),
            ("sector", "restaurants; private_homes"),
        ],
    );
    let written = ctdc::write(&[record], &defaults());
    for (column, expected) in [
        ("meansOfControlDebtBondage", "0"),
        ("meansOfControlThreats", "1"),
        ("meansOfControlRestrictsMovement", "0"),
        ("meansOfControlConcatenated", "Threats;Withholds documents"),
        ("isForcedLabour", "1"),
        ("isSexualExploit", "0"),
        ("isSexAndLabour", "0"),
        ("typeOfExploitConcatenated", "Forced labour"),
        ("typeOfLabourConcatenated", "Domestic work;Hospitality"),
        ("majorityStatusAtExploit", "Adult"),
        ("majorityStatus", "Adult"),
        ("gender", "Female"),
    ] {
        assert_eq!(cell(&written, 0, column), expected, "{column}");
    }
    insta::assert_snapshot!(unsaid(&written.unsaid), @r"
    means threats_to_family: the standard's word covers more
    sector restaurants: the standard's word covers more
    ");
}

#[test]
fn a_field_that_the_dataset_does_not_have_changes_no_cell_and_is_named() {
    let csv = "id,meansOfControlDebtBondage,meansOfControlConcatenated\n1,1,\n";
    let read = taken_in(ctdc::read, csv).unwrap();
    let record = changed(&read.records[0], &[("county", "fresno"), ("given_name", "Marisol")]);
    let no_day = records::standards::Defaults { date: None, ..defaults() };
    let written = ctdc::write(&[record], &no_day);
    assert_eq!(cell(&written, 0, "meansOfControlConcatenated"), "");
    insta::assert_snapshot!(unsaid(&written.unsaid), @r"
    county fresno: the standard has no such field
    date [withheld]: the standard has no such field
    given_name [withheld]: the standard has no such field
    ");
}

#[test]
fn both_is_read_from_the_one_column_that_says_it() {
    for (flags, expected) in
        [("1,,", "both"), (",1,1", "both"), (",1,0", "labor"), (",,", "not_yet_classified")]
    {
        let csv = format!("id,isSexAndLabour,isForcedLabour,isSexualExploit\n1,{flags}\n");
        let read = taken_in(ctdc::read, &csv).unwrap();
        let found = read.records[0].code("trafficking_type").map(|code| code.as_str());
        assert_eq!(found, Some(expected), "{flags}");
        let one = changed(&read.records[0], &[("trafficking_type", "sex")]);
        let written = ctdc::write(&[one], &defaults());
        assert_ne!(cell(&written, 0, "isForcedLabour"), "1");
        assert_eq!(cell(&written, 0, "isSexualExploit"), "1");
    }
}

#[test]
fn words_alone_are_read_as_the_columns_they_repeat() {
    let csv = "id,meansOfControlConcatenated,typeOfExploitConcatenated\n1,Debt bondage;Takes earnings,Sexual exploitation\n";
    let read = taken_in(ctdc::read, csv).unwrap();
    insta::assert_snapshot!(format!("{:?}", read.records[0].cell("means")), @"Codes([debt, wages_withheld])");
    let fewer = changed(&read.records[0], &[("means", "debt")]);
    let written = ctdc::write(&[fewer], &defaults());
    assert_eq!(cell(&written, 0, "meansOfControlConcatenated"), "Debt bondage");
    assert_eq!(cell(&written, 0, "meansOfControlTakesEarnings"), "0");
}

#[test]
fn every_problem_is_listed() {
    let csv = "date,gender,ageBroad,yearOfRegistration,meansOfControlThreats,meansOfControlDebtBondage,meansOfControlConcatenated,isOrganRemoval,typeOfExploitConcatenated,case_id\n\
               2026-13-01,Ana,19,16,2,1,Threats,,Organ removal,1\n\
               2026-01-01,,,,,,Kindness,1,Forced labour,2\n";
    let found = problems(ctdc::read, csv);
    insta::assert_snapshot!(found, @r#"
    cases.csv, row 2, column "gender": found "[withheld]", expected one of Female, Male, Transgender/NonConforming; use the dataset's values, or leave it empty
    cases.csv, row 2, column "ageBroad": found "[withheld]", expected one of 0--8, 9--17, 18--20, 21--23, 24--26, 27--29, 30--38, 39--47, 48+; use the dataset's values, or leave it empty
    cases.csv, row 2, column "yearOfRegistration": found "[withheld]", expected a year such as 2019; use the dataset's values, or leave it empty
    cases.csv, row 2, column "meansOfControlThreats": found "[withheld]", expected 1, 0 or nothing; use the dataset's values, or leave it empty
    cases.csv, row 2, column "meansOfControlConcatenated": found "[withheld]", expected the word "Debt bondage", or no 1 in meansOfControlDebtBondage; make the two columns say the same
    cases.csv, row 2, column "meansOfControlConcatenated": found "[withheld]", expected 1 in meansOfControlThreats, or not the word "Threats"; make the two columns say the same
    cases.csv, row 2, column "typeOfExploitConcatenated": found "[withheld]", expected 1 in isOrganRemoval, or not the word "Organ removal"; make the two columns say the same
    cases.csv, row 2, column "date": found "[withheld]", expected a day such as 2026-07-01; fill it in, or state one day for all the rows that have none
    cases.csv, row 3, column "meansOfControlConcatenated": found "[withheld]", expected words, separated by `;`, of Debt bondage, Takes earnings, Restricts financial access, Threats, Psychological abuse, Physical abuse, Sexual abuse, False promises, Psychoactive substances, Restricts movement, Restricts medical care, Excessive working hours, Uses children, Threat of law enforcement, Withholds necessities, Withholds documents, Other, Not specified; use the dataset's values, or leave it empty
    cases.csv, row 3, column "typeOfExploitConcatenated": found "[withheld]", expected the word "Organ removal", or no 1 in isOrganRemoval; make the two columns say the same
    "#);
    assert!(!found.contains("Ana") && !found.contains("Kindness"));
    insta::assert_snapshot!(problems(ctdc::read, "gender,isAbducted\n,\n"), @r#"
    cases.csv, row 1, column "number 2": found "[withheld]", expected a column of the standard, or reference; rename the column, or delete it: it is not taken in
    cases.csv, row 1, column "reference": found "[withheld]", expected the number by which the agency knows the person; add a column `reference` (or `id`, or `case_id`)
    "#);
}

/// A row in which the columns that repeat others say what those say.
fn any_row() -> impl Strategy<Value = Vec<String>> {
    let flags = prop::collection::vec(select(vec!["1", "0", "", "-99"]), columns().len());
    let texts = prop::collection::vec(any::<prop::sample::Index>(), columns().len());
    (flags, texts, any::<bool>()).prop_map(|(flags, picks, with_words)| {
        let is_one = |flag: &str| {
            let at = columns().iter().position(|column| column.name == flag).unwrap();
            flags[at] == "1"
        };
        let cells = columns().iter().zip(&flags).zip(&picks).map(|((column, flag), pick)| {
            if column.is_flag {
                (*flag).to_owned()
            } else if column.repeats() {
                let words = column.words.iter().filter(|(_, flag)| is_one(flag.unwrap()));
                let words: Vec<String> = words.map(|(word, _)| word.to_uppercase()).collect();
                if with_words { words.join(";") } else { String::new() }
            } else if column.words.is_empty() {
                pick.get(&["", "2017", "2026"]).to_string()
            } else {
                pick.get(&column.words).0.to_owned()
            }
        });
        cells.collect()
    })
}

proptest! {
    /// A row that is in order comes out as it went in.
    #[test]
    fn any_row_comes_out_as_it_went_in(cells in any_row()) {
        let names = columns().iter().map(|column| column.name.to_owned());
        let header: Vec<String> = std::iter::once("reference".to_owned()).chain(names).collect();
        let rows = [(2, std::iter::once("R-1".to_owned()).chain(cells).collect::<Vec<_>>())];
        let table =
            records::returns::Table { file: "r.csv", header_row: 1, header: &header, rows: &rows };
        let read = ctdc::read(table, &defaults());
        let read = read.map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
        let written = ctdc::write(&read.records, &defaults());
        prop_assert_eq!(&written.rows[0], &rows[0].1);
    }

    /// What any record loses on the way is named, code by code, and no text with it.
    #[test]
    fn what_a_record_loses_is_named(record in record(RecordKind::Victim)) {
        let said = ["country", "trafficking_type", "age"];
        there_and_back(&record, ctdc::read, ctdc::write, &said);
    }
}
