//! The real returns of 2012, and made-up returns that are wrong.

use std::path::Path;

use records::register::Register;
use records::returns::{
    Checked, Mapping, Recognised, Table, check, propose, recognise, shipped_mappings,
};
use records::{CellProblem, Figure};

fn table(text: &str) -> (Vec<String>, Vec<(u64, Vec<String>)>) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    let header = rows.next().unwrap();
    (header, rows.enumerate().map(|(at, row)| (at as u64 + 2, row)).collect())
}

fn shipped(id: &str) -> &'static Mapping {
    shipped_mappings().unwrap().iter().find(|mapping| mapping.id == id).unwrap()
}

fn read(text: &str, mapping: &Mapping) -> Result<Checked, Vec<CellProblem>> {
    let (header, rows) = table(text);
    let table = Table { file: "test.csv", header_row: 1, header: &header, rows: &rows };
    check(table, mapping, Register::embedded())
}

fn real(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../definitions/california-2012");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

#[test]
fn every_shipped_mapping_fits_the_register() {
    assert_eq!(shipped_mappings().unwrap().len(), 14);
    for mapping in shipped_mappings().unwrap() {
        let again = Mapping::read("again.toml", &mapping.to_toml(), Register::embedded());
        assert_eq!(again.as_ref(), Ok(mapping), "{}", mapping.to_toml());
    }
}

#[test]
fn every_real_return_is_recognised_by_its_header() {
    for (file, mapping) in [
        ("table1_236_1_arrests_convictions.csv", "doj-236-1"),
        ("table2_other_statute_convictions.csv", "doj-other-statutes"),
        ("table3_tcvap_victims_served.csv", "tcvap"),
        ("table4_certification_letters.csv", "orr-letters"),
        ("task_force_totals.csv", "task-force-totals"),
        ("quarterly_endpoints.csv", "quarterly-endpoints"),
        ("chart_shares.csv", "chart-shares"),
        ("conviction_counties_236_1.csv", "doj-counties"),
        ("heat_unit_convictions.csv", "heat-unit"),
        ("training.csv", "training"),
        ("news_figures.csv", "news-figures"),
    ] {
        let (header, _) = table(&real(file));
        let found = recognise(&header, shipped_mappings().unwrap());
        assert_eq!(found, Recognised::As(shipped(mapping)), "{file}");
    }
    for file in ["hotline_2011.csv", "htrs_2008_2010.csv"] {
        let (header, _) = table(&real(file));
        let Recognised::Ambiguous(found) = recognise(&header, shipped_mappings().unwrap()) else {
            panic!("{file} is not ambiguous");
        };
        let found: Vec<&str> = found.iter().map(|mapping| mapping.id.as_str()).collect();
        assert_eq!(found, ["nhtrc-hotline", "htrs"]);
    }
}

#[test]
fn every_real_return_gives_its_figures() {
    let expected = [
        ("table1_236_1_arrests_convictions.csv", "doj-236-1", 14, 2),
        ("table2_other_statute_convictions.csv", "doj-other-statutes", 42, 6),
        ("table3_tcvap_victims_served.csv", "tcvap", 6, 2),
        ("table4_certification_letters.csv", "orr-letters", 21, 7),
        ("task_force_totals.csv", "task-force-totals", 6, 0),
        ("quarterly_endpoints.csv", "quarterly-endpoints", 6, 0),
        ("chart_shares.csv", "chart-shares", 8, 0),
        ("conviction_counties_236_1.csv", "doj-counties", 18, 0),
        ("heat_unit_convictions.csv", "heat-unit", 3, 0),
        ("training.csv", "training", 24, 0),
        ("hotline_2011.csv", "nhtrc-hotline", 5, 0),
        ("htrs_2008_2010.csv", "htrs", 13, 0),
        ("news_figures.csv", "news-figures", 21, 0),
    ];
    for (file, mapping, figures, cross_footed) in expected {
        let checked = read(&real(file), shipped(mapping)).unwrap_or_else(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{file}:\n{}", lines.join("\n"))
        });
        assert_eq!(checked.figures.len(), figures, "{file}");
        assert_eq!(checked.cross_footed.len(), cross_footed, "{file}");
    }
}

fn figure<'a>(checked: &'a Checked, id: &str) -> &'a Figure {
    checked.figures.iter().find(|figure| figure.id().0 == id).unwrap_or_else(|| {
        let ids: Vec<String> = checked.figures.iter().map(|figure| figure.id().0).collect();
        panic!("no {id} among\n{}", ids.join("\n"))
    })
}

#[test]
fn figures_have_names_that_say_what_they_are() {
    let table1 = read(&real("table1_236_1_arrests_convictions.csv"), shipped("doj-236-1")).unwrap();
    let id = "arrest_recorded:2007-01-01/2012-09-30:ca-doj:statute=236.1:total";
    assert_eq!(figure(&table1, id).answer.as_count(), Some(441));
    let id = "conviction:2012-01-01/2012-09-30:ca-doj:statute=236.1";
    assert_eq!(figure(&table1, id).answer.as_count(), Some(21));
    let counties = read(&real("conviction_counties_236_1.csv"), shipped("doj-counties")).unwrap();
    let id = "conviction:2007-01-01/2012-09-30:ca-doj:county=los-angeles:statute=236.1";
    assert_eq!(figure(&counties, id).answer.to_string(), "not stated");
    let training = read(&real("training.csv"), shipped("training")).unwrap();
    let organisations: Vec<&Figure> =
        training.figures.iter().filter(|figure| figure.measure == "organization_trained").collect();
    assert_eq!(organisations.len(), 1);
    assert_eq!(organisations[0].answer.as_count(), Some(5));
    let htrs = read(&real("htrs_2008_2010.csv"), shipped("htrs")).unwrap();
    let id =
        "htrs_incident_share:2008-01-01/2010-06-30:htrs:place=united-states:trafficking_type=sex";
    assert_eq!(figure(&htrs, id).answer.to_string(), "about 80");
}

#[test]
fn all_errors_of_a_table_come_at_once() {
    let text = "measure,reporter,period,trafficking_type,statute,value,note\n\
        victim_identified,fresno,2012-Q1,sex,,12 or so,\n\
        victim_identified,fresno,2012-Q5,sex,,3,\n\
        victim_identified,nobody,2012-Q1,sax,,3,\n\
        arrest_recorded,ca-doj,2024,,653.22,7,\n\
        victim_identified,fresno,2012-Q2,labor,,,call me at 559-555-0100\n\
        victim_identified,fresno,2012-Q3,labor,,4,\n\
        victim_identified,fresno,2012-Q3,labor,,5,\n";
    let problems = read(text, shipped("clearway-return")).unwrap_err();
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn totals_are_cross_footed() {
    let text = real("table1_236_1_arrests_convictions.csv").replace("441", "440");
    let problems = read(&text, shipped("doj-236-1")).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].row, 8);
    assert!(problems[0].expected.starts_with("441, the sum of the 6 cells"));
    let text = real("table4_certification_letters.csv").replace("27,2,29", "27,3,29");
    let problems = read(&text, shipped("orr-letters")).unwrap_err();
    assert!(problems[0].expected.starts_with("30, the sum of the 2 cells"));
}

#[test]
fn nothing_about_a_person_passes() {
    let text = "measure,reporter,period,value,victim_name\nvictim_identified,fresno,2012-Q1,1,Maria Example\n";
    let problems = read(text, shipped("clearway-return")).unwrap_err();
    assert_eq!(problems[0].value.to_string(), "[withheld]");
    assert!(!problems.iter().any(|problem| problem.to_string().contains("Maria")));
}

#[test]
fn a_column_missing_or_misspelt_is_nearly_a_return() {
    let header = |text: &str| -> Vec<String> { text.split(',').map(str::to_owned).collect() };
    for (text, near) in [
        ("year,through,arrests,convictons", "doj-236-1"),
        ("year,arrests,convictions", "doj-236-1"),
        ("measure,reporter,period,value,victim_name", "clearway-return"),
    ] {
        let found = recognise(&header(text), shipped_mappings().unwrap());
        assert_eq!(found, Recognised::Nearly(shipped(near)), "{text}");
    }
    for text in [
        "name,city,task_force,services,populations,phone,hotline,hotline_hours,url,note",
        "measure,value,unit,source_in_report",
        "chapter,number,title,content",
        "year,bill,author,summary",
        "period,grantees,clients_served,new_clients,adult_pct,minor_pct,source",
    ] {
        assert_eq!(recognise(&header(text), shipped_mappings().unwrap()), Recognised::No, "{text}");
    }
}

#[test]
fn a_proposal_names_what_it_can_tell() {
    let (header, rows) =
        table("quarter,county,victims identified,remark by hand\n2011-Q1,Fresno,12,x\n");
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, cells)| cells).collect();
    let mapping = propose("own", &header, &rows, Register::embedded());
    insta::assert_snapshot!(mapping.to_toml());
}

#[test]
fn a_status_belongs_to_its_counted_unit() {
    let text = "measure,reporter,period,status,value\n\
        victim_served,fresno,2012-Q1,new,12\n\
        individual_trained,fresno,2012-Q1,new,30\n";
    let problems = read(text, shipped("clearway-return")).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].row, problems[0].column.as_str()), (3, "status"));
}
