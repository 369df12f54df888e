//! What task forces sent: a state with nothing but its own returns gets a report too.

use report::{Site, StateReport};

use crate::pages::{between, values};
use crate::words::text;
use crate::{returns_sample, sample};

fn index(report: &StateReport) -> String {
    Site::of(report).unwrap().files.remove("index.html").unwrap()
}

#[test]
fn the_first_numbers_are_sums_of_the_last_quarter_and_say_so() {
    let index = index(&returns_sample::report());
    let headline = between(&index, "class=\"headline\"", "<nav class=\"contents\"");
    let said = text(headline).split_whitespace().collect::<Vec<_>>().join(" ");
    insta::assert_snapshot!(said);
    assert!(headline.contains("badge internal"));
    assert!(index.contains(
        "<h1>The State of Human Trafficking in California, April to September 2026</h1>"
    ));
}

#[test]
fn nothing_of_2012_is_in_a_report_of_own_returns() {
    let index = index(&returns_sample::report());
    for gone in
        ["2012", "Benefits and letters", "What the hotline heard", "No figure in the returns"]
    {
        assert!(!index.contains(gone), "{gone}");
    }
    let parts: Vec<&str> = index
        .split("<section class=\"part")
        .skip(1)
        .map(|part| between(part, "id=\"", "\""))
        .collect();
    assert_eq!(parts, ["sent", "who-reported", "end-notes"]);
}

#[test]
fn types_stand_apart_before_any_total() {
    let index = index(&returns_sample::report());
    let chart = between(&index, "id=\"chart-1\"", "</figure>");
    assert!(text(chart).contains(
        "Investigations initiated, July–September 2026: 58 sex trafficking and 28 labor trafficking"
    ));
    insta::assert_snapshot!("by_quarter", between(chart, "<table>", "</table>"));
    let wide = between(chart, "<svg class=\"wide\"", "</svg>");
    let (sex, labor) = (wide.find("bar sex").unwrap(), wide.find("bar labor").unwrap());
    assert!(sex < labor && !wide.contains("bar plain"), "the total is not drawn beside its parts");
    assert!(chart.contains("Three task forces are in the numbers for April–June 2026 and two in those for July–September 2026; two in both."));
}

#[test]
fn task_forces_are_listed_in_the_order_of_the_register() {
    let report = returns_sample::report();
    let index = index(&report);
    let table = between(&index, "id=\"sent-investigation_initiated-by-task-force\"", "</figure>");
    let places: Vec<_> =
        report.task_forces.iter().map(|force| table.find(&force.name).unwrap()).collect();
    assert!(places.is_sorted());
    assert!(table.contains("not comparable with one another") && !table.contains("<svg"));
    let rows = between(table, "<tbody>", "San Diego");
    insta::assert_snapshot!(
        "by_task_force",
        text(rows).split_whitespace().collect::<Vec<_>>().join(" ")
    );
}

#[test]
fn a_small_cell_is_hidden_with_its_mark() {
    let site = Site::of(&returns_sample::report()).unwrap();
    let cell = "href=\"figures.html#investigation_initiated:2026-Q3:fresno:trafficking_type=labor\">&lt;11<span class=\"vh\">, hidden</span></a>";
    assert!(site.files["index.html"].contains(cell));
    assert!(site.files["index.html"].contains("is a number under 11, zero included"));
    let rows = site.files["figures.csv"].lines();
    let hidden = rows.filter(|row| row.contains("fewer than 11, hidden")).count();
    assert_eq!(hidden, 2, "Fresno's labor cells of both quarters");
}

#[test]
fn a_section_that_may_count_victims_is_named_as_it_was_sent() {
    let index = index(&returns_sample::report());
    let table = between(&index, "id=\"sent-conviction-otherwise\"", "</figure>");
    assert!(
        table.contains("653.22(A), Loitering")
            && table.contains("does not add up over task forces")
    );
    assert!(table.contains("may themselves be victims of trafficking"));
    let other = between(&index, "id=\"sent-investigation_initiated-otherwise\"", "</figure>");
    assert!(
        other.contains("By county") && other.contains("2 of 9 task forces; not in it: 2 unknown")
    );
}

#[test]
fn what_is_late_is_marked_in_the_record() {
    let index = index(&returns_sample::report());
    let who = between(&index, "id=\"who-reported\"", "</section>");
    for sent in ["received", "late", "missing"] {
        assert_eq!(
            who.matches(&format!("<span class=\"sent {sent}\">")).count(),
            if sent == "received" { 4 } else { 1 },
            "{sent}"
        );
    }
    assert!(!self::index(&sample::report()).contains("Who sent which quarter"));
}

#[test]
fn returns_beside_published_numbers_do_not_enter_them() {
    let index = index(&returns_sample::mixed());
    assert!(index.contains("overlap not measured in 2012"), "the headline is what was published");
    let published = between(&index, "id=\"chart-1\"", "</figure>");
    assert!(published.contains("390") && !published.contains("2026"));
    assert!(index.contains("id=\"sent-investigation_initiated\""));
    assert!(index.contains("That is outside of the period in this report’s title"));
    let others = between(&index, "id=\"other-statements\"", "</figure>");
    assert!(!others.contains("all task forces that reported"), "a sum is not shown twice");
    let ids = values(&index, "id");
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len());
}

#[test]
fn no_total_of_what_was_sent_stands_where_a_part_is_hidden() {
    let index = index(&returns_sample::report());
    let table = between(&index, "id=\"sent-investigation_initiated-by-task-force\"", "</figure>");
    let fresno = between(table, "Fresno Coalition", "rowgroup");
    assert!(fresno.contains("part hidden"));
    let east_bay = between(table, "East Bay", "rowgroup");
    assert!(east_bay.contains(">40</a>") && east_bay.contains("1 unknown"));
}
