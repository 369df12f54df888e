//! The charts of the published report.
//!
//! In: labels in words and [`PublishedValue`]s. Out: a [`Chart`]: wide, narrow, and as a file of
//! its own. A hidden cell is drawn as a mark without a length, whatever it hides; a number that
//! noise or rounding has moved has a line for its interval.

pub(super) mod columns;
pub(super) mod map;
pub(super) mod rows;
pub(super) mod spread;

use disclosure::{PublishedValue, WhyHidden};

use super::in_words::InWords;
use super::{Chart, KeySign};
use crate::charts::canvas::Anchor;
use crate::charts::{Canvas, Drawing, Frame, Tone};

/// One value with its name.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) label: String,
    pub(super) value: PublishedValue,
    pub(super) tone: Tone,
}

/// The look of a chart that is a file of its own.
const STYLE: &str = include_str!("../../../templates/public-chart.css");

/// Room below a drawing of made-up numbers for saying so.
const MARK: f64 = 24.0;

/// A sheet with room for what it must say below.
fn sheet(words: &InWords<'_>, id: &str, frame: Frame, height: f64) -> Canvas {
    let mark = if words.report.made_up { MARK } else { 0.0 };
    let mut canvas = Canvas::new(id, frame, height + mark);
    if words.report.made_up {
        let said = words.words.charts.made_up;
        canvas.text("made-up", Anchor::Start, 13.0, (0.0, height + MARK - 5.0), said);
    }
    canvas
}

/// A chart in its three forms.
fn chart(alternative: String, key: Vec<KeySign>, draw: impl Fn(Frame, &str) -> String) -> Chart {
    let Drawing { wide, narrow } = Drawing::of(|frame| draw(frame, &alternative));
    let document = wide
        .replacen("<svg ", r#"<svg xmlns="http://www.w3.org/2000/svg" "#, 1)
        .replacen("<desc ", &format!("<style>{STYLE}</style><desc "), 1);
    Chart { wide, narrow, document, alternative, key }
}

/// The signs of a chart that need words, those that occur.
fn key<'a>(words: &InWords<'_>, values: impl Iterator<Item = &'a PublishedValue>) -> Vec<KeySign> {
    let charts = &words.words.charts;
    let mut signs = [
        ("interval", charts.key_interval, false),
        ("cross", charts.key_hidden, false),
        ("hatch", charts.key_silent, false),
    ];
    for value in values {
        match value {
            PublishedValue::Noised { .. } | PublishedValue::Rounded { .. } => signs[0].2 = true,
            PublishedValue::Hidden(WhyHidden::Suppressed) => signs[1].2 = true,
            PublishedValue::Hidden(WhyHidden::NotReported) => signs[2].2 = true,
            PublishedValue::Exact(_) => {}
        }
    }
    let occurs = signs.into_iter().filter(|(_, _, occurs)| *occurs);
    occurs.map(|(class, words, _)| KeySign { class, words: words.to_owned() }).collect()
}

/// The pattern of a cell without a number.
fn pattern(why: WhyHidden) -> &'static str {
    match why {
        WhyHidden::Suppressed => "cross",
        WhyHidden::NotReported => "hatch",
    }
}

/// Names and values in words: `A: about 12 (10 to 14); B: hidden to protect people`.
fn listed(words: &InWords<'_>, items: &[Item]) -> String {
    let each = items.iter().map(|item| {
        let interval =
            words.interval(item.value).map_or(String::new(), |said| format!(" ({said})"));
        format!("{}: {}{interval}", item.label, words.said(item.value))
    });
    each.collect::<Vec<_>>().join("; ")
}

/// The length of the longest mark, its interval included; at least one.
fn longest(items: &[Item]) -> f64 {
    let ends = items.iter().filter_map(|item| super::slice::Bounds::of(item.value));
    ends.map(|bounds| bounds.high as f64).fold(1.0, f64::max)
}
