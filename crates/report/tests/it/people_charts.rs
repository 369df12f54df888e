//! The drawings of "Nobody counted twice": in proportion, inside their sheet, hidden where hidden.

use proptest::prelude::*;
use report::ShownCount;
use report::charts::{
    Drawing, OverlapCell, OverlapMatrix, Pair, Pairs, PeopleRange, SeenBy, SeenRow, Tone,
};

use crate::charts::{attributes, harmless, lines, stands_inside};

fn range([records, low, best, high]: [u64; 4]) -> PeopleRange {
    let [records, low, best, high] = [records, low, best, high].map(ShownCount::of);
    PeopleRange { id: "range".into(), records, low, best, high, made_up: true }
}

fn pairs(numbers: &[(u64, u64)]) -> Pairs {
    let pair = |(records, people): &(u64, u64)| Pair {
        label: "A kind of list".into(),
        tone: Tone::Labor,
        records: ShownCount::of(*records),
        people: ShownCount::of(*people),
    };
    Pairs { id: "pairs".into(), pairs: numbers.iter().map(pair).collect(), made_up: false }
}

/// A matrix and rows of dots for as many lists as there are names.
fn of_lists(names: &[String], numbers: &[u64]) -> [Drawing; 2] {
    let mut numbers = numbers.iter().copied().cycle();
    let mut next = || ShownCount::of(numbers.next().unwrap());
    let rows = (0..names.len())
        .map(|row| {
            let cell = |column: usize| match (row + column) % 4 {
                3 => OverlapCell::NotCompared,
                _ => OverlapCell::People(next()),
            };
            (0..row).map(cell).collect()
        })
        .collect();
    let matrix = OverlapMatrix { id: "matrix".into(), lists: names.to_vec(), rows, made_up: true };
    let row = |at: usize| SeenRow {
        on: (0..names.len()).map(|list| (at + 1) >> list & 1 == 1).collect(),
        people: next(),
    };
    let seen = SeenBy {
        id: "seen".into(),
        lists: names.to_vec(),
        rows: (0..7).map(row).collect(),
        made_up: true,
    };
    [matrix.draw(&names[0]), seen.draw(&names[0])]
}

fn names() -> Vec<String> {
    ["Police", "Prosecutors", "Shelters", "Hotline"].map(str::to_owned).into()
}

#[test]
fn records_are_a_bar_and_people_a_band_with_a_point() {
    let drawing =
        range([1742, 1201, 1402, 1688]).draw("1,742 records, between 1,201 and 1,688 people");
    insta::assert_snapshot!("range_wide", lines(&drawing.wide));
    insta::assert_snapshot!("range_narrow", lines(&drawing.narrow));
}

#[test]
fn lists_are_drawn_as_a_matrix_and_as_dots() {
    let [matrix, seen] = of_lists(&names(), &[152, 7, 38, 21]);
    insta::assert_snapshot!("matrix_wide", lines(&matrix.wide));
    insta::assert_snapshot!("seen_wide", lines(&seen.wide));
}

#[test]
fn a_hidden_low_end_is_said_and_a_hidden_high_end_draws_no_band() {
    let low = range([40, 4, 20, 30]).draw("At most 30 people").wide;
    assert!(low.contains("at least fewer than 11, hidden") && low.contains("class=\"range\""));
    let all = range([9, 4, 5, 8]).draw("Hidden").wide;
    assert!(!all.contains("class=\"range\"") && !all.contains("class=\"point"));
    assert_eq!(all.matches("hidden-mark cross").count(), 2);
}

#[test]
fn a_drawing_of_made_up_numbers_says_so_in_itself() {
    let made_up = range([40, 20, 25, 30]);
    let real = PeopleRange { made_up: false, ..made_up.clone() };
    for (drawing, said) in [(made_up.draw("Title"), true), (real.draw("Title"), false)] {
        for svg in [drawing.wide, drawing.narrow] {
            assert_eq!(svg.contains(">synthetic: made up for practice</text>"), said);
            assert_eq!(svg.contains("-d\">Synthetic, made up for practice. "), said);
        }
    }
}

proptest! {
    /// Bars and stems are as long as their numbers, on one scale from one zero.
    #[test]
    fn pairs_are_proportional(numbers in prop::collection::vec((11u64..99_999, 11u64..99_999), 1..9)) {
        let drawing = pairs(&numbers).draw("Pairs");
        stands_inside(&drawing)?;
        let most = numbers.iter().flat_map(|(a, b)| [*a, *b]).max().unwrap() as f64;
        for svg in [&drawing.wide, &drawing.narrow] {
            let bars = attributes(svg, "<rect class=\"bar", "width");
            let stems = attributes(svg, "<rect class=\"stem", "width");
            let whole = bars.iter().chain(&stems).copied().fold(0.0, f64::max);
            let starts = attributes(svg, "<rect class=\"stem", "x");
            for (at, (records, people)) in numbers.iter().enumerate() {
                prop_assert!((bars[at] - whole * *records as f64 / most).abs() <= 0.11);
                prop_assert!((stems[at] - whole * *people as f64 / most).abs() <= 0.11);
                prop_assert_eq!(starts[at], starts[0]);
            }
        }
    }

    /// The point stands in the band, the band on the scale of the bar.
    #[test]
    fn the_range_is_on_the_scale_of_the_records(
        (low, best, high, records) in (11u64..5000, 0u64..5000, 0u64..5000, 0u64..5000)
            .prop_map(|(low, a, b, c)| (low, low + a, low + a + b, low + a + b + c)),
    ) {
        let drawing = range([records, low, best, high]).draw("Range");
        stands_inside(&drawing)?;
        for svg in [&drawing.wide, &drawing.narrow] {
            let bar = attributes(svg, "<rect class=\"bar", "width")[0];
            let length = |number: u64| bar * number as f64 / records as f64;
            let start = attributes(svg, "<rect class=\"range", "x")[0];
            let width = attributes(svg, "<rect class=\"range", "width")[0];
            prop_assert!((start - length(low)).abs() <= 0.2);
            prop_assert!((start + width - length(high)).abs() <= 0.3);
            let stem = attributes(svg, "<rect class=\"stem", "width")[0];
            prop_assert!((stem - length(best)).abs() <= 0.2);
        }
    }

    /// Whatever the names and however many the lists, text stays inside and is no markup.
    #[test]
    fn any_list_stays_inside(
        names in prop::collection::vec("\\PC{0,60}|<script>alert\\(1\\)</script>|\"><svg onload=\"x", 1..12),
        numbers in prop::collection::vec(prop_oneof![0u64..20, 0u64..9_999_999], 1..9),
    ) {
        for drawing in of_lists(&names, &numbers) {
            stands_inside(&drawing)?;
            harmless(&drawing)?;
        }
        let mut chart = pairs(&[(numbers[0], numbers[0] / 2)]);
        chart.pairs[0].label.clone_from(&names[0]);
        let drawing = chart.draw(&names[0]);
        stands_inside(&drawing)?;
        harmless(&drawing)?;
    }

    /// A hidden number has a mark, no bar, no stem, no point and no digit of its own.
    #[test]
    fn what_is_hidden_is_not_drawn(numbers in prop::collection::vec(0u64..11, 4..9)) {
        let mut drawings: Vec<Drawing> = of_lists(&names(), &numbers).into();
        drawings.push(pairs(&[(numbers[0], numbers[1])]).draw("Pairs"));
        drawings.push(range([numbers[0], numbers[1], numbers[2], numbers[3]]).draw("Range"));
        for drawing in drawings {
            for svg in [&drawing.wide, &drawing.narrow] {
                for drawn in ["class=\"bar", "class=\"stem", "class=\"point", "class=\"range", "tint-"] {
                    prop_assert!(!svg.contains(drawn), "{drawn}");
                }
                prop_assert!(svg.contains("hidden-mark cross"));
            }
        }
    }
}
