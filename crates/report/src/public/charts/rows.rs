//! Horizontal bars from zero with their intervals, in groups if there are any.

use disclosure::PublishedValue;

use super::{Item, chart, key, listed, longest, pattern, sheet};
use crate::charts::Frame;
use crate::charts::canvas::{Anchor, text_width, wrap};
use crate::public::in_words::InWords;
use crate::public::slice::{Bounds, has_interval};
use crate::public::{Chart, KeySign};

/// Bars under one another.
pub(in crate::public) struct Rows {
    pub(in crate::public) id: &'static str,
    /// Groups with their names; one without a name is no group.
    pub(in crate::public) groups: Vec<(String, Vec<Item>)>,
}

const LABEL: f64 = 15.0;
const VALUE: f64 = 17.0;
const BAR: f64 = 26.0;
const GAP: f64 = 12.0;
const HEAD: f64 = 32.0;

impl Rows {
    /// Draws the chart; `title` is its finding.
    pub(in crate::public) fn draw(&self, words: &InWords<'_>, title: &str) -> Chart {
        let groups = self.groups.iter().map(|(name, items)| match name.as_str() {
            "" => listed(words, items),
            name => format!("{name}: {}", listed(words, items)),
        });
        let said = groups.collect::<Vec<_>>().join(". ");
        let key: Vec<KeySign> = key(words, self.items().map(|item| &item.value));
        let charts = &words.words.charts;
        let lines = if key.iter().any(|sign| sign.class == "interval") { charts.lines } else { "" };
        let alternative = [charts.bars, lines, &said].join(" ") + ".";
        chart(alternative, key, |frame, description| self.draw_in(words, frame, title, description))
    }

    fn items(&self) -> impl Iterator<Item = &Item> {
        self.groups.iter().flat_map(|(_, items)| items)
    }

    fn draw_in(&self, words: &InWords<'_>, frame: Frame, title: &str, description: &str) -> String {
        let gutter = if frame == Frame::Wide { 190.0 } else { 0.0 };
        let above = if gutter > 0.0 { 0.0 } else { 21.0 };
        let row = above + BAR + GAP;
        let heads = self.groups.iter().filter(|(name, _)| !name.is_empty()).count() as f64;
        let height = row * self.items().count() as f64 + HEAD * heads + 4.0;
        let mut canvas = sheet(words, self.id, frame, height);
        let all: Vec<Item> = self.items().cloned().collect();
        let numbers = all.iter().map(|item| text_width(&words.number(item.value), VALUE));
        let room = numbers.fold(40.0, f64::max).min(160.0) + 16.0;
        let scale = (frame.width() - gutter - room) / longest(&all);

        let mut top = 4.0;
        for (name, items) in &self.groups {
            if !name.is_empty() {
                canvas.text("name", Anchor::Start, LABEL, (0.0, top + 20.0), name);
                top += HEAD;
            }
            let start = top;
            for item in items {
                let bar_top = top + above;
                let middle = bar_top + BAR / 2.0;
                if gutter > 0.0 {
                    let lines = wrap(&item.label, LABEL, gutter - 14.0);
                    let first = middle + 5.0 - 8.5 * (lines.len() as f64 - 1.0);
                    for (line, down) in lines.iter().zip(0..) {
                        let at = (gutter - 12.0, first + 17.0 * f64::from(down));
                        canvas.text("label", Anchor::End, LABEL, at, line);
                    }
                } else {
                    canvas.text("label", Anchor::Start, LABEL, (0.0, top + 15.0), &item.label);
                }
                self.bar(&mut canvas, words, item, (gutter, bar_top, scale));
                top += row;
            }
            canvas.line("axis", (gutter, start + above - 3.0), (gutter, top - GAP + 3.0));
        }
        canvas.finish(title, description)
    }

    fn bar(
        &self,
        canvas: &mut crate::charts::Canvas,
        words: &InWords<'_>,
        item: &Item,
        (x, y, scale): (f64, f64, f64),
    ) {
        let baseline = y + BAR / 2.0 + 6.0;
        let text = words.number(item.value);
        if let PublishedValue::Hidden(why) = item.value {
            canvas.rect(&format!("hidden-mark {}", pattern(why)), x, y, 22.0, BAR);
            canvas.text("aside", Anchor::Start, LABEL, (x + 30.0, baseline), &text);
            return;
        }
        let Some(bounds) = Bounds::of(item.value) else { return };
        let at = |number: u64| x + number as f64 * scale;
        let length = at(bounds.number) - x;
        canvas.rect(&format!("bar {}", item.tone.class()), x, y, length, BAR);
        if has_interval(item.value) {
            let (low, high, middle) = (at(bounds.low), at(bounds.high), y + BAR / 2.0);
            for class in ["halo", "whisker"] {
                canvas.line(class, (low, middle), (high, middle));
                canvas.line(class, (low, middle - 6.0), (low, middle + 6.0));
                canvas.line(class, (high, middle - 6.0), (high, middle + 6.0));
            }
        }
        canvas.text("value", Anchor::Start, VALUE, (at(bounds.high) + 9.0, baseline), &text);
    }
}
