//! Charts: drawn from zero, in proportion, inside their sheet, with every text escaped.

use proptest::prelude::*;
use report::charts::{
    Bar, Bars, CountyMap, CountyMark, Drawing, Frame, Mark, Panel, Panels, Quarters, Slot, Tone,
    text_width,
};

use crate::sample;

fn bar(label: &str, mark: Mark) -> Bar {
    let value = match &mark {
        Mark::Length(number) => number.to_string(),
        Mark::Hidden => "fewer than 11, hidden".into(),
        _ => String::new(),
    };
    Bar { label: label.into(), value, mark, tone: Tone::Plain, derived: false }
}

fn bars(bars: Vec<Bar>, whole: Option<f64>) -> Bars {
    Bars { id: "chart".into(), bars, whole, made_up: false }
}

fn slot(number: usize, mark: Mark) -> Slot {
    let value = if let Mark::Length(number) = mark { number.to_string() } else { String::new() };
    Slot {
        name: format!("quarter {number}"),
        label: ("Jul–Sep".into(), format!("{}", 2010 + number / 4)),
        value,
        mark,
    }
}

fn quarters(marks: impl IntoIterator<Item = Mark>) -> Quarters {
    let slots = marks.into_iter().enumerate().map(|(at, mark)| slot(at, mark)).collect();
    Quarters { id: "series".into(), drawn: Quarters::DRAWN.into(), slots }
}

/// One tag per line, so that a snapshot can be read.
pub(crate) fn lines(svg: &str) -> String {
    svg.replace("><", ">\n<")
}

/// The values of an attribute in every tag that begins like this.
pub(crate) fn attributes(svg: &str, tag: &str, name: &str) -> Vec<f64> {
    svg.split(tag)
        .skip(1)
        .filter_map(|rest| {
            let rest = rest.split('>').next()?.split(&format!(" {name}=\"")).nth(1)?;
            rest.split('"').next()?.parse().ok()
        })
        .collect()
}

/// Left and right end, and baseline, of every text.
fn texts(svg: &str) -> Vec<(f64, f64, f64)> {
    svg.split("<text ")
        .skip(1)
        .map(|rest| {
            let (tag, rest) = rest.split_once('>').unwrap();
            let text = rest.split("</text>").next().unwrap();
            let text = text
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            let tag = format!("<text {tag}>");
            let number = |name: &str| attributes(&tag, "<text", name)[0];
            let (x, y, width) = (number("x"), number("y"), text_width(&text, number("font-size")));
            let left = match tag.split("text-anchor=\"").nth(1).unwrap().split('"').next() {
                Some("middle") => x - width / 2.0,
                Some("end") => x - width,
                _ => x,
            };
            (left, left + width, y)
        })
        .collect()
}

pub(crate) fn stands_inside(drawing: &Drawing) -> Result<(), TestCaseError> {
    for (svg, frame) in [(&drawing.wide, Frame::Wide), (&drawing.narrow, Frame::Narrow)] {
        let height = attributes(svg, "<svg", "height")[0];
        for (left, right, baseline) in texts(svg) {
            prop_assert!(left >= 0.0 && right <= frame.width() + 0.2, "{left} to {right}");
            prop_assert!(baseline > 0.0 && baseline <= height, "{baseline} of {height}");
        }
        for name in ["x", "y", "width", "height"] {
            prop_assert!(attributes(svg, "<rect", name).iter().all(|value| *value >= 0.0));
        }
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf\""));
    }
    Ok(())
}

pub(crate) fn harmless(drawing: &Drawing) -> Result<(), TestCaseError> {
    for svg in [&drawing.wide, &drawing.narrow] {
        prop_assert!(!svg.to_lowercase().contains("<script"));
        prop_assert!(!svg.contains("onload=\""));
        let tags = ["<svg", "</svg", "<title", "</title", "<desc", "</desc", "<defs", "</defs"];
        let more =
            ["<pattern", "</pattern", "<rect", "<line", "<path", "<text", "</text", "<circle"];
        let known =
            |rest: &str| tags.iter().chain(&more).any(|tag| format!("<{rest}").starts_with(tag));
        prop_assert!(svg.split('<').skip(1).all(known));
    }
    Ok(())
}

#[test]
fn a_series_with_a_gap() {
    let gap = std::iter::repeat_n(Mark::NotInSource, 6);
    let marks = [Mark::Length(135.0)].into_iter().chain(gap).chain([Mark::Length(390.0)]);
    let drawing = quarters(marks).draw("390 in the last quarter, 135 in the first");
    insta::assert_snapshot!("series_wide", lines(&drawing.wide));
    insta::assert_snapshot!("series_narrow", lines(&drawing.narrow));
    assert!(!drawing.wide.contains("<polyline"), "nothing joins two numbers");
}

#[test]
fn what_is_no_number_has_a_mark_of_its_own() {
    let words = |words: &str| Mark::Words(words.into());
    let drawing = quarters([
        Mark::Length(40.0),
        Mark::Hidden,
        words("unknown"),
        words("not collected"),
        Mark::Length(0.0),
        Mark::NotInSource,
    ])
    .draw("Six kinds of answer");
    insta::assert_snapshot!("marks_wide", lines(&drawing.wide));
    let chart = bars(
        vec![
            bar("A number", Mark::Length(30.0)),
            bar("Hidden", Mark::Hidden),
            bar("Gap", Mark::NotInSource),
        ],
        None,
    );
    insta::assert_snapshot!("marks_bars", lines(&chart.draw("Marks").wide));
}

#[test]
fn shares_of_a_hundred() {
    let share = |label: &str, number: f64, tone: Tone, derived: bool| Bar {
        value: format!("{number}%"),
        tone,
        derived,
        ..bar(label, Mark::Length(number))
    };
    let chart = bars(
        vec![
            share("Sex trafficking", 76.0, Tone::Sex, false),
            share("Labor trafficking", 15.0, Tone::Labor, false),
            share("Other or not specified", 9.0, Tone::Other, true),
        ],
        Some(100.0),
    );
    let drawing = chart.draw("76% sex trafficking, 15% labor trafficking");
    insta::assert_snapshot!("shares_wide", lines(&drawing.wide));
    insta::assert_snapshot!("shares_narrow", lines(&drawing.narrow));
}

#[test]
fn a_map_in_three_states_and_one_hidden() {
    let shapes = sample::counties();
    let mark = |name: &str| match name {
        "Alameda" => CountyMark::Number("52".into()),
        "San Diego" | "Monterey" => CountyMark::Named,
        "Fresno" => CountyMark::Hidden,
        _ => CountyMark::NoReport,
    };
    let counties = shapes.iter().map(|shape| (shape, mark(&shape.name))).collect();
    let drawing = CountyMap { id: "map".into(), counties }.draw("A number for one county");
    insta::assert_snapshot!("map_wide", lines(&drawing.wide));
    for class in ["county bar plain", "county dots", "county hatch", "county cross"] {
        assert!(drawing.narrow.contains(class), "{class}");
    }
}

#[test]
fn a_map_of_nothing_is_no_panic() {
    let drawing = CountyMap { id: "map".into(), counties: Vec::new() }.draw("Nothing");
    stands_inside(&drawing).unwrap();
}

fn any_mark() -> impl Strategy<Value = Mark> {
    prop_oneof![
        (0u32..2_000_000).prop_map(|number| Mark::Length(f64::from(number))),
        Just(Mark::Hidden),
        Just(Mark::NotInSource),
        "\\PC{0,30}".prop_map(Mark::Words),
    ]
}

proptest! {
    /// A bar is as long as its number says, counted from zero, on one scale for the whole chart.
    #[test]
    fn bars_are_proportional(numbers in prop::collection::vec(0u32..100_000, 1..9), hundred: bool) {
        let numbers: Vec<f64> = numbers.into_iter().map(f64::from).collect();
        let all = numbers.iter().map(|number| bar("bar", Mark::Length(*number))).collect();
        let whole = hundred.then_some(100_000.0);
        let drawing = bars(all, whole).draw("Bars");
        for svg in [&drawing.wide, &drawing.narrow] {
            let lengths = attributes(svg, "<rect class=\"bar", "width");
            prop_assert_eq!(lengths.len(), numbers.len());
            let starts = attributes(svg, "<rect class=\"bar", "x");
            prop_assert!(starts.iter().all(|start| *start == starts[0]));
            let full = whole.unwrap_or(numbers.iter().copied().fold(1.0, f64::max));
            let track = if hundred {
                attributes(svg, "<rect class=\"track", "width")[0]
            } else {
                lengths.iter().copied().fold(0.0, f64::max)
            };
            for (length, number) in lengths.iter().zip(&numbers) {
                prop_assert!((length - track * number / full).abs() <= 0.11, "{length} for {number}");
            }
        }
    }

    /// A column is as high as its number says and stands on the axis.
    #[test]
    fn columns_are_proportional(numbers in prop::collection::vec(1u32..100_000, 1..12)) {
        let highest = f64::from(*numbers.iter().max().unwrap());
        let drawing = quarters(numbers.iter().map(|number| Mark::Length(f64::from(*number)))).draw("Columns");
        let heights = attributes(&drawing.wide, "<rect class=\"bar", "height");
        let tops = attributes(&drawing.wide, "<rect class=\"bar", "y");
        let axis = attributes(&drawing.wide, "<line class=\"axis", "y1")[0];
        for ((height, top), number) in heights.iter().zip(&tops).zip(&numbers) {
            prop_assert!((height - 220.0 * f64::from(*number) / highest).abs() <= 0.11);
            prop_assert!((top + height - axis).abs() <= 0.11);
        }
    }

    /// Every panel is drawn on the same scale, each column on its own axis.
    #[test]
    fn panels_share_one_scale(
        sex in prop::collection::vec(1u32..100_000, 1..9),
        labor in prop::collection::vec(1u32..100_000, 1..9),
        name in "\\PC{0,60}",
    ) {
        let panel = |tone, numbers: &[u32]| {
            let marks = numbers.iter().map(|number| Mark::Length(f64::from(*number)));
            Panel { name: name.clone(), tone, slots: quarters(marks).slots }
        };
        let panels = vec![panel(Tone::Sex, &sex), panel(Tone::Labor, &labor)];
        let drawing = Panels { id: "panels".into(), panels, made_up: false }.draw(&name);
        stands_inside(&drawing)?;
        harmless(&drawing)?;
        let highest = f64::from(*sex.iter().chain(&labor).max().unwrap());
        let axes = attributes(&drawing.wide, "<line class=\"axis", "y1");
        for (class, numbers, axis) in [("sex", &sex, axes[0]), ("labor", &labor, axes[1])] {
            let heights = attributes(&drawing.wide, &format!("<rect class=\"bar {class}"), "height");
            let tops = attributes(&drawing.wide, &format!("<rect class=\"bar {class}"), "y");
            prop_assert_eq!(heights.len(), numbers.len());
            for ((height, top), number) in heights.iter().zip(&tops).zip(numbers) {
                prop_assert!((height - 92.0 * f64::from(*number) / highest).abs() <= 0.11);
                prop_assert!((top + height - axis).abs() <= 0.11);
            }
        }
    }

    /// Whatever the labels, text stays inside the sheet and cannot become markup.
    #[test]
    fn any_text_stays_text_inside(
        texts in prop::collection::vec("\\PC{0,60}|<script>alert\\(1\\)</script>|\"><svg onload=\"x", 1..6),
        marks in prop::collection::vec(any_mark(), 6),
    ) {
        let all = texts.iter().zip(&marks).map(|(text, mark)| Bar { value: text.clone(), ..bar(text, mark.clone()) });
        let drawing = bars(all.collect(), None).draw(&texts[0]);
        stands_inside(&drawing)?;
        harmless(&drawing)?;
        let mut chart = quarters(marks);
        for (slot, text) in chart.slots.iter_mut().zip(&texts) {
            slot.name.clone_from(text);
            slot.value.clone_from(text);
            slot.label = (text.clone(), text.clone());
        }
        let drawing = chart.draw(&texts[0]);
        stands_inside(&drawing)?;
        harmless(&drawing)?;
    }

    /// A map's labels stay inside too, wherever the counties lie.
    #[test]
    fn map_labels_stay_inside(names in prop::collection::vec("\\PC{1,40}", 12)) {
        let mut shapes = sample::counties();
        for (shape, name) in shapes.iter_mut().zip(names) {
            shape.name = name;
        }
        let counties = shapes.iter().map(|shape| (shape, CountyMark::Number("12".into()))).collect();
        let drawing = CountyMap { id: "map".into(), counties }.draw("Map");
        stands_inside(&drawing)?;
        harmless(&drawing)?;
    }
}
