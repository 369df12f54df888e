//! A count of people of a made-up state, for tests and for looking at.

use jiff::civil::date;
use records::Quarter;
use report::{
    AgencyCoverage, CaptureHistory, ListCounted, Overlap, PeopleBy, PeopleCell, PeopleCounted,
    PeopleRow, StateReport, Truth,
};

use crate::sample;

/// code | label | agencies | records | coded | totals only | also elsewhere
const LISTS: [(&str, &str, u32, u64, u64, u64, u64); 6] = [
    ("police", "Police and sheriffs", 5, 618, 618, 0, 231),
    ("prosecutor", "Prosecutors", 2, 204, 204, 0, 168),
    ("covered_provider", "Victim-service providers", 3, 487, 92, 395, 41),
    ("hotline", "Hotline", 1, 233, 0, 233, 0),
    ("labor_agency", "Labor agencies", 1, 121, 121, 0, 37),
    ("benefit", "State benefit programmes", 2, 79, 79, 0, 52),
];

/// first | second | people; the hotline was not compared with anybody.
const OVERLAPS: [(&str, &str, u64); 10] = [
    ("police", "prosecutor", 152),
    ("police", "covered_provider", 34),
    ("police", "labor_agency", 21),
    ("benefit", "police", 38),
    ("prosecutor", "covered_provider", 12),
    ("prosecutor", "labor_agency", 8),
    ("prosecutor", "benefit", 17),
    ("covered_provider", "labor_agency", 3),
    ("covered_provider", "benefit", 14),
    ("labor_agency", "benefit", 0),
];

const HISTORIES: [(&[&str], u64); 11] = [
    (&["police"], 387),
    (&["labor_agency"], 84),
    (&["covered_provider"], 51),
    (&["prosecutor"], 36),
    (&["benefit"], 27),
    (&["police", "prosecutor"], 121),
    (&["police", "benefit"], 24),
    (&["police", "covered_provider"], 19),
    (&["police", "labor_agency"], 14),
    (&["prosecutor", "covered_provider"], 7),
    (&["police", "prosecutor", "covered_provider"], 5),
];

/// A field, its name, and its rows: code, label, records, people.
type Field = (&'static str, &'static str, &'static [Counted]);
type Counted = (&'static str, &'static str, u64, u64);

const FIELDS: [Field; 5] = [
    (
        "age",
        "Minor or adult",
        &[
            ("minor", "Minor", 512, 398),
            ("adult", "Adult", 1103, 894),
            ("unknown", "Unknown", 127, 110),
        ],
    ),
    (
        "trafficking_type",
        "Type of trafficking",
        &[
            ("both", "Both", 61, 44),
            ("labor", "Labor trafficking", 403, 349),
            ("not_yet_classified", "Not yet classified", 87, 79),
            ("sex", "Sex trafficking", 1191, 930),
        ],
    ),
    (
        "gender",
        "Gender",
        &[
            ("female", "Female", 1203, 958),
            ("male", "Male", 441, 361),
            ("transgender", "Transgender", 23, 19),
            ("other", "Other", 9, 4),
        ],
    ),
    (
        "ethnicity",
        "Ethnicity",
        &[("white", "White", 402, 341), ("asian", "Asian", 377, 312), ("black", "Black", 413, 330)],
    ),
    (
        "county",
        "County",
        &[
            ("alameda", "Alameda", 211, 178),
            ("alpine", "Alpine", 0, 0),
            ("fresno", "Fresno", 96, 81),
            ("los-angeles", "Los Angeles", 702, 561),
        ],
    ),
];

/// The sample report with such a count beside it.
pub(crate) fn report() -> StateReport {
    StateReport { people: Some(people()), ..sample::report() }
}

/// A count of a made-up state, with what is true of it.
pub(crate) fn people() -> PeopleCounted {
    PeopleCounted {
        synthetic: true,
        first: quarter(2026, 1),
        last: quarter(2026, 4),
        as_of: date(2027, 1, 31),
        definition_version: "2026.1".into(),
        raw: 1742,
        low: 1201,
        high: 1688,
        unduplicated: 1402,
        why: vec![
            "628 records came as totals only and cannot be compared with any list".into(),
            "for 37 pairs of records it is uncertain whether both are the same person".into(),
        ],
        lists: LISTS.iter().map(list).collect(),
        overlaps: OVERLAPS.iter().map(overlap).collect(),
        histories: HISTORIES.iter().map(history).collect(),
        by: FIELDS.iter().map(|(field, label, rows)| by(field, label, rows)).collect(),
        quarters: [(1, 402, 348), (2, 431, 371), (3, 447, 389), (4, 462, 394)]
            .into_iter()
            .map(|(number, records, people)| {
                (quarter(2026, number), PeopleCell { records, people })
            })
            .collect(),
        coverage: coverage(),
        annotations: vec![
            "since the count of 2027-01-31, 12 records were withdrawn by order; that count stands"
                .into(),
        ],
        truth: Some(Truth { people_listed: 1377, people_hidden: 2963 }),
    }
}

fn quarter(year: i16, number: i8) -> Quarter {
    Quarter::new(year, number).unwrap()
}

fn list(
    (code, label, agencies, records, coded, totals_only, also_elsewhere): &(
        &str,
        &str,
        u32,
        u64,
        u64,
        u64,
        u64,
    ),
) -> ListCounted {
    ListCounted {
        code: (*code).into(),
        label: (*label).into(),
        agencies: *agencies,
        records: *records,
        coded: *coded,
        totals_only: *totals_only,
        also_elsewhere: *also_elsewhere,
    }
}

fn overlap((first, second, people): &(&str, &str, u64)) -> Overlap {
    Overlap { first: (*first).into(), second: (*second).into(), people: *people }
}

fn history((lists, people): &(&[&str], u64)) -> CaptureHistory {
    CaptureHistory { lists: lists.iter().map(|code| (*code).into()).collect(), people: *people }
}

fn by(field: &str, label: &str, rows: &[Counted]) -> PeopleBy {
    let row = |(code, label, records, people): &Counted| PeopleRow {
        code: (*code).into(),
        label: (*label).into(),
        cell: PeopleCell { records: *records, people: *people },
    };
    PeopleBy { field: field.into(), label: label.into(), rows: rows.iter().map(row).collect() }
}

fn coverage() -> Vec<AgencyCoverage> {
    let agency =
        |code: &str, label: &str, entity: &str, mode: &str, coded, totals_only| AgencyCoverage {
            code: code.into(),
            label: label.into(),
            legal_entity: entity.into(),
            mode: mode.into(),
            coded,
            totals_only,
            submissions: 4,
            missing_quarters: Vec::new(),
        };
    let mut agencies = vec![
        agency(
            "made-up-police",
            "Made-up Valley Police",
            "Police or sheriff",
            "coded records",
            412,
            0,
        ),
        agency(
            "made-up-sheriff",
            "Made-up County Sheriff",
            "Police or sheriff",
            "coded records",
            206,
            0,
        ),
        agency("made-up-da", "Made-up District Attorney", "Prosecutor", "coded records", 204, 0),
        agency(
            "made-up-shelter",
            "Made-up Shelter",
            "Victim-service provider (VAWA, VOCA or FVPSA)",
            "totals only",
            0,
            395,
        ),
        agency(
            "made-up-advocates",
            "Made-up Advocates",
            "Victim-service provider (VAWA, VOCA or FVPSA)",
            "single people with a signed release",
            92,
            0,
        ),
        agency("made-up-hotline", "Made-up Hotline", "Hotline", "totals only", 0, 233),
    ];
    agencies[1].missing_quarters = vec![quarter(2026, 1)];
    agencies[1].submissions = 3;
    agencies[5].missing_quarters = vec![quarter(2026, 3), quarter(2026, 4)];
    agencies[5].submissions = 2;
    agencies
}
