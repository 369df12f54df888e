//! The thirteen tables as anybody would read them, without our mappings: for each counted cell
//! what it must become.

use std::collections::BTreeMap;

use crate::clearway::{REAL, real_returns};
use crate::figures::Cell;

/// What one cell must become.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    /// Where it stands.
    pub(crate) cell: Cell,
    /// What it counts.
    pub(crate) measure: &'static str,
    /// The days, as figures.csv writes them.
    pub(crate) period: String,
    /// The value, as figures.csv writes it.
    pub(crate) value: String,
    /// Words that its row must hold: reporter and breakdown.
    pub(crate) marks: Vec<String>,
}

type Record = BTreeMap<String, String>;

/// Every counted cell of the thirteen files.
pub(crate) fn all() -> Vec<Expected> {
    REAL.iter().flat_map(|(file, _)| of_file(file)).collect()
}

fn of_file(file: &str) -> Vec<Expected> {
    let mut table = csv::Reader::from_path(real_returns().join(file)).expect("a table");
    let records = table.deserialize::<Record>();
    records
        .enumerate()
        .flat_map(|(at, record)| {
            let record = record.expect("a record");
            cells(file, &record).into_iter().map(move |(column, measure, marks)| Expected {
                cell: Cell { file: file.to_owned(), row: at + 2, column: column.to_owned() },
                period: period(file, &record),
                value: value(&record[column], measure),
                measure,
                marks,
            })
        })
        .collect()
}

/// The counted columns of a record: column, measure, marks.
fn cells(file: &str, record: &Record) -> Vec<(&'static str, &'static str, Vec<String>)> {
    let of = |column: &str| record.get(column).map_or("", String::as_str);
    let marks = |marks: &[&str]| marks.iter().map(|mark| (*mark).to_owned()).collect::<Vec<_>>();
    let named = |column, measure| vec![(column, measure, Vec::new())];
    match file {
        "table1_236_1_arrests_convictions.csv" => vec![
            ("arrests", "arrest_recorded", marks(&[":ca-doj:", "statute=236.1"])),
            ("convictions", "conviction", marks(&[":ca-doj:", "statute=236.1"])),
        ],
        "table2_other_statute_convictions.csv" => {
            let statute = format!("statute={}", of("section").to_lowercase());
            vec![("convictions", "conviction", marks(&[":ca-doj:", &statute]))]
        }
        "table3_tcvap_victims_served.csv" => vec![
            ("cash_assistance", "benefit_recipient", marks(&[":cdss:", "tcvap_cash_assistance"])),
            ("calworks", "benefit_recipient", marks(&[":cdss:", "tcvap_calworks"])),
            ("total", "benefit_recipient", marks(&[":cdss:", ":total"])),
        ],
        "table4_certification_letters.csv" => vec![
            ("adult_certification", "letter_issued", marks(&[":orr:", "tvpa_certification"])),
            ("child_eligibility", "letter_issued", marks(&[":orr:", "tvpa_eligibility"])),
            ("total", "letter_issued", marks(&[":orr:total"])),
        ],
        "task_force_totals.csv" | "quarterly_endpoints.csv" => {
            vec![("value", task_force_measure(of("measure")), marks(&[":cal-ema"]))]
        }
        "chart_shares.csv" => {
            let (measure, who) = match of("chart") {
                "4" => ("victim_served_share", ":cal-ema"),
                "5" => ("victim_origin_share", ":cal-ema"),
                _ => ("hotline_case_share", ":nhtrc"),
            };
            let what = match of("category") {
                "other (unclassified)" => "other_unclassified",
                "other or not specified" => "other_or_not_specified",
                "United States" => "origin=us",
                "other countries" => "other_countries",
                sex_or_labor => sex_or_labor,
            };
            vec![("percent", measure, marks(&[who, what]))]
        }
        "conviction_counties_236_1.csv" => vec![
            ("convictions", "conviction", marks(&[of("county"), "statute=236.1"])),
            ("share_of_state_pct", "conviction_share", marks(&[of("county"), "statute=236.1"])),
        ],
        "heat_unit_convictions.csv" => vec![
            ("convictions_total", "conviction", marks(&["heat:conduct=human_trafficking"])),
            ("under_236_1", "conviction", marks(&["heat:statute=236.1:conduct"])),
            ("share_pct", "conviction_share", marks(&["heat:statute=236.1:conduct"])),
        ],
        "training.csv" => {
            let trained = match of("trained").ends_with("NGOs") {
                true => "organization_trained",
                false => "individual_trained",
            };
            let programme = marks(&[&format!("programme={}", of("programme"))]);
            vec![("hours", "training_hours", programme.clone()), ("trained", trained, programme)]
        }
        "hotline_2011.csv" => named("value", hotline_measure(of("measure"))),
        "htrs_2008_2010.csv" => vec![("value", htrs_measure(of("measure")), marks(&[":htrs"]))],
        "news_figures.csv" => {
            let place = of("place").split(" (").next().unwrap_or_default();
            vec![("value", news_measure(of("measure")), marks(&[place]))]
        }
        other => panic!("a table that nobody expects: {other}"),
    }
}

fn task_force_measure(word: &str) -> &'static str {
    match word {
        "investigations_initiated" | "investigations" => "investigation_initiated",
        "victims_identified" => "victim_identified",
        "arrests" => "individual_arrested",
        "individuals_trained" => "individual_trained",
        "victims_receiving_services" => "victim_served",
        "victims_with_country_of_origin_identified" => "victim_with_origin_identified",
        other => panic!("a measure that nobody expects: {other}"),
    }
}

fn hotline_measure(word: &str) -> &'static str {
    match word {
        "calls_total" | "calls_from_california" => "hotline_call",
        "california_cases_high_information" => "hotline_case",
        "potential_victims_connected_to_services" => "hotline_person_connected",
        "most_common_way_found" => "hotline_way_found",
        other => panic!("a measure that nobody expects: {other}"),
    }
}

fn htrs_measure(word: &str) -> &'static str {
    match word {
        "task_forces_reporting" => "htrs_task_force",
        "suspected_incidents_opened" => "htrs_incident_opened",
        "incidents_child_prostitution_or_exploitation" => "htrs_incident_child",
        "task_forces_high_data_quality" => "htrs_task_force_high_quality",
        "confirmed_incidents_high_quality" => "htrs_incident_confirmed",
        "ovc_foreign_victims_labor_pct" => "ovc_victim_share",
        word if word.contains("victims") => "htrs_victim_share",
        word if word.contains("share") => "htrs_incident_share",
        other => panic!("a measure that nobody expects: {other}"),
    }
}

fn news_measure(word: &str) -> &'static str {
    match word {
        "trafficking arrests" => "trafficking_arrest_stated",
        "gang members arrested by VICE in four months" => "gang_member_arrested_stated",
        "juvenile victims in those cases" => "juvenile_victim_stated",
        "donation to each of two organizations, USD" => "donation_stated",
        "VICE moved under MAGEC multi-agency gang unit" => "vice_moved_stated",
        "victims rescued (over)" => "victim_rescued_stated",
        "rank of trafficking as criminal enterprise" => "enterprise_rank_stated",
        "cases worked at a time, sometimes" => "case_worked_stated",
        "cases reviewed that come in, low" => "case_reviewed_low_stated",
        "cases reviewed that come in, high" => "case_reviewed_high_stated",
        "cases reported to the coalition" => "case_known_coalition",
        "of which committed by internationals" => "case_by_internationals_stated",
        "agencies devoted (more than)" => "agency_devoted_stated",
        "cases" => "case_known_police",
        word if word.ends_with(", percent") => "victim_share_stated",
        other => panic!("a measure that nobody expects: {other}"),
    }
}

/// The days of a record, as figures.csv writes them.
fn period(file: &str, record: &Record) -> String {
    let of = |column: &str| record.get(column).map_or("", String::as_str);
    match file {
        "hotline_2011.csv" => return "2011".to_owned(),
        "htrs_2008_2010.csv" => return "2008-01-01/2010-06-30".to_owned(),
        _ => {}
    }
    if of("year") == "total" {
        return "2007-01-01/2012-09-30".to_owned();
    }
    if !of("through").is_empty() {
        return format!("{}-01-01/{}", of("year"), of("through"));
    }
    let columns = ["year", "state_fiscal_year", "federal_fiscal_year", "quarter", "period"];
    let stated = columns.iter().find_map(|column| record.get(*column)).expect("a period");
    match stated.as_str() {
        "" | "twice a year" => "undated".to_owned(),
        open if open.ends_with('-') => format!("{}-01-01/..", &open[..4]),
        range if range.contains('/') => {
            let (first, last) = range.split_once('/').expect("two ends");
            format!("{}/{}", first_day(first), last_day(last))
        }
        one => one.to_owned(),
    }
}

fn first_day(text: &str) -> String {
    match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    }
}

/// The last day; of the months that the tables end in.
fn last_day(text: &str) -> String {
    match (text.len(), text.get(5..7)) {
        (4, _) => format!("{text}-12-31"),
        (7, Some("06" | "09")) => format!("{text}-30"),
        (7, Some("08")) => format!("{text}-31"),
        (7, _) => panic!("a month that no table ends in: {text}"),
        _ => text.to_owned(),
    }
}

/// A cell as figures.csv writes it.
fn value(text: &str, measure: &str) -> String {
    let more_than = ["victim_rescued_stated", "agency_devoted_stated"];
    match text {
        "" => "not stated".to_owned(),
        "over 1000" => "more than 1000".to_owned(),
        "about 8 in 10" => "about 80".to_owned(),
        "about 1 in 10" => "about 10".to_owned(),
        "5 NGOs" => "5".to_owned(),
        number if more_than.contains(&measure) => format!("more than {number}"),
        other => other.to_owned(),
    }
}
