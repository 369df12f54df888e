//! The published report: what its pages say, in both languages.

use disclosure::Regime;
use report::CountyShape;
use report::public::{Language, PublicDocument, PublicReportError, PublicSite, public_explain};

use crate::public_sample::{self, Sample};
use crate::words::text;

/// Squares in place of the counties' shapes.
pub(crate) fn counties() -> Vec<CountyShape> {
    let square = |(place, code): (usize, &str)| {
        let (x, y) = ((place % 4) as f64, (place / 4) as f64);
        let ring = vec![(x, y), (x + 1.0, y), (x + 1.0, y + 1.0), (x, y + 1.0)];
        let name = code.replace('-', " ");
        CountyShape { code: code.to_owned(), name, rings: vec![ring] }
    };
    let codes = public_sample::COUNTIES.map(|(code, _)| code);
    let named = codes.into_iter().filter(|code| !code.is_empty()).chain(["silent-county"]);
    named.enumerate().map(square).collect()
}

/// The files of a sample.
pub(crate) fn site(sample: &Sample) -> PublicSite {
    PublicSite::of(&public_sample::report(sample, &counties())).unwrap()
}

/// Both pages of both samples.
pub(crate) fn pages() -> Vec<(String, String)> {
    let samples = [("private", public_sample::private()), ("exact", public_sample::exact())];
    samples
        .iter()
        .flat_map(|(name, sample)| {
            let files = site(sample).files.into_iter();
            files.map(move |(file, page)| (format!("{name}/{file}"), page))
        })
        .filter(|(name, _)| name.ends_with(".html"))
        .collect()
}

/// The page without its drawings, a line for each piece of text.
fn said(page: &str) -> String {
    let mut kept = String::new();
    let mut rest = page.split_once("<body>").unwrap().1;
    while let Some((before, after)) = rest.split_once("<svg") {
        kept.push_str(before);
        rest = after.split_once("</svg>").unwrap().1;
    }
    kept.push_str(rest);
    let kept = kept.replace("</td>", " · ").replace("</th>", " · ");
    let lines = text(&kept);
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_pages_say_this() {
    for (name, page) in pages() {
        insta::assert_snapshot!(name.replace(['/', '.'], "_"), said(&page));
    }
}

#[test]
fn each_drawing_looks_like_this() {
    let sample = public_sample::private();
    let counties = counties();
    let report = public_sample::report(&sample, &counties);
    let document = PublicDocument::of(&report, Language::Spanish).unwrap();
    for section in document.sections {
        let chart = section.chart.unwrap();
        insta::assert_snapshot!(format!("public_{}_narrow", section.id), chart.narrow);
        assert!(chart.document.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" "));
        assert!(chart.document.contains("<style>"));
    }
}

#[test]
fn nothing_is_called_different_that_noise_could_explain() {
    // Two quarters of 100 ± 17 and 110 ± 17, then of 100 ± 17 and 180 ± 17.
    for (second, message) in [
        (110, "Between 100 and 110 people were identified in each quarter shown"),
        (180, "Most people were identified in April–June 2025 (about 180), fewest in"),
    ] {
        let sample =
            Sample { tables: vec![quarters(&[100, second], 17, Regime::Private)], estimate: None };
        let report = public_sample::report(&sample, &[]);
        let document = PublicDocument::of(&report, Language::English).unwrap();
        assert!(document.sections[0].message.starts_with(message), "{:?}", document.sections[0]);
    }
}

fn quarters(
    counts: &[u64],
    noise: u64,
    regime: Regime,
) -> disclosure::Released<disclosure::PublishedTable> {
    use disclosure::PublishedValue::Noised;
    let names: Vec<String> = (1..).take(counts.len()).map(|n| format!("2025-Q{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let count = |at: &[Option<usize>]| at[0].map_or(counts.iter().sum(), |at| counts[at]);
    let show = |_: &[Option<usize>], value: u64| Noised {
        value,
        low: value.saturating_sub(noise),
        high: value + noise,
    };
    let dimensions = vec![public_sample::dimension("quarter", &names)];
    let table = public_sample::table("people-by-quarter", dimensions, &count, &show);
    disclosure::Released::made_up(table, public_sample::receipt(1, regime))
}

#[test]
fn what_a_table_leaves_out_is_hidden_and_no_gap_in_time() {
    use disclosure::{PublishedValue, Released};
    let quarters = ["2025-Q1", "2025-Q2", "2025-Q3"];
    let dimensions = vec![public_sample::dimension("quarter", &quarters)];
    let exact = |_: &[Option<usize>], count| PublishedValue::Exact(count);
    let mut table = public_sample::table("quarters", dimensions, &|_| 40, &exact);
    table.cells.retain(|cell| cell.at != [Some(1)]);
    let receipt = public_sample::receipt(1, Regime::KAnonymous);
    let sample = Sample { tables: vec![Released::made_up(table, receipt)], estimate: None };
    let report = public_sample::report(&sample, &[]);
    let document = PublicDocument::of(&report, Language::English).unwrap();
    let rows: Vec<&str> =
        document.sections[0].table.rows.iter().map(|row| row.cells[0].text.as_str()).collect();
    assert_eq!(rows, ["40", "hidden", "40", "40"]);
    assert_eq!(document.sections[0].message, "40 people were identified in each quarter shown");
}

#[test]
fn an_estimate_that_was_refused_says_so_and_gives_no_range() {
    let mut parts = public_sample::estimate();
    parts.range = Err("no two lists have anybody in common".to_owned());
    let estimate = disclosure::PublishedEstimate::made_up(parts).unwrap();
    let receipt = public_sample::receipt(1, Regime::Private);
    let estimate = Some(disclosure::Released::made_up(estimate, receipt));
    let sample = Sample { estimate, ..public_sample::private() };
    let page = site(&sample).files.remove("index.html").unwrap();
    assert!(page.contains("The lists cannot say how many people there are in all"));
    assert!(page.contains("Why there is no range: no two lists have anybody in common."));
    assert!(!page.contains("3,900") && !page.contains("The range to rely on"));
}

#[test]
fn a_rounded_number_has_an_interval_as_a_noised_one_has() {
    use disclosure::{PublishedValue, Released};
    let dimensions = vec![public_sample::dimension("quarter", &["2025-Q1", "2025-Q2"])];
    let rounded = |_: &[Option<usize>], value| PublishedValue::Rounded { value, within: 9 };
    let count = |at: &[Option<usize>]| at[0].map_or(210, |at| [100, 110][at]);
    let table = public_sample::table("quarters", dimensions, &count, &rounded);
    let receipt = public_sample::receipt(1, Regime::Suppressed);
    let sample = Sample { tables: vec![Released::made_up(table, receipt)], estimate: None };
    let files = site(&sample).files;
    assert!(files["data/quarters.csv"].contains("2025-Q1,100,91,109,rounded"));
    let page = &files["index.html"];
    assert!(page.contains("Between 100 and 110 people were identified in each quarter shown"));
    assert!(page.contains(">91 to 109<") && page.contains("class=\"whisker\""));
}

#[test]
fn tables_that_contradict_their_receipt_are_refused_all_at_once() {
    let tables = vec![
        quarters(&[100, 110], 17, Regime::Suppressed),
        quarters(&[100, 110], 17, Regime::Private),
    ];
    let sample = Sample { tables, estimate: None };
    let mut report = public_sample::report(&sample, &[]);
    report.coverage.reported = 99;
    let Err(PublicReportError::Faults { faults }) = PublicSite::of(&report) else { panic!() };
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    people-by-quarter: a number in it carries noise, but it was not released as private
    people-by-quarter: another table has the same name; every name must be its own
    coverage: more agencies reported than were expected to; count those that were to
    ");
}

#[test]
fn no_page_claims_an_epsilon_and_only_private_ones_speak_of_noise() {
    for (name, page) in pages() {
        let page = text(&page).to_lowercase();
        assert!(!page.contains('ε') && !page.contains("epsilon"), "{name}");
        let private = name.starts_with("private");
        for word in ["differential privacy", "privacidad diferencial"] {
            assert!(private || !page.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn labor_trafficking_has_a_section_of_its_own_also_without_quarters() {
    let sample = public_sample::exact();
    let kinds = vec![public_sample::dimension("exploitation", &["sex", "labor"])];
    let count = |at: &[Option<usize>]| at[0].map_or(70, |at| [50, 20][at]);
    let show = |_: &[Option<usize>], count| disclosure::PublishedValue::Exact(count);
    let table = public_sample::table("kinds", kinds, &count, &show);
    let receipt = public_sample::receipt(1, Regime::Suppressed);
    let tables = vec![disclosure::Released::made_up(table, receipt)];
    for sample in [sample, Sample { tables, estimate: None }] {
        let report = public_sample::report(&sample, &[]);
        let document = PublicDocument::of(&report, Language::English).unwrap();
        let labor = document.sections.iter().find(|one| one.id == "labor-trafficking").unwrap();
        assert!(labor.chart.as_ref().unwrap().wide.contains("bar labor"));
    }
}

#[test]
fn an_explanation_stops_at_definition_method_and_coverage() {
    let sample = public_sample::private();
    let report = public_sample::report(&sample, &[]);
    for language in Language::ALL {
        for section in PublicDocument::of(&report, language).unwrap().sections {
            let explained = public_explain(&report, section.id, language).unwrap();
            assert_eq!(explained.message, section.message);
            let all = serde_json::to_string(&explained).unwrap();
            assert!(!all.contains("3f2a9c04d1e8"), "a digest: {all}");
        }
    }
    let error = public_explain(&report, "3f2a9c04d1e8", Language::English).unwrap_err();
    insta::assert_snapshot!(error, @"the published report has no figure 3f2a9c04d1e8; it has people-by-quarter, people-by-kind, labor-trafficking, people-by-age-and-sex, people-by-county, estimate");
}

#[test]
fn a_table_no_longer_published_does_not_stay_behind() {
    let dir = std::env::temp_dir().join(format!("clearway-public-{}", std::process::id()));
    let sample = public_sample::private();
    let report = public_sample::report(&sample, &[]);
    PublicSite::of(&report).unwrap().write(&dir).unwrap();
    let fewer = report::public::PublicReport { tables: &sample.tables[..1], ..report };
    PublicSite::of(&fewer).unwrap().write(&dir).unwrap();
    let left = std::fs::read_dir(dir.join("data")).unwrap().count();
    std::fs::remove_dir_all(&dir).unwrap();
    assert_eq!(left, 3, "one table, its metadata, report.json");
}
