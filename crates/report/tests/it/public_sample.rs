//! A published report of made-up numbers, in which every kind of cell occurs. Nothing here passed an
//! audit: some hidden cells could be worked out from others, which the pages must not do.

use disclosure::{
    Dependence, EstimateParts, EstimateRange, EstimateReason, MethodEstimate, PublishedCell,
    PublishedDimension, PublishedEstimate, PublishedTable, PublishedValue, Receipt, Regime,
    Released, WhyHidden,
};
use report::CountyShape;
use report::public::{Bilingual, CategoryName, Coverage, Licence, PublicReport};

/// What is released.
pub(crate) struct Sample {
    pub(crate) tables: Vec<Released<PublishedTable>>,
    pub(crate) estimate: Option<Released<PublishedEstimate>>,
}

pub(crate) fn receipt(entry: u64, regime: Regime) -> Receipt {
    Receipt {
        data_set: "anything".to_owned(),
        entry,
        hash: "3f2a9c04d1e85b77aa0c".to_owned(),
        regime,
        day: "2026-03-31".to_owned(),
    }
}

pub(crate) fn dimension(name: &str, categories: &[&str]) -> PublishedDimension {
    PublishedDimension {
        name: name.to_owned(),
        categories: categories.iter().map(|&category| category.to_owned()).collect(),
        parents: Vec::new(),
    }
}

const QUARTERS: [&str; 4] = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"];
const KINDS: [&str; 4] = ["sex", "labor", "both", "not_yet_classified"];
const SEXES: [&str; 4] = ["female", "male", "transgender_female", ""];
const AGES: [&str; 3] = ["minor", "adult", "unknown"];
pub(crate) const COUNTIES: [(&str, u64); 13] = [
    ("los-angeles", 402),
    ("san-diego", 187),
    ("alameda", 121),
    ("sacramento", 96),
    ("san-francisco", 74),
    ("orange", 66),
    ("fresno", 52),
    ("kern", 31),
    ("riverside", 48),
    ("shasta", 7),
    ("butte", 4),
    ("modoc", 0),
    ("", 60),
];
/// By quarter, then by kind.
const BY_KIND: [[u64; 4]; 4] =
    [[188, 41, 14, 12], [196, 8, 9, 61], [201, 47, 16, 11], [243, 63, 12, 26]];
/// By gender, then by age.
const BY_SEX: [[u64; 3]; 4] = [[301, 512, 22], [48, 131, 9], [14, 37, 3], [11, 50, 10]];

/// Every cell of a table of one or two dimensions, margins included, as `show` shows its count.
pub(crate) fn table(
    name: &str,
    dimensions: Vec<PublishedDimension>,
    count: &dyn Fn(&[Option<usize>]) -> u64,
    show: &dyn Fn(&[Option<usize>], u64) -> PublishedValue,
) -> PublishedTable {
    let mut places: Vec<Vec<Option<usize>>> = vec![Vec::new()];
    for dimension in &dimensions {
        let at = || std::iter::once(None).chain((0..dimension.categories.len()).map(Some));
        let longer = |place: Vec<_>| at().map(move |at| [place.clone(), vec![at]].concat());
        places = places.into_iter().flat_map(longer).collect();
    }
    let cells = places.into_iter().map(|at| {
        let value = show(&at, count(&at));
        PublishedCell { at, value }
    });
    let (name, counted, cells) = (name.to_owned(), "people".to_owned(), cells.collect());
    PublishedTable { name, counted, amount: None, dimensions, cells }
}

fn sum<const N: usize, const M: usize>(counts: &[[u64; M]; N], at: &[Option<usize>]) -> u64 {
    let rows = counts.iter().enumerate().filter(|(row, _)| at[0].is_none_or(|at| at == *row));
    let cells = rows.flat_map(|(_, row)| row.iter().enumerate());
    cells.filter(|(place, _)| at[1].is_none_or(|at| at == *place)).map(|(_, count)| count).sum()
}

fn noised(count: u64) -> PublishedValue {
    let value = (count + (count * 7) % 11).saturating_sub(5);
    PublishedValue::Noised { value, low: value.saturating_sub(17), high: value + 17 }
}

fn suppressed(count: u64) -> PublishedValue {
    match count {
        1..11 => PublishedValue::Hidden(WhyHidden::Suppressed),
        count => PublishedValue::Exact(count),
    }
}

fn tables(show: &dyn Fn(u64) -> PublishedValue, regime: Regime) -> Vec<Released<PublishedTable>> {
    let show = |_: &[Option<usize>], count| show(count);
    let county = |at: &[Option<usize>]| {
        let counties = COUNTIES.iter().enumerate();
        let named = counties.filter(|(place, _)| at[0].is_none_or(|at| at == *place));
        named.map(|(_, (_, count))| count).sum::<u64>()
    };
    let kinds = vec![dimension("quarter", &QUARTERS), dimension("exploitation", &KINDS)];
    let sexes = vec![dimension("sex", &SEXES), dimension("age", &AGES)];
    let counties = vec![dimension("county", &COUNTIES.map(|(code, _)| code))];
    let all = [
        table("people-by-quarter-and-kind", kinds, &|at| sum(&BY_KIND, at), &show),
        table("people-by-sex-and-age", sexes, &|at| sum(&BY_SEX, at), &show),
        table("people-by-county", counties, &county, &show),
    ];
    (7..).zip(all).map(|(entry, table)| Released::made_up(table, receipt(entry, regime))).collect()
}

pub(crate) fn estimate() -> EstimateParts {
    let method = |method: &str, people, interval| MethodEstimate {
        method: method.to_owned(),
        people,
        interval,
    };
    EstimateParts {
        name: "estimate".to_owned(),
        observed: noised(1148),
        range: Ok(EstimateRange { low: 3900, high: 9700, level: 0.95 }),
        reasons: vec![
            EstimateReason::Dependence(Dependence::Likelier),
            EstimateReason::MethodsApart {
                least: ("independence".to_owned(), 3120),
                most: ("latent-class".to_owned(), 7450),
            },
            EstimateReason::HangsOnAList { list: "shelters".to_owned(), low: 3100, high: 14_200 },
            EstimateReason::NoisyLists,
        ],
        methods: vec![
            method("stepwise", 5210, Some((4020, Some(7100)))),
            method("all-models-aic", 5630, Some((3800, Some(9900)))),
            method("latent-class", 7450, Some((4400, None))),
            method("independence", 3120, Some((2810, Some(3490)))),
            method("bic", 5210, None),
        ],
    }
}

/// Every number with noise, and an estimate.
pub(crate) fn private() -> Sample {
    let estimate = PublishedEstimate::made_up(estimate()).unwrap();
    Sample {
        tables: tables(&noised, Regime::Private),
        estimate: Some(Released::made_up(estimate, receipt(10, Regime::Private))),
    }
}

/// Exact numbers, some of them hidden.
pub(crate) fn exact() -> Sample {
    Sample { tables: tables(&suppressed, Regime::Suppressed), estimate: None }
}

/// A report of a sample.
pub(crate) fn report<'a>(sample: &'a Sample, counties: &'a [CountyShape]) -> PublicReport<'a> {
    PublicReport {
        state: Bilingual::same("California"),
        period: "2025".parse().unwrap(),
        day: "2026-04-15".parse().unwrap(),
        tables: &sample.tables,
        estimate: sample.estimate.as_ref(),
        coverage: Coverage {
            expected: 34,
            reported: 31,
            at_both_ends: Some(29),
            missing: vec![
                Bilingual::same("Practice Task Force 6"),
                Bilingual {
                    english: "two shelters that never answered".to_owned(),
                    spanish: "dos albergues que no contestaron".to_owned(),
                },
            ],
            statements: vec![Bilingual {
                english: "Three agencies joined in July.".to_owned(),
                spanish: "Tres agencias se unieron en julio.".to_owned(),
            }],
        },
        names: vec![CategoryName {
            dimension: "list".to_owned(),
            category: "shelters".to_owned(),
            name: Bilingual { english: "shelters".to_owned(), spanish: "los albergues".to_owned() },
        }],
        counties,
        interval_percent: Some(95),
        definitions_version: "2026.1".to_owned(),
        licence: Licence {
            name: "CC BY 4.0".to_owned(),
            url: "https://creativecommons.org/licenses/by/4.0/".to_owned(),
        },
        made_up: true,
    }
}
