//! HTCDS 2.0 in and out.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use records::record::RecordKind;
use records::standards::htcds::{self, Field, Holds, fields};

use super::{as_csv, cell, changed, defaults, problems, taken_in, there_and_back, unsaid};
use crate::made::record;

/// A table with each picklist value once, in the standard's own columns.
fn each_value_once() -> String {
    let header: Vec<String> = ["reference"]
        .into_iter()
        .chain(fields().iter().map(|f| f.name))
        .map(str::to_owned)
        .collect();
    let longest = fields().iter().map(|field| field.values.len()).max().unwrap();
    let rows: Vec<Vec<String>> = (0..longest)
        .map(|row| {
            let cells = fields().iter().map(|field| sample(field, row));
            std::iter::once(format!("R-{row:02}")).chain(cells).collect()
        })
        .collect();
    as_csv(&header, &rows)
}

fn sample(field: &Field, row: usize) -> String {
    match field.holds {
        Holds::Picklist | Holds::Multiselect if !field.values.is_empty() => {
            field.values.get(row).map_or("", |value| value.value).to_owned()
        }
        Holds::Date if field.name == "prs_Birthdate" => format!("{}-05-17", 1990 + row),
        Holds::Date => format!("2026-0{}-1{}", row % 9 + 1, row % 10),
        Holds::Number if field.name == "vic_AgeWhenTrafficked" => (10 + row).to_string(),
        Holds::Number | Holds::Geolocation => format!("{row}.25"),
        Holds::Checkbox => ["true", "false", "yes", "No", "1", "0", ""][row % 7].to_owned(),
        _ if row % 5 == 4 => String::new(),
        _ => format!("{} \"{row}\", ñandú", field.label),
    }
}

#[test]
fn each_picklist_value_once_goes_in_and_out_byte_for_byte() {
    let csv = each_value_once();
    for value in fields().iter().flat_map(|field| &field.values) {
        assert!(csv.contains(value.value), "{value:?}");
    }
    let read = taken_in(htcds::read, &csv).unwrap_or_else(|problems| panic!("{problems:?}"));
    // Nobody who was found to be no victim is among the records.
    assert_eq!((read.records.len(), read.not_victims.len()), (20, 1));
    let mut all = [read.records, read.not_victims].concat();
    all.sort_by(|a, b| a.own_reference().cmp(b.own_reference()));
    let written = htcds::write(&all, &defaults());
    assert_eq!(as_csv(&written.header, &written.rows), csv);
}

const CASE: &str = "\
Reference,First Name,Second Name,Birthdate,Gender,citizenship,VIC_TRAFFICKINGSTATUS,vic_MethodsOfControl,vic_TypeOfExploitation,vic_ForcedLabourIndustry,Incoming Referral Date,vic_RelationshipToTrafficker,Marital Status
A-7,Marisol,Quispe,2011-03-02,feminine,PE,Possible victim of trafficking,DebtBondage; takes earnings;ExcessiveWorkingHours,Servitude,T_ActivitiesOfHouseholdsAsEmployers,2026-08-03,Unacquainted,Single
";

#[test]
fn a_row_fills_our_fields_and_what_they_cannot_say_is_named() {
    let read = taken_in(htcds::read, CASE).unwrap_or_else(|problems| panic!("{problems:?}"));
    insta::assert_snapshot!(format!("{:?}", read.records[0].cells()), @"[Personal([withheld]), Personal([withheld]), Personal([withheld]), Empty, Personal([withheld]), Empty, Empty, Personal([withheld]), Code(female), Code(victim_identified), Date(2026-08-03), Code(potential), Code(labor), Code(minor), Empty, Empty, Codes([private_homes]), Codes([debt, wages_withheld]), Empty, Empty, Empty]");
    insta::assert_snapshot!(unsaid(&read.unsaid), @r"
    prs_MaritalStatus Single: no field of ours says it; it is kept with the record
    vic_MethodsOfControl ExcessiveWorkingHours: no code of ours means just that; it is kept with the record
    vic_RelationshipToTrafficker Unaquainted: no field of ours says it; it is kept with the record
    ");
    let written = htcds::write(&read.records, &defaults());
    for (column, as_it_was) in [
        ("prs_Gender", "feminine"),
        ("vic_MethodsOfControl", "DebtBondage; takes earnings;ExcessiveWorkingHours"),
        ("vic_TypeOfExploitation", "Servitude"),
        ("vic_RelationshipToTrafficker", "Unacquainted"),
        ("vic_TraffickingStatus", "Possible victim of trafficking"),
    ] {
        assert_eq!(cell(&written, 0, column), as_it_was);
    }
    insta::assert_snapshot!(unsaid(&written.unsaid), @"");
    assert!(!format!("{read:?} {written:?}").contains("Marisol"));
}

#[test]
fn what_an_agency_changes_is_written_and_the_rest_stays_as_it_came() {
    let read = taken_in(htcds::read, CASE).unwrap();
    let record = changed(
        &read.records[0],
        &[
            ("means", "debt; documents_taken; isolation"),
            ("trafficking_type", "both"),
            ("given_name", "María"),
            ("country", ""),
            ("date", "2026-08-04"),
            ("status", "confirmed"),
            ("sector", "sweatshops; restaurants"),
        ],
    );
    let written = htcds::write(&[record], &defaults());
    for (column, expected) in [
        ("prs_FirstName", "María"),
        ("prs_SecondName", "Quispe"),
        ("prs_Citizenship", ""),
        ("cas_IncomingReferralDate", "2026-08-04"),
        ("vic_TraffickingStatus", "ActualVictimOfTrafficking"),
        ("vic_MethodsOfControl", "DebtBondage;ExcessiveWorkingHours;WithholdsDocuments"),
        ("vic_TypeOfExploitation", "Servitude;SexualExploitation"),
        ("vic_ForcedLabourIndustry", "I_AccommodationAndFoodServiceActivities"),
        ("prs_Gender", "feminine"),
    ] {
        assert_eq!(cell(&written, 0, column), expected, "{column}");
    }
    insta::assert_snapshot!(unsaid(&written.unsaid), @r"
    means isolation: the standard has no word for it
    sector restaurants: the standard's word covers more
    sector sweatshops: the standard's column holds one value
    ");
}

#[test]
fn a_value_of_ours_takes_the_place_of_one_that_no_code_means_and_says_so() {
    let read =
        taken_in(htcds::read, "id,vic_TraffickingStatus\n1,NotAVictimOfTrafficking\n").unwrap();
    let record = changed(&read.not_victims[0], &[("status", "confirmed")]);
    let written = htcds::write(&[record], &defaults());
    assert_eq!(cell(&written, 0, "vic_TraffickingStatus"), "ActualVictimOfTrafficking");
    insta::assert_snapshot!(unsaid(&written.unsaid), @"vic_TraffickingStatus NotAVictimOfTrafficking: it gave way to a value of ours: the column holds one");
}

#[test]
fn every_problem_is_listed_and_no_value_is_shown() {
    let csv = "case_id,City,Longitude,Birthdate,birthdate,Marisol Qwzxlopez\n1,a,b,c,d,e\n";
    insta::assert_snapshot!(problems(htcds::read, csv), @r#"
    cases.csv, row 1, column "Longitude": found "[withheld]", expected one of org_ShippingLongitude, prs_MailingLongitude, hte_Longitude; several columns have this label: write the full name
    cases.csv, row 1, column "birthdate": found "[withheld]", expected each column once; delete one of the two
    cases.csv, row 1, column "number 6": found "[withheld]", expected a column of the standard, or reference; rename the column, or delete it: it is not taken in
    "#);
    let csv = "case_id,prs_Gender,prs_Birthdate,prs_Deceased,prs_NumberOfChildren,vic_AgeWhenTrafficked,hte_Latitude,vic_MethodsOfControl,prs_MailingLongitude\n\
               Ana Quispe,Ana Quispe,Ana Quispe,Ana Quispe,Ana Quispe,131,90.5,DebtBondage;Ana Quispe,-181\n\
               ,,2027-01-01,,-1,,,;,\n\
               3,,2026-12-31,,,,,,\n\
               4,too,few\n";
    let found = problems(htcds::read, csv);
    insta::assert_snapshot!(found, @r#"
    cases.csv, row 2, column "prs_Gender": found "[withheld]", expected one of Feminine, Masculine, TransgenderFeminine, TransgenderMasculine, NonConforming, NonSpecifiedUnknown; use the standard's values
    cases.csv, row 2, column "prs_Birthdate": found "[withheld]", expected a day such as 2026-07-01; write year, month, day
    cases.csv, row 2, column "prs_Deceased": found "[withheld]", expected true or false; write one of the two, or leave it empty
    cases.csv, row 2, column "prs_NumberOfChildren": found "[withheld]", expected a number from 0 up; write digits, with a point before decimals
    cases.csv, row 2, column "vic_AgeWhenTrafficked": found "[withheld]", expected an age in years from 0 to 130; write digits, with a point before decimals
    cases.csv, row 2, column "hte_Latitude": found "[withheld]", expected decimal degrees, such as -119.77; write latitude or longitude with a point before decimals
    cases.csv, row 2, column "vic_MethodsOfControl": found "[withheld]", expected values, separated by `;`, of PhysicalThreats, ThreatsLawEnforcement, ThreatensChildrenFamily, DebtBondage, FalsePromises, PhysicalAbuse, SexualAbuse, TakesEarnings, RestrictsFinancialAccess, RestrictsMedicalCare, WithholdsNecessities, PsychologicalAbuse, PsychoactiveSubstance, ExcessiveWorkingHours, WithholdsDocuments, Other; use the standard's values
    cases.csv, row 2, column "prs_MailingLongitude": found "[withheld]", expected decimal degrees; write digits, with a point before decimals
    cases.csv, row 3, column "prs_NumberOfChildren": found "[withheld]", expected a number from 0 up; write digits, with a point before decimals
    cases.csv, row 3, column "vic_MethodsOfControl": found "[withheld]", expected values, separated by `;`, of PhysicalThreats, ThreatsLawEnforcement, ThreatensChildrenFamily, DebtBondage, FalsePromises, PhysicalAbuse, SexualAbuse, TakesEarnings, RestrictsFinancialAccess, RestrictsMedicalCare, WithholdsNecessities, PsychologicalAbuse, PsychoactiveSubstance, ExcessiveWorkingHours, WithholdsDocuments, Other; use the standard's values
    cases.csv, row 3, column "reference": found "[withheld]", expected a value: The number by which the agency knows this person: the same person has the same number in every period, another person another one.; fill it in
    cases.csv, row 4, column "prs_Birthdate": found "[withheld]", expected a day before the date of the record; check both days
    cases.csv, row 5: found "3 cells", expected 9 cells, as in the header; a comma too many or too few; put quotes around text with commas
    "#);
    assert!(!found.contains("Ana"));
    insta::assert_snapshot!(problems(htcds::read, "prs_FirstName\nAna\n"), @r#"cases.csv, row 1, column "reference": found "[withheld]", expected the number by which the agency knows the person; add a column `reference` (or `id`, or `case_id`)"#);
}

#[test]
fn without_a_day_a_row_is_refused() {
    let (header, rows) = super::parsed("id,prs_FirstName\n1,Ana\n");
    let table =
        records::returns::Table { file: "c.csv", header_row: 1, header: &header, rows: &rows };
    let none = records::standards::Defaults { date: None, ..defaults() };
    let problems = htcds::read(table, &none).unwrap_err();
    insta::assert_snapshot!(problems[0], @r#"c.csv, row 2, column "cas_IncomingReferralDate": found "[withheld]", expected a day such as 2026-07-01; fill it in, or state one day for all the rows that have none"#);
}

#[test]
fn ages_come_from_the_years_or_the_birth_date() {
    for (born, years, expected) in [
        ("", "", "unknown"),
        ("", "17.9", "minor"),
        ("", "18", "adult"),
        ("2008-07-16", "", "minor"),
        ("2008-07-15", "", "adult"),
        ("1990-01-01", "12", "minor"),
    ] {
        let csv = format!("id,prs_Birthdate,vic_AgeWhenTrafficked\n1,{born},{years}\n");
        let read = taken_in(htcds::read, &csv).unwrap();
        let age = read.records[0].code("age").map(|code| code.as_str());
        assert_eq!(age, Some(expected), "{born} {years}");
    }
}

#[test]
fn types_of_exploitation_are_sex_labor_both_or_not_yet_classified() {
    for (values, expected) in [
        ("", "not_yet_classified"),
        ("ForcedLabour", "labor"),
        ("Servitude", "labor"),
        ("SexualExploitation", "sex"),
        ("Servitude;SexualExploitation", "both"),
        ("OrganRemoval", "not_yet_classified"),
        ("OrganRemoval;SexualExploitation", "sex"),
        ("ForcedBegging;ChildLabour", "not_yet_classified"),
    ] {
        let csv = format!("id,vic_TypeOfExploitation\n1,{values}\n");
        let read = taken_in(htcds::read, &csv).unwrap();
        let found = read.records[0].code("trafficking_type").map(|code| code.as_str());
        assert_eq!(found, Some(expected), "{values}");
        let neither = values
            .split(';')
            .filter(|v| !["", "ForcedLabour", "Servitude", "SexualExploitation"].contains(v));
        assert_eq!(read.unsaid.len(), neither.count(), "{values}");
    }
}

/// Any cell that the standard allows in a field, written in any way that is read.
fn any_cell(field: &'static Field) -> BoxedStrategy<String> {
    let text = "[A-Za-zñ0-9\",;' ]{1,12}";
    let filled: BoxedStrategy<String> = match field.holds {
        Holds::Text => text.boxed(),
        Holds::Picklist | Holds::Multiselect if field.values.is_empty() => text.boxed(),
        Holds::Picklist => value(field).boxed(),
        Holds::Multiselect => {
            let separator = select(vec![";", "; ", " ;", ";;"]);
            (prop::collection::vec(value(field), 1..4), separator)
                .prop_map(|(values, separator)| values.join(separator))
                .boxed()
        }
        Holds::Date if field.name == "prs_Birthdate" => {
            "(19[5-9]|200)[0-9]-0[1-9]-[12][0-8]".boxed()
        }
        Holds::Date => "20(19|2[0-6])-0[1-9]-[12][0-8]".boxed(),
        Holds::Checkbox => {
            select(vec!["true", "FALSE", "Yes", "no", "1", "0"]).prop_map(str::to_owned).boxed()
        }
        Holds::Number if field.name == "vic_AgeWhenTrafficked" => "[0-9]{1,2}(\\.[0-9])?".boxed(),
        Holds::Number | Holds::Geolocation => "[0-8][0-9]?(\\.[0-9]{1,4})?".boxed(),
    };
    prop_oneof![2 => Just(String::new()), 1 => filled].boxed()
}

fn value(field: &'static Field) -> impl Strategy<Value = String> {
    (any::<Index>(), 0..3u8).prop_map(move |(pick, how)| {
        let value = pick.get(&field.values);
        match how {
            0 => value.value.to_owned(),
            1 => value.label.to_owned(),
            _ => value.value.to_lowercase(),
        }
    })
}

proptest! {
    /// A row that the standard allows comes out as it went in, whatever is in it, also when it has
    /// been in the agency's own store in between.
    #[test]
    fn any_row_comes_out_as_it_went_in(
        cells in fields().iter().map(any_cell).collect::<Vec<_>>(), served: bool,
    ) {
        let mut defaults = defaults();
        if served {
            let kind = records::register::Kind::CountedUnit;
            defaults.counted_as = records::record::Code::get(kind, "victim_served").unwrap();
        }
        let names = fields().iter().map(|field| field.name.to_owned());
        let header: Vec<String> = std::iter::once("reference".to_owned()).chain(names).collect();
        let row: Vec<String> = std::iter::once("R-1".to_owned()).chain(cells).collect();
        let rows = [(2, row)];
        let table =
            records::returns::Table { file: "r.csv", header_row: 1, header: &header, rows: &rows };
        let read = htcds::read(table, &defaults);
        let read = read.map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
        let record = read.records.first().or(read.not_victims.first()).unwrap();
        let kept = records::record::AgencyRecord::from_own_store(record.kind(), &record.to_own_store());
        let written = htcds::write(&[kept.unwrap()], &defaults);
        prop_assert_eq!(&written.header, &header);
        prop_assert_eq!(&written.rows[0], &rows[0].1);
    }

    /// What any record loses on the way is named, code by code, and no text with it.
    #[test]
    fn what_a_record_loses_is_named(record in record(RecordKind::Victim)) {
        let said = [
            "given_name", "surname", "other_names", "birth_date", "phone", "postcode", "country",
            "gender", "date", "trafficking_type",
        ];
        there_and_back(&record, htcds::read, htcds::write, &said);
    }

    /// No text makes the reading panic, and none stands in a problem.
    #[test]
    fn no_text_is_shown(text in "[A-Z][a-z]{9,12} [A-Z][a-z]{9,12}", places in prop::collection::vec(0..93usize, 1..9)) {
        let names: Vec<String> = places.iter().map(|at| fields()[*at].name.to_owned()).collect();
        let row = [(2, vec![text.clone(); names.len()])];
        let table =
            records::returns::Table { file: "r.csv", header_row: 1, header: &names, rows: &row };
        let shown = match htcds::read(table, &defaults()) {
            Ok(read) => format!("{read:?}"),
            Err(problems) => format!("{problems:?}"),
        };
        prop_assert!(!shown.contains(&text));
    }
}
