//! Tables 1 to 4: their columns in the order of the source, their totals set apart.

use report::Site;

use crate::pages::between;
use crate::sample;
use crate::words::text;

fn table(number: u8) -> String {
    let index = Site::of(&sample::report()).unwrap().files.remove("index.html").unwrap();
    let exhibit = between(&index, &format!("id=\"table-{number}\""), "</figure>");
    between(exhibit, "<table>", "</table>").to_owned()
}

/// The table as words, one row for each line.
fn rows(table: &str) -> String {
    let cells = |row: &str| {
        let cells = row.replace("</th>", "</th> | ").replace("</td>", "</td> | ");
        text(&cells).trim().trim_end_matches('|').trim().to_owned()
    };
    table.split("<tr").skip(1).map(|row| cells(&format!("<tr{row}"))).collect::<Vec<_>>().join("\n")
}

#[test]
fn table_1_has_every_year_and_the_total() {
    insta::assert_snapshot!("table_1", rows(&table(1)));
    assert!(table(1).contains("<tr class=\"total\">"));
}

#[test]
fn table_2_has_every_section_with_its_total() {
    insta::assert_snapshot!("table_2", rows(&table(2)));
    assert_eq!(table(2).matches("<td class=\"n sum\"").count(), 6);
}

#[test]
fn table_3_has_the_columns_of_its_source() {
    insta::assert_snapshot!("table_3", rows(&table(3)));
}

#[test]
fn table_4_has_adults_before_children() {
    insta::assert_snapshot!("table_4", rows(&table(4)));
    assert_eq!(table(4).matches("<td class=\"n sum\"").count(), 7);
}
