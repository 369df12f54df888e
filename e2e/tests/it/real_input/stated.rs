//! The numbers that the report and the news stories state, written out.

use crate::figures::Row;

/// A number as it is stated: measure, period, value, and what sets it apart from others.
#[derive(Debug, Clone)]
pub(crate) struct Stated {
    measure: &'static str,
    period: &'static str,
    mark: &'static str,
    value: String,
}

impl Stated {
    /// Whether a row of figures.csv is this number.
    pub(crate) fn is(&self, row: &Row) -> bool {
        let ends = |id: &str| match self.mark.strip_suffix('$') {
            Some(mark) => id.ends_with(mark),
            None => id.contains(self.mark),
        };
        row.measure == self.measure
            && row.period == self.period
            && row.value == self.value
            && ends(&row.id)
    }

    /// Whether a link's text prints this number, thousands grouped, qualifiers in any words.
    pub(crate) fn is_printed_as(&self, text: &str) -> bool {
        let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let number = digits(&self.value);
        let grouped = number.len() <= 3 || text.contains(',');
        !number.is_empty() && digits(text) == number && grouped
    }
}

const BOTH_YEARS: &str = "2010-07-01/2012-06-30";
const LONG: &str = "2007-01-01/2012-09-30";
const YEARS: [&str; 7] = ["2007", "2008", "2009", "2010", "2011", "2012-01-01/2012-09-30", LONG];
const FEDERAL: [&str; 7] = [
    "2005-10-01/2006-09-30",
    "2006-10-01/2007-09-30",
    "2007-10-01/2008-09-30",
    "2008-10-01/2009-09-30",
    "2009-10-01/2010-09-30",
    "2010-10-01/2011-09-30",
    "2011-10-01/2012-09-30",
];
const STATE_YEARS: [&str; 2] = ["2010-07-01/2011-06-30", "2011-07-01/2012-06-30"];

/// One row of a table over its periods.
fn series(
    measure: &'static str,
    mark: &'static str,
    periods: &[&'static str],
    values: &[u32],
) -> Vec<Stated> {
    assert_eq!(periods.len(), values.len());
    let one = |(period, value): (&&'static str, &u32)| Stated {
        measure,
        period,
        mark,
        value: value.to_string(),
    };
    periods.iter().zip(values).map(one).collect()
}

/// Every number, in the order in which the report names them.
pub(crate) fn all() -> Vec<Stated> {
    let mut all = Vec::new();
    // Charts 1 to 3, 7 and 8: what the nine task forces counted.
    let ends = [BOTH_YEARS, "2010-Q3", "2012-Q2"];
    all.extend(series("investigation_initiated", ":cal-ema$", &ends, &[2552, 135, 390]));
    all.extend(series("victim_identified", ":cal-ema$", &ends, &[1277, 100, 304]));
    all.extend(series("individual_arrested", ":cal-ema$", &ends, &[1798, 180, 377]));
    all.extend(series("individual_trained", ":cal-ema$", &[BOTH_YEARS], &[25591]));
    all.extend(series("victim_served", ":cal-ema$", &[BOTH_YEARS], &[1522]));
    // Table 1, the totals last.
    let (arrests, convictions) = ([33, 34, 52, 76, 133, 113, 441], [10, 18, 19, 17, 28, 21, 113]);
    all.extend(series("arrest_recorded", ":ca-doj:statute=236.1", &YEARS, &arrests));
    all.extend(series("conviction", ":ca-doj:statute=236.1", &YEARS, &convictions));
    // Table 2.
    for (mark, values) in [
        (":ca-doj:statute=266h", [67, 69, 59, 64, 71, 74, 404]),
        (":ca-doj:statute=266i", [49, 52, 43, 41, 35, 43, 263]),
        (":ca-doj:statute=266j", [8, 6, 3, 0, 6, 2, 25]),
        (":ca-doj:statute=267", [0, 0, 0, 0, 0, 1, 1]),
        (":ca-doj:statute=311.4", [26, 38, 39, 27, 31, 33, 194]),
        (":ca-doj:statute=653.22(a)", [1469, 1596, 1675, 1471, 1582, 1088, 8881]),
    ] {
        all.extend(series("conviction", mark, &YEARS, &values));
    }
    // Table 3 and Table 4.
    for (mark, values) in [
        ("benefit=tcvap_cash_assistance$", [79, 118]),
        ("benefit=tcvap_calworks$", [156, 124]),
        (":total$", [235, 242]),
    ] {
        all.extend(series("benefit_recipient", mark, &STATE_YEARS, &values));
    }
    for (mark, values) in [
        ("benefit=tvpa_certification$", [27, 66, 57, 32, 57, 88, 79]),
        ("benefit=tvpa_eligibility$", [2, 4, 2, 11, 17, 24, 0]),
        (":total$", [29, 70, 59, 43, 74, 112, 79]),
    ] {
        all.extend(series("letter_issued", mark, &FEDERAL, &values));
    }
    all.extend(beside_the_tables());
    all.extend(others());
    all
}

/// Convictions by county and by the H.E.A.T. Unit.
fn beside_the_tables() -> Vec<Stated> {
    let heat = "2006-01-01/2012-08-31";
    let mut all = series("conviction", ":ca-doj:county=alameda:", &[LONG], &[52]);
    all.extend(series("conviction_share", ":ca-doj:county=alameda:", &[LONG], &[46]));
    all.extend(series("conviction", "-heat:conduct=human_trafficking$", &[heat], &[179]));
    all.extend(series("conviction", "-heat:statute=236.1:", &[heat], &[52]));
    all.extend(series("conviction_share", "-heat:statute=236.1:", &[heat], &[29]));
    all
}

/// Shares, the hotline, training, the federal system and the news.
fn others() -> Vec<Stated> {
    let shares = "2009-10-01/2012-06-30";
    let htrs = "2008-01-01/2010-06-30";
    [
        ("victim_served_share", shares, "trafficking_type=sex", "56"),
        ("victim_served_share", shares, "trafficking_type=labor", "23"),
        ("victim_served_share", shares, "trafficking_type=other_unclassified", "21"),
        ("victim_origin_share", shares, "origin=us", "72"),
        ("victim_origin_share", shares, "origin=other_countries", "28"),
        ("victim_with_origin_identified", shares, ":cal-ema", "more than 1000"),
        ("hotline_case_share", "2011", "trafficking_type=sex", "76"),
        ("hotline_case_share", "2011", "trafficking_type=labor", "15"),
        ("hotline_case_share", "2011", "trafficking_type=other_or_not_specified", "9"),
        ("hotline_call", "2011", "place=united-states", "19427"),
        ("hotline_call", "2011", ":nhtrc$", "1869"),
        ("hotline_case", "2011", "status=high_information", "141"),
        ("hotline_person_connected", "2011", "place=united-states", "2945"),
        ("individual_trained", "2010-01-01/..", "minors", "831"),
        ("individual_trained", "2011-01-01/..", "north-and-central-california", "more than 300"),
        ("individual_trained", "2010-01-01/..", "programme=human-trafficking-course$", "650"),
        ("htrs_incident_opened", htrs, ":htrs", "2515"),
        ("htrs_incident_confirmed", htrs, ":htrs", "389"),
        ("htrs_task_force", htrs, ":htrs", "42"),
        ("htrs_incident_child", htrs, ":htrs", "more than 1000"),
        ("trafficking_arrest_stated", "2020", ":fresno-police:", "14"),
        ("trafficking_arrest_stated", "2021", ":fresno-police:", "27"),
        ("trafficking_arrest_stated", "2022", ":fresno-police:", "35"),
        ("victim_rescued_stated", "2021", ":fresno-police-chief:", "more than 230"),
        ("case_known_coalition", "2016", "county=kern", "55"),
        ("case_by_internationals_stated", "2016", "county=kern", "13"),
        ("case_known_police", "2016", "place=bakersfield", "3"),
        ("case_known_police", "2015", "place=bakersfield", "2"),
        ("case_worked_stated", "undated", "place=los-banos", "100"),
        ("case_reviewed_low_stated", "undated", "place=los-banos", "400"),
        ("case_reviewed_high_stated", "undated", "place=los-banos", "500"),
        ("agency_devoted_stated", "undated", "county=kern", "more than 50"),
        ("victim_share_stated", "2020-01-01/2022-08-31", "family-members", "44"),
        ("victim_share_stated", "2020-01-01/2022-08-31", "intimate-partners", "39"),
        ("victim_share_stated", "undated", "place=united-states", "99"),
        ("victim_share_stated", "undated", "union-avenue", "75"),
        ("donation_stated", "2024-01-16", ":news:", "2500"),
        ("juvenile_victim_stated", "2023-01-01/2024-12-31", ":fresno-police:", "12"),
        ("gang_member_arrested_stated", "2023-01-01/2024-12-31", ":fresno-police:", "17"),
        ("enterprise_rank_stated", "undated", "central-san-joaquin-valley", "2"),
    ]
    .map(|(measure, period, mark, value)| Stated { measure, period, mark, value: value.to_owned() })
    .to_vec()
}
