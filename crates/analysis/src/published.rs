//! The returns that the report of 2012 published, as the product ships them.
//!
//! Byte for byte the files of `definitions/california-2012/`, so that their digests are those the
//! register knows as published. Where the header fits two mappings, the mapping is named.

/// A published return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedReturn {
    /// Its file name.
    pub file_name: &'static str,
    /// Its bytes.
    pub csv: &'static str,
    /// The mapping to name, where its header does not decide.
    pub mapping: Option<&'static str>,
}

macro_rules! published {
    (@) => { None };
    (@ $mapping:literal) => { Some($mapping) };
    ($($file:literal $(by $mapping:literal)?),* $(,)?) => {
        [$(PublishedReturn {
            file_name: $file,
            csv: include_str!(concat!("../../../definitions/california-2012/", $file)),
            mapping: published!(@ $($mapping)?),
        }),*]
    };
}

/// The thirteen returns of California, 2005 to 2012, with the federal table and the news figures
/// that stand beside them.
pub const CALIFORNIA_2012: [PublishedReturn; 13] = published![
    "table1_236_1_arrests_convictions.csv",
    "table2_other_statute_convictions.csv",
    "table3_tcvap_victims_served.csv",
    "table4_certification_letters.csv",
    "task_force_totals.csv",
    "quarterly_endpoints.csv",
    "chart_shares.csv",
    "conviction_counties_236_1.csv",
    "heat_unit_convictions.csv",
    "training.csv",
    "hotline_2011.csv" by "nhtrc-hotline",
    "htrs_2008_2010.csv" by "htrs",
    "news_figures.csv",
];
