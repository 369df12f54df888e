//! Every word of the published report, in one place for each language.
//!
//! A language is a constant of [`Words`]: a word that one of them lacks does not compile, and a
//! sentence takes the same numbers in both. Nothing here is markup. Sentences about a difference
//! are chosen by the sections, which compare the intervals.

mod english;
mod english_notes;
mod names;
mod spanish;
mod spanish_dates;
mod spanish_notes;

use disclosure::{Dependence, Regime};
use jiff::civil::Date;
use records::{Period, Quarter};

pub(crate) use english::ENGLISH;
pub(crate) use names::Names;
pub(crate) use spanish::SPANISH;

/// All words of a language.
pub(crate) struct Words {
    pub(crate) frame: Frame,
    pub(crate) dates: Dates,
    pub(crate) values: Values,
    pub(crate) charts: Charts,
    pub(crate) messages: Messages,
    pub(crate) estimate: EstimateWords,
    pub(crate) notes: Notes,
    pub(crate) data: DataWords,
    pub(crate) names: Names,
}

/// What stands around the report.
pub(crate) struct Frame {
    pub(crate) skip: &'static str,
    pub(crate) exit: &'static str,
    /// The name of the other language, in that language.
    pub(crate) other_language: &'static str,
    pub(crate) danger: &'static str,
    pub(crate) hotline: &'static str,
    pub(crate) hotline_text: &'static str,
    pub(crate) hotline_who: &'static str,
    /// State and period; names the tab of the browser, harmlessly.
    pub(crate) tab: fn(&str, &str) -> String,
    pub(crate) title: fn(&str, &str) -> String,
    pub(crate) introduction: fn(&str, &str) -> String,
    pub(crate) made_up: &'static str,
    pub(crate) contents: &'static str,
    pub(crate) first_numbers: &'static str,
    pub(crate) same_as_table: &'static str,
    pub(crate) end_notes: &'static str,
    /// The day of the report and the version of the definitions.
    pub(crate) colophon: fn(&str, &str) -> String,
}

/// Days and periods.
pub(crate) struct Dates {
    pub(crate) day: fn(Date) -> String,
    pub(crate) period: fn(&Period) -> String,
    /// Months and year, for two lines under a column.
    pub(crate) quarter_short: fn(Quarter) -> (String, String),
}

/// Numbers and what stands in their place.
pub(crate) struct Values {
    /// The sign of a hidden cell.
    pub(crate) hidden: &'static str,
    pub(crate) hidden_why: &'static str,
    pub(crate) not_reported: &'static str,
    /// A number that carries noise, of people.
    pub(crate) about: fn(&str) -> String,
    pub(crate) from_to: fn(&str, &str) -> String,
    pub(crate) between: &'static str,
    pub(crate) people: &'static str,
    pub(crate) all: &'static str,
    pub(crate) blank: &'static str,
    pub(crate) hidden_note: &'static str,
    pub(crate) not_reported_note: &'static str,
    pub(crate) noise_note: &'static str,
    pub(crate) rounded_note: &'static str,
    /// Data set, entry of the ledger, the beginning of its hash, the day, and how it is protected.
    pub(crate) stamp: fn(&str, u64, &str, &str, Regime) -> String,
}

/// Words in and about charts.
pub(crate) struct Charts {
    pub(crate) bars: &'static str,
    pub(crate) columns: &'static str,
    pub(crate) lines: &'static str,
    pub(crate) map: &'static str,
    pub(crate) spread: &'static str,
    pub(crate) key_interval: &'static str,
    pub(crate) key_hidden: &'static str,
    pub(crate) key_circle: &'static str,
    pub(crate) key_ring: &'static str,
    pub(crate) key_silent: &'static str,
    pub(crate) key_nobody: &'static str,
    pub(crate) key_open: &'static str,
    pub(crate) range: fn(&str, &str) -> String,
    pub(crate) seen: fn(&str) -> String,
    pub(crate) made_up: &'static str,
}

/// Headings, findings and subtitles.
pub(crate) struct Messages {
    pub(crate) quarter: &'static str,
    /// The quarter with fewest, its number, the one with most, its number, whether some are hidden.
    pub(crate) quarters_differ: fn([&str; 4], bool) -> String,
    pub(crate) quarters_alike: fn(&str, &str) -> String,
    pub(crate) quarters_same: fn(&str) -> String,
    pub(crate) one_quarter: fn(&str, &str) -> String,
    pub(crate) kind: &'static str,
    pub(crate) labor: &'static str,
    /// People in labor trafficking alone, and in both.
    pub(crate) labor_found: fn(&str, &str) -> String,
    pub(crate) labor_hidden: &'static str,
    pub(crate) labor_note: &'static str,
    pub(crate) age_sex: &'static str,
    pub(crate) largest: fn(&str, &str) -> String,
    pub(crate) none_largest: &'static str,
    /// Numbers that are in the table only.
    pub(crate) not_drawn: &'static str,
    pub(crate) county: &'static str,
    /// Counties with people, all counties shown, hidden ones.
    pub(crate) counties: fn(&str, &str, usize) -> String,
    pub(crate) county_note: &'static str,
    pub(crate) all_hidden: &'static str,
    /// What is counted, where, when.
    pub(crate) subtitle: fn(&str, &str) -> String,
    /// Agencies at both ends.
    pub(crate) both_ends: fn(&str) -> String,
    pub(crate) who_looked: &'static str,
    pub(crate) identified: fn(&str) -> String,
}

/// Words of the estimate.
pub(crate) struct EstimateWords {
    pub(crate) heading: &'static str,
    /// Lower end, upper end, people seen.
    pub(crate) found: fn(&str, &str, &str) -> String,
    pub(crate) refused: &'static str,
    pub(crate) refused_why: fn(&str) -> String,
    pub(crate) subtitle: fn(&str, &str) -> String,
    /// The probability in 100.
    pub(crate) reading: fn(&str) -> String,
    pub(crate) dependence: fn(Dependence) -> &'static str,
    /// The least number, its method, the greatest, its method.
    pub(crate) methods_apart: fn([&str; 4]) -> String,
    /// Without which list, lower and upper end.
    pub(crate) hangs_on: fn(&str, &str, &str) -> String,
    pub(crate) linkage: &'static str,
    pub(crate) few: &'static str,
    pub(crate) noisy: &'static str,
    pub(crate) more: &'static str,
    pub(crate) method: &'static str,
    pub(crate) the_range: &'static str,
    pub(crate) no_interval: &'static str,
    pub(crate) no_end: fn(&str) -> String,
}

/// The end notes, and what `explain` says.
pub(crate) struct Notes {
    pub(crate) method: &'static str,
    pub(crate) method_text: &'static [&'static str],
    pub(crate) protection: fn(Regime) -> &'static str,
    pub(crate) estimate_method: &'static str,
    pub(crate) coverage: &'static str,
    /// Agencies that reported, of how many.
    pub(crate) coverage_reported: fn(&str, &str) -> String,
    pub(crate) coverage_missing: fn(&str) -> String,
    pub(crate) coverage_all: &'static str,
    pub(crate) coverage_meaning: &'static str,
    pub(crate) definitions: &'static str,
    pub(crate) definitions_text: &'static [&'static str],
    pub(crate) definition_identified: &'static str,
    pub(crate) definition_labor: &'static str,
    pub(crate) definition_kind: &'static str,
    pub(crate) definition_age_sex: &'static str,
    pub(crate) definition_county: &'static str,
    pub(crate) definition_estimate: &'static str,
    pub(crate) uncertainty: &'static str,
    pub(crate) uncertainty_text: &'static [&'static str],
    /// Only where numbers carry noise.
    pub(crate) noise_text: &'static [&'static str],
    pub(crate) hidden_meaning: &'static str,
    /// How often an interval holds the number that was counted, in 100.
    pub(crate) noise_meaning: fn(Option<u8>) -> String,
    pub(crate) totals_differ: &'static str,
}

/// Words about the data files.
pub(crate) struct DataWords {
    pub(crate) heading: &'static str,
    pub(crate) introduction: &'static str,
    pub(crate) file: &'static str,
    pub(crate) what: &'static str,
    pub(crate) description: &'static str,
    pub(crate) everything: &'static str,
    pub(crate) licence: fn(&str) -> String,
    /// What is counted, by which dimensions.
    pub(crate) table: fn(&str, &str) -> String,
    pub(crate) value: &'static str,
    pub(crate) low: &'static str,
    pub(crate) high: &'static str,
    pub(crate) status: &'static str,
    pub(crate) codes: &'static str,
}
