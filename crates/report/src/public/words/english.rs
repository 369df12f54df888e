//! English, as in the United States.

use disclosure::{Dependence, Regime};

use super::{Charts, DataWords, Dates, EstimateWords, Frame, Messages, Values, Words};
use crate::words;

/// The words.
pub(crate) const ENGLISH: Words = Words {
    frame: FRAME,
    dates: Dates { day: words::day, period: words::period, quarter_short: words::quarter_short },
    values: VALUES,
    charts: CHARTS,
    messages: MESSAGES,
    estimate: ESTIMATE,
    notes: super::english_notes::NOTES,
    data: DATA,
    names: super::names::ENGLISH,
};

const FRAME: Frame = Frame {
    skip: "Skip to the report",
    exit: "Leave this page",
    other_language: "Español",
    danger: "In danger now? Call",
    hotline: "To talk to someone, free, at any hour:",
    hotline_text: "or text",
    hotline_who: "National Human Trafficking Hotline",
    tab: |state, period| format!("State report: {state}, {period}"),
    title: |state, period| format!("The State of Human Trafficking in {state}, {period}"),
    introduction: |state, period| {
        format!(
            "How many people were identified in {state} in {period}, in what kind of trafficking, and \
             what nobody knows. These are people whom somebody recognized. Many are never recognized."
        )
    },
    made_up: "Made up for practice. Every number on this page is invented and describes no one.",
    contents: "In this report",
    first_numbers: "The first numbers",
    same_as_table: "The same as a table",
    end_notes: "How these numbers were made",
    colophon: |day, version| {
        format!("Report of {day}, under definitions version {version}. Made with Clearway.")
    },
};

const VALUES: Values = Values {
    hidden: "hidden",
    hidden_why: "hidden to protect people",
    not_reported: "not reported",
    about: |number| format!("about {number}"),
    from_to: |low, high| format!("{low} to {high}"),
    between: "Between",
    people: "People",
    all: "All",
    blank: "Not stated",
    hidden_note: "“Hidden” means hidden to protect people. It does not mean zero.",
    not_reported_note: "“Not reported” means that nobody reported it. It does not mean zero.",
    noise_note: "Numbers are rounded by protective noise; “between” shows how far it may have moved one.",
    rounded_note: "Numbers are rounded to protect people; “between” shows how far.",
    stamp: |data_set, entry, hash, day, regime| {
        let how = match regime {
            Regime::Suppressed => "exact counts with some hidden",
            Regime::Private => "protective noise (differential privacy)",
            Regime::KAnonymous => "only groups of people, never one alone",
        };
        format!(
            "Published {day}. Data set {data_set}, ledger entry {entry} ({hash}). Protected by: {how}."
        )
    },
};

const CHARTS: Charts = Charts {
    bars: "Bars from zero.",
    columns: "Columns from zero, one for each quarter.",
    lines: "A line across the end shows how far its protection may have moved a number.",
    map: "Map of counties. The area of a circle stands for the number of people.",
    spread: "A line for the range of each method on a scale where equal steps are equal factors, and a \
             band for the range to rely on.",
    key_interval: "The number and how far its protection may have moved it",
    key_hidden: "Hidden to protect people",
    key_circle: "People identified; the circle’s area is the number",
    key_ring: "How large it may be",
    key_silent: "Nobody reported, which is not zero",
    key_nobody: "Nobody identified",
    key_open: "So few, if anybody, that the number leaves it open",
    range: |low, high| format!("the range: {low} to {high}"),
    seen: |number| format!("{number} people seen"),
    made_up: "made up for practice",
};

const MESSAGES: Messages = Messages {
    quarter: "People identified by quarter",
    quarters_differ: |[low, fewest, high, most], hidden| {
        let shown = if hidden { "Of the quarters shown, most" } else { "Most" };
        format!("{shown} people were identified in {high} ({most}), fewest in {low} ({fewest})")
    },
    quarters_alike: |low, high| {
        format!(
            "Between {low} and {high} people were identified in each quarter shown; the quarters differ \
             by no more than the noise or rounding that protects people"
        )
    },
    quarters_same: |number| format!("{number} people were identified in each quarter shown"),
    one_quarter: |quarter, number| format!("{number} people were identified in {quarter}"),
    kind: "Kind of trafficking",
    labor: "Labor trafficking",
    labor_found: |labor, both| {
        format!(
            "Identified in labor trafficking alone: {labor}; in labor and sex trafficking: {both}"
        )
    },
    labor_hidden: "How many people were identified in labor trafficking is hidden to protect them",
    labor_note: "Labor trafficking is looked for less often than sex trafficking: few agencies inspect \
                 workplaces or ask about work. A small number here says little about how much there is.",
    age_sex: "Age and gender",
    largest: |group, number| format!("The largest group shown: {group} ({number})"),
    none_largest: "No group is clearly the largest",
    not_drawn: "Groups whose number may be zero are in the table and not in the chart.",
    county: "Where people were identified",
    counties: |with, all, hidden| {
        let rest = match hidden {
            0 => String::new(),
            1 => "; the number of one more is hidden to protect people".to_owned(),
            hidden => format!("; the numbers of {hidden} more are hidden to protect people"),
        };
        format!("People were identified in at least {with} of {all} counties{rest}")
    },
    county_note: "Numbers, not rates: more people live in some counties, and some look harder. Where a \
                  person was identified is not always where the person was exploited.",
    all_hidden: "Every number here is hidden to protect people",
    subtitle: |state, period| format!("People identified, {state}, {period}"),
    both_ends: |agencies| {
        format!("{agencies} agencies reported both in the first quarter and in the last.")
    },
    who_looked: "A larger or smaller number may come from who looked and who reported. It does not say \
                 that there was more or less trafficking.",
    identified: |period| format!("people identified in {period}"),
};

const ESTIMATE: EstimateWords = EstimateWords {
    heading: "How many people there may be in all",
    found: |low, high, seen| {
        format!("Probably between {low} and {high} people in all, of whom {seen} are on a list")
    },
    refused: "The lists cannot say how many people there are in all",
    refused_why: |why| format!("Why there is no range: {why}."),
    subtitle: |state, period| {
        format!("People trafficked, identified or not, by several methods, {state}, {period}")
    },
    reading: |level| {
        format!(
            "If what the methods assume is right, the true number lies in the range with a probability of \
             {level}. It is a range and never one number: no method is known to be right."
        )
    },
    dependence: |dependence| match dependence {
        Dependence::Likelier => {
            "A person on one of these lists seems likelier to be on another. The range allows for it, and \
             for people whom no list can reach."
        }
        Dependence::LessLikely => {
            "A person on one of these lists seems less likely to be on another. The range allows for it, \
             and for people whom no list can reach."
        }
        Dependence::Little => {
            "Being on one of these lists says little about being on another. The range allows for what no \
             list can tell."
        }
    },
    methods_apart: |[least, by, most, by_most]| {
        format!(
            "The methods do not agree: they say from {least} ({by}) to {most} ({by_most}) people."
        )
    },
    hangs_on: |list, low, high| {
        format!("Much hangs on the list of {list}: without it the range would be {low} to {high}.")
    },
    linkage: "Who is the same person on two lists is itself uncertain. The range allows for it.",
    few: "Few people are seen at all: a few more or less would change the range.",
    noisy: "The lists were counted with protective noise. The range allows for it.",
    more: "The estimate leans on other checks, which stand in the data.",
    method: "Method",
    the_range: "The range to rely on",
    no_interval: "no interval",
    no_end: |low| format!("{low} or more"),
};

const DATA: DataWords = DataWords {
    heading: "The data",
    introduction: "Every table of this report as a file. The description beside each file names its \
                   columns and says how the numbers are protected.",
    file: "File",
    what: "What is in it",
    description: "Description",
    everything: "The whole report, the estimate included",
    licence: |name| format!("License: {name}."),
    table: |counted, dimensions| format!("{counted} by {dimensions}"),
    value: "The number; hidden and not-reported are no numbers",
    low: "Lower end of the interval that protective noise or rounding leaves",
    high: "Upper end of the interval that protective noise or rounding leaves",
    status: "How the number is shown",
    codes: "_T stands for the total over a column, _U for not stated.",
};
