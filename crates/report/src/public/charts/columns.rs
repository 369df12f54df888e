//! Columns over quarters with their intervals; a hidden quarter is a mark on the baseline, never a
//! gap in time.

use disclosure::PublishedValue;
use records::Quarter;

use super::{Item, chart, key, listed, longest, pattern, sheet};
use crate::charts::Frame;
use crate::charts::canvas::{Anchor, Canvas, text_width};
use crate::public::Chart;
use crate::public::in_words::InWords;
use crate::public::slice::{Bounds, has_interval};

/// Columns beside one another.
pub(in crate::public) struct Columns {
    pub(in crate::public) id: &'static str,
    /// The quarters in order, each with its value.
    pub(in crate::public) quarters: Vec<(Quarter, Item)>,
}

const LABEL: f64 = 13.0;
const VALUE: f64 = 17.0;
const HEAD: f64 = 30.0;
const FOOT: f64 = 42.0;

impl Columns {
    /// Draws the chart; `title` is its finding.
    pub(in crate::public) fn draw(&self, words: &InWords<'_>, title: &str) -> Chart {
        let items: Vec<Item> = self.quarters.iter().map(|(_, item)| item.clone()).collect();
        let key = key(words, items.iter().map(|item| &item.value));
        let charts = &words.words.charts;
        let lines = if key.iter().any(|sign| sign.class == "interval") { charts.lines } else { "" };
        let alternative = [charts.columns, lines, &listed(words, &items)].join(" ") + ".";
        chart(alternative, key, |frame, description| {
            self.draw_in(words, &items, frame, (title, description))
        })
    }

    fn draw_in(
        &self,
        words: &InWords<'_>,
        items: &[Item],
        frame: Frame,
        (title, description): (&str, &str),
    ) -> String {
        let plot = if frame == Frame::Wide { 210.0 } else { 180.0 };
        let base = HEAD + plot;
        let mut canvas = sheet(words, self.id, frame, base + FOOT);
        let step = canvas.width() / self.quarters.len().max(1) as f64;
        let scale = plot / longest(items);
        let every = self.every(words, step);
        for (place, (quarter, item)) in self.quarters.iter().enumerate() {
            let middle = (place as f64 + 0.5) * step;
            column(&mut canvas, words, item, (middle, step), (base, scale), place % every == 0);
            self.label(&mut canvas, words, *quarter, (place, every), (middle, base));
        }
        canvas.line("axis", (0.0, base), (canvas.width(), base));
        canvas.finish(title, description)
    }

    /// Every how many columns a label has room.
    fn every(&self, words: &InWords<'_>, step: f64) -> usize {
        let numbers = self.quarters.iter().map(|(_, item)| text_width(&number(words, item), VALUE));
        let months = self
            .quarters
            .iter()
            .map(|(quarter, _)| text_width(&(words.words.dates.quarter_short)(*quarter).0, LABEL));
        let widest = numbers.chain(months).fold(1.0, f64::max) + 2.0;
        ((widest / step).ceil() as usize).max(1)
    }

    /// The months under a column, and the year once.
    fn label(
        &self,
        canvas: &mut Canvas,
        words: &InWords<'_>,
        quarter: Quarter,
        (place, every): (usize, usize),
        (x, base): (f64, f64),
    ) {
        let short = words.words.dates.quarter_short;
        let (months, year) = short(quarter);
        if place.is_multiple_of(every) {
            canvas.text("label", Anchor::Middle, LABEL, (x, base + 17.0), &months);
        }
        let before = place.checked_sub(1).and_then(|before| self.quarters.get(before));
        if before.is_none_or(|(quarter, _)| short(*quarter).1 != year) {
            canvas.text("label", Anchor::Middle, LABEL, (x, base + 34.0), &year);
        }
    }
}

/// What stands above a column: the number, or nothing where the pattern says it.
fn number(words: &InWords<'_>, item: &Item) -> String {
    match item.value {
        PublishedValue::Hidden(_) => String::new(),
        value => words.number(value),
    }
}

fn column(
    canvas: &mut Canvas,
    words: &InWords<'_>,
    item: &Item,
    (middle, step): (f64, f64),
    (base, scale): (f64, f64),
    labelled: bool,
) {
    let width = (step * 0.7).min(64.0);
    let left = middle - width / 2.0;
    if let PublishedValue::Hidden(why) = item.value {
        canvas.rect(&format!("hidden-mark {}", pattern(why)), left, base - 22.0, width, 22.0);
        let said = words.number(item.value);
        if text_width(&said, LABEL) < step {
            canvas.text("aside", Anchor::Middle, LABEL, (middle, base - 29.0), &said);
        }
        return;
    }
    let Some(bounds) = Bounds::of(item.value) else { return };
    let at = |number: u64| base - number as f64 * scale;
    let top = at(bounds.number);
    canvas.rect(&format!("bar {}", item.tone.class()), left, top, width, base - top);
    if has_interval(item.value) {
        let (low, high) = (at(bounds.low), at(bounds.high));
        for class in ["halo", "whisker"] {
            canvas.line(class, (middle, low), (middle, high));
            canvas.line(class, (middle - 6.0, low), (middle + 6.0, low));
            canvas.line(class, (middle - 6.0, high), (middle + 6.0, high));
        }
    }
    if labelled {
        let at = (middle, at(bounds.high) - 8.0);
        canvas.text("value", Anchor::Middle, VALUE, at, &number(words, item));
    }
}
