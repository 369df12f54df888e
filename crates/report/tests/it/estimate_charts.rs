//! Estimates drawn: on one scale, inside their sheet, harmless, with what is beyond the scale said.

use proptest::prelude::*;
use report::charts::{AgainstObserved, Caption, EstimateRow, Estimates, LogScale, SomeLists};

use crate::charts::{attributes, lines};

fn caption(words: &str) -> Caption {
    let words = words.to_owned();
    Caption {
        title: words.clone(),
        subtitle: words.clone(),
        notes: vec![words.clone()],
        source: words,
    }
}

fn row(label: &str, point: f64, range: Option<(f64, f64)>) -> EstimateRow {
    EstimateRow { label: label.to_owned(), point: Some(point), range }
}

fn estimates(rows: Vec<EstimateRow>) -> Estimates {
    Estimates {
        id: "spread".into(),
        observed: 1000,
        band: Some((2000.0, 5000.0)),
        scale: LogScale::new(1000.0, 10_000.0),
        rows,
    }
}

fn some(lists: usize, observed: u64, [low, median, high]: [f64; 3]) -> SomeLists {
    let lists = (0..lists).map(|list| format!("list {list}")).collect();
    SomeLists { lists, observed, low, median, high }
}

#[test]
fn estimates_stand_on_one_scale() {
    let rows = vec![
        row("stepwise", 3000.0, Some((2500.0, 4000.0))),
        row("bic", 4500.0, Some((1200.0, 80_000.0))),
        row("independence", 2e6, None),
    ];
    let drawn = estimates(rows).document(&caption("Probably between 2,000 and 5,000 people"));
    insta::assert_snapshot!("spread", lines(&drawn));
    assert_eq!(drawn.matches(r#"class="beyond""#).count(), 2, "two go beyond the scale");
    assert_eq!(drawn.matches(r#"class="estimated""#).count(), 2, "one point is not on it");
    assert!(drawn.contains(">2,000,000</text>"), "its number is said all the same");
}

#[test]
fn an_interval_without_an_upper_end_says_so() {
    let rows = vec![row("bic", 3000.0, Some((2500.0, f64::INFINITY)))];
    let drawn = estimates(rows).document(&caption("Probably between 2,000 and 5,000 people"));
    assert!(drawn.contains(">2,500 or more</text>"), "{drawn}");
    assert_eq!(drawn.matches(r#"class="beyond""#).count(), 1);
    assert!(!drawn.contains("inf") && !drawn.contains("NaN"), "{drawn}");
}

#[test]
fn choices_of_lists_stand_by_the_people_they_observed() {
    let chart = AgainstObserved {
        id: "observed".into(),
        all: some(4, 1000, [1500.0, 2000.0, 3000.0]),
        some: vec![some(3, 800, [1200.0, 1900.0, 3500.0]), some(3, 600, [900.0, 2200.0, 1e9])],
    };
    let drawn = chart.document(&caption("With more people observed the answer stays the same"));
    insta::assert_snapshot!("against_observed", lines(&drawn));
    let dots = attributes(&drawn, r#"<circle class="of-some-middle""#, "cx");
    assert!(dots.len() == 2 && dots[1] < dots[0], "fewer people stand further left: {dots:?}");
}

proptest! {
    /// Whatever lists are called and methods say, the file is whole, harmless and inside its sheet.
    #[test]
    fn documents_are_harmless(
        words in "[a-zA-Z0-9 <>&\"'é]{0,60}",
        observed in 1..1_000_000_u64,
        ends in prop::array::uniform3(1.0..1e13_f64),
    ) {
        let mut ends = ends;
        ends.sort_by(f64::total_cmp);
        let rows = vec![row(&words, ends[1], Some((ends[0], ends[2])))];
        let spread = Estimates { observed, ..estimates(rows) }.document(&caption(&words));
        let chart = AgainstObserved {
            id: "observed".into(),
            all: some(4, observed, ends),
            some: vec![some(3, observed.div_ceil(2), ends)],
        };
        for svg in [spread, chart.document(&caption(&words))] {
            let inside = svg.split_once("</style>").map(|(_, inside)| inside).unwrap();
            prop_assert!(!svg.contains("NaN") && !inside.contains("inf"));
            let known = ["svg", "title", "desc", "style", "rect", "line", "path", "text", "circle", "g"];
            for tag in svg.split('<').skip(1) {
                let tag = tag.trim_start_matches('/');
                let name = tag.split([' ', '>']).next().unwrap();
                prop_assert!(known.contains(&name), "{name}");
            }
            let width = attributes(&svg, "<svg", "width")[0];
            let across = attributes(inside, "<line", "x1").into_iter().chain(attributes(inside, "<text", "x"));
            prop_assert!(across.into_iter().all(|x| (0.0..=width).contains(&x)));
        }
    }
}
