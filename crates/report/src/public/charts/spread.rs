//! The estimate: the range of each method on a logarithmic scale, and the range to rely on as a band.
//!
//! What is printed at the right is a range, never one number; a method without an interval says so.
//! What is beyond the scale ends in an arrow, and its number still stands at the right.

use disclosure::PublishedEstimate;

use super::{chart, sheet};
use crate::charts::canvas::{Anchor, Canvas, text_width, wrap};
use crate::charts::{Frame, LogScale};
use crate::public::Chart;
use crate::public::in_words::InWords;
use crate::public::slice::Bounds;

const LABEL: f64 = 14.0;
const ROW: f64 = 40.0;
/// Room above the rows for the words of the line and the band.
const HEAD: f64 = 46.0;
/// Room below them for the axis.
const FOOT: f64 = 30.0;
/// A chart reaches at most so many times as far as the range.
const REACH: f64 = 10.0;

/// The chart of an estimate.
pub(in crate::public) struct Spread<'a> {
    pub(in crate::public) id: &'static str,
    pub(in crate::public) estimate: &'a PublishedEstimate,
    /// What is printed for each method, in order.
    pub(in crate::public) printed: Vec<(String, String)>,
}

impl Spread<'_> {
    /// Draws the chart; `title` is its finding. None when there is no range and no method.
    pub(in crate::public) fn draw(&self, words: &InWords<'_>, title: &str) -> Option<Chart> {
        if self.estimate.range().is_none() && self.printed.is_empty() {
            return None;
        }
        let rows = self.printed.iter().map(|(name, range)| format!("{name}: {range}"));
        let rows = rows.collect::<Vec<_>>().join("; ");
        let alternative = format!("{} {title}. {rows}.", words.words.charts.spread);
        Some(chart(alternative, Vec::new(), |frame, description| {
            self.draw_in(words, frame, (title, description))
        }))
    }

    /// From the fewest people to the most that are to be shown.
    fn scale(&self) -> LogScale {
        let estimate = self.estimate;
        let seen = Bounds::of(estimate.observed()).map(|seen| seen.number);
        let range = estimate.range();
        let lows = estimate.methods().iter().map(|one| one.interval.map_or(one.people, |at| at.0));
        let low = lows.chain(range.map(|range| range.low)).chain(seen).min().unwrap_or(1);
        let ends = estimate.methods().iter().map(|one| match one.interval {
            Some((_, Some(high))) => high,
            _ => one.people,
        });
        let high = ends.chain(range.map(|range| range.high)).max().unwrap_or(1) as f64;
        let most = range.map_or(f64::INFINITY, |range| REACH * range.high as f64);
        LogScale::new(low as f64 / 1.05, high.min(most) * 1.15)
    }

    fn draw_in(
        &self,
        words: &InWords<'_>,
        frame: Frame,
        (title, description): (&str, &str),
    ) -> String {
        let wide = frame == Frame::Wide;
        let (row, gutter) = if wide { (ROW, 170.0) } else { (ROW + 40.0, 0.0) };
        let bottom = HEAD + row * self.printed.len() as f64;
        let mut canvas = sheet(words, self.id, frame, bottom + FOOT);
        let numbers = if wide { self.room() } else { 12.0 };
        let length = canvas.width() - gutter - numbers - 6.0;
        let scale = self.scale();
        let at = |number: f64| gutter + 6.0 + scale.share(number).clamp(0.0, 1.0) * (length - 6.0);
        let print = |number: f64| words.language.number(number.round() as u64);
        if let Some(range) = self.estimate.range() {
            let (low, high) = (at(range.low as f64), at(range.high as f64));
            canvas.rect("range", low, HEAD - 6.0, high - low, bottom - HEAD + 6.0);
            for end in [low, high] {
                canvas.line("range-end", (end, HEAD - 6.0), (end, bottom));
            }
            let said =
                (words.words.charts.range)(&print(range.low as f64), &print(range.high as f64));
            canvas.text("name", Anchor::Middle, LABEL, ((low + high) / 2.0, 34.0), &said);
        }
        for tick in scale.ticks(if wide { 6 } else { 4 }) {
            canvas.line("grid", (at(tick), HEAD - 4.0), (at(tick), bottom));
            canvas.text("label", Anchor::Middle, 12.0, (at(tick), bottom + 18.0), &print(tick));
        }
        if let Some(seen) = Bounds::of(self.estimate.observed()) {
            let x = at(seen.number as f64);
            canvas.line("seen", (x, 19.0), (x, bottom));
            let said = (words.words.charts.seen)(&words.said(self.estimate.observed()));
            canvas.text("label", Anchor::Start, LABEL, (x - 2.0, 14.0), &said);
        }
        for (place, (name, range)) in self.printed.iter().enumerate() {
            let top = HEAD + row * place as f64;
            let y = if wide { top + row / 2.0 } else { top + row - 14.0 };
            if wide {
                let lines = wrap(name, LABEL, gutter - 16.0);
                let first = y + 5.0 - 8.0 * (lines.len() as f64 - 1.0);
                for (line, down) in lines.iter().zip(0..) {
                    let place = (gutter - 10.0, first + 16.0 * f64::from(down));
                    canvas.text("label", Anchor::End, LABEL, place, line);
                }
                let place = (canvas.width() - 2.0, y + 5.0);
                canvas.text("value", Anchor::End, LABEL, place, range);
            } else {
                canvas.text("label over", Anchor::Start, LABEL, (0.0, y - 30.0), name);
                canvas.text("value over", Anchor::Start, LABEL, (0.0, y - 12.0), range);
            }
            self.line(&mut canvas, place, y, (&at, &scale));
        }
        canvas.line("axis", (gutter, bottom), (gutter + length, bottom));
        canvas.finish(title, description)
    }

    /// The line of a method, with an open diamond where it has no interval.
    fn line(
        &self,
        canvas: &mut Canvas,
        place: usize,
        y: f64,
        (at, scale): (&dyn Fn(f64) -> f64, &LogScale),
    ) {
        let Some(method) = self.estimate.methods().get(place) else { return };
        let mut furthest = Some(method.people as f64);
        if let Some((low, high)) = method.interval {
            let end = high.map_or(f64::INFINITY, |high| high as f64);
            furthest = Some(end);
            canvas.line("estimated-range", (at(low as f64), y), (at(end), y));
            for end in [low as f64, end].into_iter().filter(|end| scale.holds(*end)) {
                canvas.line("range-end", (at(end), y - 6.0), (at(end), y + 6.0));
            }
        } else if scale.holds(method.people as f64) {
            let x = at(method.people as f64);
            let corners = vec![(x - 6.0, y), (x, y - 6.0), (x + 6.0, y), (x, y + 6.0)];
            canvas.shape("estimated", &[corners]);
        }
        if let Some(beyond) = furthest.filter(|end| scale.share(*end) > 1.0) {
            let x = at(beyond);
            canvas.shape("beyond", &[vec![(x, y - 6.0), (x + 10.0, y), (x, y + 6.0)]]);
        }
    }

    /// Room for the ranges at the right.
    fn room(&self) -> f64 {
        let widths = self.printed.iter().map(|(_, range)| text_width(range, LABEL) * 1.05);
        widths.fold(60.0, f64::max).min(200.0) + 14.0
    }
}
